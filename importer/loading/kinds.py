"""What a file is, told by its content and never by the ending of its name."""

from enum import StrEnum
from typing import Final

from importer.errors.sources import SourceUnsupported


class Kind(StrEnum):
    """The kinds of file that are imported."""

    TEXT = "csv"
    WORKBOOK = "xlsx"


_SAVE_AS = "Open it in the program it comes from and save it as .xlsx or as CSV (UTF-8)."
_UNPACK = "Unpack it and give the spreadsheet that is inside."

# (beginning of the file, what it is, what to do); OLE files (old .xls, encrypted .xlsx) and zips are the workbook
# reader's, which can say more about them.
_REFUSED: Final = (
    (b"\x1f\x8b", "a gzip archive", _UNPACK),
    (b"BZh", "a bzip2 archive", _UNPACK),
    (b"\xfd7zXZ\x00", "an xz archive", _UNPACK),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive", _UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", _UNPACK),
    (b"Rar!\x1a\x07", "a RAR archive", _UNPACK),
    (b"%PDF-", "a PDF document", _SAVE_AS),
    (b"\x89PNG\r\n\x1a\n", "a picture (PNG)", "Type or export the table into a spreadsheet."),
    (b"\xff\xd8\xff", "a picture (JPEG)", "Type or export the table into a spreadsheet."),
    (b"GIF87a", "a picture (GIF)", "Type or export the table into a spreadsheet."),
    (b"GIF89a", "a picture (GIF)", "Type or export the table into a spreadsheet."),
    (b"SQLite format 3\x00", "an SQLite database", "Export the table as CSV."),
    (b"PAR1", "a Parquet file", "Export the table as CSV."),
    (b"{\\rtf", "an RTF document", _SAVE_AS),
)
_MARKUP: Final = (b"<!doctype html", b"<html", b"<table", b"<?xml", b"<workbook")
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def kind_of(label: str, head: bytes) -> Kind:
    """The kind of the file that begins with `head`.

    :raises SourceUnsupported: it is something that can't be read as a table; the error says what and what to do.
    """
    for beginning, what, remedy in _REFUSED:
        if head.startswith(beginning):
            raise SourceUnsupported(label, what, remedy)
    if head.startswith((*_ZIP, _OLE)):
        return Kind.WORKBOOK
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith(_MARKUP):
        raise SourceUnsupported(label, "a web page or an XML document, whatever its name says", _SAVE_AS)
    return Kind.TEXT
