"""Files that would hurt a careless reader: what each is, how to make it, and how it must be refused."""

import struct
from collections.abc import Callable
from pathlib import Path
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_STORED, ZipFile

from importer.errors.sources import SourceDamaged, SourceEncrypted, SourceError, SourceTooLarge, SourceUnsupported

from .workbooks import MAIN, RawWorkbook, row, text, value

MEGABYTE = 1_000_000
SHEET = "xl/worksheets/sheet1.xml"
HEAD = row(text("A"))
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

Maker = Callable[[Path], None]


def book(**parts: Callable[[], str]) -> Maker:
    """A workbook of one sheet with other parts, made when they are needed, for some are large."""
    return lambda path: _write(path, RawWorkbook(HEAD + row(text("x")), parts=_named(parts)))


def rows(markup: Callable[[], str], shared: str = "") -> Maker:
    """A workbook of one sheet with these rows below its header."""
    return lambda path: _write(path, RawWorkbook(HEAD + markup(), shared=[shared]))


def stored(part: str, content: Callable[[], str]) -> Maker:
    """A workbook with a part that is not packed, for its size would be suspicious."""

    def make(path: Path) -> None:
        with ZipFile(path, "w", ZIP_STORED) as archive:
            for name, usual in RawWorkbook(HEAD).markup().items():
                archive.writestr(name, content() if name == part else usual)

    return make


def archive_of(*names: str, method: int = ZIP_DEFLATED) -> Maker:
    """An archive with parts of these names."""

    def make(path: Path) -> None:
        with ZipFile(path, "w", method) as archive:
            for name in names:
                archive.writestr(name, "content")

    return make


def ole_of(*streams: str) -> Maker:
    """An OLE file whose directory names these streams."""

    def make(path: Path) -> None:
        entries = b"".join(stream.encode("utf-16-le").ljust(128, b"\0") for stream in ("Root Entry", *streams))
        path.write_bytes((OLE + b"\xff" * 504) + entries)

    return make


def bytes_of(content: bytes) -> Maker:
    """A file of these bytes."""
    return lambda path: _put(path, content)


def cut(maker: Maker, share: float) -> Maker:
    """The first part of a file."""

    def make(path: Path) -> None:
        maker(path)
        content = path.read_bytes()
        path.write_bytes(content[: int(len(content) * share)])

    return make


def patched(maker: Maker, offset: int, layout: str, *fields: int, larger_than: int = 0) -> Maker:
    """A file whose directory says something else of its parts: `fields` stand at `offset` of each entry."""

    def make(path: Path) -> None:
        maker(path)
        content = bytearray(path.read_bytes())
        entry = content.find(b"PK\x01\x02")
        while entry >= 0:
            if struct.unpack_from("<I", content, entry + 24)[0] > larger_than:
                struct.pack_into(layout, content, entry + offset, *fields)
            entry = content.find(b"PK\x01\x02", entry + 1)
        path.write_bytes(content)

    return make


def _write(path: Path, workbook: RawWorkbook) -> None:
    workbook.write(path.parent, path.name)


def _put(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def _named(parts: dict[str, Callable[[], str]]) -> dict[str, str]:
    names = {
        "sheet": SHEET,
        "strings": "xl/sharedStrings.xml",
        "styles": "xl/styles.xml",
        "workbook": "xl/workbook.xml",
    }
    return {names[name]: content() for name, content in parts.items()}


def sheet(content: str, before: str = "") -> str:
    """A sheet with that content."""
    return f'{before}<worksheet xmlns="{MAIN}"><sheetData>{HEAD}{content}</sheetData></worksheet>'


def strings(content: str, before: str = "") -> str:
    """A table of shared texts."""
    return f'{before}<sst xmlns="{MAIN}"><si><t>{content}</t></si></sst>'


USUAL = book()

HOSTILE: dict[str, tuple[Maker, type[SourceError], str]] = {
    "empty": (bytes_of(b""), SourceUnsupported, "a file of another kind"),
    "text": (bytes_of(b"A,B\n1,2\n"), SourceUnsupported, "a file of another kind"),
    "cut in the middle": (cut(USUAL, 0.5), SourceDamaged, "cut off"),
    "cut at the end": (cut(USUAL, 0.99), SourceDamaged, "cut off"),
    "only the mark of an archive": (bytes_of(b"PK\x03\x04"), SourceDamaged, "cut off"),
    "mark and noise": (bytes_of(b"PK\x03\x04" + bytes(range(256)) * 40), SourceDamaged, "cut off"),
    "empty archive": (archive_of(), SourceUnsupported, "a ZIP archive"),
    "archive": (archive_of("table.csv", "book.xlsx"), SourceUnsupported, "a ZIP archive"),
    "Word": (archive_of("[Content_Types].xml", "word/document.xml"), SourceUnsupported, r"a Word document \(.docx\)"),
    "PowerPoint": (archive_of("ppt/presentation.xml"), SourceUnsupported, "a PowerPoint presentation"),
    "OpenDocument": (archive_of("mimetype", "content.xml"), SourceUnsupported, r"OpenDocument.*save it as .xlsx"),
    "Numbers": (archive_of("Index/Document.iwa"), SourceUnsupported, "an Apple Numbers document"),
    "xlsb": (
        archive_of("xl/workbook.bin", "xl/theme/theme1.xml"),
        SourceUnsupported,
        r"binary Excel workbook \(.xlsb\)",
    ),
    "encrypted": (ole_of("EncryptionInfo", "EncryptedPackage"), SourceEncrypted, "protected by a password"),
    "xls": (ole_of("Workbook"), SourceUnsupported, r"old kind \(.xls\).*save it as .xlsx"),
    "xls of Excel 5": (ole_of("Book"), SourceUnsupported, r"old kind \(.xls\)"),
    "doc": (ole_of("WordDocument"), SourceUnsupported, "Word document of the old kind"),
    "OLE file": (ole_of("Something"), SourceUnsupported, "an old Office program"),
    "OLE mark": (bytes_of(OLE), SourceUnsupported, "an old Office program"),
    "other packing": (archive_of("xl/workbook.xml", method=ZIP_BZIP2), SourceDamaged, "packed as no spreadsheet"),
    "encrypted parts": (patched(USUAL, 8, "<H", 1), SourceDamaged, "encrypted"),
    "too many parts": (archive_of(*(f"xl/{n}.xml" for n in range(5_100))), SourceTooLarge, "more than 5,000 parts"),
    "bomb": (book(sheet=lambda: sheet(" " * (100 * MEGABYTE))), SourceTooLarge, "more than 200 times its size"),
    "bomb of texts": (book(strings=lambda: strings("x" * (50 * MEGABYTE))), SourceTooLarge, "more than 200 times"),
    "bomb with a harmless directory": (
        patched(book(sheet=lambda: sheet(" " * (50 * MEGABYTE))), 24, "<I", 1_000, larger_than=MEGABYTE),
        SourceDamaged,
        "can't be unpacked",
    ),
    "parts of 4 GB": (
        patched(stored(SHEET, lambda: " " * (25 * MEGABYTE)), 24, "<I", 0xFFFFFFFE, larger_than=MEGABYTE),
        SourceTooLarge,
        "unpacks to more than 4,096 MB",
    ),
    "packed parts of 4 GB": (patched(USUAL, 20, "<II", 0x10000000, 0xF0000000), SourceDamaged, "more than there is"),
    "styles of 40 MB": (stored("xl/styles.xml", lambda: " " * (40 * MEGABYTE)), SourceTooLarge, "more than 32 MB"),
    "laughs in the sheet": (book(sheet=lambda: sheet(row(text("&c;")), LAUGHS)), SourceDamaged, "document type"),
    "laughs in the texts": (book(strings=lambda: strings("&c;", LAUGHS)), SourceDamaged, "document type"),
    "laughs in the styles": (book(styles=lambda: LAUGHS + "<x>&c;</x>"), SourceDamaged, "document type"),
    "laughs in the workbook": (book(workbook=lambda: LAUGHS + "<x>&c;</x>"), SourceDamaged, "document type"),
    "document type": (book(sheet=lambda: sheet("", "<!DOCTYPE worksheet>")), SourceDamaged, "document type"),
    "reach outside": (book(sheet=lambda: sheet(row(text("&a;")), OUTSIDE)), SourceDamaged, "document type"),
    "undeclared entity": (book(sheet=lambda: sheet("<row><c><v>&a;</v></c></row>")), SourceDamaged, "entity"),
    "cell in the last corner": (
        rows(lambda: row(value("1", 'r="XFD1048576"'), attributes='r="1048576"')),
        SourceTooLarge,
        "scattered as far as XFD1048576",
    ),
    "header in the last corner": (
        book(
            sheet=lambda: (
                f'<worksheet xmlns="{MAIN}"><sheetData>'
                f'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
            )
        ),
        SourceTooLarge,
        "scattered",
    ),
    "one text a million times": (
        rows(lambda: row(value("0", 't="s"')) * 60_000, f"<t>{'x' * 32_767}</t>"),
        SourceTooLarge,
        "more text than any sheet",
    ),
    "one long text in every row": (
        rows(lambda: row(value("0", 't="s"')) * 20_000, f"<t>{'x' * 32_000}</t>"),
        SourceTooLarge,
        "for a file of this size",
    ),
    "one long text in every row, padded": (
        rows(lambda: (row(value("0", 't="s"')) + " " * 500) * 20_000, f"<t>{'x' * 32_000}</t>"),
        SourceTooLarge,
        "for a file of this size",
    ),
    "endless tag": (
        stored(SHEET, lambda: f'<worksheet xmlns="{MAIN}" {" " * (6 * MEGABYTE)}/>'),
        SourceTooLarge,
        "a tag",
    ),
    "endless text": (stored(SHEET, lambda: sheet("x" * (40 * MEGABYTE))), SourceTooLarge, "a text"),
    "endless shared text": (
        stored("xl/sharedStrings.xml", lambda: strings(f"</t><t>{'x' * MEGABYTE}" * 40)),
        SourceTooLarge,
        "a text",
    ),
    "endless row": (
        stored(SHEET, lambda: sheet(row(text("x" * 8_000) * 10_000))),
        SourceTooLarge,
        "row 2 does not end",
    ),
    "deep markup": (book(sheet=lambda: sheet("<a>" * 300)), SourceTooLarge, "within one another"),
    "all columns hidden twice": (
        book(
            sheet=lambda: sheet("").replace(
                "<sheetData>", '<cols><col min="1" max="16384" hidden="1"/></cols>' * 2 + "<sheetData>"
            )
        ),
        SourceDamaged,
        "hides more columns than there are",
    ),
    "a hundred thousand styles": (
        book(styles=lambda: f'<styleSheet xmlns="{MAIN}"><cellXfs>{"<xf/>" * 100_001}</cellXfs></styleSheet>'),
        SourceTooLarge,
        "more than 100,000 styles",
    ),
    "thousands of sheets": (
        book(
            workbook=lambda: str(RawWorkbook(HEAD).markup()["xl/workbook.xml"]).replace(
                "</sheets>", '<sheet name="x" r:id="rId1"/>' * 5_000 + "</sheets>"
            )
        ),
        SourceTooLarge,
        "more than 5,000 sheets",
    ),
    "references without end": (
        stored("xl/_rels/workbook.xml.rels", lambda: " " * (5 * MEGABYTE)),
        SourceTooLarge,
        "more than 4 MB",
    ),
    "ever new elements": (
        book(sheet=lambda: sheet("".join(f"<a{n}/>" for n in range(3_000)))),
        SourceTooLarge,
        "ever new",
    ),
    "ever new attributes of cells": (
        rows(lambda: row("".join(f'<c a{n}=""/>' for n in range(3_000)))),
        SourceTooLarge,
        "ever new",
    ),
    "ever new attributes of rows": (
        rows(lambda: "".join(f'<row a{n}=""/>' for n in range(3_000))),
        SourceTooLarge,
        "ever new",
    ),
    "endless format": (
        book(
            styles=lambda: (
                f'<styleSheet xmlns="{MAIN}"><numFmt numFmtId="164" formatCode="{"0" * 2_000}"/></styleSheet>'
            )
        ),
        SourceDamaged,
        "number format of 2,000 characters",
    ),
    "broken markup": (
        book(sheet=lambda: f'<worksheet xmlns="{MAIN}"><sheetData></worksheet>'),
        SourceDamaged,
        "mismatched tag",
    ),
    "markup of zeros": (book(sheet=lambda: "\0" * 1_000), SourceDamaged, "sheet1"),
    "no markup": (book(sheet=lambda: ""), SourceDamaged, "no element found"),
}
"""How to make a file, the error that refuses it, and a part of its words."""
