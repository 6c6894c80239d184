"""Runs that are stopped, and go on: real processes, real signals."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fake_lsq import FakeLsq, fake_lsq
from tests.rows import MAPPING, read_csv, visit, write_csv

ROWS = 2_000
"""Eighty calls: more than can have left before a signal arrives."""


@pytest.fixture
def slow() -> Iterator[FakeLsq]:
    """A server that takes a while for each answer."""
    with fake_lsq(latency=0.15, limit=None) as fake:
        yield fake


class Importer:
    """The importer as a process of its own, always on the same file."""

    def __init__(self, folder: Path, fake: FakeLsq, rows: int = ROWS) -> None:
        write_csv(folder / "visits.csv", [visit(number) for number in range(1, rows + 1)])
        (folder / "visits.yaml").write_text(MAPPING, encoding="utf-8")
        self.folder = folder
        self.env = os.environ | fake.env | {"LSQ_STATE_DIR": str(folder / "state")}

    def start(self, *before: str) -> "subprocess.Popen[str]":
        """Starts the run that all tests here are about.

        :param before: words of a command that starts it.
        """
        command = [sys.executable, "-m", "importer", "run", "visits.csv", "-m", "visits.yaml", "--json"]
        return subprocess.Popen(  # noqa: S603
            [*before, *command, "--bulk-rate", "100/1s"],
            cwd=self.folder,
            env=self.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def finish(self) -> tuple[int, dict[str, Any]]:
        """Runs to the end; exit code and summary."""
        process = self.start()
        out, err = process.communicate(timeout=60)
        assert out, next((line for line in err.splitlines() if "should not have happened" in line), err)
        return process.returncode, json.loads(out)


def when_calls_are_under_way(fake: FakeLsq, count: int = 3) -> None:
    """Returns when the server has got some calls."""
    until = time.monotonic() + 30
    while len(fake.calls) < count:
        assert time.monotonic() < until, "no call came"
        time.sleep(0.005)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no such signals to single processes")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_the_run_in_good_order_and_the_same_command_goes_on(
    number: signal.Signals, code: int, tmp_path: Path, slow: FakeLsq
) -> None:
    """Calls under way are brought to an end, everything is reported, and the next run does the rest under its id."""
    importer = Importer(tmp_path, slow)
    process = importer.start()
    when_calls_are_under_way(slow)
    process.send_signal(number)
    out, err = process.communicate(timeout=30)
    stopped = json.loads(out)
    assert process.returncode == stopped["exit_code"] == code
    assert "stopping" in err
    assert stopped["counts"]["read"] == ROWS
    assert 0 < stopped["counts"]["created"] == len(slow.activities) < ROWS
    assert stopped["counts"]["created"] + stopped["counts"]["not_sent"] == ROWS
    final_code, final = importer.finish()
    assert (final_code, final["counts"]["created"], final["run_id"]) == (0, ROWS, stopped["run_id"])
    assert len(slow.activities) == len({row["RelatedProspectId"] for row in slow.activities}) == ROWS
    results = read_csv(tmp_path / "import-results" / final["run_id"] / "results.csv")
    assert [result["Outcome"] for result in results] == ["created"] * ROWS


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no such signals to single processes")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_run_that_is_stopped_at_its_last_call_goes_on_too(
    number: signal.Signals, code: int, tmp_path: Path, slow: FakeLsq
) -> None:
    """Nothing is left to be sent then; the same command reports what was created, under the run's own id."""
    slow.latency = 1
    importer = Importer(tmp_path, slow, rows=25)
    process = importer.start()
    when_calls_are_under_way(slow, 1)
    process.send_signal(number)
    out, _ = process.communicate(timeout=30)
    stopped = json.loads(out)
    assert (process.returncode, stopped["counts"]["created"]) == (code, 25)
    slow.latency = 0
    again_code, again = importer.finish()
    assert (again_code, again["run_id"], again["counts"]["created"]) == (0, stopped["run_id"], 25)
    new_code, new = importer.finish()
    assert (new_code, new["counts"]["duplicate"]) == (0, 25)
    assert new["run_id"] != again["run_id"]
    assert len(slow.activities) == 25


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no such signals to single processes")
def test_a_second_signal_leaves_at_once(tmp_path: Path, slow: FakeLsq) -> None:
    """Whoever asks twice is not kept waiting, but told what to do next; the rows in flight are looked up by the next
    run, and not sent again.
    """
    slow.latency = 20
    importer = Importer(tmp_path, slow)
    process = importer.start()
    when_calls_are_under_way(slow)
    process.send_signal(signal.SIGINT)
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=5)
    assert process.returncode == 130
    last = "lsq-import: stopped at once. Everything is saved; the same command goes on where it stopped."
    assert err.splitlines()[-1] == last
    slow.latency = 0
    code, summary = importer.finish()
    arrived = [row["RelatedProspectId"] for row in slow.activities]
    assert (code, summary["counts"]["created"]) == (0, ROWS)
    assert len(arrived) == len(set(arrived)) == ROWS
    results = read_csv(tmp_path / "import-results" / summary["run_id"] / "results.csv")
    assert sum(result["Code"] == "read-back" for result in results) >= 25


def test_a_killed_run_doubles_nothing_and_names_every_row_in_doubt(tmp_path: Path, slow: FakeLsq) -> None:
    """After SIGKILL, the same command goes on; rows in flight then are unknown, and no row is there twice."""
    importer = Importer(tmp_path, slow)
    process = importer.start()
    when_calls_are_under_way(slow, 6)
    process.kill()
    process.communicate(timeout=30)
    code, summary = importer.finish()
    arrived = [row["RelatedProspectId"] for row in slow.activities]
    assert len(arrived) == len(set(arrived))
    assert code == (3 if summary["counts"]["unknown"] else 0)
    assert summary["counts"]["created"] + summary["counts"]["unknown"] == ROWS
    results = read_csv(tmp_path / "import-results" / summary["run_id"] / "results.csv")
    there = set(arrived)
    assert all(result["Lead"] in there for result in results if result["Outcome"] == "created")
    assert all(result["Outcome"] == "unknown" for result in results if result["Lead"] not in there)


def test_output_that_nobody_reads_any_more_stops_nothing(tmp_path: Path, slow: FakeLsq) -> None:
    """A closed terminal or a `| head` does not keep the rows from being imported and reported."""
    slow.latency = 0
    importer = Importer(tmp_path, slow)
    process = importer.start()
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    process.stderr.close()
    process.wait(timeout=30)
    assert len(slow.activities) == ROWS
    assert len(list((tmp_path / "import-results").iterdir())) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="closed by a shell that Windows has not")
@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_run_without_standard_streams_imports_all_the_same(closed: str, tmp_path: Path, slow: FakeLsq) -> None:
    """Schedules and services may start it so; what it says goes nowhere, and never into a file that it has opened."""
    slow.latency = 0
    importer = Importer(tmp_path, slow, rows=50)
    process = importer.start("sh", "-c", f'exec "$@" {closed}', "sh")
    process.communicate(timeout=30)
    assert process.returncode == 0
    assert len(slow.activities) == 50
    code, again = importer.finish()
    assert (code, again["counts"]["duplicate"]) == (0, 50)
