"""The cells of a block as the values that are posted: a whole column at once, each cell read exactly once.

What can't be read is no exception but a reason, one code per row; validation makes issues of them.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.codes import Code, meaning_of
from importer.mapping.bound import BoundValue, FromColumn, FromNowhere, FromTemplate
from importer.mapping.date_formats import DateFormat, date_format
from importer.mapping.dates import parse_dates
from importer.mapping.model import DATED, NUMERIC, NumberMarks, ValueType
from importer.mapping.moments import as_text, to_utc
from importer.mapping.numbers import read_decimals, read_integers
from importer.records import Block, CellKind, Flags, Kinds, Texts

_STORED_MOMENT: Final[tuple[DateFormat, ...]] = tuple(map(date_format, ("%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S.%f")))
_TRUE: Final = ("true", "yes", "y", "1")
_FALSE: Final = ("false", "no", "n", "0")
_GUID: Final = r"^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$"
_EMAIL: Final = (
    r"^[^\pZ\pC@<>()\[\]\\,;:\".]+(\.[^\pZ\pC@<>()\[\]\\,;:\".]+)*"
    r"@([\pL\pN]([\pL\pM\pN-]*[\pL\pM\pN])?\.)+[\pL]([\pL\pM\pN-]*[\pL\pM\pN])$"
)
_PHONE: Final = r"^\+?\(?[0-9][0-9 ().\-/]*$"


@dataclass(frozen=True, slots=True)
class Reading:
    """One value of all rows of a block; arrays of the block's length."""

    value: BoundValue
    text: Texts
    """The cell's text after trimming, default and map; null where there is none."""
    posted: Texts
    """What is posted; null where nothing is, or where the text can't be read."""
    reasons: Texts
    """The code of why the text can't be read; null where it can."""


def read_value(value: BoundValue, block: Block) -> Reading:
    """Reads one value of all rows."""
    cells = _cells(value, block)
    _fill(cells, value)
    empty = pc.equal(cells.text, "")
    text = pc.if_else(empty, None, cells.text)
    posted = _READERS[value.type](cells, value)
    if posted is not cells.text or cells.faulty:
        posted = pc.if_else(pc.or_(empty, pa.array(cells.why > 0)), None, posted)
    else:
        posted = text
    return Reading(value, text, posted, cells.reasons())


def constant_text(value: BoundValue) -> str | None:
    """What is posted for a value that is the same for every row; binding has seen that it can be read.

    An empty constant is posted as an empty text: unlike an empty cell, it is meant.
    """
    assert isinstance(value.origin, FromNowhere), "only constants come from nowhere"
    if not value.origin.text:
        return ""
    posted = _read_fixed(value, value.origin.text).posted[0].as_py()
    return None if posted is None else str(posted)


def fault_of_constant(value: BoundValue, text: str) -> str | None:
    """Why a text of the mapping can't be posted as this value, if so."""
    reading = _read_fixed(value, text)
    text = reading.text[0].as_py()
    if not text:
        return meaning_of(Code.REQUIRED_EMPTY) if value.required else None
    if value.choices and text not in value.choices:
        return f"is not among the choices {', '.join(value.choices)}"
    if value.pattern is not None and not re.fullmatch(value.pattern, text):
        return meaning_of(Code.PATTERN_MISMATCH)
    if value.max_length is not None and len(text) > value.max_length:
        return meaning_of(Code.TOO_LONG)
    reason = reading.reasons[0].as_py()
    return meaning_of(reason) if reason else None


def _read_fixed(value: BoundValue, text: str) -> Reading:
    cells = _Cells(pa.array([text], pa.large_string()), np.zeros(1, np.uint8))
    if value.trimmed:
        cells.text = pc.utf8_trim_whitespace(cells.text)
    posted = _READERS[value.type](cells, value)
    return Reading(value, cells.text, posted, cells.reasons())


# ------------------------------------------------------------------------------------------------- cells


class _Cells:
    """The texts of one value on their way; `why` collects the first reason against each."""

    def __init__(self, text: Texts, kinds: Kinds, stored: Texts | None = None) -> None:
        self.text = text
        self.kinds = kinds
        self.stored = stored
        self.why = np.zeros(len(text), np.int8)
        self.faulty = False

    def refuse(self, where: Flags, code: Code) -> None:
        if where.any():
            self.faulty = True
            self.why[where & (self.why == 0)] = _CODES.index(code)

    def reasons(self) -> Texts:
        if not self.faulty:
            return pa.nulls(len(self.text), pa.large_string())
        return _CODE_TEXTS.take(pa.array(self.why))

    def are(self, kind: CellKind) -> Flags:
        flags: Flags = self.kinds == kind
        return flags


_CODES: Final = (None, *Code)
_CODE_TEXTS: Final = pa.array(_CODES, pa.large_string())


def _cells(value: BoundValue, block: Block) -> _Cells:
    origin = value.origin
    if isinstance(origin, FromColumn):
        column = block.columns[origin.position]
        stored = column.stored
        kinds = stored.kinds if stored else np.zeros(len(block), np.uint8)
        cells = _Cells(column.shown, kinds, stored.stored if stored else None)
    else:
        assert isinstance(origin, FromTemplate), "constants are not read row by row"
        cells = _Cells(_filled_template(origin, block), np.zeros(len(block), np.uint8))
    for position in value.positions:
        stored = block.columns[position].stored
        if stored:
            cells.refuse(stored.kinds == CellKind.ERROR, Code.EXCEL_ERROR)
            cells.refuse(stored.kinds == CellKind.FORMULA, Code.FORMULA_WITHOUT_VALUE)
    if value.trimmed:
        cells.text = pc.utf8_trim_whitespace(cells.text)
    if cells.stored is not None and value.type in NUMERIC | DATED:
        # A format such as `0;-0;` shows nothing for a nought, and what is stored counts.
        hidden = ~_filled(cells) & (cells.are(CellKind.NUMBER) | cells.are(CellKind.MOMENT))
        cells.text = pc.if_else(pa.array(hidden), cells.stored, cells.text)
    return cells


def _filled_template(origin: FromTemplate, block: Block) -> Texts:
    parts = [
        block.columns[origin.positions[text]].shown if is_column else pa.scalar(text, pa.large_string())
        for is_column, text in origin.pieces
    ]
    return pc.binary_join_element_wise(*parts, pa.scalar("", pa.large_string()))


def _fill(cells: _Cells, value: BoundValue) -> None:
    """The table of `map`, then the default; what they put in is text, whatever the cell stored."""
    if value.map is not None:
        keys = pa.array([key.strip() for key, _ in value.map], pa.large_string())
        index = pc.index_in(pc.utf8_trim_whitespace(cells.text), keys)
        listed = index.is_valid().to_numpy(zero_copy_only=False)
        filled = pc.not_equal(cells.text, "").to_numpy(zero_copy_only=False)
        mapped = pa.array([text for _, text in value.map], pa.large_string()).take(index)
        if value.default is None:
            cells.refuse(filled & ~listed, Code.MAP_UNLISTED)
            cells.text = pc.if_else(pa.array(listed), mapped, cells.text)
        else:
            cells.text = pc.fill_null(mapped, value.default)
        cells.kinds = np.where(listed | filled, np.uint8(CellKind.TEXT), cells.kinds)
    if value.default is not None:
        empty = pc.equal(cells.text, "")
        cells.text = pc.if_else(empty, value.default, cells.text)
        cells.kinds = np.where(empty.to_numpy(zero_copy_only=False), np.uint8(CellKind.TEXT), cells.kinds)


# ----------------------------------------------------------------------------------- one reader per type

_Reader = Callable[[_Cells, BoundValue], Texts]


def _as_it_stands(cells: _Cells, _: BoundValue) -> Texts:
    return cells.text


def _number(read: Callable[[Texts, NumberMarks], tuple[Texts, Flags]], code: Code) -> _Reader:
    def reader(cells: _Cells, value: BoundValue) -> Texts:
        posted, readable = read(cells.text, value.number)
        if cells.stored is not None:
            numbers = cells.are(CellKind.NUMBER)
            stored, stored_readable = read(cells.stored, NumberMarks())
            posted = pc.if_else(pa.array(numbers), stored, posted)
            readable = np.where(numbers, stored_readable, readable)
        cells.refuse(~readable & _filled(cells), code)
        return posted

    return reader


def _boolean(cells: _Cells, _: BoundValue) -> Texts:
    lowered = pc.utf8_lower(cells.text)
    true = pc.is_in(lowered, pa.array(_TRUE, pa.large_string()))
    false = pc.is_in(lowered, pa.array(_FALSE, pa.large_string()))
    known = pc.or_(true, false).to_numpy(zero_copy_only=False)
    cells.refuse(~known & _filled(cells), Code.BOOLEAN_UNREADABLE)
    return pc.if_else(true, "1", "0").cast(pa.large_string())


def _shaped(pattern: str, code: Code) -> _Reader:
    def reader(cells: _Cells, _: BoundValue) -> Texts:
        fits = pc.match_substring_regex(cells.text, pattern).to_numpy(zero_copy_only=False)
        cells.refuse(~fits & _filled(cells), code)
        return cells.text

    return reader


def _phone(cells: _Cells, value: BoundValue) -> Texts:
    _shaped(_PHONE, Code.PHONE_MALFORMED)(cells, value)
    digits = pc.utf8_length(pc.replace_substring_regex(cells.text, r"[^0-9]", "")).to_numpy(zero_copy_only=False)
    cells.refuse(((digits < 7) | (digits > 15)) & _filled(cells), Code.PHONE_MALFORMED)
    return cells.text


def _dated(cells: _Cells, value: BoundValue) -> Texts:
    parsed = parse_dates(cells.text, value.formats)
    moments, aware = parsed.moments, parsed.aware
    if cells.stored is not None:
        real = cells.are(CellKind.MOMENT)
        moments = np.where(real, parse_dates(cells.stored, _STORED_MOMENT).moments, moments)
        # A number that the formats read, 20261121 by yyyymmdd, is a date; any other is Excel's count of days.
        cells.refuse(cells.are(CellKind.NUMBER) & np.isnat(moments) & _filled(cells), Code.DATE_SERIAL)
        cells.refuse(parsed.ambiguous & ~real, Code.DATE_AMBIGUOUS)
        aware &= ~real
    else:
        cells.refuse(parsed.ambiguous, Code.DATE_AMBIGUOUS)
    cells.refuse(np.isnat(moments) & _filled(cells), Code.DATE_UNREADABLE)
    if value.type is ValueType.DATE:
        return as_text(moments, with_time=False)
    local = ~aware & ~np.isnat(moments)
    if value.timezone is None:
        cells.refuse(local, Code.TIMEZONE_MISSING)
    elif local.any():
        utc = to_utc(moments, value.timezone)
        cells.refuse(utc.missing & local, Code.TIME_SKIPPED)
        cells.refuse(utc.twice & local, Code.TIME_TWICE)
        moments = np.where(local, utc.moments, moments)
        cells.refuse(local & np.isnat(moments), Code.DATE_UNREADABLE)
    return as_text(moments, with_time=True)


def _filled(cells: _Cells) -> Flags:
    filled: Flags = pc.not_equal(cells.text, "").to_numpy(zero_copy_only=False)
    return filled


_READERS: Final[dict[ValueType, _Reader]] = {
    ValueType.TEXT: _as_it_stands,
    ValueType.CHOICE: _as_it_stands,
    ValueType.INTEGER: _number(read_integers, Code.INTEGER_UNREADABLE),
    ValueType.DECIMAL: _number(read_decimals, Code.DECIMAL_UNREADABLE),
    ValueType.BOOLEAN: _boolean,
    ValueType.DATE: _dated,
    ValueType.DATETIME: _dated,
    ValueType.EMAIL: _shaped(_EMAIL, Code.EMAIL_MALFORMED),
    ValueType.PHONE: _phone,
    ValueType.GUID: _shaped(_GUID, Code.GUID_MALFORMED),
}
