"""What runs have left in an account, if anything: those whose keys were refused have left nothing."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, select, update

from importer.ledger.entries import ActivityState, RunOrder
from importer.ledger.tables import ACCOUNTS, ACTIVITIES, CALLS, HELD, PASSAGES, ROWS, RUNS, SOURCES
from importer.records import Outcome, Withdrawn

PATHS: Final = ("sources", "mapping", "given_in")
"""What an order says of its files that may change while it stays the same order."""


def is_used(connection: Connection, runs: ColumnElement[bool]) -> bool:
    """Whether one of these runs has anything in the account, or may have."""
    may_be_there = ROWS.c.outcome.in_((Outcome.CREATED, Outcome.UNKNOWN))
    here = select(ROWS.c.run).where(and_(ROWS.c.run == RUNS.c.number, may_be_there)).exists()
    return connection.execute(select(RUNS.c.number).where(and_(runs, here)).limit(1)).first() is not None


def were_refused(connection: Connection, run: int) -> bool:
    """Whether a call of a run was refused for its keys, and nothing is there of any other."""
    refused = and_(CALLS.c.run == run, CALLS.c.verdict.startswith(Withdrawn.KEYS_REFUSED))
    found = connection.execute(select(CALLS.c.run).where(refused).limit(1)).first()
    return found is not None and not is_used(connection, RUNS.c.number == run)


def with_refused_keys(connection: Connection, order: RunOrder) -> Row[Any] | None:
    """The latest run that was to do the same on the same host, but whose keys were refused."""
    host = select(ACCOUNTS.c.host).where(ACCOUNTS.c.id == order.account.id).scalar_subquery()
    there = select(ACCOUNTS.c.id).where(ACCOUNTS.c.host == host)
    runs = select(RUNS).where(and_(RUNS.c.open == 1, RUNS.c.account.in_(there))).order_by(RUNS.c.number.desc())
    for row in connection.execute(runs).all():
        if _but_paths(row.options) == _but_paths(order.options) and were_refused(connection, row.number):
            return row
    return None


def empty(connection: Connection, run: int) -> None:
    """Forgets what was planned for a run with keys that open nothing: under others, its rows have other names."""
    planned = and_(ACTIVITIES.c.run == run, ACTIVITIES.c.state == ActivityState.PLANNED)
    connection.execute(delete(ACTIVITIES).where(planned))
    for table in (ROWS, HELD, PASSAGES, SOURCES):
        connection.execute(delete(table).where(table.c.run == run))


def close_what_never_began(connection: Connection, order: RunOrder, but: int | None) -> None:
    """Runs of the same files that have sent nothing are not gone on with once another run has taken their place."""
    open_runs = and_(RUNS.c.open == 1, RUNS.c.number != but)
    for row in connection.execute(select(RUNS).where(open_runs)).all():
        if same_files(row.options, order.options) and were_refused(connection, row.number):
            connection.execute(update(RUNS).where(RUNS.c.number == row.number).values(open=0))


def _but_paths(options: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if name not in PATHS}


def same_files(options: Mapping[str, Any], others: Mapping[str, Any]) -> bool:
    """Whether two orders name the same files, each from the folder that it was given in, if both tell it."""
    known = bool(options.get("given_in") and others.get("given_in"))

    def files(of: Mapping[str, Any]) -> list[str]:
        paths = [*of.get("sources", ()), of.get("mapping", "")]
        return [os.path.normpath(Path(of["given_in"], path)) if known else path for path in paths]

    return files(options) == files(others)
