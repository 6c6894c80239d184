"""How much may be in doubt at once, and what is risked all the same while nothing in doubt can be settled."""

from collections.abc import Sized
from dataclasses import dataclass
from typing import Final

from importer.sending.settling import Settler

CHUNKS_IN_DOUBT: Final = 3
"""Full chunks that may be in doubt before no new ones are sent."""

ROWS_IN_DOUBT: Final = 10
"""The same in rows, for calls that carry one each."""

TRIAL_PAUSE: Final = 5.0
"""Seconds until another call is risked while too much is in doubt and nothing is known to be there; grows twofold."""


@dataclass(slots=True)
class Caution:
    """Of one run. Times are seconds of the lane's clock."""

    settler: Settler
    rows_per_call: int
    under_way: Sized
    """The posting calls that are out at this moment."""
    _trial_at: float = float("-inf")
    _trial_pause: float = TRIAL_PAUSE

    @property
    def forbids(self) -> bool:
        """Whether nothing more may be risked until something else has happened."""
        if self.settler.sees_something:
            return self._too_much
        # As long as nothing is known to be there, nothing can be settled: one more call may change that, now and then.
        return self._too_much and len(self.under_way) > 0

    @property
    def opens_at(self) -> float:
        """When one more row or chunk may be risked though too much is in doubt."""
        return self._trial_at if self._too_much and not self.settler.sees_something else float("-inf")

    @property
    def is_blind(self) -> bool:
        """Whether so much stays unknown, since nothing seen can be relied on, that going on would only add to it."""
        return self.settler.blind >= self._most

    def doubted(self, now: float) -> None:
        """The settler has taken on one more doubt."""
        if self._too_much and not self.under_way:
            self._trial_pause *= 2
            self._trial_at = now + self._trial_pause

    @property
    def _too_much(self) -> bool:
        return self.settler.in_doubt >= self._most

    @property
    def _most(self) -> int:
        return max(CHUNKS_IN_DOUBT * self.rows_per_call, ROWS_IN_DOUBT)
