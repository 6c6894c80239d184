"""Files that would hurt a careless reader of CSV, of OpenDocument and of old workbooks."""

import struct
from collections.abc import Callable
from pathlib import Path

from tests.corpus.packing import CALC, SPREADSHEET, VOCABULARIES, number, opendocument, packed, row, table, text

from .excel.hostile import Maker, bytes_of, cut, ole_of, patched

MEGABYTE = 1_000_000
CORPUS = Path(__file__).parent.parent / "corpus" / "files"
OLD = (CORPUS / "formats.xls").read_bytes()
HEAD = row(text("A"), text("B"))

Outcome = tuple[str, str] | int
"""Code of the refusal and words that it must have; or how many rows there are all the same."""


def lines(head: str, line: str, times: int, tail: str = "") -> Maker:
    """A text of many equal lines, made when it is needed."""
    return lambda path: _put(path, (head + line * times + tail).encode())


def _put(path: Path, content: bytes) -> None:
    path.write_bytes(content)


CSV: dict[str, tuple[Maker, Outcome]] = {
    "a line without end": (lines("A,B\n", "x", 70 * MEGABYTE), ("source-too-large", "line 2 does not end")),
    "a header without end": (lines("", "x", 20 * MEGABYTE), ("header-broken", "does not end within")),
    "columns without end": (lines("", "a,", 200_000, "\n"), ("source-too-large", "its header has 200,001 columns")),
    "a row of a million fields": (lines("A,B\n", "x,", MEGABYTE, "\n1,2\n"), 2),
    "a blank row of three million fields": (lines("A,B\n", ",", 3 * MEGABYTE, "\n1,2\n"), 1),
    "a quotation mark that is never closed": (lines('A,B\n"', "1,2\n", 400_000), 400_000),
    "a quotation mark on every line": (lines("A,B\n", '"x\n', 30_000), 30_000),
    "nothing but quotation marks": (lines("A,B\n", '"', 5 * MEGABYTE + 1), 1),
    "nothing but line ends": (lines("A,B\n1,2", "\n", 5 * MEGABYTE), 1),
    "nothing but NULs": (lines("A,B\n", "\0", 5 * MEGABYTE), ("undecodable", "utf-16-le")),
    "an archive that calls itself a table": (bytes_of(b"\x1f\x8b\x08" + bytes(1000)), ("source-unsupported", "gzip")),
    "all rows ragged": (lines("A,B\n", "1\n", 60_000), 60_000),
}


def content(make: Callable[[], str]) -> Maker:
    """An OpenDocument spreadsheet whose content is made when it is needed; it is not packed."""
    return lambda path: _put(path, packed({"mimetype": SPREADSHEET, "content.xml": make()}))


def body(tables: str, before: str = "") -> str:
    """The markup of a document."""
    return (
        f"{before}<office:document-content {VOCABULARIES} {CALC}><office:body><office:spreadsheet>"
        f"{tables}</office:spreadsheet></office:body></office:document-content>"
    )


def bomb(path: Path) -> None:
    """A hundred megabytes of nothing, packed."""
    from zipfile import ZIP_DEFLATED, ZipFile  # noqa: PLC0415  # the only packed one

    with ZipFile(path, "w") as archive:
        archive.writestr("mimetype", SPREADSHEET)
        archive.writestr("content.xml", body(" " * (100 * MEGABYTE)), ZIP_DEFLATED)


USUAL = bytes_of(opendocument(table(HEAD, row(text("1"), text("2")))))
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'

OPENDOCUMENT: dict[str, tuple[Maker, Outcome]] = {
    "cut": (cut(USUAL, 0.5), ("source-damaged", "cut off")),
    "cut at the end": (cut(USUAL, 0.98), ("source-damaged", "cut off")),
    "bomb": (bomb, ("source-too-large", "more than 200 times its size")),
    "entities": (content(lambda: body(table(row(text("&b;"))), LAUGHS)), ("source-damaged", "document type")),
    "encrypted": (
        bytes_of(opendocument("", more={"META-INF/manifest.xml": "<x:encryption-data/>"})),
        ("source-encrypted", "password"),
    ),
    "encrypted as a whole": (bytes_of(opendocument("", more={"encrypted-package": "x"})), ("source-encrypted", "")),
    "a row a million times": (
        bytes_of(
            opendocument(
                table(
                    HEAD,
                    row(
                        text("x", 'table:number-columns-repeated="16384"'),
                        attributes='table:number-rows-repeated="1000000"',
                    ),
                )
            )
        ),
        ("source-too-large", "again and again"),
    ),
    "a cell in the last corner": (
        bytes_of(
            opendocument(
                table(
                    HEAD,
                    row("<table:table-cell/>", attributes='table:number-rows-repeated="1048000"'),
                    row('<table:table-cell table:number-columns-repeated="16383"/>', number("1", "1")),
                )
            )
        ),
        ("source-too-large", "scattered"),
    ),
    "more rows than there are": (
        bytes_of(
            opendocument(
                table(
                    HEAD, row("<table:table-cell/>", attributes='table:number-rows-repeated="99999999"'), row(text("x"))
                )
            )
        ),
        ("source-too-large", "below row"),
    ),
    "more columns than there are": (
        bytes_of(
            opendocument(table(HEAD, row('<table:table-cell table:number-columns-repeated="99999"/>', text("x"))))
        ),
        ("source-too-large", "too many cells"),
    ),
    "hidden columns without end": (
        bytes_of(
            opendocument(
                table(
                    HEAD,
                    row(text("1")),
                    columns='<table:table-column table:visibility="collapse" '
                    'table:number-columns-repeated="999999999"/>' * 100,
                )
            )
        ),
        1,
    ),
    "a table within a table": (
        content(lambda: body(table(row(f"<table:table-cell>{table()}</table:table-cell>")))),
        ("source-damaged", "a table within the table"),
    ),
    "an endless text": (
        content(lambda: body(table(row(text("x" * (40 * MEGABYTE)))))),
        ("source-too-large", "does not end"),
    ),
    "endless spaces": (
        content(lambda: body(table(row(text('<text:s text:c="32767"/>' * 20_000))))),
        ("source-too-large", "does not end"),
    ),
    "a row without end": (
        content(lambda: body(table(row(f'<table:table-cell table:style-name="{"x" * 1000}"/>' * 70_000)))),
        ("source-too-large", "does not end"),
    ),
    "deep markup": (content(lambda: body("<a>" * 300)), ("source-too-large", "within one another")),
    "ever new names": (
        content(lambda: body("".join(f"<a{place}/>" for place in range(3000)))),
        ("source-too-large", "ever new"),
    ),
    "styles without end": (
        content(
            lambda: body("".join(f'<style:style style:name="{n}" style:family="table-cell"/>' for n in range(100_001)))
        ),
        ("source-too-large", "more than 100,000 styles"),
    ),
    "thousands of tables": (content(lambda: body(table() * 5_001)), ("source-too-large", "more than 5,000 sheets")),
    "no table": (content(lambda: body("")), ("source-damaged", "no sheet")),
    "parts of 4 GB": (
        patched(USUAL, 24, "<I", 0xFFFFFFFE, larger_than=300),
        ("source-too-large", "unpacks to more than"),
    ),
}


def old(offset: int, layout: str, *fields: int) -> Maker:
    """An old workbook with other bytes at one place."""

    def make(path: Path) -> None:
        changed = bytearray(OLD)
        struct.pack_into(layout, changed, offset, *fields)
        path.write_bytes(changed)

    return make


def without_end(path: Path) -> None:
    """An old workbook whose list of sectors leads in a circle."""
    changed = bytearray(OLD)
    sector = struct.unpack_from("<I", OLD, 76)[0]  # of the first part of that list
    struct.pack_into("<128I", changed, 512 + sector * 512, *([0] * 128))
    path.write_bytes(changed)


def protected(path: Path) -> None:
    """An old workbook that begins with the record of a password."""
    at = OLD.find(b"\x09\x08\x10\x00")
    begin = at + 20
    path.write_bytes(OLD[:begin] + struct.pack("<HHHHH", 0x2F, 6, 0, 1, 2) + OLD[begin + 10 :])


def strings_without_end(path: Path) -> None:
    """An old workbook that says it has two thousand million texts."""
    at = OLD.find(b"\xfc\x00")
    path.write_bytes(OLD[: at + 4] + struct.pack("<II", 0x7FFFFFFF, 0x7FFFFFFF) + OLD[at + 12 :])


def noise(path: Path) -> None:
    """The head of an old workbook, and then whatever."""
    path.write_bytes(OLD[:2048] + bytes(place * 7919 % 251 for place in range(20_000)) + OLD[-1024:])


OLD_EXCEL: dict[str, tuple[Maker, Outcome]] = {
    "cut": (bytes_of(OLD[: len(OLD) * 3 // 4] + OLD[-1536:]), ("source-damaged", "")),
    "sectors in a circle": (without_end, ("source-damaged", "")),
    "a first sector far away": (old(48, "<I", 0x7FFFFFF0), ("source-damaged", "")),
    "sectors of 2 GB": (old(30, "<H", 31), 10),
    "lists of sectors without end": (old(44, "<I", 0x7FFFFFFF), 10),
    "a password": (protected, ("source-encrypted", "password")),
    "texts without end": (strings_without_end, ("source-damaged", "")),
    "noise": (noise, ("source-unsupported", "an old Office program")),
    "a document": (ole_of("WordDocument"), ("source-unsupported", "Word document")),
    "a name and nothing else": (ole_of("Workbook"), ("source-damaged", "")),
    "an encrypted .xlsx": (ole_of("EncryptionInfo", "EncryptedPackage"), ("source-encrypted", "password")),
    "a mark and nothing else": (bytes_of(OLD[:8]), ("source-unsupported", "an old Office program")),
}

READERS = {"csv": CSV, "opendocument": OPENDOCUMENT, "old excel": OLD_EXCEL}
