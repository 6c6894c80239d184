"""Rows of cells turned into blocks of columns."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pyarrow as pa

from importer.loading.excel.cells import BLANK, CellReader, ReadCell, Showing
from importer.loading.excel.limits import CELLS_PER_BLOCK, CHARACTERS_PER_BLOCK
from importer.loading.excel.shared_strings import SharedStrings
from importer.records import Block, CellColumn, Header, Place, RowFault, StoredCells, Texts

_CELLS_PER_BATCH: Final = 65_536
_ROWS_PER_BATCH: Final = 16
_CHARACTERS_PER_BATCH: Final = 16 << 20
"""Rows wait as Python values until there are so many of them; then they become arrays, which need a tenth of the
memory. Arrays of a few rows only would cost more time than they save."""


class BlockBuilder:
    """Collects the rows of one block after the other."""

    def __init__(self, place: Place, header: Header, strings: SharedStrings, reader: CellReader) -> None:
        self._place = place
        self._header = header
        self._shared = strings.texts()
        self._reader = reader
        self._width = len(header.names)
        self._given = 0
        self._begin()

    def _begin(self) -> None:
        self._waiting: list[Sequence[ReadCell]] = []
        self._waiting_characters = 0
        self._batches: list[list[CellColumn]] = []
        self._characters = 0
        self._rows: list[int] = []
        self._faults: dict[int, RowFault] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, row: int, cells: Sequence[ReadCell], characters: int, fault: RowFault | None) -> None:
        """Puts a row at the end: its number, one cell for each name of the header, and the characters in them."""
        if fault:
            self._faults[len(self._rows)] = fault
        self._rows.append(row)
        self._waiting.append(cells)
        self._waiting_characters += characters
        self._characters += characters
        rows = len(self._waiting)
        enough = rows >= _ROWS_PER_BATCH and rows * self._width >= _CELLS_PER_BATCH
        if enough or self._waiting_characters >= _CHARACTERS_PER_BATCH:
            self._settle()

    def full(self, limit: int) -> bool:
        """Whether the block has `limit` rows, or as many as memory allows for such rows."""
        return (
            len(self._rows) >= min(limit, max(1, CELLS_PER_BLOCK // self._width))
            or self._characters >= CHARACTERS_PER_BLOCK
        )

    def take(self) -> Block:
        """The block; the next one begins empty."""
        self._settle()
        batches = [list(of_column) for of_column in zip(*self._batches, strict=True)]
        self._batches.clear()
        columns = []
        while batches:  # each column is let go of when it has been joined: a block is never in memory twice
            columns.append(_joined(batches.pop(0)))
        rows = np.array(self._rows, np.int64)
        block = Block(self._place, self._header, self._given, rows, tuple(columns), self._faults)
        self._given += len(self._rows)
        self._begin()
        return block

    def _settle(self) -> None:
        """Turns the waiting rows into arrays."""
        if self._waiting:
            formats = pa.array(self._reader.formats, pa.large_string())
            blank = self._column([BLANK] * len(self._waiting), formats)
            self._batches.append(
                [
                    blank if cells.count(BLANK) == len(cells) else self._column(cells, formats)
                    for cells in zip(*self._waiting, strict=True)
                ]
            )
            self._waiting = []
            self._waiting_characters = 0

    def _column(self, cells: Sequence[ReadCell], formats: Texts) -> CellColumn:
        showing, kinds, stored, numbers = zip(*cells, strict=True)
        return CellColumn(
            self._texts(showing),
            StoredCells(
                np.frombuffer(bytes(kinds), np.uint8),
                pa.array(stored, pa.large_string()),
                formats.take(pa.array(numbers, pa.int32())),
            ),
        )

    def _texts(self, showing: Sequence[Showing]) -> Texts:
        types = set(map(type, showing))
        if types == {int}:
            return self._shared.take(pa.array(showing, pa.int64()))
        if types == {str}:
            return pa.array(showing, pa.large_string())
        return pa.array([self._reader.text(text) for text in showing], pa.large_string())


def _joined(batches: Sequence[CellColumn]) -> CellColumn:
    if len(batches) == 1:
        return batches[0]
    stored = [batch.stored for batch in batches if batch.stored]
    return CellColumn(
        pa.concat_arrays([batch.shown for batch in batches]),
        StoredCells(
            np.concatenate([cells.kinds for cells in stored]),
            pa.concat_arrays([cells.stored for cells in stored]),
            pa.concat_arrays([cells.formats for cells in stored]),
        ),
    )
