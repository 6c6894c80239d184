"""Readings one after the other, at the account's pace, when nothing else is under way."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from importer.leadsquared.calls import Call, Ending, Silence
from importer.leadsquared.pacing import LONGEST_RETRY_AFTER, MANY_REFUSALS, Window
from importer.leadsquared.verdicts import NotExecuted
from importer.sending.lane import Ended, Lane
from importer.sending.readings import TRIES, Again, reading_verdict

REFUSALS: Final = MANY_REFUSALS
"""How often a call is made that is refused for going too fast; other programs may be using up the account's calls."""

_TICKET = -1
"""No ticket of a sender's call."""


@dataclass(slots=True)
class PacedReader:
    """Makes one reading call after the other."""

    lane: Lane
    window: Window
    stopping: Callable[[], bool]
    jitter: random.Random

    def read(self, call: Call) -> Ending:
        """Makes a call, again if need be, and returns its last ending."""
        tries = refusals = 0
        ending: Ending = Silence("the run was stopped", sent=False)
        while tries < TRIES and not self.stopping():
            started = self._wait_for_turn()
            if self.stopping():
                break
            self.window.started(started)
            self.lane.start(_TICKET, call)
            ended = self._ended()
            ending = ended.ending
            verdict = reading_verdict(ending, tries + 1)
            tries += 1
            if isinstance(verdict, NotExecuted):
                if verdict.limit is not None:
                    refusals += 1
                    if verdict.limit.seconds > LONGEST_RETRY_AFTER or refusals >= REFUSALS:
                        break
                    tries -= 1  # the pace was wrong, not the call
                    self.window.refused(started, self.lane.now(), verdict.limit, verdict.retry_after, self.jitter)
                continue
            if isinstance(ending, Silence):
                self.window.ended(started, self.lane.now(), ended.left)
            else:
                self.window.succeeded(started, self.lane.now(), ended.left)
            if not isinstance(verdict, Again):
                break
        return ending

    def _wait_for_turn(self) -> float:
        while not self.stopping():
            now = self.lane.now()
            opens = self.window.opens_at(now)
            if opens <= now:
                return now
            self.lane.wait(opens - now)
        return self.lane.now()

    def _ended(self) -> Ended:
        while True:
            for ended in self.lane.wait(None):
                if ended.ticket == _TICKET:
                    return ended
