"""One sheet of a workbook as a source of rows."""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from importer.blocks import Block, Header, Place, RowFault, SheetLayout, column_letter
from importer.codes.rows import Code
from importer.loading.excel.blocks import BlockBuilder, RowOfCells, give_back_memory
from importer.loading.excel.cells import BLANK, CellReader
from importer.loading.excel.extent import Extent
from importer.loading.excel.header import find_header, title_above
from importer.loading.excel.notices import (
    HiddenRows,
    distrusted_formulas,
    foreign_formats,
    hidden_columns,
    merges,
    no_rows,
    sheet_choice,
)
from importer.loading.excel.shared_strings import SharedStrings
from importer.loading.excel.sheet import SheetRow
from importer.loading.excel.workbook import Sheet, Workbook
from importer.loading.source import ROWS_OF_FIRST_BLOCK, ROWS_PER_BLOCK, FrozenFile, ReadingOptions
from importer.loading.titles import Title


def source_of(contents: "Contents", options: ReadingOptions) -> "ExcelSource":
    """A sheet as a source of rows.

    :raises SourceError: it has no header, or asks for more than any honest one.
    """
    label, sheet = contents.label, contents.sheet
    with contents.opened(0) as (rows, facts):
        header, preamble = find_header(contents, rows, options.header_row)
        title = None if options.header_row else title_above(contents, header, rows)
        widths = facts.widths(len(header.names))
        expected = _expected_rows(facts.declared_rows, header.row, contents.most_rows)
        hidden = hidden_columns(label, facts.hidden_columns, len(header.names))
    position = contents.workbook.sheets.index(sheet) + 1
    layout = SheetLayout(sheet.name, preamble, header.cells, position, widths)
    notices = (
        *sheet_choice(label, contents.workbook, sheet, named=options.sheet is not None),
        *hidden,
        *([f"{label}: {title.doubt}"] if title else []),
    )
    return ExcelSource(contents, Header(header.names, header.row), layout, expected, notices, title)


def _expected_rows(declared: int | None, header: int, most: int) -> int | None:
    """The rows below the header, as the sheet itself says, unless its markup has not even room for so many."""
    if declared is None or declared > most:
        return None
    return max(0, declared - header)


class SheetFacts(Protocol):
    """What is known of a sheet besides its rows, as far as it has been read."""

    @property
    def declared_rows(self) -> int | None:
        """The last row, as the sheet itself says; often a lie."""

    @property
    def hidden_columns(self) -> Sequence[range]:
        """Positions."""

    @property
    def merges(self) -> int:
        """Merged cells that reach into the rows."""

    @property
    def first_merge(self) -> str: ...

    def widths(self, count: int) -> tuple[float, ...]:
        """How wide the first columns are, in characters; 0 where the sheet does not say."""


OpenedRows: TypeAlias = tuple[Iterator[SheetRow], SheetFacts]


@dataclass(frozen=True, slots=True)
class Contents:
    """A sheet's rows, and what its cells refer to."""

    file: FrozenFile
    workbook: Workbook
    sheet: Sheet
    strings: SharedStrings
    formats: Sequence[str]
    """The number format of each style."""
    most_rows: int
    """As many rows as there is room for in the file."""
    opened: Callable[[int], AbstractContextManager[OpenedRows]]
    """Reads the rows anew; told below which row merged cells count."""

    @property
    def label(self) -> str:
        """The path as the user gave it."""
        return self.file.label

    def cell_reader(self) -> CellReader:
        """A reader for all cells of the sheet, from the first one."""
        return CellReader(
            self.label,
            self.strings,
            self.formats,
            self.workbook.epoch,
            recalculated=self.workbook.recalculated,
        )


@dataclass(slots=True)
class ExcelSource:
    """The rows of one sheet; see loading.source.Source."""

    contents: Contents
    header: Header
    """The names as they are shown."""
    layout: SheetLayout
    expected_rows: int | None
    """As the sheet itself says, if that can be true: a figure for the progress, nothing more."""
    notices: tuple[str, ...]
    title: Title | None = None
    """What the header may be instead of one."""
    apostrophes: None = field(default=None, init=False)
    """They enclose nothing in a workbook."""
    _opening_notices: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        self._opening_notices = self.notices

    @property
    def place(self) -> Place:
        """The file, under the name that the user gave, and the sheet."""
        return Place(self.contents.label, self.contents.sheet.name)

    def blocks(self) -> Iterator[Block]:
        """The rows from top to bottom, in blocks of flat size.

        :raises SourceError: the sheet can't be read on; rows given before are not affected.
        """
        label = self.contents.label
        reader = self.contents.cell_reader()
        rows = _Rows(self.contents, self.header, reader)
        limit = ROWS_OF_FIRST_BLOCK
        with self.contents.opened(self.header.row) as (sheet_rows, facts):
            for row in sheet_rows:
                rows.add(row)
                if rows.builder.full(limit):
                    limit = ROWS_PER_BLOCK
                    yield rows.builder.take()  # kept under no name, or it would lie beside the next one
                    give_back_memory()
        if len(rows.builder):
            yield rows.builder.take()
            give_back_memory()
        self.notices = (
            *self._opening_notices,
            *rows.hidden.sentences(label),
            *merges(label, facts.merges, facts.first_merge),
            *distrusted_formulas(label, reader.distrusted),
            *foreign_formats(label, reader.formats),
            *no_rows(label, rows.builder.given),
        )


class _Rows:
    """Turns the rows of a sheet, of which only those below the header count, into rows of blocks."""

    def __init__(self, contents: Contents, header: Header, reader: CellReader) -> None:
        self.builder = BlockBuilder(Place(contents.label, contents.sheet.name), header, contents.strings, reader)
        self.hidden = HiddenRows()
        self._label = contents.label
        self._header = header
        self._reader = reader
        self._extent = Extent(contents.file)
        self._width = len(header.names)
        self._blank_row = [BLANK] * self._width

    def add(self, row: SheetRow) -> None:
        """Takes the next row of the sheet."""
        self._extent.grow(row)
        if row.number <= self._header.row:
            return
        cells = read = self._reader.read(row.cells)
        beyond: list[tuple[int, str]] = []
        if len(read) != self._width or row.cells[-1][0] >= self._width:
            positions = [position for position, _, _ in row.cells]
            inside = bisect_left(positions, self._width)
            beyond = [
                (position, self._reader.text(cell[0]))
                for position, cell in zip(positions[inside:], read[inside:], strict=True)
                if cell[-1]
            ]
            cells = self._blank_row.copy()
            for position, cell in zip(positions[:inside], read, strict=False):
                cells[position] = cell
        parts: RowOfCells = tuple(zip(*cells, strict=True))
        characters, filled = sum(parts[4]), True in parts[5]
        if not beyond and not filled:
            return
        self._extent.show(characters)
        self.builder.add(row.number, parts, characters, _fault(self._width, beyond))
        if row.hidden:
            self.hidden.add(row.number)


def _fault(width: int, beyond: Sequence[tuple[int, str]]) -> RowFault | None:
    if not beyond:
        return None
    letters = ", ".join(column_letter(position) for position, _ in beyond[:3])
    more = f" and {len(beyond) - 3:,} more" if len(beyond) > 3 else ""
    message = f"column {letters}{more} has no header but a value; the last column with a header is "
    return RowFault(
        Code.TOO_MANY_FIELDS,
        message + column_letter(width - 1),
        column=beyond[0][0],
        beyond=tuple(text for _, text in beyond),
    )
