"""Excel files to correct: what was in a cell comes back as it was."""

from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.loading import ReadingOptions, freeze, open_source
from importer.records import Cell, CellKind, HeldRow, Place, SheetLayout
from importer.reporting.to_fix import TO_FIX, HeldFiles

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


@given(cells=st.lists(st.one_of(TEXTS, NUMBERS, CODES, MOMENTS, TRUTHS, ERRORS), min_size=1, max_size=4))
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
        if before.kind in (CellKind.NUMBER, CellKind.MOMENT):
            assert after.format == before.format


@pytest.mark.parametrize(
    "text", ["=1+1", "+919845098450", "-5", "'x", "@x", "0419", "1E5", "_x0041_", "a\rb", "a\nb", "\x01"]
)
def test_texts_stay_texts(text: str, tmp_path: Path) -> None:
    """What a person typed as text is a text again, without an apostrophe and without being run."""
    read, _ = written_and_read(tmp_path, layout_of(1), (Cell(text),))
    assert (read[0].shown, read[0].kind) == (text, CellKind.TEXT)


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
