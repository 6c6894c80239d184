"""When the next call of a class may leave, so that the server never sees more than its limit in any window."""

import random
from collections import deque
from dataclasses import dataclass, field
from typing import Final

from importer.leadsquared.replies import Limit
from importer.settings import Rate

MARGIN: Final = 0.25
"""Seconds a window is held longer than the server's: calls are not equally long on their way."""

SLOWEST_RETRY: Final = 60.0
LONGEST_RETRY_AFTER: Final = 600.0


@dataclass(slots=True)
class Window:
    """A sliding window over the calls of one class; times are seconds of a monotonic clock."""

    rate: Rate
    _starts: deque[float] = field(default_factory=deque)
    _closed_until: float = 0.0
    _refusals: int = 0
    _refused_at: float = float("-inf")

    def opens_at(self, now: float) -> float:
        """The earliest moment at which the next call may leave; not before now."""
        at = max(now, self._closed_until)
        if len(self._starts) >= self.rate.calls:
            at = max(at, self._starts[-self.rate.calls] + self.rate.seconds + MARGIN)
        return at

    def started(self, now: float) -> None:
        """A call leaves."""
        self._starts.append(now)
        while len(self._starts) > self.rate.calls:
            self._starts.popleft()

    def succeeded(self) -> None:
        """A call was let through."""
        self._refusals = 0

    def refused(
        self, started: float, now: float, limit: Limit, retry_after: float | None, jitter: random.Random
    ) -> float | None:
        """A call was refused for going too fast: the class pauses, and keeps to the limit that was named.

        Returns the moment until which it pauses. No answer of the API names one (rate-limits page), so it is the
        window's length, growing with every refusal in a row. A call that had left before the last refusal came back
        tells nothing new, and gives None.
        """
        if limit.calls and limit.seconds:
            self.rate = min(self.rate, Rate(limit.calls, limit.seconds), key=lambda rate: rate.calls / rate.seconds)
        if started < self._refused_at:
            return None
        self._refused_at = now
        self._refusals += 1
        pause = min(SLOWEST_RETRY, (self.rate.seconds + MARGIN) * 2 ** (self._refusals - 1)) + jitter.uniform(0, 0.5)
        if retry_after is not None:
            pause = max(pause, min(retry_after, LONGEST_RETRY_AFTER))
        self._closed_until = max(self._closed_until, now + pause)
        return self._closed_until
