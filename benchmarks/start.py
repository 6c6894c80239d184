"""How soon the program is there: its help, a check of ten rows, and the first call of a run on a large file.

    python benchmarks/start.py [--rows 1000000] [--repeat 5]

Prints a Markdown table; docs/performance.md holds the latest one. The first call is timed from the start of the process
to its arrival at a server on this computer, on the clock of the wall, with a new ledger each time.
"""

import argparse
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from loopback import Loopback, serving
from measuring import measured, median
from visits import MAPPING, write_visits

IMPORTER = (sys.executable, "-m", "importer")


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--repeat", type=int, default=5)
    arguments = parser.parse_args()
    print("| what | figure |\n|---|---|")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "visits.yaml").write_text(MAPPING, encoding="utf-8")
        write_visits(folder / "ten.csv", 10, bad=0.0)
        path = write_visits(folder / "visits.csv", arguments.rows)
        check = (*IMPORTER, "validate", "ten.csv", "-m", "visits.yaml", "--out", "out")
        for words, command in (("`lsq-import --help`", (*IMPORTER, "--help")), ("`validate` of 10 rows", check)):
            used = median([measured(command, folder) for _ in range(arguments.repeat)])
            print(f"| {words} | {used.cpu:.2f} s of CPU, {used.wall:.2f} s |", flush=True)
        waits = [first_call(folder, path, turn) for turn in range(arguments.repeat)]
        print(f"| first call of a run on {arguments.rows:,} rows | after {statistics.median(waits):.2f} s |")


def first_call(folder: Path, path: Path, turn: int) -> float:
    """Seconds until the first posting call arrives; the run is stopped then."""
    with serving(Loopback(latency=1.0, delay=0.0)) as loopback:
        keys = {"LSQ_HOST": loopback.url, "LSQ_ACCESS_KEY": "a", "LSQ_SECRET_KEY": "b"}
        command = (*IMPORTER, "run", path.name, "-m", "visits.yaml", "--out", "out", "--state", f"state-{turn}", "-q")
        began = time.monotonic()
        process = subprocess.Popen(
            command, cwd=folder, env=os.environ | keys, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        while loopback.began == float("inf"):
            if process.poll() is not None:
                raise AssertionError(f"the run ended with {process.returncode} before its first call")
            time.sleep(0.005)
        process.send_signal(signal.SIGINT)
        process.wait()
        return loopback.began - began


if __name__ == "__main__":
    main()
