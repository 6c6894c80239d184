"""Files to correct: what a run writes for its bad rows is read again as if it were the source itself."""

import re
import shutil
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from importer.blocks import CsvLayout, SheetLayout
from importer.loading import ReadingOptions, Source, freeze, open_source
from importer.loading.corrections import CorrectedSource
from importer.records import HeldRow
from importer.reporting.to_fix import HeldFiles
from importer.text_files.added_columns import ALL, column_marks
from importer.text_files.formulas import runs_as_formula

from .csv_files import Row, opened, read, rows_of
from .tables import DELIMITERS, NEWLINES, Style, is_blank

IN_A_FOLDER = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)

DANGEROUS = (
    "=1+1",
    "+919845098450",
    "-5",
    "-",
    "@x",
    "\t=1",
    "\tx",
    "\rx",
    "\nx",
    " =1",
    "\u00a0-1",
    "\u3000@x",
    "\ufeff=1",
    "\uff1d1+1",
    "\uff0b91",
    "\uff0d5",
    "\uff20x",
    "=HYPERLINK(\"http://x\"; 'y')",
)
"""Cells that some spreadsheet would run, or take the first sign off."""
HARMLESS = ("'x", "'=1+1", "''", "'", "'+91", "1-1", 'x"=1', "A", " 1", "x\t=1")
NAMES = (
    "A",
    "B",
    "A",
    " A ",
    "",
    " ",
    "#1",
    "#",
    "=1+1",
    "+91",
    "'x",
    "'=1+1",
    "''-x",
    "'",
    " =1",
    "\t@x",
    "=a;b, c",
    "A;B",
    "A,B",
    "x|y",
    'say "so"',
    "two\nlines",
    "import_row",
    "Ort\u00a0",
    "0419",
)


def cells_in(encoding: str) -> st.SearchStrategy[str]:
    """Cells that an encoding has signs for; many look like formulas."""
    signs = st.characters(codec=encoding, exclude_characters="\0")
    return st.one_of(
        st.sampled_from(DANGEROUS + HARMLESS).filter(lambda text: encodable(text, encoding)),
        st.text(signs, max_size=6),
        st.text(st.sampled_from("'=+-@ \t\r\n\";,|a"), max_size=5),
    )


def encodable(text: str, encoding: str) -> bool:
    """Whether an encoding has signs for all of a text."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def to_fix(folder: Path, source: Source) -> Path:
    """All rows of a source in a file to correct, as a run would write it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    with HeldFiles(folder, "to-fix", [(source.place, source.layout)]) as files:
        for block in source.blocks():
            for offset, number in enumerate(block.rows):
                cells = block.cells(offset)
                files.add(HeldRow(block.place, int(number), cells, "date-unreadable", "=A is not a date; or is it?"))
    (name,) = files.written
    return folder / name


ENCODINGS = {
    "utf-8": ("", "utf-8"),
    "utf-8-sig": ("\ufeff", "utf-8"),
    "utf-16": ("", "utf-16-le"),
    "utf-16-le": ("\ufeff", "utf-16-le"),
    "utf-16-be": ("\ufeff", "utf-16-be"),
    "cp1252": ("", "cp1252"),
    "latin-1": ("", "latin-1"),
}
"""What the user says, and the mark and the encoding that the file really has."""


@IN_A_FOLDER
@given(
    st.data(), st.builds(Style, st.sampled_from(DELIMITERS), st.sampled_from(NEWLINES)), st.sampled_from([*ENCODINGS])
)
def test_there_and_back(tmp_path: Path, data: st.DataObject, style: Style, told: str) -> None:
    """Rows written to a file to correct and read again with the same options are the same, sign for sign."""
    mark, encoding = ENCODINGS[told]
    header = ["Key", *data.draw(st.lists(st.sampled_from(NAMES), max_size=4))]
    assume(all(encodable(name, encoding) for name in header))
    row = st.lists(cells_in(encoding), min_size=len(header), max_size=len(header))
    table = data.draw(st.lists(row, min_size=1, max_size=5))
    assume(not all(map(is_blank, table)))
    content = (mark + style.text([header, *table])).encode(encoding)
    options = ReadingOptions(delimiter=style.delimiter, encoding=told)
    source = opened(tmp_path, content, options)
    rows = [(row.cells, row.fault) for row in rows_of(source)]
    assert rows == [(tuple(cells), "") for cells in table if not is_blank(cells)]

    for name in ("once", "twice"):
        path = to_fix(tmp_path / name, source)
        source = opened(tmp_path, path.read_bytes(), options)
        assert isinstance(source, CorrectedSource)
        assert source.header.names == tuple(header)
        assert [(row.cells, row.fault) for row in rows_of(source)] == rows


@IN_A_FOLDER
@given(st.data(), st.sampled_from(DELIMITERS))
def test_there_and_back_without_being_told(tmp_path: Path, data: st.DataObject, delimiter: str) -> None:
    """The delimiter of a file to correct is found as that of its source was, whatever the cells hold."""
    table = data.draw(st.lists(st.lists(cells_in("utf-8"), min_size=3, max_size=3), min_size=1, max_size=5))
    assume(not all(map(is_blank, table)))
    source = opened(tmp_path, Style(delimiter).text([["Lead ID", "Store", "Remarks"], *table]))
    expected = [row.cells for row in rows_of(source)]
    again = opened(tmp_path, to_fix(tmp_path / "out", source).read_bytes())
    assert [row.cells for row in rows_of(again)] == expected


def test_what_stands_above_the_header(tmp_path: Path) -> None:
    """The lines above the header are there again, so that the header stands where the mapping says."""
    options = ReadingOptions(header_row=4)
    source = opened(tmp_path, '"Visits, May\r\nsep=;\r\n\r\nA,B\r\n1,2\r\n', options)
    again = opened(tmp_path, to_fix(tmp_path / "out", source).read_bytes(), options)
    assert again.header == source.header
    assert rows_of(again) == [Row(5, ("1", "2"))]


def test_a_delimiter_named_on_the_first_line(tmp_path: Path) -> None:
    """A file whose first line names its delimiter keeps that line."""
    source = opened(tmp_path, "sep=~\nA~B\n1~=2\n")
    again = opened(tmp_path, to_fix(tmp_path / "out", source).read_bytes())
    assert (again.header, rows_of(again)) == (source.header, [Row(3, ("1", "=2"))])


def test_names_and_titles_that_a_spreadsheet_would_run(tmp_path: Path) -> None:
    """They have an apostrophe in front as cells do, and those that already looked so have one more."""
    options = ReadingOptions(header_row=4)
    text = "=HYPERLINK(1)\r\nVisits;+1,\"@x\"\n'=2,'y,''z\nA,\"=a;b, c\",-x,'-x,'x,V\n1,2,3,4,5,+6\n"
    raw = to_fix(tmp_path / "out", opened(tmp_path, text, options)).read_text().splitlines()
    assert raw[:3] == ["'=HYPERLINK(1)", "Visits;'+1,\"'@x\"", "''=2,'y,''z"]
    assert raw[3].startswith("A,\"'=a;b, c\",'-x,''-x,'x,V,_import_row,")


@IN_A_FOLDER
@given(
    st.text(st.sampled_from("'=+-@ \t\"\r\n;,|~a\u00a0\uff1d"), max_size=12).map(lambda text: text + "\n"),
    st.lists(st.sampled_from(NAMES), max_size=4),
    st.sampled_from([*DELIMITERS, "~"]),
)
def test_titles_and_names_come_back(tmp_path: Path, title: str, names: list[str], delimiter: str) -> None:
    """Whatever stands in the header and above it goes out harmless and comes back as it was, line for line."""
    lines = len(re.findall("\r\n|\r|\n", title))
    options = ReadingOptions(header_row=lines + 1, delimiter=delimiter)
    style = Style(delimiter)
    source = opened(tmp_path, title + style.text([["Key", *names], ["x"] * (len(names) + 1)]), options)
    written, rows = to_fix(tmp_path / "out", source).read_bytes(), rows_of(source)
    again = opened(tmp_path, written, options)
    assert (again.header, again.layout, rows_of(again)) == (source.header, source.layout, rows)
    (tmp_path / "out" / "raw.csv").write_bytes(written.replace(b"_import_", b""))
    raw = open_source(freeze(str(tmp_path / "out" / "raw.csv"), None), options)
    assert isinstance(raw.layout, CsvLayout)
    pieces = re.split(f"[,;\t|\r\n{delimiter}]", raw.layout.preamble)
    assert not any(runs_as_formula(text.lstrip('"')) for text in (*raw.header.names, *pieces))


def test_a_name_in_a_workbook_keeps_its_apostrophe(tmp_path: Path) -> None:
    """No text of a workbook runs, so none was put there by the importer."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["A", "'=B", *ALL])
    sheet.append(["1", "2"])
    path = tmp_path / "to-fix.xlsx"
    book.save(path)
    assert opened(tmp_path, path.read_bytes()).header.names == ("A", "'=B")


def test_cells_that_a_spreadsheet_would_run(tmp_path: Path) -> None:
    """A cell that a spreadsheet might run has an apostrophe in front and its column named; no other cell has."""
    cells = DANGEROUS + HARMLESS
    source = opened(tmp_path, Style().text([["A", "=B"], *([text, "1"] for text in cells)]))
    raw = to_fix(tmp_path / "out", source).read_bytes().replace(b"_import_", b"added_")
    for row, text in zip(read(tmp_path, raw), cells, strict=True):
        first, second, _, _, message, escaped = row.cells
        if text in DANGEROUS:
            assert (first, escaped) == ("'" + text, "A")
        else:
            assert (first, escaped) == (text, "")
        assert second == "1"
        assert message == "'=A is not a date; or is it?"


def test_only_files_to_correct_are_unescaped(tmp_path: Path) -> None:
    """An apostrophe in any other file is part of its cell, and so is one in a column that is not named."""
    assert read(tmp_path, "A,B\n'=1,'x\n") == [Row(2, ("'=1", "'x"))]
    assert read(tmp_path, "A,B,_import_escaped\n'=1,'x,A\n'=1,'x,\n") == [Row(2, ("=1", "'x")), Row(3, ("'=1", "'x"))]
    assert read(tmp_path, "A,_import_row\n'=1,2\n") == [Row(2, ("'=1",))]


def test_cells_that_were_put_right(tmp_path: Path) -> None:
    """A cell from which the apostrophe was taken, or that was written anew, is read as it stands."""
    assert read(tmp_path, "A,B,_import_escaped\n=1,5 Park St,A;B\n") == [Row(2, ("=1", "5 Park St"))]


@pytest.mark.parametrize("name", ["_import_row", " _import_row ", "_import_x"])
def test_added_columns_are_no_columns(tmp_path: Path, name: str) -> None:
    """Columns that begin with `_import_` are not the source's own, wherever they stand; a notice says so."""
    source = opened(tmp_path, f"A,{name},B\n1,x,2\n")
    assert source.header.names == ("A", "B")
    assert rows_of(source) == [Row(2, ("1", "2"))]
    assert any("a to-fix file; its _import_… columns are not imported" in notice for notice in source.notices)
    assert source.expected_rows == 1


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("A,B\n1\n", "too-few-fields"),
        ("A,B\n1,2,=x\n", "too-many-fields"),
        ('A,B\n1,"2\n', "quote-unclosed"),
        ("A,B\n1,2\0\n", "nul-character"),
    ],
)
def test_a_row_that_nobody_put_right(tmp_path: Path, content: str, code: str) -> None:
    """A row that was no row is none in the file to correct either, until somebody puts it right."""
    source = opened(tmp_path, content)
    block = next(source.blocks())
    assert block.faults[0].code == code
    folder = tmp_path / "out"
    folder.mkdir()
    with HeldFiles(folder, "to-fix", [(source.place, source.layout)]) as files:
        beyond = [type(block.cells(0)[0])(text) for text in block.faults[0].beyond]
        files.add(HeldRow(source.place, 2, (*block.cells(0), *beyond), code, "x"))
    again = opened(tmp_path, (folder / "to-fix.csv").read_bytes())
    assert [row.fault != "" for row in rows_of(again)] == [True]


def test_marks_of_columns() -> None:
    """A column is marked by its name if that is clear and no formula, else by its place."""
    names = ("A", "B ", "b", "", "C;D", "=E", "#2", "F", "F", "été", "(G)")
    assert column_marks(names) == ("A", "B", "b", "#4", "#5", "#6", "#7", "#8", "#9", "été", "#11")
    marks = column_marks(NAMES)
    assert len(set(marks)) == len(marks)


def test_a_workbook_to_correct(tmp_path: Path) -> None:
    """A workbook with added columns is read without them, and its layout is without them too."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["A", *ALL, "B"])
    sheet.append(["'x", 2, "code", "message", "A", "'y"])
    path = tmp_path / "to-fix.xlsx"
    book.save(path)
    source = opened(tmp_path, path.read_bytes())
    assert source.header.names == ("A", "B")
    assert isinstance(source.layout, SheetLayout)
    assert [cell.shown for cell in source.layout.header] == ["A", "B"]
    block = next(source.blocks())
    assert [column.shown.to_pylist() for column in block.columns] == [["x"], ["'y"]]


def test_a_row_that_nobody_has_put_right_says_so(tmp_path: Path) -> None:
    """It names what was wrong with it and the cell to empty, not a column that the file does not have; once emptied,
    the row is judged by its cells. Coming again and again, it says the same.
    """
    placed, said = "(put this row right, then empty this cell)", "it ends before column B"
    head = "A,B,_import_row,_import_code,_import_message,_import_escaped"
    (block,) = opened(tmp_path, f'{head}\n1,,7,too-few-fields,{said},,"{placed}"\n2,x,8,too-long,m,,\n').blocks()
    (fault,) = block.faults.values()
    assert (fault.code, fault.column, fault.beyond) == ("row-not-corrected", None, (placed,))
    assert placed in fault.message
    assert said in fault.message
    again = f'{head}\n1,,2,{fault.code},"{fault.message.replace(chr(34), chr(34) * 2)}",,"{placed}"\n'
    (block,) = opened(tmp_path, again).blocks()
    assert block.faults[0] == fault
    assert not any(row.fault for row in read(tmp_path, f"{head}\n1,x,7,too-few-fields,{said},,\n"))


def test_a_row_that_nobody_has_put_right_without_the_added_columns_of_words(tmp_path: Path) -> None:
    """Where somebody has taken columns of the importer out, the rest is said all the same."""
    placed = "(put this row right, then empty this cell)"
    (block,) = opened(tmp_path, f'A,B,_import_row\n1,,7,"{placed}"\n').blocks()
    assert [fault.code for fault in block.faults.values()] == ["row-not-corrected"]
