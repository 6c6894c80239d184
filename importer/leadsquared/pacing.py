"""When the next call of a class may leave, so that the server never sees more than its limit in any window.

A call is counted by the server at some moment between its first byte and its answer, nobody knows when. So a window
holds each call until the latest moment at which that may have been: its answer, or its first byte and a margin,
whichever comes first. A call may leave when, of the last N calls, the first to be out of doubt has been so for the
window's length: of any N + 1 calls, two are then at least that far apart at the server.
"""

import random
from bisect import insort
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from importer.leadsquared.limits import LARGEST_MARGIN, LONGEST, Learned, Limits
from importer.leadsquared.replies import Limit
from importer.settings import Rate

FIRST_PAUSE: Final = 0.2
"""Windows to pause after a refusal while calls of ours are in the window."""

STEP: Final = 0.05
STEP_OF_LIMIT: Final = 0.25
"""Windows to pause while there are none, and others use the account to the full: what they leave free comes once in a
window, for a few tenths of a second, and has to be found by trying one moment after the other. The slower the account,
the longer: this much, divided by the limit."""

TRIES: Final = 16
"""Tries one after the other until there is a rest: if the server should count what it refuses, tries without end would
keep everybody out."""

TRIES_OF_LIMIT: Final = 4
"""The same for each call of the limit, if that is less."""

REST: Final = 1.1
"""Windows: what was tried before is out of the window then."""

MANY_REFUSALS: Final = 120
"""Refusals in a row after which there are only rests."""

GROWTH: Final = 1.25
"""By which each of these is longer than the last."""

SLOWEST_RETRY: Final = 30.0
"""Seconds up to which they grow, unless the first was longer."""

BY_CHANCE: Final = 0.5
"""Of a pause, by which it is longer at most: two who wait must not go on in step."""

LONGEST_RETRY_AFTER: Final = LONGEST

AFTER_A_STOP: Final = 1.0
"""Seconds that a call of an earlier process may have been on its way; nobody was left to see its answer."""

KEPT_WINDOWS: Final = 4
"""Windows for which calls are remembered: answers that take longer than one tell then what was let through."""

SPREAD: Final = 0.06
"""Part of a window over which the calls of a burst are spread at least, but for the first one: a newcomer can find what
it leaves free for as much longer in each window, and nothing is later for it but the last burst of all."""

ROUNDING: Final = 1e-6
"""Seconds by which sums of times may be wrong."""


@dataclass(slots=True)
class _Departure:
    started: float
    counted_by: float
    """The latest moment at which the server can have counted it."""
    answered: bool = False
    sure: bool = False
    """Whether its answer had come by then."""
    good: bool = False


def _nothing(*_: object) -> None:
    return None


@dataclass(slots=True)
class Window:
    """A sliding window over the calls of one class; times are seconds of a monotonic clock."""

    ceiling: Rate
    stated: bool = True
    """Whether the ceiling is what the user has said."""
    leaving: Callable[[], None] = _nothing
    """Is told before a call leaves; returns when that is on disk."""
    announcing: Callable[[], None] = _nothing
    """The same for a call whose intent is about to be written down: that brings it to disk."""
    remember: Callable[[Learned], None] = _nothing
    """Is told what was learned."""
    quota_named: Callable[[Limit], None] = _nothing
    """Is told of a limit that no run waits for, a day's."""
    limits: Limits = field(init=False)
    _departures: list[_Departure] = field(default_factory=list)
    _closed_until: float = 0.0
    _last: float = float("-inf")
    """When a call left last."""
    _refusals: int = 0
    _refused_at: float = float("-inf")
    _remembered: Learned | None = None

    def __post_init__(self) -> None:
        self.limits = Limits(self.ceiling, stated=self.stated)

    def recall(self, ages: Iterable[float], learned: Learned | None, now: float) -> None:
        """Takes up what an earlier process has left.

        :param ages: seconds since its last calls left; one below nought is as good as nought.
        """
        for age in sorted((max(0.0, age) for age in ages), reverse=True):
            self._departures.append(_Departure(now - age, min(now, now - age + AFTER_A_STOP), answered=True))
        if learned is not None:
            self.limits.recall(learned, now)
            self._remembered = self.limits.learned

    @property
    def rate(self) -> Rate:
        """What calls keep to at this time, other programs' share taken off."""
        return self.limits.rates(float("-inf"))[-1]

    def opens_at(self, now: float) -> float:
        """The earliest moment at which the next call may leave; not before now."""
        at = max(now, self._closed_until)
        held = sorted(each.counted_by for each in self._departures)
        spacing = self.limits.spacing
        for rate in self.limits.rates(now):
            if len(held) >= rate.calls:
                at = max(at, held[-rate.calls] + rate.seconds)
                spacing = max(spacing, SPREAD * rate.seconds / rate.calls)
        return max(at, self._last + spacing)

    @property
    def under_way(self) -> int:
        """Calls that have not ended."""
        return sum(not each.answered for each in self._departures)

    @property
    def period(self) -> float:
        """Seconds from one burst to the next."""
        done = [each.counted_by - each.started for each in self._departures if each.good]
        return self.limits.expected.seconds + (sum(done) / len(done) if done else self.limits.margin)

    def leaves_at(self, now: float, calls: int) -> float:
        """When the last of so many further calls will leave, if nothing holds them but the pace."""
        rate, period = self.limits.expected, self.period
        spread = max(self.limits.spacing, SPREAD * rate.seconds / rate.calls)
        held = sorted(each.counted_by for each in self._departures)[-rate.calls :]
        bursts, place = divmod(calls - 1, rate.calls)
        free, opens, last = rate.calls - len(held), max(now, self._closed_until), self._last
        leaving: list[float] = []
        # The second burst is spread, which the first may not be; from then on each follows the one before.
        for each in range(place + 1 + min(1, bursts) * rate.calls):
            if each < free:
                last = max(opens, last + self.limits.spacing)
            elif each < rate.calls:
                last = max(opens, last + spread, held[each - free] + rate.seconds)
            else:
                last = max(last + spread, leaving[each - rate.calls] + period)
            leaving.append(last)
        return last + max(0, bursts - 1) * period

    def announce(self) -> None:
        """A call will leave when its intent is on disk."""
        self.announcing()

    def started(self, now: float, *, announced: bool = False) -> None:
        """A call leaves."""
        if not announced:
            self.leaving()
        self._last = now
        self._departures.append(_Departure(now, now + self.limits.margin))
        longest = KEPT_WINDOWS * max(rate.seconds for rate in self.limits.rates(now))
        self._departures = [each for each in self._departures if each.counted_by > now - longest or not each.answered]

    def ended(self, started: float, now: float, left: float | None = None) -> None:
        """A call has ended, however it did.

        :param left: when its first byte left, if that is known: making the connection takes time.
        """
        self._end_of(started, now, left)

    def succeeded(self, started: float, now: float, left: float | None = None) -> None:
        """A call was let through."""
        self._refusals = 0
        departure = self._end_of(started, now, left)
        if departure is None:
            return
        departure.good = True
        self.limits.let_through(self._most_together(departure), now)
        self._tell()

    def refused(
        self, started: float, now: float, limit: Limit, retry_after: float | None, jitter: random.Random
    ) -> float | None:
        """A call was refused for going too fast: the class goes on more slowly.

        Returns the moment until which it pauses: no answer of the API says how long (rate-limits page). A call that had
        left before the last refusal came back tells little new, and gives None.
        """
        departure = self._end_of(started, now, None)
        if departure is not None:
            self._departures.remove(departure)
        own = self._own_before(started)
        if started < self._refused_at:
            self.limits.hear(limit)
            self.limits.share.at_most(own)
            return None
        self._refused_at = now
        self._refusals += 1
        self.limits.refused(own, limit, now, unsure=self._unsure(started))
        self._tell()
        pause = self._pause(own)
        pause += jitter.uniform(0, BY_CHANCE * pause)
        if retry_after is not None:
            pause = max(pause, min(retry_after, LONGEST_RETRY_AFTER))
        self._closed_until = max(self._closed_until, now + pause)
        return self.opens_at(now)

    def _pause(self, own: int) -> float:
        """Seconds to pause after a refusal, at least."""
        seconds = self.limits.seconds
        more = min(self._refusals - MANY_REFUSALS, MANY_REFUSALS)
        if more > 0:
            return max(REST * seconds, min(SLOWEST_RETRY, REST * seconds * GROWTH**more))
        if own:
            return FIRST_PAUSE * seconds
        if self._refusals % min(TRIES, TRIES_OF_LIMIT * self.limits.most) == 0:
            return REST * seconds
        return max(STEP, STEP_OF_LIMIT / self.limits.most) * seconds

    def _end_of(self, started: float, now: float, left: float | None) -> _Departure | None:
        """The departure of a call that has ended; calls that left at the same moment are as good as each other."""
        for departure in self._departures:
            if departure.started == started and not departure.answered:
                departure.answered = True
                departure.counted_by = max(started, left or started) + self.limits.margin
                departure.sure = now <= departure.counted_by
                departure.counted_by = min(now, departure.counted_by)
                return departure
        return None

    def _own_before(self, started: float) -> int:
        """The most calls of ours that may have been in the window before a call that left at that moment."""
        last, seconds = started + self.limits.margin, self.limits.seconds - ROUNDING
        near = [each for each in self._departures if started - seconds < each.counted_by and each.started <= last]
        # Calls that left a little later may have come first.
        moments = {started, *(each.started for each in near if each.started > started)}
        return max(sum(each.started <= at < each.counted_by + seconds for each in near) for at in moments)

    def _unsure(self, started: float) -> bool:
        """Whether a call that left just before the window of this one may have been counted within it."""
        opened = started - self.limits.seconds
        return any(opened - LARGEST_MARGIN < each.counted_by <= opened and not each.sure for each in self._departures)

    def _most_together(self, new: _Departure) -> int:
        """The most calls, this one among them, that the server has surely let through within one window."""
        seconds = self.limits.seconds
        good = [each for each in self._departures if each.good and abs(each.started - new.started) <= seconds]
        if len(good) <= self.limits.proven:
            return len(good)
        most = 0
        ends: list[float] = []
        for each in sorted(good, key=lambda departure: departure.started, reverse=True):
            insort(ends, each.counted_by)
            most = max(most, sum(end < each.started + seconds for end in ends))
        return most

    def _tell(self) -> None:
        learned = self.limits.learned
        if learned is not None and learned != self._remembered:
            self._remembered = learned
            self.remember(learned)
