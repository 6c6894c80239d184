"""Cells and layouts as JSON values, and back."""

from typing import Any, Final

from importer.blocks import Cell, CellKind, CsvLayout, Layout, SheetLayout
from importer.text_files.quote_marks import USUAL

_PLAIN: Final = (CellKind.TEXT, "", "General")


def cells_to_json(cells: tuple[Cell, ...]) -> list[Any]:
    """A text for a plain cell, a list for one that stores more than it shows."""
    return [
        shown if (kind, stored, format_) == _PLAIN else [shown, int(kind), stored, format_]
        for shown, kind, stored, format_ in cells
    ]


def cells_from_json(values: list[Any]) -> tuple[Cell, ...]:
    """The cells that cells_to_json wrote."""
    return tuple(
        [
            Cell(value) if isinstance(value, str) else Cell(value[0], CellKind(value[1]), value[2], value[3])
            for value in values
        ]
    )


def layout_to_json(layout: Layout) -> dict[str, Any]:
    """A layout as a JSON object; its `kind` tells which."""
    if isinstance(layout, CsvLayout):
        return {
            "kind": "csv",
            "encoding": layout.encoding,
            "byte_order_mark": layout.byte_order_mark,
            "delimiter": layout.delimiter,
            "newline": layout.newline,
            "preamble": layout.preamble,
            "header": list(layout.header),
            "quote": layout.quote,
        }
    return {
        "kind": "sheet",
        "sheet": layout.sheet,
        "preamble": [cells_to_json(row) for row in layout.preamble],
        "header": cells_to_json(layout.header),
        "position": layout.position,
        "widths": list(layout.widths),
    }


def layout_from_json(value: dict[str, Any]) -> Layout:
    """The layout that layout_to_json wrote.

    :raises ValueError: it has not written this; a bit of it has flipped.
    """
    try:
        return _layout_of(value)
    except (KeyError, TypeError) as error:
        raise ValueError("a layout in the ledger is not what was written") from error


def _layout_of(value: dict[str, Any]) -> Layout:
    if value["kind"] == "csv":
        facts = {name: value[name] for name in ("encoding", "byte_order_mark", "delimiter", "newline", "preamble")}
        return CsvLayout(**facts, header=tuple(value["header"]), quote=value.get("quote", USUAL))
    preamble = tuple(cells_from_json(row) for row in value["preamble"])
    header, widths = cells_from_json(value["header"]), tuple(value["widths"])
    return SheetLayout(value["sheet"], preamble, header, value["position"], widths)
