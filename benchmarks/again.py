"""A file that comes every night: the import of all its rows, and the run of the next night, which finds them there.

    python benchmarks/again.py [--rows 1000000] [--repeat 5]

The import goes to a server on this computer that answers at once, at any rate. The next night's run is set beside
`validate` of the same file, turn by turn: ratio of CPU time. Then a few rows are added on top, below and within.
Prints Markdown tables; docs/performance.md holds the latest ones.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

from loopback import Loopback, serving
from measuring import Measured, measured, median
from visits import MAPPING, write_visits

IMPORTER = (sys.executable, "-m", "importer")
REST = ("-m", "visits.yaml", "--out", "out", "-q")
RUN = ("--state", "state", "--bulk-rate", "10000/1s")


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--repeat", type=int, default=5)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, serving(Loopback(0.0, delay=0.0, calls=10**9)) as loopback:
        os.environ |= {"LSQ_HOST": loopback.url, "LSQ_ACCESS_KEY": "a", "LSQ_SECRET_KEY": "b"}
        folder = Path(name)
        (folder / "visits.yaml").write_text(MAPPING, encoding="utf-8")
        path = write_visits(folder / "visits.csv", arguments.rows)
        first = measured((*IMPORTER, "run", path.name, *REST, *RUN), folder, expected=(1,))
        calls = len(loopback.admitted)
        print("| rows | calls | CPU s of the import | peak MB | ledger MB |\n|---|---|---|---|---|")
        ledger = (folder / "state" / "ledger.sqlite").stat().st_size / 1e6
        print(f"| {arguments.rows:,} | {calls:,} | {first.cpu:.1f} | {first.peak:.0f} | {ledger:.0f} |\n", flush=True)
        print("| the next night | validate, CPU s | run, CPU s | ratio | peak MB | calls |\n|---|---|---|---|---|---|")
        for words, change in (("the same file", None), ("30 rows added on top, within and below", add_rows)):
            if change is not None:
                change(path)
            before = len(loopback.admitted)
            checked, again = next_night(folder, path, arguments.repeat)
            calls = len(loopback.admitted) - before
            figures = (
                f"{checked.cpu:.2f} | {again.cpu:.2f} | {again.cpu / checked.cpu:.2f} | {again.peak:.0f} | {calls}"
            )
            print(f"| {words} | {figures} |", flush=True)


def next_night(folder: Path, path: Path, repeat: int) -> tuple[Measured, Measured]:
    """A check and a run of the same file, turn by turn; what the first run sends the others find there."""
    commands = (*IMPORTER, "validate", path.name, *REST), (*IMPORTER, "run", path.name, *REST, *RUN)
    turns = [[measured(command, folder, expected=(1,)) for command in commands] for _ in range(repeat)]
    checked, again = zip(*turns, strict=True)
    return median(checked), median(again)


def add_rows(path: Path) -> None:
    """Ten new rows at each of three places. Line by line: what this program holds would count as a run's memory."""
    others = write_visits(path.with_name("others.csv"), 30, bad=0.0).read_bytes().splitlines(keepends=True)[1:]
    changed = path.with_name("changed.csv")
    with path.open("rb") as source:
        middle = sum(1 for _ in source) // 2
    with path.open("rb") as source, changed.open("wb") as target:
        for number, line in enumerate(source):
            target.write(line)
            if number in (0, middle):
                target.writelines(others[:10] if number == 0 else others[10:20])
        target.writelines(others[20:])
    changed.replace(path)


if __name__ == "__main__":
    main()
