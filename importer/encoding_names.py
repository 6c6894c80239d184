"""Which encodings of text there are."""

import codecs


def known_encoding(name: str) -> str | None:
    """The name that Python gives this text encoding, or None if there is no such encoding."""
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):  # ValueError: a null character in the name
        return None
    return found.name if found._is_text_encoding else None
