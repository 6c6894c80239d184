"""How many calls are under way together: as many as the account's rate and the time of an answer ask for.

A burst leaves at once, so a whole window's calls may be under way; answers that take longer than a window need more.
A few places are always there, so that a call that hangs holds no other.
"""

import math
from dataclasses import dataclass
from typing import Final

from importer.settings import Rate

LEAST: Final = 8
"""Places however slow the rate is: calls that hang until their timeout must leave some."""

MOST: Final = 40
"""Places however slow the answers are: all that are under way are in doubt if the line breaks."""

_NEWS: Final = 0.2
"""How much the last call tells of the time of an answer, against all before it."""


@dataclass(slots=True)
class Width:
    """Follows the time that answers take."""

    most: int = MOST
    latency: float = 0.0
    """Seconds that a call takes, in the mean."""
    _any: bool = False

    def answered(self, seconds: float) -> None:
        """A call took so long."""
        self.latency = self.latency + _NEWS * (seconds - self.latency) if self._any else seconds
        self._any = True

    def calls(self, rate: Rate) -> int:
        """The most calls that may be under way together at this rate."""
        steady = math.ceil(self.latency * rate.calls / rate.seconds)
        return min(self.most, max(LEAST, rate.calls, steady + LEAST // 2))
