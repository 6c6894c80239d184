"""Rows of cells turned into blocks of columns."""

from array import array
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa

from importer.blocks import Block, CellColumn, Header, Place, RowFault, StoredCells, Texts
from importer.loading.excel.cells import CellReader, Showing
from importer.loading.excel.limits import CELLS_PER_BLOCK, CHARACTERS_PER_BLOCK
from importer.loading.excel.shared_strings import EMPTY, SharedStrings

_CELLS_PER_BATCH: Final = 32_768
_ROWS_PER_BATCH: Final = 16
_CHARACTERS_PER_BATCH: Final = 16 << 20
"""Rows wait as Python values until there are so many of them; then they become arrays, which need a tenth of the
memory. Arrays of a few rows only would cost more time than they save."""


RowOfCells = tuple[Any, ...]
"""The cells of one row, one for each name of the header, part by part: what each shows, its kind and so on, as
cells.ReadCell has them."""


class _Waiting:
    """Rows as they come, in four lists that hold one cell behind the other: so millions of tuples do not pile up, which
    Python would go through again and again to look for cycles.
    """

    def __init__(self) -> None:
        self.rows = 0
        self.characters = 0
        self.showing: list[Showing] = []
        self.kinds = bytearray()
        self.stored: list[str] = []
        self.formats = array("i")

    def add(self, row: RowOfCells, characters: int) -> None:
        """Puts a row at the end."""
        showing, kinds, stored, formats, _, _ = row
        self.rows += 1
        self.characters += characters
        self.showing += showing
        self.kinds += bytes(kinds)
        self.stored += stored
        self.formats.extend(formats)

    def enough(self, width: int) -> bool:
        """Whether the rows, of that many columns, are worth being turned into arrays."""
        cells = self.rows * width
        return (cells >= _CELLS_PER_BATCH and self.rows >= _ROWS_PER_BATCH) or self.characters >= _CHARACTERS_PER_BATCH


class BlockBuilder:
    """Collects the rows of one block after the other."""

    def __init__(self, place: Place, header: Header, strings: SharedStrings, reader: CellReader) -> None:
        self._place = place
        self._header = header
        self._shared = strings.texts()
        self._reader = reader
        self._width = len(header.names)
        self.given = 0
        """Rows of the blocks that have been taken."""
        self._begin()

    def _begin(self) -> None:
        self._waiting = _Waiting()
        self._batches: list[list[CellColumn]] = [[] for _ in range(self._width)]
        """For each column."""
        self._characters = 0
        self._rows: list[int] = []
        self._faults: dict[int, RowFault] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, row: int, cells: RowOfCells, characters: int, fault: RowFault | None) -> None:
        """Puts a row at the end: its number, its cells, and the characters in them."""
        if fault:
            self._faults[len(self._rows)] = fault
        self._rows.append(row)
        self._characters += characters
        self._waiting.add(cells, characters)
        if self._waiting.enough(self._width):
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
        columns = []
        for batches in self._batches:
            columns.append(_joined(batches))
            batches.clear()  # so that no block is in memory twice
        rows = np.array(self._rows, np.int64)
        places = np.arange(self.given, self.given + len(rows))
        block = Block(self._place, self._header, places, rows, tuple(columns), self._faults)
        self.given += len(self._rows)
        self._begin()
        return block

    def _settle(self) -> None:
        """Turns the waiting rows into arrays."""
        waiting = self._waiting
        if not waiting.rows:
            return
        formats = pa.array(self._reader.formats, pa.large_string())
        nothing = self._texts([EMPTY] * waiting.rows)
        no_kinds = np.zeros(waiting.rows, np.uint8)
        no_formats = formats.take(pa.array(no_kinds))
        for position, batches in enumerate(self._batches):
            cells = slice(position, None, self._width)
            showing, kinds, stored = waiting.showing[cells], bytes(waiting.kinds[cells]), waiting.stored[cells]
            numbers = waiting.formats[cells]
            # Most columns have arrays in common: texts store nothing else, numbers under General what they show.
            shown = self._texts(showing) if any(showing) else nothing
            batches.append(
                CellColumn(
                    shown,
                    StoredCells(
                        np.frombuffer(kinds, np.uint8) if any(kinds) else no_kinds,
                        nothing if not any(stored) else shown if showing == stored else _array(stored),
                        formats.take(pa.array(numbers, pa.int32())) if any(numbers) else no_formats,
                    ),
                )
            )
        self._waiting = _Waiting()

    def _texts(self, showing: Sequence[Showing]) -> Texts:
        types = set(map(type, showing))
        if types == {int}:
            return self._shared.take(pa.array(showing, pa.int64()))
        if types == {str}:
            return _array(showing)
        return _array([self._reader.text(text) for text in showing])


def _array(texts: Sequence[Showing]) -> Texts:
    return pa.array(texts, pa.large_string())


def give_back_memory() -> None:
    """Gives the memory of a block that nobody needs any more back to the system, where the C library would keep it: its
    cells lie between the texts of the next one, which makes 15 MB in the end.
    """
    pa.default_memory_pool().release_unused()


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
