"""The laws of reading, searched at length: a thousand cases of each, twenty thousand with HYPOTHESIS_PROFILE=search."""

from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from importer.blocks import Cell, CellKind, CsvLayout, Place, SheetLayout, column_letter
from importer.loading import ReadingOptions, Source, freeze, open_source
from importer.records import HeldRow
from importer.reporting.to_fix import TO_FIX, HeldFiles

from .csv_files import Row, opened, rows_of
from .excel.workbooks import RawWorkbook, row, table, text, value
from .excel.workbooks import opened as opened_workbook
from .tables import DELIMITERS, NEWLINES, Style, is_blank, physical_lines

AT_LENGTH = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=settings().max_examples * 10
)
ENCODINGS = {
    "utf-8": (b"", "utf-8"),
    "utf-8 with mark": (b"\xef\xbb\xbf", "utf-8"),
    "utf-16-le": (b"\xff\xfe", "utf-16-le"),
    "utf-16-be": (b"\xfe\xff", "utf-16-be"),
    "cp1252": (b"", "cp1252"),
    "koi8-r": (b"", "koi8-r"),
}
"""The mark that a file begins with, and how it is encoded."""

FUZZ = (
    "=1+1",
    "+919845098450",
    "-5",
    "'x",
    "''",
    "@x",
    "\tx",
    "a\tb",
    "a\r\nb",
    "\rx",
    "\n",
    " x ",
    "0419",
    "1E5",
    "_x0041_",
)


@dataclass(frozen=True)
class File:
    """A CSV file, and how it is to be read."""

    content: bytes
    options: ReadingOptions
    header: tuple[str, ...]
    rows: tuple[Row, ...]


def cells_in(encoding: str) -> st.SearchStrategy[str]:
    """Cells that an encoding has signs for."""
    return st.one_of(
        st.sampled_from(["", "", " ", "0419", "NA", "+91", '"', '""', "\n", "x\r\ny", "a,b;c|d\te", *FUZZ]),
        st.text(st.characters(codec=encoding, exclude_characters="\0"), max_size=6),
    )


@st.composite
def files(draw: st.DrawFn) -> File:
    """Any table in any dialect, with rows that are too long, too short or blank, with or without lines above it."""
    mark, encoding = ENCODINGS[draw(st.sampled_from(sorted(ENCODINGS)))]
    style = Style(draw(st.sampled_from(DELIMITERS)), draw(st.sampled_from(NEWLINES)), draw(st.booleans()))
    header = [f"Column {place}" for place in range(draw(st.integers(1, 4)))]
    titles = draw(st.lists(st.text(st.sampled_from("ab \"';,"), max_size=5), max_size=2))
    text = "".join(f"{title}{style.newline}" for title in titles) + style.record(header)
    expected = []
    cells = cells_in(encoding)
    for width in draw(st.lists(st.sampled_from([len(header)] * 4 + [1, len(header) + 1]), max_size=5)):
        fields = draw(st.lists(cells, min_size=width, max_size=width))
        if not is_blank(fields):
            expected.append(expected_row(physical_lines(text) + 1, fields, len(header)))
        text += style.record(fields)
    if draw(st.booleans()) and not text.endswith(style.newline * 2):
        text = text.removesuffix(style.newline)
    told = encoding if not mark and encoding != "utf-8" else None
    options = ReadingOptions(header_row=len(titles) + 1, encoding=told, delimiter=style.delimiter)
    content = text.encode(encoding)
    assume(told is None or encoding.startswith("utf") or not is_utf8(content))  # "ÂŒ" in cp1252 is one sign of UTF-8
    return File(mark + content, options, tuple(header), tuple(expected))


def is_utf8(content: bytes) -> bool:
    """Whether bytes that are not all ASCII are text in UTF-8, which no text in another encoding is but by chance."""
    try:
        return not content.decode().isascii()
    except UnicodeDecodeError:
        return False


def expected_row(line: int, fields: list[str], width: int) -> Row:
    """What must come of a record that is not blank."""
    fault = ""
    if len(fields) < width:
        fault = "too-few-fields"
    elif not is_blank(fields[width:]):
        fault = "too-many-fields"
    return Row(line, tuple((fields + [""] * width)[:width]), fault)


@AT_LENGTH
@given(files())
def test_any_csv_file_comes_back_cell_for_cell(tmp_path: Path, file: File) -> None:
    """Every record that is not blank is one row, read sign for sign or refused with a reason; no other row is there."""
    source = opened(tmp_path, file.content, file.options)
    assert source.header.names == file.header
    assert rows_of(source) == list(file.rows)


@st.composite
def sheets(draw: st.DrawFn) -> tuple[RawWorkbook, dict[int, list[str]]]:
    """Any table as a workbook: shared and inline texts, numbers, truths, with and without references, and gaps."""
    width = draw(st.integers(1, 4))
    shared: list[str] = []
    rows = [row(*(text(f"Column {place}") for place in range(width)))]
    expected = {}
    number = 1
    for cells in draw(st.lists(st.lists(SHEET_CELLS, min_size=width, max_size=width), max_size=6)):
        number += draw(st.sampled_from([1, 1, 1, 2, 500]))
        referred = draw(st.booleans())
        written = "".join(
            markup(kind, shown, shared, f'r="{column_letter(place)}{number}"' if referred else "")
            for place, (kind, shown) in enumerate(cells)
        )
        rows.append(row(written, attributes=f'r="{number}"'))
        if any(kind != "text" or shown.strip() for kind, shown in cells):
            expected[number] = [shown for _, shown in cells]
    return RawWorkbook("".join(rows), shared=shared), expected


def markup(kind: str, shown: str, shared: list[str], reference: str) -> str:
    """A cell: every second text is a shared one."""
    if kind == "number":
        return value(shown, reference)
    if kind == "truth":
        return value(str(int(shown == "TRUE")), f'{reference} t="b"')
    if not shown:
        return f"<c {reference}/>"
    written = "".join(f"_x{ord(sign):04X}_" if sign < " " else sign for sign in shown.replace("_x", "_x005F_x"))
    if len(shown) % 2:
        return text(written, reference)
    shared.append(f'<t xml:space="preserve">{escape(written)}</t>')
    return value(str(len(shared) - 1), f'{reference} t="s"')


SHEET_CELLS = st.one_of(
    st.tuples(st.just("text"), cells_in("utf-8").filter(lambda text: not {"\ufffe", "\uffff"} & set(text))),
    st.tuples(st.just("number"), st.integers(-(10**20), 10**20).map(str)),
    st.tuples(st.just("number"), st.integers(1, 10**9).map(lambda number: f"0.{number:012}".rstrip("0"))),
    st.tuples(st.just("truth"), st.sampled_from(["TRUE", "FALSE"])),
)


@AT_LENGTH
@given(sheets())
def test_any_sheet_comes_back_cell_for_cell(tmp_path: Path, written: tuple[RawWorkbook, dict[int, list[str]]]) -> None:
    """Every row with something in it is there with its own number, and shows what was written into it."""
    workbook, expected = written
    assert table(opened_workbook(workbook.write(tmp_path))) == expected


def written_and_read(
    folder: Path, layout: CsvLayout | SheetLayout, rows: list[tuple[Cell, ...]]
) -> list[tuple[Cell, ...]]:
    """The cells of rows that went through a file to correct."""
    place = Place("visits", layout.sheet if isinstance(layout, SheetLayout) else None)
    for path in folder.glob(f"{TO_FIX}*"):
        path.unlink()  # of the example before this one
    with HeldFiles(folder, TO_FIX, [(place, layout)]) as files:
        for number, cells in enumerate(rows, 2):
            files.add(HeldRow(place, number, cells, "too-long", "A is longer than allowed (at most 1 characters)"))
    source: Source = open_source(freeze(str(folder / files.written[0]), None), ReadingOptions())
    return [block.cells(offset) for block in source.blocks() for offset in range(len(block))]


FUZZED = st.lists(
    st.tuples(
        *[st.one_of(st.sampled_from(FUZZ), st.text(st.sampled_from("'=+-@ \t\r\na1_x00\u00a0;,\"|"), max_size=8))] * 2
    ).map(lambda texts: (Cell("x"), *map(Cell, texts))),
    min_size=1,
    max_size=8,
)


@pytest.mark.parametrize(
    "layout",
    [
        CsvLayout("utf-8", byte_order_mark=True, delimiter=",", newline="\r\n", preamble="", header=("A", "B", "C")),
        CsvLayout("utf-8", byte_order_mark=False, delimiter=";", newline="\n", preamble="", header=("A", "B", "C")),
        SheetLayout("Visits", (), (Cell("A"), Cell("B"), Cell("C"))),
    ],
    ids=["csv", "semicolons", "xlsx"],
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=settings().max_examples * 2)
@given(rows=FUZZED)
def test_any_cell_comes_back_from_a_file_to_correct(
    tmp_path: Path, layout: CsvLayout | SheetLayout, rows: list[tuple[Cell, ...]]
) -> None:
    """Formulas, signs, apostrophes, tabs and line ends go out harmless and come back as they were."""
    back = written_and_read(tmp_path, layout, rows)
    assert [tuple(cell.shown for cell in row) for row in back] == [tuple(cell.shown for cell in row) for row in rows]
    assert all(cell.kind is CellKind.TEXT for row in back for cell in row)
