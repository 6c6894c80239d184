"""The names under which people give what separates the fields of a file."""

from typing import Final

_NAMES: Final = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "bar": "|"}


def delimiter_sign(text: str) -> str | None:
    """The character that somebody names as the delimiter of a file; None if it can be none."""
    named = _NAMES.get(text.lower(), text)
    return named if len(named) == 1 and named.isascii() and named not in '"\r\n\0' else None
