"""Where the header of a sheet stands."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

from importer.blocks import Cell
from importer.errors.sources import HeaderMissing
from importer.loading.excel.cells import BLANK, CellReader, ReadCell
from importer.loading.excel.extent import Extent
from importer.loading.excel.sheet import SheetRow
from importer.loading.source import FrozenFile
from importer.loading.titles import ROWS_LOOKED_AT, Title, title_in


class Cells(Protocol):
    """A sheet whose cells can be read."""

    @property
    def label(self) -> str:
        """The path as the user gave it."""

    @property
    def file(self) -> FrozenFile: ...

    def cell_reader(self) -> CellReader:
        """A reader for all cells of the sheet, from the first one."""


@dataclass(frozen=True, slots=True)
class HeaderRow:
    """The cells that name the columns."""

    row: int
    """From 1."""
    cells: tuple[Cell, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """What they show."""
        return tuple(cell.shown for cell in self.cells)


def find_header(
    contents: Cells, rows: Iterator[SheetRow], wanted: int | None
) -> tuple[HeaderRow, tuple[tuple[Cell, ...], ...]]:
    """The header, on the row that is wanted or else on the first one that is not blank, and what stands above it.

    :raises HeaderMissing: there is no such row, or it is blank.
    """
    reader = contents.cell_reader()
    extent = Extent(contents.file)
    preamble: list[tuple[Cell, ...]] = []
    for row in rows:
        extent.grow(row)
        if wanted is not None and row.number > wanted:
            break
        cells = _row(reader, row)
        preamble.extend(() for _ in range(row.number - 1 - len(preamble)))
        if row.number == wanted or (wanted is None and cells):
            if not cells:
                break
            return HeaderRow(row.number, tuple(reader.cell(cell) for cell in cells)), tuple(preamble)
        preamble.append(tuple(reader.cell(cell) for cell in cells))
    raise HeaderMissing(contents.label, wanted)


def title_above(contents: Cells, header: HeaderRow, rows: Iterator[SheetRow]) -> Title | None:
    """What the first row that is not blank may be instead of the header.

    :param rows: those below it.
    """
    return title_in("row", [(header.row, header.names), *first_rows(contents, rows)])


def first_rows(contents: Cells, rows: Iterator[SheetRow]) -> Iterator[tuple[int, list[str]]]:
    """The next few rows, each with its number and what its cells show."""
    reader = contents.cell_reader()
    for row in islice(rows, ROWS_LOOKED_AT):
        yield row.number, [reader.cell(cell).shown for cell in _row(reader, row)]


def _row(reader: CellReader, row: SheetRow) -> list[ReadCell]:
    """The cells of a row from the first column to the last one with more in it than white space."""
    cells: list[ReadCell] = []
    width = 0
    for (position, _, _), cell in zip(row.cells, reader.read(row.cells), strict=True):
        cells.extend(BLANK for _ in range(position - len(cells)))
        cells.append(cell)
        if cell[-1]:
            width = len(cells)
    return cells[:width]
