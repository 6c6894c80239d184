"""The values that travel when it is uncertain whether rows have arrived: what is in doubt, and what is known."""

from dataclasses import dataclass
from datetime import datetime

from importer.records import Chunk


@dataclass(frozen=True, slots=True)
class OpenDoubt:
    """Rows of one call of which nobody knows whether it has created them."""

    chunk: Chunk
    """With number 0 if the call was that of another run."""
    attempt: int
    sent_at: datetime
    """When the intent was noted: no byte has left before."""
    ended_at: datetime | None
    """When the call ended; None if the process ended first."""
    cause: str


@dataclass(frozen=True, slots=True)
class QueuedCall:
    """A call that was accepted into the account's queue, and of which nobody has asked yet what became of it."""

    chunk: Chunk
    """With number 0 if the call was that of another run."""
    attempt: int
    request_id: str

    @property
    def of_this_run(self) -> bool:
        """Whether the run at work has made the call."""
        return self.chunk.number > 0


@dataclass(frozen=True, slots=True)
class KnownActivity:
    """An activity that is in the account for certain, and so has to show whenever somebody looks for it."""

    id: str
    lead: str
    key: bytes = b""


@dataclass(frozen=True, slots=True)
class AuditedRow:
    """What the ledger says of a row that was to be sent."""

    ordinal: int
    key: bytes
    activity_id: str
    """Empty if it says that the row is not there."""
