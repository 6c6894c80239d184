"""Reading a to-fix file: a source as its author knows it, without the columns that the importer added to it.

Such a file is known by its `_import_…` columns. Only there are cells un-escaped, and only those that the column
`_import_escaped` names; so `'x` in any other file stays what it is. In a CSV file the header and the lines above it are
un-escaped too; a workbook needs no apostrophes, so there they are the source's own.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.blocks import TO_BE_EMPTIED, Block, CellColumn, CsvLayout, Flags, Header, Layout, RowFault
from importer.codes.rows import Code
from importer.loading.source import Source, SourceBehind
from importer.text_files.added_columns import ADDED, CODE, ESCAPED, MESSAGE, SEPARATOR, column_marks
from importer.text_files.formulas import own_lines, own_name


def as_corrected(source: Source) -> Source:
    """The source itself, or, if it is a to-fix file, the source without what the importer added."""
    if any(name.strip().startswith(ADDED) for name in source.header.names):
        return CorrectedSource(source)
    return source


@dataclass(frozen=True, slots=True)
class CorrectedSource(SourceBehind):
    """A to-fix file that comes back; see loading.source.Source."""

    source: Source

    @property
    def _own(self) -> list[int]:
        names = self.source.header.names
        return [position for position, name in enumerate(names) if not name.strip().startswith(ADDED)]

    @property
    def header(self) -> Header:
        """The source's own columns."""
        return Header(self._names, self.source.header.row)

    @property
    def _names(self) -> tuple[str, ...]:
        names = [self.source.header.names[position] for position in self._own]
        return tuple(map(own_name, names) if isinstance(self.source.layout, CsvLayout) else names)

    @property
    def layout(self) -> Layout:
        """The layout without the added columns."""
        layout = self.source.layout
        if isinstance(layout, CsvLayout):
            return replace(layout, header=self._names, preamble=own_lines(layout.preamble, layout.delimiter))
        own = self._own
        widths = tuple(layout.widths[position] for position in own) if layout.widths else ()
        return replace(layout, header=tuple(layout.header[position] for position in own), widths=widths)

    @property
    def notices(self) -> tuple[str, ...]:
        """The source's notices, and what is done with the added columns."""
        return (*self.source.notices, f"{self.place.source}: a to-fix file; its {ADDED}… columns are not imported.")

    def blocks(self) -> Iterator[Block]:
        """The rows, with the apostrophes taken off that the importer had put on."""
        header, own = self.header, self._own
        marks = column_marks(header.names)
        escaped_at = self.source.header.positions(ESCAPED)
        for block in self.source.blocks():
            columns = [block.columns[position] for position in own]
            if escaped_at:
                named = [set(text.split(SEPARATOR)) for text in block.columns[escaped_at[0]].shown.to_pylist()]
                columns = [
                    _unescaped(column, np.array([mark in words for words in named], np.bool_))
                    for column, mark in zip(columns, marks, strict=True)
                ]
            faults = _not_corrected(block, self.source.header) if block.faults else block.faults
            yield replace(block, header=header, columns=tuple(columns), faults=faults)


def _not_corrected(block: Block, header: Header) -> dict[int, RowFault]:
    """The faults, told otherwise where a row still has the cell that the importer put behind its columns.

    Nothing is in the way there but that cell, which has no column that a person could look for.
    """
    faults = dict(block.faults)
    for offset, fault in block.faults.items():
        if fault.code == Code.TOO_MANY_FIELDS and TO_BE_EMPTIED in fault.beyond:
            code, message = (_text(block, header.positions(name), offset) for name in (CODE, MESSAGE))
            faults[offset] = RowFault(Code.ROW_NOT_CORRECTED, _still_wrong(code, message), beyond=fault.beyond)
    return faults


def _text(block: Block, positions: list[int], offset: int) -> str:
    """What stands in a column of the importer's, if somebody has not taken it out."""
    return str(block.columns[positions[0]].shown[offset]) if positions else ""


def _still_wrong(code: str, message: str) -> str:
    """:param message: what was said of the row when its file was written; of one that comes again, the same."""
    if code == Code.ROW_NOT_CORRECTED:
        return message
    known = f"; what was wrong with it: {message}" if message else ""
    return f'this row has not been put right yet: its last cell still says "{TO_BE_EMPTIED}"{known}'


def _unescaped(column: CellColumn, escaped: Flags) -> CellColumn:
    if not escaped.any():
        return column
    escaped &= pc.starts_with(column.shown, "'").to_numpy(zero_copy_only=False)
    return replace(column, shown=pc.if_else(pa.array(escaped), pc.utf8_slice_codeunits(column.shown, 1), column.shown))
