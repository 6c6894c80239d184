"""Texts of a file as YAML and within comments: whatever a header or a cell holds, the draft stays well-formed."""

import json
import re
from collections.abc import Iterable
from typing import Final

_PLAIN: Final = re.compile(r"[^\W_](?:[^\W]|[ ./()&+€%$-])*")
"""Texts that need no quotation marks anywhere: no sign in them means anything to YAML."""

_ENDS: Final = re.compile(r"[\s-]$|[ ]-|  ")
_FORMAT: Final = re.compile(r"[A-Za-z][A-Za-z/ .-]*(?::[A-Z]{2}[A-Za-z/ ]*)*")
_NULLS: Final = frozenset({"null", "true", "false", "yes", "no", "on", "off"})
"""This program takes most of them for texts; other readers of YAML do not."""


def scalar(text: str) -> str:
    """A text as YAML: as it stands where that is safe, else in quotation marks."""
    if _PLAIN.fullmatch(text) and not _ENDS.search(text) and text.casefold() not in _NULLS and text.isprintable():
        return text
    return "".join(
        letter if letter.isprintable() else _escaped(letter) for letter in json.dumps(text, ensure_ascii=False)
    )


def _escaped(letter: str) -> str:
    code = ord(letter)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def listed_formats(formats: Iterable[str]) -> str:
    """Date formats as a list of YAML; a colon within a time needs no quotation marks."""
    return f"[{', '.join(text if _FORMAT.fullmatch(text) else scalar(text) for text in formats)}]"


def listed(texts: tuple[str, ...]) -> str:
    """Texts as a list of YAML on one line."""
    return f"[{', '.join(map(scalar, texts))}]"


def shown(text: str, longest: int = 40) -> str:
    """A text of the file within a comment or a sentence: in quotation marks, on one line, not too long."""
    line = "".join(letter if letter.isprintable() else "\ufffd" for letter in " ".join(text.split()))
    return f'"{line if len(line) <= longest else line[: longest - 1] + "…"}"'


def counted(count: int, word: str) -> str:
    """`1 cell`, `1,234 cells`."""
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"
