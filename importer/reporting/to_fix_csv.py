"""A CSV file of rows to correct, in the source's encoding, delimiter and line ends, the lines above its header too."""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from importer import added_columns
from importer.blocks import CsvLayout
from importer.quote_marks import exchanged
from importer.records import HeldRow
from importer.reporting.delimited import neutralised, record, runs_as_formula


@dataclass(frozen=True, slots=True)
class CsvToFix:
    """The file while it is being written."""

    target: BinaryIO
    layout: CsvLayout
    marks: tuple[str, ...]

    @classmethod
    @contextmanager
    def file(cls, target: AbstractContextManager[BinaryIO], layout: CsvLayout) -> Iterator["CsvToFix"]:
        """Opens the file and writes everything down to the header."""
        with target as opened:
            writer = cls(opened, layout, added_columns.column_marks(layout.header))
            writer._write(("\ufeff" if layout.byte_order_mark else "") + layout.preamble)
            writer._write_record((*layout.header, *added_columns.ALL))
            yield writer

    def add(self, row: HeldRow) -> None:
        """Writes one row."""
        texts = [cell.shown for cell in row.cells]
        own, beyond = texts[: len(self.marks)], texts[len(self.marks) :]
        running = [runs_as_formula(text) for text in own]
        escaped = [mark for mark, runs in zip(self.marks, running, strict=True) if runs]
        harmless = ["'" + text if runs else text for text, runs in zip(own, running, strict=True)]
        added = (row.code, row.message, added_columns.SEPARATOR.join(escaped))
        fields = (*harmless, str(row.row), *map(neutralised, (*added, *beyond)))
        self._write_record(fields)

    def _write_record(self, fields: Iterable[str]) -> None:
        quote = self.layout.quote
        written = record((exchanged(field, quote) for field in fields), self.layout.delimiter, self.layout.newline)
        self._write(exchanged(written, quote))

    def _write(self, text: str) -> None:
        # The cells came out of this encoding; only words of ours and of the server's may not fit into it.
        self.target.write(text.encode(self.layout.encoding, "replace"))
