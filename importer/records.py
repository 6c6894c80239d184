"""The values that travel along the way of a row, from a cell in a file to a line in results.csv.

All are frozen: a stage makes new values, it never changes those of the stage before.
Arrays are shared, not copied, and nobody writes into them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import pyarrow as pa

    Texts: TypeAlias = pa.LargeStringArray  # typed Any, since pyarrow ships no types; named for the reader
else:
    Texts: TypeAlias = Any

RowNumbers: TypeAlias = npt.NDArray[np.int64]
Flags: TypeAlias = npt.NDArray[np.bool_]
Kinds: TypeAlias = npt.NDArray[np.uint8]
"""A CellKind each."""


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


# ---------------------------------------------------------------------------------------------- what is read


class CellKind(IntEnum):
    """What an Excel cell stores behind what it shows. A cell of a CSV file is always TEXT."""

    TEXT = 0
    NUMBER = 1
    MOMENT = 2
    """A number under a date or time format."""
    TRUTH = 3
    ERROR = 4
    """#N/A, #REF! and their kin."""
    FORMULA = 5
    """A formula whose value was never calculated."""
    LONG_NUMBER = 6
    """A number some of whose digits were lost before it was stored."""
    NO_DAY = 7
    """A number under a date or time format that stands for no day: 29 February 1900, or one before the calendar."""
    UNSHOWN = 8
    """A number for which its format has nothing but number signs."""


@dataclass(frozen=True, slots=True)
class StoredCells:
    """What the cells of one Excel column store; three arrays of the block's length."""

    kinds: Kinds
    stored: Texts
    """NUMBER, NO_DAY and UNSHOWN: plain decimal digits, `0.3`, never an exponent. LONG_NUMBER: as the file writes it.
    MOMENT: `YYYY-MM-DDTHH:MM:SS[.ffffff]`, or `THH:MM:SS` for a time without a day. Otherwise empty."""
    formats: Texts
    """The number format of the cell, `General` where it has none; `@` is text. One that begins with `[=` shows one
    value in words for which there is no other format, and anything else by what stands behind its last semicolon."""


@dataclass(frozen=True, slots=True)
class CellColumn:
    """One column of a block."""

    shown: Texts
    """What a person sees in the cell, as it stands; empty cells are "", never null."""
    stored: StoredCells | None = None
    """Present for Excel only."""

    def head(self, count: int) -> "CellColumn":
        """The first cells of the column."""
        stored = self.stored
        if stored is not None:
            stored = StoredCells(stored.kinds[:count], stored.stored[:count], stored.formats[:count])
        return CellColumn(self.shown[:count], stored)

    def cell(self, offset: int) -> "Cell":
        """One cell by itself."""
        shown = str(self.shown[offset])
        if self.stored is None:
            return Cell(shown)
        stored = self.stored
        kind = CellKind(int(stored.kinds[offset]))
        return Cell(shown, kind, str(stored.stored[offset]), str(stored.formats[offset]))

    def cells(self, offsets: RowNumbers) -> "list[Cell]":
        """Some of the cells, taken all at once."""
        shown = self.shown.take(offsets).to_numpy(zero_copy_only=False).tolist()
        if self.stored is None:
            return list(map(Cell, shown))
        stored = self.stored
        kinds = map(CellKind, stored.kinds[offsets].tolist())
        texts = (part.take(offsets).to_numpy(zero_copy_only=False).tolist() for part in (stored.stored, stored.formats))
        return list(map(Cell, shown, kinds, *texts))


@dataclass(frozen=True, slots=True)
class Header:
    """The column names of a source, by position."""

    names: tuple[str, ...]
    row: int
    """The physical line or Excel row on which they stand, from 1."""

    def positions(self, name: str) -> list[int]:
        """Where a column of this name stands; white space at the ends does not count (no-break space included)."""
        wanted = name.strip()
        return [position for position, found in enumerate(self.names) if found.strip() == wanted]


TO_BE_EMPTIED: Final = "(put this row right, then empty this cell)"


@dataclass(frozen=True, slots=True)
class RowFault:
    """A row that could not be read as a row; its cells are the nearest that could be made out."""

    code: str
    message: str
    column: int | None = None
    """Position of the column where it went wrong, if one can be named."""
    beyond: tuple[str, ...] = (TO_BE_EMPTIED,)
    """What stands beyond the header's columns in a file to correct. As long as something does, the row is no row: so a
    row that nobody has put right is not taken for one."""


@dataclass(frozen=True, slots=True)
class Place:
    """Which rows we speak of: one file, and in a workbook one sheet of it."""

    source: str
    """The path as the user gave it."""
    sheet: str | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """Consecutive rows of one source, column by column, in source order. Blank rows are no rows and not in it."""

    place: Place
    header: Header
    start: int
    """How many rows of the source stand before the first one of this block."""
    rows: RowNumbers
    """The row number that a person sees, for each row: Excel row, or physical line on which the record starts."""
    columns: tuple[CellColumn, ...]
    """One for each name of the header."""
    faults: Mapping[int, RowFault] = field(default_factory=dict)
    """Offset in this block -> why the row can't be used. Such a row counts as read and as invalid."""

    def __len__(self) -> int:
        return len(self.rows)

    def head(self, count: int) -> "Block":
        """The first rows of the block."""
        if count >= len(self):
            return self
        columns = tuple(column.head(count) for column in self.columns)
        faults = {offset: fault for offset, fault in self.faults.items() if offset < count}
        return Block(self.place, self.header, self.start, self.rows[:count], columns, faults)

    def cells(self, offset: int) -> "tuple[Cell, ...]":
        """The cells of one row, with all that is needed to write them again."""
        return tuple(column.cell(offset) for column in self.columns)

    def cells_of(self, offsets: RowNumbers) -> "list[tuple[Cell, ...]]":
        """The cells of some rows, many times as fast as row by row."""
        return list(zip(*(column.cells(offsets) for column in self.columns), strict=True))


def column_letter(position: int) -> str:
    """The letters a spreadsheet shows over a column: 0 -> A, 26 -> AA."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell, kept so that a file to correct can show it exactly as it was."""

    shown: str
    kind: CellKind = CellKind.TEXT
    stored: str = ""
    format: str = "General"


@dataclass(frozen=True, slots=True)
class CsvLayout:
    """How a CSV file is written: enough to write another one that reads the same way."""

    encoding: str
    byte_order_mark: bool
    delimiter: str
    newline: str
    preamble: str
    """The text above the header, line ends included."""
    header: tuple[str, ...]
    quote: str = '"'
    """The character that encloses texts."""


@dataclass(frozen=True, slots=True)
class SheetLayout:
    """How a sheet is laid out: enough to write another one that reads the same way."""

    sheet: str
    preamble: tuple[tuple[Cell, ...], ...]
    """The rows above the header."""
    header: tuple[Cell, ...]
    position: int = 1
    """Which sheet of its workbook it is, from 1: whoever named it by number finds it there again."""
    widths: tuple[float, ...] = ()
    """How wide the header's columns are, in characters; 0 where the sheet does not say."""


Layout: TypeAlias = CsvLayout | SheetLayout

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
    """It was refused for what it is: keys, address or form."""


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
