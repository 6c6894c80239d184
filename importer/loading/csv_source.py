"""A CSV file as blocks of rows: every cell as it stands, every row with its physical line."""

import codecs
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from importer.blocks import (
    Block,
    CellColumn,
    CsvLayout,
    Flags,
    Header,
    Place,
    RowFault,
    RowNumbers,
    Texts,
)
from importer.errors.base import UsageError
from importer.errors.sources import SourceTooLarge
from importer.loading.apostrophes import Apostrophes
from importer.loading.dialect import Dialect, dialect_of
from importer.loading.encodings import text_encoding, utf8_text
from importer.loading.faults import MAX_COLUMNS, Faults
from importer.loading.framing import Positions, Records, frame
from importer.loading.source import ROWS_OF_FIRST_BLOCK, ROWS_PER_BLOCK, FrozenFile, ReadingOptions
from importer.loading.titles import Title
from importer.text_files.quote_marks import USUAL, exchange, exchanged

SAMPLE_BYTES: Final = 1 << 20
"""How much of a text is looked at to find its header and its delimiter."""

ODD_ROWS_PER_BLOCK: Final = 5_000
"""Rows of a block that have another width than the header, or are faulty otherwise."""

LONGEST_RECORD: Final = 64 << 20
"""Bytes of a record: a few of that size and memory is full."""

UNFINISHED: Final = (
    "it was written to less than a minute ago and its last line has no line end; if some program is still writing it, "
    "wait for that and run again."
)


def open_csv(file: FrozenFile, options: ReadingOptions) -> "CsvSource":
    """Opens a CSV file that has passed its DecodingProof.

    :raises SourceError: it has no header, or one that can't be taken apart.
    """
    encoding, mark = text_encoding(file.head(), options.encoding)
    quote = options.quote_char or USUAL
    with utf8_text(file, encoding, mark) as chunks:
        text = b"".join(_in_usual_marks(islice(chunks, 2), quote))
    sample = text[:SAMPLE_BYTES]
    dialect = dialect_of(file.label, sample, options, whole=len(sample) == len(text))
    if len(dialect.header) > MAX_COLUMNS:
        what = f"its header has {len(dialect.header):,} columns"
        raise SourceTooLarge(file.label, what, f"{MAX_COLUMNS:,} columns")
    if dialect.delimiter == quote:
        raise UsageError(f"{quote} can't both separate fields and enclose them.", "Name another --quote-char.")
    return CsvSource(file, encoding, mark, dialect, quote, options.sheet)


def _in_usual_marks(chunks: Iterable[bytes], quote: str) -> Iterator[bytes]:
    table = exchange(quote)
    return (chunk if quote == USUAL else chunk.translate(table) for chunk in chunks)


@dataclass(frozen=True, slots=True)
class CsvSource:
    """The rows of one CSV file; see loading.source.Source."""

    file: FrozenFile
    encoding: str
    mark: int
    """Bytes of the byte-order mark."""
    dialect: Dialect
    """Of its text in the usual quotation marks, as everything is that is not a cell yet."""
    quote: str = USUAL
    """What encloses texts in the file."""
    sheet: str | None = None
    """The one that was asked for; there is none."""

    @property
    def place(self) -> Place:
        """The file, under the name that the user gave."""
        return Place(self.file.label)

    @property
    def header(self) -> Header:
        """The names as they stand in the file."""
        return Header(tuple(self._own(name) for name in self.dialect.header), self.dialect.header_line)

    @property
    def apostrophes(self) -> Apostrophes | None:
        """What speaks for it that they enclose texts, if nobody has said what does."""
        return self.dialect.apostrophes

    @property
    def title(self) -> Title | None:
        """What the header may be instead of one."""
        return self.dialect.title

    def _own(self, text: str) -> str:
        """A text with its marks as they stand in the file."""
        return exchanged(text, self.quote)

    def beginning(self, size: int) -> bytes:
        """The first bytes of its text, as UTF-8 in the usual quotation marks."""
        with utf8_text(self.file, self.encoding, self.mark) as chunks:
            return b"".join(_in_usual_marks(islice(chunks, 1), self.quote))[:size]

    @property
    def layout(self) -> CsvLayout:
        """How the file is written."""
        return CsvLayout(
            encoding=self.encoding,
            byte_order_mark=bool(self.mark),
            delimiter=self.dialect.delimiter,
            newline=self.dialect.newline,
            preamble=self._own(self.dialect.preamble.decode()),
            header=self.header.names,
            quote=self.quote,
        )

    @property
    def expected_rows(self) -> int:
        """The lines below the header; fewer rows if some are blank or records span lines."""
        return max(0, self.file.lines - self.dialect.header_line)

    @property
    def notices(self) -> tuple[str, ...]:
        """How the file is being read, and whether there is nothing to read."""
        dialect, label = self.dialect, self.file.label
        names = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
        delimiter = names.get(dialect.delimiter, f'"{dialect.delimiter}"')
        marks = "quotation marks" if self.quote == USUAL else f"{self.quote} around texts"
        quoted = f", with {marks}" if dialect.quoted else ""
        header = "" if dialect.header_line == 1 else f", header on line {dialect.header_line}"
        found = [f"{label}: read as {self.encoding}, separated by {delimiter}{quoted}{header}."]
        if self.sheet is not None:
            found.append(f'{label}: a CSV file has no sheets; that "{self.sheet}" was asked for makes no difference.')
        if dialect.apostrophes:
            found.append(f"{label}: {dialect.apostrophes.doubt}")
        if dialect.title:
            found.append(f"{label}: {dialect.title.doubt}")
        if self.file.unfinished:
            found.append(f"{label}: {UNFINISHED}")
        if not dialect.has_rows:
            found.append(f"{label}: there is a header, but no row below it.")
        return tuple(found)

    def blocks(self) -> Iterator[Block]:
        """The rows in file order, in blocks of flat size."""
        start = 0
        limit = ROWS_OF_FIRST_BLOCK
        for text, records in self._framed():
            odd = self._odd(records)
            at = 0
            while at < len(records.starts):
                stop = _stop(odd, at, limit, len(records.starts))
                block = self._block(text, records, slice(at, stop), start, odd)
                at = stop
                limit = ROWS_PER_BLOCK
                if len(block):
                    start += len(block)
                    yield block
                del block  # or it would lie beside the next one while that is made

    def _framed(self) -> Iterator[tuple[bytes, Records]]:
        line = self.dialect.next_line
        rest = b""
        skip = self.dialect.rows_at
        with utf8_text(self.file, self.encoding, self.mark) as chunks:
            for chunk in _in_usual_marks(chunks, self.quote):
                text = rest + chunk[skip:] if skip < len(chunk) else rest
                skip = max(0, skip - len(chunk))
                del chunk
                records = frame(text, self.dialect.delimiter, line, final=False)
                line = records.next_line
                rest = text[records.consumed :]
                if len(rest) > LONGEST_RECORD:
                    raise SourceTooLarge(
                        self.file.label, f"line {line} does not end", f"{LONGEST_RECORD >> 20} MB a line"
                    )
                yield text, records
            yield rest, frame(rest, self.dialect.delimiter, line, final=True)

    def _odd(self, records: Records) -> Positions:
        """The records that need a closer look, in order. Empty lines, of which there can be millions, are no rows
        whatever their width.
        """
        odd = (records.widths != len(self.dialect.header)) & (records.ends > records.starts)
        odd[list(records.broken)] = True
        return np.flatnonzero(odd)

    def _block(self, text: bytes, records: Records, which: slice, start: int, odd: Positions) -> Block:
        """The rows of some consecutive records."""
        patches, faults = self._irregular(text, records, which, odd)
        regular, kept = _without_irregular(text, records, which, patches)
        names = [str(position) for position in range(len(self.dialect.header))]
        if len(kept):
            table = _cells(regular, self.dialect.delimiter, names)
        else:
            table = pa.table({name: pa.array([], pa.large_string()) for name in names})
        if table.num_rows != len(kept):
            raise AssertionError(f"{len(kept)} records were framed, {table.num_rows} were parsed")
        rows = records.lines[kept]
        faulty = np.searchsorted(kept, list(faults))
        present = _not_blank(table)
        present[faulty] = True  # its cells can be blank, when what is wrong with it stands beyond the header
        if not present.all():
            table = table.filter(pa.array(present))
            rows = rows[present]
            faulty = (np.cumsum(present) - 1)[faulty]
        return Block(
            place=self.place,
            header=self.header,
            places=np.arange(start, start + len(rows)),
            rows=rows,
            columns=tuple(CellColumn(_own_marks(_whole(column), self.quote)) for column in table.columns),
            faults=dict(zip(faulty.tolist(), faults.values(), strict=True)),
        )

    def _irregular(
        self, text: bytes, records: Records, which: slice, odd: Positions
    ) -> tuple[dict[int, bytes], dict[int, RowFault]]:
        """Index of a record -> what is parsed in its stead, nothing if it is blank; and what is wrong with it."""
        first, after = np.searchsorted(odd, (which.start, which.stop))
        suspects = odd[first:after]
        if text.find(b"\0", int(records.starts[which.start]), int(records.ends[which.stop - 1])) >= 0:
            spans = zip(records.starts[which], records.ends[which], strict=True)
            holding = [at for at, (begin, end) in enumerate(spans, which.start) if text.find(b"\0", begin, end) >= 0]
            suspects = np.union1d(suspects, np.array(holding, np.int64))
        faults_found = Faults(self.header, self.dialect.delimiter, self.quote, self.apostrophes)
        patches: dict[int, bytes] = {}
        faults: dict[int, RowFault] = {}
        spans = zip(records.starts[suspects].tolist(), records.ends[suspects].tolist(), strict=True)
        widths = records.widths[suspects].tolist()
        for index, (begin, end), width in zip(suspects.tolist(), spans, widths, strict=True):
            patches[index], fault = faults_found.of(text[begin:end], width, records.broken.get(index))
            if fault:
                faults[index] = fault
        return patches, faults


def _stop(odd: Positions, at: int, limit: int, count: int) -> int:
    """Up to which record a block goes: what is known of a faulty row weighs many times as much as the row."""
    enough = int(np.searchsorted(odd, at)) + ODD_ROWS_PER_BLOCK
    return min(at + limit, count, int(odd[enough]) if enough < len(odd) else count)


def _without_irregular(
    text: bytes, records: Records, which: slice, patches: dict[int, bytes]
) -> tuple[pa.Buffer, RowNumbers]:
    """The text of the records with its odd ones replaced, and the indices of the records that are left in it."""
    indices = np.arange(which.start, min(which.stop, len(records.starts)))
    filled = records.ends[indices] > records.starts[indices]  # an empty line is no row, and the parser passes over it
    first, after = int(records.starts[indices[0]]), int(indices[-1]) + 1
    if not patches and not text.startswith(codecs.BOM_UTF8, first):
        end = int(records.starts[after]) if after < len(records.starts) else min(records.consumed, len(text))
        return pa.py_buffer(text).slice(first, end - first), indices[filled]
    pieces = [b"\n"]  # else Arrow would take the byte-order mark of a first cell for that of the file
    begin = which.start
    for index in sorted(patches):
        pieces += _text_of(text, records, begin, index), patches[index]
        begin = index + 1
    pieces.append(_text_of(text, records, begin, int(indices[-1]) + 1))
    gone = [index for index, patch in patches.items() if not patch]
    if gone:
        filled &= ~np.isin(indices, gone)
    if patches:
        filled |= np.isin(indices, [index for index, patch in patches.items() if patch])
    return pa.py_buffer(b"".join(pieces)), indices[filled]


def _text_of(text: bytes, records: Records, begin: int, end: int) -> bytes:
    if begin >= end:
        return b""
    return text[int(records.starts[begin]) : int(records.ends[end - 1])] + b"\n"


def _cells(text: pa.Buffer, delimiter: str, names: list[str]) -> pa.Table:
    """The cells of well-formed records, all of them text; there is at least one."""
    return pyarrow.csv.read_csv(
        text,
        read_options=pyarrow.csv.ReadOptions(use_threads=False, block_size=text.size + 1, column_names=names),
        parse_options=pyarrow.csv.ParseOptions(delimiter=delimiter, newlines_in_values=True),
        convert_options=pyarrow.csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.large_string()), strings_can_be_null=False, check_utf8=False
        ),
    )


def _whole(column: pa.ChunkedArray) -> Texts:
    """The cells as one array; they mostly are one already, and are not copied then."""
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def _own_marks(texts: Texts, quote: str) -> Texts:
    """The cells with their marks as they stand in the file."""
    _, offsets, codes = texts.buffers()
    if quote == USUAL or codes is None:
        return texts
    exchanged_codes = pa.py_buffer(codes.to_pybytes().translate(exchange(quote)))
    return pa.LargeStringArray.from_buffers(len(texts), offsets, exchanged_codes, None, 0, texts.offset)


def _not_blank(table: pa.Table) -> Flags:
    """Which rows have a cell that is neither empty nor white space."""
    present = np.zeros(table.num_rows, np.bool_)
    for column in table.columns:
        missing = np.flatnonzero(~present)
        if not len(missing):
            break
        cells = column if len(missing) == len(present) else column.take(pa.array(missing))
        present[missing] = pc.not_equal(pc.utf8_trim_whitespace(cells), "").to_numpy()
    return present
