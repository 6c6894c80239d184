"""Everything a sandbox remembers, in one SQLite file: leads, activities, the async queue and the log of calls."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from importer.sandbox.store.activities import ActivityTable
from importer.sandbox.store.calls import CallLog
from importer.sandbox.store.database import Database
from importer.sandbox.store.leads import LeadTable
from importer.sandbox.store.queue import RequestQueue

_SCHEMA = LeadTable.SCHEMA + ActivityTable.SCHEMA + RequestQueue.SCHEMA + CallLog.SCHEMA


@dataclass(frozen=True, slots=True)
class Store:
    """The tables of one sandbox; what several of them do inside `database.transaction()` is stored together."""

    database: Database
    leads: LeadTable
    activities: ActivityTable
    queue: RequestQueue
    calls: CallLog

    @classmethod
    def open(cls, path: Path | Literal[":memory:"]) -> "Store":
        """Open the file, or make it; raises UnusableStoreError."""
        database = Database(path, _SCHEMA)
        return cls(database, LeadTable(database), ActivityTable(database), RequestQueue(database), CallLog(database))

    def clear(self) -> None:
        """Forget everything."""
        with self.database.transaction():
            for table in (self.activities, self.queue, self.calls, self.leads):
                table.clear()

    def close(self) -> None:
        """Close the file; nothing can be read after that."""
        self.database.close()
