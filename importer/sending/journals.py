"""Where the sender writes down what it does and what it learns. Each method returns when its facts are on disk."""

from collections.abc import Sequence
from typing import Protocol

from importer.codes.rows import Code
from importer.in_doubt import KnownActivity, OpenDoubt, QueuedCall
from importer.records import Activity, Chunk, Receipt, Withdrawn


class CallJournal(Protocol):
    """Intents and outcomes of calls."""

    def intend(self, chunk: Chunk, attempt: int) -> None: ...

    def settle(self, chunk: Chunk, attempt: int, receipts: tuple[Receipt, ...]) -> None: ...

    def accept(self, chunk: Chunk, attempt: int, request_id: str) -> None: ...

    def doubt(self, chunk: Chunk, attempt: int, code: Code, cause: str) -> None: ...

    def withdraw(self, chunk: Chunk, attempt: int, why: Withdrawn, cause: str) -> None: ...


class DoubtJournal(Protocol):
    """What was found out about rows in doubt, and what is known to be in the account."""

    def known_activities(self, event: int, most: int, *, keyed: bool) -> list[KnownActivity]: ...

    def owned(self, ids: Sequence[str]) -> frozenset[str]: ...

    def found(self, activity: Activity, ids: Sequence[str]) -> None: ...

    def absent(self, activities: Sequence[Activity]) -> Sequence[Activity]: ...

    def rejected(self, activity: Activity, code: Code, message: str) -> None: ...

    def stays(self, activities: Sequence[Activity], code: Code, message: str) -> None: ...


class DoubtBook(DoubtJournal, Protocol):
    """What an earlier process has left in doubt."""

    def open(self, rows_per_call: int) -> list[OpenDoubt]: ...

    def queued(self) -> list[QueuedCall]: ...
