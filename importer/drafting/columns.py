"""What all rows of a file say about each of its columns."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

import pyarrow.compute as pc

from importer.blocks import Block, CellKind, Header, column_letter
from importer.drafting.cells import FilledCells, filled_cells
from importer.drafting.date_reading import DateReading, date_reading
from importer.drafting.dates import DateTrial
from importer.drafting.names import names_a_date
from importer.drafting.readings import Misfits, TypeTrial
from importer.mapping.numbers import SHORTENED

MOST_DISTINCT: Final = 1_000
"""Beyond this many, different texts are no longer told apart."""

MOST_ROWS: Final = 1_048_576
"""Rows of a sheet; what is assumed where the source can't tell."""


class Sign(StrEnum):
    """What can stand in a cell that a type alone does not tell: regular expressions (RE2)."""

    ZEROS = r"^[+-]?0[0-9]+$"
    """419 and 0419 would be the same number."""
    LONG = r"^[+-]?[0-9]{16,}$"
    """More digits than a spreadsheet keeps."""
    EXPONENT = SHORTENED
    MARKED = r"^[+-]?[0-9][0-9 \x{a0}'\x{2019}]*[.,]"
    """A number with a point or a comma in it."""
    PLUS = r"^\+[0-9]"
    CLOCK = "[0-9]:[0-5][0-9]"
    PERCENT = "[0-9] ?%$"


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """One column, looked through from the first row to the last."""

    position: int
    name: str
    """Without white space at its ends."""
    rows: int
    """Rows of the file, those left out that can't be read as rows."""
    filled: int
    broken: int
    """Cells that hold an error of Excel."""
    values: tuple[str, ...] | None
    """The different texts, the most frequent first; None if there are more than can be told apart."""
    longest: int
    """Characters."""
    signs: dict[Sign, Misfits]
    """Cells that begin with zeros, have more than 15 digits, and the like."""
    types: dict[int, Misfits]
    """The readers that fit, by their place among all, with the cells they don't read."""
    dates: DateReading | None
    serials: Misfits
    """Numbers that are probably dates without a date format."""
    times: int
    """Cells that are times of day of Excel, without a day."""

    @property
    def letter(self) -> str:
        """What a spreadsheet shows over it."""
        return column_letter(self.position)

    @property
    def always_filled(self) -> bool:
        """Whether no row leaves it empty."""
        return self.filled == self.rows > 0

    def has(self, sign: Sign) -> Misfits | None:
        """The cells with a sign, if there are any."""
        found = self.signs[sign]
        return found if found.count else None


@dataclass(frozen=True, slots=True)
class FileProfile:
    """All columns of a file."""

    rows: int
    """Rows read, those included that can't be read as rows."""
    faulty: int
    """Rows that can't be read as rows."""
    columns: tuple[ColumnProfile, ...]


class Rows(Protocol):
    """What a source offers to whoever looks through it."""

    @property
    def header(self) -> Header: ...

    @property
    def expected_rows(self) -> int | None:
        """About how many rows there will be, if that can be known."""

    def blocks(self) -> Iterator[Block]:
        """All rows, in order."""


def profile_of(source: Rows) -> FileProfile:
    """Looks through all rows of a source.

    :raises SourceError: the file can't be read on.
    """
    names = source.header.names
    profilers = [_Profiler(position, name.strip(), source.expected_rows) for position, name in enumerate(names)]
    rows = faulty = 0
    for block in source.blocks():
        rows += len(block)
        faulty += len(block.faults)
        for profiler in profilers:
            profiler.feed(block)
    return FileProfile(rows, faulty, tuple(profiler.profile(rows - faulty) for profiler in profilers))


class _Profiler:
    """Counts what the cells of one column say, block by block."""

    def __init__(self, position: int, name: str, rows_expected: int | None) -> None:
        self.position = position
        self.name = name
        expected = MOST_ROWS if rows_expected is None else rows_expected
        self._types = TypeTrial(expected)
        self._dates = DateTrial(expected)
        self._filled = self._broken = self._longest = self._times = 0
        self._values: dict[str, int] | None = {}
        self._signs = dict.fromkeys(Sign, Misfits())

    def feed(self, block: Block) -> None:
        cells, broken = filled_cells(block, self.position)
        self._broken += broken
        if not len(cells):
            return
        self._filled += int(cells.weights.sum())
        self._longest = max(self._longest, pc.max(pc.utf8_length(cells.texts)).as_py())
        self._count_values(cells)
        if cells.stored is not None:
            timed = pc.starts_with(cells.stored.stored, "T").to_numpy(zero_copy_only=False)
            self._times += int((timed & cells.of_kind(CellKind.MOMENT)).sum())
        for sign in Sign:
            found = cells.matching(sign)
            if sign is Sign.MARKED:  # what a number of Excel shows does not matter: what it stores is read
                found &= ~cells.of_kind(CellKind.NUMBER)
            if found.any():
                before = self._signs[sign]
                self._signs[sign] = Misfits(before.count + cells.weight_of(found), before.first or cells.first(found))
        self._types.feed(cells, block)
        self._dates.feed(cells)

    def _count_values(self, cells: FilledCells) -> None:
        if self._values is None:
            return
        for text, weight in _counted(cells):
            self._values[text] = self._values.get(text, 0) + weight
            if len(self._values) > MOST_DISTINCT:
                self._values = None
                return

    def profile(self, rows: int) -> ColumnProfile:
        counted = self._values
        values = None if counted is None else tuple(sorted(counted, key=lambda text: (-counted[text], text)))
        return ColumnProfile(
            position=self.position,
            name=self.name,
            rows=rows,
            filled=self._filled,
            broken=self._broken,
            values=values,
            longest=self._longest,
            signs=self._signs,
            types=self._types.readable(self._filled),
            dates=date_reading(self._dates, self._filled, expected=names_a_date(self.name)),
            serials=self._dates.serials,
            times=self._times,
        )


def _counted(cells: FilledCells) -> Iterable[tuple[str, int]]:
    weights = cells.weights.tolist()
    for at, text in enumerate(cells.texts):
        yield text.as_py(), weights[at]
