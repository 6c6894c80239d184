"""Why sending stops before its end, and what is tried before it does."""

import random
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from importer.errors.base import ImporterError, StoppedEarly
from importer.leadsquared.verdicts import Hopeless

TRIES_AT_FIRST: Final = 3
"""Tries to reach a server that never answered: its address is probably wrong."""

LONGEST_OUTAGE: Final = 300.0
"""Seconds for which a server that has answered before is tried again."""

FIRST_PAUSE: Final = 1.0
LONGEST_PAUSE: Final = 60.0
"""Seconds between tries to reach a server that can't be reached; doubled each time."""


class Unreachable(StoppedEarly):
    """Nothing can be asked of the account any more, so what is in doubt stays so for this time."""


class Refused(Unreachable):
    """Every further call would be answered as this one was."""

    def __init__(self, verdict: Hopeless) -> None:
        super().__init__(f"Stopped: {verdict.cause}.", verdict.remedy)
        self.code = verdict.code


class QuotaUsedUp(Unreachable):
    """The limit that refused a call is one that no run waits for: a day's."""

    code = "quota-used-up"

    def __init__(self, cause: str) -> None:
        super().__init__(
            f"Stopped: the account's quota of calls is used up ({cause}).",
            "When there is a new one, run the same command again, and it goes on where it stopped.",
        )


class BudgetSpent(Unreachable):
    """As many calls were made this day as the user allows."""

    code = "budget-spent"

    def __init__(self, used: int, budget: int, next_day: datetime) -> None:
        local = next_day.astimezone()
        if not budget:
            super().__init__(
                "Stopped: --budget allows no call at all.",
                "Give a --budget that is larger, and the same command goes on where it stopped.",
            )
            return
        made = f"{used:,} {'has' if used == 1 else 'have'} been made today (UTC)"
        super().__init__(
            f"Stopped: --budget allows {budget:,} {'call' if budget == 1 else 'calls'} a day, and {made}.",
            f"A new day of calls begins at {next_day:%H:%M} UTC, which is {local:%Y-%m-%d %H:%M} here: run the same "
            "command again then, and it goes on where it stopped; or give a larger --budget.",
        )


class ServiceDown(Unreachable):
    """The server could not be reached for a while."""

    code = "service-down"

    def __init__(self, cause: str, tries: int, seconds: float) -> None:
        super().__init__(
            f"Stopped: LeadSquared could not be reached, tried {tries} times in {seconds:.0f} seconds: {cause}.",
            "Check LSQ_HOST and the network; then run the same command again, and it goes on where it stopped.",
        )


@dataclass(slots=True)
class Trouble:
    """Why a run ends before all is sent, if it does: the first reason that came up."""

    first: Exception | None = None
    nothing_can_be_asked: bool = False
    """Whether the run ends without looking anything up: nobody would answer, nothing more may be asked, or the program
    itself has failed."""

    def note(self, reason: Exception | None) -> None:
        """Something may have come up; what came up before it counts."""
        self.first = self.first or reason
        if isinstance(reason, Unreachable) or not isinstance(reason, ImporterError | None):
            self.nothing_can_be_asked = True


@dataclass(slots=True)
class Outage:
    """The time during which the server can't be reached; while it lasts, one call at a time tries."""

    over_at: float = float("-inf")
    """When the next try may be made."""
    tries: int = 0
    since: float = 0.0
    _ever_answered: bool = False
    _last_failure: float = float("-inf")

    def answered(self) -> None:
        """The server was reached."""
        self.tries = 0
        self._ever_answered = True

    def failed(self, started: float, now: float, jitter: random.Random) -> float | None:
        """When to try again, a longer while each time; None for a call that had left before the last failure."""
        if started < self._last_failure:
            return None
        self.since = self.since if self.tries else now
        self.tries += 1
        self._last_failure = now
        self.over_at = now + min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (self.tries - 1)) + jitter.uniform(0, 0.5)
        return self.over_at

    def hopeless(self, now: float) -> bool:
        """Whether trying has lasted long enough."""
        if self._ever_answered:
            return now - self.since >= LONGEST_OUTAGE
        return self.tries >= TRIES_AT_FIRST
