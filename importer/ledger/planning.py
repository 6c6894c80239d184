"""Which rows are new and which are there already: what the ledger knows decides, and is written down before sending."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from importer.codes import Code
from importer.ledger.entries import ActivityState, Known, PlannedRow
from importer.ledger.journal import Journal
from importer.records import Activity, Cell, Outcome


@dataclass(frozen=True, slots=True)
class NewRow:
    """A row that passed validation, and what is to be posted for it."""

    row: int
    activity: Activity
    cells: Callable[[], tuple[Cell, ...]] | None = None
    """Makes the source's own cells, which are kept if the row turns out to be in doubt."""


def plan_block(
    journal: Journal, invalid: Sequence[PlannedRow], good: Sequence[NewRow], *, continued: bool
) -> list[Activity]:
    """Notes the rows of a block and returns the activities that are to be sent, in source order.

    Rows that a stopped run has settled, or has in doubt, keep what they have.
    """
    ordinals = [row.ordinal for row in invalid] + [row.activity.ordinal for row in good]
    if not ordinals:
        return []
    done = journal.outcomes(min(ordinals), max(ordinals)) if continued else {}
    waiting = [row for row in good if done.get(row.activity.ordinal, Outcome.NOT_SENT) is Outcome.NOT_SENT]
    known = journal.known([row.activity.key for row in waiting])
    decided = [_decide(row, known.get(row.activity.key), journal.run.number) for row in waiting]
    planned = [row for row in invalid if done.get(row.ordinal, Outcome.NOT_SENT) is Outcome.NOT_SENT] + decided
    planned.sort(key=lambda row: row.ordinal)
    journal.plan(planned, known)
    to_send = {row.ordinal for row in decided if row.outcome is Outcome.NOT_SENT}
    return [row.activity for row in waiting if row.activity.ordinal in to_send]


def _decide(new: NewRow, known: Known | None, run: int) -> PlannedRow:
    activity = new.activity
    outcome, code, activity_id = Outcome.NOT_SENT, Code.RUN_STOPPED, None
    if known is not None:
        own = (known.run, known.ordinal) == (run, activity.ordinal)
        if known.state is ActivityState.CREATED:
            outcome, code, activity_id = Outcome.DUPLICATE, Code.ALREADY_IMPORTED, known.activity_id
        elif known.run == run and not own and known.state is not ActivityState.IN_DOUBT:
            # Another source of this very run has the same row, and it is on its way already.
            outcome, code = Outcome.DUPLICATE, Code.ALREADY_IMPORTED
        elif known.state is not ActivityState.PLANNED:
            outcome, code = Outcome.UNKNOWN, Code.IN_DOUBT_BEFORE
    return PlannedRow(
        ordinal=activity.ordinal,
        row=new.row,
        outcome=outcome,
        key=activity.key,
        activity_id=activity_id,
        lead=activity.lead,
        code=code,
        cells=new.cells() if new.cells and outcome is Outcome.UNKNOWN else None,
    )
