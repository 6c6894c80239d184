"""Reading a to-fix file: a source as its author knows it, without the columns that the importer added to it.

Such a file is known by its `_import_…` columns. Only there are cells un-escaped, and only those that the column
`_import_escaped` names; so `'x` in any other file stays what it is.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.added_columns import ADDED, ESCAPED, SEPARATOR, column_marks
from importer.blocks import Block, CellColumn, CsvLayout, Flags, Header, Layout, Place
from importer.loading.apostrophes import Apostrophes
from importer.loading.source import Source
from importer.loading.titles import Title


def as_corrected(source: Source) -> Source:
    """The source itself, or, if it is a to-fix file, the source without what the importer added."""
    if any(name.strip().startswith(ADDED) for name in source.header.names):
        return CorrectedSource(source)
    return source


@dataclass(frozen=True, slots=True)
class CorrectedSource:
    """A to-fix file that comes back; see loading.source.Source."""

    source: Source

    @property
    def place(self) -> Place:
        """The file itself."""
        return self.source.place

    @property
    def _own(self) -> list[int]:
        names = self.source.header.names
        return [position for position, name in enumerate(names) if not name.strip().startswith(ADDED)]

    @property
    def header(self) -> Header:
        """The source's own columns."""
        header = self.source.header
        return Header(tuple(header.names[position] for position in self._own), header.row)

    @property
    def layout(self) -> Layout:
        """The layout without the added columns."""
        layout = self.source.layout
        if isinstance(layout, CsvLayout):
            return replace(layout, header=tuple(layout.header[position] for position in self._own))
        own = self._own
        widths = tuple(layout.widths[position] for position in own) if layout.widths else ()
        return replace(layout, header=tuple(layout.header[position] for position in own), widths=widths)

    @property
    def expected_rows(self) -> int | None:
        """As many as the file has."""
        return self.source.expected_rows

    @property
    def title(self) -> Title | None:
        """As in the file."""
        return self.source.title

    @property
    def apostrophes(self) -> Apostrophes | None:
        """As in the file."""
        return self.source.apostrophes

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
            yield replace(block, header=header, columns=tuple(columns))


def _unescaped(column: CellColumn, escaped: Flags) -> CellColumn:
    if not escaped.any():
        return column
    escaped &= pc.starts_with(column.shown, "'").to_numpy(zero_copy_only=False)
    return replace(column, shown=pc.if_else(pa.array(escaped), pc.utf8_slice_codeunits(column.shown, 1), column.shown))
