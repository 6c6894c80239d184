"""When a call may go: the account's pace, how many are out, what is in doubt, an outage, the budget.

What each call tells of that comes back here when it ends, whatever it did to its rows.
"""

import random
from collections.abc import Callable, Mapping, Sized
from dataclasses import dataclass, field
from typing import Final

from importer.leadsquared.calls import Silence
from importer.leadsquared.pacing import LONGEST_RETRY_AFTER, Window
from importer.leadsquared.routes import CallClass
from importer.leadsquared.verdicts import Hopeless, NotExecuted, Verdict
from importer.sending.caution import Caution
from importer.sending.lane import Ended
from importer.sending.stops import Outage, QuotaUsedUp, ServiceDown, Trouble, Unreachable
from importer.sending.watching import Traffic, Watcher
from importer.sending.width import Width

PATIENCE: Final = 0.5
"""Seconds for which the first call is alone: what it shows (keys, activity type) need not be shown eight times."""


@dataclass(slots=True)
class Gate:
    """Opens for the calls of one run. Times are seconds of the lane's clock."""

    windows: Mapping[CallClass, Window]
    width: Width
    caution: Caution
    under_way: Sized
    """The posting calls that are out at this moment."""
    stopping: Callable[[], bool]
    spent: Callable[[], Unreachable | None]
    jitter: random.Random
    watcher: Watcher
    traffic: Traffic
    trouble: Trouble
    _outage: Outage = field(default_factory=Outage)
    _any_ended: bool = False
    """Whether a posting call has."""

    # ---------------------------------------------------------------------------------------- when it opens

    @property
    def closed(self) -> bool:
        """Whether no call of any kind goes any more."""
        return self.stopping() or self.trouble.nothing_can_be_asked

    def opens_for_posting(self, call_class: CallClass, now: float) -> float:
        """When the next chunk may go; infinite as long as something else has to happen first."""
        if self.trouble.first or self.stopping():
            return float("inf")
        window = self.windows[call_class]
        alone = self._outage.tries or self.first_is_awaited(now)
        if len(self.under_way) >= (1 if alone else self.width.calls(window.rate)) or self.caution.forbids:
            return float("inf")
        return max(window.opens_at(now), self._outage.over_at, self.caution.opens_at)

    def opens_for_reading(self, wanted_at: float) -> float:
        """When a question may be asked that is wanted, and within its own pace, at that moment."""
        return max(wanted_at, self._outage.over_at)

    def first_is_awaited(self, now: float) -> bool:
        """Whether the first call is alone still."""
        return not self._any_ended and now < self.first_awaited_until

    @property
    def first_awaited_until(self) -> float:
        """How long the first call is alone at most."""
        return self.traffic.began + PATIENCE

    def budget_spent(self) -> bool:
        """Asked when a call could go: whether it can't be afforded."""
        if not self.trouble.nothing_can_be_asked:
            self.trouble.note(self.spent())
        return self.trouble.nothing_can_be_asked

    # ------------------------------------------------------------------------------------ what calls tell of it

    def posting_ended(self, call_class: CallClass, started: float, ended: Ended, verdict: Verdict, now: float) -> None:
        """Hears what the window, the width and the outage need to know of a posting call that has ended by now."""
        window, at = self.windows[call_class], now if ended.at is None else ended.at
        self._any_ended = True
        if isinstance(ended.ending, Silence):
            window.ended(started, at, ended.left)
        elif not isinstance(verdict, NotExecuted):
            window.succeeded(started, at, ended.left)
            self.width.answered(ended.seconds)
        if not isinstance(verdict, NotExecuted | Hopeless):
            self._outage.answered()

    def reading_ended(self) -> None:
        """A reading call has reached the server; its window was told by whoever has asked."""
        self._outage.answered()

    def not_executed(self, call_class: CallClass, started: float, verdict: NotExecuted, now: float) -> None:
        """A call of either kind was refused for its pace, or has reached nobody: the next one waits for a while."""
        if verdict.limit is not None:
            self.traffic.throttled += 1
            self._outage.answered()
            window = self.windows[call_class]
            if verdict.limit.seconds > LONGEST_RETRY_AFTER:
                window.quota_named(verdict.limit)
                self.trouble.note(QuotaUsedUp(verdict.cause))
                return
            until = window.refused(started, now, verdict.limit, verdict.retry_after, self.jitter)
        else:
            until = self._outage.failed(started, now, self.jitter)
            if self._outage.hopeless(now):
                self.trouble.note(ServiceDown(verdict.cause, self._outage.tries, now - self._outage.since))
                return
        if until is not None:
            self.watcher.paused(until - now, verdict.cause)
