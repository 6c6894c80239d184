"""Names of OpenDocument elements and attributes, with the usual prefixes in place of their namespaces."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from importer.loading.excel.markup import Attributes

_BEGINNING: Final = "urn:oasis:names:tc:opendocument:xmlns:"
_CALC: Final = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 "


@lru_cache(maxsize=4096)
def short(name: str) -> str:
    """`table:table-row`; a name of another vocabulary stays as it is."""
    if name.startswith(_BEGINNING):
        return name.removeprefix(_BEGINNING).replace(":1.0 ", ":", 1).replace("datastyle:", "number:")
    return f"calcext:{name.removeprefix(_CALC)}" if name.startswith(_CALC) else name


def shortened(attributes: Attributes) -> Mapping[str, str]:
    """Attributes by their short names."""
    return {short(name): text for name, text in attributes.items()}


def count(text: str | None, default: int = 1) -> int:
    """A number of repetitions; what is none counts as once."""
    return int(text) if text and len(text) < 10 and text.isascii() and text.isdigit() and int(text) else default
