"""How long a run still takes: what the pace of the account allows, or what was measured, if that is slower."""

from collections import deque
from dataclasses import dataclass, field
from typing import Final

from importer.leadsquared.pacing import Window
from importer.sending.width import Width

SETTLING_IN: Final = 2
"""Windows at the beginning that say nothing about the rest: the first burst, and the limit being found out."""

LATELY: Final = 20
"""Calls that count most in saying what holds the others."""

LOOKED_BACK: Final = 24
"""Windows over which progress is measured; whole ones, since calls leave in bursts."""


@dataclass(slots=True)
class Forecast:
    """Of one run. Times are seconds of the lane's clock."""

    window: Window
    width: Width
    rows_per_call: int
    began: float
    _done: deque[tuple[float, float]] = field(default_factory=deque)
    _paced: float = 1.0
    """How often, lately, it was the pace that held calls."""

    def seconds_left(self, rows: float, done: float, now: float) -> float:
        """Seconds until so many rows more are sent.

        :param done: rows sent so far.
        """
        self._done.append((now, done))
        to_leave = -(-int(rows) // self.rows_per_call) - self.window.under_way
        last = self.window.leaves_at(now, to_leave) if to_leave > 0 else now
        paced = last - now + self.width.latency if rows >= 1 else 0.0
        self._paced += (float(self.window.opens_at(now) > now) - self._paced) / LATELY
        measured = self._rows_a_second(now) if self._paced < 0.5 else 0.0  # more often than not
        return max(paced, rows / measured) if measured else paced

    def _rows_a_second(self, now: float) -> float:
        """Progress over the last whole windows; nought if it is too early to tell."""
        period = self.window.period
        windows = min(LOOKED_BACK, int((now - self.began) / period) - SETTLING_IN)
        if windows < SETTLING_IN:
            return 0.0
        since = now - windows * period
        while len(self._done) > 1 and self._done[1][0] <= since:
            self._done.popleft()
        return (self._done[-1][1] - self._done[0][1]) / (windows * period)
