"""The columns that the importer adds to files that people correct, as both their writer and their reader know them."""

from collections.abc import Sequence
from typing import Final

ADDED: Final = "_import_"
"""How the names of these columns begin; by them a file to correct is known when it comes back."""

ROW: Final = "_import_row"
CODE: Final = "_import_code"
MESSAGE: Final = "_import_message"
ESCAPED: Final = "_import_escaped"
"""Names the columns whose cells have an apostrophe put in front, so that no spreadsheet runs them."""


ALL: Final = (ROW, CODE, MESSAGE, ESCAPED)

SEPARATOR: Final = ";"


def column_marks(names: Sequence[str]) -> tuple[str, ...]:
    """By which word each column goes in ESCAPED: its name, or `#3` where that would not be clear or be a formula."""
    stripped = [name.strip() for name in names]
    return tuple(
        f"#{position}" if not name[:1].isalnum() or SEPARATOR in name or stripped.count(name) > 1 else name
        for position, name in enumerate(stripped, start=1)
    )
