"""`validate` beside a bare pandas read of the same file, in the same run: ratio of CPU time, and peak memory.

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


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--repeat", type=int, default=5)
    arguments = parser.parse_args()
    print("| rows | bare pandas read, CPU s | validate, CPU s | ratio | validate, peak MB |")
    print("|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "visits.yaml").write_text(MAPPING, encoding="utf-8")
        for rows in arguments.rows:
            bare, ours = compare(Path(folder), rows, arguments.repeat)
            print(f"| {rows:,} | {bare.cpu:.2f} | {ours.cpu:.2f} | {ours.cpu / bare.cpu:.2f} | {ours.peak:.0f} |")


def compare(folder: Path, rows: int, repeat: int) -> tuple[Measured, Measured]:
    """Both on the same file, turn by turn, so that a noisy moment hits both."""
    path = write_visits(folder / f"visits-{rows}.csv", rows)
    bare, ours = [], []
    for _ in range(repeat):
        bare.append(measured([sys.executable, "-c", BARE, path.name], folder))
        validate = [sys.executable, "-m", "importer", "validate", path.name, "-m", "visits.yaml", "--out", "out", "-q"]
        ours.append(measured(validate, folder, expected=(1,)))
    path.unlink()
    return median(bare), median(ours)


if __name__ == "__main__":
    main()
