"""The log of calls; it never holds a query, a header or a body, and so no key."""

import sqlite3
from dataclasses import dataclass

from importer.sandbox.store.database import Database


@dataclass(frozen=True, slots=True)
class LoggedCall:
    """One call: when it came (UTC text), what was asked, what was answered (0: nothing).

    `rows` is the number of activities it carried, `created` how many of them it made, `keys_in_query` whether an access
    or secret key stood in its URL.
    """

    at: str
    method: str
    path: str
    status: int
    rows: int = 0
    created: int = 0
    throttled: bool = False
    keys_in_query: bool = False


@dataclass(frozen=True, slots=True)
class CallCounts:
    """Calls counted."""

    calls: int
    throttled: int
    failed: int
    keys_in_query: int
    rows: int
    by_path: dict[str, int]


class CallLog:
    """Calls in the order in which they were answered."""

    SCHEMA = """
    CREATE TABLE calls (
        number INTEGER PRIMARY KEY, at TEXT NOT NULL, method TEXT NOT NULL, path TEXT NOT NULL, status INTEGER NOT NULL,
        rows INTEGER NOT NULL, created INTEGER NOT NULL, throttled INTEGER NOT NULL, keys_in_query INTEGER NOT NULL);
    CREATE INDEX calls_by_time ON calls (at);
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, call: LoggedCall) -> None:
        """Log a call."""
        self._database.write(
            "INSERT INTO calls (at, method, path, status, rows, created, throttled, keys_in_query)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                call.at,
                call.method,
                call.path,
                call.status,
                call.rows,
                call.created,
                call.throttled,
                call.keys_in_query,
            ),
        )

    def all(self) -> list[LoggedCall]:
        """Every call, the first one first."""
        return [_call(row) for row in self._database.all("SELECT * FROM calls ORDER BY number")]

    def latest(self, limit: int) -> list[LoggedCall]:
        """The last calls, the last one first."""
        return [_call(row) for row in self._database.all("SELECT * FROM calls ORDER BY number DESC LIMIT ?", (limit,))]

    def admitted_since(self, moment: str) -> int:
        """How many calls counted against the quota since a moment."""
        row = self._database.one(
            "SELECT count(*) AS number FROM calls WHERE at >= ? AND NOT throttled"
            " AND status NOT IN (401, 404, 405) AND path NOT LIKE '/activity/%'",
            (moment,),
        )
        return int(row["number"])

    def counts(self) -> CallCounts:
        """All calls counted, whole and by path."""
        sums = self._database.one(
            "SELECT count(*) AS calls, total(throttled) AS throttled, total(keys_in_query) AS keys_in_query,"
            " total(rows) AS rows, total(status >= 400 AND NOT throttled) AS failed FROM calls"
        )
        paths = self._database.all("SELECT path, count(*) AS number FROM calls GROUP BY path ORDER BY path")
        return CallCounts(
            calls=sums["calls"],
            throttled=int(sums["throttled"]),
            failed=int(sums["failed"]),
            keys_in_query=int(sums["keys_in_query"]),
            rows=int(sums["rows"]),
            by_path={row["path"]: row["number"] for row in paths},
        )

    def clear(self) -> None:
        """Forget all calls."""
        self._database.write("DELETE FROM calls")


def _call(row: sqlite3.Row) -> LoggedCall:
    return LoggedCall(
        at=row["at"],
        method=row["method"],
        path=row["path"],
        status=row["status"],
        rows=row["rows"],
        created=row["created"],
        throttled=bool(row["throttled"]),
        keys_in_query=bool(row["keys_in_query"]),
    )
