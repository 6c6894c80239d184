"""Spreadsheet files in, blocks of rows out: text first, every row with the number that a person sees."""

import pyarrow as pa

from importer.loading.corrections import as_corrected
from importer.loading.csv_source import open_csv
from importer.loading.freezing import freeze
from importer.loading.kinds import Kind, kind_of
from importer.loading.source import FrozenFile, ReadingOptions, Source

__all__ = ["FrozenFile", "ReadingOptions", "Source", "freeze", "open_source"]

pa.set_memory_pool(pa.system_memory_pool())  # it gives back what a block has freed; Arrow's own keeps 30 MB more


def open_source(file: FrozenFile, options: ReadingOptions) -> Source:
    """Opens a frozen file as the table that it is.

    :raises SourceError: it is of no kind that is imported, has no header, or is not what the options say.
    """
    if kind_of(file.label, file.head()) is Kind.WORKBOOK:
        from importer.loading.workbooks import open_workbook  # noqa: PLC0415  # CSV needs none of it

        return as_corrected(open_workbook(file, options))
    return as_corrected(open_csv(file, options))
