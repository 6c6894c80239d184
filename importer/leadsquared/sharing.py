"""What other programs on the same account leave us. Refusals are all that is ever heard of them.

Whoever has more than half of the limit gives way down to half, whoever has less gives way by little, and whoever has
just come takes up to half without hesitation: so two runs that know nothing of each other come to have half each. What
was had for a while without refusals is tried to be made more of, by one call at first; where that goes well others have
gone, and the rest is taken quickly.
"""

from dataclasses import dataclass
from math import ceil, isfinite
from typing import Final

NEARLY_ALL: Final = 0.75
"""Part of the limit from which on half of it is left to others at once: they should not have to fight for it."""

KEPT: Final = 0.75
"""Of what was had, by one who had less than that but more than half; by one who has come back to nearly all, since
others did not want half of it then; and by one who does not know the limit."""

KEPT_OF_LITTLE: Final = 0.9
"""Of what was had by one who had no more than half; but one call is given at least."""

KEPT_OF_ONE: Final = 0.4
"""Of a limit of one call: less than half, so that two can take turns without exact timing."""

SMALLEST: Final = 0.25
"""Calls in a window: one in four windows is always tried."""

CALLS_TO_RAISE: Final = 26
"""Calls let through without a refusal after which one call more is tried: of so many one may be refused."""

CALLS_TO_RAISE_ONE: Final = 6
"""The same for one who has less than a call in a window."""

WINDOWS_TO_RAISE: Final = 4
"""Windows' worth of calls, if that is less, for one who does not know the limit: whoever has little catches up."""

FEWEST_TO_RAISE: Final = 8.0
"""But so many at least."""

WINDOWS_TO_RISE: Final = 5
"""For which one who had nearly all takes nothing back: the newcomer needs as many to come to half."""


@dataclass(slots=True)
class Share:
    """Calls in a window that are left to us. Times are seconds of a monotonic clock."""

    calls: float = float("inf")
    """Infinite as long as there was nobody else."""
    _goal: float = 0.0
    """Calls that are taken without hesitation: half of the limit, for a newcomer."""
    _held: float = 1.0
    """Calls that were had in peace before the last one was added: what to fall back on."""
    _step: int = 1
    """Calls by which it grows the next time; more than one after it has grown."""
    _calm: int = 0
    """Calls let through since it was changed."""
    _raise_at: float = 0.0

    def refused(self, own: int, most: int, seconds: float, now: float, *, known: bool = True) -> None:
        """A call was refused though our own had not filled the window.

        :param own: calls of ours that were in the window before it.
        :param most: the limit.
        :param seconds: the window's.
        :param known: whether that is the limit for certain, not only the most that may be tried.
        """
        had = self.calls if self.calls < most else min(own + 1.0, float(most))
        left = self._left(own, had, most) if known else self._left_of_unknown(own, had, most)
        windows = WINDOWS_TO_RISE if own and had >= NEARLY_ALL * most else 1
        self._raise_at = now + windows * seconds
        self.calls = self._held = left
        self._step, self._calm = 1, 0

    def _left(self, own: int, had: float, most: int) -> float:
        """What is left of a limit that is known."""
        half, first_refusal = _half(most), not isfinite(self.calls)
        if own == 0:  # a newcomer, or one who has lost all
            self._goal = half
            return min(had, 1.0, half)
        if had <= self._goal:  # a newcomer on its way to half
            left = self._held if self._held < had else max(1.0, KEPT_OF_LITTLE * had)
            self._goal = max(left, KEPT * self._goal)
            return left
        self._goal = half if first_refusal and had <= half else 0.0
        if had > half:
            return half if first_refusal and had >= NEARLY_ALL * most else max(half, KEPT * had)
        if had <= 1:
            return max(SMALLEST, KEPT * had)
        return max(1.0, self._held if self._step > 1 else min(had - 1, KEPT_OF_LITTLE * had))

    def _left_of_unknown(self, own: int, had: float, most: int) -> float:
        """What is left of a limit that may be anything."""
        if own:
            self._goal = 0.0
            return max(1.0, KEPT * had) if had > 2 else 2 * KEPT_OF_ONE  # the limit may be one
        if not isfinite(self.calls):
            self._goal = float(most) if most > 1 else 0.0
        elif self._calm and had <= 1:
            return max(KEPT_OF_ONE, KEPT * had)  # others were faster
        return min(had, 1.0)

    def at_most(self, own: int) -> None:
        """Another call that had left together with the refused one was refused as well."""
        if isfinite(self.calls):
            self.calls = min(self.calls, max(1.0, float(own)))

    def let_through(self, most: int, seconds: float, now: float, *, known: bool = True) -> None:
        """A call was let through."""
        if self.calls < self._goal and not self._calm:
            self._raise_at = now + seconds  # others need as long to give way
        self._calm += 1
        if self.calls >= most or now < self._raise_at or self._calm < self._calls_to_raise(known=known):
            return
        self._held, self._calm = self.calls, 0
        if self.calls < self._goal:
            self.calls = min(self._goal, max(1.0, 2 * self.calls))
            self._step = 2 if self.calls < self._goal else 1
        elif self.calls < 1:
            self.calls = min(1.0, 2 * self.calls)
        else:
            self.calls += self._step
            self._step *= 2

    def _calls_to_raise(self, *, known: bool) -> float:
        if self.calls < self._goal or self._step > 1:
            return max(1.0, self.calls)
        if self.calls < 1:
            return CALLS_TO_RAISE_ONE
        return CALLS_TO_RAISE if known else min(CALLS_TO_RAISE, max(FEWEST_TO_RAISE, WINDOWS_TO_RAISE * self.calls))


def _half(most: int) -> float:
    return float(ceil(most / 2)) if most > 1 else KEPT_OF_ONE
