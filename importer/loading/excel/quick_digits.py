"""The plainest sections of number formats, `0000`, `#,##0.00`, `0.0%`, shown by whole numbers instead of decimal ones.

It is the same as DigitSection.show, which takes eight times as long; a test compares them.
"""

from collections.abc import Callable
from typing import Final

from importer.loading.excel.digit_sections import DigitSection, Part, Run

_MOST_PLACES: Final = 15
"""Decimals; a format with more is none of the plainest."""


def quick_digits(section: DigitSection) -> Callable[[str], str | None] | None:
    """What shows digits such as `-1234.5`, with a minus where there is one to be shown; it gives None for a number with
    an exponent. None if the section is none of the plainest.
    """
    if not _plainest(section):
        return None
    places, zeros = len(section.decimals), section.whole.count("0")
    literals = [""]
    for piece in section.pieces:
        if isinstance(piece, Run):
            literals.append("")
        else:
            literals[-1] += piece
    before, between, behind = literals if places else (literals[0], "", literals[1])
    grouping = "," if section.grouped else ""
    shift, unit = section.scale, 10**places

    def show(digits: str) -> str | None:
        if "e" in digits:
            return None
        negative = digits[0] == "-"
        whole, _, decimals = digits[negative:].partition(".")
        if shift:
            decimals = decimals.ljust(shift, "0")
            whole, decimals = whole + decimals[:shift], decimals[shift:]
        missing = places - len(decimals)
        if missing >= 0:
            units = int(whole + decimals + "0" * missing)
        else:
            units = int(whole + decimals[:places]) + (decimals[places] >= "5")
        minus = "-" if negative and units else ""
        size, rest = divmod(units, unit)
        shown = f"{size:{grouping}}".rjust(zeros, "0") if size or zeros else ""
        if places:
            return f"{minus}{before}{shown}{between}{rest:0{places}}{behind}"
        return f"{minus}{before}{shown}{behind}"

    return show


def _plainest(section: DigitSection) -> bool:
    """Whether it has one run of digits, or one on each side of the point, and no digit that may be a blank."""
    places = len(section.decimals)
    runs = [Run(Part.WHOLE, slice(0, len(section.whole)))]
    if places:
        runs.append(Run(Part.DECIMALS, slice(0, places)))
    return (
        [piece for piece in section.pieces if isinstance(piece, Run)] == runs
        and not section.whole.lstrip("#").strip("0")
        and not section.decimals.strip("0")
        and places <= _MOST_PLACES
        and not section.exponent
        and section.scale in {0, 2}
        and not (section.grouped and section.whole.count("0") > 1)
    )
