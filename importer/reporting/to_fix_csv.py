"""A CSV file of rows to correct, in the source's encoding, delimiter and line ends, the lines above its header too."""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import BinaryIO

from importer.blocks import CsvLayout
from importer.records import HeldRow
from importer.reporting.delimited import record
from importer.text_files import added_columns
from importer.text_files.formulas import harmless_lines, harmless_name, neutralised, runs_as_formula
from importer.text_files.quote_marks import USUAL, exchanged


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
            writer._write(
                ("\ufeff" if layout.byte_order_mark else "") + harmless_lines(layout.preamble, layout.delimiter)
            )
            columns = (*map(harmless_name, layout.header), *added_columns.ALL)
            names = _record(columns, layout.delimiter, layout.quote)
            writer._write(names + layout.newline)
            yield writer

    def add(self, row: HeldRow) -> None:
        """Writes one row."""
        texts = [cell.shown for cell in row.cells]
        own, beyond = texts[: len(self.marks)], texts[len(self.marks) :]
        running = [*map(runs_as_formula, own)]
        escaped = ""
        if any(running):
            escaped = added_columns.SEPARATOR.join(mark for mark, runs in zip(self.marks, running, strict=True) if runs)
            own = ["'" + text if runs else text for text, runs in zip(own, running, strict=True)]
        delimiter, quote = self.layout.delimiter, self.layout.quote
        cells = _record((*own, str(row.row)), delimiter, quote)
        said = _said((row.code, row.message, escaped, *beyond), delimiter, quote)
        self._write(f"{cells}{delimiter}{said}{self.layout.newline}")

    def _write(self, text: str) -> None:
        # The cells came out of this encoding; only words of ours and of the server's may not fit into it.
        self.target.write(text.encode(self.layout.encoding, "replace"))


@lru_cache(maxsize=256)
def _said(texts: tuple[str, ...], delimiter: str, quote: str) -> str:
    """What stands behind a row's own cells: of millions of rows it is mostly the same."""
    return _record(map(neutralised, texts), delimiter, quote)


def _record(fields: Iterable[str], delimiter: str, quote: str) -> str:
    """Fields as they stand in the file, whose texts another sign may enclose."""
    if quote == USUAL:
        return record(fields, delimiter, newline="")
    written = record((exchanged(field, quote) for field in fields), delimiter, newline="")
    return exchanged(written, quote)
