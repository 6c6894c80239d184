"""What every kind of source offers to the stages after it, and what a user may say about how to read one."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from importer.records import Block, Header, Layout, Place

ROWS_PER_BLOCK = 50_000
"""Rows that travel together: large enough for the vectorised stages, small enough for flat memory."""

ROWS_OF_FIRST_BLOCK = 2_000
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
    def notices(self) -> tuple[str, ...]:
        """What the user should know about how the file is being read, in sentences; complete after the last block."""

    def blocks(self) -> Iterator[Block]:
        """The rows in source order. Every row of the file is in exactly one block, or the iteration raises.

        :raises SourceError: the file can't be read on; rows given before are not affected.
        """
