"""What is done for a run after its end, from the ledger alone: rows looked up, refused rows sent again, all audited."""

from collections.abc import Iterator
from itertools import islice

from importer.closing import Halt, RunEnd, Sent, audited, close_run
from importer.ledger.entries import NewRow, Run
from importer.ledger.ledger import Ledger
from importer.ledger.planning import plan_again
from importer.records import Activity
from importer.sending.chunker import Cells, chunks
from importer.sending.road import Road
from importer.sending.sender import Sender
from importer.sending.stops import Unreachable


def recheck_run(ledger: Ledger, run: Run, sender: Sender, halt: Halt) -> RunEnd:
    """Looks up the rows in doubt; sends nothing. Rows that are not there, for certain, have their turn in the next run.

    :raises LedgerError: the ledger can't be written.
    """
    return _worked_on(ledger, run, sender, halt, iter(()), resends=False)


def retry_run(ledger: Ledger, run: Run, sender: Sender, halt: Halt) -> RunEnd:
    """Sends the rows again that LeadSquared has refused, as they were posted, and no others.

    :raises LedgerError: the ledger can't be written.
    """
    return _worked_on(ledger, run, sender, halt, _refused_rows(ledger, run), resends=True)


def audit_run(ledger: Ledger, run: Run, sender: Sender, halt: Halt) -> RunEnd:
    """Compares a run with what the account holds.

    :raises LedgerError: the ledger can't be written.
    """
    began = sender.lane.now()
    found = audited(sender, Road.from_options(run.options), ledger, run)
    return close_run(ledger, run, Sent(sender.lane.now() - began, asked=halt.asked), found)


def _worked_on(
    ledger: Ledger, run: Run, sender: Sender, halt: Halt, rows: Iterator[tuple[Activity, Cells]], *, resends: bool
) -> RunEnd:
    run = ledger.runs.resumed(run)
    journal, book, road = ledger.journal(run), ledger.doubts(run), Road.from_options(run.options)
    dispatcher = sender.dispatcher(road, journal, book, journal.last_chunk() + 1, resends=resends)
    sender.take_up(dispatcher, book, journal.created_ids())
    trouble = dispatcher.send(chunks(rows, [posting.route.rows_per_call for posting in road.postings]))
    found = None
    if dispatcher.anything_in_doubt and not (halt.asked or isinstance(trouble, Unreachable)):
        found = audited(sender, road, ledger, run)
    return close_run(ledger, run, Sent(dispatcher.traffic.seconds, trouble, halt.asked), found)


def _refused_rows(ledger: Ledger, run: Run) -> Iterator[tuple[Activity, Cells]]:
    """The refused rows, noted as waiting before they are given out; a page is listed before any of it changes."""
    journal, rows = ledger.journal(run), ledger.view(run).rejected()
    while page := list(islice(rows, 500)):
        cells = {row.activity.key: row for row in page}
        for activity in plan_again(journal, page):
            yield activity, _cells_of(cells[activity.key])


def _cells_of(row: NewRow) -> Cells:
    return row.cells or tuple
