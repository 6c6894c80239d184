"""Reading at the account's rate, with patience: whatever went wrong with a reading call, it can be made again."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from importer.errors.base import StoppedEarly
from importer.leadsquared.calls import Answer, Call, Ending, Silence
from importer.leadsquared.pacing import LONGEST_RETRY_AFTER, MANY_REFUSALS, Window
from importer.leadsquared.replies import Limit, exception_type, parsed, rate_limit, retry_after

TRIES: Final = 4
"""How often one call is made that gets no answer, or a passing error, before its ending is taken for what it is."""

LIMITED_TRIES: Final = MANY_REFUSALS
"""How often a call is made that is refused for going too fast; other programs may be using up the account's calls."""

PAUSE: Final = 2.0
"""Seconds before a call that got no answer is made again; twice that before the next time, and so on."""


GIVE_UP: Final = 3
"""Calls in a row that no patience has helped, after which no other is made."""


class ServiceGone(StoppedEarly):
    """One call after the other got no answer."""

    code = "service-down"

    def __init__(self, cause: str) -> None:
        super().__init__(
            f"LeadSquared could not be reached by {GIVE_UP} calls in a row, each tried several times: {cause}.",
            "Check LSQ_HOST and the network, or wait until the account has calls left; then try again.",
        )


@dataclass(slots=True)
class PatientReader:
    """Makes reading calls: waits for the window to open, and makes calls again that were refused or got no answer.

    Never to be given a call that writes.
    """

    send: Callable[[Call], Ending]
    window: Window
    clock: Callable[[], float] = time.monotonic
    pause: Callable[[float], None] = time.sleep
    """Waits so many seconds."""
    jitter: random.Random = field(default_factory=random.Random)
    tries: int = TRIES
    _in_vain: int = 0

    def __call__(self, call: Call) -> Ending:
        """Makes the call until it has an answer that will stay the same, or patience is at its end.

        :raises ServiceGone: that was so for several calls in a row.
        """
        failures = refusals = 0
        while True:
            self.pause(max(0.0, self.window.opens_at(self.clock()) - self.clock()))
            started = self.clock()
            self.window.started(started)
            ending = self.send(call)
            limit = refusal_for_pace(ending)
            if limit is not None:
                refusals += 1
                if refusals >= LIMITED_TRIES or limit.seconds > LONGEST_RETRY_AFTER:
                    return self._given_up(ending)
                headers = ending.headers if isinstance(ending, Answer) else {}
                self.window.refused(started, self.clock(), limit, retry_after(headers), self.jitter)
                continue
            if not _passing(ending):
                self.window.succeeded(started, self.clock())
                self._in_vain = 0
                return ending
            self.window.ended(started, self.clock())
            failures += 1
            if failures >= self.tries:
                return self._given_up(ending)
            self.pause(PAUSE * 2 ** (failures - 1))

    def _given_up(self, ending: Ending) -> Ending:
        self._in_vain += 1
        if self._in_vain >= GIVE_UP:
            said = f"HTTP {ending.status}" if isinstance(ending, Answer) else ending.cause
            raise ServiceGone(said)
        return ending


def refusal_for_pace(ending: Ending) -> Limit | None:
    """The limit that the call was refused for, whatever the status; 429 says it without words."""
    if not isinstance(ending, Answer):
        return None
    limit = rate_limit(parsed(ending.body), ending.body)
    return Limit(0, 0) if limit is None and ending.status == 429 else limit


def _passing(ending: Ending) -> bool:
    """Whether the same call may end otherwise: no answer, or a server error without an MX type (FACTS 4)."""
    if isinstance(ending, Silence):
        return not ending.lasting
    return ending.status >= 500 and not exception_type(parsed(ending.body)).startswith("MX")
