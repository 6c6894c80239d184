"""What is wrong with a record of a CSV file that can't be a row, in words."""

from typing import Final

from importer.blocks import TO_BE_EMPTIED, Header, RowFault, column_letter
from importer.loading.apostrophes import Apostrophes
from importer.loading.framing import UNCLOSED

MAX_COLUMNS: Final = 16_384
"""Columns that a file may have: as many as any spreadsheet program shows. A row with more fields keeps what stands
beyond the header as one text."""

MAX_COLUMN: Final = 18_277
"""Position of column ZZZ; the letters of one further right say nothing to anybody."""

LONGEST_NAME: Final = 60
"""Characters of a column's name in a message."""

SHOWN_FIELDS: Final = 10
"""Fields beyond the header that a message shows."""

HINT: Final = "; if apostrophes enclose the texts of this file, say so with --quote-char apostrophe"


def fault_of(
    fields: list[str], header: Header, trouble: str | None, apostrophes: Apostrophes | None = None
) -> RowFault | None:
    """Why a record can't be a row, if it can't: fields beyond the header do no harm when they are blank.

    :param trouble: what is wrong with its quotation marks.
    :param apostrophes: what speaks for it that they enclose texts, which would explain a wrong width.
    """
    width = len(header.names)
    hint = HINT if apostrophes and apostrophes.misfits else ""
    beyond = (TO_BE_EMPTIED, *fields[width:])
    if trouble == UNCLOSED:
        return RowFault("quote-unclosed", "a quotation mark opens on this line and is never closed", beyond=beyond)
    if trouble:
        message = "a quotation mark ends a field, but the field goes on behind it"
        return RowFault("quote-misplaced", message, beyond=beyond)
    if any("\0" in field for field in fields):
        return RowFault("nul-character", "the row holds NUL characters, which no text has", beyond=beyond)
    if len(fields) < width:
        next_one = f'{column_letter(len(fields))} "{header.names[len(fields)].strip()[:LONGEST_NAME]}"'
        count = f"{len(fields)} field{'s' * (len(fields) != 1)}"
        message = f"the row has {count}, the header has {width}; it ends before column {next_one}{hint}"
        return RowFault("too-few-fields", message, column=len(fields))
    surplus = [(place, field) for place, field in enumerate(fields[width:], width) if field.strip()]
    if surplus:
        shown = ", ".join(f'"{field}"' for _, field in surplus[:SHOWN_FIELDS])
        more = f" and {len(surplus) - SHOWN_FIELDS:,} more" if len(surplus) > SHOWN_FIELDS else ""
        return RowFault(
            "too-many-fields",
            f"the row has {len(fields):,} fields, the header has {width}; beyond it: {shown}{more}{hint}",
            column=min(surplus[0][0], MAX_COLUMN),
            beyond=tuple(fields[width:]) if len(fields) <= MAX_COLUMNS else (TO_BE_EMPTIED, ",".join(fields[width:])),
        )
    return None
