"""Workbooks of Excel 97 to 2003 (.xls), by the extra `xls`: xlrd reads them in a process of its own, with limits."""

from importer.loading.old_excel.opening import open_old_sheet

__all__ = ["open_old_sheet"]
