"""Cells and layouts as JSON, and back."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.blocks import Cell, CellKind, CsvLayout, Layout, SheetLayout
from importer.ledger.layouts import cells_from_json, cells_to_json, layout_from_json, layout_to_json

TEXT = st.text(max_size=12)
CELLS = st.lists(
    st.one_of(
        st.builds(Cell, TEXT),
        st.builds(
            Cell, TEXT, st.sampled_from(CellKind), TEXT, st.sampled_from(["General", "@", "0.00%", "dd/mm/yyyy"])
        ),
    ),
    max_size=6,
).map(tuple)
LAYOUTS = st.one_of(
    st.builds(
        CsvLayout,
        encoding=st.sampled_from(["utf-8", "cp1252", "utf-16"]),
        byte_order_mark=st.booleans(),
        delimiter=st.sampled_from([",", ";", "\t", "|"]),
        newline=st.sampled_from(["\n", "\r\n", "\r"]),
        preamble=TEXT,
        header=st.lists(TEXT, max_size=5).map(tuple),
    ),
    st.builds(SheetLayout, TEXT, st.lists(CELLS, max_size=3).map(tuple), CELLS),
)


def through_json(value: Any) -> Any:
    """What comes back from a file."""
    return json.loads(json.dumps(value))


@given(CELLS)
def test_cells_come_back_as_they_were(cells: tuple[Cell, ...]) -> None:
    """Every cell, whatever it shows and stores, is the same after it was written and read."""
    assert cells_from_json(through_json(cells_to_json(cells))) == cells


@given(LAYOUTS)
def test_layouts_come_back_as_they_were(layout: Layout) -> None:
    """Every layout, of text or of a sheet, is the same after it was written and read."""
    assert layout_from_json(through_json(layout_to_json(layout))) == layout


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (Cell("0419"), "0419"),
        (Cell(""), ""),
        (Cell("419", CellKind.NUMBER, "419", "0000"), ["419", 1, "419", "0000"]),
        (Cell("419", CellKind.TEXT, "", "@"), ["419", 0, "", "@"]),
        (Cell("x", CellKind.TEXT, "y"), ["x", 0, "y", "General"]),
        (Cell("#N/A", CellKind.ERROR), ["#N/A", 4, "", "General"]),
    ],
)
def test_a_plain_cell_is_a_plain_text(cell: Cell, value: Any) -> None:
    """Only a cell that stores more than it shows takes more than its text."""
    assert cells_to_json((cell,)) == [value]
    assert cells_from_json([value]) == (cell,)
