"""The package that a workbook is: a ZIP archive, mistrusted."""

import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from struct import error as StructError  # noqa: N812  # a class, though its name is written small
from typing import BinaryIO, Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from importer.errors.sources import SourceDamaged, SourceTooLarge, SourceUnreadable
from importer.loading.excel.limits import (
    DESCRIPTION,
    ENTRIES,
    INFLATED,
    MEBIBYTE,
    NAMED,
    RATIO,
    RATIO_MATTERS_FROM,
    REFERENCES,
)
from importer.loading.excel.markup import CHUNK
from importer.loading.source import FrozenFile

_ENTRY_MARK: Final = b"PK\x01\x02"
"""Every entry of an archive's directory begins so."""

_ENCRYPTED: Final = 0x1
_BROKEN = (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OverflowError, StructError)
"""All that zipfile raises for an archive that is not in order."""


class Archive:
    """The parts of a package, by name; names of parts know no case and no backslash."""

    def __init__(self, label: str, opened: ZipFile) -> None:
        self.label = label
        self._opened = opened
        self._parts = {part.filename.replace("\\", "/").lower().lstrip("/"): part for part in opened.infolist()}
        self._inflated = 0

    @property
    def names(self) -> Iterable[str]:
        """All parts, in lower case."""
        return self._parts.keys()

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._parts

    def size(self, name: str) -> int:
        """Bytes of a part, as the directory says; 0 for one that is not there."""
        part = self._parts.get(name.lower())
        return part.file_size if part else 0

    def description(self, name: str) -> Iterator[bytes]:
        """A part that describes the workbook, in pieces.

        :raises SourceDamaged: it is not there, or not as the directory says.
        :raises SourceTooLarge: it is larger than any description.
        """
        return self.part(name, limit=DESCRIPTION)

    def references(self, name: str) -> Iterator[bytes]:
        """A part that lists what another part refers to; it raises as `description` does."""
        return self.part(name, limit=REFERENCES)

    def part(self, name: str, limit: int = INFLATED) -> Iterator[bytes]:
        """A part in pieces, counted while it is inflated: what the directory says of its size may be a lie.

        :raises SourceDamaged: it is not there, or not as the directory says.
        :raises SourceTooLarge: it has more bytes than `limit`, or than any honest archive of its size.
        """
        info = self._parts.get(name.lower())
        if info is None:
            raise SourceDamaged(self.label, f"its part {name[:NAMED]} is missing")
        size = 0
        with _translated(self.label, name), self._opened.open(info) as opened:
            while piece := opened.read(CHUNK):
                size += len(piece)
                self._inflated += len(piece)
                if size > limit or self._inflated > INFLATED:
                    raise _too_large(self.label, name, size, min(limit, INFLATED))
                yield piece


@contextmanager
def opened_archive(file: FrozenFile) -> Iterator[Archive]:
    """The package of a workbook, its directory checked.

    :raises SourceError: it is no ZIP archive that a spreadsheet program would write, or can't be read.
    """
    with file.open() as opened:
        size = _check_entries(file, opened)
        with _translated(file.label, "its directory"):
            archive = ZipFile(opened)
        with archive:
            for part in archive.infolist():
                _check_part(file.label, part)
            _check_total(file.label, archive.infolist(), size)
            yield Archive(file.label, archive)


def _check_entries(file: FrozenFile, opened: BinaryIO) -> int:
    """Counts the entries before zipfile makes an object of each, for the directory's own count may be a lie.

    :return: the bytes of the file.
    """
    count, size, tail = 0, 0, b""
    while piece := file.read(opened, MEBIBYTE):
        count += (tail + piece).count(_ENTRY_MARK)
        tail = piece[-len(_ENTRY_MARK) + 1 :]
        size += len(piece)
        if count > ENTRIES:
            raise SourceTooLarge(file.label, f"it is an archive of more than {ENTRIES:,} parts", f"{ENTRIES:,} parts")
    return size


def _check_part(label: str, part: ZipInfo) -> None:
    if part.flag_bits & _ENCRYPTED:
        raise SourceDamaged(label, f"its part {part.filename[:NAMED]} is encrypted, which Excel does in another way")
    if part.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
        raise SourceDamaged(label, f"its part {part.filename[:NAMED]} is packed as no spreadsheet program does")
    if part.file_size > RATIO_MATTERS_FROM and part.file_size > RATIO * part.compress_size:
        raise _packed_too_well(label, part.filename)


def _check_total(label: str, parts: Iterable[ZipInfo], size: int) -> None:
    if sum(part.compress_size for part in parts) > size:
        raise SourceDamaged(label, "its directory names more than there is, or the same twice")
    total = sum(part.file_size for part in parts)
    if total > INFLATED:
        raise _too_large(label, "", total, INFLATED)


def _too_large(label: str, name: str, size: int, limit: int) -> SourceTooLarge:
    what = f"its part {name[:NAMED]} unpacks" if name else "it unpacks"
    return SourceTooLarge(label, f"{what} to more than {size // MEBIBYTE:,} MB", f"{limit // MEBIBYTE:,} MB")


def _packed_too_well(label: str, name: str) -> SourceTooLarge:
    return SourceTooLarge(
        label, f"its part {name[:NAMED]} unpacks to more than {RATIO} times its size", f"{RATIO} times the packed size"
    )


@contextmanager
def _translated(label: str, name: str) -> Iterator[None]:
    """What zipfile and zlib say of a broken archive, for people."""
    try:
        yield
    except _BROKEN:
        raise SourceDamaged(label, f"{name[:NAMED]} can't be unpacked; the file may have been cut off") from None
    except OSError as error:
        raise SourceUnreadable(label, error.strerror or "reading it failed") from None
