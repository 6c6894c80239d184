"""The rows of one sheet as a stream: plain ones read directly, everything else by the parser.

The parser gets the sheet with the plain rows cut out. A row that is well formed by itself can be cut out of what stands
directly in `sheetData` without any change to the rest; so what is damaged or hostile is found as if nothing were cut.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from importer.loading.excel.limits import MEBIBYTE
from importer.loading.excel.markup import Parser
from importer.loading.excel.plain_rows import ROW_END, PlainRows, plain_text
from importer.loading.excel.sheet import SheetReader, SheetRow

_ROW_BEGIN: Final = b"<row "
_END: Final = ROW_END.encode()
_ROWS_BEGIN: Final = b"<sheetData>"
_MARK: Final = re.compile(_ROWS_BEGIN + b"|" + _END)
_HELD_BACK: Final = len(_ROWS_BEGIN) - 1
"""Bytes that may be the beginning of a mark."""


def rows_of(chunks: Iterable[bytes], reader: SheetReader) -> Iterator[SheetRow]:
    """The rows of a sheet, from top to bottom. Rows without anything in them, however they look, are left out.

    :raises SourceDamaged: the markup breaks off, or contradicts itself.
    :raises SourceTooLarge: a row is longer than any honest one.
    """
    stream = _Stream(reader)
    for chunk in chunks:
        stream.take(chunk)
        yield from reader.rows
        reader.rows.clear()
    stream.close()
    yield from reader.rows
    reader.rows.clear()


class _Stream:
    """The markup as far as it has been read."""

    def __init__(self, reader: SheetReader) -> None:
        self._reader = reader
        self._parser = Parser(reader)
        self._plain: PlainRows | None = None
        """Known once `sheetData` has begun, without a prefix."""
        self._at_row = False
        """Whether the parser stands where a row may begin, so that one can be cut out."""
        self._waiting = b""
        self._place = 0
        """How much of what is waiting has been read."""

    def take(self, chunk: bytes) -> None:
        """Reads as much as can be read by now."""
        self._waiting = self._waiting[self._place :] + chunk
        self._place = 0
        while self._read_rows(self._plain) if self._plain and self._at_row else self._parse_to_mark():
            pass

    def close(self) -> None:
        """The sheet has ended."""
        self._feed(self._waiting[self._place :])
        self._parser.close()

    def _feed(self, piece: bytes) -> None:
        self._parser.feed(piece)
        ended = piece.endswith(_END)
        self._at_row = ended and self._reader.stands_behind(self._parser.fed - len(_END))

    def _parse_to_mark(self) -> bool:
        """Parses as far as the next tag behind which there may be a row; says whether there was one."""
        mark = _MARK.search(self._waiting, self._place)
        end = mark.end() if mark else max(self._place, len(self._waiting) - _HELD_BACK)
        if end > self._place:
            self._feed(self._waiting[self._place : end])
            self._place = end
        if mark and mark[0] == _ROWS_BEGIN:
            self._at_row = self._reader.stands_behind(self._parser.fed - len(_ROWS_BEGIN)) and self._parser.utf_8
            self._plain = PlainRows(self._reader.prefixes) if self._at_row else None
        return mark is not None

    def _read_rows(self, plain: PlainRows) -> bool:
        """Reads rows as long as they are plain; says whether there is more to be done with what is waiting."""
        end = self._waiting.rfind(_END, self._place) + len(_END)
        if end < len(_END):
            beginning = self._waiting[self._place : self._place + len(_ROW_BEGIN)]
            whole = len(self._waiting) - self._place < MEBIBYTE
            self._at_row = whole and _ROW_BEGIN.startswith(beginning)  # or it is a row of a size that is not plain
            return not self._at_row
        piece = self._waiting[self._place : end]
        self._place = end
        text = plain_text(piece)
        if text is None:
            self._feed(piece)
            return True
        for markup in text.split(ROW_END)[:-1]:
            row = plain.read(markup) if self._at_row else None
            if row is not None and self._reader.take(row):
                self._parser.pass_over(markup.count("\n"))
            else:
                self._feed(markup.encode() + _END)
        return True
