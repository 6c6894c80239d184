"""Which of the readers a workbook is for."""

from importer.loading.excel import ExcelSource, open_sheet
from importer.loading.excel.recognition import is_old_workbook
from importer.loading.old_excel import open_old_sheet
from importer.loading.opendocument import is_opendocument, open_opendocument_sheet
from importer.loading.source import FrozenFile, ReadingOptions


def open_workbook(file: FrozenFile, options: ReadingOptions) -> ExcelSource:
    """Opens one sheet of a workbook of any kind that is read.

    :raises SourceError: it is of another kind, damaged, encrypted or hostile.
    :raises ExtraMissing: it is of a kind whose reader is not installed.
    """
    if is_old_workbook(file):
        return open_old_sheet(file, options)
    if is_opendocument(file):
        return open_opendocument_sheet(file, options)
    return open_sheet(file, options)
