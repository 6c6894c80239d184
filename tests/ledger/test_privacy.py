"""What a ledger does not hold: values of rows that are there, and keys."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from importer.blocks import Cell
from importer.codes.rows import Code
from importer.ledger.ledger import Ledger
from importer.ledger.place import LEDGER
from importer.records import Activity, Chunk, Outcome, Withdrawn

from .making import a_run, key, ledger_in, receipts

CANARY = "canary-Žofie-9845098450"


def words(ordinal: int) -> str:
    """What stands in a row and nowhere else."""
    return f"{CANARY}-{ordinal:05}-" + "x" * (ordinal % 7 * 900)  # some rows do not fit into one page


def secret_activity(ordinal: int) -> Activity:
    return Activity(ordinal, key(ordinal), f'{{"ActivityNote":"{words(ordinal)}"}}'.encode(), "a lead")


def secret_chunk(number: int, ordinals: range) -> Chunk:
    rows = tuple(secret_activity(ordinal) for ordinal in ordinals)
    return Chunk(number, rows, lambda: tuple((Cell(words(ordinal)),) for ordinal in ordinals))


def forms(text: str) -> list[bytes]:
    """A text as it may stand in a file: in UTF-8, as JSON has it, in UTF-16, in base64."""
    escaped = text.encode("ascii", "backslashreplace").replace(b"\\x17d", b"\\u017d")
    return [
        text.encode(),
        escaped,
        text.encode("utf-16-le"),
        *(base64.b64encode(b"\0" * n + text.encode())[4:-4] for n in range(3)),
    ]


def found_in(content: bytes, ordinals: range) -> set[int]:
    """The rows of which something stands in these bytes."""
    return {n for n in ordinals if any(form in content for form in forms(f"{CANARY}-{n:05}"))}


def files(state: Path) -> bytes:
    """All bytes of all files of a ledger."""
    return b"\n".join(path.read_bytes() for path in sorted(state.iterdir()))


@contextmanager
def watching(ledger: Ledger, state: Path) -> Iterator[list[bytes]]:
    """Collects the bytes of all files before each statement and each commit, the journal's included."""
    seen: list[bytes] = []

    def look(*_: Any) -> None:
        seen.append(files(state))

    event.listen(ledger.engine, "before_cursor_execute", look)
    event.listen(ledger.engine, "commit", look)
    yield seen
    event.remove(ledger.engine, "before_cursor_execute", look)
    event.remove(ledger.engine, "commit", look)


def test_what_is_in_flight_can_be_found(tmp_path: Path) -> None:
    """The search that the other tests rely on finds cells and bodies that are there."""
    with ledger_in(tmp_path) as ledger:
        work = a_run(ledger)
        work.plan([secret_activity(n) for n in range(25)])
        assert found_in(files(tmp_path), range(25)) == set()
        work.journal.intend(secret_chunk(1, range(25)), 1)
        assert found_in(files(tmp_path), range(25)) == set(range(25))


def test_nothing_of_a_created_row_is_left_in_any_file(tmp_path: Path) -> None:
    """Once a row is created its cells and its body are gone from the bytes of every file."""
    with ledger_in(tmp_path) as ledger:
        work = a_run(ledger)
        work.plan([secret_activity(n) for n in range(100)])
        for number in range(1, 5):
            load = secret_chunk(number, range((number - 1) * 25, number * 25))
            work.journal.intend(load, 1)
            work.journal.settle(load, 1, receipts(load))
            assert found_in(files(tmp_path), range(100)) == set()
        with watching(ledger, tmp_path) as seen:
            load = Chunk(5, ())
            work.ledger.runs.finish(work.run, 0, 1.0, still_open=False)
            assert list(ledger.view(work.run).held(tuple(Outcome))) == []
        assert len(seen) > 4
        assert all(found_in(content, range(100)) == set() for content in seen), "later journals hold nothing of it"
    assert found_in(files(tmp_path), range(100)) == set()


def test_rows_that_need_correcting_or_looking_up_are_kept_and_no_others(tmp_path: Path) -> None:
    """Refused and doubtful rows keep their cells for the report; their neighbours do not."""
    with ledger_in(tmp_path) as ledger:
        work = a_run(ledger)
        work.plan([secret_activity(n) for n in range(75)])
        for number in (1, 2, 3):
            work.journal.intend(secret_chunk(number, range((number - 1) * 25, number * 25)), 1)
        first, second, third = (secret_chunk(n, range((n - 1) * 25, n * 25)) for n in (1, 2, 3))
        work.journal.settle(first, 1, receipts(first, [3, 24]))
        work.journal.doubt(second, 1, Code.ANSWER_LOST, "lost")
        work.journal.withdraw(third, 1, Withdrawn.THROTTLED, "too fast")
        assert found_in(files(tmp_path), range(75)) == {3, 24, *range(25, 50)}
    assert found_in((tmp_path / LEDGER).read_bytes(), range(75)) == {3, 24, *range(25, 50)}


@pytest.mark.parametrize("why", list(Withdrawn))
def test_a_row_that_waits_again_leaves_nothing_behind(tmp_path: Path, why: Withdrawn) -> None:
    """A call that did nothing leaves none of its rows' values in any file."""
    with ledger_in(tmp_path) as ledger:
        work = a_run(ledger)
        work.plan([secret_activity(n) for n in range(25)])
        load = secret_chunk(1, range(25))
        work.journal.intend(load, 1)
        work.journal.withdraw(load, 1, why, "cause")
        assert found_in(files(tmp_path), range(25)) == set()


def test_no_key_is_in_any_file(tmp_path: Path) -> None:
    """The access key under which an account is known is in no file, at no moment."""
    access_key = f"u$r{CANARY}"
    with ledger_in(tmp_path) as ledger, watching(ledger, tmp_path) as seen:
        ledger.runs.account("api.leadsquared.com", access_key)
        ledger.runs.account("api.leadsquared.com", access_key)
    assert len(seen) > 2
    assert not any(form in content for content in (*seen, files(tmp_path)) for form in forms(access_key))
