"""How a CSV text separates its fields, and where its header stands."""

import re
from dataclasses import dataclass
from typing import Final

from importer.errors.sources import HeaderBroken, HeaderMissing
from importer.loading.apostrophes import Apostrophes, apostrophes_in
from importer.loading.delimiters import DELIMITERS, most_regular
from importer.loading.framing import frame, split
from importer.loading.source import ReadingOptions
from importer.loading.titles import ROWS_LOOKED_AT, Title, title_in

_DOUBTED_BYTES: Final = 1 << 16
"""How much is looked at to find out whether the header is a title."""

_LINE: Final = re.compile(rb"([^\r\n]*)(\r\n|\n|\r|\Z)")
_NAMED_BY_EXCEL: Final = re.compile(rb'sep=([^"\0])$', re.IGNORECASE)
_BLANK: Final = re.compile(r'(?:"\s*"|[\s,;|])*')
"""Lines whose cells are all blank, whatever separates them."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """All there is to know about a CSV text before its first row."""

    delimiter: str
    newline: str
    header: tuple[str, ...]
    header_line: int
    preamble: bytes
    """What stands above the header, line ends included."""
    rows_at: int
    """Byte at which the text after the header begins."""
    next_line: int
    """The physical line there."""
    has_rows: bool
    """Whether anything is written below the header."""
    quoted: bool = False
    """Whether there are quotation marks, as far as was looked."""
    apostrophes: Apostrophes | None = None
    """What speaks for it that they enclose texts."""
    title: Title | None = None
    """What this header may be instead of one."""


def dialect_of(label: str, sample: bytes, options: ReadingOptions, *, whole: bool) -> Dialect:
    """Reads the beginning of a text (UTF-8, without byte-order mark): up to its header and some rows.

    :param sample: in the usual quotation marks, if it is known that it had others.
    :param whole: the sample is all of the text.
    :raises HeaderMissing: there is no line that could name the columns.
    :raises HeaderBroken: the header's quotation marks don't fit together.
    """
    delimiter, header_row = options.delimiter, options.header_row
    named = _NAMED_BY_EXCEL.match(_first_line(sample))
    at, line = _find_header(label, sample, header_row, after=1 if named else 0)
    if delimiter is None:
        delimiter = named[1].decode() if named else most_regular(sample[at:], whole=whole)
    records = frame(sample[at:], delimiter, line, final=whole)
    if not len(records.starts):
        raise HeaderBroken(label, line, "it does not end within the first megabyte")
    if 0 in records.broken:
        raise HeaderBroken(label, line, f"a quotation mark is {records.broken[0]}")
    start, end = int(records.starts[0]) + at, int(records.ends[0]) + at
    line_end = _LINE.match(sample, end)
    assert line_end is not None, "the pattern of a line matches the empty text"
    header = tuple(split(sample[start:end], delimiter))
    apostrophes = None
    if options.quote_char is None:
        told = options.delimiter is not None or named is not None
        apostrophes = apostrophes_in(sample[at:], header, delimiter, told=told, whole=whole)
    next_line = int(records.lines[1]) if len(records.lines) > 1 else records.next_line
    return Dialect(
        delimiter=delimiter,
        newline=line_end[2].decode() or "\n",
        header=header,
        header_line=line,
        preamble=sample[:at],
        rows_at=line_end.end(),
        next_line=next_line,
        has_rows=not whole or not _BLANK.fullmatch(sample[line_end.end() :].decode()),
        quoted=b'"' in sample[at:],
        apostrophes=apostrophes,
        title=None if header_row else _title(sample, at, line, delimiter, whole=whole),
    )


def _title(sample: bytes, at: int, line: int, delimiter: str, *, whole: bool) -> Title | None:
    """What speaks against the first line that is not blank being the header.

    Other delimiters are tried only on a line that this one does not divide: elsewhere a decimal comma would count.
    The one that gives names and most of them is right: a comma within texts would find some row of those.
    """
    found: list[Title] = []
    divided = len(split(_first_line(sample[at:]), delimiter)) > 1
    for candidate in (delimiter,) if divided else (delimiter, *DELIMITERS):
        records = frame(
            sample[at : at + _DOUBTED_BYTES], candidate, line, final=whole and len(sample) - at < _DOUBTED_BYTES
        )
        rows = (
            (int(records.lines[index]), split(sample[at + records.starts[index] : at + records.ends[index]], candidate))
            for index in range(min(len(records.starts), ROWS_LOOKED_AT))
        )
        title = title_in("line", list(rows))
        if title:
            found.append(title)
    return max(found, key=lambda title: (title.certain, title.width), default=None)


def _first_line(sample: bytes) -> bytes:
    line = _LINE.match(sample)
    return line[1] if line else b""


def _find_header(label: str, sample: bytes, header_row: int | None, after: int) -> tuple[int, int]:
    """Byte and line at which the header begins: the row asked for, else the first not blank after `after`."""
    for line, found in enumerate(_LINE.finditer(sample), start=1):
        blank = _BLANK.fullmatch(found[1].decode(errors="replace"))
        if header_row is None and line > after and not blank:
            return found.start(), line
        if line == header_row:
            if blank:
                break
            return found.start(), line
    raise HeaderMissing(label, header_row)
