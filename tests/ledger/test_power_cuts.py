"""What a power cut or a kill leaves behind at any moment: a ledger that opens, as it was before a step or after it."""

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event

import importer
from importer.codes.rows import Code
from importer.ledger.doubts import DoubtBook
from importer.ledger.ledger import Ledger
from importer.ledger.place import LEDGER, SALT
from importer.records import Withdrawn

from .making import Work, a_run, activity, activity_id, chunk, ledger_in, order, receipts

JOURNAL = f"{LEDGER}-journal"


def state_of(folder: Path) -> list[str]:
    """All that a ledger says after it was opened in the usual way, a leftover journal rolled back."""
    with ledger_in(folder) as ledger, ledger.engine.begin() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    with sqlite3.connect(folder / LEDGER) as plain:
        lines = list(plain.iterdump())
    plain.close()
    return lines


@contextmanager
def snapshots(ledger: Ledger, state: Path, into: Path) -> Iterator[list[Path]]:
    """Copies the ledger's files before each statement and before each commit.

    The cache is kept so small that SQLite writes into the database long before it commits, as it does with large
    transactions: the copies are what a disk holds in the middle of one.
    """
    with ledger.engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA cache_size = 1")
        connection.exec_driver_sql("PRAGMA cache_spill = 1")
    copies: list[Path] = []

    def copy(*_: object) -> None:
        copies.append(into / str(len(copies)))
        copies[-1].mkdir(parents=True)
        for name in (LEDGER, JOURNAL, SALT):
            if (state / name).exists():
                shutil.copy(state / name, copies[-1] / name)

    event.listen(ledger.engine, "before_cursor_execute", copy)
    event.listen(ledger.engine, "commit", copy)
    yield copies
    event.remove(ledger.engine, "before_cursor_execute", copy)
    event.remove(ledger.engine, "commit", copy)


LOADS = [chunk(number + 1, [activity(n) for n in range(number * 25, number * 25 + 25)]) for number in range(3)]

STEPS: dict[str, Callable[[Work], object]] = {
    "plan": lambda work: work.plan([activity(ordinal) for ordinal in range(300, 600)]),
    "intend": lambda work: work.journal.intend(LOADS[2], 1),
    "settle": lambda work: work.journal.settle(LOADS[1], 1, receipts(LOADS[1], [27])),
    "doubt": lambda work: work.journal.doubt(LOADS[1], 1, Code.ANSWER_LOST, "lost"),
    "withdraw": lambda work: work.journal.withdraw(LOADS[1], 1, Withdrawn.THROTTLED, "too fast"),
}


FINDINGS: dict[str, Callable[[Work], object]] = {
    "found": lambda work: doubts(work).found(activity(30), [activity_id(30)]),
    "found twice": lambda work: doubts(work).found(activity(30), [activity_id(30), activity_id(31)]),
    "absent": lambda work: doubts(work).absent(LOADS[1].activities),
    "rejected": lambda work: doubts(work).rejected(activity(30), Code.LSQ_REJECTED, "no"),
    "stays": lambda work: doubts(work).stays(LOADS[1].activities, Code.NOT_FOUND, "why"),
    "audited": lambda work: doubts(work).note_duplicate(3, [activity_id(3), activity_id(4)]),
    "unexpected": lambda work: doubts(work).note_there(30, activity_id(30)),
    "accept": lambda work: work.journal.accept(LOADS[1], 1, activity_id(77)),
    "again": lambda work: work.ledger.runs.begin(order(work.ledger)),
}
"""Steps that settle what is in doubt."""


def doubts(work: Work) -> DoubtBook:
    return work.ledger.doubts(work.run)


def prepared(ledger: Ledger) -> Work:
    """A run with 300 rows, one call settled and one in flight."""
    work = a_run(ledger)
    work.planned(300)
    work.journal.intend(LOADS[0], 1)
    work.journal.settle(LOADS[0], 1, receipts(LOADS[0]))
    work.journal.intend(LOADS[1], 1)
    return work


def journalled_pages(journal: bytes) -> list[int]:
    """The pages whose former content a rollback journal holds (SQLite's file format, section 3)."""
    if journal[:8] != bytes.fromhex("d9d505f920a163d7"):
        return []  # not on disk as a whole yet, and so the database is untouched
    sector, page_size = int.from_bytes(journal[20:24]), int.from_bytes(journal[24:28])
    count = int.from_bytes(journal[8:12])
    return [
        int.from_bytes(journal[at : at + 4]) for at in range(sector, sector + count * (page_size + 8), page_size + 8)
    ]


@pytest.mark.parametrize("name", [*STEPS, *FINDINGS])
def test_a_power_cut_in_a_step_leaves_what_was_before_it(tmp_path: Path, name: str) -> None:
    """Whatever a disk holds in the middle of a step, opening it gives the state before that step, whole."""
    state = tmp_path / "state"
    with ledger_in(state) as ledger:
        work = prepared(ledger)
        shutil.copytree(state, tmp_path / "before")
        with snapshots(ledger, state, tmp_path / "cuts") as cuts:
            (STEPS | FINDINGS)[name](work)
    before, after = state_of(tmp_path / "before"), state_of(state)
    assert before != after
    hot = 0
    for cut in cuts:
        hot += (cut / JOURNAL).exists()
        assert state_of(cut) == before
    assert hot >= 1, "some of the copies were made within a transaction"


@pytest.mark.parametrize("name", STEPS)
def test_pages_that_were_torn_by_a_power_cut_are_mended(tmp_path: Path, name: str) -> None:
    """Pages that were being overwritten when the power went are restored, even if half of them is rubbish."""
    state = tmp_path / "state"
    with ledger_in(state) as ledger:
        work = prepared(ledger)
        shutil.copytree(state, tmp_path / "before")
        with snapshots(ledger, state, tmp_path / "cuts") as cuts:
            STEPS[name](work)
    before = state_of(tmp_path / "before")
    chance = random.Random(3)  # noqa: S311
    torn = 0
    for cut in cuts:
        if not (cut / JOURNAL).exists() or (cut / JOURNAL).stat().st_size == 0:
            continue
        content = bytearray((cut / LEDGER).read_bytes())
        size = int.from_bytes(content[16:18])
        for page in journalled_pages((cut / JOURNAL).read_bytes()):
            at = (page - 1) * size + 512 * chance.randrange(size // 512)
            if at >= size:  # the first page tells that this is a database at all
                content[at : at + 512] = chance.randbytes(512)
                torn += 1
        (cut / LEDGER).write_bytes(content)
        assert state_of(cut) == before
    assert torn, "some pages were torn"


def test_a_journal_without_its_database_is_no_ledger(tmp_path: Path) -> None:
    """A copy that was made of the database alone, without its journal, may be damaged, but is never half a step."""
    state = tmp_path / "state"
    with ledger_in(state) as ledger:
        work = prepared(ledger)
        with snapshots(ledger, state, tmp_path / "cuts") as cuts:
            STEPS["settle"](work)
    (cuts[0] / LEDGER).unlink()
    with ledger_in(cuts[0]) as ledger:
        assert ledger.runs.all() == []


WORKING = """
import random, sys
from pathlib import Path
from importer.codes.rows import Code
from importer.records import Withdrawn
from tests.ledger.making import a_run, activity, chunk, ledger_in, receipts

chance = random.Random()
with ledger_in(Path(sys.argv[1])) as ledger:
    work = a_run(ledger)
    waiting = []
    for first in range(0, 1000, 100):
        waiting += work.plan([activity(n) for n in range(first, first + 100)])
        print("planned", flush=True)
    number = work.journal.last_chunk()
    while waiting:
        number += 1
        load = chunk(number, waiting[:25])
        work.journal.intend(load, 1)
        print("intended", *(each.ordinal for each in load.activities), flush=True)
        what = chance.choice("sssdw")
        if what == "w":
            # Said before it is done: killed in between, the rows are in doubt, and nobody sends them either.
            print("withdrawing", *(each.ordinal for each in load.activities), flush=True)
            work.journal.withdraw(load, 1, Withdrawn.THROTTLED, "too fast")
            continue
        waiting = waiting[25:]
        if what == "s":
            work.journal.settle(load, 1, receipts(load, [load.activities[0].ordinal]))
            print("settled", *(each.ordinal for each in load.activities), flush=True)
        else:
            work.journal.doubt(load, 1, Code.ANSWER_LOST, "lost")
    print("over", flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="processes are killed otherwise there")
def test_killed_processes_lose_nothing_that_was_written_down(tmp_path: Path) -> None:
    """However often a run is killed and goes on, what it said was on disk is there, and no row is sent twice."""
    environment = {**os.environ, "PYTHONPATH": str(Path(importer.__file__).parents[1])}
    chance = random.Random(7)  # noqa: S311
    sent: Counter[int] = Counter()
    settled: set[int] = set()
    outcomes: list[str] = []
    for attempt in range(60):
        with subprocess.Popen(  # noqa: S603  # our own interpreter and our own words
            [sys.executable, "-c", WORKING, str(tmp_path)], stdout=subprocess.PIPE, text=True, env=environment
        ) as process:
            assert process.stdout is not None
            first = process.stdout.readline()
            time.sleep(chance.uniform(0, 0.15) * (1 + attempt / 10))  # in the end also on a busy machine
            process.send_signal(signal.SIGKILL)
            said = [first, *process.stdout.readlines()]
        for line in said:
            what, *ordinals = line.split()
            if what == "intended" and line.endswith("\n"):
                sent.update(map(int, ordinals))
            elif what == "withdrawing" and line.endswith("\n"):
                sent.subtract(map(int, ordinals))
            elif what == "settled" and line.endswith("\n"):
                settled.update(map(int, ordinals))
        with ledger_in(tmp_path) as ledger:
            outcomes = a_run(ledger).outcomes()
            assert {"created", "rejected"} >= {outcomes[ordinal] for ordinal in settled}
        if "over\n" in said:
            break
    assert len(outcomes) == 1000
    assert "not_sent" not in outcomes, "in the end every row had its turn"
    assert max(sent.values()) <= 1
