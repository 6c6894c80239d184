"""When the ledger is looked through from end to end, and when it need not be."""

import json
import os
import shutil
import sqlite3
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from importer.ledger.faults import LedgerDamaged
from importer.ledger.ledger import open_ledger
from importer.ledger.place import LEDGER
from importer.ledger.soundness import EVERY, MARK, Soundness

from .making import START, a_run, ledger_in


@pytest.fixture
def damaged(tmp_path: Path) -> Path:
    """A ledger that was left in order, and was damaged since by something that leaves no trace in the file's times.

    The damage is in an index, which nothing but a look through all of it shows.
    """
    state = tmp_path / "state"
    with ledger_in(state) as ledger:
        a_run(ledger)
    before = (state / LEDGER).stat()
    content = bytearray((state / LEDGER).read_bytes())
    connection = sqlite3.connect(state / LEDGER)
    (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'runs_by_signature'").fetchone()
    connection.close()
    place = content.index(b"visits.csv", (page - 1) * 4096)
    content[place : place + 10] = b"visitz.csv"
    (state / LEDGER).write_bytes(content)
    os.utime(state / LEDGER, ns=(before.st_atime_ns, before.st_mtime_ns))
    return state


def opens(state: Path, at: datetime = START) -> bool:
    """Whether the ledger opens at that time."""
    try:
        with open_ledger(state, lambda: at):
            return True
    except LedgerDamaged:
        return False


def test_a_ledger_that_is_as_it_was_left_is_believed_for_a_week(damaged: Path) -> None:
    """After that it is looked through again, and before it if the clock was set back."""
    assert opens(damaged, START + timedelta(days=6))
    assert opens(damaged, START + timedelta(days=6)), "a look that was left out does not make it younger"
    assert not opens(damaged, START + EVERY + timedelta(minutes=1))
    assert not opens(damaged, START - timedelta(days=1))


@pytest.mark.parametrize("what", ["touched", "grown", "replaced", "journal", "no mark", "broken mark", "strange mark"])
def test_any_other_ledger_is_looked_through(damaged: Path, what: str) -> None:
    """Changed, put back from a copy, left in the middle of a transaction, or of which nothing is known."""
    ledger, mark = damaged / LEDGER, damaged / MARK
    match what:
        case "touched":
            ledger.touch()
        case "grown":
            facts = json.loads(mark.read_text(encoding="utf-8"))
            facts["file"][1] += 4096
            mark.write_text(json.dumps(facts), encoding="utf-8")
        case "replaced":
            shutil.copy2(ledger, damaged / "copy")
            (damaged / "copy").replace(ledger)
        case "journal":
            (damaged / f"{LEDGER}-journal").write_bytes(b"")
        case "no mark":
            mark.unlink()
        case "broken mark":
            mark.write_bytes(b"\xff{")
        case _:
            mark.write_text('["checked_at"]', encoding="utf-8")
    assert not opens(damaged, START + timedelta(hours=1))


def test_doctor_believes_no_mark(damaged: Path) -> None:
    """Whoever asks for a thorough look gets one."""
    assert opens(damaged, START + timedelta(hours=1))
    with pytest.raises(LedgerDamaged), open_ledger(damaged, lambda: START + timedelta(hours=1), thoroughly=True):
        pass
    assert not opens(damaged, START + timedelta(hours=1)), "what was found is not forgotten"


def test_work_on_the_ledger_keeps_it_believed(damaged: Path) -> None:
    """A run that ends in order leaves the ledger in order; the day of the last look stays."""
    with open_ledger(damaged, lambda: START + timedelta(days=1)) as ledger, ledger.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE runs SET out = 'elsewhere'")
    assert opens(damaged, START + timedelta(days=2))
    assert not opens(damaged, START + EVERY + timedelta(hours=1))


def test_a_ledger_that_is_gone_at_the_end_is_no_reason_to_fail(tmp_path: Path) -> None:
    """All is done by then; what could not be noted is looked through the next time."""
    Soundness(tmp_path / "gone" / LEDGER, START).left(START)
    assert not (tmp_path / "gone").exists()
