"""Texts that a spreadsheet would run as a formula, and the apostrophe that keeps it from doing so: as both the writer
and the reader of a file to correct know it.
"""

import re
from functools import lru_cache
from typing import Final

# The wide forms as well: a spreadsheet takes them for the narrow ones.
_TRIGGERS: Final = frozenset("=+-@\uff1d\uff0b\uff0d\uff20")
_CONTROLS: Final = frozenset("\t\r\n\0")
_BEFORE: Final = " \u00a0\ufeff\u3000\t\r\n\0"


def runs_as_formula(text: str) -> bool:
    """Whether a spreadsheet might run this cell: it begins, blanks aside, like a formula (OWASP, CSV injection)."""
    if text[:1].isalnum() or not text:
        return False
    if text[0] in _CONTROLS:
        return True
    return text.lstrip(_BEFORE)[:1] in _TRIGGERS


def neutralised(text: str) -> str:
    """The text with an apostrophe in front if a spreadsheet might run it."""
    return "'" + text if runs_as_formula(text) else text


def harmless_name(text: str) -> str:
    """The same for a name in a header, so that `own_name` gives the text again.

    No column can say which names were treated. So a name that looks as if it had been gets one apostrophe more.
    """
    return "'" + text if runs_as_formula(text.lstrip("'")) else text


def own_name(text: str) -> str:
    """What `harmless_name` was given. A name with an apostrophe and no formula behind it, `'x`, is itself."""
    return text[1:] if text[:1] == "'" and runs_as_formula(text.lstrip("'")) else text


def harmless_lines(text: str, delimiter: str) -> str:
    """Lines above a header in which no spreadsheet runs anything, so that `own_lines` gives them again.

    Nobody knows how they are to be taken apart, if at all. So all that may be a cell counts as one.
    """
    return _piece(delimiter).sub(lambda piece: piece["opened"] + harmless_name(piece["text"]), text)


def own_lines(text: str, delimiter: str) -> str:
    """What `harmless_lines` was given."""
    return _piece(delimiter).sub(lambda piece: piece["opened"] + own_name(piece["text"]), text)


@lru_cache(maxsize=16)
def _piece(delimiter: str) -> re.Pattern[str]:
    """What may be a cell to some program, whichever sign separates cells for it.

    It holds none of these signs and no line end. So an apostrophe in front of it makes neither more nor fewer of them.
    """
    own = "" if delimiter in "'\"" else re.escape(delimiter)
    return re.compile(rf'(?P<opened>"*)(?P<text>[^,;\t|\r\n{own}]+)')
