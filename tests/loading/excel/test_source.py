"""A sheet as a source: its header, its rows, and what the user is told."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from importer.blocks import Cell, CellKind, Header, RowFault, SheetLayout
from importer.codes.rows import Code
from importer.errors.sources import HeaderMissing
from importer.loading.excel.limits import CHARACTERS_PER_BLOCK
from importer.loading.source import ROWS_OF_FIRST_BLOCK, ROWS_PER_BLOCK, Source

from .workbooks import RawWorkbook, opened, row, table, text, value


def test_header_on_the_first_row_that_is_not_blank(tmp_path: Path) -> None:
    """Blank rows above the header are passed over, and the layout keeps that they are there."""
    rows = row() + row(text("  "), text("\N{NO-BREAK SPACE}")) + row(text("A"), text(" B "), text(" ")) + row(text("x"))
    source = opened(RawWorkbook(rows).write(tmp_path))
    assert source.header == Header(("A", " B "), 3)
    assert source.layout == SheetLayout("Sheet1", ((), ()), (Cell("A"), Cell(" B ")))
    assert table(source) == {4: ["x", ""]}


def test_a_title_is_told_from_a_header(tmp_path: Path) -> None:
    """Where the first row holds far fewer names than a later one cells, a notice says which row to name."""
    rows = row(text("Visits of May")) + row() + row(*map(text, "ABCD")) + row(value("1"), value("2"))
    path = RawWorkbook(rows).write(tmp_path)
    (doubt,) = opened(path).notices
    assert 'row 1 ("Visits of May") is taken for the header' in doubt
    assert "If the header is row 3 (A, B, C, …), add --header-row 3" in doubt
    assert opened(path, header_row=3).notices == ()


def test_header_on_the_row_that_is_named(tmp_path: Path) -> None:
    """The rows above a named header are kept as they are, cell by cell."""
    rows = (
        row(text("Report"), value("45413", 's="1"'), value("12", 's="2"'))
        + row(attributes='r="3"')
        + row(text("A"), value("2024"))
        + row(text("x"))
    )
    source = opened(RawWorkbook(rows, formats=["yyyy-mm-dd", "0000"]).write(tmp_path), header_row=4)
    assert source.header == Header(("A", "2024"), 4)
    assert source.layout.preamble == (
        (
            Cell("Report"),
            Cell("2024-05-01", CellKind.MOMENT, "2024-05-01T00:00:00", "yyyy-mm-dd"),
            Cell("0012", CellKind.NUMBER, "12", "0000"),
        ),
        (),
        (),
    )
    assert source.layout.header == (Cell("A"), Cell("2024", CellKind.NUMBER, "2024"))
    assert table(source) == {5: ["x", ""]}


@pytest.mark.parametrize("wanted", [None, 1, 2, 9])
def test_header_that_is_not_there(tmp_path: Path, wanted: int | None) -> None:
    """A sheet without a header is refused, as is a row that is blank or not there."""
    rows = row(text(" ")) + row() + (row(text("A")) if wanted else "")
    path = RawWorkbook(rows).write(tmp_path)
    with pytest.raises(HeaderMissing, match="empty" if wanted is None else f"row {wanted}"):
        opened(path, header_row=wanted)


def test_header_and_no_row(tmp_path: Path) -> None:
    """A sheet with a header only is read, with a notice."""
    source = opened(RawWorkbook(row(text("A"))).write(tmp_path))
    assert list(source.blocks()) == []
    assert source.notices == ("book.xlsx: there is a header, but no row below it.",)


def test_blank_rows_are_no_rows(tmp_path: Path) -> None:
    """Rows of empty cells, white space or mere looks are left out; the numbers of the others stay."""
    rows = (
        row(text("A"), text("B"))
        + row(text("1"))
        + row(text(" \t"), text("\N{NO-BREAK SPACE}\n"))
        + row('<c s="0"/>', "<c><v></v></c>", '<c t="s"><v>0</v></c>', '<c t="s"><v>1</v></c>')
        + row(value("0"))
        + row("<c><f>A1</f></c>")
    )
    assert table(opened(RawWorkbook(rows, shared=["<t/>", "<t>\N{NO-BREAK SPACE}</t>"]).write(tmp_path))) == {
        2: ["1", ""],
        5: ["0", ""],
        6: ["", ""],
    }


def test_values_beyond_the_header(tmp_path: Path) -> None:
    """A value to the right of the last header makes its row faulty; blank cells there do not matter."""
    rows = (
        row(text("A"), text("B"), text(""))
        + row(text("1"), text("2"), text(" "), '<c s="0"/>')
        + row(text("1"), text("2"), "<c/>", text("x"))
        + row("<c/>", "<c/>", text("x"), value("1"), text("y"), text("z"))
    )
    block = next(opened(RawWorkbook(rows).write(tmp_path)).blocks())
    assert block.columns[0].shown.to_pylist() == ["1", "1", ""]
    last = "has no header but a value; the last column with a header is B"
    assert block.faults == {
        1: RowFault(Code.TOO_MANY_FIELDS, f"column D {last}", 3, ("x",)),
        2: RowFault(Code.TOO_MANY_FIELDS, f"column C, D, E and 1 more {last}", 2, ("x", "1", "y", "z")),
    }


def test_formats_of_cells_that_are_not_there(tmp_path: Path) -> None:
    """Empty cells are empty texts, those that are left out under General."""
    rows = row(text("A"), text("B"), text("C")) + row(text("x"), '<c s="1"/>', '<c s="1"><v/></c>')
    block = next(opened(RawWorkbook(rows, formats=["0000"]).write(tmp_path)).blocks())
    assert [column.stored.formats.to_pylist() for column in block.columns if column.stored] == [
        ["General"],
        ["General"],
        ["0000"],
    ]
    assert all(column.shown.null_count == 0 for column in block.columns)


def test_columns_of_mixed_content(tmp_path: Path) -> None:
    """Shared texts, inline texts, numbers and nothing may stand under one another."""
    cells = [value("0", 't="s"'), text("inline"), value("5"), "<c/>", value("1", 't="b"'), value("1", 't="s"')]
    rows = row(text("A"), text("B")) + "".join(row(cell, text("x")) for cell in cells)
    source = opened(RawWorkbook(rows, shared=["<t>one</t>", "<t>Ünlü</t>"]).write(tmp_path))
    assert [shown for shown, _ in table(source).values()] == ["one", "inline", "5", "", "TRUE", "Ünlü"]


def test_blocks(tmp_path: Path) -> None:
    """The first block is small, the next ones are larger, and no row is lost between them."""
    count = ROWS_OF_FIRST_BLOCK + ROWS_PER_BLOCK + 7
    rows = row(text("A"), text("B")) + "".join(f"<row><c><v>{number}</v></c></row>" for number in range(count))
    blocks = list(opened(RawWorkbook(rows).write(tmp_path)).blocks())
    assert [len(block) for block in blocks] == [ROWS_OF_FIRST_BLOCK, ROWS_PER_BLOCK, 7]
    assert [block.places[0] for block in blocks] == [0, ROWS_OF_FIRST_BLOCK, ROWS_OF_FIRST_BLOCK + ROWS_PER_BLOCK]
    assert np.concatenate([block.rows for block in blocks]).tolist() == list(range(2, count + 2))
    shown = [text for block in blocks for text in block.columns[0].shown.to_pylist()]
    assert shown == [str(number) for number in range(count)]
    for block in blocks:
        for column in block.columns:
            assert column.stored is not None
            lengths = {
                len(column.shown),
                len(column.stored.kinds),
                len(column.stored.stored),
                len(column.stored.formats),
            }
            assert lengths == {len(block)}


def test_blocks_of_wide_sheets_are_short(tmp_path: Path) -> None:
    """A sheet with all columns that there are is read in blocks that fit into memory."""
    header = row(*(text(f"C{number}") for number in range(16_384)))
    rows = "".join(
        row(value("1"), value("2", f'r="XFD{number}"'), attributes=f'r="{number}"') for number in range(2, 72)
    )
    source = opened(RawWorkbook(header + rows).write(tmp_path))
    blocks = list(source.blocks())
    assert sum(map(len, blocks)) == 70
    assert max(map(len, blocks)) < 100
    assert blocks[-1].columns[-1].shown[-1].as_py() == "2"


def test_blocks_of_long_texts_are_short(tmp_path: Path) -> None:
    """A long text that is used in every row does not make a block that needs ever more memory."""
    rows = row(text("A")) + row(value("0", 't="s"')) * 3_000
    source = opened(RawWorkbook(rows, shared=[f"<t>{'x' * 10_000}</t>"]).write(tmp_path))
    lengths = [len(block) for block in source.blocks()]
    assert (max(lengths) - 1) * 10_000 < CHARACTERS_PER_BLOCK
    assert sum(lengths) == 3_000


def test_reading_twice(tmp_path: Path) -> None:
    """A source can be read again, and says the same."""
    rows = row(text("A")) + row(text("x"), attributes='hidden="1"')
    source = opened(RawWorkbook(rows).write(tmp_path))
    assert table(source) == table(source)
    assert len(source.notices) == 1


def test_hidden_columns_and_rows(tmp_path: Path) -> None:
    """Hidden columns and rows are read, with one notice each."""
    before = (
        '<cols><col min="2" max="3" hidden="1"/><col min="5" max="16384" hidden="true"/><col min="1" max="1"/></cols>'
    )
    hidden = 'hidden="1"'
    rows = row(text("A"), text("B"), text("C"), text("D"), attributes=hidden) + "".join(
        row(text("x"), attributes=hidden if number in {3, 4, 5, 8} else "") for number in range(2, 10)
    )
    source = opened(RawWorkbook(rows + row(attributes=hidden), before=before).write(tmp_path))
    columns = "book.xlsx: 2 hidden columns are read as well: B, C."
    before_reading = source.notices
    assert len(table(source)) == 8
    assert before_reading == (columns,)
    assert source.notices == (columns, "book.xlsx: 4 hidden rows are read as well: 3-5, 8.")


def test_many_hidden_rows(tmp_path: Path) -> None:
    """Of many hidden rows the first ones are named and the rest is counted."""
    hidden = row(text("x"), attributes='hidden="1"')
    source = opened(RawWorkbook(row(text("A")) + (hidden + hidden + row(text("y"))) * 600).write(tmp_path))
    table(source)
    shown = ", ".join(f"{number}-{number + 1}" for number in range(2, 32, 3))
    assert source.notices == (f"book.xlsx: 1,200 hidden rows are read as well: {shown} and 1,180 more.",)


def test_merged_cells(tmp_path: Path) -> None:
    """The value of merged cells stands in the first one; there is a notice if they reach into the rows."""
    rows = row(text("A"), text("B")) + row(text("x"), "<c/>") + row("<c/>", "<c/>") + row(text("y"))
    above = '<mergeCells><mergeCell ref="A1:B1"/></mergeCells>'
    within = '<mergeCells><mergeCell ref="A1:B1"/><mergeCell ref="A2:B3"/><mergeCell ref="C9:D9"/></mergeCells>'
    source = opened(RawWorkbook(rows, after=above).write(tmp_path))
    assert table(source) == {2: ["x", ""], 4: ["y", ""]}
    assert source.notices == ()
    source = opened(RawWorkbook(rows, after=within).write(tmp_path))
    table(source)
    (notice,) = source.notices
    assert notice.startswith("book.xlsx: there are merged cells among the rows (A2:B3 and 1 more). Their value")


@pytest.mark.parametrize(
    ("code", "foreign"),
    [
        ("[$-407]d. mmmm yyyy", True),
        ("[$-F800]dddd, mmmm dd, yyyy", False),
        ("[$-409]d-mmm-yyyy", False),
        ("[$-4009]dddd", False),
        ("[$-40C]dd/mm/yyyy", False),
        ("[$€-407] #,##0.00", False),
        ("[$-4000439]0", True),
        ("[$-107041E]d mmm yyyy", True),
        ("mmmm", False),
    ],
)
def test_formats_of_other_languages(tmp_path: Path, code: str, foreign: bool) -> None:
    """Where Excel shows names of months, numerals or a calendar that are not read so, a notice names the format."""
    rows = row(text("A")) + row(value("45413", 's="1"'))
    source = opened(RawWorkbook(rows, formats=[code, "[$-407]dddd"]).write(tmp_path))
    table(source)
    assert [f'"{code}" in another language' in notice for notice in source.notices] == [True] * foreign


def test_protocol(tmp_path: Path) -> None:
    """A sheet is a source like any other."""
    source: Source = opened(RawWorkbook(row(text("A"))).write(tmp_path))
    assert source.place.source == "book.xlsx"


def test_rows_are_in_order(tmp_path: Path) -> None:
    """Row numbers rise, whatever gaps there are."""
    numbers = [2, 3, 50, 51, 900, 65_536]
    rows = row(text("A")) + "".join(row(value("1"), attributes=f'r="{number}"') for number in numbers)
    found = next(opened(RawWorkbook(rows).write(tmp_path)).blocks()).rows.tolist()
    assert found == numbers
    assert all(first < second for first, second in pairwise(found))
