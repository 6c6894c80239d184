"""Workbooks (.xlsx, .xlsm) read exactly as a person sees them, in flat memory, and without trusting the file."""

from importer.loading.excel.opening import open_sheet
from importer.loading.excel.recognition import refuse_hostile
from importer.loading.excel.source import ExcelSource

__all__ = ["ExcelSource", "open_sheet", "refuse_hostile"]
