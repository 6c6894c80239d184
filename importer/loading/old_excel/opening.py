"""A sheet of an .xls workbook, opened; its cells are shown as those of .xlsx are."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from importer.loading.excel.builtin_formats import builtin_format
from importer.loading.excel.serials import Epoch
from importer.loading.excel.shared_strings import SharedStrings
from importer.loading.excel.sheet import SheetRow
from importer.loading.excel.source import Contents, ExcelSource, OpenedRows, source_of
from importer.loading.excel.workbook import Sheet, Workbook
from importer.loading.old_excel.reading import Said
from importer.loading.source import FrozenFile, ReadingOptions

_DATES: Final = (14, 22)
"""Numbers of formats whose form depends on the country; as for .xlsx, that of the US is shown."""


def open_old_sheet(file: FrozenFile, options: ReadingOptions) -> ExcelSource:
    """Opens one sheet of an .xls workbook: the one of `options`, else the first that can be seen.

    :raises SourceError: it can't be read, has no such sheet or no header.
    :raises ExtraMissing: the library for it is not installed.
    """
    (book,) = Said(file).lines()
    sheets = tuple(Sheet(name, "", hidden) for name, hidden in book["sheets"])
    epoch = Epoch.LATE_1904 if book["late"] else Epoch.EARLY_1900
    workbook = Workbook(sheets, epoch, recalculated=False, styles=None, shared_strings=None)
    sheet = workbook.sheet(file.label, options.sheet)
    said = Said(file, str(sheets.index(sheet)))
    facts = next(said.lines())
    contents = Contents(
        file,
        workbook,
        sheet,
        SharedStrings(file.label),
        [builtin_format(key) if key in _DATES else code for key, code in facts["formats"]],
        most_rows=facts["rows"],
        opened=partial(_opened_rows, said, facts),
    )
    return source_of(contents, options)


@dataclass(frozen=True, slots=True)
class _Facts:
    said: Mapping[str, Any]
    merges_below: int

    @property
    def declared_rows(self) -> int:
        return int(self.said["rows"])

    @property
    def hidden_columns(self) -> Sequence[range]:
        return [range(column, column + 1) for column in self.said["hidden"]]

    @property
    def merges(self) -> int:
        return sum(last > self.merges_below for _, last in self.said["merged"])

    @property
    def first_merge(self) -> str:
        merged = (f"rows {first + 1}-{last}" for first, last in self.said["merged"] if last > self.merges_below)
        return next(merged, "")

    def widths(self, count: int) -> tuple[float, ...]:
        found = tuple(float(self.said["widths"].get(str(column), 0)) for column in range(count))
        return found if any(found) else ()


@contextmanager
def _opened_rows(said: Said, facts: Mapping[str, Any], merges_below: int) -> Iterator[OpenedRows]:
    lines = said.lines()
    next(lines)
    rows = (
        SheetRow(
            number, hidden, [(column, whole(text), (kind, str(style), False)) for column, kind, text, style in cells]
        )
        for number, hidden, cells in lines
    )
    yield rows, _Facts(facts, merges_below)


def whole(text: str) -> str:
    """A text in which U+FFFD stands for halves of surrogate pairs, which are no characters."""
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
