"""Texts to moments, a whole column at once, by the given formats and never by a guess.

The rule is that of `datetime.strptime`. Formats of the usual kind (digits at known places) are read by array
operations, some fifty times faster; what those can't read is tried by strptime itself, each distinct text once.
"""

import calendar
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from itertools import product
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from importer.mapping.date_formats import DateFormat
from importer.records import Flags, Texts

Moments: TypeAlias = npt.NDArray[np.datetime64]
"""datetime64[s], NaT where there is none."""

_Bytes: TypeAlias = npt.NDArray[np.uint8]
_Numbers: TypeAlias = npt.NDArray[np.int64]

_WIDTHS: Final = {"Y": (4,), "y": (2,), "b": (3,), "p": (2,)} | dict.fromkeys("dmHIMS", (2, 1))
_ZERO, _NINE = ord("0"), ord("9")
_LONGEST: Final = 200
"""Bytes; a longer text is no date."""


@dataclass(frozen=True, slots=True)
class ParsedDates:
    """What was read from a column of texts."""

    moments: Moments
    """As written, without a zone; in UTC where `aware`."""
    aware: Flags
    """Whether the text itself named its offset from UTC."""
    ambiguous: Flags
    """Whether two of the formats read it as different moments."""


def parse_dates(texts: Texts, formats: Sequence[DateFormat]) -> ParsedDates:
    """Reads every text by every format; an empty or null text has no moment and no fault."""
    column = _Column.of(texts)
    moments = np.full(len(column.lengths), np.datetime64("NaT", "s"))
    aware = np.zeros(len(moments), np.bool_)
    ambiguous = np.zeros(len(moments), np.bool_)
    for format_ in formats:
        found = _parse(column, format_)
        read = ~np.isnat(found)
        ambiguous |= read & ~np.isnat(moments) & ((moments != found) | (aware != format_.has_offset))
        fresh = read & np.isnat(moments)
        moments[fresh] = found[fresh]
        if format_.has_offset:
            aware |= fresh
    return ParsedDates(moments, aware, ambiguous)


@dataclass(frozen=True, slots=True)
class _Column:
    """The bytes of a column of texts, without white space at the ends having been taken off."""

    texts: Texts
    codes: _Bytes
    starts: _Numbers
    lengths: _Numbers

    @classmethod
    def of(cls, texts: Texts) -> "_Column":
        _, offset_bytes, code_bytes = texts.buffers()
        offsets = np.frombuffer(offset_bytes, np.int64)[texts.offset : texts.offset + len(texts) + 1]
        codes = np.frombuffer(code_bytes, np.uint8) if code_bytes else np.empty(0, np.uint8)
        lengths = np.diff(offsets)
        if texts.null_count:
            lengths = np.where(texts.is_valid().to_numpy(zero_copy_only=False), lengths, 0)
        return cls(texts, codes, offsets[:-1], lengths)

    def of_length(self, length: int) -> tuple[_Numbers, _Bytes]:
        """Which texts have this length, and their bytes, one text a row."""
        which = np.flatnonzero(self.lengths == length)
        return which, self.codes[self.starts[which, None] + np.arange(length)]


def _parse(column: _Column, format_: DateFormat) -> Moments:
    moments = np.full(len(column.lengths), np.datetime64("NaT", "s"))
    for length, layouts in _layouts(format_).items():
        which, matrix = column.of_length(length)
        if not len(which):
            continue
        for layout in layouts:
            fits, found = _read_layout(matrix, layout)
            moments[which[fits]] = found
    left = np.flatnonzero(np.isnat(moments) & (column.lengths > 0) & (column.lengths <= _LONGEST))
    if len(left) and not _is_crowded(format_):
        _parse_one_by_one(column.texts, left, format_, moments)
    return moments


def _parse_one_by_one(texts: Texts, left: _Numbers, format_: DateFormat, moments: Moments) -> None:
    encoded = texts.take(left).dictionary_encode()
    distinct = np.array([_strptime(text, format_) for text in encoded.dictionary.to_pylist()], "datetime64[s]")
    moments[left] = distinct[encoded.indices.to_numpy()]


def _strptime(text: str, format_: DateFormat) -> datetime | None:
    try:
        moment = datetime.strptime(text, format_.directives)  # noqa: DTZ007  # the zone is the caller's matter
        if "j" in format_.parts and not _same_year(moment, text, format_):
            return None
        return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
    except (ValueError, OverflowError):  # OverflowError: an offset that leads out of the years 1 to 9999
        return None


def _same_year(moment: datetime, text: str, format_: DateFormat) -> bool:
    """Day 366 of a common year must not become the first day of the next one."""
    return moment.strftime("%Y" if "Y" in format_.parts else "%y") in text


# ---------------------------------------------------------------------------- digits at known places

_Piece: TypeAlias = tuple[str, int, int]
"""A directive letter, or "" for literal bytes; where it begins; where it ends."""


@dataclass(frozen=True, slots=True)
class _Layout:
    """One way in which a format can fill a text of one length."""

    pieces: tuple[_Piece, ...]
    literals: tuple[tuple[int, int], ...]
    """Place and byte of everything that is not a directive."""


@lru_cache(maxsize=256)
def _layouts(format_: DateFormat) -> dict[int, list[_Layout]]:
    """The layouts of a format by length; none if only strptime can read it."""
    parts = list(_parts(format_.directives))
    if any(letter and letter not in _WIDTHS for letter, _ in parts):
        return {}
    crowded = _crowded(parts)
    choices = [
        _WIDTHS[letter][:1] if index in crowded else _WIDTHS.get(letter, (1,))
        for index, (letter, _) in enumerate(parts)
    ]
    layouts: dict[int, list[_Layout]] = {}
    for widths in product(*choices):
        at, pieces, literals = 0, [], []
        for (letter, literal), width in zip(parts, widths, strict=True):
            if letter:
                pieces.append((letter, at, at + width))
            else:
                literals.append((at, literal))
            at += width
        layouts.setdefault(at, []).append(_Layout(tuple(pieces), tuple(literals)))
    return layouts


def _is_crowded(format_: DateFormat) -> bool:
    """Whether strptime could only guess how the digits go together: 2024111 is in January or in November."""
    return bool(_layouts(format_)) and bool(_crowded(list(_parts(format_.directives))))


def _crowded(parts: list[tuple[str, int]]) -> set[int]:
    """The directives beside other digits: only their full width tells which digit belongs to which."""
    digits = [letter not in "bp" if letter else chr(literal).isdigit() for letter, literal in parts]
    pairs = [index for index in range(1, len(parts)) if digits[index - 1] and digits[index]]
    return {index for pair in pairs for index in (pair - 1, pair) if len(_WIDTHS.get(parts[index][0], ())) > 1}


def _parts(directives: str) -> Iterator[tuple[str, int]]:
    """(letter, 0) for a directive, ("", byte) for each literal byte."""
    codes = iter(directives.encode())
    for code in codes:
        if code == ord("%") and (letter := chr(next(codes))) != "%":
            yield letter, 0
        else:
            yield "", code


def _read_layout(matrix: _Bytes, layout: _Layout) -> tuple[Flags, Moments]:
    """Which rows have this layout and are real moments, and those moments."""
    fits = np.ones(len(matrix), np.bool_)
    for place, literal in layout.literals:
        fits &= matrix[:, place] == literal
    numbers: dict[str, _Numbers] = {}
    for letter, begin, end in layout.pieces:
        numbers[letter] = _number(letter, matrix[:, begin:end], fits)
    year = numbers["Y"] if "Y" in numbers else numbers["y"] + np.where(numbers["y"] < 69, 2000, 1900)
    month = numbers["b"] if "b" in numbers else numbers["m"]
    zero = np.zeros(len(matrix), np.int64)
    hour = numbers.get("H", zero)
    if "I" in numbers:
        fits &= (numbers["I"] >= 1) & (numbers["I"] <= 12)
        hour = numbers["I"] % 12 + 12 * numbers["p"]
    minute, second = numbers.get("M", zero), numbers.get("S", zero)
    fits &= (year >= 1) & (month >= 1) & (month <= 12) & (hour < 24) & (minute < 60) & (second < 60)
    months = ((year - 1970) * 12 + month - 1).astype("datetime64[M]")
    first = months.astype("datetime64[D]").astype(np.int64)
    length = (months + 1).astype("datetime64[D]").astype(np.int64) - first
    fits &= (numbers["d"] >= 1) & (numbers["d"] <= length)
    seconds = (first + numbers["d"] - 1) * 86400 + hour * 3600 + minute * 60 + second
    return fits, seconds[fits].astype("datetime64[s]")


def _number(letter: str, codes: _Bytes, fits: Flags) -> _Numbers:
    """What a directive's bytes say; rows in which they say nothing no longer fit."""
    if letter in "bp":
        words = _MONTHS if letter == "b" else _HALVES
        packed = np.zeros(len(codes), np.int64)
        for column in codes.T:
            packed = packed << 8 | (column | 0x20)  # lower case
        number = np.zeros(len(codes), np.int64)
        known = np.zeros(len(codes), np.bool_)
        for word, value in words.items():
            hit = packed == int.from_bytes(word.encode())
            number[hit] = value
            known |= hit
        fits &= known
        return number
    fits &= ((codes >= _ZERO) & (codes <= _NINE)).all(axis=1)
    number = np.zeros(len(codes), np.int64)
    for column in codes.T:
        number = number * 10 + (column.astype(np.int64) - _ZERO)
    return number


_MONTHS: Final = {calendar.month_abbr[month].lower(): month for month in range(1, 13)}
_HALVES: Final = {"am": 0, "pm": 1}
