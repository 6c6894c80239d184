"""The rows of one sheet, read from `content.xml` as a stream, in the form in which those of .xlsx come."""

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Final

from importer.errors.sources import SourceDamaged, SourceTooLarge
from importer.loading.excel.limits import COLUMNS, ROW, ROWS, TEXT
from importer.loading.excel.markup import Attributes, Listener, parse
from importer.loading.excel.sheet import RawCell, SheetRow
from importer.loading.opendocument.cell_styles import CellStyles
from importer.loading.opendocument.paragraphs import Paragraphs
from importer.loading.opendocument.vocabulary import count, short, shortened

REPEATED: Final = 20_000_000
"""Cells that stand in the file once and in the sheet often."""

_CELLS: Final = frozenset({"table:table-cell", "table:covered-table-cell"})
_RUNS: Final = frozenset({"text:span", "text:a"})
_HIDDEN: Final = frozenset({"collapse", "filter"})
_ERROR: Final = re.compile(r"#[A-Z0-9/!?]+|Err:[0-9]+")
_DURATION: Final = re.compile(r"(-?)PT(?:([0-9]{1,9})H)?(?:([0-9]{1,9})M)?(?:([0-9]{1,9}(?:[.,][0-9]{1,9})?)S)?")
_DAY: Final = 86_400


def rows_of_sheet(chunks: Iterable[bytes], reader: "ContentReader") -> Iterator[SheetRow]:
    """The rows of a sheet, from top to bottom; rows without anything in them are left out.

    :raises SourceDamaged: the markup breaks off, or contradicts itself.
    :raises SourceTooLarge: a row is longer, or repeated more often, than any honest one.
    """
    for _ in parse(chunks, reader):
        for first, times, row in reader.rows:
            for number in range(first, first + times):
                yield row._replace(number=number)
        reader.rows.clear()
        if reader.finished:
            return


class ContentReader(Listener):
    """One sheet as far as it has been read."""

    def __init__(self, label: str, part: str, sheet: int, styles: CellStyles, merges_below: int = 0) -> None:
        """:param sheet: its place among the sheets, from 0.
        :param merges_below: only merged cells that reach below this row are counted.
        """
        super().__init__(label, part)
        self.rows: list[tuple[int, int, SheetRow]] = []
        """Those that have not been taken yet: number of the first, how often it is repeated, the row."""
        self.finished = False
        """Whether the sheet has ended."""
        self.hidden_columns: list[range] = []
        self.declared_rows: int | None = None
        self.merges = 0
        self.first_merge = ""
        self._styles = styles
        self._merges_below = merges_below
        self._tables_before = sheet + 1
        self._reading = False
        self._skipped = 0
        """Levels within something that is no text of the cell: a comment, a picture."""
        self._number = 0
        self._times = 1
        self._hidden = False
        self._row_style = ""
        self._column_styles: list[str] = []
        """Of each column that has been declared."""
        self._cells: list[RawCell] = []
        self._position = 0
        self._repeated = 0
        self._bytes = 0
        self._cell: Mapping[str, str] | None = None
        self._text = Paragraphs()

    def widths(self, count: int) -> tuple[float, ...]:  # noqa: ARG002  # they stand in styles that nobody needs
        """Nothing: the sheet's are not read."""
        return ()

    def start(self, name: str, attributes: Attributes) -> None:
        """An element begins."""
        self._flush()
        super().start(name, attributes)
        element = short(name)
        if element == "table:table":
            self._begin_table()
        elif not self._reading:
            return
        elif self._skipped or (self._cell is not None and not self._of_text(element, attributes)):
            self._skipped += 1
        elif element == "table:table-column":
            self._begin_columns(shortened(attributes))
        elif element == "table:table-row":
            self._begin_row(shortened(attributes))
        elif element in _CELLS:
            self._begin_cell(shortened(attributes))

    def end(self, name: str) -> None:
        """An element ends."""
        self._flush()
        super().end(name)
        element = short(name)
        if not self._reading:
            return
        if self._skipped:
            self._skipped -= 1
        elif element == "text:p":
            self._text.end()
        elif element in _CELLS:
            self._end_cell()
        elif element == "table:table-row":
            self._end_row()
        elif element == "table:table":
            self._reading, self.finished = False, True

    def rest(self, size: int) -> None:
        """Checks what a row has come to."""
        self._bytes += size
        if self._bytes > ROW or self._text.length > TEXT:
            raise SourceTooLarge(self.label, f"row {self._number + 1:,} does not end", f"{ROW >> 20} MB a row")
        super().rest(size)

    def _flush(self) -> None:
        if self.pieces:
            if not self._skipped:
                self._text.write("".join(self.pieces))
            self.pieces.clear()

    def _of_text(self, element: str, attributes: Attributes) -> bool:
        """Whether an element within a cell is part of its text."""
        if element == "text:p":
            self._text.begin()
        elif element == "text:s":
            self._text.write_sign(" " * min(count(shortened(attributes).get("text:c")), 32_767))
        elif element == "text:tab":
            self._text.write_sign("\t")
        elif element == "text:line-break":
            self._text.write_sign("\n")
        else:
            return element in _RUNS
        return True

    def _begin_table(self) -> None:
        if self._reading:
            raise SourceDamaged(self.label, f"row {self._number + 1:,} has a table within the table")
        self._tables_before -= 1
        self._reading = self._tables_before == 0

    def _begin_columns(self, given: Mapping[str, str]) -> None:
        first = len(self._column_styles)
        columns = range(first, min(first + count(given.get("table:number-columns-repeated")), COLUMNS))
        self._column_styles += [given.get("table:default-cell-style-name", "")] * len(columns)
        if columns and given.get("table:visibility") in _HIDDEN:
            self.hidden_columns.append(columns)

    def _begin_row(self, given: Mapping[str, str]) -> None:
        self._times = count(given.get("table:number-rows-repeated"))
        self._hidden = given.get("table:visibility") in _HIDDEN
        self._row_style = given.get("table:default-cell-style-name", "")
        self._position = self._bytes = 0
        self._cells = []

    def _end_row(self) -> None:
        first = self._number + 1
        self._number += self._times
        if not self._cells:
            return
        if self._number > ROWS:
            raise SourceTooLarge(self.label, f"it has a value below row {ROWS:,}", f"{ROWS:,} rows")
        self._repeated += len(self._cells) * (self._times - 1)
        self._refuse_repetitions()
        self.rows.append((first, self._times, SheetRow(first, self._hidden, self._cells)))

    def _begin_cell(self, given: Mapping[str, str]) -> None:
        self._cell = given
        down, across = (count(given.get(f"table:number-{lines}-spanned")) for lines in ("rows", "columns"))
        if (down > 1 or across > 1) and self._number + down > self._merges_below:
            self.merges += 1
            self.first_merge = self.first_merge or f"in row {self._number + 1}"

    def _end_cell(self) -> None:
        given, text = self._cell or {}, self._text.take()
        self._cell = None
        times = count(given.get("table:number-columns-repeated"))
        position, self._position = self._position, self._position + times
        kind, content, formula = _content(given, text)
        if content in (None, "") and not formula:
            return
        if self._position > COLUMNS:
            raise SourceTooLarge(self.label, f"row {self._number + 1:,} has too many cells", f"{COLUMNS:,} columns")
        self._repeated += times - 1
        self._refuse_repetitions()
        for place in range(position, self._position):
            style = given.get("table:style-name") or self._row_style or self._style_of_column(place)
            key = self._styles.key(style, kind, content or "", text)
            self._cells.append((place, content, (kind, key, formula)))

    def _style_of_column(self, position: int) -> str:
        return self._column_styles[position] if position < len(self._column_styles) else ""

    def _refuse_repetitions(self) -> None:
        if self._repeated > REPEATED:
            raise SourceTooLarge(self.label, "it repeats the same cells again and again", f"{REPEATED:,} cells")


def _content(given: Mapping[str, str], text: str | None) -> tuple[str, str | None, bool]:
    """Kind and value of a cell as an .xlsx would write them, and whether it is a formula that was never calculated."""
    kind = given.get("office:value-type") or given.get("calcext:value-type", "")
    formula = "table:formula" in given
    if given.get("calcext:value-type") == "error" or (formula and text and _ERROR.fullmatch(text)):
        return "e", text or "#VALUE!", False
    match kind:
        case "float" | "percentage" | "currency":
            return "n", given.get("office:value", ""), False
        case "date":
            return "d", given.get("office:date-value", ""), False
        case "time":
            return _time(given.get("office:time-value", ""))
        case "boolean":
            return "b", {"true": "1", "false": "0"}.get(given.get("office:boolean-value", ""), "?"), False
        case "":
            return "inlineStr", text, formula and not text
        case _:
            return "inlineStr", given.get("office:string-value") if text is None else text, False


def _time(written: str) -> tuple[str, str | None, bool]:
    """A time of day, or a length of time, which is a number of days."""
    match = _DURATION.fullmatch(written)
    if match is None or written.endswith("T"):
        return "e", written or "#VALUE!", False
    hours, minutes = (int(part or 0) for part in match.group(2, 3))
    seconds = hours * 3600 + minutes * 60 + Decimal((match[4] or "0").replace(",", "."))
    if match[1] or seconds >= _DAY:
        return "n", f"{match[1]}{seconds / _DAY:.15f}", False
    minute, second = divmod(seconds, 60)
    return "d", f"{int(minute) // 60:02}:{int(minute) % 60:02}:{second:06.3f}", False
