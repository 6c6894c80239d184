"""The cells of a block as the values that are posted: a whole column at once, each cell read exactly once.

What can't be read is no exception but a reason, one code per row; validation makes issues of them. What is posted is
written only when somebody asks for it: validation never does.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.blocks import Block, CellKind, Flags, Texts
from importer.codes.rows import Code, meaning_of
from importer.mapping.bound import BoundValue, FromNowhere
from importer.mapping.cells import REASON_CODES, Cells, Reasons, cells_of, reason_texts, refuse_undecided
from importer.mapping.conditions import hold
from importer.mapping.dated import read_dated
from importer.mapping.guids import are_guids
from importer.mapping.numbers import numbers, plain_digits, whole_numbers
from importer.mapping.phones import read_phones, shaped_as_phone
from importer.mapping.texts import filled, is_ascii, matching, only_where, trimmed
from importer.mapping.values import BooleanWords, NumberMarks, ValueType

_USUAL_WORDS: Final = BooleanWords(true=["true", "yes", "y", "1"], false=["false", "no", "n", "0"])
_EMAIL: Final = (
    r"^[^\pZ\pC@<>()\[\]\\,;:\".]+(\.[^\pZ\pC@<>()\[\]\\,;:\".]+)*"
    r"@([\pL\pN]([\pL\pM\pN-]*[\pL\pM\pN])?\.)+[\pL]([\pL\pM\pN-]*[\pL\pM\pN])$"
)
_LETTERS: Final = "[!#-'*+/-9=?A-Z^-~-]"
_HOST: Final = "[0-9A-Za-z]([0-9A-Za-z-]*[0-9A-Za-z])?"
_ASCII_EMAIL: Final = rf"^{_LETTERS}+(\.{_LETTERS}+)*@({_HOST}\.)+[A-Za-z]([0-9A-Za-z-]*[0-9A-Za-z])$"
"""The same among texts of ASCII characters, found in half the time."""

Writer = Callable[[], Texts]
"""Writes what is posted; what it writes for cells that can't be read does not count."""


class Reading:
    """One value of all rows of a block; arrays of the block's length."""

    __slots__ = ("_posted", "_write", "text", "value", "why")

    def __init__(self, value: BoundValue, text: Texts, why: Reasons | None, write: Writer | None = None) -> None:
        self.value = value
        self.text = text
        """The cell's text after trimming, default and map; null where there is none."""
        self.why = why
        """Why the text can't be read, as a place in REASON_CODES; 0 where it can. None: all of them can."""
        self._write = write
        self._posted: Texts | None = None

    @property
    def posted(self) -> Texts:
        """What is posted; null where nothing is, or where the text can't be read."""
        if self._posted is None:
            self._posted = self.text
            if self.why is not None or self._write is not None:
                present = self.text.is_valid().to_numpy(zero_copy_only=False)
                if self.why is not None:
                    present &= self.why == 0
                self._posted = only_where(present, self._write() if self._write else self.text)
        return self._posted

    @property
    def reasons(self) -> Texts:
        """The code of why the text can't be read; null where it can."""
        if self.why is None:
            return pa.nulls(len(self.text), pa.large_string())
        return reason_texts(self.why)


def read_value(value: BoundValue, block: Block) -> Reading:
    """Reads one value of all rows."""
    if isinstance(value.origin, FromNowhere):
        return _read_now_and_then(value, block)
    cells = cells_of(value, block)
    write = _READERS[value.type](cells, value)
    present = filled(cells.text)
    if value.required:
        # White space is posted where it is meant, but it fills no cell that has to be filled.
        cells.refuse(~(present if value.trimmed else filled(trimmed(cells.text))), value.missing)
    if value.when:
        applies = hold(value.when, block)
        if cells.why is not None:
            cells.why[~applies] = 0
        refuse_undecided(cells, value, block)
        present &= applies
    return Reading(value, only_where(present, cells.text), cells.why, write)


def _read_now_and_then(value: BoundValue, block: Block) -> Reading:
    """A text that is the same for all rows that have it."""
    cells = Cells(pa.repeat(pa.scalar(constant_text(value), pa.large_string()), len(block)))
    refuse_undecided(cells, value, block)
    return Reading(value, only_where(hold(value.when, block), cells.text), cells.why)


def constant_text(value: BoundValue) -> str | None:
    """What is posted for a value that is the same for every row; binding has seen that it can be read.

    An empty constant is posted as an empty text: unlike an empty cell, it is meant.
    """
    assert isinstance(value.origin, FromNowhere), "only constants come from nowhere"
    if not value.origin.text:
        return ""
    cells, write = _read_fixed(value, value.origin.text)
    posted = cells.text[0] if write is None else write()[0]
    return None if cells.why is not None else str(posted)


def fault_of_constant(value: BoundValue, text: str) -> str | None:
    """Why a text of the mapping can't be posted as this value, if so."""
    cells, _ = _read_fixed(value, text)
    text = str(cells.text[0])
    if not text:
        return meaning_of(value.missing) if value.required else None
    if value.choices and text not in value.choices:
        return f"is not among the choices {', '.join(value.choices)}"
    if value.pattern is not None and not re.fullmatch(value.pattern, text):
        return meaning_of(Code.PATTERN_MISMATCH)
    if value.max_length is not None and len(text) > value.max_length:
        return meaning_of(Code.TOO_LONG)
    code = REASON_CODES[cells.why[0]] if cells.why is not None else None
    return meaning_of(code) if code else None


def _read_fixed(value: BoundValue, text: str) -> tuple[Cells, Writer | None]:
    cells = Cells(pa.array([text], pa.large_string()))
    if value.trimmed:
        cells.text = trimmed(cells.text)
    return cells, _READERS[value.type](cells, value)


# ----------------------------------------------------------------------------------- one reader per type

_Reader = Callable[[Cells, BoundValue], Writer | None]
"""Looks at all cells and refuses those it can't read; None: what is posted is the text itself."""


def _as_it_stands(_cells: Cells, _value: BoundValue) -> None:
    return None


def _number(are: Callable[[Texts, NumberMarks], Flags], code: Code) -> _Reader:
    def reader(cells: Cells, value: BoundValue) -> Writer:
        text, stored, marks = cells.text, cells.stored, value.number
        readable = are(text, marks)
        if stored is None:
            cells.refuse(~readable & filled(text), code)
            return lambda: plain_digits(text, marks)
        really = cells.are(CellKind.NUMBER)
        cells.refuse(~np.where(really, are(stored, NumberMarks()), readable) & filled(text), code)
        return lambda: pc.if_else(pa.array(really), plain_digits(stored, NumberMarks()), plain_digits(text, marks))

    return reader


def _boolean(cells: Cells, value: BoundValue) -> Writer:
    lowered = pc.utf8_lower(cells.text)
    words = value.words or _USUAL_WORDS
    true = pc.is_in(lowered, _word_list(tuple(words.true)))
    false = pc.is_in(lowered, _word_list(tuple(words.false)))
    if value.words and cells.kinds is not None:
        # What Excel stores as TRUE says so in every language, whatever words the texts of the column use.
        stored = pa.array(cells.are(CellKind.TRUTH))
        true = pc.or_(true, pc.and_(stored, pc.is_in(lowered, _word_list(tuple(_USUAL_WORDS.true)))))
        false = pc.or_(false, pc.and_(stored, pc.is_in(lowered, _word_list(tuple(_USUAL_WORDS.false)))))
    known = pc.or_(true, false).to_numpy(zero_copy_only=False)
    cells.refuse(~known & filled(cells.text), Code.BOOLEAN_UNREADABLE)
    return lambda: pc.if_else(true, "1", "0").cast(pa.large_string())


@lru_cache(maxsize=64)
def _word_list(words: tuple[str, ...]) -> Texts:
    return pc.utf8_lower(pa.array([word.strip() for word in words], pa.large_string()))


def _email(cells: Cells, _: BoundValue) -> None:
    fits = matching(cells.text, _ASCII_EMAIL if is_ascii(cells.text) else _EMAIL)
    cells.refuse(~fits & filled(cells.text), Code.EMAIL_MALFORMED)


def _guid(cells: Cells, _: BoundValue) -> None:
    fits = are_guids(cells.text)
    cells.refuse(~fits & filled(cells.text), Code.GUID_MALFORMED)


def _phone(cells: Cells, value: BoundValue) -> Writer | None:
    full = filled(cells.text)
    if value.phone is None:
        cells.refuse(~shaped_as_phone(cells.text) & full, Code.PHONE_MALFORMED)
        return None
    read = read_phones(cells.text, value.phone)
    cells.refuse(read.malformed & full, Code.PHONE_MALFORMED)
    cells.refuse(read.ambiguous & full, Code.PHONE_AMBIGUOUS)
    return lambda: read.posted


_READERS: Final[dict[ValueType, _Reader]] = {
    ValueType.TEXT: _as_it_stands,
    ValueType.CHOICE: _as_it_stands,
    ValueType.INTEGER: _number(whole_numbers, Code.INTEGER_UNREADABLE),
    ValueType.DECIMAL: _number(numbers, Code.DECIMAL_UNREADABLE),
    ValueType.BOOLEAN: _boolean,
    ValueType.DATE: read_dated,
    ValueType.DATETIME: read_dated,
    ValueType.TIME: read_dated,
    ValueType.EMAIL: _email,
    ValueType.PHONE: _phone,
    ValueType.GUID: _guid,
}
