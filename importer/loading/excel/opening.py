"""A sheet of an .xlsx or .xlsm workbook, opened."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Final

from importer.loading.excel.recognition import workbook_archive
from importer.loading.excel.rows import rows_of
from importer.loading.excel.shared_strings import read_shared_strings
from importer.loading.excel.sheet import SheetReader
from importer.loading.excel.source import Contents, ExcelSource, OpenedRows, source_of
from importer.loading.excel.styles import read_formats
from importer.loading.excel.workbook import read_workbook
from importer.loading.source import FrozenFile, ReadingOptions

_BYTES_OF_ROW: Final = 27
"""`<row><c><v>1</v></c></row>`, the shortest row there is."""


def open_sheet(file: FrozenFile, options: ReadingOptions) -> ExcelSource:
    """Opens one sheet of a workbook: the one of `options`, else the first that can be seen.

    :raises SourceError: it is no workbook, has no such sheet or no header, or asks for more than any honest one.
    """
    with workbook_archive(file) as archive:
        workbook = read_workbook(archive)
        sheet = workbook.sheet(file.label, options.sheet)
        contents = Contents(
            file,
            workbook,
            sheet,
            read_shared_strings(archive, workbook.shared_strings),
            read_formats(archive, workbook.styles),
            most_rows=archive.size(sheet.part) // _BYTES_OF_ROW,
            opened=partial(_opened_rows, file, sheet.part),
        )
    return source_of(contents, options)


@contextmanager
def _opened_rows(file: FrozenFile, part: str, merges_below: int) -> Iterator[OpenedRows]:
    markup = SheetReader(file.label, part, merges_below)
    with workbook_archive(file) as archive:
        yield rows_of(archive.part(part), markup), markup
