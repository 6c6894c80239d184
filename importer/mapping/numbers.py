"""Texts to the plain digits that the API takes. Marks within a number count only if the mapping names them."""

import re

import pyarrow as pa
import pyarrow.compute as pc

from importer.mapping.model import NumberMarks
from importer.records import Flags, Texts


def read_integers(texts: Texts, marks: NumberMarks) -> tuple[Texts, Flags]:
    """What is posted, and which texts are whole numbers: `-12`, `0419`; with marks `1,234`."""
    return _read(texts, marks, "")


def read_decimals(texts: Texts, marks: NumberMarks) -> tuple[Texts, Flags]:
    """What is posted, and which texts are numbers: `12`, `-0.5`; with marks `1.234,50`. Never an exponent."""
    return _read(texts, marks, rf"({re.escape(marks.decimal)}[0-9]+)?")


def _read(texts: Texts, marks: NumberMarks, decimals: str) -> tuple[Texts, Flags]:
    whole = "[0-9]+"
    if marks.thousands:
        mark = re.escape(marks.thousands)
        # Groups of two as well: 12,34,567 is how lakhs are written; the last group always has three.
        whole = rf"([0-9]+|[0-9]{{1,3}}({mark}[0-9]{{2,3}})*{mark}[0-9]{{3}})"
    readable: Flags = pc.match_substring_regex(texts, rf"^[+-]?{whole}{decimals}$").to_numpy(zero_copy_only=False)
    posted = pc.utf8_ltrim(texts, "+")
    if marks.thousands:
        posted = pc.replace_substring(posted, marks.thousands, "")
    if marks.decimal != ".":
        posted = pc.replace_substring(posted, marks.decimal, ".")
    return posted.cast(pa.large_string()), readable
