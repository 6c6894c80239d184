"""One command, run by itself: CPU seconds, wall seconds and peak memory. POSIX only."""

import os
import statistics
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Measured:
    """What a command used."""

    cpu: float
    """Seconds, of all its threads."""
    wall: float
    """Seconds."""
    peak: float
    """Megabytes of resident memory."""


def measured(command: Sequence[str], folder: Path, expected: Sequence[int] = (0,)) -> Measured:
    """Runs a command in a folder; its output is thrown away.

    :raises AssertionError: it ends with another exit code than expected.
    """
    began = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    code = process.returncode = os.waitstatus_to_exitcode(status)
    if code not in expected:
        raise AssertionError(f"{' '.join(command)} ended with {code}")
    return Measured(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024)


def median(runs: Sequence[Measured]) -> Measured:
    """The middle of several runs, each figure by itself."""
    return Measured(
        statistics.median(run.cpu for run in runs),
        statistics.median(run.wall for run in runs),
        statistics.median(run.peak for run in runs),
    )
