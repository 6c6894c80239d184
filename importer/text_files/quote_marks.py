"""CSV files whose texts are enclosed by another character than the quotation mark.

Such a file is one of the usual kind in which this character and the quotation mark have changed places. So they are put
where they usually are before a text is taken apart, and back in what came out; and the other way round where a text is
written. Nothing but this module knows that there are other quotation marks.
"""

from typing import Final

USUAL: Final = '"'

_IMPOSSIBLE: Final = frozenset(",;|\t\r\n\0 ")
"""They separate fields or lines, or are the blanks that stand around."""


def quote_mark(text: str) -> str | None:
    """The character that somebody names as the quotation mark of a file; None if it can be none."""
    named = {"apostrophe": "'", "quote": USUAL}.get(text.lower(), text)
    possible = len(named) == 1 and named.isascii() and named not in _IMPOSSIBLE and not named.isalnum()
    return named if possible else None


def exchange(quote: str) -> bytes:
    """The table for `bytes.translate` that lets this character and the quotation mark change places, in any text that
    is a superset of ASCII.
    """
    return bytes.maketrans(f'{quote}"'.encode(), f'"{quote}'.encode())


def exchanged(text: str, quote: str) -> str:
    """The text with this character and the quotation mark in each other's places."""
    return text if quote == USUAL else text.translate(str.maketrans(f'{quote}"', f'"{quote}'))
