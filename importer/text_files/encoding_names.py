"""Which encodings of text there are, and by which marks files say in which one they are."""

import codecs
from typing import Final

BYTE_ORDER_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_NO_CHARSETS: Final = frozenset({"idna", "punycode", "raw-unicode-escape", "unicode-escape", "undefined", "utf-7"})
"""Notations that Python counts among the encodings; some decode to what is no text."""


def known_encoding(name: str) -> str | None:
    """The name that Python gives this text encoding, or None if there is no such encoding."""
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):  # ValueError: a null character in the name
        return None
    return found.name if found._is_text_encoding and found.name not in _NO_CHARSETS else None
