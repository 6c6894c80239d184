"""Numbers as a workbook stores them: the text of a cell's value, read without altering a digit that counts."""

import re
from decimal import ROUND_HALF_UP, Context, Decimal

SIGNIFICANT_DIGITS = 15
"""What Excel shows, and keeps, of a number."""

ARITHMETIC = Context(prec=4_000, rounding=ROUND_HALF_UP, Emin=-10_000, Emax=10_000)
"""Wide enough for any double under any format; halves go away from zero, as Excel rounds what it shows."""

_TOO_LARGE = 1e308
"""No cell of Excel holds it."""

_TOO_SMALL = 2.2250738585072e-308
"""The smallest normal double, at 15 digits. Excel has no smaller ones: it takes them for 0."""

_NEEDS_MORE_DIGITS = 1e15
"""From here on, 15 digits do not reach the point."""

_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_AS_PYTHON_WRITES = re.compile(r"-?(?:[1-9][0-9]*|0(?:(?=\.0{0,3}[1-9])|\Z))(?:\.[0-9]*[1-9])?")
"""With no more than 15 signs, it is what would come out if it were made a double and written again."""

_WHOLE = re.compile(r"([+-]?)0*([0-9]+)(?:\.0*)?")


def number(text: str) -> Decimal | None:
    """The number of a cell whose value is written as `text`; None if it is none that Excel could hold.

    A whole number written in full stands exactly as it is, however long. Anything else has 15 significant digits,
    so that 0.30000000000000004 is 0.3. Where those 15 would change a digit before the point, as in
    1.234567890123457E+18, digits have been lost already, and what is left is taken for no number.
    """
    digits = significant(text)
    return None if digits is None else Decimal(digits)


def has_lost_digits(text: str) -> bool:
    """Whether a text that `number` takes for none is one all the same, of which digits have been lost."""
    text = text.strip()
    return _NUMBER.fullmatch(text) is not None and abs(float(text)) < _TOO_LARGE


def significant(text: str) -> str | None:
    """The digits of that number: in full, or with an exponent where Python writes one."""
    if len(text) <= SIGNIFICANT_DIGITS and _AS_PYTHON_WRITES.fullmatch(text):
        return text
    if _NUMBER.fullmatch(text) is None:
        text = text.strip()
        if _NUMBER.fullmatch(text) is None:
            return None
    double = float(text)
    if abs(double) >= _TOO_LARGE:
        return None
    if abs(double) < _TOO_SMALL:
        return "0"
    if len(text) > SIGNIFICANT_DIGITS:
        whole = _WHOLE.fullmatch(text)
        if whole is not None and len(whole[2]) > SIGNIFICANT_DIGITS:
            return whole[1].rstrip("+") + whole[2]
    digits = f"{double:.{SIGNIFICANT_DIGITS}g}"
    if abs(double) >= _NEEDS_MORE_DIGITS and float(digits) != double:
        return None
    return digits


def plain(value: Decimal) -> str:
    """The digits of a number in full: `919845098450`, `0.3`, never an exponent, no needless zeros."""
    digits = format(value, "f")
    if "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    return "0" if digits == "-0" else digits


def rounded(value: Decimal, decimals: int) -> Decimal:
    """`value` at so many decimal places."""
    return value.quantize(Decimal(1).scaleb(-decimals), context=ARITHMETIC)


def shifted(value: Decimal, places: int) -> Decimal:
    """`value` times ten to the power of `places`, exactly."""
    return value.scaleb(places, context=ARITHMETIC)
