"""Which rows are sent, and which are there already, in doubt or on their way."""

from pathlib import Path

import pytest

from importer.codes.rows import Code
from importer.records import Activity, Outcome, Withdrawn

from .making import Work, a_run, activity, activity_id, cells, chunk, invalid, key, ledger_in, receipts


def test_a_row_that_was_created_is_a_duplicate(tmp_path: Path) -> None:
    """What an earlier run created is not sent again, and the report names the activity that is there."""
    with ledger_in(tmp_path) as ledger:
        first = a_run(ledger)
        first.send(1, first.planned(2))
        first.finish()
        second = a_run(ledger)
        assert second.run.number != first.run.number
        assert second.planned(3) == [activity(2)]
        assert second.lines() == [
            (2, "duplicate", None, None, activity_id(0), "already-imported"),
            (3, "duplicate", None, None, activity_id(1), "already-imported"),
            (4, "not_sent", None, None, "", "run-stopped"),
        ]
        assert second.held() == []


def test_a_duplicate_is_known_by_its_key_wherever_it_stands(tmp_path: Path) -> None:
    """Rows in another order, in another file, between other rows: what is there is there."""
    with ledger_in(tmp_path) as ledger:
        first = a_run(ledger)
        first.send(1, [*first.plan([activity(0, "a"), activity(1, "b")])])
        first.finish()
        second = a_run(ledger, "renamed.csv")
        planned = second.plan([activity(0, "new"), activity(1, "b"), activity(2, "a")])
        assert planned == [activity(0, "new")]
        assert second.outcomes() == ["not_sent", "duplicate", "duplicate"]


@pytest.mark.parametrize("how", ["killed", "doubted"])
def test_a_row_in_doubt_is_not_sent_again_by_any_run(tmp_path: Path, how: str) -> None:
    """What may have arrived is unknown to every run, whether its run was killed or its answer lost."""
    with ledger_in(tmp_path) as ledger:
        first = a_run(ledger)
        load = chunk(1, first.planned(1))
        first.journal.intend(load, 1)
        if how == "doubted":
            first.journal.doubt(load, 1, Code.ANSWER_LOST, "lost")
    with ledger_in(tmp_path) as ledger:
        other = a_run(ledger, "other.csv")
        assert other.planned(2) == [activity(1)]
        assert other.lines()[0] == (2, "unknown", None, None, "", "in-doubt-before")
        same = a_run(ledger)
        assert same.continued
        assert same.planned(2) == [activity(1)]
        assert same.lines()[0] == (2, "unknown", 1, 1, "", "answer-lost")


def test_a_row_in_doubt_since_before_keeps_its_cells(tmp_path: Path) -> None:
    """A row that has to be looked up is listed with its cells in the file of every run that has it, and no other is."""
    with ledger_in(tmp_path) as ledger:
        first = a_run(ledger)
        planned = first.planned(2)
        first.send(1, planned[:1])
        first.journal.intend(chunk(2, planned[1:]), 1)
        second = a_run(ledger, "other.csv")
        second.planned(3)
        held = list(ledger.view(second.run).held(tuple(Outcome)))
        assert [(each.row, each.cells, each.code) for each in held] == [(3, cells(1), "in-doubt-before")]


def test_a_rejected_row_is_sent_again_by_the_next_run(tmp_path: Path) -> None:
    """Once the cause is mended, the same row of the same file has its turn anew."""
    with ledger_in(tmp_path) as ledger:
        first = a_run(ledger)
        first.send(1, first.planned(2), refused=[0])
        first.finish(1)
        second = a_run(ledger)
        assert not second.continued
        assert second.planned(2) == [activity(0)]
        second.send(1, [activity(0)])
        assert second.outcomes() == ["created", "duplicate"]
        assert first.outcomes() == ["rejected", "created"], "what was reported stays"


def test_an_equal_row_of_another_source_is_a_duplicate_while_the_first_waits(tmp_path: Path) -> None:
    """Two sources of one run with the same row make one activity: the first one has it."""
    with ledger_in(tmp_path) as ledger:
        work = a_run(ledger, sources=(0, 2))
        assert work.plan([activity(0, "a"), activity(1, "b")]) == [activity(0, "a"), activity(1, "b")]
        assert work.plan([activity(2, "b"), activity(3, "c")]) == [activity(3, "c")]
        assert work.outcomes() == ["not_sent", "not_sent", "duplicate", "not_sent"]


def test_an_equal_row_of_another_source_is_a_duplicate_while_the_first_is_under_way(tmp_path: Path) -> None:
    """It makes no difference whether the first one's call has left already when the second source is read."""
    with ledger_in(tmp_path) as ledger:
        work = a_run(ledger, sources=(0, 1))
        load = chunk(1, work.plan([activity(0, "a")]))
        work.journal.intend(load, 1)
        assert work.plan([activity(1, "a")]) == []
        work.journal.settle(load, 1, receipts(load))
        assert work.outcomes() == ["created", "duplicate"]


def test_an_equal_row_of_another_source_is_a_duplicate_when_the_first_is_there(tmp_path: Path) -> None:
    """The second one names the activity of the first."""
    with ledger_in(tmp_path) as ledger:
        work = a_run(ledger, sources=(0, 1))
        work.send(1, work.plan([activity(0, "a")]))
        assert work.plan([activity(1, "a")]) == []
        assert work.lines()[1] == (3, "duplicate", None, None, activity_id(0), "already-imported")


@pytest.mark.parametrize("killed", [True, False])
def test_an_equal_row_of_another_source_is_unknown_when_the_first_is(tmp_path: Path, *, killed: bool) -> None:
    """If nobody knows whether the first one is there, nobody knows of the second; a run that was killed included."""
    with ledger_in(tmp_path) as ledger:
        work = a_run(ledger, sources=(0, 1))
        load = chunk(1, work.plan([activity(0, "a")]))
        work.journal.intend(load, 1)
        if killed:
            work = a_run(ledger, sources=(0, 1))
            assert work.plan([activity(0, "a")]) == []
        else:
            work.journal.doubt(load, 1, Code.ANSWER_LOST, "lost")
        assert work.plan([activity(1, "a")]) == []
        assert work.outcomes() == ["unknown", "unknown"]


def test_a_rejected_row_frees_its_equals(tmp_path: Path) -> None:
    """If the first of two equal rows was refused when the second is planned, the second is tried."""
    with ledger_in(tmp_path) as ledger:
        work = a_run(ledger, sources=(0, 1))
        work.send(1, work.plan([activity(0, "a")]), refused=[0])
        assert work.plan([activity(1, "a")]) == [activity(1, "a")]


# ---------------------------------------------------------------------------------------------- going on


def half_done(work: Work) -> None:
    """A run that was killed with one row of each outcome behind it, one in flight, and two waiting."""
    planned = work.plan([activity(ordinal) for ordinal in (0, 1, 3, 4, 5, 6)], [invalid(2)])
    work.send(1, planned[:2], refused=[1])
    work.journal.intend(chunk(2, planned[2:3]), 1)
    load = chunk(3, planned[3:4])
    work.journal.intend(load, 1)
    work.journal.withdraw(load, 1, Withdrawn.THROTTLED, "too fast")


def test_a_run_goes_on_where_it_stopped(tmp_path: Path) -> None:
    """What is settled, refused, invalid or in flight stays so; what waits is sent, and nothing else."""
    with ledger_in(tmp_path) as ledger:
        half_done(a_run(ledger))
    with ledger_in(tmp_path) as ledger:
        work = a_run(ledger)
        assert work.continued
        before = work.lines()
        sent = work.plan([activity(ordinal) for ordinal in (0, 1, 3, 4, 5, 6)], [invalid(2)])
        assert sent == [activity(4), activity(5), activity(6)]
        assert work.lines() == before
        assert work.outcomes() == ["created", "rejected", "invalid", "unknown", "not_sent", "not_sent", "not_sent"]
        work.send(work.journal.last_chunk() + 1, sent)
        assert work.outcomes() == ["created", "rejected", "invalid", "unknown", "created", "created", "created"]
        assert sorted(work.held()) == [3, 4, 5]
        assert sum(ledger.view(work.run).counts().values()) == 7


def test_a_run_may_go_on_in_smaller_blocks(tmp_path: Path) -> None:
    """It makes no difference in which portions the rows come the second time."""
    with ledger_in(tmp_path) as ledger:
        a_run(ledger).planned(10)
        work = a_run(ledger)
        sent: list[Activity] = []
        for first in range(0, 10, 3):
            sent += work.plan([activity(ordinal) for ordinal in range(first, min(first + 3, 10))])
        assert sent == [activity(ordinal) for ordinal in range(10)]
        assert len(work.lines()) == 10


def test_a_row_that_is_invalid_the_second_time_is_invalid(tmp_path: Path) -> None:
    """If a later version of the program finds fault with a row that waits, the row is not lost but reported."""
    with ledger_in(tmp_path) as ledger:
        a_run(ledger).planned(3)
        work = a_run(ledger)
        assert work.plan([activity(0), activity(2)], [invalid(1)]) == [activity(0), activity(2)]
        assert work.outcomes() == ["not_sent", "invalid", "not_sent"]


def test_a_row_that_another_run_sent_meanwhile_is_a_duplicate(tmp_path: Path) -> None:
    """A stopped run that goes on finds what another one has done in between."""
    with ledger_in(tmp_path) as ledger:
        stopped = a_run(ledger)
        stopped.planned(2)
        other = a_run(ledger, "other.csv")
        other.send(1, other.planned(1))
        other.finish()
        again = a_run(ledger)
        assert again.continued
        assert again.planned(2) == [activity(1)]
        assert again.outcomes() == ["duplicate", "not_sent"]


def test_rows_that_wait_are_taken_over_and_given_back(tmp_path: Path) -> None:
    """What a stopped run only meant to send may be sent by any other, and by the first one again, once."""
    with ledger_in(tmp_path) as ledger:
        first = a_run(ledger)
        first.planned(2)
        second = a_run(ledger, "other.csv")
        assert second.planned(2) == [activity(0), activity(1)]
        again = a_run(ledger)
        assert again.planned(2) == [activity(0), activity(1)]
        again.send(1, [activity(0), activity(1)])
        assert a_run(ledger, "other.csv").planned(2) == []


def test_very_many_keys_are_looked_up(tmp_path: Path) -> None:
    """A block may have any number of rows."""
    with ledger_in(tmp_path) as ledger:
        work = a_run(ledger)
        work.send(1, work.planned(1201))
        found = ledger.known([key(ordinal) for ordinal in range(3000)])
        assert len(found) == 1201
        work.finish()
        assert a_run(ledger).planned(1300) == [activity(ordinal) for ordinal in range(1201, 1300)]


def test_a_row_in_doubt_since_an_earlier_run_keeps_its_place_in_the_report(tmp_path: Path) -> None:
    """Every planned row is in the results, whatever was known of it."""
    with ledger_in(tmp_path) as ledger:
        first = a_run(ledger)
        first.journal.intend(chunk(1, first.planned(1)), 1)
        second = a_run(ledger, "other.csv")
        second.plan([activity(0), activity(2)], [invalid(1)])
        assert second.outcomes() == ["unknown", "invalid", "not_sent"]
        assert ledger.view(second.run).counts()[Outcome.UNKNOWN] == 1
