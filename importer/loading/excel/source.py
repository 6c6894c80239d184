"""One sheet of a workbook as a source of rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Final

from importer.errors import HeaderMissing, SourceTooLarge
from importer.loading.excel.blocks import BlockBuilder
from importer.loading.excel.cells import BLANK, CellReader, ReadCell
from importer.loading.excel.limits import AREA, MEBIBYTE, SHOWN, SPARSE
from importer.loading.excel.notices import (
    HiddenRows,
    distrusted_formulas,
    hidden_columns,
    merges,
    no_rows,
    sheet_choice,
)
from importer.loading.excel.recognition import workbook_archive
from importer.loading.excel.shared_strings import SharedStrings, read_shared_strings
from importer.loading.excel.sheet import SheetReader, SheetRow, rows_of
from importer.loading.excel.styles import read_formats
from importer.loading.excel.workbook import Sheet, Workbook, read_workbook
from importer.loading.source import ROWS_OF_FIRST_BLOCK, ROWS_PER_BLOCK, FrozenFile, ReadingOptions
from importer.loading.titles import ROWS_LOOKED_AT, doubt_of_header
from importer.records import Block, Cell, Header, Place, RowFault, SheetLayout, column_letter

TOO_MANY_FIELDS: Final = "too-many-fields"

_BYTES_OF_ROW: Final = 27
"""`<row><c><v>1</v></c></row>`, the shortest row there is."""


def open_sheet(file: FrozenFile, options: ReadingOptions) -> "ExcelSource":
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
        )
        markup = SheetReader(file.label, sheet.part)
        rows = rows_of(archive.part(sheet.part), markup)
        header, layout = _head(contents, rows, options.header_row)
        title = "" if options.header_row else _doubt(contents, header, rows)
        layout = replace(layout, widths=markup.widths(len(header.names)))
        expected = _expected_rows(markup.declared_rows, header.row, archive.size(sheet.part))
    notices = (
        *sheet_choice(file.label, workbook, sheet, named=options.sheet is not None),
        *hidden_columns(file.label, markup.hidden_columns, len(header.names)),
        *([f"{file.label}: {title}"] if title else []),
    )
    return ExcelSource(contents, header, layout, expected, notices)


def _expected_rows(declared: int | None, header: int, size: int) -> int | None:
    """The rows below the header, as the sheet itself says, unless its markup has not even room for so many."""
    if declared is None or declared * _BYTES_OF_ROW > size:
        return None
    return max(0, declared - header)


@dataclass(frozen=True, slots=True)
class Contents:
    """What the cells of a sheet refer to."""

    file: FrozenFile
    workbook: Workbook
    sheet: Sheet
    strings: SharedStrings
    formats: tuple[str, ...]

    @property
    def label(self) -> str:
        """The path as the user gave it."""
        return self.file.label

    def cell_reader(self) -> CellReader:
        """A reader for all cells of the sheet, from the first one."""
        return CellReader(
            self.label,
            self.strings,
            self.formats,
            self.workbook.epoch,
            recalculated=self.workbook.recalculated,
        )


@dataclass(slots=True)
class ExcelSource:
    """The rows of one sheet; see loading.source.Source."""

    contents: Contents
    header: Header
    """The names as they are shown."""
    layout: SheetLayout
    expected_rows: int | None
    """As the sheet itself says, if that can be true: a figure for the progress, nothing more."""
    notices: tuple[str, ...]
    _opening_notices: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        self._opening_notices = self.notices

    @property
    def place(self) -> Place:
        """The file, under the name that the user gave, and the sheet."""
        return Place(self.contents.label, self.contents.sheet.name)

    def blocks(self) -> Iterator[Block]:
        """The rows from top to bottom, in blocks of flat size.

        :raises SourceError: the sheet can't be read on; rows given before are not affected.
        """
        label, part = self.contents.label, self.contents.sheet.part
        reader = self.contents.cell_reader()
        markup = SheetReader(label, part, merges_below=self.header.row)
        rows = _Rows(self.contents, self.header, reader)
        limit, count = ROWS_OF_FIRST_BLOCK, 0
        with workbook_archive(self.contents.file) as archive:
            for row in rows_of(archive.part(part), markup):
                rows.add(row)
                if rows.builder.full(limit):
                    block = rows.builder.take()
                    limit, count = ROWS_PER_BLOCK, count + len(block)
                    yield block
        if len(rows.builder):
            block = rows.builder.take()
            count += len(block)
            yield block
        self.notices = (
            *self._opening_notices,
            *rows.hidden.sentences(label),
            *merges(label, markup.merges, markup.first_merge),
            *distrusted_formulas(label, reader.distrusted),
            *no_rows(label, count),
        )


class _Rows:
    """Turns the rows of a sheet, of which only those below the header count, into rows of blocks."""

    def __init__(self, contents: Contents, header: Header, reader: CellReader) -> None:
        self.builder = BlockBuilder(Place(contents.label, contents.sheet.name), header, contents.strings, reader)
        self.hidden = HiddenRows()
        self._label = contents.label
        self._header = header
        self._reader = reader
        self._extent = _Extent(contents.label)
        self._width = len(header.names)
        self._lengths = contents.strings.lengths

    def add(self, row: SheetRow) -> None:
        """Takes the next row of the sheet."""
        self._extent.grow(row)
        if row.number <= self._header.row:
            return
        cells = [BLANK] * self._width
        read, lengths = self._reader.read, self._lengths
        characters = 0
        beyond: list[tuple[int, ReadCell]] = []
        for raw in row.cells:
            cell = read(raw)
            if raw[0] >= self._width:
                beyond.append((raw[0], cell))
                continue
            cells[raw[0]] = cell
            showing = cell[0]
            characters += lengths[showing] if isinstance(showing, int) else len(showing)
        beyond = [(position, cell) for position, cell in beyond if self._reader.filled(cell)]
        if not beyond and not any(cell is not BLANK and self._reader.filled(cell) for cell in cells):
            return
        self._extent.show(characters)
        texts = [(position, self._reader.cell(cell).shown) for position, cell in beyond]
        self.builder.add(row.number, cells, characters, _fault(self._width, texts))
        if row.hidden:
            self.hidden.add(row.number)


def _fault(width: int, beyond: Sequence[tuple[int, str]]) -> RowFault | None:
    if not beyond:
        return None
    letters = ", ".join(column_letter(position) for position, _ in beyond[:3])
    more = f" and {len(beyond) - 3:,} more" if len(beyond) > 3 else ""
    message = f"column {letters}{more} has no header but a value; the last column with a header is "
    return RowFault(
        TOO_MANY_FIELDS,
        message + column_letter(width - 1),
        column=beyond[0][0],
        beyond=tuple(text for _, text in beyond),
    )


class _Extent:
    """How much of a sheet is used, watched: a single cell in the last corner makes a sheet of 17 billion."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._cells = 0
        self._width = 0
        self._characters = 0

    def grow(self, row: SheetRow) -> None:
        """Counts the next row with its cells.

        :raises SourceTooLarge: hardly any cell of a very large area is used.
        """
        self._cells += len(row.cells)
        self._width = max(self._width, row.cells[-1][0] + 1)
        area = self._width * row.number
        if area > AREA and self._cells * SPARSE < area:
            what = f"its {self._cells:,} cells lie scattered as far as {column_letter(self._width - 1)}{row.number}"
            raise SourceTooLarge(self._label, what, f"an area of {AREA:,} cells")

    def show(self, characters: int) -> None:
        """Counts the characters that a row shows.

        :raises SourceTooLarge: they are more than any honest sheet has.
        """
        self._characters += characters
        if self._characters > SHOWN:
            limit = f"{SHOWN // MEBIBYTE:,} million characters"
            raise SourceTooLarge(self._label, "its cells show more text than any sheet has", limit)


def _head(contents: Contents, rows: Iterator[SheetRow], wanted: int | None) -> tuple[Header, SheetLayout]:
    """The header, on the row that is wanted or else on the first one that is not blank, and what stands above it.

    :raises HeaderMissing: there is no such row, or it is blank.
    """
    reader = contents.cell_reader()
    extent = _Extent(contents.label)
    preamble: list[tuple[Cell, ...]] = []
    for row in rows:
        extent.grow(row)
        if wanted is not None and row.number > wanted:
            break
        cells = _row(reader, row)
        preamble.extend(() for _ in range(row.number - 1 - len(preamble)))
        if row.number == wanted or (wanted is None and cells):
            if not cells:
                break
            header = tuple(reader.cell(cell) for cell in cells)
            names = tuple(cell.shown for cell in header)
            return Header(names, row.number), SheetLayout(
                contents.sheet.name, tuple(preamble), header, contents.workbook.sheets.index(contents.sheet) + 1
            )
        preamble.append(tuple(reader.cell(cell) for cell in cells))
    raise HeaderMissing(contents.label, wanted)


def _doubt(contents: Contents, header: Header, rows: Iterator[SheetRow]) -> str:
    """What speaks against the first row that is not blank being the header."""
    reader = contents.cell_reader()
    shown = (
        (row.number, [reader.cell(cell).shown for cell in _row(reader, row)]) for row in islice(rows, ROWS_LOOKED_AT)
    )
    return doubt_of_header("row", [(header.row, header.names), *shown])


def _row(reader: CellReader, row: SheetRow) -> list[ReadCell]:
    """The cells of a row from the first column to the last one with more in it than white space."""
    cells: list[ReadCell] = []
    width = 0
    for raw in row.cells:
        cell = reader.read(raw)
        cells.extend(BLANK for _ in range(raw[0] - len(cells)))
        cells.append(cell)
        if reader.filled(cell):
            width = len(cells)
    return cells[:width]
