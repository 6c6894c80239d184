"""How many calls an account may make: sliding windows and the daily quota (page rate-limits)."""

from collections import deque
from collections.abc import Callable
from datetime import datetime

from importer.sandbox.settings import Rate


class SlidingWindow:
    """Admits a call if fewer than `rate.calls` were admitted in the last `rate.seconds`; refused calls don't count."""

    def __init__(self, rate: Rate, monotonic: Callable[[], float]) -> None:
        self.rate = rate
        self._monotonic = monotonic
        self._admitted: deque[float] = deque()

    def admits(self) -> bool:
        """Whether one more call fits now; if so, it is counted."""
        now = self._monotonic()
        while self._admitted and self._admitted[0] <= now - self.rate.seconds:
            self._admitted.popleft()
        if len(self._admitted) >= self.rate.calls:
            return False
        self._admitted.append(now)
        return True


class DailyQuota:
    """Admits `limit` calls per UTC day; `already` tells how many the day has had when counting begins."""

    def __init__(self, limit: int, now: Callable[[], datetime], already: Callable[[datetime], int]) -> None:
        self.limit = limit
        self._now = now
        self._already = already
        self._day: datetime | None = None
        self._used = 0

    def admits(self) -> bool:
        """Whether one more call fits today; if so, it is counted."""
        day = self._now().replace(hour=0, minute=0, second=0, microsecond=0)
        if day != self._day:
            self._day, self._used = day, self._already(day)
        if self._used >= self.limit:
            return False
        self._used += 1
        return True
