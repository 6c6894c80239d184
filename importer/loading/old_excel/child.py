"""The process that reads an .xls workbook: run as a script, it knows nothing of the rest of the program.

    python -P child.py FILE        one line: the sheets
    python -P child.py FILE 2      one line: what is to be known of sheet 2, from 0; then a line for each row

Lines are JSON. What hostile files do to a reader (ask for memory without end, never come to one) ends this process
only: it limits itself, and whoever started it limits its time. Its last line is `"end"`; without it, it was ended.
"""

import io
import json
import sys
from collections.abc import Iterator
from typing import Any, TextIO

import xlrd
from xlrd.biffh import XLRDError

MEMORY = 1 << 30
"""Bytes."""

OUTPUT = 1 << 30
"""Characters."""

KINDS = {xlrd.XL_CELL_TEXT: "inlineStr", xlrd.XL_CELL_NUMBER: "n", xlrd.XL_CELL_DATE: "n", xlrd.XL_CELL_BOOLEAN: "b"}
"""How a cell of .xlsx would be called; an error is `e`."""


def limit_memory() -> None:
    """Where the system can do that."""
    try:
        import resource  # noqa: PLC0415  # Windows has none
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def sheets(book: Any) -> Iterator[Any]:
    """Names of the sheets with cells and whether they are hidden, and whether days are counted from 1904."""
    found = []
    for index, name in enumerate(book.sheet_names()):
        found.append([name, bool(book.sheet_by_index(index).visibility)])
        book.unload_sheet(index)
    yield {"sheets": found, "late": book.datemode == 1}


def rows(book: Any, index: int) -> Iterator[Any]:
    """The facts of a sheet, and each of its rows that is not blank: number, whether it is hidden, and its cells with
    column, kind, value and style.
    """
    sheet = book.sheet_by_index(index)
    columns = sheet.colinfo_map.items()
    yield {
        "formats": [[xf.format_key, book.format_map[xf.format_key].format_str] for xf in book.xf_list],
        "hidden": sorted(column for column, info in columns if info.hidden),
        "widths": {str(column): info.width / 256 for column, info in columns},
        "merged": [[first, last] for first, last, _, _ in sheet.merged_cells],
        "rows": sheet.nrows,
    }
    for number in range(sheet.nrows):
        types, values = sheet.row_types(number), sheet.row_values(number)
        cells = [
            (column, *content(kind, values[column]), sheet.cell_xf_index(number, column))
            for column, kind in enumerate(types)
            if kind not in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK)
        ]
        if cells:
            info = sheet.rowinfo_map.get(number)
            yield [number + 1, bool(info and info.hidden), cells]


def content(kind: int, value: Any) -> tuple[str, str]:
    """Kind and value of a cell, as an .xlsx would write them."""
    if kind == xlrd.XL_CELL_ERROR:
        return "e", xlrd.error_text_from_code.get(value, "#VALUE!")
    if kind in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
        return "n", f"{value:.17g}"
    return KINDS[kind], str(value)


def read(path: str, index: int | None, target: TextIO) -> None:
    """Writes all lines; what is wrong with the file is a line too."""
    written = 0
    try:
        book = xlrd.open_workbook(path, logfile=io.StringIO(), formatting_info=True, on_demand=True, ragged_rows=True)
        for line in sheets(book) if index is None else rows(book, index):
            written += target.write(json.dumps(line) + "\n")
            if written > OUTPUT:
                raise MemoryError  # noqa: TRY301  # what it would come to
    except MemoryError:
        last: Any = {"large": True}
    except XLRDError as error:
        last = {"encrypted": True} if "encrypted" in str(error).lower() else {"damaged": str(error)[:200]}
    except Exception as error:  # noqa: BLE001  # a hostile file makes xlrd raise whatever there is
        last = {"damaged": f"it contradicts itself ({type(error).__name__})"}
    else:
        last = "end"
    target.write(json.dumps(last) + "\n")


if __name__ == "__main__":
    limit_memory()
    read(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else None, sys.stdout)
