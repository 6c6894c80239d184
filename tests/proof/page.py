"""docs/proof.md, made from docs/proof.json: python -m tests.proof.page"""

import json
import os
import platform
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from .nursery import ROOT

FIGURES: Final = ROOT / "docs" / "proof.json"
PAGE: Final = ROOT / "docs" / "proof.md"

Facts = Mapping[str, Any]


_HEAD: Final = """\
# Proof

What the promises of [reliability.md](reliability.md) were put through, and what came out. This page is made by the
commands that it names, from `docs/proof.json`; `python -m tests.proof.page` only writes it again. A shorter form of
each proof is a part of the tests and runs with every change.

All proofs have one judge, `tests/proof/checking.py`: the account's own list of what it has stored, against the report
of the run. *Duplicates*: activities that are there more often than their rows. *Lost*: rows that are not there, and
that the report doesn't name. *Unproven*: rows called created by an activity that is not there or not theirs. Besides,
the six outcomes must add up, the ledger must be sound and free of the cells of settled rows, and neither a key nor a
person's data may stand in anything that was said or written."""

_TORTURE: Final = """\
## Kills at random

Processes are killed with SIGKILL at random moments, begun again, and killed again, while a quarter of all calls go
wrong in thirty ways, with rows stored before, after, never, in part, or late. Then the command is given until it has
nothing left to do. A fifth of the processes start in an interpreter of their own, the others as forks of one that has
imported everything, so that more of the kills fall into the work.
"""

_DEATHS: Final = """\
## Death at every point

A run dies (`os._exit`, in the middle of whatever it does) at a named point of the write path, at the first, a middle
and the last time that it is reached; then, in another case, its continuation dies as well, at a point of the
recovery. The run has a lost answer, a refused pace, a call that never arrives, and a row that spoils its call.
"""

_MATRIX: Final = """\
## Faults of calls

Each fault of [faults.md](faults.md) that a network or a server can cause, at the first, the middle and the last call,
with its rows stored before, never and late; server errors after 0 to 25 rows; and faults of the calls that look
whether rows are there.
"""

_ORDER: Final = """\
## The order of system calls

Traced with strace: before a request leaves, all of its rows stand in pages of the ledger that are synced, its
rollback journal is gone, and the folder is synced.
"""


def note(part: str, facts: Facts) -> None:
    """Writes down what a proof has shown, with date and machine, and makes the page anew."""
    known = _known()
    known[part] = {
        "on": f"{datetime.now(UTC):%Y-%m-%d}",
        "machine": f"Python {platform.python_version()}, {os.cpu_count()} cores",
        **facts,
    }
    FIGURES.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    PAGE.write_text(page(known), encoding="utf-8")


def figures(part: str) -> Facts:
    """What a proof has shown the last time; nothing if it was never made."""
    facts: Facts = _known().get(part, {})
    return facts


def _known() -> dict[str, Any]:
    known: dict[str, Any] = json.loads(FIGURES.read_text(encoding="utf-8")) if FIGURES.exists() else {}
    return known


def page(known: Mapping[str, Facts]) -> str:
    """The whole page."""
    return "\n".join(_page(known)) + "\n"


def _page(known: Mapping[str, Facts]) -> Iterator[str]:
    yield _HEAD
    for part, section in SECTIONS.items():
        if part in known:
            yield ""
            yield from section(known[part])


def _when(facts: Facts, command: str) -> str:
    verdict = "proven" if facts["proven"] else "**FAILED**"
    return f"`{command}`, {facts['on']}, {facts['machine']}, {_minutes(facts['took'])}: {verdict}."


def _minutes(seconds: int) -> str:
    return f"{seconds} s" if seconds < 100 else f"{seconds / 60:.0f} min"


def _torture(facts: Facts) -> Iterator[str]:
    runs = facts["runs"]
    kills, rows = runs[0]["kills"], runs[0]["rows"]
    seeds = len({run["seed"] for run in runs})
    yield _TORTURE
    yield _when(facts, f"python -m tests.proof.campaign torture --kills {kills} --rows {rows} --seeds {seeds}")
    yield ""
    names = "key, seed, kills, rows, writing calls, faults of all calls, created, unknown, duplicates, lost, unproven"
    yield f"| {' | '.join(names.split(', '))} |"
    yield "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|"
    for run in runs:
        cells = [
            "yes" if run["keyed"] else "no",
            *(f"{run[name]:,}" for name in ("seed", "kills", "rows", "calls", "faults", "created", "unknown")),
            *(f"{run[name]:,}" for name in ("duplicates", "lost", "unproven")),
        ]
        yield f"| {' | '.join(cells)} |"
    refused = sum(run["rejected"] for run in runs)
    yield ""
    yield "Without an import key, every row that is not there is `unknown`, and so are some that are. Rows that failed"
    yield f"alone, again and again, are `rejected`, and are not there: {refused} in all. The kills fell"
    phases: dict[str, int] = {}
    for run in runs:
        for phase, count in run["phases"].items():
            phases[phase] = phases.get(phase, 0) + count
    yield ", ".join(f"{count:,} {phase}" for phase, count in sorted(phases.items(), key=lambda each: -each[1])) + "."


def _deaths(facts: Facts) -> Iterator[str]:
    yield _DEATHS
    yield _when(facts, "python -m tests.proof.campaign deaths")
    yield ""
    yield "| cases | deaths | of them in the recovery too | points | duplicates | lost | anything else wrong |"
    yield "|---:|---:|---:|---:|---:|---:|---:|"
    cells = (facts[name] for name in ("cases", "deaths", "twice", "names", "duplicates", "lost"))
    yield f"| {' | '.join(f'{cell:,}' for cell in cells)} | {len(facts['wrong'])} |"
    yield ""
    yield "Deaths by point:"
    yield ""
    for name, count in facts["points"].items():
        yield f"- {name}: {count}"


def _matrix(facts: Facts) -> Iterator[str]:
    yield _MATRIX
    yield _when(facts, "python -m tests.proof.campaign matrix")
    yield ""
    yield "| cases | rows | duplicates | lost | unproven | left unknown | anything else wrong |"
    yield "|---:|---:|---:|---:|---:|---:|---:|"
    cells = (facts[name] for name in ("cases", "rows", "duplicates", "lost", "unproven", "unknown"))
    yield f"| {' | '.join(f'{cell:,}' for cell in cells)} | {len(facts['wrong'])} |"
    yield ""
    yield "Rows are left `unknown` where every single look at the account goes wrong."


def _answers(facts: Facts) -> Iterator[str]:
    yield "## Answers that were changed"
    yield ""
    yield "Receipts shuffled, cut, doubled, mistyped, nested and broken byte by byte, by Hypothesis: none creates a row"
    yield f"without its own complete receipt, of {facts['answers']:,} answers."
    yield ""
    yield _when(facts, "python -m tests.proof.campaign answers")


def _order(facts: Facts) -> Iterator[str]:
    yield _ORDER
    yield _when(facts, "python -m tests.proof.campaign order") + f" {facts['said']}."


def _mutants(facts: Facts) -> Iterator[str]:
    yield "## The tests can fail"
    yield ""
    yield "Each mistake is made on purpose in a copy of the program; the tests named must then be red."
    yield ""
    yield _when(facts, "python -m tests.proof.mutants")
    yield ""
    yield "| mutant | mistake | tests | caught by | |"
    yield "|---|---|---|---|---|"
    for each in facts["mutants"]:
        verdict = "red" if each["caught"] else "**GREEN**"
        tests = ", ".join(f"`{path}`" for path in each["tests"])
        yield f"| {each['name']} | {each['mistake']} | {tests} | {each['by']} | {verdict} |"
    if facts["left_out"]:
        yield ""
        yield "Not applicable:"
        yield ""
        yield from (f"- {each}" for each in facts["left_out"])


SECTIONS: Final = {
    "torture": _torture,
    "deaths": _deaths,
    "matrix": _matrix,
    "answers": _answers,
    "order": _order,
    "mutants": _mutants,
}


def main() -> None:
    """Writes the page again."""
    PAGE.write_text(page(json.loads(FIGURES.read_text(encoding="utf-8"))), encoding="utf-8")


if __name__ == "__main__":
    main()
