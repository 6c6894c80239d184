"""The proofs at full length: python -m tests.proof.campaign [torture deaths matrix answers order] [--kills 200] …

What comes out is written down in docs/proof.json, and docs/proof.md is made from it.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from .answers import change
from .deaths import all_deaths, die_all, every_pair, survey
from .matrix import all_cases, go_through_all
from .nursery import ROOT, Nursery, nursery
from .page import note
from .torture import Ordeal, Torture, torment


def tell(text: str) -> None:
    """Says how far it is, on standard error."""
    print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


def torture(asked: argparse.Namespace, folder: Path, processes: Nursery) -> tuple[dict[str, Any], bool]:
    """Random kills; with and without an import key, side by side."""
    ordeals: list[Ordeal] = []
    for seed in range(1, asked.seeds + 1):
        with ThreadPoolExecutor(2) as pool:
            ordeals += pool.map(
                lambda keyed, seed=seed: torment(
                    Torture(asked.rows, asked.kills, seed, keyed=keyed),
                    folder / f"torture-{seed}-{keyed}",
                    processes,
                    lambda words: tell(f"torture, seed {seed}: {words}"),
                ),
                (True, False),
            )
    lines = [
        {
            "rows": each.torture.rows,
            "kills": each.kills,
            "seed": each.torture.seed,
            "keyed": each.torture.keyed,
            "created": each.findings.created,
            "rejected": each.findings.rejected,
            "unknown": each.findings.unknown,
            "duplicates": each.findings.duplicates,
            "lost": each.findings.lost,
            "unproven": each.findings.unproven,
            "wrong": each.findings.wrong,
            "calls": each.calls,
            "faults": each.hits,
            "phases": dict(each.phases.most_common()),
            "seconds": round(each.seconds),
        }
        for each in ordeals
    ]
    return {"runs": lines}, all(not each.findings.wrong for each in ordeals)


def deaths(asked: argparse.Namespace, folder: Path, processes: Nursery) -> tuple[dict[str, Any], bool]:
    """Deaths at named points."""
    whole, continued = survey(folder / "deaths", processes)
    cases = [*all_deaths(whole, continued), *(every_pair(whole, continued) if asked.pairs else ())]
    afterwards = die_all(cases, folder / "deaths", processes, tell)
    wrong = [f"{each.deaths}: {each.findings.wrong}" for each in afterwards if each.findings.wrong]
    died = Counter(point[0] for each in afterwards for point in each.died)
    twice = sum(len(each.died) == 2 for each in afterwards)
    return {
        "cases": len(afterwards),
        "deaths": sum(len(each.died) for each in afterwards),
        "twice": twice,
        "names": len(died),
        "duplicates": sum(each.findings.duplicates for each in afterwards),
        "lost": sum(each.findings.lost for each in afterwards),
        "wrong": wrong,
        "points": dict(sorted(died.items())),
    }, not wrong


def matrix(_: argparse.Namespace, folder: Path, processes: Nursery) -> tuple[dict[str, Any], bool]:
    """Faults of calls."""
    results = go_through_all(list(all_cases()), folder / "matrix", processes, tell)
    wrong = [f"{each.case}: {each.findings.wrong}" for each in results if each.findings.wrong]
    return {
        "cases": len(results),
        "rows": sum(each.findings.rows for each in results),
        "duplicates": sum(each.findings.duplicates for each in results),
        "lost": sum(each.findings.lost for each in results),
        "unproven": sum(each.findings.unproven for each in results),
        "unknown": sum(each.findings.unknown for each in results),
        "codes": dict(Counter(str(code) for each in results for code in each.codes).most_common()),
        "wrong": wrong,
    }, not wrong


def answers(asked: argparse.Namespace, *_: Any) -> tuple[dict[str, Any], bool]:
    """Mutated answers."""
    try:
        return {"answers": change(asked.answers)}, True
    except AssertionError as claimed:
        return {"answers": 0, "wrong": str(claimed)}, False


def order(*_: Any) -> tuple[dict[str, Any], bool]:
    """The order of system calls."""
    return _by_pytest("tests/proof/test_order.py")


def _by_pytest(path: str) -> tuple[dict[str, Any], bool]:
    command = [sys.executable, "-m", "pytest", "-q", "-rs", "-p", "no:cacheprovider", path]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
    last = done.stdout.strip().splitlines()[-1] if done.stdout.strip() else ""
    return {"said": last.partition(" in ")[0]}, done.returncode == 0


PARTS: Mapping[str, Callable[[argparse.Namespace, Path, Nursery], tuple[dict[str, Any], bool]]] = {
    "torture": torture,
    "deaths": deaths,
    "matrix": matrix,
    "answers": answers,
    "order": order,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Goes through the proofs that are asked for; 1 if one fails."""
    parser = argparse.ArgumentParser(prog="python -m tests.proof.campaign", description=__doc__.partition("\n")[0])
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"{', '.join(PARTS)}; all of them if none is named")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--rows", type=int, default=8000)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--answers", type=int, default=10_000)
    parser.add_argument("--pairs", action="store_true", help="each point with each of the recovery, for half an hour")
    asked = parser.parse_args(arguments)
    if unknown := set(asked.parts) - set(PARTS):
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    failed = []
    with nursery() as processes:
        for part in asked.parts or PARTS:
            folder = Path(tempfile.mkdtemp(prefix=f"lsq-import-{part}-"))
            began = time.monotonic()
            facts, proven = PARTS[part](asked, folder, processes)
            note(part, facts | {"took": round(time.monotonic() - began), "proven": proven})
            tell("")
            print(f"{part}: {'proven' if proven else f'FAILED, see {folder}'}")
            if not proven:
                failed.append(part)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
