"""Spreadsheet files in, blocks of rows out: text first, every row with the number that a person sees."""

import pyarrow as pa

from importer.errors.mappings import Misread
from importer.loading.corrections import as_corrected
from importer.loading.csv_source import open_csv
from importer.loading.freezing import freeze
from importer.loading.kinds import Kind, kind_of
from importer.loading.source import FrozenFile, ReadingOptions, Source

__all__ = ["FrozenFile", "ReadingOptions", "Source", "freeze", "misread", "open_source"]

pa.set_memory_pool(pa.system_memory_pool())  # it gives back what a block has freed; Arrow's own keeps 30 MB more


def open_source(file: FrozenFile, options: ReadingOptions) -> Source:
    """Opens a frozen file as the table that it is.

    :raises SourceError: it is of no kind that is imported, has no header, or is not what the options say.
    """
    if kind_of(file.label, file.head()) is Kind.WORKBOOK:
        from importer.loading.workbooks import open_workbook  # noqa: PLC0415  # CSV needs none of it

        return as_corrected(open_workbook(file, options))
    return as_corrected(open_csv(file, options))


def misread(file: FrozenFile, source: Source, options: ReadingOptions, wanted: frozenset[str]) -> Misread | None:
    """How a source was probably meant to be read, if another way gives columns that it lacks.

    :param options: how it was read.
    :param wanted: the columns that the mapping names, without white space at their ends.
    """
    from importer.loading import misreadings  # noqa: PLC0415  # only who misses columns needs it, and the Excel reader

    return misreadings.misread(file, source, options, wanted)
