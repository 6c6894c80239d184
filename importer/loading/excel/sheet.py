"""The rows of one sheet, read from its markup as a stream."""

import re
from typing import Final, NamedTuple

from importer.blocks import column_letter
from importer.errors.sources import SourceDamaged, SourceTooLarge
from importer.loading.excel.limits import COLUMNS, MEBIBYTE, NAMED, ROW, ROWS, TEXT, WIDEST
from importer.loading.excel.markup import SPREADSHEET, Attributes, Listener
from importer.loading.excel.texts import RichText

Look = tuple[str, str, bool]
"""Type of a cell (`n`, `s`, `str`, `inlineStr`, `b`, `e`, `d`), number of its style, and whether it has a formula."""

RawCell = tuple[int, str | None, Look]
"""A cell that has something in it: position of its column, text of its value, look. A plain tuple, since there are
millions of them."""

TRUE: Final = frozenset({"1", "true", "on"})
_KNOWN_OF_ROW: Final = frozenset({"r", "spans", "s", "customFormat", "ht", "hidden", "customHeight"})
_KNOWN_OF_CELL: Final = frozenset({"r", "s", "t"})
_REFERENCE: Final = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
_WIDTH: Final = re.compile(r"[0-9]{1,3}(\.[0-9]{1,20})?")
_LEVELS_IN_CELL: Final = 8


class SheetRow(NamedTuple):
    """A row with at least one cell that has something in it."""

    number: int
    """From 1."""
    hidden: bool
    cells: list[RawCell]
    """From left to right."""


class SheetReader(Listener):
    """A sheet as far as it has been read: its rows, and what its markup says of columns and merged cells."""

    def __init__(self, label: str, part: str, merges_below: int = 0) -> None:
        """:param merges_below: only merged cells that reach below this row are counted."""
        super().__init__(label, part)
        self.rows: list[SheetRow] = []
        """Those that have not been taken yet."""
        self.hidden_columns: list[range] = []
        """Positions."""
        self.declared_rows: int | None = None
        """The last row, as the sheet itself says; often a lie."""
        self.merges = 0
        self.first_merge = ""
        self.prefixes: set[str] = set()
        """Those that are declared for the whole sheet."""
        self._border = self._level_of_rows = -1
        self._rows_begun = False
        self._hidden_columns = 0
        self._widths: list[tuple[range, float]] = []
        self._widths_end = 0
        self._merges_below = merges_below
        self._space = ""
        self._row = self._cell = self._value = self._formula = self._rich = self._run = ""
        """Names of the elements that come in millions; the first element of all tells their vocabulary."""
        self._in_cell: frozenset[str] = frozenset()
        """Names of those that make up a cell."""
        self._text = RichText()
        self._row_open = self._cell_open = False
        self._depth_in_cell = 0
        self._bytes = 0
        """Input since the row began, roughly."""
        self._number = 0
        self._digits = ""
        self._hidden = False
        self._cells: list[RawCell] = []
        self._letters: list[str] = []
        """Letters of the first columns, as many as have been needed."""
        self._column = -1
        self._type = "n"
        self._style = ""
        self._content: str | None = None
        self._has_formula = False

    def start(self, name: str, attributes: Attributes) -> None:
        """An element begins."""
        if name == self._cell:
            self._begin_cell(attributes)
        elif name in self._in_cell:
            self._depth_in_cell += 1
            if not self._cell_open or self._depth_in_cell > _LEVELS_IN_CELL:
                raise self._contradiction("a value outside of a cell, or within another value")
            self.pieces.clear()
            if name == self._run:
                self._text.begin_run(attributes)
        elif name == self._row:
            self._begin_row(attributes)
        else:
            super().start(name, attributes)
            self._begin_other(name, attributes)

    def end(self, name: str) -> None:
        """An element ends."""
        if name == self._value:
            self._depth_in_cell -= 1
            self._content = "".join(self.pieces)
        elif name == self._cell:
            self._cell_open = False
            if self._content is not None or self._has_formula:
                self._cells.append((self._column, self._content, (self._type, self._style, self._has_formula)))
        elif name in self._in_cell:
            self._depth_in_cell -= 1
            if name == self._run:
                self._text.end_run(self.pieces)
            elif name == self._rich:
                self._content = self._text.take()
            else:
                self._has_formula = True
        elif name == self._row:
            self._end_row()
        else:
            super().end(name)
            if name == f"{self._space} rPh":
                self._text.end_reading()
            elif name == f"{self._space} sheetData":
                self._level_of_rows = -1

    def declare(self, prefix: str | None, space: str) -> None:  # noqa: ARG002  # whatever it stands for
        """A prefix is declared."""
        if not self._space and prefix:
            self.prefixes.add(prefix)

    def rest(self, size: int) -> None:
        """Checks what a row has come to."""
        super().rest(size)
        self._bytes += size if self._row_open else 0
        if self._bytes > ROW or self._text.length > TEXT:
            raise SourceTooLarge(self.label, f"row {self._number:,} does not end", f"{ROW // MEBIBYTE} MB a row")

    def stands_behind(self, tag: int) -> bool:
        """Whether the next thing may be a row: no tag has been read since the one at this offset, which begins
        `sheetData` or ends a row directly in it.
        """
        return self._border == tag and self._depth == self._level_of_rows

    def take(self, row: SheetRow) -> bool:
        """Takes a row that was read elsewhere, if it can stand behind those before."""
        if not self._number < row.number <= ROWS:
            return False
        self._number = row.number
        if row.cells:
            self.rows.append(row)
        return True

    def _begin_row(self, attributes: Attributes) -> None:
        if self._row_open:
            raise self._contradiction("a row within a row")
        if not _KNOWN_OF_ROW.issuperset(attributes):
            self.meet("", attributes)
        self.pieces.clear()
        given = attributes.get("r")
        number = self._number + 1 if given is None else _whole(given)
        if not self._number < number <= ROWS:
            raise self._contradiction(f'behind row {self._number:,} comes row "{number if given is None else given}"')
        self._row_open = True
        self._number = number
        self._digits = str(number)
        self._hidden = attributes.get("hidden", "") in TRUE
        self._column = -1

    def _end_row(self) -> None:
        self._border = self.where()
        self._row_open = False
        self._bytes = 0
        if self._cells:
            self.rows.append(SheetRow(self._number, self._hidden, self._cells))
            self._cells = []

    def _begin_cell(self, attributes: Attributes) -> None:
        if self._cell_open or not self._row_open:
            raise self._contradiction("a cell that is in no row, or within another cell")
        if not _KNOWN_OF_CELL.issuperset(attributes):
            self.meet("", attributes)
        self.pieces.clear()
        column = self._column + 1
        given = attributes.get("r")
        while column >= len(self._letters):
            self._letters.append(column_letter(len(self._letters)))
        if (given is not None and given != self._letters[column] + self._digits) or column >= COLUMNS:
            column = self._position(given or "")
        self._column = column
        self._type = attributes.get("t", "n")
        self._style = attributes.get("s", "")
        self._cell_open = True
        self._content = None
        self._has_formula = False

    def _position(self, reference: str) -> int:
        """The column of a cell that does not stand right behind the one before."""
        match = _REFERENCE.fullmatch(reference)
        column = -1
        if match and int(match[2]) == self._number:
            column = column_of(match[1].upper())
        if not self._column < column < COLUMNS:
            raise self._contradiction(f'row {self._number:,} has a cell "{reference[:20]}" out of place')
        return column

    def _begin_other(self, name: str, attributes: Attributes) -> None:
        if not self._space:
            self._begin_sheet(name)
        elif name == f"{self._space} col":
            self._begin_columns(attributes)
        elif name == f"{self._space} dimension":
            self.declared_rows = _last_row(attributes.get("ref", ""))
        elif name == f"{self._space} mergeCell":
            self._merge(attributes.get("ref", ""))
        elif name == f"{self._space} rPh":
            self._text.begin_reading()
        elif name == f"{self._space} sheetData":
            # Of a second one nobody knows what names without a prefix mean in it: it is left to the parser.
            self._border, self._level_of_rows = self.where(), -1 if self._rows_begun else self._depth
            self._rows_begun = True

    def _begin_sheet(self, name: str) -> None:
        space, _, element = name.rpartition(" ")
        if space not in SPREADSHEET or element != "worksheet":
            raise self._contradiction("its first element is not worksheet")
        self._space = space
        self._row, self._cell, self._value, self._formula, self._rich, self._run = (
            f"{space} {element}" for element in ("row", "c", "v", "f", "is", "t")
        )
        self._in_cell = frozenset({self._value, self._formula, self._rich, self._run})

    def _begin_columns(self, attributes: Attributes) -> None:
        columns = range(max(_whole(attributes.get("min", "")), 1) - 1, min(_whole(attributes.get("max", "")), COLUMNS))
        if attributes.get("hidden", "") in TRUE:
            self._hide(columns)
        elif _WIDTH.fullmatch(attributes.get("width", "")) and columns.start >= self._widths_end:
            self._widths_end = max(columns.stop, columns.start)
            self._widths.append((columns, float(attributes["width"])))

    def widths(self, count: int) -> tuple[float, ...]:
        """How wide the first columns are, in characters; 0 where the sheet does not say."""
        found = [0.0] * count
        for columns, width in self._widths:
            for position in columns[: max(0, count - columns.start)]:
                found[position] = min(width, WIDEST)
        return tuple(found) if any(found) else ()

    def _hide(self, columns: range) -> None:
        self._hidden_columns += len(columns)
        if self._hidden_columns > COLUMNS:
            raise self._contradiction("it hides more columns than there are")
        if columns:
            self.hidden_columns.append(columns)

    def _merge(self, cells: str) -> None:
        if (_last_row(cells) or 0) > self._merges_below:
            self.merges += 1
            self.first_merge = self.first_merge or cells[:NAMED]

    def _contradiction(self, what: str) -> SourceDamaged:
        return SourceDamaged(self.label, f"{self.part}: {what}")


def _last_row(cells: str) -> int | None:
    """The last row of `B5:C7` or `B5`; None if it is no such range."""
    match = _REFERENCE.fullmatch(cells.rpartition(":")[2])
    return int(match[2]) if match else None


def _whole(digits: str) -> int:
    """A small whole number; 0 for what is none."""
    return int(digits) if len(digits) < 10 and digits.isascii() and digits.isdigit() else 0


def column_of(letters: str) -> int:
    """The position of a column by its letters in capitals."""
    position = 0
    for letter in letters:
        position = position * 26 + ord(letter) - ord("A") + 1
    return position - 1
