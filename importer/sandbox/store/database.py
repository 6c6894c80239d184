"""The SQLite connection: one file, one lock, transactions that can be seen."""

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

VERSION = 1
Value = str | int | float | None


class UnusableStoreError(Exception):
    """A file that isn't a sandbox's database, or that can't be opened."""

    def __init__(self, path: Path | str, reason: str) -> None:
        super().__init__(f"{path}: can't be used as a sandbox database: {reason}")


class Database:
    """A connection that several threads may use; `schema` is carried out when the file is new.

    A killed process leaves the file whole, with every call that was committed (write-ahead log).
    """

    def __init__(self, path: Path | Literal[":memory:"], schema: str) -> None:
        self._lock = threading.RLock()
        self._depth = 0
        try:
            if isinstance(path, Path):
                path.touch(mode=0o600)
            self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        except (OSError, sqlite3.Error) as failed:
            raise UnusableStoreError(path, str(failed)) from failed
        try:
            self._prepare(schema, path)
        except sqlite3.Error as failed:
            self.close()
            raise UnusableStoreError(path, str(failed)) from failed

    def _prepare(self, schema: str, path: Path | str) -> None:
        self._connection.row_factory = sqlite3.Row
        version = self.one("PRAGMA user_version")["user_version"]
        tables = self.one("SELECT count(*) AS number FROM sqlite_master")["number"]
        if version != VERSION and (version or tables):
            self.close()
            raise UnusableStoreError(path, "it was made by something else")
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        if version != VERSION:
            self._connection.executescript(f"BEGIN; {schema} PRAGMA user_version = {VERSION}; COMMIT;")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Store all that is written inside, or, after an exception, nothing of it; an inner one joins the outer."""
        with self._lock:
            if self._depth == 0:
                self._connection.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield
            except BaseException:
                self._depth -= 1
                if self._depth == 0:
                    self._connection.execute("ROLLBACK")
                raise
            self._depth -= 1
            if self._depth == 0:
                self._connection.execute("COMMIT")

    @contextmanager
    def trial(self) -> Iterator[None]:
        """Store nothing of what is written inside; not to be used within a transaction."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
                self._connection.execute("ROLLBACK")

    def write(self, statement: str, values: Sequence[Value] = ()) -> int:
        """Carry out a statement; gives the number of the row it added."""
        with self._lock:
            return self._connection.execute(statement, values).lastrowid or 0

    def all(self, query: str, values: Sequence[Value] = ()) -> list[sqlite3.Row]:
        """All rows of a query."""
        with self._lock:
            return self._connection.execute(query, values).fetchall()

    def one(self, query: str, values: Sequence[Value] = ()) -> sqlite3.Row:
        """The row of a query that has exactly one."""
        (row,) = self.all(query, values)
        return row

    def first(self, query: str, values: Sequence[Value] = ()) -> sqlite3.Row | None:
        """The first row, if there is one."""
        with self._lock:
            row: sqlite3.Row | None = self._connection.execute(query, values).fetchone()
            return row

    def close(self) -> None:
        """Close the connection; closing twice is fine."""
        with self._lock:
            self._connection.close()
