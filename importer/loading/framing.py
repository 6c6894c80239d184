"""Where each record of a CSV text begins and ends, on which physical line, and how many fields it has.

This is the one place that knows the grammar of CSV (RFC 4180, with line ends LF, CRLF or CR, and a quotation mark
inside an unquoted field taken as itself). Nothing is read over silently: a quotation mark that opens a field and is
not closed properly spoils just the physical line it stands on, and reading goes on with the next line.

Texts are UTF-8 bytes here. The usual block is framed by array operations; one with quotation marks in odd places is
walked line by line.
"""

import re
from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

QUOTE: Final = ord('"')
CR: Final = ord("\r")
LF: Final = ord("\n")

LONGEST_QUOTED_RECORD: Final = 1 << 20
"""Bytes. A quotation mark that is still open after this many was never meant to span lines."""

_WORTH_FRAMING_AT_ONCE: Final = 1 << 12
"""Bytes without a quotation mark: a shorter stretch is walked through in less time than the array operations take."""

_MOST_AT_ONCE: Final = 1 << 20
"""Bytes: the arrays for a text of short lines are many times as large as the text."""

UNCLOSED: Final = "unclosed"
MISPLACED: Final = "misplaced"

Positions = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Records:
    """The complete records at the beginning of a text; all arrays have one entry per record."""

    starts: Positions
    ends: Positions
    """Where the content ends, without the line end."""
    lines: Positions
    """The physical line on which the record starts."""
    widths: Positions
    """Number of fields."""
    broken: Mapping[int, str]
    """Index of a record -> UNCLOSED or MISPLACED; such a record is one physical line."""
    consumed: int
    """Bytes of the text that the records and their line ends take up."""
    next_line: int
    """The physical line on which the rest begins."""


def frame(text: bytes, delimiter: str, first_line: int, *, final: bool) -> Records:
    """Finds the records of `text`, which begins at the beginning of a record, on physical line `first_line`.

    Unless `final`, the text may break off anywhere; what is not surely complete is left for the next call.
    """
    if final and text and text[-1] not in (LF, CR):
        text += b"\n"
    records = _frame_at_once(text, ord(delimiter), first_line, final=final)
    if records is not None and not (_stuck_in_quotes(text, records) or (final and records.consumed < len(text))):
        return records
    return _frame_line_by_line(text, delimiter, first_line, final=final)


def _stuck_in_quotes(text: bytes, records: Records) -> bool:
    return len(text) - records.consumed > LONGEST_QUOTED_RECORD and text.find(b'"', records.consumed) >= 0


def _frame_at_once(text: bytes, delimiter: int, first_line: int, *, final: bool) -> Records | None:
    """All records by array operations, or None if a quotation mark stands where only a closer look helps."""
    codes = np.frombuffer(text, np.uint8)
    line_ends = _line_ends(text, codes, final=final)
    quotes = np.flatnonzero(codes == QUOTE) if b'"' in text else np.empty(0, np.int64)
    record_ends = line_ends[np.searchsorted(quotes, line_ends) % 2 == 0] if len(quotes) else line_ends
    consumed = int(record_ends[-1]) + 1 if len(record_ends) else 0
    quotes = quotes[quotes < consumed]
    if len(quotes) and not _quotes_are_regular(codes, quotes, delimiter):
        return None
    starts = np.concatenate(([0], record_ends[:-1] + 1)) if len(record_ends) else np.empty(0, np.int64)
    if len(quotes) and (record_ends - starts).max() > LONGEST_QUOTED_RECORD:
        return None
    after_cr = (codes[record_ends] == LF) & (codes[record_ends - 1] == CR) & (record_ends > starts)
    delimiters = np.flatnonzero(codes == delimiter)
    if len(quotes):
        delimiters = delimiters[np.searchsorted(quotes, delimiters) % 2 == 0]
    widths = np.searchsorted(delimiters, record_ends) - np.searchsorted(delimiters, starts) + 1
    ordinals = np.searchsorted(line_ends, starts)
    return Records(
        starts=starts,
        ends=record_ends - after_cr,
        lines=ordinals + first_line,
        widths=widths,
        broken={},
        consumed=consumed,
        next_line=first_line + int(np.searchsorted(line_ends, consumed)),
    )


def _line_ends(text: bytes, codes: npt.NDArray[np.uint8], *, final: bool) -> Positions:
    """The last byte of every line end: LF, or a CR that no LF follows."""
    feeds = np.flatnonzero(codes == LF)
    if b"\r" not in text:
        return feeds
    returns = np.flatnonzero(codes == CR)
    if not final and len(returns) and returns[-1] == len(codes) - 1:
        returns = returns[:-1]  # its LF may be the first byte of what comes next
    followed = codes[np.minimum(returns + 1, len(codes) - 1)] == LF
    return np.sort(np.concatenate((feeds, returns[~followed])))


def _quotes_are_regular(codes: npt.NDArray[np.uint8], quotes: Positions, delimiter: int) -> bool:
    """Whether each odd quotation mark opens a field or goes on with a doubled one, and each even one ends it so."""
    borders = np.zeros(256, np.bool_)
    borders[[delimiter, LF, CR, QUOTE]] = True
    opening, closing = quotes[0::2], quotes[1::2]
    if len(opening) != len(closing):
        return False
    opened_well = borders[codes[opening - 1]] | (opening == 0)
    return bool(opened_well.all() and borders[codes[closing + 1]].all())


@dataclass(frozen=True, slots=True)
class _Grammar:
    quoted: re.Pattern[bytes]
    plain: re.Pattern[bytes]
    line_end: re.Pattern[bytes]
    delimiter: bytes


@lru_cache(maxsize=16)
def _grammar(delimiter: str) -> _Grammar:
    escaped = re.escape(delimiter.encode())
    return _Grammar(
        quoted=re.compile(rb'"((?:[^"]++|"")*+)"'),
        plain=re.compile(rb"[^\r\n" + escaped + rb"]*+"),
        line_end=re.compile(rb"\r\n|\n|\r"),
        delimiter=delimiter.encode(),
    )


def _frame_line_by_line(text: bytes, delimiter: str, first_line: int, *, final: bool) -> Records:
    grammar = _grammar(delimiter)
    found = array("q")  # a list of tuples would be larger than the text
    broken: dict[int, str] = {}
    position, line, next_quote = 0, first_line, -1
    while position < len(text):
        if next_quote < position:
            next_quote = text.find(b'"', position)
            next_quote = len(text) if next_quote < 0 else next_quote
        if next_quote - position > _WORTH_FRAMING_AT_ONCE:
            quiet = _frame_at_once(
                text[position : min(next_quote, position + _MOST_AT_ONCE)], ord(delimiter), line, final=False
            )
            assert quiet is not None, "there are no quotation marks in it"
            if quiet.consumed:
                ends = quiet.starts + position, quiet.ends + position
                found.frombytes(np.column_stack((*ends, quiet.lines, quiet.widths)).tobytes())
                position, line = position + quiet.consumed, quiet.next_line
                continue
        line_end = grammar.line_end.search(text, position)
        if line_end is None or (not final and line_end.end() == len(text) and line_end.group() == b"\r"):
            break
        end, width, trouble = _walk_record(text, position, line_end.start(), grammar)
        if trouble and end == len(text) and not final and len(text) - position <= LONGEST_QUOTED_RECORD:
            break
        if trouble:
            broken[len(found) // 4] = trouble
            end, width = line_end.start(), text.count(grammar.delimiter, position, line_end.start()) + 1
        record_end = grammar.line_end.match(text, end)
        if record_end is None or (not final and record_end.end() == len(text) and record_end.group() == b"\r"):
            break  # the quoted field reaches the end of the text: what follows it is not known yet
        found.extend((position, end, line, width))
        line += len(grammar.line_end.findall(text, position, record_end.end()))
        position = record_end.end()
    table = np.asarray(found, np.int64).reshape(-1, 4)
    return Records(table[:, 0], table[:, 1], table[:, 2], table[:, 3], broken, position, line)


def _walk_record(text: bytes, start: int, line_end: int, grammar: _Grammar) -> tuple[int, int, str]:
    """How far it was read, number of fields, and what is wrong with the quotation marks of its line, if anything."""
    if text.find(b'"', start, line_end) < 0:
        return line_end, text.count(grammar.delimiter, start, line_end) + 1, ""
    position, width = start, 1
    furthest = max(line_end, start + LONGEST_QUOTED_RECORD)
    while True:
        if text[position : position + 1] == b'"':
            field = grammar.quoted.match(text, position, furthest)
            if field is None:
                return len(text), width, UNCLOSED
        else:
            field = grammar.plain.match(text, position)
            assert field is not None, "the pattern of a plain field matches the empty text"
        position = field.end()
        following = text[position : position + 1]
        if following == grammar.delimiter:
            position += 1
            width += 1
        elif following in (b"\r", b"\n", b""):
            return position, width, ""
        else:
            return position, width, MISPLACED if position <= line_end else UNCLOSED


def split(record: bytes, delimiter: str) -> list[str]:
    """The fields of one record; a quotation mark that is not closed properly is taken as itself."""
    grammar = _grammar(delimiter)
    fields: list[str] = []
    position = 0
    while True:
        field = grammar.quoted.match(record, position)
        if field and record[field.end() : field.end() + 1] in (grammar.delimiter, b""):
            fields.append(field.group(1).decode().replace('""', '"'))
        else:
            field = grammar.plain.match(record, position)
            assert field is not None, "the pattern of a plain field matches the empty text"
            fields.append(field.group().decode())
        position = field.end() + 1
        if position > len(record):
            return fields


def open_quote(record: bytes, delimiter: str) -> int:
    """The place, from 0, of the first field of a broken record whose quotation mark is not closed properly."""
    grammar = _grammar(delimiter)
    position = place = 0
    while position < len(record):
        field = grammar.quoted.match(record, position)
        if field is None or record[field.end() : field.end() + 1] not in (grammar.delimiter, b""):
            if record[position : position + 1] == b'"':
                return place
            field = grammar.plain.match(record, position)
        assert field is not None, "the pattern of a plain field matches the empty text"
        position = field.end() + 1
        place += 1
    return place


def join(fields: list[str], delimiter: str) -> bytes:
    """A record of these fields, every one of them quoted, with a line end."""
    return (delimiter.join(f'"{field.replace(chr(QUOTE), chr(QUOTE) * 2)}"' for field in fields) + "\n").encode()
