"""What the ledger says of one run."""

from pathlib import Path

import pytest

from importer.blocks import Place
from importer.ledger.entries import PlannedRow
from importer.records import Outcome

from .making import Work, a_run, activity, cells, chunk, invalid, ledger_in


def test_counts_name_every_outcome(tmp_path: Path) -> None:
    """An outcome that no row has counts nought, and all of them add up to the rows."""
    with ledger_in(tmp_path) as ledger:
        work = a_run(ledger)
        assert ledger.view(work.run).counts() == dict.fromkeys(Outcome, 0)
        planned = work.plan([activity(0), activity(1), activity(3)], [invalid(2)])
        work.send(1, planned[:1])
        work.journal.intend(chunk(2, planned[1:2]), 1)
        assert ledger.view(work.run).counts() == {
            Outcome.CREATED: 1,
            Outcome.DUPLICATE: 0,
            Outcome.INVALID: 1,
            Outcome.REJECTED: 0,
            Outcome.UNKNOWN: 1,
            Outcome.NOT_SENT: 1,
        }


def test_codes_are_counted_one_by_one(tmp_path: Path) -> None:
    """A row with several issues counts for each of their codes, but once; a created row for none."""
    rows = [
        PlannedRow(0, 2, Outcome.INVALID, code="too-long;required-empty;too-long", message="a | b | c", cells=cells(0)),
        PlannedRow(1, 3, Outcome.INVALID, code="too-long", message="a", cells=cells(1)),
    ]
    with ledger_in(tmp_path) as ledger:
        work = a_run(ledger)
        work.send(1, work.plan([activity(2)], rows))
        assert ledger.view(work.run).codes() == {"required-empty": 1, "too-long": 2}


@pytest.fixture
def three_sources(tmp_path: Path) -> Work:
    """A run of five files: three rows, none, none, two rows, none."""
    with ledger_in(tmp_path) as ledger:
        work = a_run(ledger, "s", sources=(0, 3, 3, 3, 5))
        work.plan([activity(ordinal) for ordinal in range(5)])
        return work


def test_rows_belong_to_the_source_they_came_from(tmp_path: Path, three_sources: Work) -> None:
    """Files without a row have none, and the others all of theirs."""
    with ledger_in(tmp_path) as ledger:
        view = ledger.view(three_sources.run)
        assert [view.rows_of(position) for position in range(5)] == [3, 0, 0, 2, 0]
        places = [each.place for each in view.results()]
        assert places == [Place("s-0")] * 3 + [Place("s-3")] * 2


@pytest.mark.parametrize("count", [4999, 5000, 5001, 10_000, 10_001])
def test_results_of_any_number_come_once_and_in_order(tmp_path: Path, count: int) -> None:
    """However many rows a run has, all of them are listed, in source order."""
    with ledger_in(tmp_path) as ledger:
        work = a_run(ledger, sources=(0, 5000))
        work.planned(count)
        listed = [(each.row, each.place.source) for each in ledger.view(work.run).results()]
        assert listed == [(n + 2, "visits.csv-0" if n < 5000 else "visits.csv-1") for n in range(count)]


def test_held_rows_of_any_number_come_once_and_in_order(tmp_path: Path) -> None:
    """The same holds for rows that are held, with gaps between them."""
    with ledger_in(tmp_path) as ledger:
        work = a_run(ledger)
        odd = list(range(1, 10_100, 2))
        work.plan([activity(ordinal) for ordinal in range(0, 10_100, 2)], [invalid(ordinal) for ordinal in odd])
        held = list(ledger.view(work.run).held([Outcome.INVALID, Outcome.REJECTED]))
        assert [each.row for each in held] == [ordinal + 2 for ordinal in odd]
        assert all(each.cells == cells(each.row - 2) for each in held)


def test_a_view_can_be_read_while_its_run_goes_on(tmp_path: Path) -> None:
    """Reading leaves no transaction open between rows, so that the run may write in the meantime."""
    with ledger_in(tmp_path) as ledger:
        work = a_run(ledger)
        planned = work.planned(6000)
        reading = ledger.view(work.run).results()
        assert next(reading).outcome is Outcome.NOT_SENT
        work.send(1, planned[5990:])
        assert [each.outcome for each in reading][-1] is Outcome.CREATED
