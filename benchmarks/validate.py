"""`validate` and a dry run beside a bare pandas read of the same file, in the same run: ratio of CPU time, peak memory.

    python benchmarks/validate.py [--rows 100000 1000000] [--repeat 5]
                                  [--frictionless PYTHON] [--frictionless-rows 1000000]

Prints Markdown tables; docs/performance.md holds the latest ones.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from measuring import Measured, measured, median
from visits import MAPPING, write_visits

BARE = "import pandas, sys\nfor _ in pandas.read_csv(sys.argv[1], dtype=str, chunksize=50_000): pass"
IMPORTER = (sys.executable, "-m", "importer")
REST = ("-m", "visits.yaml", "--out", "out", "-q")


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--frictionless", metavar="PYTHON", help="an interpreter that has frictionless")
    parser.add_argument("--frictionless-rows", type=int, default=1_000_000)
    arguments = parser.parse_args()
    print("| rows | bare pandas read, CPU s | validate, CPU s | ratio | peak MB | dry run, CPU s | ratio | peak MB |")
    print("|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "visits.yaml").write_text(MAPPING, encoding="utf-8")
        for rows in arguments.rows:
            bare, *figures = compare(Path(folder), rows, arguments.repeat)
            cells = (f"{one.cpu:.2f} | {one.cpu / bare.cpu:.2f} | {one.peak:.0f}" for one in figures)
            print(f"| {rows:,} | {bare.cpu:.2f} | {' | '.join(cells)} |", flush=True)
        if arguments.frictionless:
            rows = arguments.frictionless_rows
            theirs, ours = beside_frictionless(Path(folder), rows, arguments.repeat, arguments.frictionless)
            print("\n| rows | frictionless, CPU s | validate, CPU s | times less | peak MB, theirs and ours |")
            print("|---|---|---|---|---|")
            times = f"{theirs.cpu:.2f} | {ours.cpu:.2f} | {theirs.cpu / ours.cpu:.1f}"
            print(f"| {rows:,} | {times} | {theirs.peak:.0f}, {ours.peak:.0f} |")


def compare(folder: Path, rows: int, repeat: int) -> list[Measured]:
    """A bare read, our check and our dry run of the same file."""
    path = write_visits(folder / f"visits-{rows}.csv", rows)
    dry_run = (*IMPORTER, "run", path.name, *REST, "--dry-run", "--state", "state")
    bare = (sys.executable, "-c", BARE, path.name)
    return _turn_by_turn(folder, repeat, {bare: 0, (*IMPORTER, "validate", path.name, *REST): 1, dry_run: 1})


def beside_frictionless(folder: Path, rows: int, repeat: int, python: str) -> list[Measured]:
    """Their check and ours of the same file."""
    path = write_visits(folder / f"visits-{rows}.csv", rows)
    peer = (python, str(Path(__file__).parent / "frictionless_peer.py"), path.name)
    return _turn_by_turn(folder, repeat, {peer: 0, (*IMPORTER, "validate", path.name, *REST): 1})


def _turn_by_turn(folder: Path, repeat: int, commands: dict[tuple[str, ...], int]) -> list[Measured]:
    """The medians of commands, which end with these codes; a noisy moment hits them all."""
    runs: dict[tuple[str, ...], list[Measured]] = {command: [] for command in commands}
    for _ in range(repeat):
        for command, code in commands.items():
            runs[command].append(measured(command, folder, expected=(code,)))
    return [median(measurements) for measurements in runs.values()]


if __name__ == "__main__":
    main()
