"""A number format taken apart into the signs it is written with (ECMA-376 part 1, 18.8.31).

Never fails: a sign without a meaning stands for itself.
"""

import re
from dataclasses import dataclass
from enum import Enum, auto


class Sign(Enum):
    """What a part of a number format asks for."""

    LITERAL = auto()
    """Text that stands for itself."""
    DIGIT = auto()
    """One of `0`, `#` and `?`."""
    POINT = auto()
    COMMA = auto()
    PERCENT = auto()
    SLASH = auto()
    EXPONENT = auto()
    """`E+` or `E-`."""
    GENERAL = auto()
    TEXT = auto()
    """`@`: the text of the cell."""
    CLOCK = auto()
    """A run of one letter of y, m, d, h, s or one of the East-Asian a, b, e, g."""
    ELAPSED = auto()
    """`[h]`, `[m]`, `[s]`: hours, minutes or seconds that go on after a day."""
    HALF_DAY = auto()
    """`AM/PM` or `A/P`."""
    CONDITION = auto()
    """`>=100`, taken out of its brackets."""
    BREAK = auto()
    """`;` between two sections."""


@dataclass(frozen=True, slots=True)
class Token:
    """One part of a number format."""

    sign: Sign
    text: str


_PARTS = re.compile(
    r"""
      "(?P<quoted>[^"]*)"?
    | \\(?P<escaped>.)
    | _(?P<width>.)                                     # a space as wide as that character
    | \*(?P<fill>.)                                     # fills the cell, whatever its width
    | \[\$(?P<currency>[^\]\-]*)(?:-[^\]]*)?\]
    | \[(?P<elapsed>h+|m+|s+)\]
    | \[(?P<condition>\s*(?:<=|>=|<>|<|>|=)\s*[+-]?[0-9.]+(?:E[+-]?[0-9]+)?\s*)\]
    | \[(?P<modifier>[^\]]*)\]                          # colours, numerals of other scripts
    | (?P<general>General)
    | (?P<half_day>AM/PM|A/P)
    | (?P<exponent>E[+-])
    | (?P<clock>y+|m+|d+|h+|s+|e+|g+|b+|a{3,})
    | (?P<digit>[0#?])
    | (?P<point>\.) | (?P<comma>,) | (?P<percent>%) | (?P<slash>/) | (?P<text>@) | (?P<break>;)
    | (?P<other>.)
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)

_SIGNS = {
    "quoted": Sign.LITERAL,
    "escaped": Sign.LITERAL,
    "currency": Sign.LITERAL,
    "other": Sign.LITERAL,
    "elapsed": Sign.ELAPSED,
    "condition": Sign.CONDITION,
    "general": Sign.GENERAL,
    "half_day": Sign.HALF_DAY,
    "exponent": Sign.EXPONENT,
    "clock": Sign.CLOCK,
    "digit": Sign.DIGIT,
    "point": Sign.POINT,
    "comma": Sign.COMMA,
    "percent": Sign.PERCENT,
    "slash": Sign.SLASH,
    "text": Sign.TEXT,
    "break": Sign.BREAK,
}


def tokens(code: str) -> list[Token]:
    """The parts of a number format, in order. What only concerns the look (colour, filling) is left out."""
    parts: list[Token] = []
    for match in _PARTS.finditer(code):
        name = match.lastgroup or "other"
        if name == "width":
            parts.append(Token(Sign.LITERAL, " "))
        elif name in _SIGNS:
            parts.append(Token(_SIGNS[name], match[name]))
    return parts


def sections(code: str) -> list[list[Token]]:
    """The sections of a number format, as `;` parts them; at least one."""
    found: list[list[Token]] = [[]]
    for token in tokens(code):
        if token.sign is Sign.BREAK:
            found.append([])
        else:
            found[-1].append(token)
    return found
