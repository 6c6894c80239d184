"""Whether a source would have the columns that are missed if it were read in another way: why most of them are missed.

The sheet, the row of the header and the delimiter are looked at; the first rows tell.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from importer.errors.mappings import Misread
from importer.errors.sources import SourceError
from importer.loading.csv_source import CsvSource
from importer.loading.delimiters import DELIMITERS
from importer.loading.excel.header import first_rows
from importer.loading.excel.source import ExcelSource
from importer.loading.framing import frame, split
from importer.loading.kinds import Kind, kind_of
from importer.loading.source import FrozenFile, ReadingOptions, Source, SourceBehind
from importer.loading.titles import ROWS_LOOKED_AT
from importer.loading.workbooks import open_workbook

_SHEETS_LOOKED_AT: Final = 10
_BYTES_LOOKED_AT: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A row that may be the header."""

    names: tuple[str, ...]
    row: int
    moved: bool
    """Whether it is another row than the one that would be taken for the header."""
    sheet: str | None = None
    """Another one than that which was read."""
    delimiter: str | None = None
    """Another one than that which was used."""

    def has(self, wanted: frozenset[str]) -> int:
        """How many of the columns it has."""
        return len(wanted.intersection(name.strip() for name in self.names))


def misread(file: FrozenFile, source: Source, options: ReadingOptions, wanted: frozenset[str]) -> Misread | None:
    """How the source was probably meant to be read, if another way gives columns that this one lacks.

    :param options: how it was read.
    :param wanted: the columns that the mapping names, without white space at their ends.
    """
    while isinstance(source, SourceBehind):
        source = source.source
    here = _Candidate(source.header.names, source.header.row, moved=False)
    try:
        found = max(_candidates(file, source, options), key=lambda each: _weight(each, wanted), default=here)
    except SourceError:
        return None
    has, had = found.has(wanted), here.has(wanted)
    mostly = has * 2 >= len(wanted) > had * 2
    if has <= had or not (mostly or has == len(wanted)):
        return None
    return Misread(
        label=file.label,
        word="line" if isinstance(source, CsvSource) else "row",
        found=has,
        wanted=len(wanted),
        sheet=found.sheet,
        row=found.row if found.moved else None,
        delimiter=found.delimiter,
        read_sheet=source.place.sheet,
        read_row=here.row,
        read_delimiter=source.dialect.delimiter if isinstance(source, CsvSource) else None,
    )


def _weight(each: _Candidate, wanted: frozenset[str]) -> tuple[int, int, int]:
    """The more columns the likelier; of equals the one that is nearest to how it was read."""
    changes = (each.sheet is not None) + each.moved + (each.delimiter is not None)
    return each.has(wanted), -changes, -each.row


def _candidates(file: FrozenFile, source: Source, options: ReadingOptions) -> Iterator[_Candidate]:
    if isinstance(source, CsvSource):
        yield from _of_text(source)
    elif isinstance(source, ExcelSource) and kind_of(file.label, file.head()) is Kind.WORKBOOK:
        yield from _of_workbook(file, source, options)


def _of_text(source: CsvSource) -> Iterator[_Candidate]:
    sample = source.beginning(_BYTES_LOOKED_AT)
    used = source.dialect.delimiter
    for delimiter in (used, *(each for each in DELIMITERS if each != used)):
        records = frame(sample, delimiter, 1, final=len(sample) < _BYTES_LOOKED_AT)
        for at in range(min(len(records.starts), ROWS_LOOKED_AT)):
            names = split(sample[int(records.starts[at]) : int(records.ends[at])], delimiter)
            line = int(records.lines[at])
            other = None if delimiter == used else delimiter
            yield _Candidate(tuple(names), line, line != source.header.row, delimiter=other)


def _of_workbook(file: FrozenFile, source: ExcelSource, options: ReadingOptions) -> Iterator[_Candidate]:
    yield from (_Candidate(names, row, row != source.header.row) for row, names in _first_rows(source))
    others = (sheet for sheet in source.contents.workbook.sheets if sheet is not source.contents.sheet)
    for sheet in islice(others, _SHEETS_LOOKED_AT):
        try:
            opened = open_workbook(file, replace(options, sheet=sheet.name, header_row=None))
            usual = options.header_row or opened.header.row
            yield from (_Candidate(names, row, row != usual, sheet.name) for row, names in _first_rows(opened))
        except SourceError:
            continue  # it is empty, or worse; then it is not the one that is meant


def _first_rows(source: ExcelSource) -> Sequence[tuple[int, tuple[str, ...]]]:
    with source.contents.opened(0) as (rows, _):
        return [(number, tuple(texts)) for number, texts in first_rows(source.contents, rows)]
