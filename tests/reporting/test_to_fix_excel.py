"""Excel files to correct: what was in a cell comes back as it was."""

import gc
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.blocks import Cell, CellKind, Place, SheetLayout
from importer.codes.rows import EXPLANATIONS
from importer.loading import ReadingOptions, freeze, open_source
from importer.records import HeldRow
from importer.reporting.to_fix import TO_FIX, HeldFiles
from importer.reporting.to_fix_excel import CODES as SHEET_OF_CODES
from importer.reporting.to_fix_excel import COMMENTS

PLACE = Place("visits.xlsx", "Visits")

TEXTS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff"), min_size=1, max_size=15
).map(Cell)
NUMBERS = st.decimals(min_value=-999_999, max_value=999_999, places=2, allow_nan=False, allow_infinity=False).map(
    lambda number: Cell("", CellKind.NUMBER, _plain(str(number)), "0.00")
)
CODES = st.integers(0, 9999).map(lambda number: Cell(f"{number:04}", CellKind.NUMBER, str(number), "0000"))
MOMENTS = st.datetimes(datetime(1901, 1, 1), datetime(2199, 12, 31)).map(  # noqa: DTZ001  # spreadsheets have no zones
    lambda moment: Cell("", CellKind.MOMENT, moment.replace(microsecond=0).isoformat(), "dd/mm/yyyy hh:mm:ss")
)
TRUTHS = st.sampled_from([Cell("TRUE", CellKind.TRUTH), Cell("FALSE", CellKind.TRUTH)])
ERRORS = st.sampled_from([Cell("#N/A", CellKind.ERROR), Cell("#REF!", CellKind.ERROR)])
OF_NO_USE = st.sampled_from(
    [
        Cell("1.2345678901234568E+17", CellKind.LONG_NUMBER, "1.2345678901234568E+17"),
        Cell("29/02/1900", CellKind.NO_DAY, "60", "dd/mm/yyyy"),
        Cell("########", CellKind.NO_DAY, "-1", "dd/mm/yyyy"),
        Cell("########", CellKind.UNSHOWN, "-0.5", "[h]:mm"),
        Cell("", CellKind.FORMULA, "", "0.00"),
        Cell("1234567890123456789", CellKind.NUMBER, "1234567890123456789"),
    ]
)


def _plain(number: str) -> str:
    plain = number.rstrip("0").rstrip(".") if "." in number else number
    return "0" if plain == "-0" else plain


def written_and_read(folder: Path, layout: SheetLayout, cells: tuple[Cell, ...]) -> tuple[tuple[Cell, ...], int]:
    """The cells of the only row as they are read again, and the row they stand on."""
    with HeldFiles(folder, TO_FIX, [(PLACE, layout)]) as files:
        files.add(HeldRow(PLACE, 7, cells, "too-long", "a text is too long"))
    assert files.written == ["to-fix.xlsx"]
    source = open_source(
        freeze(str(folder / "to-fix.xlsx"), None), ReadingOptions(layout.sheet, len(layout.preamble) + 1)
    )
    (block,) = source.blocks()
    assert source.header.names == tuple(cell.shown for cell in layout.header)
    return block.cells(0), int(block.rows[0])


def layout_of(width: int, preamble: int = 0) -> SheetLayout:
    """A sheet with so many columns."""
    rows = tuple((Cell(f"title {number}"),) for number in range(preamble))
    return SheetLayout("Visits", rows, tuple(Cell(f"Column {number}") for number in range(width)))


@given(cells=st.lists(st.one_of(TEXTS, NUMBERS, CODES, MOMENTS, TRUTHS, ERRORS, OF_NO_USE), min_size=1, max_size=4))
def test_cells_come_back_with_kind_value_and_format(
    tmp_path_factory: pytest.TempPathFactory, cells: list[Cell]
) -> None:
    """Texts stay texts, even those that look like formulas; numbers, dates, truths and errors stay what they are."""
    folder = tmp_path_factory.mktemp("fix")
    # A first cell that is surely there keeps a row of blanks from being no row.
    read, _ = written_and_read(folder, layout_of(len(cells) + 1), (Cell("x"), *cells))
    for before, after in zip(cells, read[1:], strict=True):
        assert (after.kind, after.stored) == (before.kind, before.stored)
        if before.shown:
            assert after.shown == before.shown
        if before.stored:
            assert after.format == before.format


def test_formulas_that_were_never_calculated_stay_so(tmp_path: Path) -> None:
    """A cell that nobody could read is not taken for an empty one when the file is run again."""
    read, _ = written_and_read(tmp_path, layout_of(2), (Cell("x"), Cell("", CellKind.FORMULA, "", "0.00")))
    assert (read[1].kind, read[1].format) == (CellKind.FORMULA, "0.00")
    assert sheet_of(tmp_path)["B2"].value == "=NA()"


def test_what_is_no_error_to_excel_is_written_as_one_that_is(tmp_path: Path) -> None:
    """A workbook never holds what Excel would call damaged; and what was an error stays one until it is put right."""
    read, _ = written_and_read(tmp_path, layout_of(2), (Cell("12abc", CellKind.ERROR), Cell("#N/A", CellKind.ERROR)))
    assert [(cell.shown, cell.kind) for cell in read] == [("#VALUE!", CellKind.ERROR), ("#N/A", CellKind.ERROR)]


def test_numbers_of_no_use_are_legal_numbers(tmp_path: Path) -> None:
    """Another program reads the number that the source stored."""
    cells = (Cell("1.2E+17", CellKind.LONG_NUMBER, "1.2345678901234568E+17"), Cell("x", CellKind.NO_DAY, "60", "0"))
    written_and_read(tmp_path, layout_of(2), cells)
    assert [cell.value for cell in sheet_of(tmp_path)[2][:2]] == [123456789012345680, 60]


@pytest.mark.parametrize(
    "text", ["=1+1", "+919845098450", "-5", "'x", "@x", "0419", "1E5", "_x0041_", "a\rb", "a\nb", "\x01"]
)
def test_texts_stay_texts(text: str, tmp_path: Path) -> None:
    """What a person typed as text is a text again, without an apostrophe and without being run, and stays one when
    somebody edits it: Excel itself marks such a cell so.
    """
    read, _ = written_and_read(tmp_path, layout_of(1), (Cell(text),))
    assert (read[0].shown, read[0].kind) == (text, CellKind.TEXT)
    assert sheet_of(tmp_path)["A2"].quotePrefix == (text[0] not in "_ab\x01")


def sheet_of(folder: Path, name: str | None = None) -> Any:
    """The sheet as another program sees it."""
    book = openpyxl.load_workbook(folder / "to-fix.xlsx")
    return book[name] if name else book.active


def test_bad_cells_are_coloured_and_commented(tmp_path: Path) -> None:
    """The cells that a message speaks of are red and say why, empty ones too; their number formats stay."""
    layout = SheetLayout("Visits", ((Cell("May"),),), (Cell("Store"), Cell("Remarks"), Cell("Amount")))
    cells = (Cell("0419", CellKind.NUMBER, "419", "0000"), Cell(""), Cell("5", CellKind.NUMBER, "5"))
    message = "Store is longer than allowed (at most 3 characters) | Remarks is empty, but the mapping requires it"
    message = message.replace("is empty, but the mapping requires it", EXPLANATIONS["required-empty"].meaning)
    with HeldFiles(tmp_path, TO_FIX, [(PLACE, layout)]) as files:
        files.add(HeldRow(PLACE, 7, cells, "too-long;required-empty", message))
    sheet = sheet_of(tmp_path)
    store, remarks, amount = sheet[3][:3]
    assert (store.fill.fgColor.rgb, remarks.fill.fgColor.rgb, amount.fill.fill_type) == ("00FFC7CE", "00FFC7CE", None)
    assert store.number_format == "0000"
    assert store.comment.text.startswith("Store is longer than allowed (at most 3 characters). Shorten")
    assert remarks.comment.text.startswith("Remarks ")
    assert amount.comment is None
    assert sheet.freeze_panes == "A3"


def test_many_bad_cells_are_all_coloured(tmp_path: Path) -> None:
    """Only the first thousands have a comment, for Excel's sake; all have the colour."""
    with HeldFiles(tmp_path, TO_FIX, [(PLACE, layout_of(1))]) as files:
        for number in range(COMMENTS + 5):
            files.add(HeldRow(PLACE, number, (Cell("x"),), "too-long", "Column 0 is longer than allowed"))
    cells = [row[0] for row in sheet_of(tmp_path).iter_rows(min_row=2)]
    assert sum(cell.fill.fill_type == "solid" for cell in cells) == COMMENTS + 5
    assert sum(cell.comment is not None for cell in cells) == COMMENTS


def test_a_sheet_explains_the_codes(tmp_path: Path) -> None:
    """Behind the rows stands what each code means and what to do, the most frequent first; it is not read as rows."""
    with HeldFiles(tmp_path, TO_FIX, [(PLACE, layout_of(1))]) as files:
        files.add(HeldRow(PLACE, 2, (Cell("x"),), "guid-malformed", "Column 0 is not an id"))
        files.add(HeldRow(PLACE, 3, (Cell("x"),), "too-long;too-long", "Column 0 is longer than allowed"))
        files.add(HeldRow(PLACE, 4, (Cell("x"),), "too-long", "Column 0 is longer than allowed"))
    rows = list(sheet_of(tmp_path, SHEET_OF_CODES).iter_rows(values_only=True))
    assert [row[:2] for row in rows] == [("Code", "Rows"), ("too-long", "2"), ("guid-malformed", "1")]
    assert rows[1][3] == EXPLANATIONS["too-long"].remedy
    source = open_source(freeze(str(tmp_path / "to-fix.xlsx"), None), ReadingOptions())
    assert sum(map(len, source.blocks())) == 3
    assert [notice for notice in source.notices if SHEET_OF_CODES in notice] == []


def test_columns_are_as_wide_as_they_were(tmp_path: Path) -> None:
    """The source's own widths are kept; without any, a column is as wide as its name asks for."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["A", "A rather long name", "C"])
    sheet.append(["x", "y", "z"])
    sheet.column_dimensions["A"].width = 33.5
    book.save(tmp_path / "book.xlsx")
    source = open_source(freeze(str(tmp_path / "book.xlsx"), None), ReadingOptions())
    assert isinstance(source.layout, SheetLayout)
    with HeldFiles(tmp_path, TO_FIX, [(PLACE, source.layout)]) as files:
        files.add(HeldRow(PLACE, 2, (Cell("x"), Cell("y"), Cell("z")), "too-long", "A is longer than allowed"))
    widths = sheet_of(tmp_path).column_dimensions
    assert [widths[letter].width for letter in "ABCDEFG"] == [33.5, 20, 9, 12, 24, 60, 16]


def test_a_file_that_is_given_up_leaves_nothing(tmp_path: Path) -> None:
    """When a run breaks off, its workbook is given up without a word on the screen, and without a file."""

    class Broken(Exception):
        pass

    def break_off(rows: int) -> None:
        with HeldFiles(tmp_path, TO_FIX, [(PLACE, layout_of(1))]) as files:
            for number in range(rows):
                files.add(HeldRow(PLACE, number, (Cell("x"),), "too-long", "Column 0 is longer than allowed"))
            raise Broken

    for rows in (0, 1, 3_000):
        with pytest.raises(Broken):
            break_off(rows)
        gc.collect()  # what is closed no sooner than here would complain
    assert list(tmp_path.iterdir()) == []


def test_title_rows_stay_above_the_header(tmp_path: Path) -> None:
    """The header stands on the row on which the source had it, so the same --header-row fits."""
    _, row = written_and_read(tmp_path, layout_of(2, preamble=3), (Cell("a"), Cell("b")))
    assert row == 5


def test_a_sheet_that_was_named_by_number_is_found_by_that_number(tmp_path: Path) -> None:
    """The rows to correct stand on the sheet of the same number, so that the same --sheet fits."""
    layout = SheetLayout("Calls", (), (Cell("A"),), position=3)
    with HeldFiles(tmp_path, TO_FIX, [(PLACE, layout)]) as files:
        files.add(HeldRow(PLACE, 7, (Cell("x"),), "too-long", "a text is too long"))
    file = freeze(str(tmp_path / "to-fix.xlsx"), None)
    for wanted in ("3", "Calls", None):
        assert open_source(file, ReadingOptions(sheet=wanted)).place.sheet == "Calls"


def test_what_stood_beyond_the_header_keeps_the_row_from_being_taken_for_right(tmp_path: Path) -> None:
    """Cells without a header are written behind the added columns, where they are a fault again."""
    with HeldFiles(tmp_path, TO_FIX, [(PLACE, layout_of(1))]) as files:
        files.add(HeldRow(PLACE, 7, (Cell("x"), Cell("surplus")), "too-many-fields", "too many"))
    (block,) = open_source(freeze(str(tmp_path / "to-fix.xlsx"), None), ReadingOptions()).blocks()
    assert [fault.beyond for fault in block.faults.values()] == [("surplus",)]
