"""Phone numbers in the form in which LeadSquared keeps them, `+CC-NUMBER`; what could be meant in two ways is refused.

A number with + or 00 in front names its country, and the network's own list of codes says where the code ends. One
without is a number of the mapping's country. It is taken apart only where the mapping says how: how many digits a
number has there, and what is dialled in front of it at home. Never by what looks likely: 9198450984 is a mobile number
of India just as well as the beginning of one with its country code.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.blocks import Flags, RowNumbers, Texts
from importer.mapping.bound import PhoneForm
from importer.mapping.country_codes import CODE_PATTERN
from importer.mapping.texts import bytes_of, translated

_SHAPE: Final = r"^\+?\(?[0-9][0-9 ().\-/]*$"
_ZERO_FOR_HOME: Final = r"^((?:\+|00)[^(]*)\(0\)"
"""In +44 (0)20 the nought is for callers at home only."""

SHORTEST, LONGEST = 7, 15
"""Digits of a number with its country code."""


@dataclass(frozen=True, slots=True)
class ReadPhones:
    """What phone numbers say."""

    posted: Texts
    malformed: Flags
    ambiguous: Flags
    """Whether they can be meant in two ways."""


def shaped_as_phone(texts: Texts) -> Flags:
    """Which texts are digits, 7 to 15 of them, with the usual signs between."""
    offsets, codes = bytes_of(texts)
    begin, end = offsets[:-1], offsets[1:]
    if not len(codes):
        return np.zeros(len(texts), np.bool_)
    signs = translated(codes[: offsets[-1]], _SIGNS)
    digits = _counted(signs == _DIGIT, begin, end)
    usual = _counted(signs <= _DIGIT, begin, end)
    last = len(signs) - 1
    plus = codes[np.minimum(begin, last)] == ord("+")
    first = begin + plus
    first += codes[np.minimum(first, last)] == ord("(")
    begins = signs[np.minimum(first, last)] == _DIGIT
    # Behind the signs in front a digit comes first, and nothing follows but digits and what stands between them.
    fits: Flags = (first < end) & begins & (usual + plus == end - begin)
    return fits & (digits >= SHORTEST) & (digits <= LONGEST)


def _counted(flags: Flags, begin: RowNumbers, end: RowNumbers) -> RowNumbers:
    """How many of the bytes from begin to end are flagged, for each text."""
    sums = np.zeros(len(flags) + 1, np.int32)
    np.cumsum(flags, out=sums[1:])
    counts: RowNumbers = sums[end] - sums[begin]
    return counts


_BETWEEN, _DIGIT, _OTHER = 0, 1, 2
_SIGNS: Final = bytes(
    _DIGIT if chr(code) in "0123456789" else _BETWEEN if chr(code) in " ().-/" else _OTHER for code in range(256)
)


def read_phones(texts: Texts, form: PhoneForm) -> ReadPhones:
    """Understands every text by the form of numbers at home."""
    fits = _as_flags(pc.match_substring_regex(texts, _SHAPE))
    texts = pc.replace_substring_regex(texts, _ZERO_FOR_HOME, r"\1")
    digits = _digits(texts)
    twice_nought = pc.and_(pc.starts_with(digits, "00"), pc.invert(pc.starts_with(texts, "+")))
    abroad = pc.or_(pc.starts_with(texts, "+"), twice_nought)
    digits = pc.if_else(twice_nought, pc.utf8_slice_codeunits(digits, 2), digits)
    parts = pc.extract_regex(digits, f"^(?P<code>{CODE_PATTERN})(?P<rest>[0-9]+)$")
    named, rest = pc.struct_field(parts, "code"), pc.struct_field(parts, "rest")
    own = pc.fill_null(pc.equal(named, form.country_code), False)  # noqa: FBT003  # a value, not an option
    at_home = pc.invert(abroad)
    national = _without_trunk(pc.if_else(at_home, digits, rest), form)
    ambiguous = np.zeros(len(texts), np.bool_)
    if form.national_digits is None:
        ambiguous = _as_flags(at_home) & _unclear(digits, national, form)
    else:
        # With their number of digits known, a country code without + in front is one.
        spelled_out = pc.and_(at_home, pc.and_(own, _has_digits(rest, form.national_digits)))
        short = pc.invert(_has_digits(national, form.national_digits))
        national = pc.if_else(pc.and_(spelled_out, short), rest, national)
    number = pc.if_else(pc.or_(at_home, own), national, rest)
    code = pc.if_else(at_home, form.country_code, named)
    length = pc.fill_null(pc.add(pc.utf8_length(number), pc.utf8_length(code)), 0).to_numpy(zero_copy_only=False)
    wrong = ~fits | (length < SHORTEST) | (length > LONGEST)
    if form.national_digits is not None:
        wrong |= _as_flags(pc.or_(at_home, own)) & ~_as_flags(_has_digits(national, form.national_digits))
    scalars = (pa.scalar(text, pa.large_string()) for text in ("+", "-", ""))
    plus, dash, nothing = scalars
    posted = pc.binary_join_element_wise(plus, code, dash, number, nothing)
    return ReadPhones(posted, wrong, ambiguous & ~wrong)


def _without_trunk(digits: Texts, form: PhoneForm) -> Texts:
    """National numbers without what is dialled in front of them at home only."""
    if not form.trunk_prefix:
        return digits
    dialled = pc.starts_with(digits, form.trunk_prefix)
    if form.national_digits is not None:
        dialled = pc.and_(dialled, _has_digits(digits, form.national_digits + len(form.trunk_prefix)))
    return pc.if_else(dialled, pc.utf8_slice_codeunits(digits, len(form.trunk_prefix)), digits)


def _unclear(digits: Texts, national: Texts, form: PhoneForm) -> Flags:
    """Numbers without + that begin like one with its country code, or with a nought of which nobody has said a word."""
    same = _as_flags(pc.equal(digits, national))
    unclear = same & _as_flags(pc.starts_with(digits, form.country_code))
    if form.trunk_prefix is None:
        unclear |= _as_flags(pc.starts_with(digits, "0"))
    return unclear


def _digits(texts: Texts) -> Texts:
    return pc.replace_substring_regex(texts, "[^0-9]", "")


def _has_digits(digits: Texts, count: int) -> pa.Array:
    return pc.fill_null(pc.equal(pc.utf8_length(digits), count), False)  # noqa: FBT003  # a value, not an option


def _as_flags(array: pa.Array) -> Flags:
    flags: Flags = pc.fill_null(array, False).to_numpy(zero_copy_only=False)  # noqa: FBT003  # a value, not an option
    return flags
