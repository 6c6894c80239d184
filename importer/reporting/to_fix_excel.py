"""An Excel file of rows to correct: the same sheet name, rows above the header, cells, formats and kinds of value; the
cells that are to be corrected coloured and commented, and a sheet behind that explains the codes.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any, BinaryIO, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ERROR_CODES
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill

from importer.blocks import Cell, CellKind, SheetLayout, column_letter
from importer.codes.rows import EXPLANATIONS
from importer.records import HeldRow
from importer.reporting.pointing import faults_of_cells
from importer.text_files import added_columns
from importer.text_files.formulas import runs_as_formula

CODES: Final = f"{added_columns.ADDED}codes"
"""Name of the sheet that explains the codes."""

COMMENTS: Final = 2_000
"""Bad cells that get a comment; the others are coloured only. Excel is slow to open a sheet with more."""

_BAD: Final = PatternFill("solid", fgColor="FFC7CE")
_BAD_TEXT: Final = Font(color="9C0006")
_BOLD: Final = Font(bold=True)
_WRAPPED: Final = Alignment(wrap_text=True, vertical="top")
_FIRST_MOMENT: Final = "1900-01-01"
"""What is before has no place in Excel's calendar, and is written as a text."""

_NUMBERS: Final = frozenset({CellKind.NUMBER, CellKind.LONG_NUMBER, CellKind.NO_DAY, CellKind.UNSHOWN})
"""What is stored as a number, of use or not."""

_TYPES: Final = {**dict.fromkeys(_NUMBERS, "n"), CellKind.ERROR: "e", CellKind.FORMULA: "f"}
"""openpyxl's words for what a cell holds, where that is no text."""

_ERRORS: Final = frozenset((*ERROR_CODES, "#GETTING_DATA"))
_OTHER_ERROR: Final = "#VALUE!"
"""Stands for what is an error to us, but not to Excel, which would call a workbook with it damaged. An error it stays:
so a cell that nobody has put right is not taken for one."""

_NEVER_CALCULATED: Final = "=NA()"
"""Stands for a formula that was never calculated. Its own words would speak of other rows here; this one is an issue
again as long as nobody puts a value in its place."""

_RETYPED: Final = frozenset("0123456789.,('")
"""A text that begins so would be taken for something else if it were typed: a number, a date, a prefix."""

_WIDTHS: Final = {added_columns.ROW: 12, added_columns.CODE: 24, added_columns.MESSAGE: 60, added_columns.ESCAPED: 16}
"""Of our own columns, in characters."""


@dataclass(slots=True)
class ExcelToFix:
    """The sheet while it is being written."""

    sheet: Any
    names: tuple[str, ...]
    """Columns of the source's own."""
    codes: Counter[str] = field(default_factory=Counter)
    """How many rows bear each."""
    _comments: int = 0

    @classmethod
    @contextmanager
    def file(cls, target: AbstractContextManager[BinaryIO], layout: SheetLayout) -> Iterator["ExcelToFix"]:
        """Makes the workbook and writes everything down to the header; saves it in the end."""
        with target as opened, ExitStack() as opened_sheets:
            book = Workbook(write_only=True)
            opened_sheets.callback(_close, book)
            for place in range(1, layout.position):
                book.create_sheet(f"_{place}").sheet_state = "hidden"  # so that --sheet with a number finds its sheet
            writer = cls(book.create_sheet(layout.sheet), tuple(cell.shown for cell in layout.header))
            _set_widths(writer.sheet, layout)
            writer.sheet.freeze_panes = f"A{len(layout.preamble) + 2}"
            for row in layout.preamble:
                writer._append(row)
            writer._append((*layout.header, *(Cell(name) for name in added_columns.ALL)))
            yield writer
            _explain(book, writer.codes)
            book.active = layout.position - 1
            book.save(opened)

    def add(self, row: HeldRow) -> None:
        """Writes one row. No text needs an apostrophe: every one is stored as a text, which no program runs."""
        self.codes.update(set(filter(None, row.code.split(";"))))
        width = len(self.names)
        faults = faults_of_cells(self.names, row.code, row.message)
        number = Cell(str(row.row), CellKind.NUMBER, str(row.row))
        own, beyond = row.cells[:width], row.cells[width:]
        added = (number, Cell(row.code), Cell(row.message), Cell(""))
        faults |= {
            width + len(added) + place: ["This is not in any column of the header."] for place in range(len(beyond))
        }
        self._append((*own, *added, *beyond), faults)

    def _append(self, cells: Iterable[Cell], faults: Mapping[int, list[str]] | None = None) -> None:
        written = [_written(self.sheet, cell) for cell in cells]
        for position, sentences in (faults or {}).items():
            if written[position] is None or isinstance(written[position], str):
                written[position] = WriteOnlyCell(self.sheet, written[position])
            self._mark(written[position], sentences)
        self.sheet.append(written)

    def _mark(self, cell: Any, sentences: list[str]) -> None:
        cell.fill, cell.font = _BAD, _BAD_TEXT
        if self._comments < COMMENTS:
            self._comments += 1
            cell.comment = Comment(_text("\n".join(sentences)), "lsq-import", height=110, width=320)


def _close(book: Any) -> None:
    """Closes the sheets of a workbook that was given up: the garbage collector would do so in the wrong order, and
    complain on the screen.
    """
    for sheet in book.worksheets:
        if not sheet.closed:
            with suppress(Exception):  # whatever it is, it is not what went wrong
                sheet.close()


def _set_widths(sheet: Any, layout: SheetLayout) -> None:
    """The source's own widths; where it says nothing, wide enough for the name."""
    for position, cell in enumerate(layout.header):
        own = layout.widths[position] if position < len(layout.widths) else 0
        sheet.column_dimensions[column_letter(position)].width = own or min(max(len(cell.shown) + 2, 9), 40)
    for position, name in enumerate(added_columns.ALL, len(layout.header)):
        sheet.column_dimensions[column_letter(position)].width = _WIDTHS[name]


def _explain(book: Any, codes: Counter[str]) -> None:
    """Puts a sheet behind the rows that says what each of their codes means. It is never read as rows."""
    name = CODES
    while name in book.sheetnames:
        name += "_"
    sheet = book.create_sheet(name)
    for letter, width in zip("ABCD", (24, 8, 50, 90), strict=True):
        sheet.column_dimensions[letter].width = width
    head = ("Code", "Rows", "What it means", "What to do")
    lines = [
        (code, str(count), f"The row or cell {EXPLANATIONS[code].meaning}.", EXPLANATIONS[code].remedy)
        for code, count in codes.most_common()
        if code in EXPLANATIONS
    ]
    for line in (head, *lines):
        cells = [WriteOnlyCell(sheet, text) for text in line]
        for cell in cells:
            cell.alignment = _WRAPPED
            if line is head:
                cell.font = _BOLD
        sheet.append(cells)


def _written(sheet: Any, cell: Cell) -> Any:
    value = _value(cell)
    if value is None or (cell.kind is CellKind.TEXT and _is_plain(cell, value)):
        return value  # openpyxl makes a cell of it itself, and sooner
    written: Any = WriteOnlyCell(sheet)
    written.value = value
    if isinstance(value, str):
        # Told by us: openpyxl would make a formula of a text that begins with "=", and round a number to 16 digits.
        written.data_type = _TYPES.get(cell.kind, "s")
        if cell.kind is CellKind.TEXT and _would_change(value):
            written.quotePrefix = True
    if cell.format != "General":
        in_words = cell.kind is CellKind.MOMENT and cell.format.startswith("[=")  # nobody would know it for a date
        written.number_format = cell.format.rpartition(";")[2] if in_words else cell.format
    return written


def _is_plain(cell: Cell, text: Any) -> bool:
    """Whether openpyxl needs to be told nothing to write a text as one."""
    return cell.format == "General" and text[0] != "=" and text not in _ERRORS and not _would_change(text)


def _would_change(text: str) -> bool:
    """Whether a text would be run, or turned into a number, when somebody edits its cell."""
    return text[0] in _RETYPED or runs_as_formula(text)


def _value(cell: Cell) -> str | bool | datetime | time | None:
    match cell.kind:
        case kind if kind in _NUMBERS:
            return cell.stored
        case CellKind.FORMULA:
            return _NEVER_CALCULATED
        case CellKind.ERROR:
            return cell.shown if cell.shown in _ERRORS else _OTHER_ERROR
        case CellKind.MOMENT if cell.stored.startswith("T"):
            return time.fromisoformat(cell.stored[1:])
        case CellKind.MOMENT if cell.stored >= _FIRST_MOMENT:
            return datetime.fromisoformat(cell.stored)
        case CellKind.TRUTH:
            return cell.shown == "TRUE"
        case _:
            return _text(cell.shown) or None


def _text(text: str) -> str:
    """The text with characters that XML does not have written as Excel writes them, `_x0001_`; likewise white space
    that nothing else stands beside, which programs take for nothing.
    """
    escaped = text.replace("_x", "_x005F_x")
    kept = "\t\n" if text.strip() else ""
    return "".join(
        letter if letter > " " or letter in kept or (letter == " " and kept) else f"_x{ord(letter):04X}_"
        for letter in escaped
    )
