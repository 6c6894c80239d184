"""The reading calls of a run: what the settler and the queue want to know, asked again if nothing usable came back."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from importer.leadsquared.calls import Ending
from importer.leadsquared.pacing import Window
from importer.leadsquared.routes import CallClass
from importer.leadsquared.verdicts import NotExecuted
from importer.sending.queueing import Question, QueueWatch
from importer.sending.readings import Again, reading_verdict
from importer.sending.settling import Settler

AT_ONCE: Final = 4
"""Reading calls under way together, besides those that post."""


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
    under_way: int = 0
    _again: deque[Reading] = field(default_factory=deque)

    def idle(self, now: float) -> bool:
        """Whether nobody wants to know anything."""
        return not self.under_way and not self._again and self.settler.idle and self.queue.idle(now)

    def opens(self, now: float) -> float:
        """When the next question may be asked; infinite as long as something else has to happen first."""
        if self.under_way >= AT_ONCE:
            return float("inf")
        if self._again:
            return self.windows[self._again[0].call_class].opens_at(now)
        due = self.settler.due_at()
        if due < float("inf"):
            due = max(due, self.windows[CallClass.SINGLE].opens_at(now))
        return min(due, self.queue.due_at())

    def next(self, now: float) -> Reading | None:
        """What to ask now, with its call counted as begun; None if it turned out that there is nothing to ask."""
        reading = self._again.popleft() if self._again else self._asked(now)
        if reading is None:
            return None
        window = self.windows[reading.call_class]
        if window.opens_at(now) > now:
            self._again.append(reading)
            return None
        window.started(now)
        self.under_way += 1
        return replace(reading, started=now)

    def _asked(self, now: float) -> Reading | None:
        question = self.settler.next_question(now) if self.settler.due_at() <= now else None
        question = question or self.queue.next_question(now)
        return Reading(question) if question else None

    def ended(self, reading: Reading, ending: Ending, now: float) -> NotExecuted | None:
        """A reading call has ended. Gives the verdict if it was not carried out, for whoever keeps the pace."""
        self.under_way -= 1
        verdict = reading_verdict(ending, reading.tries)
        if isinstance(verdict, NotExecuted):
            self._again.append(reading)
            return verdict
        if isinstance(verdict, Again):
            self._again.append(replace(reading, tries=reading.tries + 1))
        else:
            self.windows[reading.call_class].succeeded()
            reading.question.hear(ending, now)
        return None
