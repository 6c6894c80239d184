"""A workbook of 20 columns beside a bare openpyxl pass over it, in the same run: ratio of CPU time, peak memory.

    python benchmarks/xlsx.py [--rows 100000] [--repeat 5]

openpyxl parses with defusedxml where that is installed, which it is beside the importer; without, it takes less time.
Both are measured. Prints a Markdown table; docs/performance.md holds the latest one.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from measuring import Measured, measured, median
from orders import MAPPING, write_orders

BARE = """
import sys, openpyxl
for row in openpyxl.load_workbook(sys.argv[1], read_only=True).active.iter_rows(values_only=True): pass
"""
UNDEFUSED = f"import os; os.environ['OPENPYXL_DEFUSEDXML'] = 'False'{BARE}"
LOADING = """
import gc, sys
gc.set_threshold(50_000, 20, 100)  # as the command does
from importer.loading import ReadingOptions, freeze, open_source
for block in open_source(freeze(sys.argv[1], None), ReadingOptions()).blocks(): del block
"""


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[100_000])
    parser.add_argument("--repeat", type=int, default=5)
    arguments = parser.parse_args()
    print("| rows | what | CPU s | of openpyxl | of openpyxl without defusedxml | peak MB |")
    print("|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "orders.yaml").write_text(MAPPING, encoding="utf-8")
        for rows in arguments.rows:
            figures = compare(Path(folder), rows, arguments.repeat)
            bare, undefused = figures["openpyxl"].cpu, figures["openpyxl without defusedxml"].cpu
            for name, one in figures.items():
                ratios = f"{one.cpu / bare:.2f} | {one.cpu / undefused:.2f}"
                print(f"| {rows:,} | {name} | {one.cpu:.2f} | {ratios} | {one.peak:.0f} |", flush=True)


def compare(folder: Path, rows: int, repeat: int) -> dict[str, Measured]:
    """All of them on the same file, turn by turn, so that a noisy moment hits them all."""
    path = write_orders(folder / f"orders-{rows}.xlsx", rows)
    validate = ("-m", "importer", "validate", path.name, "-m", "orders.yaml", "--out", "out", "-q")
    commands = {
        "openpyxl": (0, ("-c", BARE, path.name)),
        "openpyxl without defusedxml": (0, ("-c", UNDEFUSED, path.name)),
        "loading": (0, ("-c", LOADING, path.name)),
        "validate": (1, validate),
    }
    runs: dict[str, list[Measured]] = {name: [] for name in commands}
    for _ in range(repeat):
        for name, (code, command) in commands.items():
            runs[name].append(measured((sys.executable, *command), folder, expected=(code,)))
    path.unlink()
    return {name: median(measurements) for name, measurements in runs.items()}


if __name__ == "__main__":
    main()
