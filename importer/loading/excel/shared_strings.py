"""The texts that a workbook stores once and its cells refer to by number; kept as one piece of UTF-8."""

from array import array
from typing import Final

import pyarrow as pa

from importer.blocks import Texts
from importer.errors.sources import SourceTooLarge
from importer.loading.excel.archive import Archive
from importer.loading.excel.limits import MEBIBYTE, SHARED_TEXTS, TEXT
from importer.loading.excel.markup import Attributes, Listener, parse_whole
from importer.loading.excel.texts import RichText

EMPTY: Final = 0
"""The number under which every table has the empty text, so that blank cells need no text of their own."""


class SharedStrings:
    """A growing table of texts, told by numbers from 0; number 0 is the empty text."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._bytes = bytearray()
        self._ends = array("q", [0, 0])
        self.lengths = array("i", [0])
        """Characters of each text."""
        self.filled = bytearray(1)
        """1 for each text with more in it than white space, else 0."""

    def __len__(self) -> int:
        return len(self.filled)

    def add(self, text: str) -> None:
        """Puts a text at the end.

        :raises SourceTooLarge: the texts together have become too many to be kept.
        """
        self._bytes += text.encode()
        self._ends.append(len(self._bytes))
        self.lengths.append(len(text))
        self.filled.append(bool(text.strip()))
        if len(self._bytes) + 13 * len(self.filled) > SHARED_TEXTS:
            limit = f"{SHARED_TEXTS // MEBIBYTE} MB"
            raise SourceTooLarge(self._label, "its shared texts need too much memory", limit)

    def __getitem__(self, number: int) -> str:
        return self._bytes[self._ends[number] : self._ends[number + 1]].decode()

    def texts(self) -> Texts:
        """The whole table, sharing its memory; no text can be added any more."""
        return pa.LargeStringArray.from_buffers(len(self), pa.py_buffer(self._ends), pa.py_buffer(self._bytes))


def read_shared_strings(archive: Archive, part: str | None) -> SharedStrings:
    """Reads the table of texts.

    :raises SourceDamaged: it can't be read.
    :raises SourceTooLarge: it needs more memory than any honest one.
    """
    table = SharedStrings(archive.label)
    if part is not None:
        parse_whole(archive.part(part), _Texts(archive.label, part, table))
    return table


class _Texts(Listener):
    """The table as far as it has been read."""

    def __init__(self, label: str, part: str, table: SharedStrings) -> None:
        super().__init__(label, part)
        self.table = table
        self._text = RichText()

    def start(self, name: str, attributes: Attributes) -> None:
        """An element begins."""
        super().start(name, attributes)
        element = name.rpartition(" ")[2]
        if element == "t":
            self._text.begin_run(attributes)
        elif element == "rPh":
            self._text.begin_reading()

    def end(self, name: str) -> None:
        """An element ends."""
        super().end(name)
        element = name.rpartition(" ")[2]
        if element == "t":
            self._text.end_run(self.pieces)
        elif element == "rPh":
            self._text.end_reading()
        elif element == "si":
            self.table.add(self._text.take())
        self.pieces.clear()

    def rest(self, size: int) -> None:
        """Checks what a text has come to."""
        super().rest(size)
        if self._text.length > TEXT:
            raise SourceTooLarge(self.label, f"{self.part} has a text that does not end", f"{TEXT // MEBIBYTE} MB")
