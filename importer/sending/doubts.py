"""A call whose rows may have been created or not: when it is looked up, and what may be concluded from what is seen."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final

from importer.records import Activity, Chunk

EARLY_LOOKS: Final = (0.05, 0.2)
"""Shares of the settle time after which is looked already: what is there then needs no more waiting."""

CONFIRMATION: Final = 1 / 30
"""Share of the settle time between two looks that are to decide: ten seconds of five minutes."""

LOOKS_FOR_ABSENCE: Final = 2
"""Looks after the settle time, complete and controlled, that must miss a row before it counts as not created."""

LOOKS_IN_VAIN: Final = 4
"""Looks after the settle time that prove nothing, before a doubt is left for another day."""


@dataclass(slots=True)
class Doubt:
    """The rows of one call that are in doubt. Times are seconds of the lane's clock."""

    chunk: Chunk
    attempt: int
    sent_at: float
    ended_at: float
    cause: str
    refusal: str = ""
    """LeadSquared's words, if it answered the call with an error."""
    tries: int = 0
    """How often these rows were sent before, and turned out not to be there."""
    slack: float = 0.0
    """Seconds by which it may have been sent earlier: another process has noted when, by a clock that may have been set
    since."""
    absences: int = 0
    in_vain: int = 0
    due_at: float = field(default=float("inf"))
    """When to look next."""
    carried: int = field(init=False)
    """How many rows the call had, those that are settled by now included."""

    def __post_init__(self) -> None:
        self.carried = len(self.chunk.activities)

    def plan_first_look(self, settle: float, now: float) -> None:
        """Plans the first look; late, if the doubt is an old one."""
        looks = [self.ended_at + share * settle for share in (*EARLY_LOOKS, 1.0)]
        self.due_at = next((at for at in looks if at >= now), now)

    def plan_next_look(self, settle: float, began: float, now: float) -> None:
        """Plans another look after one that began at `began`."""
        looks = [self.ended_at + share * settle for share in (*EARLY_LOOKS, 1.0)]
        self.due_at = next((at for at in looks if at > began), began + settle * CONFIRMATION)
        self.due_at = max(self.due_at, now)

    def decides(self, began: float, settle: float) -> bool:
        """Whether a look that began then may tell that a row is not there: the server has finished or dropped it."""
        return began >= self.ended_at + settle

    def without(self, settled: Collection[Activity]) -> None:
        """Takes rows out of the doubt."""
        ordinals = {activity.ordinal for activity in settled}
        self.chunk = part_of(
            self.chunk, [at for at, each in enumerate(self.chunk.activities) if each.ordinal not in ordinals]
        )

    @property
    def activities(self) -> tuple[Activity, ...]:
        """The rows that are still in doubt."""
        return self.chunk.activities


def part_of(chunk: Chunk, places: list[int]) -> Chunk:
    """A chunk of some rows of another one: the same one if it is all of them, else one without a number yet."""
    if len(places) == len(chunk.activities):
        return chunk
    cells = chunk.cells
    return Chunk(
        0,
        tuple(chunk.activities[at] for at in places),
        lambda: tuple(each for at, each in enumerate(cells()) if at in set(places)),
    )


def parts_of(chunk: Chunk, parts: int) -> list[Chunk]:
    """A chunk in so many parts, as equal as can be, each a call of its own; the row that spoils it is in one."""
    rows = len(chunk.activities)
    count = min(parts, rows)
    bounds = [rows * at // count for at in range(count + 1)]
    return [replace(part_of(chunk, list(range(first, last))), number=0) for first, last in pairwise(bounds)]
