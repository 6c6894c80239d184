"""Who is told what happens, to show it to a person; and what a run used of the API."""

from dataclasses import dataclass
from typing import Protocol


class Watcher(Protocol):
    """Is told what happens."""

    def planned(self, rows: int, to_send: int) -> None:
        """Rows were read; so many of them are to be sent."""

    def all_read(self, rows: int) -> None:
        """There are so many rows, and no more."""

    def settled(self, created: int, rejected: int) -> None:
        """Rows got their outcome."""

    def doubted(self, rows: int, cause: str) -> None:
        """A call ended without proof of what it did."""

    def looked_up(self, created: int, absent: int) -> None:
        """Rows in doubt were found, or are not there for certain."""

    def queue_is(self, pending: int, delay: float) -> None:
        """So many requests wait in the account's queue, the oldest for so many seconds."""

    def paused(self, seconds: float, cause: str) -> None:
        """Calls wait."""

    def waiting(self, seconds: float, rows: int) -> None:
        """All that is left to do is to look up rows in doubt, after so many seconds."""


@dataclass(slots=True)
class Traffic:
    """What a run used of the API."""

    calls: int = 0
    """Posting calls."""
    readings: int = 0
    """Calls that looked up what was in doubt."""
    throttled: int = 0
    began: float = 0.0
    ended: float = 0.0

    def posting_left(self, now: float) -> None:
        """A posting call leaves."""
        self.calls += 1
        self._begun(now)

    def reading_left(self, now: float) -> None:
        """A call leaves that looks something up."""
        self.readings += 1
        self._begun(now)

    @property
    def seconds(self) -> float:
        """From the first call to the end of the last."""
        return self.ended - self.began

    def _begun(self, now: float) -> None:
        if self.calls + self.readings == 1:
            self.began = now
