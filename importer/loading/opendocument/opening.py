"""A sheet of an OpenDocument spreadsheet, opened."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Final

from importer.errors.sources import SourceDamaged, SourceTooLarge
from importer.loading.excel.limits import ENTRIES
from importer.loading.excel.markup import Attributes, parse_whole
from importer.loading.excel.serials import Epoch
from importer.loading.excel.shared_strings import SharedStrings
from importer.loading.excel.source import Contents, ExcelSource, OpenedRows, source_of
from importer.loading.excel.workbook import Sheet, Workbook
from importer.loading.opendocument.cell_styles import CellStyles
from importer.loading.opendocument.content import ContentReader, rows_of_sheet
from importer.loading.opendocument.data_styles import StyleReader
from importer.loading.opendocument.recognition import CONTENT, STYLES, opendocument_archive
from importer.loading.opendocument.vocabulary import short, shortened
from importer.loading.source import FrozenFile, ReadingOptions

_IN_ROWS: Final = frozenset(
    {"table:table-row", "table:table-cell", "table:covered-table-cell", "text:p", "text:s", "text:span", "text:a"}
)


def open_opendocument_sheet(file: FrozenFile, options: ReadingOptions) -> ExcelSource:
    """Opens one sheet of a spreadsheet: the one of `options`, else the first that can be seen.

    :raises SourceError: it can't be read, has no such sheet or no header, or asks for more than any honest one.
    """
    with opendocument_archive(file) as archive:
        outline = _Outline(file.label, CONTENT)
        if STYLES in archive:
            parse_whole(archive.description(STYLES), outline)
        parse_whole(archive.part(CONTENT), outline)
    if not outline.tables:
        raise SourceDamaged(file.label, "it has no sheet")
    sheets = tuple(Sheet(name, CONTENT, style in outline.hidden_tables) for name, style in outline.tables)
    workbook = Workbook(sheets, Epoch.EARLY_1900, recalculated=False, styles=None, shared_strings=None)
    sheet = workbook.sheet(file.label, options.sheet)
    styles = CellStyles(outline)
    contents = Contents(
        file,
        workbook,
        sheet,
        SharedStrings(file.label),
        styles.codes,
        most_rows=0,
        opened=partial(_opened_rows, file, sheets.index(sheet), styles),
    )
    return source_of(contents, options)


@contextmanager
def _opened_rows(file: FrozenFile, sheet: int, styles: CellStyles, merges_below: int) -> Iterator[OpenedRows]:
    reader = ContentReader(file.label, CONTENT, sheet, styles, merges_below)
    with opendocument_archive(file) as archive:
        yield rows_of_sheet(archive.part(CONTENT), reader), reader


class _Outline(StyleReader):
    """The styles, and names and styles of the sheets."""

    def __init__(self, label: str, part: str) -> None:
        super().__init__(label, part)
        self.tables: list[tuple[str, str]] = []
        self._passed_over: set[str] = set()
        """Names of elements that come in millions and say nothing of styles and sheets."""

    def start(self, name: str, attributes: Attributes) -> None:
        if name in self._passed_over:
            return
        super().start(name, attributes)
        element = short(name)
        if element in _IN_ROWS:
            self._passed_over.add(name)
            super().end(name)
        elif element == "table:table":
            if len(self.tables) == ENTRIES:
                raise SourceTooLarge(self.label, f"it has more than {ENTRIES:,} sheets", f"{ENTRIES:,} sheets")
            given = shortened(attributes)
            self.tables.append((given.get("table:name", ""), given.get("table:style-name", "")))

    def end(self, name: str) -> None:
        if name in self._passed_over:
            self.pieces.clear()
        else:
            super().end(name)
