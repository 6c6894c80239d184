"""Stretches of rows that the ledger knows, and how a run that meets them is told."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from importer.blocks import Cell, CellKind
from importer.fingerprints import KEY_BYTES
from importer.ledger.journal import Journal
from importer.ledger.ledger import Ledger
from importer.passages import BadRow, Passage
from importer.records import Activity, HeldRow, Outcome

from .making import Work, a_run, activity, activity_id, chunk, invalid, key, ledger_in

MARK = b"mark of them all"


def passage(rows: Sequence[Activity], there: Sequence[bool] | None = None, mark: bytes = MARK) -> Passage:
    """A stretch of these rows; those that are `there` were created by an earlier run that has noted the stretch."""
    ordinals = np.array([row.ordinal for row in rows], np.int64)
    return Passage(
        mark,
        mark + b" and all beside",
        bool(there),
        np.ones(len(rows), np.bool_),
        ordinals,
        ordinals + 2,
        np.frombuffer(b"".join(row.key for row in rows), np.uint8).reshape(-1, KEY_BYTES),
        np.arange(1, len(rows) + 1),
        np.array(there or [False] * len(rows), np.bool_),
        [] if there else [row.lead for row in rows],
    )


def imported(ledger: Ledger, refused: Sequence[int] = ()) -> Work:
    """A run that has sent a stretch of five rows, number 2 of them invalid."""
    work = a_run(ledger, "first")
    rows = [activity(ordinal) for ordinal in (0, 1, 3, 4)]
    work.plan(rows, [invalid(2)])
    ledger.stretches(work.run).note([passage(rows)])
    work.send(1, rows, refused)
    ledger.stretches(work.run).learn()
    work.finish()
    return work


def test_what_a_run_has_created_is_remembered(tmp_path: Path) -> None:
    """Identities, numbers and which rows are there; a row that was refused is not."""
    with ledger_in(tmp_path) as ledger:
        work = imported(ledger, refused=[3])
        (found,) = ledger.stretches(work.run).known([MARK, b"another one"]).values()
        assert [bytes(each) for each in found.identities] == [key(word) for word in (0, 1, 3, 4)]
        assert found.numbers.tolist() == [1, 2, 3, 4]
        assert found.created.tolist() == [True, True, False, True]
        assert ledger.stretches(work.run).known([]) == {}


def test_rows_that_were_there_are_told_from_the_stretch(tmp_path: Path) -> None:
    """They have no line in the ledger, and are in every count and in results.csv at their places all the same."""
    with ledger_in(tmp_path) as ledger:
        imported(ledger, refused=[3])
        again = a_run(ledger, "again", sources=(0, 10))
        rows = [activity(ordinal, word) for ordinal, word in ((10, 0), (11, 1), (13, 3), (14, 4))]
        again.plan([activity(0, "new")], [])
        again.plan([rows[2]], [invalid(12)])
        ledger.stretches(again.run).note([passage(rows, there=[True, True, False, True])])
        again.send(1, [activity(0, "new"), rows[2]])
        assert again.lines() == [
            (2, "created", 1, 1, activity_id(0), ""),
            (12, "duplicate", None, None, activity_id(0), "already-imported"),
            (13, "duplicate", None, None, activity_id(1), "already-imported"),
            (14, "invalid", None, None, "", "too-long"),
            (15, "created", 1, 2, activity_id(13), ""),
            (16, "duplicate", None, None, activity_id(4), "already-imported"),
        ]
        view = ledger.view(again.run)
        assert [each.place.source for each in view.results()] == ["again-0"] + ["again-1"] * 5
        assert [each.lead for each in view.results()][1:3] == ["lead of 0", "lead of 1"]
        counts = {str(name): count for name, count in view.counts().items() if count}
        assert counts == {"created": 2, "duplicate": 3, "invalid": 1}
        assert view.codes() == {"already-imported": 3, "too-long": 1}
        assert [view.rows_of(position) for position in (0, 1)] == [1, 5]
        assert again.journal.outcomes(10, 14) == {
            10: Outcome.DUPLICATE,
            11: Outcome.DUPLICATE,
            12: Outcome.INVALID,
            13: Outcome.CREATED,
            14: Outcome.DUPLICATE,
        }
        assert list(again.journal.created_ids()) == [activity_id(0), activity_id(13)]


def test_what_was_missing_is_learned_later(tmp_path: Path) -> None:
    """A row of a known stretch that is created by a later run completes what is remembered."""
    with ledger_in(tmp_path) as ledger:
        imported(ledger, refused=[3])
        again = a_run(ledger, "again")
        rows = [activity(ordinal) for ordinal in (0, 1, 3, 4)]
        again.plan([rows[2]])
        book = ledger.stretches(again.run)
        book.note([passage(rows, there=[True, True, False, True])])
        again.send(1, [rows[2]])
        book.learn()
        assert book.known([MARK])[MARK].created.all()


def test_nothing_is_learned_from_rows_that_nobody_is_sure_of(tmp_path: Path) -> None:
    """In doubt, waiting, or a duplicate of a row that is still on its way: none of them is there."""
    with ledger_in(tmp_path) as ledger:
        work = a_run(ledger, sources=(0, 3))
        rows = [activity(0, "x"), activity(1, "y"), activity(2, "z")]
        work.plan(rows)
        twin = activity(3, "z")
        work.plan([twin])
        assert work.outcomes()[3] == "duplicate"
        book = ledger.stretches(work.run)
        book.note([passage(rows), passage([twin], mark=b"twin")])
        work.journal.intend(chunk(1, rows[:1]), 1)
        book.learn()
        known = book.known([MARK, b"twin"])
        assert not known[MARK].created.any()
        assert not known[b"twin"].created.any()


def test_the_same_texts_further_down_are_other_activities(tmp_path: Path) -> None:
    """A stretch that stands twice in a source has two lives: what was created of the second is not learned of the
    first, whose rows were refused.
    """
    with ledger_in(tmp_path) as ledger:
        work = a_run(ledger)
        first = [activity(0, "a"), activity(1, "b")]
        second = [activity(2, "a again"), activity(3, "b again")]
        work.plan([*first, *second])
        book = ledger.stretches(work.run)
        once = passage(first)
        book.note([once, replace(passage(second), numbers=once.numbers + 1)])
        work.send(1, first, refused=[0, 1])
        work.send(2, second)
        book.learn()
        assert not book.known([MARK])[MARK].created.any()


def test_a_run_that_goes_on_notes_nothing_twice(tmp_path: Path) -> None:
    """The passages of before the stop stay as they are, whatever the same rows look like now."""
    with ledger_in(tmp_path) as ledger:
        imported(ledger)
        again = a_run(ledger, "again")
        rows = [activity(ordinal) for ordinal in (0, 1, 3, 4)]
        ledger.stretches(again.run).note([passage(rows, there=[True] * 4)])
        again.finish(5, still_open=True)
        more = a_run(ledger, "again")
        assert more.continued
        assert not more.plan(rows)
        ledger.stretches(more.run).note([passage(rows)])
        assert more.outcomes() == ["duplicate"] * 4


CELLS = (Cell("4"), Cell("5", CellKind.NUMBER, "5.2", "0"))
WORDS = ("B", "Amount", "4", "an integer", "integer-unreadable", "Amount is no integer", "")


def with_bad(one: Passage, *ordinals: int) -> Passage:
    """The same stretch, whose rows of these ordinals are bad."""
    start = min([*one.ordinals.tolist(), *ordinals])
    good = np.zeros(max([*one.ordinals.tolist(), *ordinals]) + 1 - start, np.bool_)
    good[one.ordinals - start] = True
    rows = tuple(
        BadRow(ordinal - start, f"lead {ordinal}", "integer-unreadable;too-long", "a | b", (WORDS, WORDS), CELLS)
        for ordinal in ordinals
    )
    places = np.array(ordinals)
    return replace(one, good=good, bad=rows, bad_ordinals=places, bad_rows=places + 2)


def test_what_is_said_of_a_bad_row_is_said_once(tmp_path: Path) -> None:
    """A bad row of a stretch has no line in the ledger, neither in the run that meets it first nor in one that meets it
    again, elsewhere; and is in every count, in results.csv and among the rows to correct, each time.
    """
    with ledger_in(tmp_path) as ledger:
        work = a_run(ledger, "first")
        rows = [activity(ordinal) for ordinal in (1, 3)]
        work.plan(rows, [invalid(5)])
        ledger.stretches(work.run).note([with_bad(passage(rows), 0, 2)])
        work.send(1, rows)
        ledger.stretches(work.run).learn()
        work.finish()
        again = a_run(ledger, "again", sources=(0, 10))
        book = ledger.stretches(again.run)
        (found,) = book.known([MARK]).values()
        assert found.good.tolist() == [False, True, False, True]
        assert found.created.tolist() == [True, True]
        (bad_rows,) = book.known_bad([MARK + b" and all beside", b"other"]).values()
        assert [(bad.offset, bad.lead, bad.issues, bad.cells) for bad in bad_rows] == [
            (0, "lead 0", (WORDS, WORDS), ()),
            (2, "lead 2", (WORDS, WORDS), ()),
        ]
        again.plan([], [invalid(0)])
        rows = [activity(ordinal, word) for ordinal, word in ((11, 1), (13, 3))]
        once_more = with_bad(passage(rows, there=[True, True]), 10, 12)
        book.note([replace(once_more, bad=bad_rows, bad_known=True)])
        assert again.lines() == [
            (2, "invalid", None, None, "", "too-long"),
            (12, "invalid", None, None, "", "integer-unreadable;too-long"),
            (13, "duplicate", None, None, activity_id(1), "already-imported"),
            (14, "invalid", None, None, "", "integer-unreadable;too-long"),
            (15, "duplicate", None, None, activity_id(3), "already-imported"),
        ]
        view = ledger.view(again.run)
        assert [each.lead for each in view.results()][1::2] == ["lead 0", "lead 2"]
        assert {str(name): count for name, count in view.counts().items() if count} == {"duplicate": 2, "invalid": 3}
        assert view.codes() == {"already-imported": 2, "integer-unreadable": 2, "too-long": 3}
        assert [view.rows_of(position) for position in (0, 1)] == [1, 4]
        held = list(view.held((Outcome.INVALID, Outcome.REJECTED)))
        assert [(row.place.source, row.row) for row in held] == [("again-0", 2), ("again-1", 12), ("again-1", 14)]
        assert held[2] == HeldRow(held[1].place, 14, CELLS, "integer-unreadable;too-long", "a | b")
        assert list(view.held([Outcome.UNKNOWN])) == []


def test_bad_rows_of_a_stretch_are_done_when_a_run_goes_on(tmp_path: Path) -> None:
    """They have no line, but the run knows that it is done with them."""
    with ledger_in(tmp_path) as ledger:
        work = a_run(ledger)
        rows = [activity(ordinal) for ordinal in (1, 3)]
        ledger.stretches(work.run).note([with_bad(passage(rows), 0, 2), with_bad(passage([], mark=b"bad"), 7, 8)])
        assert outcomes(work.journal, 0, 9) == {0: "invalid", 2: "invalid", 7: "invalid", 8: "invalid"}
        work.plan(rows)
        assert outcomes(work.journal, 1, 3) == {0: "invalid", 1: "not_sent", 2: "invalid", 3: "not_sent"}


def outcomes(journal: Journal, first: int, last: int) -> dict[int, str]:
    """What is done, by ordinal."""
    return {ordinal: str(outcome) for ordinal, outcome in sorted(journal.outcomes(first, last).items())}
