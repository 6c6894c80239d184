"""One run's journal: what a report would say after each step, and that each step is one transaction."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import event

from importer.blocks import Cell
from importer.codes.rows import Code
from importer.ledger.entries import ActivityState
from importer.ledger.place import LEDGER
from importer.records import Chunk, Outcome, Withdrawn

from .making import Line, Work, a_run, activity, activity_id, cells, chunk, invalid, key, ledger_in, receipts

WAITING: Line = (2, "not_sent", None, None, "", "run-stopped")


def state_of(work: Work, ordinal: int) -> ActivityState | None:
    """What the memory across runs says of a row's activity."""
    known = work.ledger.known([key(ordinal)]).get(key(ordinal))
    return known.state if known else None


# -------------------------------------------------------------------------------------------------- the steps


def test_a_planned_row_was_not_sent(tmp_path: Path) -> None:
    """Before its turn a row is `not_sent`, and nothing of its content is kept."""
    with ledger_in(tmp_path) as ledger:
        work = a_run(ledger)
        assert work.planned(1) == [activity(0)]
        assert work.lines() == [WAITING]
        assert state_of(work, 0) is ActivityState.PLANNED
        assert work.held() == []


def test_an_intended_row_is_unknown(tmp_path: Path) -> None:
    """From the intent on a row may have arrived; its cells and its place in the call are kept."""
    with ledger_in(tmp_path) as ledger:
        work = a_run(ledger)
        work.journal.intend(chunk(7, work.planned(2)), 1)
        assert work.lines() == [(2, "unknown", 7, 1, "", "answer-lost"), (3, "unknown", 7, 2, "", "answer-lost")]
        assert state_of(work, 0) is state_of(work, 1) is ActivityState.IN_FLIGHT
        held = list(ledger.view(work.run).held([Outcome.UNKNOWN]))
        assert [(each.row, each.cells) for each in held] == [(2, cells(0)), (3, cells(1))]
        assert (ledger.view(work.run).calls(), ledger.view(work.run).throttled()) == (1, 0)


def test_a_settled_row_is_created_or_rejected(tmp_path: Path) -> None:
    """A row has the outcome of its receipt; only a refused one keeps its cells, and may be sent by another run."""
    with ledger_in(tmp_path) as ledger:
        work = a_run(ledger)
        work.send(1, work.planned(3), refused=[1])
        assert work.lines() == [
            (2, "created", 1, 1, activity_id(0), ""),
            (3, "rejected", 1, 2, "", "lsq-rejected"),
            (4, "created", 1, 3, activity_id(2), ""),
        ]
        assert [state_of(work, ordinal) for ordinal in range(3)] == [ActivityState.CREATED, None, ActivityState.CREATED]
        assert ledger.known([key(2)])[key(2)].activity_id == activity_id(2)
        assert work.held() == [3]
        (held,) = ledger.view(work.run).held([Outcome.REJECTED])
        assert (held.cells, held.code, held.message) == (cells(1), "lsq-rejected", "no such lead")


def test_a_doubted_row_stays_unknown_and_says_why(tmp_path: Path) -> None:
    """A row whose call nobody knows the outcome of keeps cells, place and cause."""
    with ledger_in(tmp_path) as ledger:
        work = a_run(ledger)
        load = chunk(1, work.planned(2))
        work.journal.intend(load, 1)
        work.journal.doubt(load, 1, Code.SERVER_ERROR, "HTTP 500")
        assert work.lines() == [(2, "unknown", 1, 1, "", "server-error"), (3, "unknown", 1, 2, "", "server-error")]
        assert [each.message for each in ledger.view(work.run).results()] == ["HTTP 500"] * 2
        assert state_of(work, 0) is ActivityState.IN_DOUBT
        assert work.held(Outcome.UNKNOWN) == [2, 3]


@pytest.mark.parametrize(
    ("why", "calls", "throttled"), [(Withdrawn.UNSENT, 0, 0), (Withdrawn.THROTTLED, 1, 1), (Withdrawn.REFUSED, 1, 0)]
)
def test_a_withdrawn_row_waits_again(tmp_path: Path, why: Withdrawn, calls: int, throttled: int) -> None:
    """After a call that did nothing a row is as before it; the call counts if a byte of it has left."""
    with ledger_in(tmp_path) as ledger:
        work = a_run(ledger)
        load = chunk(1, work.planned(1))
        work.journal.intend(load, 1)
        work.journal.withdraw(load, 1, why, "cause")
        assert work.lines() == [WAITING]
        assert state_of(work, 0) is ActivityState.PLANNED
        assert work.held() == []
        assert (ledger.view(work.run).calls(), ledger.view(work.run).throttled()) == (calls, throttled)


def test_a_chunk_that_goes_again_is_settled_like_any_other(tmp_path: Path) -> None:
    """Refused for going too fast, not sent, and then sent: each try counts by itself, the row counts once."""
    with ledger_in(tmp_path) as ledger:
        work = a_run(ledger)
        load = chunk(1, work.planned(1))
        for attempt, why in enumerate((Withdrawn.THROTTLED, Withdrawn.UNSENT, Withdrawn.THROTTLED), start=1):
            work.journal.intend(load, attempt)
            work.journal.withdraw(load, attempt, why, "cause")
        work.journal.intend(load, 4)
        work.journal.settle(load, 4, receipts(load))
        assert work.lines() == [(2, "created", 1, 1, activity_id(0), "")]
        assert (ledger.view(work.run).calls(), ledger.view(work.run).throttled()) == (3, 2)


def test_an_invalid_row_keeps_its_cells(tmp_path: Path) -> None:
    """A row that failed validation is noted with what has to be corrected."""
    with ledger_in(tmp_path) as ledger:
        work = a_run(ledger)
        assert work.plan([activity(0), activity(2)], [invalid(1)]) == [activity(0), activity(2)]
        assert work.outcomes() == ["not_sent", "invalid", "not_sent"]
        (held,) = ledger.view(work.run).held([Outcome.INVALID])
        assert (held.row, held.cells, held.code, held.message) == (3, cells(1), "too-long", "is longer")


def test_chunks_are_counted_on(tmp_path: Path) -> None:
    """The last number of a chunk is that of the run, not of the ledger."""
    with ledger_in(tmp_path) as ledger:
        work = a_run(ledger)
        assert work.journal.last_chunk() == 0
        planned = work.planned(2)
        work.send(4, planned[:1])
        work.send(5, planned[1:])
        assert work.journal.last_chunk() == 5
        assert a_run(ledger, "other.csv").journal.last_chunk() == 0


def test_other_runs_are_left_alone(tmp_path: Path) -> None:
    """What one run notes changes no row of another."""
    with ledger_in(tmp_path) as ledger:
        first, second = a_run(ledger), a_run(ledger, "other.csv")
        first.planned(3)
        planned = second.plan([activity(ordinal, f"other {ordinal}") for ordinal in range(3)])
        before = first.lines()
        second.send(1, planned, refused=[0])
        assert first.lines() == before
        assert [state_of(first, ordinal) for ordinal in range(3)] == [ActivityState.PLANNED] * 3


def test_nothing_to_note_is_noted_quickly(tmp_path: Path) -> None:
    """A block without rows is no transaction at all."""
    with ledger_in(tmp_path) as ledger:
        work = a_run(ledger)
        assert not work.plan([])
        work.journal.plan([], {})
        assert work.lines() == []


# --------------------------------------------------------------------------------------------- transactions


def steps(work: Work) -> dict[str, Callable[[], object]]:
    """Every method of the journal that writes, ready to be called in this order."""
    planned = [activity(ordinal) for ordinal in range(4)]
    loads = [chunk(number, [planned[number - 1]]) for number in (1, 2, 3, 4)]
    return {
        "plan": lambda: work.plan(planned),
        "intend": lambda: work.journal.intend(loads[0], 1),
        "settle": lambda: work.journal.settle(loads[0], 1, receipts(loads[0])),
        "intend a second": lambda: work.journal.intend(loads[1], 1),
        "settle as refused": lambda: work.journal.settle(loads[1], 1, receipts(loads[1], [1])),
        "intend a third": lambda: work.journal.intend(loads[2], 1),
        "doubt": lambda: work.journal.doubt(loads[2], 1, Code.ANSWER_LOST, "lost"),
        "intend a fourth": lambda: work.journal.intend(loads[3], 1),
        "withdraw": lambda: work.journal.withdraw(loads[3], 1, Withdrawn.THROTTLED, "too fast"),
    }


def test_every_step_is_one_transaction_that_is_on_disk_when_it_returns(tmp_path: Path) -> None:
    """Each method commits once, and another connection sees at once what it wrote."""
    with ledger_in(tmp_path) as ledger:
        work = a_run(ledger)
        commits: list[object] = []
        event.listen(ledger.engine, "commit", commits.append)
        seen = []
        for name, step in steps(work).items():
            before = len(commits)
            step()
            writing = len(commits) - before - (1 if name == "plan" else 0)  # planning looks before it writes
            assert writing == 1, name
            with sqlite3.connect(tmp_path / LEDGER) as other:
                seen.append([outcome for (outcome,) in other.execute("SELECT outcome FROM rows ORDER BY ordinal")])
            other.close()
        assert seen == [
            ["not_sent", "not_sent", "not_sent", "not_sent"],
            ["unknown", "not_sent", "not_sent", "not_sent"],
            ["created", "not_sent", "not_sent", "not_sent"],
            ["created", "unknown", "not_sent", "not_sent"],
            ["created", "rejected", "not_sent", "not_sent"],
            ["created", "rejected", "unknown", "not_sent"],
            ["created", "rejected", "unknown", "not_sent"],
            ["created", "rejected", "unknown", "unknown"],
            ["created", "rejected", "unknown", "not_sent"],
        ]


def test_a_commit_reaches_the_disk(tmp_path: Path) -> None:
    """SQLite is asked for what makes a commit outlast a power cut, and for content that is overwritten."""
    with ledger_in(tmp_path) as ledger, ledger.engine.begin() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "secure_delete", "foreign_keys")
        }
    assert found == {"journal_mode": "delete", "synchronous": 3, "secure_delete": 1, "foreign_keys": 1}


@pytest.mark.parametrize("names", ["plan", "intend", "settle", "doubt", "withdraw"])
def test_a_step_that_fails_leaves_what_was_before(tmp_path: Path, names: str) -> None:
    """An error in the middle of a step takes all of it back."""

    class Stumble(Exception):
        pass

    with ledger_in(tmp_path) as ledger:
        work = a_run(ledger)
        todo = steps(work)
        for name, step in todo.items():
            if name != names:
                step()
                continue
            before = dump(tmp_path)
            statements = count_statements(work, step)
            assert statements >= 2
            for failing in range(1, statements + 1):
                seen = 0

                def stumble(*_: object, failing: int = failing) -> None:
                    nonlocal seen
                    seen += 1
                    if seen == failing:
                        raise Stumble

                event.listen(ledger.engine, "before_cursor_execute", stumble)
                with pytest.raises(Stumble):
                    step()
                event.remove(ledger.engine, "before_cursor_execute", stumble)
                assert dump(tmp_path) == before, f"statement {failing}"
            step()
            assert dump(tmp_path) != before
            return


def count_statements(work: Work, step: Callable[[], object]) -> int:
    """How many statements a step makes; what it does is taken back."""

    class Enough(Exception):
        pass

    seen: list[object] = []

    def no_commit(_: object) -> None:
        raise Enough

    def count(*statement: object) -> None:
        seen.append(statement)

    event.listen(work.ledger.engine, "before_cursor_execute", count)
    event.listen(work.ledger.engine, "commit", no_commit)
    with pytest.raises(Enough):
        step()
    event.remove(work.ledger.engine, "commit", no_commit)
    event.remove(work.ledger.engine, "before_cursor_execute", count)
    return len(seen)


def dump(state: Path) -> list[str]:
    """All that the ledger holds, as SQL."""
    with sqlite3.connect(state / LEDGER) as connection:
        lines = list(connection.iterdump())
    connection.close()
    return lines


def test_receipts_of_another_number_of_rows_are_not_noted(tmp_path: Path) -> None:
    """A receipt too few or too many changes nothing: the rows stay unknown."""
    with ledger_in(tmp_path) as ledger:
        work = a_run(ledger)
        load = chunk(1, work.planned(2))
        work.journal.intend(load, 1)
        for wrong in (receipts(load)[:1], (*receipts(load), receipts(load)[0])):
            with pytest.raises(ValueError):
                work.journal.settle(load, 1, wrong)
        assert work.outcomes() == ["unknown", "unknown"]


@pytest.mark.parametrize("made", [(), (cells(0), cells(1))])
def test_cells_of_another_number_of_rows_are_not_noted(tmp_path: Path, made: tuple[tuple[Cell, ...], ...]) -> None:
    """A chunk whose cells do not fit its rows is never intended, and so never sent."""
    with ledger_in(tmp_path) as ledger:
        work = a_run(ledger)
        planned = work.planned(1)
        with pytest.raises(ValueError):
            work.journal.intend(Chunk(1, tuple(planned), lambda: made), 1)
        assert work.lines() == [WAITING]
        assert ledger.view(work.run).calls() == 0
