"""The country codes of the telephone network (ITU-T E.164): where a number's code ends and the rest begins.

Codes of one and two digits are listed; every other code has three. No code is the beginning of another, so a number
that begins with its code can be taken apart without a guess.
"""

import re
from typing import Final

SHORT_CODES: Final = frozenset(
    [
        "1",
        "7",
        "20",
        "27",
        "30",
        "31",
        "32",
        "33",
        "34",
        "36",
        "39",
        "40",
        "41",
        "43",
        "44",
        "45",
        "46",
        "47",
        "48",
        "49",
        "51",
        "52",
        "53",
        "54",
        "55",
        "56",
        "57",
        "58",
        "60",
        "61",
        "62",
        "63",
        "64",
        "65",
        "66",
        "81",
        "82",
        "84",
        "86",
        "90",
        "91",
        "92",
        "93",
        "94",
        "95",
        "98",
    ]
)

CODE_PATTERN: Final = f"(?:{'|'.join(sorted(SHORT_CODES))}|[2-9][0-9]{{2}})"
"""Matches a code at the beginning of a number; the short ones are tried first."""


def is_country_code(digits: str) -> bool:
    """Whether these digits can be a country code: 91 and 880 can, 915 and 0 can't."""
    found = re.match(CODE_PATTERN, digits)
    return found is not None and found.end() == len(digits)
