"""Texts to the plain digits that the API takes. Marks within a number count only if the mapping names them."""

import re
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from importer.blocks import Flags, Texts
from importer.mapping.values import NumberMarks

SHORTENED: Final = r"^[0-9](\.[0-9]+)?[Ee]\+?[0-9]{2}$"
"""9.19E+11: what a spreadsheet has left of a long number (RE2)."""

_BLANK: Final = "[ \u00a0\u2009\u202f]"
"""Where a blank is named as the mark, it is mostly one that does not break the line: so Excel writes it in French."""


def whole_numbers(texts: Texts, marks: NumberMarks) -> Flags:
    """Which texts are whole numbers: `-12`, `0419`; with marks `1,234`."""
    return _are_numbers(texts, marks, "")


def numbers(texts: Texts, marks: NumberMarks) -> Flags:
    """Which texts are numbers: `12`, `-0.5`; with marks `1.234,50`. Never an exponent."""
    return _are_numbers(texts, marks, rf"({re.escape(marks.decimal)}[0-9]+)?")


def _are_numbers(texts: Texts, marks: NumberMarks, decimals: str) -> Flags:
    whole = "[0-9]+"
    if marks.thousands:
        mark = _BLANK if marks.thousands == " " else re.escape(marks.thousands)
        # Groups of two as well: 12,34,567 is how lakhs are written; the last group always has three.
        # A short first group that begins with 0 is none: in 0,123 the mark stands before decimals, whatever its name.
        whole = rf"([0-9]+|([1-9][0-9]{{0,2}}|0[0-9]{{2}})({mark}[0-9]{{2,3}})*{mark}[0-9]{{3}})"
    are: Flags = pc.match_substring_regex(texts, rf"^[+-]?{whole}{decimals}$").to_numpy(zero_copy_only=False)
    return are


def plain_digits(texts: Texts, marks: NumberMarks) -> Texts:
    """What is posted for numbers: digits, a sign if it is a minus, and a point."""
    posted = pc.utf8_ltrim(texts, "+")
    if marks.thousands == " ":
        posted = pc.replace_substring_regex(posted, _BLANK, "")
    elif marks.thousands:
        posted = pc.replace_substring(posted, marks.thousands, "")
    if marks.decimal != ".":
        posted = pc.replace_substring(posted, marks.decimal, ".")
    return posted.cast(pa.large_string())
