"""Which encodings of text there are."""

import codecs
from typing import Final

_NO_CHARSETS: Final = frozenset({"idna", "punycode", "raw-unicode-escape", "unicode-escape", "undefined", "utf-7"})
"""Notations that Python counts among the encodings; some decode to what is no text."""


def known_encoding(name: str) -> str | None:
    """The name that Python gives this text encoding, or None if there is no such encoding."""
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):  # ValueError: a null character in the name
        return None
    return found.name if found._is_text_encoding and found.name not in _NO_CHARSETS else None
