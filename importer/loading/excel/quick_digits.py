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
    places, zeros = len(section.decimals), section.whole.count("0")
    pieces = section.pieces
    runs = [piece for piece in pieces if isinstance(piece, Run)]
    wanted = [Run(Part.WHOLE, slice(0, len(section.whole)))]
    if places:
        wanted.append(Run(Part.DECIMALS, slice(0, places)))
    plain = (
        runs == wanted
        and section.whole.strip("#").strip("0") == ""
        and section.decimals.strip("0") == ""
        and places <= _MOST_PLACES
        and not section.exponent
        and section.scale in {0, 2}
        and not (section.grouped and zeros > 1)
    )
    if not plain:
        return None
    first = pieces.index(runs[0])
    last = pieces.index(runs[-1])
    before, between, behind = ("".join(map(str, part)) for part in (pieces[:first], pieces[first + 1 : last], pieces[last + 1 :]))
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
