"""What the operating system is asked for, and in which order: durable first, sent second."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from .nursery import ROOT
from .torture import command_line
from .world import PERSON, World, account

SYSTEM_CALLS = "pwrite64,fsync,fdatasync,unlink,unlinkat,sendto,sendmsg"
_PERSON = re.compile(PERSON + r"\d{5}")
_CALL = re.compile(r"(?P<thread>\d+) +(?:<\.\.\. )?(?P<name>\w+)(?P<rest>.*)")


def tracing() -> str | None:
    """Why nothing can be traced here, if so."""
    if shutil.which("strace") is None:
        return "strace is not installed"
    tried = subprocess.run(["strace", "-o", "/dev/null", "true"], capture_output=True, check=False)  # noqa: S607
    return None if tried.returncode == 0 else "tracing is not permitted"


@dataclass
class Disk:
    """What is on disk for certain, after each of the system calls of SQLite's commits."""

    state: Path
    rows_sent: list[set[str]] = field(default_factory=list)
    too_early: list[str] = field(default_factory=list)
    _journal_synced: bool = False
    _written: set[str] = field(default_factory=set)
    _synced: set[str] = field(default_factory=set)
    _committed: set[str] = field(default_factory=set)
    _durable: set[str] = field(default_factory=set)

    def follow(self, trace: Iterable[str]) -> None:
        """Goes through the calls of all threads; what takes a while counts at its end, a send at its beginning."""
        begun: dict[str, str] = {}
        for line in trace:
            found = _CALL.match(line)
            if found is None:
                continue
            thread, name, rest = found["thread"], found["name"], found["rest"]
            if name.startswith("send"):
                if "<..." not in line:
                    self._send(rest)
            elif rest.endswith("<unfinished ...>"):
                begun[thread] = rest
            else:
                self._done(name, begun.pop(thread, "") + rest)

    def _done(self, name: str, words: str) -> None:
        ledger, journal = f"{self.state}/ledger.sqlite>", f"{self.state}/ledger.sqlite-journal"
        if name == "pwrite64" and ledger in words:
            if not self._journal_synced:
                self.too_early.append("the ledger was written before its journal was on disk")
            self._written |= set(_PERSON.findall(words))
        elif name.endswith("sync") and f"{journal}>" in words:
            self._journal_synced = True
        elif name.endswith("sync") and ledger in words:
            self._synced |= self._written
            self._written = set()
        elif name.startswith("unlink") and journal in words:
            self._committed |= self._synced
            self._synced, self._journal_synced = set(), False
        elif name.endswith("sync") and f"{self.state}>" in words:
            self._durable |= self._committed

    def _send(self, words: str) -> None:
        rows = set(_PERSON.findall(words))
        if rows:
            self.rows_sent.append(rows)
        self.too_early += sorted(rows - self._durable)


@pytest.mark.skipif(tracing() is not None, reason=str(tracing()))
def test_no_row_leaves_before_its_intent_is_on_disk(tmp_path: Path) -> None:
    """For every request: journal synced, ledger written and synced, journal gone, folder synced; then it is sent."""
    world = World.made(tmp_path / "world", 200, keyed=True)
    trace = tmp_path / "trace.txt"
    with account("reset bulk 3 commit=never") as server:
        command = [sys.executable, "-m", "importer", *command_line(0.5, 20)]
        # Whole pages and whole bodies are shown, and descriptors with the names of their files.
        strace = ["strace", "-f", "-qq", "-y", "-s", "100000", "-e", f"trace={SYSTEM_CALLS}", "-o", str(trace)]
        done = subprocess.run(  # noqa: S603
            [*strace, *command],
            cwd=world.folder,
            env=world.environment(server) | {"PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
        there = server.store.activities.all()
    assert done.returncode == 0, done.stderr
    disk = Disk(world.state)
    with trace.open(encoding="utf-8", errors="replace") as lines:
        disk.follow(lines)
    assert disk.too_early == []
    assert len(disk.rows_sent) >= 9, "eight calls, and the one that was lost once more"
    assert set().union(*disk.rows_sent) == {str(each.fields["mx_Custom_1"]) for each in there}
