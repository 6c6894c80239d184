"""The markup of sheets: what the standard leaves to the writer, and what contradicts itself."""

from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from importer.errors.sources import SourceDamaged, SourceError

from .workbooks import MAIN, RawWorkbook, opened, row, table, text, value

STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
SHEET = "xl/worksheets/sheet1.xml"


def test_rows_and_cells_without_references(tmp_path: Path) -> None:
    """Rows and cells that don't say where they stand follow those before them."""
    rows = row(text("A"), text("B")) + row(text("1"), text("2")) + row(attributes='r="5"') + row(text("3"))
    assert table(opened(RawWorkbook(rows).write(tmp_path))) == {2: ["1", "2"], 6: ["3", ""]}


def test_rows_and_cells_with_references(tmp_path: Path) -> None:
    """Rows and cells stand where they say, and those that are left out are empty."""
    rows = row(text("A", 'r="A3"'), text("D", 'r="D3"'), attributes='r="3"') + row(
        text("x", 'r="B7"'), text("y"), text("z", 'r="D7"'), attributes='r="7"'
    )
    source = opened(RawWorkbook(rows).write(tmp_path))
    assert source.header.names == ("A", "", "", "D")
    assert table(source) == {7: ["", "x", "y", "z"]}


@pytest.mark.parametrize(
    "rows",
    [
        row(attributes='r="3"') + row(attributes='r="2"'),
        row(attributes='r="3"') + row(attributes='r="3"'),
        row(attributes='r="0"'),
        row(attributes='r="1048577"'),
        row(attributes='r="x"'),
        row(attributes=f'r="{"1" * 5000}"'),
        row(text("x", 'r="B2"'), text("y", 'r="A2"'), attributes='r="2"'),
        row(text("x", 'r="A2"'), text("y", 'r="A2"'), attributes='r="2"'),
        row(text("x", 'r="A9"'), attributes='r="2"'),
        row(text("x", 'r="XFE2"'), attributes='r="2"'),
        row(text("x", 'r="XFD2"'), text("y"), attributes='r="2"'),
        row(text("x", 'r="2A"'), attributes='r="2"'),
        row(text("x", 'r=""'), attributes='r="2"'),
        row(row()),
        row(f"<c>{value('1')}</c>"),
        row("<v>1</v>"),
        value("1"),
        row("<c>" + "<f>" * 20 + "</f>" * 20 + "</c>"),
    ],
)
def test_sheets_that_contradict_themselves(tmp_path: Path, rows: str) -> None:
    """Rows and cells out of order, twice or where none can be make the file a damaged one."""
    head = row(text("A"), attributes='r="1"')
    with pytest.raises(SourceDamaged):
        table(opened(RawWorkbook(head + rows).write(tmp_path)))


@pytest.mark.parametrize("space", [MAIN, STRICT])
@pytest.mark.parametrize("prefix", ["", "x:"])
def test_vocabularies(tmp_path: Path, space: str, prefix: str) -> None:
    """The strict vocabulary and any prefix are read as the usual ones are."""
    declared = f'xmlns{":" + prefix[:-1] if prefix else ""}="{space}"'
    markup = f"""<{prefix}worksheet {declared}><{prefix}sheetData>
        <{prefix}row r="1"><{prefix}c r="A1" t="str"><{prefix}v>A</{prefix}v></{prefix}c></{prefix}row>
        <{prefix}row r="2">
          <{prefix}c r="A2">
            <{prefix}v>5</{prefix}v>
          </{prefix}c>
        </{prefix}row>
    </{prefix}sheetData></{prefix}worksheet>"""
    assert table(opened(RawWorkbook(parts={SHEET: markup}).write(tmp_path))) == {2: ["5"]}


def test_other_vocabularies_do_not_matter(tmp_path: Path) -> None:
    """Elements and attributes of extensions are passed over."""
    rows = row(text("A")) + row(value("5"), attributes='xmlns:e="urn:extension" e:descent="0.25"')
    after = '<extLst><ext xmlns:e="urn:extension"><e:row><e:c><e:v>9</e:v></e:c></e:row></ext></extLst>'
    assert table(opened(RawWorkbook(rows, after=after).write(tmp_path))) == {2: ["5"]}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    """A part may be in UTF-8 or UTF-16."""
    rows = row(text("Ä")) + row(text("東京"))
    markup = f"""<?xml version="1.0" encoding="{encoding}"?>
        <worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>"""
    source = opened(RawWorkbook(parts={SHEET: markup.encode(encoding)}).write(tmp_path))
    assert (source.header.names, table(source)) == (("Ä",), {2: ["東京"]})


@pytest.mark.parametrize("encoding", ["shift_jis", "no-such", "cp1252"])
def test_other_encodings(tmp_path: Path, encoding: str) -> None:
    """A part in another encoding is a damaged one."""
    markup = f'<?xml version="1.0" encoding="{encoding}"?><worksheet xmlns="{MAIN}"/>'
    with pytest.raises(SourceDamaged, match="encoding"):
        opened(RawWorkbook(parts={SHEET: markup}).write(tmp_path))


def test_a_sheet_that_is_none(tmp_path: Path) -> None:
    """A part that is no worksheet is not read as one."""
    with pytest.raises(SourceDamaged):
        opened(RawWorkbook(parts={SHEET: f'<chartsheet xmlns="{MAIN}"/>'}).write(tmp_path))


def test_sheets_that_break_off(tmp_path: Path) -> None:
    """A sheet whose markup breaks off gives the rows before, and then fails."""
    rows = row(text("A")) + "".join(row(value(str(number))) for number in range(9_000))
    markup = f'<worksheet xmlns="{MAIN}"><sheetData>{rows}'
    source = opened(RawWorkbook(parts={SHEET: markup}).write(tmp_path))
    blocks = source.blocks()
    assert next(blocks).rows[-1] == 2_001
    with pytest.raises(SourceDamaged, match="sheet1"):
        next(blocks)


@pytest.mark.parametrize(
    ("dimension", "expected"),
    [("A1:B2", 1), ("A1", 0), ("A1:XFD1048576", None), ("A1:B40", None), ("x", None), ("", None)],
)
def test_the_declared_dimension_is_not_trusted(tmp_path: Path, dimension: str, expected: int | None) -> None:
    """What a sheet says of its own size is a figure for the progress, and only if it can be true."""
    rows = row(text("A"), text("B")) + row(value("1"), value("2"))
    source = opened(RawWorkbook(rows, before=f'<dimension ref="{dimension}"/>').write(tmp_path))
    assert source.expected_rows == expected
    assert table(source) == {2: ["1", "2"]}


ATTRIBUTES = {
    "r": ["", "A1", "A2", "B2", "C2", "AA2", "XFD2", "A3", "B3", "2", "3", "A0", "$B$3", "b3", "A1048577", "٣"],
    "s": ["", "0", "1", "2", "99", "-1", "x"],
    "t": ["", "n", "s", "str", "inlineStr", "b", "e", "d", "z"],
    "hidden": ["0", "1", "true", "x"],
}
CONTENTS = [
    "",
    "0",
    "1",
    "-1",
    "0.5",
    "45413.4375",
    "60",
    "1E+400",
    "NaN",
    "x",
    "TRUE",
    "#N/A",
    "2024-05-01",
    "_xD83D_",
]


def attributes() -> st.SearchStrategy[str]:
    """Any of the attributes of rows and cells, with values that fit and values that don't."""
    pairs = [st.sampled_from([f'{name}="{value}"' for value in values]) for name, values in ATTRIBUTES.items()]
    return st.tuples(*(st.one_of(st.just(""), pair) for pair in pairs)).map(" ".join)


def elements() -> st.SearchStrategy[str]:
    """The content of a sheet, as wild as it may get."""
    content = st.sampled_from(CONTENTS)
    inner = st.one_of(
        content.map(lambda text: f"<v>{text}</v>"),
        content.map(lambda text: f"<f>{text}</f>"),
        content.map(lambda text: f"<is><t>{text}</t></is>"),
        content,
    )
    cell = st.builds(lambda given, *inside: f"<c {given}>{''.join(inside)}</c>", attributes(), inner, inner)
    return st.builds(
        lambda given, cells: f"<row {given}>{''.join(cells)}</row>", attributes(), st.lists(cell, max_size=4)
    )


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(elements(), max_size=5).map("".join))
def test_any_markup(tmp_path: Path, rows: str) -> None:
    """Whatever the markup of a sheet says, it is read in order or refused as a damaged file."""
    book = RawWorkbook(row(text("A"), text("B")) + rows, shared=["<t>one</t>"], formats=["dd/mm/yyyy", "0000"])
    with suppress(SourceError):
        numbers = list(table(opened(book.write(tmp_path))))
        assert all(first < second for first, second in pairwise([1, *numbers]))
