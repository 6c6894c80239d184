"""Which rows are new and which are there already: what the ledger knows decides, and is written down before sending."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from importer.codes.rows import Code
from importer.ledger.entries import ActivityState, Known, NewRow, PlannedRow
from importer.ledger.journal import Journal
from importer.records import Activity, Outcome

_NOTHING: Final[Mapping[int, Outcome]] = {}


@dataclass(frozen=True, slots=True)
class PlannedBlock:
    """What is to be done about the rows of a block, in source order."""

    to_send: Sequence[Activity] = ()
    in_doubt: Sequence[Activity] = ()
    """Sent by an earlier run, and nobody knows whether they have arrived."""


def plan_block(
    journal: Journal,
    invalid: Sequence[PlannedRow],
    good: Sequence[NewRow],
    waiting_code: Code = Code.RUN_STOPPED,
    done: Mapping[int, Outcome] = _NOTHING,
) -> PlannedBlock:
    """Notes the rows of a block, and tells which are to be sent.

    :param waiting_code: what a row bears that is to be sent, as long as it was not.
    :param done: what the run has noted of them before it was stopped. Rows that it has settled, or has in doubt, keep
        what they have.
    """
    if not invalid and not good:
        return PlannedBlock()
    waiting = [row for row in good if done.get(row.activity.ordinal, Outcome.NOT_SENT) is Outcome.NOT_SENT]
    known = journal.known([row.activity.key for row in waiting])
    decided = [_decide(row, known.get(row.activity.key), journal.run.number, waiting_code) for row in waiting]
    planned = [row for row in invalid if done.get(row.ordinal, Outcome.NOT_SENT) is Outcome.NOT_SENT] + decided
    planned.sort(key=lambda row: row.ordinal)
    journal.plan(planned, known)
    outcomes = {row.ordinal: row.outcome for row in decided}
    return PlannedBlock(
        [row.activity for row in waiting if outcomes[row.activity.ordinal] is Outcome.NOT_SENT],
        [row.activity for row in waiting if outcomes[row.activity.ordinal] is Outcome.UNKNOWN],
    )


def plan_again(journal: Journal, rows: Sequence[NewRow]) -> list[Activity]:
    """Has rows that were refused wait for another turn; returns those that no run has created meanwhile."""
    known = journal.known([row.activity.key for row in rows])
    decided = [_decide(row, known.get(row.activity.key), journal.run.number, Code.RUN_STOPPED) for row in rows]
    journal.plan_again(decided, known)
    return [row.activity for row, planned in zip(rows, decided, strict=True) if planned.outcome is Outcome.NOT_SENT]


def _decide(new: NewRow, known: Known | None, run: int, waiting_code: Code) -> PlannedRow:
    activity = new.activity
    outcome, code, activity_id = Outcome.NOT_SENT, waiting_code, None
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
        road=activity.road,
        body=activity.body if outcome is Outcome.UNKNOWN else None,
    )
