"""`validate` and a dry run beside a bare pandas read of the same file, in the same run: ratio of CPU time, peak memory.

    python benchmarks/validate.py [--rows 100000 1000000] [--repeat 5]

Prints a Markdown table; docs/performance.md holds the latest one.
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
    arguments = parser.parse_args()
    print("| rows | bare pandas read, CPU s | validate, CPU s | ratio | peak MB | dry run, CPU s | ratio | peak MB |")
    print("|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "visits.yaml").write_text(MAPPING, encoding="utf-8")
        for rows in arguments.rows:
            bare, *ours = compare(Path(folder), rows, arguments.repeat)
            cells = (f"{one.cpu:.2f} | {one.cpu / bare.cpu:.2f} | {one.peak:.0f}" for one in ours)
            print(f"| {rows:,} | {bare.cpu:.2f} | {' | '.join(cells)} |", flush=True)


def compare(folder: Path, rows: int, repeat: int) -> list[Measured]:
    """The three of them on the same file, turn by turn, so that a noisy moment hits them all."""
    path = write_visits(folder / f"visits-{rows}.csv", rows)
    commands = {
        (sys.executable, "-c", BARE, path.name): 0,
        (*IMPORTER, "validate", path.name, *REST): 1,
        (*IMPORTER, "run", path.name, *REST, "--dry-run", "--state", "state"): 1,
    }
    runs: dict[tuple[str, ...], list[Measured]] = {command: [] for command in commands}
    for _ in range(repeat):
        for command, code in commands.items():
            runs[command].append(measured(command, folder, expected=(code,)))
    path.unlink()
    return [median(measurements) for measurements in runs.values()]


if __name__ == "__main__":
    main()
