"""An Excel file of rows to correct: the same sheet name, rows above the header, cells, formats and kinds of value."""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from typing import Any, BinaryIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from importer import added_columns
from importer.records import Cell, CellKind, HeldRow, SheetLayout


@dataclass(frozen=True, slots=True)
class ExcelToFix:
    """The sheet while it is being written."""

    sheet: Any
    width: int
    """Columns of the source's own."""

    @classmethod
    @contextmanager
    def file(cls, target: AbstractContextManager[BinaryIO], layout: SheetLayout) -> Iterator["ExcelToFix"]:
        """Makes the workbook and writes everything down to the header; saves it in the end."""
        with target as opened:
            book = Workbook(write_only=True)
            for place in range(1, layout.position):
                book.create_sheet(f"_{place}").sheet_state = "hidden"  # so that --sheet with a number finds its sheet
            writer = cls(book.create_sheet(layout.sheet), len(layout.header))
            for row in layout.preamble:
                writer._append(row)
            writer._append((*layout.header, *(Cell(name) for name in added_columns.ALL)))
            yield writer
            book.active = layout.position - 1
            book.save(opened)

    def add(self, row: HeldRow) -> None:
        """Writes one row. No text needs an apostrophe: every one is stored as a text, which no program runs."""
        number = Cell(str(row.row), CellKind.NUMBER, str(row.row))
        own, beyond = row.cells[: self.width], row.cells[self.width :]
        self._append((*own, number, Cell(row.code), Cell(row.message), Cell(""), *beyond))

    def _append(self, cells: Iterable[Cell]) -> None:
        self.sheet.append([_written(self.sheet, cell) for cell in cells])


def _written(sheet: Any, cell: Cell) -> Any:
    value = _value(cell)
    if value is None:
        return None
    written: Any = WriteOnlyCell(sheet)
    written.value = value
    if isinstance(value, str):
        # openpyxl would make a formula of a text that begins with "=".
        written.data_type = "e" if cell.kind is CellKind.ERROR else "s"
    if cell.format != "General":
        written.number_format = cell.format
    return written


def _value(cell: Cell) -> str | bool | Decimal | datetime | time | None:
    match cell.kind:
        case CellKind.NUMBER:
            return Decimal(cell.stored)
        case CellKind.MOMENT if cell.stored.startswith("T"):
            return time.fromisoformat(cell.stored[1:])
        case CellKind.MOMENT:
            return datetime.fromisoformat(cell.stored)
        case CellKind.TRUTH:
            return cell.shown == "TRUE"
        case _:
            return _text(cell.shown) or None


def _text(text: str) -> str:
    """The text with characters that XML does not have written as Excel writes them: `_x0001_`."""
    escaped = text.replace("_x", "_x005F_x")
    return "".join(letter if letter >= " " or letter in "\t\n" else f"_x{ord(letter):04X}_" for letter in escaped)
