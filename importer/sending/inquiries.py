"""The reading calls of a run: what the settler and the queue want to know, asked again if nothing usable came back."""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from importer.leadsquared.calls import Silence
from importer.leadsquared.pacing import Window
from importer.leadsquared.routes import CallClass
from importer.leadsquared.verdicts import NotExecuted
from importer.sending.lane import Ended
from importer.sending.queueing import Question, QueueWatch
from importer.sending.readings import Again, reading_verdict
from importer.sending.settling import Settler

AT_ONCE: Final = 4
"""Reading calls under way together, besides those that post."""

SHARE: Final = 0.1
"""Of the rate, for readings while calls of the same class wait to post."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A question that is to be asked, or is under way."""

    question: Question
    tries: int = 1
    started: float = 0.0

    @property
    def call_class(self) -> CallClass:
        """By which its call is paced."""
        return self.question.call.call_class


@dataclass(slots=True)
class Inquiries:
    """Chooses what is asked next. Times are seconds of the lane's clock."""

    settler: Settler
    queue: QueueWatch
    windows: Mapping[CallClass, Window]
    rival: Callable[[], CallClass | None] = lambda: None
    """The class of the call that waits to post, if one does."""
    under_way: int = 0
    _again: deque[Reading] = field(default_factory=deque)
    _last: dict[CallClass, float] = field(default_factory=dict)

    def idle(self, now: float) -> bool:
        """Whether nobody wants to know anything."""
        return not self.under_way and not self._again and self.settler.idle and self.queue.idle(now)

    def opens(self, now: float) -> float:
        """When the next question may be asked; infinite as long as something else has to happen first."""
        if self.under_way >= AT_ONCE:
            return float("inf")
        if self._again:
            return self._opens_for(self._again[0].call_class, now)
        due = self.settler.due_at()
        if due < float("inf"):
            due = max(due, self._opens_for(CallClass.SINGLE, now))
        return min(due, self.queue.due_at())

    def _opens_for(self, call_class: CallClass, now: float) -> float:
        """When a call of this class may be made: its window is open, and those who post have had their part of it."""
        window = self.windows[call_class]
        opens = window.opens_at(now)
        if self.rival() is not call_class:
            return opens
        pause = window.rate.seconds / window.rate.calls / SHARE
        return max(opens, self._last.get(call_class, float("-inf")) + pause)

    def next(self, now: float) -> Reading | None:
        """What to ask now, with its call counted as begun; None if it turned out that there is nothing to ask."""
        reading = self._again.popleft() if self._again else self._asked(now)
        if reading is None:
            return None
        if self._opens_for(reading.call_class, now) > now:
            self._again.append(reading)
            return None
        self._last[reading.call_class] = now
        self.windows[reading.call_class].started(now)
        self.under_way += 1
        return replace(reading, started=now)

    def _asked(self, now: float) -> Reading | None:
        question = self.settler.next_question(now) if self.settler.due_at() <= now else None
        question = question or self.queue.next_question(now)
        return Reading(question) if question else None

    def ended(self, reading: Reading, ended: Ended, now: float) -> NotExecuted | None:
        """A reading call has ended. Gives the verdict if it was not carried out, for whoever keeps the pace."""
        self.under_way -= 1
        verdict = reading_verdict(ended.ending, reading.tries)
        window = self.windows[reading.call_class]
        if isinstance(ended.ending, Silence):
            window.ended(reading.started, now, ended.left)
        elif not isinstance(verdict, NotExecuted):
            window.succeeded(reading.started, now, ended.left)
        if isinstance(verdict, NotExecuted):
            self._again.append(reading)
            return verdict
        if isinstance(verdict, Again):
            self._again.append(replace(reading, tries=reading.tries + 1))
        else:
            reading.question.hear(ended.ending, now)
        return None
