"""Files that look like a workbook and are none: what each is, and what its owner can do."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Final

from importer.errors.sources import SourceEncrypted, SourceError, SourceUnsupported
from importer.loading.excel.archive import Archive, opened_archive
from importer.loading.excel.limits import MEBIBYTE
from importer.loading.source import FrozenFile

_ZIP: Final = b"PK"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_ENTRY: Final = 128
"""Bytes of an entry in an OLE file's directory; entries stand at multiples of it."""

_SAVE_AS: Final = "Open it in Excel and save it as .xlsx."

# (name of a stream, what the file is)
_STREAMS: Final = (
    ("Workbook", "an Excel workbook of the old kind (.xls)"),
    ("Book", "an Excel workbook of the old kind (.xls)"),
    ("WordDocument", "a Word document of the old kind (.doc)"),
    ("PowerPoint Document", "a PowerPoint presentation of the old kind (.ppt)"),
    ("__properties_version1.0", "a mail (.msg)"),
)

# (beginning of a part's name, what the archive is, what to do)
_PACKAGES: Final = (
    ("xl/workbook.bin", "a binary Excel workbook (.xlsb)", _SAVE_AS),
    ("word/", "a Word document (.docx)", "Copy its table into a spreadsheet and save that as .xlsx."),
    ("ppt/", "a PowerPoint presentation (.pptx)", "Copy its table into a spreadsheet and save that as .xlsx."),
    ("index/document.iwa", "an Apple Numbers document", "Export it as Excel under File > Export To."),
    ("index.zip", "an Apple Numbers document", "Export it as Excel under File > Export To."),
    ("content.xml", "an OpenDocument file (.ods)", "Open it in LibreOffice or Excel and save it as .xlsx."),
)


def refuse_hostile(file: FrozenFile) -> None:
    """Refuses what is no workbook, and what would take more memory than any honest workbook, before it is parsed.

    :raises SourceUnsupported: it is something else; the error says what.
    :raises SourceEncrypted: it is protected by a password.
    :raises SourceDamaged: it is cut off, or packed in a way that no spreadsheet program uses.
    :raises SourceTooLarge: it would unpack to more than any honest workbook of its size.
    :raises SourceUnreadable: the operating system refuses to read it.
    """
    with workbook_archive(file):
        pass


@contextmanager
def workbook_archive(file: FrozenFile) -> Iterator[Archive]:
    """The package of a workbook, checked; it raises as `refuse_hostile` does."""
    head = file.head()
    if head.startswith(_OLE):
        raise _of_ole_file(file)
    if not head.startswith(_ZIP):
        raise SourceUnsupported(file.label, "a file of another kind", _SAVE_AS)
    with opened_archive(file) as archive:
        if not _is_workbook(archive.names):
            raise _of_package(file.label, archive.names)
        yield archive
        file.head()  # refuses if somebody has written into it meanwhile


def _is_workbook(names: Iterable[str]) -> bool:
    return any(name.startswith("xl/") and name.endswith(".xml") for name in names) and "xl/workbook.bin" not in names


def _of_package(label: str, names: Iterable[str]) -> SourceError:
    for beginning, what, remedy in _PACKAGES:
        if any(name.startswith(beginning) for name in names):
            return SourceUnsupported(label, what, remedy)
    return SourceUnsupported(label, "a ZIP archive", "Unpack it and give the spreadsheet that is inside.")


def is_old_workbook(file: FrozenFile) -> bool:
    """Whether it is a workbook of Excel 97 to 2003 (.xls), going by what it holds."""
    if not file.head().startswith(_OLE):
        return False
    found = _streams(file)
    return "EncryptedPackage" not in found and bool({"Workbook", "Book"} & found)


def _of_ole_file(file: FrozenFile) -> SourceError:
    label, found = file.label, _streams(file)
    if "EncryptedPackage" in found:
        return SourceEncrypted(label)
    for stream, what in _STREAMS:
        if stream in found:
            return SourceUnsupported(label, what, _SAVE_AS)
    return SourceUnsupported(label, "a file of an old Office program", _SAVE_AS)


def _streams(file: FrozenFile) -> set[str]:
    """Which of the streams that tell the kind of an OLE file it has. Its chains of sectors are not followed: hostile
    ones lead in circles, and a name at the place of a directory entry is proof enough.
    """
    wanted = {name: f"{name}\0".encode("utf-16-le") for name in ("EncryptedPackage", *(name for name, _ in _STREAMS))}
    found = set()
    with file.open() as opened:
        while piece := file.read(opened, MEBIBYTE):
            for name, pattern in wanted.items():
                place = piece.find(pattern)
                while place >= 0 and place % _OLE_ENTRY:
                    place = piece.find(pattern, place + 1)
                if place >= 0:
                    found.add(name)
    return found
