"""Rows in doubt, as they stand in the ledger: which there are, and what was found out about them.

A row in doubt may be that of an earlier run, while the run at work has it too. Whatever is found out is noted for both:
the earlier run's row gets its outcome, and this run's row is a duplicate of it or has its turn.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any, Final

from sqlalchemy import Connection, Engine, Row, Select, and_, delete, func, insert, select

from importer.blocks import Cell
from importer.codes.rows import Code
from importer.in_doubt import KnownActivity, OpenDoubt, QueuedCall
from importer.ledger.changes import CHANGE_ROW, FORGET_ACTIVITY, LET_GO, SETTLE_ROW, each
from importer.ledger.entries import ActivityState, Run
from importer.ledger.layouts import cells_from_json
from importer.ledger.tables import ACTIVITIES, CALLS, HELD, ROWS, RUNS
from importer.records import Activity, Chunk, Outcome

FOUND: Final = "found in LeadSquared after its answer was lost"

_KEYS_PER_QUERY: Final = 500

_RUNS_BACK: Final = 50
"""Runs in which a known activity is looked for."""


@dataclass(frozen=True, slots=True)
class _Owner:
    """The row by which an activity is known: of this run, or of an earlier one."""

    run: int
    ordinal: int
    created_id: str | None = field(default=None, compare=False)
    """Of its activity, if that is there for certain."""


@dataclass(frozen=True, slots=True)
class DoubtBook:
    """Reads and settles the doubts of one run. Every method is one transaction."""

    engine: Engine
    run: Run
    now: Callable[[], datetime]

    # ---------------------------------------------------------------------------------------------- reading

    def open(self, rows_per_call: int) -> list[OpenDoubt]:
        """What is in doubt in this run, by the call that left it so."""
        query = self._unknown().where(and_(ROWS.c.code != Code.QUEUED, ROWS.c.chunk.is_not(None)))
        with self.engine.begin() as connection:
            own: dict[int, list[Row[Any]]] = {}
            for row in connection.execute(query):
                own.setdefault(row.chunk, []).append(row)
            doubts = [self._of_call(connection, number, rows) for number, rows in own.items()]
            others = self._of_others(connection)
            queued = self._queued_before(connection, [_activity_of(row) for row in others])
            others = [row for row in others if row.key not in queued]
            loads = [
                load[at : at + rows_per_call]
                for _, road in groupby(others, key=lambda row: int(row.road))
                for load in [list(road)]
                for at in range(0, len(load), rows_per_call)
            ]
            doubts += [self._since(connection, _chunk_of(0, rows)) for rows in loads]
        return doubts

    def queued(self) -> list[QueuedCall]:
        """The calls that wait in the account's queue, in the order in which they were made."""
        with self.engine.begin() as connection:
            rows: dict[int, list[Row[Any]]] = {}
            for row in connection.execute(self._unknown().where(ROWS.c.code == Code.QUEUED)):
                rows.setdefault(row.chunk, []).append(row)
            here = and_(CALLS.c.run == self.run.number, CALLS.c.request_id.is_not(None))
            calls = {
                call.chunk: call for call in connection.execute(select(CALLS).where(here).order_by(CALLS.c.attempt))
            }
            before = self._queued_before(connection, [_activity_of(row) for row in self._of_others(connection)])
        own = [
            QueuedCall(_chunk_of(number, waiting), calls[number].attempt, calls[number].request_id)
            for number, waiting in rows.items()
        ]
        return [*own, *before.values()]

    def queued_before(self, activities: Sequence[Activity]) -> dict[bytes, QueuedCall]:
        """Those of these rows that wait in the account's queue since an earlier run, by their keys."""
        with self.engine.begin() as connection:
            return self._queued_before(connection, activities)

    def _queued_before(self, connection: Connection, activities: Sequence[Activity]) -> dict[bytes, QueuedCall]:
        by_key = {activity.key: activity for activity in activities}
        keys = list(by_key)
        owner = and_(ACTIVITIES.c.run == ROWS.c.run, ACTIVITIES.c.ordinal == ROWS.c.ordinal)
        waits = and_(ROWS.c.code == Code.QUEUED, ROWS.c.run != self.run.number, CALLS.c.request_id.is_not(None))
        found: dict[bytes, QueuedCall] = {}
        for at in range(0, len(keys), _KEYS_PER_QUERY):
            query = (
                select(ACTIVITIES.c.key, CALLS.c.attempt, CALLS.c.request_id)
                .join(ROWS, owner)
                .join(CALLS, and_(ROWS.c.run == CALLS.c.run, ROWS.c.chunk == CALLS.c.chunk))
                .where(and_(ACTIVITIES.c.key.in_(keys[at : at + _KEYS_PER_QUERY]), waits))
                .order_by(CALLS.c.attempt)
            )
            for row in connection.execute(query):
                found[row.key] = QueuedCall(Chunk(0, (by_key[row.key],)), row.attempt, row.request_id)
        return found

    def _of_others(self, connection: Connection) -> list[Row[Any]]:
        """The rows of this run that an earlier run has sent, road by road."""
        query = self._unknown().where(ROWS.c.chunk.is_(None))
        return sorted(connection.execute(query), key=lambda row: (row.road, row.ordinal))

    def _unknown(self) -> Select[Any]:
        return (
            select(ROWS, HELD.c.cells, HELD.c.body)
            .join(HELD, and_(HELD.c.run == ROWS.c.run, HELD.c.ordinal == ROWS.c.ordinal))
            .where(and_(ROWS.c.run == self.run.number, ROWS.c.outcome == Outcome.UNKNOWN))
            .order_by(ROWS.c.chunk, ROWS.c.ordinal)
        )

    def of_earlier_runs(self, activities: Sequence[Activity]) -> OpenDoubt:
        """The doubt about rows of this run that an earlier one has sent; one call's load at most."""
        query = self._unknown().where(ROWS.c.ordinal.in_([activity.ordinal for activity in activities]))
        with self.engine.begin() as connection:
            return self._since(connection, _chunk_of(0, list(connection.execute(query))))

    def _of_call(self, connection: Connection, number: int, rows: list[Row[Any]]) -> OpenDoubt:
        calls = and_(CALLS.c.run == self.run.number, CALLS.c.chunk == number)
        call = connection.execute(select(CALLS).where(calls).order_by(CALLS.c.attempt.desc()).limit(1)).one()
        ended = datetime.fromisoformat(call.ended_at) if call.ended_at else None
        chunk = _chunk_of(number, rows)
        return OpenDoubt(chunk, call.attempt, datetime.fromisoformat(call.started_at), ended, rows[0].message)

    def _since(self, connection: Connection, chunk: Chunk) -> OpenDoubt:
        """A doubt as old as the latest call that has carried one of its rows."""
        keys = [activity.key for activity in chunk.activities]
        query = (
            select(CALLS.c.started_at, CALLS.c.ended_at)
            .join(ROWS, and_(ROWS.c.run == CALLS.c.run, ROWS.c.chunk == CALLS.c.chunk))
            .join(ACTIVITIES, and_(ACTIVITIES.c.run == ROWS.c.run, ACTIVITIES.c.ordinal == ROWS.c.ordinal))
            .where(ACTIVITIES.c.key.in_(keys))
        )
        times = connection.execute(query).all()
        sent = min((datetime.fromisoformat(call.started_at) for call in times), default=self.now())
        ends = [datetime.fromisoformat(call.ended_at) for call in times if call.ended_at]
        ended = max(ends) if times and len(ends) == len(times) else None
        return OpenDoubt(chunk, 0, sent, ended, "")

    def known_activities(self, event: int, most: int, *, keyed: bool) -> list[KnownActivity]:
        """Some activities of a type that this account has for certain, the latest first.

        :param keyed: whether they have to bear an import key.
        """
        mine = select(RUNS.c.account).where(RUNS.c.number == self.run.number).scalar_subquery()
        runs = select(RUNS.c.number, RUNS.c.options).where(RUNS.c.account == mine)
        known: list[KnownActivity] = []
        with self.engine.begin() as connection:
            for run in connection.execute(runs.order_by(RUNS.c.number.desc()).limit(_RUNS_BACK)).all():
                if run.options.get("event") != event or (keyed and not run.options.get("keyed")) or len(known) >= most:
                    continue
                created = and_(ROWS.c.run == run.number, ROWS.c.outcome == Outcome.CREATED)
                query = (
                    select(ROWS.c.activity_id, ROWS.c.lead, ROWS.c.key).where(created).order_by(ROWS.c.ordinal.desc())
                )
                rows = connection.execute(query.limit(most - len(known)))
                known += [KnownActivity(row.activity_id, row.lead, row.key) for row in rows]
        return known

    def owned(self, ids: Sequence[str]) -> frozenset[str]:
        """Those of these activities that a row of any run is known to have created.

        All rows are looked through, once for hundreds of ids: an index on the ids of a million rows would be written
        to with every call, and this is asked only when answers were lost and there is no import key.
        """
        own_id = func.lower(ROWS.c.activity_id)
        asked = list({each.lower() for each in ids})
        known: set[str] = set()
        with self.engine.begin() as connection:
            for at in range(0, len(asked), _KEYS_PER_QUERY):
                here = and_(ROWS.c.outcome == Outcome.CREATED, own_id.in_(asked[at : at + _KEYS_PER_QUERY]))
                known.update(connection.execute(select(own_id).where(here)).scalars())
        return frozenset(each for each in ids if each.lower() in known)

    # --------------------------------------------------------------------------------------------- settling

    def found(self, activity: Activity, ids: Sequence[str]) -> None:
        """An activity was read back: once, as it should be, or several times."""
        code, message = Code.READ_BACK, FOUND
        if len(ids) > 1:
            code, message = Code.FOUND_TWICE, _times(ids)
        with self.engine.begin() as connection:
            mine = _Owner(self.run.number, activity.ordinal)
            owner = self._owner(connection, activity) or mine
            changes = [_change(owner, Outcome.CREATED, code, message, ids[0])]
            if owner != mine:
                duplicate = code if len(ids) > 1 else Code.ALREADY_IMPORTED
                changes.append(_change(mine, Outcome.DUPLICATE, duplicate, message, ids[0]))
            connection.execute(SETTLE_ROW, changes)
            _remember(connection, activity.key, owner, ActivityState.CREATED, ids[0])
            self._let_go(connection, {owner, mine})

    def absent(self, activities: Sequence[Activity]) -> list[Activity]:
        """These did not show, for certain: they wait for their turn as if they had never been sent.

        Gives those that may have it. The others are duplicates: of a row that is known to be there by now, or of
        another row of this very run, whose turn it is.
        """
        to_send: list[Activity] = []
        with self.engine.begin() as connection:
            for activity in activities:
                mine = _Owner(self.run.number, activity.ordinal)
                owner = self._owner(connection, activity) or mine
                if owner != mine and (owner.created_id is not None or owner.run == mine.run):
                    self._note_as_duplicate(connection, mine, owner)
                    continue
                rows = {owner, mine}
                connection.execute(CHANGE_ROW, [_waiting(row) for row in rows])
                _remember(connection, activity.key, mine, ActivityState.PLANNED)
                self._let_go(connection, rows)
                to_send.append(activity)
        return to_send

    def _note_as_duplicate(self, connection: Connection, mine: _Owner, owner: _Owner) -> None:
        change = _change(mine, Outcome.DUPLICATE, Code.ALREADY_IMPORTED, "", owner.created_id)
        connection.execute(SETTLE_ROW, [change])
        self._let_go(connection, {mine})

    def rejected(self, activity: Activity, code: Code, message: str) -> None:
        """An activity was not created, for certain, and it is the row that LeadSquared does not take."""
        with self.engine.begin() as connection:
            mine = _Owner(self.run.number, activity.ordinal)
            owner = self._owner(connection, activity) or mine
            if owner != mine and owner.created_id is not None:
                self._note_as_duplicate(connection, mine, owner)
                return
            rows = {owner, mine}
            connection.execute(SETTLE_ROW, [_change(row, Outcome.REJECTED, code, message) for row in rows])
            connection.execute(FORGET_ACTIVITY, [{"of_key": activity.key}])

    def stays(self, activities: Sequence[Activity], code: Code, message: str) -> None:
        """Notes why these stay in doubt."""
        with self.engine.begin() as connection:
            mine = [_Owner(self.run.number, activity.ordinal) for activity in activities]
            each(connection, SETTLE_ROW, [_change(row, Outcome.UNKNOWN, code, message) for row in mine])

    def note_duplicate(self, ordinal: int, ids: Sequence[str]) -> None:
        """An audit has found a row several times; the first id is the one that the ledger knew, if it knew one."""
        row = _Owner(self.run.number, ordinal)
        with self.engine.begin() as connection:
            change = _change(row, Outcome.CREATED, Code.FOUND_TWICE, _times(ids), ids[0])
            self._note_there(connection, row, change)

    def note_there(self, ordinal: int, activity_id: str) -> None:
        """An audit has found a row that was thought not to be there."""
        row = _Owner(self.run.number, ordinal)
        with self.engine.begin() as connection:
            self._note_there(connection, row, _change(row, Outcome.CREATED, Code.READ_BACK, FOUND, activity_id))

    def _note_there(self, connection: Connection, row: _Owner, change: dict[str, Any]) -> None:
        connection.execute(SETTLE_ROW, [change])
        here = and_(ROWS.c.run == row.run, ROWS.c.ordinal == row.ordinal)
        key = connection.execute(select(ROWS.c.key).where(here)).scalar_one()
        _remember(connection, key, row, ActivityState.CREATED, change["to_id"])
        self._let_go(connection, {row})

    def _owner(self, connection: Connection, activity: Activity) -> _Owner | None:
        """The row by which an activity is known; None if it was refused, and so is known no more."""
        known = connection.execute(select(ACTIVITIES).where(ACTIVITIES.c.key == activity.key)).one_or_none()
        if known is None:
            return None
        created = known.state == ActivityState.CREATED
        return _Owner(known.run, known.ordinal, known.activity_id if created else None)

    def _let_go(self, connection: Connection, rows: set[_Owner]) -> None:
        # Nothing that was in a row stays here once nobody has to look it up (secure_delete overwrites it).
        connection.execute(LET_GO, [{"of_run": row.run, "of_ordinal": row.ordinal} for row in rows])


def _remember(
    connection: Connection, key: bytes, row: _Owner, state: ActivityState, activity_id: str | None = None
) -> None:
    """Notes what is known of an activity from now on, in all runs."""
    connection.execute(delete(ACTIVITIES).where(ACTIVITIES.c.key == key))
    known = {"state": state, "run": row.run, "ordinal": row.ordinal, "activity_id": activity_id}
    connection.execute(insert(ACTIVITIES).values(key=key, **known))


def _times(ids: Sequence[str]) -> str:
    return f"is in LeadSquared {len(ids)} times: {', '.join(ids)}"


def _chunk_of(number: int, rows: list[Row[Any]]) -> Chunk:
    cells: tuple[tuple[Cell, ...], ...] = tuple(cells_from_json(row.cells) for row in rows)
    return Chunk(number, tuple(map(_activity_of, rows)), lambda: cells)


def _activity_of(row: Row[Any]) -> Activity:
    return Activity(row.ordinal, row.key, row.body, row.lead, row.road)


def _change(row: _Owner, outcome: Outcome, code: Code, message: str, activity_id: str | None = None) -> dict[str, Any]:
    return {
        "of_run": row.run,
        "of_ordinal": row.ordinal,
        "to_outcome": outcome,
        "to_id": activity_id,
        "to_code": code,
        "to_message": message,
    }


def _waiting(row: _Owner) -> dict[str, Any]:
    change = _change(row, Outcome.NOT_SENT, Code.RUN_STOPPED, "")
    return change | {"to_chunk": None, "to_row_number": None}
