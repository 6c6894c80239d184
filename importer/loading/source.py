"""What every kind of source offers to the stages after it, and what a user may say about how to read one."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, Protocol

from importer.blocks import Block, Header, Layout, Place
from importer.errors.sources import SourceChanged, SourceUnreadable
from importer.loading.apostrophes import Apostrophes
from importer.loading.titles import Title

HEAD_BYTES: Final = 4096

ROWS_PER_BLOCK: Final = 50_000
"""Rows that travel together: large enough for the vectorised stages, small enough for flat memory."""

ROWS_OF_FIRST_BLOCK: Final = 2_000
"""The first block is small, so that the first call leaves soon after the start."""


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """How the user says a source is to be read; None leaves it to detection."""

    sheet: str | None = None
    """Name of the sheet, else its number from 1."""
    header_row: int | None = None
    """Physical line or Excel row of the header, from 1."""
    encoding: str | None = None
    delimiter: str | None = None
    """One character."""
    quote_char: str | None = None
    """One character, which encloses the texts of a CSV file; the quotation mark if not given."""


@dataclass(frozen=True, slots=True)
class FrozenFile:
    """A source as it stood when the command started."""

    label: str
    """The path as the user gave it: for messages and reports."""
    path: Path
    """Where to read it: the file itself, or the copy that the run keeps."""
    sha256: str
    size: int
    """Bytes."""
    lines: int = 0
    """Line ends in it: for a CSV file, about how many rows to expect."""
    changed_at: int | None = None
    """When it was last written to, in nanoseconds; None for a copy that nobody else knows of."""
    unfinished: bool = False
    """It is a text whose last line has no line end, and somebody wrote to it just now."""

    def open(self) -> BinaryIO:
        """Opens it for reading.

        :raises SourceUnreadable: the operating system refuses.
        """
        try:
            return self.path.open("rb")
        except OSError as error:
            raise SourceUnreadable(self.label, error.strerror or type(error).__name__) from None

    def read(self, opened: BinaryIO, size: int) -> bytes:
        """Reads on in the opened file.

        :raises SourceUnreadable: the disk gives no more.
        :raises SourceChanged: somebody has written into it since it was frozen.
        """
        try:
            read = opened.read(size)
            now = os.fstat(opened.fileno())
        except OSError as error:
            raise SourceUnreadable(self.label, error.strerror or type(error).__name__) from None
        if self.changed_at is not None and (now.st_size, now.st_mtime_ns) != (self.size, self.changed_at):
            raise SourceChanged(self.label)
        return read

    def head(self) -> bytes:
        """Its first bytes, by which its kind and encoding are known."""
        with self.open() as opened:
            return self.read(opened, HEAD_BYTES)


class Source(Protocol):
    """One table of rows, opened: a CSV file, or one sheet of a workbook."""

    @property
    def place(self) -> Place: ...

    @property
    def header(self) -> Header: ...

    @property
    def layout(self) -> Layout:
        """All that is needed to write a file that reads the same way."""

    @property
    def expected_rows(self) -> int | None:
        """About how many rows there will be, if that can be known before reading them."""

    @property
    def title(self) -> Title | None:
        """What the header may be instead of one; its doubt is among the notices."""

    @property
    def apostrophes(self) -> Apostrophes | None:
        """What speaks for it that they enclose texts, if nobody has said what does; among the notices too."""

    @property
    def notices(self) -> tuple[str, ...]:
        """What the user should know about how the file is being read, in sentences; complete after the last block."""

    def blocks(self) -> Iterator[Block]:
        """The rows in source order. Every row of the file is in exactly one block, or the iteration raises.

        :raises SourceError: the file can't be read on; rows given before are not affected.
        """


class SourceBehind:
    """What a source passes on that changes only the rows, or the columns, of another."""

    __slots__ = ()
    source: Source

    @property
    def place(self) -> Place:
        """That of the source behind."""
        return self.source.place

    @property
    def header(self) -> Header:
        """That of the source behind, unless columns are changed."""
        return self.source.header

    @property
    def layout(self) -> Layout:
        """That of the source behind, unless columns are changed."""
        return self.source.layout

    @property
    def expected_rows(self) -> int | None:
        """As many as the source behind has, at most."""
        return self.source.expected_rows

    @property
    def title(self) -> Title | None:
        """As in the file."""
        return self.source.title

    @property
    def apostrophes(self) -> Apostrophes | None:
        """As in the file."""
        return self.source.apostrophes
