"""What other programs on the same account leave us, found out by refusals alone: they are all that is ever heard of them.

Whoever has more than half gives way to others down to that at once, and whoever has less gives little: so two runs that
know nothing of each other come to have half each. What was had without refusals for a while is tried to be made more of,
by one call at first; where that goes well, others have gone, and the rest is taken quickly.
"""

from dataclasses import dataclass
from math import ceil, isfinite
from typing import Final

KEPT: Final = 0.75
"""Of what was had before a refusal by one who had more than half of the limit, but not nearly all of it."""

NEARLY_ALL: Final = 0.75
"""Part of the limit from which on half of it is left to others at once: they should not have to fight for it."""

KEPT_OF_LITTLE: Final = 0.9
"""Of what was had before a refusal by one who had no more than half; one call is given at least."""

ALONE: Final = 0.4
"""Calls in a window to keep of a limit of one: less than half, so that turns with another need no exact timing."""

SMALLEST: Final = 0.25
"""Calls in a window: one in four windows is always tried."""

CALLS_TO_RAISE: Final = 28
"""Calls let through without a refusal after which one call more is tried: of so many one may be refused."""

CALLS_TO_RAISE_LITTLE: Final = 12
"""The same for one who has less than half."""

NEWCOMER: Final = 5.0

CONFIRM = 1.0
FASTER = 2
TURNS_TO_RAISE: Final = 6
"""The same for one who has less than a call in a window."""


@dataclass(slots=True)
class Share:
    """Calls in a window that are left to us. Times are seconds of a monotonic clock."""

    calls: float = float("inf")
    _calm: int = 0
    """Calls let through since it was changed."""
    _step: int = 1
    """Calls by which it grows the next time."""
    _good: float = 1.0
    """What was had before it was raised the last time."""
    _goal: float = 0.0
    """What is taken without hesitation."""
    _raise_at: float = 0.0

    def refused(self, own: int, most: int, seconds: float, now: float, *, known: bool = True) -> None:
        """A call was refused though our own had not filled the window.

        :param own: calls of ours that were in the window before it.
        :param most: the limit.
        :param seconds: the window's.
        :param known: whether that is the limit, not only the most that may be tried.
        """
        half = _half(most)
        had = min(self.calls, float(most)) if self.calls < most else min(own + 1.0, float(most))
        if own == 0:
            left = min(had, 1.0, half) if known or had > 1 else max(ALONE, KEPT * had)
            self._goal = half if known else float(most)
        elif not known:
            left, self._goal = max(1.0, KEPT * had), 0.0
        elif had <= self._goal:
            left = self._good if self._good < had else max(1.0, KEPT_OF_LITTLE * had)
            self._goal = max(left, KEPT * self._goal)
        elif had > half:
            left = half if had >= NEARLY_ALL * most else max(half, KEPT * had)
        elif had > 1:
            left = max(1.0, self._good if self._step > 1 else min(had - 1, KEPT_OF_LITTLE * had))
        else:
            left = max(SMALLEST, KEPT * had)
        if had > half:
            self._goal = 0.0
        self.calls, self._step, self._good = left, 1, left
        self._calm, self._raise_at = 0, now + (NEWCOMER if had >= NEARLY_ALL * most and own else 1.0) * seconds

    def at_most(self, own: int) -> None:
        """Another call that had left together with the refused one was refused as well."""
        if isfinite(self.calls):
            self.calls = min(self.calls, max(1.0, float(own)))

    def let_through(self, most: int, seconds: float, now: float, *, known: bool = True) -> None:
        """A call was let through."""
        if self.calls < self._goal and not self._calm:
            self._raise_at = now + seconds  # others need as long to give way
        self._calm += 1
        if self.calls >= most or now < self._raise_at or self._calm < self._calls_to_raise(most, known=known):
            return
        self._good = self.calls
        if self.calls < self._goal:
            self.calls = min(self._goal, max(1.0, 2 * self.calls))
            self._step = 2 if self.calls < self._goal else 1
        elif self.calls < 1:
            self.calls = min(1.0, 2 * self.calls)
        else:
            self.calls += self._step
            self._step = int(FASTER * self._step)
        self._calm = 0

    def _calls_to_raise(self, most: int, *, known: bool) -> float:
        if self.calls < self._goal or self._step > 1:
            return max(1.0, (CONFIRM if self._step > 1 else 1.0) * self.calls)
        if self.calls < 1:
            return TURNS_TO_RAISE
        if not known:
            return min(CALLS_TO_RAISE, max(8.0, 4 * self.calls))
        return CALLS_TO_RAISE_LITTLE if self.calls < most // 2 else CALLS_TO_RAISE


def _half(most: int) -> float:
    return float(ceil(most / 2)) if most > 1 else ALONE
