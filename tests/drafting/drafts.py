"""Tables as they are looked through, and drafts of them, for tests."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from hypothesis import settings

from importer.blocks import Block, Cell, CellColumn, CellKind, Header, Place, StoredCells
from importer.drafting import AccountField, Draft, Wishes, draft_mapping
from importer.drafting.columns import ColumnProfile, FileProfile, profile_of
from importer.errors.mappings import MappingError
from importer.loading import ReadingOptions
from importer.mapping.binding import bind
from importer.mapping.parsing import parse_mapping

FILE = "visits.csv"

HALF = settings(max_examples=settings().max_examples // 2)
"""For laws that take their time: half as many examples as the profile says."""


@dataclass(frozen=True)
class Table:
    """Columns of cells, given block by block."""

    names: tuple[str, ...]
    columns: tuple[tuple[Cell, ...], ...]
    rows_per_block: int = 1000

    @property
    def header(self) -> Header:
        return Header(self.names, 1)

    @property
    def expected_rows(self) -> int | None:
        return len(self.columns[0]) if self.columns else 0

    def blocks(self) -> Iterator[Block]:
        for start in range(0, len(self.columns[0]), self.rows_per_block):
            stop = min(start + self.rows_per_block, len(self.columns[0]))
            columns = tuple(_column(cells[start:stop]) for cells in self.columns)
            yield Block(Place(FILE), self.header, np.arange(start, stop), np.arange(start + 2, stop + 2), columns)


def _column(cells: Sequence[Cell]) -> CellColumn:
    shown = _texts([cell.shown for cell in cells])
    if all(cell.kind is CellKind.TEXT for cell in cells):
        return CellColumn(shown)
    kinds = np.array([cell.kind for cell in cells], np.uint8)
    stored = StoredCells(kinds, _texts([cell.stored for cell in cells]), _texts([cell.format for cell in cells]))
    return CellColumn(shown, stored)


def _texts(texts: Sequence[str]) -> "pa.LargeStringArray":
    return pa.array(texts, pa.large_string())


def table(columns: Mapping[str, Sequence[str | Cell]], rows_per_block: int = 1000) -> Table:
    """A table with these columns; its rows are numbered from 2."""
    cells = tuple(
        tuple(cell if isinstance(cell, Cell) else Cell(cell) for cell in column) for column in columns.values()
    )
    return Table(tuple(columns), cells, rows_per_block)


def profile(columns: Mapping[str, Sequence[str | Cell]], rows_per_block: int = 1000) -> FileProfile:
    """What these columns say."""
    return profile_of(table(columns, rows_per_block))


def column(cells: Sequence[str | Cell], name: str = "Column") -> ColumnProfile:
    """What one column says."""
    return profile({name: cells}).columns[0]


def wishes(
    event: int | None = 201,
    timezone: str | None = "Asia/Kolkata",
    fields: Sequence[AccountField] | None = None,
) -> Wishes:
    """What is known besides the file; everything, unless it is said otherwise."""
    return Wishes(
        source=FILE,
        name="visits",
        reading=ReadingOptions(),
        next_command="lsq-import validate visits.csv -m visits.yaml",
        event=event,
        timezone=timezone,
        fields=fields,
    )


def draft(columns: Mapping[str, Sequence[str | Cell]], known: Wishes | None = None) -> Draft:
    """The draft for these columns."""
    return draft_mapping(profile(columns), known or wishes())


def faults_of(drafted: Draft, names: Sequence[str]) -> dict[int, str]:
    """What the program says of a draft that is used as it is, by line."""
    document = parse_mapping(drafted.text, "visits.yaml")
    assert document.tree.faults == (), drafted.text
    try:
        bind(document, Header(tuple(names), 1), FILE)
    except MappingError as error:
        return {fault.line: fault.sentence for fault in error.faults}
    return {}
