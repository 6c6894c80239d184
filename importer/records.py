"""What comes of the rows that are read (blocks.py): what is checked, what is sent, and what is reported.

All are frozen: a stage makes new values, it never changes those of the stage before.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, Literal

from importer.blocks import Cell, Place


class Outcome(StrEnum):
    """What became of a row: every row of every run ends as exactly one of these."""

    CREATED = "created"
    """Proven: by its own receipt, or read back from the account."""
    DUPLICATE = "duplicate"
    """Imported earlier; not sent."""
    INVALID = "invalid"
    """Failed validation; not sent."""
    REJECTED = "rejected"
    """Refused by the server, proven not created."""
    UNKNOWN = "unknown"
    """May have been created; never sent again by itself."""
    NOT_SENT = "not_sent"
    """The run stopped before its turn."""


# ------------------------------------------------------------------------------------------- what is checked


@dataclass(frozen=True, slots=True)
class Issue:
    """One fault of one row, with the exact address of the cell that has it."""

    place: Place
    row: int
    column: str
    """Letter of the column; "" when the whole row is meant."""
    header: str
    value: str
    """The cell as it stands; cut by whoever prints it."""
    rule: str
    """What was asked of the value, in words: `date dd/mm/yyyy`, `at most 200 characters`."""
    code: str
    message: str
    """What is wrong, without the value, for a person."""
    general: str = ""
    """The message without what is said of this row only, so that equal faults can be told together; "" if that is all
    of it."""

    @property
    def words(self) -> tuple[str, ...]:
        """All but where it is: the same fault of the same cells in another place is Issue(place, row, *words)."""
        return self.column, self.header, self.value, self.rule, self.code, self.message, self.general


# --------------------------------------------------------------------------------------------- what is sent


@dataclass(frozen=True, slots=True)
class Activity:
    """What is posted for one row."""

    ordinal: int
    """Place of its row among all rows of the run, from 0: source order."""
    key: bytes
    """16 bytes that name this activity for ever: keyed digest of its identity and occurrence."""
    body: bytes
    """Its JSON object, exactly as it goes into a call."""
    lead: str
    """The lead it is addressed to, as results.csv shows it."""
    road: int = 0
    """Which of the mapping's roads it takes: 0 is the first, 1 the one for rows that lack its key."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """What one bulk call carries: at most 25 activities (page 003)."""

    number: int
    """The call's number in its run, from 1; 0 as long as it has none."""
    activities: tuple[Activity, ...]
    cells: Callable[[], tuple[tuple[Cell, ...], ...]] = tuple
    """Makes the source's own cells of each row, which only a ledger wants to have."""

    @property
    def road(self) -> int:
        """The road that all of its activities take."""
        return self.activities[0].road


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the server says of one row of a call."""

    row_number: int
    """The row's place in its call, from 1 (page 003)."""
    created: bool
    activity_id: str = ""
    code: str = ""
    message: str = ""
    """The server's own words for a row it refused."""


class Withdrawn(StrEnum):
    """Why a call did nothing for certain."""

    UNSENT = "unsent"
    """No byte of it has left this computer."""
    THROTTLED = "throttled"
    """It was refused for going too fast."""
    REFUSED = "refused"
    """It was refused for what it is: address or form."""
    KEYS_REFUSED = "keys refused"
    """It was refused for whom it came from."""


# ---------------------------------------------------------------------------------------- what is reported


NO_ROAD: Final = -1
"""The road of a row that names its lead in none of the ways that the mapping knows."""


@dataclass(frozen=True, slots=True)
class RowResult:
    """One line of results.csv."""

    place: Place
    row: int
    outcome: Outcome
    chunk: int | None = None
    row_number: int | None = None
    activity_id: str = ""
    lead: str = ""
    code: str = ""
    message: str = ""
    road: int = 0
    """Which of the mapping's roads it took, or would take; or NO_ROAD."""

    @property
    def created(self) -> Literal["true", "false", ""]:
        """What stands under ActivityCreated: empty for what was not sent and for what nobody knows."""
        if self.outcome is Outcome.CREATED:
            return "true"
        return "false" if self.outcome is Outcome.REJECTED else ""


@dataclass(frozen=True, slots=True)
class ResultsAlike:
    """Lines of results.csv that differ in their rows, leads and ids only; sequences of one length."""

    result: RowResult
    """What is said of each of them."""
    rows: Sequence[int]
    leads: Sequence[str]
    ids: Sequence[str] | None = None
    """Of their activities; None for rows that have none."""
    among: "Sequence[tuple[int, ResultsAlike]]" = ()
    """Lines that stand among them: how many of these rows stand before each."""

    def each(self) -> Iterator[RowResult]:
        """The results one by one."""
        among = iter((*self.among, (len(self.rows), None)))
        before, other = next(among)
        for place, row in enumerate(zip(self.rows, self.leads, self.ids or [""] * len(self.rows), strict=True)):
            while other is not None and before <= place:
                yield from other.each()
                before, other = next(among)
            number, lead, activity_id = row
            yield replace(self.result, row=number, lead=lead, activity_id=activity_id)


@dataclass(frozen=True, slots=True)
class HeldRow:
    """A row that has to be corrected, or looked up."""

    place: Place
    row: int
    cells: tuple[Cell, ...]
    """Those of the header's columns, and then what stands beyond them."""
    code: str
    message: str
