"""Rows in doubt, as the ledger has them: of this run and of earlier ones, and what is found out about them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from importer.codes.rows import Code
from importer.in_doubt import KnownActivity
from importer.ledger.doubts import DoubtBook
from importer.ledger.entries import ActivityState
from importer.ledger.ledger import Ledger
from importer.records import Activity, Outcome, Withdrawn

from .making import START, Work, a_run, activity, activity_id, cells, chunk, key, ledger_in, order, receipts


def doubts(work: Work) -> DoubtBook:
    return work.ledger.doubts(work.run)


def in_doubt(ledger: Ledger, name: str = "visits.csv", rows: int = 3) -> Work:
    """A run whose first call has ended nobody knows how."""
    work = a_run(ledger, name)
    load = chunk(1, work.planned(rows))
    work.journal.intend(load, 1)
    work.journal.doubt(load, 1, Code.SERVER_ERROR, "HTTP 500")
    return work


def state_of(ledger: Ledger, word: str | int) -> ActivityState | None:
    """What is known of an activity."""
    known = ledger.known([key(word)]).get(key(word))
    return known.state if known else None


ROWS = [activity(0), activity(1), activity(2)]

# ---------------------------------------------------------------------------------------------------- what is open


def test_a_doubt_is_a_call_with_its_rows_and_times(tmp_path: Path) -> None:
    """Chunk, bodies, cells, attempt, and when the call began and ended: all that looking it up takes."""
    with ledger_in(tmp_path) as ledger:
        work = in_doubt(ledger)
        (doubt,) = doubts(work).open(25)
        assert (doubt.chunk.number, doubt.attempt, doubt.cause) == (1, 1, "HTTP 500")
        assert doubt.chunk.activities == tuple(ROWS)
        assert doubt.chunk.cells() == tuple(cells(ordinal) for ordinal in range(3))
        assert START < doubt.sent_at < (doubt.ended_at or START) < START + timedelta(minutes=1)


def test_a_call_whose_process_has_died_has_no_end(tmp_path: Path) -> None:
    """An intent without outcome is a doubt like any other, only that nobody knows when its call ended."""
    with ledger_in(tmp_path) as ledger:
        work = a_run(ledger)
        work.journal.intend(chunk(1, work.planned(2)), 1)
    with ledger_in(tmp_path) as ledger:
        (doubt,) = doubts(a_run(ledger)).open(25)
        assert doubt.ended_at is None
        assert state_of(ledger, 0) is ActivityState.IN_DOUBT


def test_the_last_attempt_of_a_call_counts(tmp_path: Path) -> None:
    """A call that was refused for going too fast and then lost is as old as its second attempt."""
    with ledger_in(tmp_path) as ledger:
        work = a_run(ledger)
        load = chunk(1, work.planned(2))
        work.journal.intend(load, 1)
        work.journal.withdraw(load, 1, Withdrawn.THROTTLED, "too fast")
        work.journal.intend(load, 2)
        (doubt,) = doubts(work).open(25)
        assert doubt.attempt == 2
        assert doubt.ended_at is None


def test_what_is_settled_is_open_no_more(tmp_path: Path) -> None:
    """Of a call's rows those that are still in doubt are left."""
    with ledger_in(tmp_path) as ledger:
        work = in_doubt(ledger)
        doubts(work).found(ROWS[1], [activity_id(1)])
        (doubt,) = doubts(work).open(25)
        assert doubt.chunk.activities == (ROWS[0], ROWS[2])


def test_rows_that_an_earlier_run_left_in_doubt_are_as_old_as_its_call(tmp_path: Path) -> None:
    """A run that meets them waits from when they were sent, not from when it met them."""
    with ledger_in(tmp_path) as ledger:
        first = in_doubt(ledger)
        (own,) = doubts(first).open(25)
        second = a_run(ledger, "other.csv")
        assert second.plan(ROWS) == []
        met = doubts(second).of_earlier_runs(ROWS)
        assert (met.sent_at, met.ended_at) == (own.sent_at, own.ended_at)
        assert met.chunk.number == 0
        assert met.chunk.cells() == tuple(cells(ordinal) for ordinal in range(3))
        (again,) = doubts(second).open(25)
        assert (again.chunk.activities, again.sent_at, again.ended_at) == (tuple(ROWS), own.sent_at, own.ended_at)


@pytest.mark.parametrize(("rows_per_call", "loads"), [(1, [1, 1, 1]), (2, [2, 1]), (25, [3])])
def test_rows_of_earlier_runs_are_asked_about_in_loads_of_a_call(
    tmp_path: Path, rows_per_call: int, loads: list[int]
) -> None:
    """They may have to go again, and a call carries only so many."""
    with ledger_in(tmp_path) as ledger:
        in_doubt(ledger)
        second = a_run(ledger, "other.csv")
        second.plan(ROWS)
        assert [len(each.chunk.activities) for each in doubts(second).open(rows_per_call)] == loads


# ------------------------------------------------------------------------------------------------- what is found


def test_a_row_that_is_found_is_created(tmp_path: Path) -> None:
    """With its id, under the call that did it, and without a word of what stood in it."""
    with ledger_in(tmp_path) as ledger:
        work = in_doubt(ledger)
        doubts(work).found(ROWS[1], [activity_id(9)])
        assert work.lines()[1] == (3, "created", 1, 2, activity_id(9), "read-back")
        assert sorted(work.held()) == [2, 4]
        assert ledger.known([key(1)])[key(1)].activity_id == activity_id(9)
        assert state_of(ledger, 0) is ActivityState.IN_DOUBT


def test_a_row_that_is_found_twice_bears_both_ids(tmp_path: Path) -> None:
    """It is created, and told with a code of its own."""
    with ledger_in(tmp_path) as ledger:
        work = in_doubt(ledger)
        doubts(work).found(ROWS[0], [activity_id(7), activity_id(8)])
        (result, *_) = ledger.view(work.run).results()
        assert (result.outcome, result.code) == (Outcome.CREATED, Code.FOUND_TWICE)
        assert activity_id(7) in result.message
        assert activity_id(8) in result.message


def test_a_row_that_is_absent_waits_for_its_turn(tmp_path: Path) -> None:
    """As if it had never been sent; anyone may send it."""
    with ledger_in(tmp_path) as ledger:
        work = in_doubt(ledger)
        assert doubts(work).absent([ROWS[0], ROWS[2]]) == [ROWS[0], ROWS[2]]
        assert work.outcomes() == ["not_sent", "unknown", "not_sent"]
        assert work.lines()[0][2:5] == (None, None, "")
        assert sorted(work.held()) == [3]
        assert state_of(ledger, 0) is ActivityState.PLANNED
        work.send(work.journal.last_chunk() + 1, [ROWS[0], ROWS[2]])
        assert work.outcomes() == ["created", "unknown", "created"]


def test_a_row_that_is_not_taken_is_rejected_and_can_be_corrected(tmp_path: Path) -> None:
    """Its cells are kept, and nothing is known of it any more."""
    with ledger_in(tmp_path) as ledger:
        work = in_doubt(ledger)
        doubts(work).rejected(ROWS[1], Code.LSQ_REJECTED, "not a number")
        assert work.outcomes() == ["unknown", "rejected", "unknown"]
        assert work.held(Outcome.REJECTED) == [3]
        assert state_of(ledger, 1) is None


def test_a_row_that_stays_in_doubt_says_why(tmp_path: Path) -> None:
    """It keeps its call, and all that looking it up another day takes."""
    with ledger_in(tmp_path) as ledger:
        work = in_doubt(ledger)
        doubts(work).stays(ROWS[:2], Code.NOT_FOUND, "HTTP 500")
        assert [line[5] for line in work.lines()] == ["not-found", "not-found", "server-error"]
        assert [line[2] for line in work.lines()] == [1, 1, 1]
        (doubt,) = doubts(work).open(25)
        assert len(doubt.chunk.activities) == 3


# --------------------------------------------------------------------------------------- of this run and others


def met(ledger: Ledger, rows: Sequence[Activity] = ROWS) -> tuple[Work, Work]:
    """A run that has left rows in doubt, and one that has met them."""
    first = in_doubt(ledger)
    second = a_run(ledger, "other.csv")
    second.plan(rows)
    return first, second


def test_found_for_a_later_run_it_is_its_duplicate_and_created_in_the_earlier_one(tmp_path: Path) -> None:
    """Each of the two runs tells what became of its own row."""
    with ledger_in(tmp_path) as ledger:
        first, second = met(ledger)
        doubts(second).found(ROWS[0], [activity_id(5)])
        assert first.lines()[0] == (2, "created", 1, 1, activity_id(5), "read-back")
        assert second.lines()[0] == (2, "duplicate", None, None, activity_id(5), "already-imported")
        assert (first.held(), second.held()) == ([3, 4], [3, 4])


def test_absent_for_a_later_run_it_is_that_one_s_to_send(tmp_path: Path) -> None:
    """The earlier run's row was not sent, and becomes a duplicate if that run goes on."""
    with ledger_in(tmp_path) as ledger:
        first, second = met(ledger)
        assert doubts(second).absent(ROWS) == ROWS
        assert first.outcomes() == second.outcomes() == ["not_sent"] * 3
        second.send(1, ROWS)
        again = a_run(ledger)
        assert again.plan(ROWS) == []
        assert again.outcomes() == ["duplicate"] * 3


def test_what_was_created_meanwhile_is_not_absent(tmp_path: Path) -> None:
    """The earlier run has settled and sent the row itself: a receipt proves more than a look that misses it."""
    with ledger_in(tmp_path) as ledger:
        first, second = met(ledger)
        doubts(first).absent(ROWS)
        first.send(2, ROWS)
        assert doubts(second).absent(ROWS[:1]) == []
        doubts(second).rejected(ROWS[1], Code.LSQ_REJECTED, "no")
        assert first.outcomes() == ["created"] * 3
        assert [line[1:] for line in second.lines()[:2]] == [
            ("duplicate", None, None, activity_id(row), "already-imported") for row in (0, 1)
        ]


def test_what_was_refused_meanwhile_may_be_sent(tmp_path: Path) -> None:
    """The earlier run's row was proven not to be there, so nothing is known of it: the later one has its turn."""
    with ledger_in(tmp_path) as ledger:
        first, second = met(ledger)
        doubts(first).rejected(ROWS[0], Code.LSQ_REJECTED, "no")
        assert doubts(second).absent(ROWS[:1]) == ROWS[:1]
        assert (first.outcomes()[0], second.outcomes()[0]) == ("rejected", "not_sent")
        second.send(1, ROWS[:1])
        assert second.outcomes()[0] == "created"


def test_what_was_refused_and_is_there_after_all_is_created(tmp_path: Path) -> None:
    """A row that is read back is there, whatever was thought of it."""
    with ledger_in(tmp_path) as ledger:
        first, second = met(ledger)
        doubts(first).rejected(ROWS[0], Code.LSQ_REJECTED, "no")
        doubts(second).found(ROWS[0], [activity_id(5)])
        assert second.outcomes()[0] == "created"
        assert state_of(ledger, 0) is ActivityState.CREATED


def test_of_equal_rows_in_one_run_one_is_sent(tmp_path: Path) -> None:
    """Two sources have the same row, and it was in doubt when the second was read: one goes, the other is like it."""
    with ledger_in(tmp_path) as ledger:
        work = a_run(ledger, sources=[0, 1])
        load = chunk(1, work.plan([activity(0, "same")]))
        work.journal.intend(load, 1)
        work.journal.doubt(load, 1, Code.SERVER_ERROR, "HTTP 500")
        assert work.plan([activity(1, "same")]) == []
        assert work.outcomes() == ["unknown", "unknown"]
        assert doubts(work).absent([activity(0, "same")]) == [activity(0, "same")]
        assert doubts(work).absent([activity(1, "same")]) == []
        assert work.outcomes() == ["not_sent", "duplicate"]


@pytest.mark.parametrize("places", [(0, 1), (1, 0)])
def test_equal_rows_that_wait_for_an_earlier_run_s_doubt_are_sent_once(tmp_path: Path, places: tuple[int, int]) -> None:
    """Whichever of them is looked up first has its turn."""
    with ledger_in(tmp_path) as ledger:
        in_doubt(ledger)
        second = a_run(ledger, "other.csv", sources=[0, 1])
        second.plan([activity(0, 0)])
        second.plan([activity(1, 0)])
        assert second.outcomes() == ["unknown", "unknown"]
        twins = [activity(place, 0) for place in places]
        assert doubts(second).absent(twins) == twins[:1]
        assert sorted(second.outcomes()) == ["duplicate", "not_sent"]


def test_equal_rows_that_are_found_are_one_activity(tmp_path: Path) -> None:
    """The one that was sent is created, the other its duplicate, in either order."""
    for places in ((0, 1), (1, 0)):
        with ledger_in(tmp_path / str(places)) as ledger:
            work = a_run(ledger, sources=[0, 1])
            load = chunk(1, work.plan([activity(0, "same")]))
            work.journal.intend(load, 1)
            work.journal.doubt(load, 1, Code.SERVER_ERROR, "HTTP 500")
            work.plan([activity(1, "same")])
            for place in places:
                doubts(work).found(activity(place, "same"), [activity_id(4)])
            assert work.outcomes() == ["created", "duplicate"]
            assert work.held() == []


# --------------------------------------------------------------------------------------------- what is known, audits


def test_an_audit_s_findings_are_noted(tmp_path: Path) -> None:
    """A row that is there although it was given up is created; one that is there twice bears both ids."""
    with ledger_in(tmp_path) as ledger:
        work = a_run(ledger)
        work.send(1, work.planned(3), refused=[1])
        doubts(work).note_there(1, activity_id(41))
        doubts(work).note_duplicate(2, [activity_id(2), activity_id(42)])
        assert work.outcomes() == ["created"] * 3
        assert [line[4] for line in work.lines()] == [activity_id(0), activity_id(41), activity_id(2)]
        assert [line[5] for line in work.lines()][1:] == ["read-back", "found-twice"]
        assert work.held() == []
        assert ledger.known([key(1)])[key(1)].state is ActivityState.CREATED


def test_known_activities_are_those_of_the_type_and_the_account_the_latest_first(tmp_path: Path) -> None:
    """What serves as a control was created for certain, as an activity of this type, with a key if rows have one."""
    with ledger_in(tmp_path) as ledger:
        for number, options in enumerate(
            ({"event": 201, "keyed": True}, {"event": 202, "keyed": True}, {"event": 201, "keyed": False})
        ):
            run, _ = ledger.runs.begin(order(ledger, f"{number}.csv", **options))
            work = Work(ledger, run, continued=False)
            work.send(1, work.plan([activity(0, f"{number}-0"), activity(1, f"{number}-1")]), refused=[1])
        run, _ = ledger.runs.begin(order(ledger, "last.csv", event=201, keyed=True))
        book = ledger.doubts(run)
        keyed = book.known_activities(201, 5, keyed=True)
        assert keyed == [KnownActivity(activity_id(0), "lead of 0-0", key("0-0"))]
        assert [each.key for each in book.known_activities(201, 5, keyed=False)] == [key("2-0"), key("0-0")]
        assert len(book.known_activities(201, 1, keyed=False)) == 1
        assert book.known_activities(203, 5, keyed=False) == []


def test_activities_of_other_rows_are_known_in_any_case_of_letters(tmp_path: Path) -> None:
    """Hundreds are asked for together, and the ledger is looked through once; without any it is left alone."""
    with ledger_in(tmp_path) as ledger:
        work = a_run(ledger)
        work.send(1, work.plan([activity(0), activity(1)]), refused=[1])
        book, statements = ledger.doubts(work.run), list[str]()
        event.listen(book.engine, "before_cursor_execute", lambda *facts: statements.append(facts[2]))
        mine, others = activity_id(0).upper(), [activity_id(number) for number in range(1, 400)]
        assert book.owned([mine, *others]) == {mine}
        assert sum("rows" in statement for statement in statements) == 1
        assert book.owned([]) == frozenset()
        assert sum("rows" in statement for statement in statements) == 1


def test_receipts_and_doubts_live_together(tmp_path: Path) -> None:
    """A run with rows of every kind has each open doubt once, and no other."""
    with ledger_in(tmp_path) as ledger:
        work = a_run(ledger)
        rows = work.planned(8)
        for number in range(4):
            load = chunk(number + 1, rows[number * 2 : number * 2 + 2])
            work.journal.intend(load, 1)
            if number == 0:
                work.journal.settle(load, 1, receipts(load))
            elif number == 1:
                work.journal.doubt(load, 1, Code.ANSWER_LOST, "x")
            elif number == 2:
                work.journal.accept(load, 1, activity_id(99))
        opened = doubts(work).open(25)
        assert [each.chunk.number for each in opened] == [2, 4]
        (queued,) = doubts(work).queued()
        assert (queued.chunk.number, queued.request_id) == (3, activity_id(99))
        assert isinstance(opened[0].sent_at, datetime)
