"""The async requests: accepted first, carried out later (page async-api)."""

import sqlite3
from dataclasses import dataclass

from importer.sandbox.store.database import Database


@dataclass(frozen=True, slots=True)
class QueuedRequest:
    """An accepted request; `answer` is the sync call's JSON once it is done, `failure` the text if it failed."""

    id: str
    number: int
    path: str
    body: str
    received_at: str
    due_at: str
    done_at: str | None
    answer: str | None
    failure: str | None


class RequestQueue:
    """Requests in the order in which they came."""

    SCHEMA = """
    CREATE TABLE requests (
        number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, path TEXT NOT NULL, body TEXT NOT NULL,
        received_at TEXT NOT NULL, due_at TEXT NOT NULL, done_at TEXT, answer TEXT, failure TEXT);
    CREATE INDEX requests_open ON requests (due_at) WHERE done_at IS NULL;
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, request_id: str, path: str, body: str, received_at: str, due_at: str) -> None:
        """Accept a request that is due at a moment."""
        self._database.write(
            "INSERT INTO requests (id, path, body, received_at, due_at) VALUES (?, ?, ?, ?, ?)",
            (request_id, path, body, received_at, due_at),
        )

    def settle(self, request_id: str, done_at: str, answer: str | None, failure: str | None) -> None:
        """A request was carried out, or failed."""
        self._database.write(
            "UPDATE requests SET done_at = ?, answer = ?, failure = ? WHERE id = ?",
            (done_at, answer, failure, request_id),
        )

    def due(self, now: str) -> list[QueuedRequest]:
        """What should be carried out by now, first come first."""
        rows = self._database.all(
            "SELECT * FROM requests WHERE done_at IS NULL AND due_at <= ? ORDER BY due_at, number", (now,)
        )
        return [_request(row) for row in rows]

    def get(self, request_id: str, path: str) -> QueuedRequest | None:
        """The request with this id that came to this path."""
        row = self._database.first("SELECT * FROM requests WHERE id = ? AND path = ?", (request_id, path))
        return None if row is None else _request(row)

    def waiting(self, path: str | None = None) -> list[QueuedRequest]:
        """What is not done yet, oldest first; of one path or of all."""
        rows = self._database.all("SELECT * FROM requests WHERE done_at IS NULL ORDER BY number")
        return [_request(row) for row in rows if path in (None, row["path"])]

    def done_since(self, path: str, moment: str) -> int:
        """How many requests of a path were done after a moment."""
        query = "SELECT count(*) AS number FROM requests WHERE path = ? AND done_at > ?"
        return int(self._database.one(query, (path, moment))["number"])

    def clear(self) -> None:
        """Forget all requests."""
        self._database.write("DELETE FROM requests")


def _request(row: sqlite3.Row) -> QueuedRequest:
    return QueuedRequest(
        id=row["id"],
        number=row["number"],
        path=row["path"],
        body=row["body"],
        received_at=row["received_at"],
        due_at=row["due_at"],
        done_at=row["done_at"],
        answer=row["answer"],
        failure=row["failure"],
    )
