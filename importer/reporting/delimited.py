"""Records of CSV text that come back as they were."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from importer.text_files.formulas import neutralised

_PLAIN: Final = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-+@._"
_QUOTED_FOR: Final = re.compile(r'[",;\t|\r\n]|\A\s|\s\Z')


def record(fields: Iterable[str], delimiter: str = ",", newline: str = "\n") -> str:
    """One record; a field is quoted if it holds anything that some reader might take for structure."""
    return delimiter.join([field(text, delimiter) for text in fields]) + newline


def field(text: str, delimiter: str = ",") -> str:
    """One field of a record."""
    if _QUOTED_FOR.search(text) or delimiter in text:
        return '"' + text.replace('"', '""') + '"'
    return text


def harmless_fields(texts: Sequence[str]) -> Sequence[str]:
    """Each text as a field of a record that no spreadsheet runs. Ids and addresses, which are plain, take no time."""
    if len(texts) == 1:
        return [field(neutralised(texts[0]))]
    together = "".join(texts).encode("utf-8", "surrogatepass")
    if not together.translate(None, _PLAIN):
        # Of all plain texts, those that begin with + or - are the first in order.
        safe = min(filter(None, texts), default=".") >= "."
        if safe and not (b"@" in together and any(text.startswith("@") for text in texts)):
            return texts
    return [field(neutralised(text)) for text in texts]
