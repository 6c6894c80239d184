"""What is read: the rows of a source in blocks, column by column, and how the file around them is written.

All are frozen: a stage makes new values, it never changes those of the stage before; records.py has what comes of them.
Arrays are shared, not copied, and nobody writes into them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from importer.codes.rows import Code

if TYPE_CHECKING:
    import pyarrow as pa

    Texts: TypeAlias = pa.LargeStringArray  # typed Any, since pyarrow ships no types; named for the reader
else:
    Texts: TypeAlias = Any

RowNumbers: TypeAlias = npt.NDArray[np.int64]
Flags: TypeAlias = npt.NDArray[np.bool_]
Kinds: TypeAlias = npt.NDArray[np.uint8]
"""A CellKind each."""


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

    def only(self, which: Flags) -> "CellColumn":
        """Some cells of the column."""
        stored = self.stored
        if stored is not None:
            stored = StoredCells(stored.kinds[which], stored.stored.filter(which), stored.formats.filter(which))
        return CellColumn(self.shown.filter(which), stored)

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

    code: Code
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
    """Rows of one source, column by column, in source order. Blank rows are no rows and not in it."""

    place: Place
    header: Header
    places: RowNumbers
    """The place of each row among the rows of the source, from 0; growing, with gaps where rows were left out."""
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
        return Block(self.place, self.header, self.places[:count], self.rows[:count], columns, faults)

    def only(self, which: Flags) -> "Block":
        """Some rows of the block."""
        if which.all():
            return self
        columns = tuple(column.only(which) for column in self.columns)
        offsets = np.cumsum(which) - 1
        faults = {int(offsets[offset]): fault for offset, fault in self.faults.items() if which[offset]}
        return Block(self.place, self.header, self.places[which], self.rows[which], columns, faults)

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


class Cell(NamedTuple):
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
