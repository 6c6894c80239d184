"""Texts to moments, a whole column at once, by the given formats and never by a guess.

The rule is that of `datetime.strptime`. Formats of the usual kind (digits at known places) are read by array
operations, some fifty times faster; what those can't read is tried by strptime itself, each distinct text once.
"""

import calendar
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from itertools import product
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from importer.blocks import Flags, Texts
from importer.mapping.date_formats import DateFormat
from importer.mapping.texts import bytes_of, rows_of_bytes

Moments: TypeAlias = npt.NDArray[np.datetime64]
"""datetime64[s], NaT where there is none."""

_Bytes: TypeAlias = npt.NDArray[np.uint8]
_Numbers: TypeAlias = npt.NDArray[np.int64]
_Small: TypeAlias = npt.NDArray[np.int32]

_WIDTHS: Final = {"Y": (4,), "y": (2,), "b": (3,), "p": (2,)} | dict.fromkeys("dmHIMS", (2, 1))
_ZERO, _NINE = np.uint8(ord("0")), np.uint8(9)
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
        offsets, codes = bytes_of(texts)
        lengths = np.diff(offsets)
        if texts.null_count:
            lengths = np.where(texts.is_valid().to_numpy(zero_copy_only=False), lengths, 0)
        return cls(texts, codes, offsets[:-1], lengths)

    def of_length(self, length: int) -> tuple[_Numbers, _Bytes]:
        """Which texts have this length, and their bytes: all first ones, all second ones, and so on."""
        which = np.flatnonzero(self.lengths == length)
        return which, np.ascontiguousarray(rows_of_bytes(self.codes, self.starts[which], length).T)


def _parse(column: _Column, format_: DateFormat) -> Moments:
    moments = np.full(len(column.lengths), np.datetime64("NaT", "s"))
    for length, layouts in _layouts(format_).items():
        which, places = column.of_length(length)
        if not len(which):
            continue
        for layout in layouts:
            fits, found = _read_layout(places, layout)
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
        if not (_same_year(moment, text, format_) and _same_weekday(moment, text, format_)):
            return None
        return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
    except (ValueError, OverflowError):  # OverflowError: an offset that leads out of the years 1 to 9999
        return None


def _same_year(moment: datetime, text: str, format_: DateFormat) -> bool:
    """Day 366 of a common year must not become the first day of the next one, nor week 53 of a short one its first."""
    if "G" in format_.parts:
        return f"{moment.isocalendar().year:04}" in text
    return "j" not in format_.parts or moment.strftime("%Y" if "Y" in format_.parts else "%y") in text


def _same_weekday(moment: datetime, text: str, format_: DateFormat) -> bool:
    """A Friday that was a Thursday is a mistake in one of the two, and nobody knows in which."""
    # Unlike a datetime, which works its day of the week out, this one has kept what stands in the text.
    return not format_.has_weekday or time.strptime(text, format_.directives).tm_wday == moment.weekday()


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


def _read_layout(places: _Bytes, layout: _Layout) -> tuple[Flags, Moments]:
    """Which texts have this layout and are real moments, and those moments.

    :param places: the bytes of the texts, place by place.
    """
    fits = np.ones(places.shape[1], np.bool_)
    for place, literal in layout.literals:
        fits &= places[place] == literal
    numbers = {letter: _number(letter, places[begin:end], fits) for letter, begin, end in layout.pieces}
    year = numbers["Y"] if "Y" in numbers else numbers["y"] + np.where(numbers["y"] < 69, 2000, 1900)
    month = numbers["b"] if "b" in numbers else numbers["m"]
    seconds = _clock(numbers, fits)
    fits &= (year >= 1) & (month >= 1) & (month <= 12)
    first_days = _first_days()
    which_month = np.where(fits, year * 12 + month - 13, 0)
    first = first_days[which_month]
    fits &= (numbers["d"] >= 1) & (numbers["d"] <= first_days[which_month + 1] - first)
    days = (first + numbers["d"] - 1).astype(np.int64)
    moments = days * 86400
    if seconds is not None:
        moments += seconds
    return fits, moments[fits].astype("datetime64[s]")


def _clock(numbers: dict[str, _Small], fits: Flags) -> _Small | None:
    """Seconds of the day, if the layout has a time; what is no time no longer fits."""
    hour = numbers.get("H")
    if "I" in numbers:
        fits &= (numbers["I"] >= 1) & (numbers["I"] <= 12)
        hour = numbers["I"] % 12 + 12 * numbers["p"]
    if hour is None:
        return None
    fits &= hour < 24
    seconds = hour * 3600
    for letter, unit in (("M", 60), ("S", 1)):
        if letter in numbers:
            fits &= numbers[letter] < 60
            seconds += numbers[letter] * unit
    return seconds


@lru_cache(maxsize=1)
def _first_days() -> _Small:
    """The first day of every month from January of the year 1, and of the one after the last, in days since 1970."""
    months = np.arange("0001-01", "10000-02", dtype="datetime64[M]")
    return months.astype("datetime64[D]").astype(np.int32)


def _number(letter: str, places: _Bytes, fits: Flags) -> _Small:
    """What a directive's bytes say; texts in which they say nothing no longer fit."""
    if letter in "bp":
        return _word(_MONTHS if letter == "b" else _HALVES, places, fits)
    number = np.zeros(places.shape[1], np.int32)
    for codes in places:
        digits = codes - _ZERO  # in bytes: what is below the nought comes out far above the nine
        fits &= digits <= _NINE
        number *= 10
        number += digits
    return number


def _word(words: Mapping[str, int], places: _Bytes, fits: Flags) -> _Small:
    packed = np.zeros(places.shape[1], np.int32)
    for codes in places:
        packed = packed << 8 | (codes | 0x20)  # lower case
    number = np.zeros(places.shape[1], np.int32)
    known = np.zeros(places.shape[1], np.bool_)
    for word, value in words.items():
        hit = packed == int.from_bytes(word.encode())
        number[hit] = value
        known |= hit
    fits &= known
    return number


_MONTHS: Final = {calendar.month_abbr[month].lower(): month for month in range(1, 13)}
_HALVES: Final = {"am": 0, "pm": 1}
