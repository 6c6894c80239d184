"""Rows read without the parser: always what the parser itself would have read, and never what it would refuse."""

from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from importer.errors.sources import SourceDamaged, SourceError
from importer.loading.excel.markup import parse
from importer.loading.excel.plain_rows import PlainRows
from importer.loading.excel.rows import rows_of
from importer.loading.excel.sheet import SheetReader, SheetRow

from .workbooks import MAIN

X14AC = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac"
HEAD = f'<worksheet xmlns="{MAIN}" xmlns:x14ac="{X14AC}"><sheetData>'
TAIL = "</sheetData></worksheet>"


def by_parser(markup: bytes) -> Iterator[SheetRow]:
    """The rows of a sheet as the parser alone reads them."""
    reader = SheetReader("book.xlsx", "sheet1.xml")
    for _ in parse([markup], reader):
        yield from reader.rows
        reader.rows.clear()


def both(markup: bytes, size: int) -> tuple[list[SheetRow] | str, list[SheetRow] | str]:
    """What the parser alone makes of a sheet, and what is made of it in pieces of `size` bytes."""
    pieces = [markup[start : start + size] for start in range(0, len(markup), size)]
    found: list[list[SheetRow] | str] = []
    for rows in (by_parser(markup), rows_of(pieces, SheetReader("book.xlsx", "sheet1.xml"))):
        try:
            found.append(list(rows))
        except SourceError as error:
            found.append(type(error).__name__)
    return found[0], found[1]


PLAIN = [
    '<row r="1"><c r="A1"><v>1</v></c></row>',
    '<row r="1" x14ac:dyDescent="0.25"><c r="A1" s="1" t="s"><v>0</v></c><c r="C1" t="b"><v>1</v></c></row>',
    '<row r="3" ht="15" customHeight="1" hidden="1"><c r="AA3" t="str"><v>a &amp;lt; b &lt;</v></c></row>',
    '<row r="1"><c r="A1" t="inlineStr"><is><t xml:space="preserve"> a </t></is></c></row>',
    '<row r="1"><c r="A1" t="inlineStr"><is><t> a _x0026_lt; &amp;_x000D_ ä東😀 </t></is></c></row>',
    '<row r="1"><c r="A1"><f>B1&gt;2</f><v>5</v></c><c r="B1" t="str"><f>""</f><v></v></c><c r="C1"><f>1</f></c></row>',
    '<row r="1"><c r="A1"><f t="shared" ref="A1:A3" si="0">1</f><v>5</v></c><c r="B1"><f t="shared" si="0"/></c></row>',
    '<row r="1"><c r="A1" s="1"/><c r="B1" t="n" s="1"><v>5</v></c><c r="C1"></c></row>',
    '<row r="1"><c r="A1"><v>1</v></c><c r="B1" t="inlineStr"><is><t></t></is></c></row>',
    '<row r="1"><c r="A1" t="inlineStr"><is><t xml:space="preserve"></t></is></c></row>',
    '<row r="1"><c r="A1" t="str"><f/><is><t></t></is></c><c r="B1"><f>1</f><is><t>2</t></is></c></row>',
    '<row r="1"><c r="A1" t="str"><f>1</f><v/><is><t></t></is></c><c r="B1" t="str"><f/></c></row>',
    '<row r="1"></row>',
]


@pytest.mark.parametrize("markup", PLAIN)
def test_plain_rows(markup: str) -> None:
    """What Excel and its kin write is read without the parser, as the parser reads it."""
    row = PlainRows({"x14ac"}).read(markup.removesuffix("</row>"))
    assert row is not None
    assert [row] * bool(row.cells) == list(by_parser(f"{HEAD}{markup}{TAIL}".encode()))


ODD = [
    '<row r="1"/>',
    '<row><c><v>1</v></c></row>',
    '<row r="2"><c r="A1"><v>1</v></c></row>',
    '<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>',
    '<row r="1"><c r="XFE1"><v>1</v></c></row>',
    '<row r="1"><c r="A1" s="1" s="1"><v>1</v></c></row>',
    '<row r="1" ht="1" ht="1"><c r="A1"><v>1</v></c></row>',
    '<row r="1" e:descent="1"><c r="A1"><v>1</v></c></row>',
    '<row r="1"><c r="A1" t=""><v>1</v></c></row>',
    '<row r="1"><c r="A1"><v></v></c></row>',
    '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v></v></c></row>',
    '<row r="1"><c r="A1" t="inlineStr"><is/></c><c r="B1" t="inlineStr"><is><t/></is></c></row>',
    '<row r="1"><c r="A1" t="str"><f/><is><t> </t></is></c></row>',
    '<row r="1"><c r="A1"><v>]]></v></c></row>',
    '<row r="1"><c r="A1"><v>&#65;</v></c></row>',
    '<row r="1"><c r="A1"><v>&nbsp;</v></c></row>',
    '<row r="1"><c r="A1"><v><![CDATA[1]]></v></c></row>',
    '<row r="1"><c r="A1"><v>1<!-- 2 --></v></c></row>',
    '<row r="1"><c r="A1" t="inlineStr"><is><t> </t></is></c></row>',
    '<row r="1"><c r="A1" t="inlineStr"><is><r><t>a</t></r></is></c></row>',
    '<row r="1"><c r="A1"><v>1</v></c> </row>',
    '<row r="1"><c r="A1"><v>1</v></row>',
    '<row r="1"><row r="2"><c r="A2"><v>1</v></c></row>',
]  # fmt: skip


@pytest.mark.parametrize("markup", ODD)
def test_odd_rows(markup: str) -> None:
    """What is not plain to the last sign is left to the parser."""
    assert PlainRows({"x14ac"}).read(markup.removesuffix("</row>")) is None


def test_prefixes_must_be_declared() -> None:
    """An attribute with a prefix is plain only where the prefix is known."""
    markup = '<row r="1" x14ac:dyDescent="0.25"><c r="A1"><v>1</v></c>'
    assert PlainRows(set()).read(markup) is None
    assert PlainRows({"x14ac"}).read(markup) is not None


OTHER = f'<x:sheetData xmlns:x="{MAIN}" xmlns="urn:other">'
OTHER_ROWS = f'{OTHER}<row xmlns="{MAIN}" r="2"></row><row r="3"><c r="A3"><v>3</v></c></row></x:sheetData>'
"""A second `sheetData`, in which names without a prefix mean something else."""

BETWEEN = [
    "", " ", "\n", "\r\n", "<!-- <row r=\"1\"></row> -->", "<!--", "-->", "<![CDATA[</row>]]>", "<![CDATA[", "]]>",
    "<?x </row>?>", "</sheetData>", "<sheetData>", "<x:sheetData>", "</x:sheetData>", OTHER,
    '<e xmlns="urn:other">', "</e>",
    f'<row xmlns="{MAIN}" r="9"><c r="A9"><v>9</v></c></row>', "&amp;", "<", "\x01", "\ufffe", "ä",
]  # fmt: skip


def sheets() -> st.SearchStrategy[str]:
    """Rows that are plain, odd and none, numbered anew so that most of them follow each other."""
    piece = st.one_of(st.sampled_from(PLAIN), st.sampled_from(PLAIN), st.sampled_from(ODD), st.sampled_from(BETWEEN))
    return st.lists(piece, max_size=8).map(
        lambda pieces: "".join(
            piece.replace('r="1"', f'r="{number}"').replace('1"', f'{number}"') if piece in PLAIN else piece
            for number, piece in enumerate(pieces, 1)
        )
    )


@given(
    sheets(),
    st.sampled_from(
        [HEAD, HEAD.replace("<sheetData>", "<sheetData >"), f'<?xml version="1.0" encoding="UTF-8"?>{HEAD}']
    ),
    st.sampled_from([TAIL, "</sheetData>", "", f"{TAIL}<x/>"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.integers(1, 400),
)
@example('<!-- <sheetData><row r="1"><c r="A1"><v>1</v></c></row> -->' + PLAIN[0], HEAD, TAIL, "utf-8", 400)
@example(f'</sheetData><e xmlns="urn:other"><row xmlns="{MAIN}"></row>{PLAIN[0]}</e>', HEAD, "</worksheet>", "utf-8", 9)
@example(f'<e xmlns="urn:other"><row xmlns="{MAIN}"></row>{PLAIN[0]}</e>', HEAD, TAIL, "utf-8", 400)
@example(
    f"{PLAIN[0]}</sheetData>{OTHER_ROWS}",
    HEAD,
    "</worksheet>",
    "utf-8",
    400,
)
@example(
    f"{OTHER_ROWS}",
    HEAD,
    TAIL,
    "utf-8",
    400,
)
def test_the_parser_would_read_the_same(rows: str, head: str, tail: str, encoding: str, size: int) -> None:
    """However a sheet is written, and cut into pieces, its rows and refusals are those of the parser alone."""
    expected, found = both(f"{head}{rows}{tail}".encode(encoding), size)
    assert found == expected


@given(st.sampled_from(PLAIN), st.integers(0, 200), st.sampled_from(["", *'<>&"/ r1Av=;\x00\r\n\ufffe', "]]>", "&#1;"]))
def test_one_sign_is_wrong(row: str, place: int, sign: str) -> None:
    """A row with a sign too many or too few is read as by the parser, or refused as by the parser."""
    place = min(place, len(row))
    for damaged in (row[:place] + sign + row[place + 1 :], row[:place] + sign + row[place:]):
        expected, found = both(f"{HEAD}{damaged}{PLAIN[0].replace('1', '7')}{TAIL}".encode(), 1_000)
        assert found == expected


def test_errors_name_the_line() -> None:
    """Lines that were read without the parser count."""
    rows = "".join(f'<row r="{number}"><c r="A{number}"><v>1\n</v></c></row>' for number in range(1, 6))
    with pytest.raises(SourceDamaged, match="line 6"):
        list(rows_of([f"{HEAD}{rows}</x>".encode()], SheetReader("book.xlsx", "sheet1.xml")))
