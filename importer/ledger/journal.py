"""One run's journal: what is about to be done is written down before it is done, and what came of it after.

Every method is one transaction: when it returns, its facts are on disk, and a power cut in it leaves those before it.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, and_, delete, func, insert, select, update

from importer.codes.rows import Code
from importer.ledger.changes import CHANGE_ACTIVITY, CHANGE_ROW, FORGET_ACTIVITY, LET_GO, each
from importer.ledger.entries import ActivityState, Known, PlannedRow, Run
from importer.ledger.layouts import cells_to_json
from importer.ledger.memory import known_activities
from importer.ledger.stretches import StretchBook
from importer.ledger.tables import ACTIVITIES, CALLS, HELD, ROWS
from importer.records import Activity, Chunk, Outcome, Receipt, Withdrawn


@dataclass(frozen=True, slots=True)
class Journal:
    """Writes down one run."""

    engine: Engine
    run: Run
    now: Callable[[], datetime]
    beside: Callable[[Connection], None] = lambda _: None
    """Writes what has to be on disk together with an intent."""

    # -------------------------------------------------------------------------------------- before sending

    def outcomes(self, first: int, last: int) -> dict[int, Outcome]:
        """The outcomes that rows have already, by ordinal: there are some when a stopped run goes on."""
        query = select(ROWS.c.ordinal, ROWS.c.outcome).where(
            and_(ROWS.c.run == self.run.number, ROWS.c.ordinal.between(first, last))
        )
        with self.engine.begin() as connection:
            done = {row.ordinal: Outcome(row.outcome) for row in connection.execute(query)}
        stretches = StretchBook(self.engine, self.run)
        for passage in stretches.there(first, last):
            done |= dict.fromkeys(passage.ordinals.tolist(), Outcome.DUPLICATE)
        done |= {ordinal: Outcome.INVALID for ordinal, _, _ in stretches.bad(first, last)}
        return done

    def known(self, keys: Sequence[bytes]) -> dict[bytes, Known]:
        """What all runs together know of these activities; new ones are missing from the answer."""
        return known_activities(self.engine, keys)

    def plan(self, rows: Sequence[PlannedRow], taken_over: Collection[bytes]) -> None:
        """Notes consecutive rows: for the first time, or those that still wait when a stopped run goes on.

        :param taken_over: keys that are noted already, as planned by a run that is not at work.
        """
        if not rows:
            return
        waiting = [row for row in rows if row.outcome is Outcome.NOT_SENT and row.key is not None]
        span = ROWS.c.ordinal.between(rows[0].ordinal, rows[-1].ordinal)
        with self.engine.begin() as connection:
            connection.execute(
                delete(ROWS).where(and_(ROWS.c.run == self.run.number, span, ROWS.c.outcome == Outcome.NOT_SENT))
            )
            each(connection, insert(ROWS), (self._row(row) for row in rows))
            each(connection, insert(HELD), (self._held(row) for row in rows if row.cells is not None))
            self._plan_activities(connection, waiting, taken_over)

    def plan_again(self, rows: Sequence[PlannedRow], taken_over: Collection[bytes]) -> None:
        """Notes that rows which were refused wait once more, or are there by now.

        :param taken_over: keys that are noted already, as planned by a run that is not at work.
        """
        with self.engine.begin() as connection:
            changes = [
                {
                    "of_run": self.run.number,
                    "of_ordinal": row.ordinal,
                    "to_outcome": row.outcome,
                    "to_chunk": None,
                    "to_row_number": None,
                    "to_id": row.activity_id,
                    "to_code": row.code,
                    "to_message": row.message,
                }
                for row in rows
            ]
            each(connection, CHANGE_ROW, changes)
            there = [row for row in rows if row.outcome is Outcome.DUPLICATE]
            each(connection, LET_GO, [{"of_run": self.run.number, "of_ordinal": row.ordinal} for row in there])
            waiting = [row for row in rows if row.outcome is Outcome.NOT_SENT]
            self._plan_activities(connection, waiting, taken_over)

    def _plan_activities(
        self, connection: Connection, waiting: Sequence[PlannedRow], taken_over: Collection[bytes]
    ) -> None:
        new = (
            {"key": row.key, "state": ActivityState.PLANNED, "run": self.run.number, "ordinal": row.ordinal}
            for row in waiting
            if row.key not in taken_over
        )
        each(connection, insert(ACTIVITIES), new)
        taken = (row for row in waiting if row.key in taken_over)
        changes = (self._activity(row.key, row.ordinal, ActivityState.PLANNED) for row in taken)
        each(connection, CHANGE_ACTIVITY, changes)

    def created_ids(self) -> Iterator[str]:
        """The ids of all activities that this run has created."""
        created = and_(ROWS.c.run == self.run.number, ROWS.c.outcome == Outcome.CREATED)
        with self.engine.begin() as connection:
            yield from connection.execute(select(ROWS.c.activity_id).where(created)).scalars()

    # --------------------------------------------------------------------------------------- around a call

    def last_chunk(self) -> int:
        """The highest number of a chunk so far; 0 if there is none."""
        query = select(func.max(CALLS.c.chunk)).where(CALLS.c.run == self.run.number)
        with self.engine.begin() as connection:
            return connection.execute(query).scalar() or 0

    def intend(self, chunk: Chunk, attempt: int) -> None:
        """Notes that a chunk is about to be sent; until its outcome is noted, its rows count as unknown."""
        numbered = list(enumerate(chunk.activities, start=1))
        with self.engine.begin() as connection:
            self.beside(connection)
            connection.execute(
                insert(CALLS).values(
                    run=self.run.number,
                    chunk=chunk.number,
                    attempt=attempt,
                    rows=len(numbered),
                    started_at=self.now().isoformat(),
                )
            )
            changes = [
                self._change(activity, Outcome.UNKNOWN, chunk, number, Code.ANSWER_LOST, "no outcome was noted")
                for number, activity in numbered
            ]
            connection.execute(CHANGE_ROW, changes)
            # A row that was refused and is sent again has its cells here already.
            connection.execute(LET_GO, [self._of(activity) for activity in chunk.activities])
            connection.execute(
                insert(HELD),
                [
                    {
                        "run": self.run.number,
                        "ordinal": activity.ordinal,
                        "cells": cells_to_json(cells),
                        "body": activity.body,
                    }
                    for activity, cells in zip(chunk.activities, chunk.cells(), strict=True)
                ],
            )
            self._move(connection, chunk, ActivityState.IN_FLIGHT)

    def settle(self, chunk: Chunk, attempt: int, receipts: Iterable[Receipt]) -> None:
        """Notes the receipts of a chunk's call, one for each of its rows in order."""
        pairs = list(zip(chunk.activities, receipts, strict=True))
        created = [(activity, receipt) for activity, receipt in pairs if receipt.created]
        with self.engine.begin() as connection:
            self._end_call(connection, chunk, attempt, "settled")
            changes = []
            for activity, receipt in pairs:
                outcome = Outcome.CREATED if receipt.created else Outcome.REJECTED
                change = self._change(activity, outcome, chunk, receipt.row_number, receipt.code, receipt.message)
                changes.append(change | {"to_id": receipt.activity_id or None})
            connection.execute(CHANGE_ROW, changes)
            each(
                connection,
                CHANGE_ACTIVITY,
                [
                    self._activity(activity.key, activity.ordinal, ActivityState.CREATED, receipt.activity_id)
                    for activity, receipt in created
                ],
            )
            # Nothing that was in a row stays here once it is created (secure_delete overwrites it).
            each(connection, LET_GO, [self._of(activity) for activity, _ in created])
            each(connection, FORGET_ACTIVITY, [{"of_key": activity.key} for activity, got in pairs if not got.created])

    def doubt(self, chunk: Chunk, attempt: int, code: Code, cause: str) -> None:
        """Notes that nobody knows what a chunk's call did."""
        with self.engine.begin() as connection:
            self._end_call(connection, chunk, attempt, f"ambiguous: {code}")
            numbered = enumerate(chunk.activities, start=1)
            changes = [
                self._change(activity, Outcome.UNKNOWN, chunk, number, code, cause) for number, activity in numbered
            ]
            connection.execute(CHANGE_ROW, changes)
            self._move(connection, chunk, ActivityState.IN_DOUBT)

    def accept(self, chunk: Chunk, attempt: int, request_id: str) -> None:
        """Notes that a chunk's call waits in the account's queue under this number."""
        with self.engine.begin() as connection:
            self._end_call(connection, chunk, attempt, "accepted")
            here = self._of_call(chunk, attempt)
            connection.execute(update(CALLS).where(here).values(request_id=request_id))
            words = "waits in LeadSquared's queue"
            changes = [
                self._change(activity, Outcome.UNKNOWN, chunk, number, Code.QUEUED, words)
                for number, activity in enumerate(chunk.activities, start=1)
            ]
            connection.execute(CHANGE_ROW, changes)
            self._move(connection, chunk, ActivityState.IN_DOUBT)

    def withdraw(self, chunk: Chunk, attempt: int, why: Withdrawn, cause: str) -> None:
        """Notes that a chunk's call did nothing for certain; its rows wait for their turn again."""
        with self.engine.begin() as connection:
            if why is Withdrawn.UNSENT:
                connection.execute(delete(CALLS).where(self._of_call(chunk, attempt)))
            else:
                self._end_call(connection, chunk, attempt, f"{why}: {cause}")
            changes = [
                self._change(activity, Outcome.NOT_SENT, None, None, Code.RUN_STOPPED, "")
                for activity in chunk.activities
            ]
            connection.execute(CHANGE_ROW, changes)
            connection.execute(LET_GO, [self._of(activity) for activity in chunk.activities])
            self._move(connection, chunk, ActivityState.PLANNED)

    def _end_call(self, connection: Connection, chunk: Chunk, attempt: int, verdict: str) -> None:
        connection.execute(
            update(CALLS).where(self._of_call(chunk, attempt)).values(ended_at=self.now().isoformat(), verdict=verdict)
        )

    def _of_call(self, chunk: Chunk, attempt: int) -> ColumnElement[bool]:
        return and_(CALLS.c.run == self.run.number, CALLS.c.chunk == chunk.number, CALLS.c.attempt == attempt)

    def _move(self, connection: Connection, chunk: Chunk, state: ActivityState) -> None:
        changes = [self._activity(activity.key, activity.ordinal, state) for activity in chunk.activities]
        connection.execute(CHANGE_ACTIVITY, changes)

    # ------------------------------------------------------------------------------------- values to bind

    def _row(self, row: PlannedRow) -> dict[str, Any]:
        return {
            "run": self.run.number,
            "ordinal": row.ordinal,
            "row": row.row,
            "outcome": row.outcome,
            "key": row.key,
            "activity_id": row.activity_id,
            "road": row.road,
            "lead": row.lead,
            "code": row.code,
            "message": row.message,
        }

    def _held(self, row: PlannedRow) -> dict[str, Any]:
        return {
            "run": self.run.number,
            "ordinal": row.ordinal,
            "cells": cells_to_json(row.cells or ()),
            "body": row.body,
        }

    def _of(self, activity: Activity) -> dict[str, Any]:
        return {"of_run": self.run.number, "of_ordinal": activity.ordinal}

    def _change(
        self, activity: Activity, outcome: Outcome, chunk: Chunk | None, number: int | None, code: str, message: str
    ) -> dict[str, Any]:
        return self._of(activity) | {
            "to_outcome": outcome,
            "to_chunk": chunk.number if chunk else None,
            "to_row_number": number,
            "to_id": None,
            "to_code": code,
            "to_message": message,
        }

    def _activity(
        self, key: bytes | None, ordinal: int, state: ActivityState, activity_id: str | None = None
    ) -> dict[str, Any]:
        return {
            "of_key": key,
            "to_state": state,
            "to_run": self.run.number,
            "to_ordinal": ordinal,
            "to_id": activity_id,
        }
