"""Files that look like a workbook and are none: what each is, and what its owner can do."""

from collections.abc import Iterable
from typing import BinaryIO, Final

from importer.errors import SourceDamaged, SourceEncrypted, SourceError, SourceUnsupported
from importer.loading.excel.archive import Archive, opened_archive
from importer.loading.excel.limits import MEBIBYTE
from importer.loading.source import FrozenFile

_ZIP: Final = b"PK"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_ENTRY: Final = 128
"""Bytes of an entry in an OLE file's directory; entries stand at multiples of it."""

_SAVE_AS: Final = "Open it in Excel and save it as .xlsx."

# (name of a stream, what the file is); of an encrypted workbook nothing else can be known
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
    with opened_workbook(file):
        pass


def opened_workbook(file: FrozenFile) -> "_OpenedWorkbook":
    return _OpenedWorkbook(file)
