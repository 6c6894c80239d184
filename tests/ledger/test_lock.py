"""One holder at a time: real processes, races and kills."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

import importer
from importer.errors.base import ExitCode, LedgerBusy
from importer.ledger.faults import LedgerUnwritable
from importer.ledger.holding import HOLDER, LOCK, hold, is_held

from .making import START

HOLDING = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from importer.errors.base import LedgerBusy
from importer.ledger.holding import hold

try:
    with hold(Path(sys.argv[1]), datetime(2026, 3, 2, 10, tzinfo=UTC)):
        print("held", flush=True)
        time.sleep(30)
except LedgerBusy as busy:
    print(f"busy {busy}", flush=True)
"""

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts processes that hold the ledger of the test's folder, and ends them."""
    environment = {**os.environ, "PYTHONPATH": str(Path(importer.__file__).parents[1])}
    with ExitStack() as stack:

        def start() -> "subprocess.Popen[str]":
            process = subprocess.Popen(  # noqa: S603  # our own interpreter and our own words
                [sys.executable, "-c", HOLDING, str(tmp_path)],
                stdout=subprocess.PIPE,
                text=True,
                env=environment,
            )
            stack.enter_context(process)
            stack.callback(process.kill)
            return process

        yield start


def said(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_who_only_asks_whether_it_is_held_stops_no_run(tmp_path: Path) -> None:
    """A monitor that lists runs all the time must not make the nightly run end with 75."""
    with hold(tmp_path, START):
        pass
    asking = threading.Event()

    def ask() -> None:
        while not asking.is_set():
            is_held(tmp_path)

    monitor = threading.Thread(target=ask)
    monitor.start()
    try:
        for _ in range(50):
            with hold(tmp_path, START):
                pass
    finally:
        asking.set()
        monitor.join()


def test_a_second_holder_is_told_who_the_first_is(tmp_path: Path) -> None:
    """Whoever comes second gets exit code 75, and the number, host and start of the process at work."""
    with hold(tmp_path, START.replace(microsecond=123456)):
        with pytest.raises(LedgerBusy) as busy, hold(tmp_path, START):
            pass
        assert busy.value.exit_code is ExitCode.LEDGER_BUSY
        assert int(busy.value.exit_code) == 75
        assert f"process {os.getpid()} on " in str(busy.value)
        assert "since 2026-03-02 10:00:00 UTC" in str(busy.value), "nobody asks for microseconds"
    with hold(tmp_path, START):
        pass


def test_the_holder_leaves_no_trace_of_itself(tmp_path: Path) -> None:
    """When a run is over nobody is named as its holder any more, even if it ended in an error."""
    with hold(tmp_path, START):
        assert (tmp_path / HOLDER).exists()
    assert not (tmp_path / HOLDER).exists()
    with pytest.raises(ZeroDivisionError), hold(tmp_path, START):
        raise ZeroDivisionError
    assert not (tmp_path / HOLDER).exists()
    with hold(tmp_path, START):
        pass


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"process": 1}', "\xff"])
def test_an_unreadable_name_is_no_reason_to_share(tmp_path: Path, text: str) -> None:
    """If the holder can't be named, the ledger is busy all the same."""
    with hold(tmp_path, START):
        (tmp_path / HOLDER).write_text(text, encoding="latin-1")
        with pytest.raises(LedgerBusy, match="just started or is ending"), hold(tmp_path, START):
            pass


def test_a_second_process_is_turned_away(tmp_path: Path, start: Start) -> None:
    """The lock holds between processes, and each names the other."""
    first = start()
    assert said(first) == "held"
    with pytest.raises(LedgerBusy, match=f"process {first.pid} "), hold(tmp_path, START):
        pass
    assert said(start()).startswith("busy Another run is at work on the ledger")


def test_a_killed_holder_frees_the_ledger(tmp_path: Path, start: Start) -> None:
    """SIGKILL leaves the lock's file behind, but not the lock."""
    for _ in range(3):
        process = start()
        assert said(process) == "held"
        process.kill()
        process.wait()
        assert (tmp_path / HOLDER).exists()
        assert json.loads((tmp_path / HOLDER).read_text())["process"] == process.pid
        with hold(tmp_path, START):
            assert json.loads((tmp_path / HOLDER).read_text())["process"] == os.getpid()


def test_of_many_that_start_together_one_at_a_time_gets_it(start: Start) -> None:
    """However many race for the ledger, one holds it; when that one has ended, the next may."""
    processes = [start() for _ in range(5)]
    words = [said(process).split()[0] for process in processes]
    assert sorted(words) == ["busy"] * 4 + ["held"]
    processes[words.index("held")].kill()
    processes[words.index("held")].wait()
    assert said(start()) == "held"


@pytest.mark.skipif(os.name != "posix", reason="links are made otherwise elsewhere")
def test_a_planted_link_is_not_followed(tmp_path: Path) -> None:
    """A lock that is a link to somewhere else is refused, and nothing is written there."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("content")
    state = tmp_path / "state"
    state.mkdir()
    (state / LOCK).symlink_to(elsewhere)
    with pytest.raises(LedgerUnwritable), hold(state, START):
        pass
    assert elsewhere.read_text() == "content"


def test_a_busy_ledger_is_told_at_once(tmp_path: Path) -> None:
    """Nobody waits for the holder to end."""
    with hold(tmp_path, START):
        began = time.monotonic()
        with pytest.raises(LedgerBusy), hold(tmp_path, START):
            pass
        assert time.monotonic() - began < 1
