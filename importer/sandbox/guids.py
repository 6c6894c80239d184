"""The one form of ids: 8-4-4-4-12 hexadecimal digits, in any case, compared in lower case."""

import re
import uuid

_FORM = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def read_guid(text: object) -> str | None:
    """The id in lower case; None if the text is no GUID."""
    lowered = text.lower() if isinstance(text, str) else ""
    return lowered if _FORM.fullmatch(lowered) else None


def new_guid() -> str:
    """An id that nobody has had before."""
    return str(uuid.uuid4())
