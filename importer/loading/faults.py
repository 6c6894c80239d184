"""What is wrong with a record of a CSV file that can't be a row, in words."""

from dataclasses import dataclass, field
from typing import Final

from importer.blocks import TO_BE_EMPTIED, Header, RowFault, column_letter
from importer.codes.rows import Code
from importer.loading.apostrophes import Apostrophes
from importer.loading.framing import MISPLACED, UNCLOSED, join, open_quote, split
from importer.text_files.quote_marks import exchanged

MAX_COLUMNS: Final = 16_384
"""Columns that a file may have: as many as any spreadsheet program shows. A row with more fields keeps what stands
beyond the header as one text."""

MAX_COLUMN: Final = 18_277
"""Position of column ZZZ; the letters of one further right say nothing to anybody."""

LONGEST_NAME: Final = 60
"""Characters of a column's name in a message."""

SHOWN_FIELDS: Final = 10
"""Fields beyond the header that a message shows."""

_BROKEN: Final = {
    UNCLOSED: (Code.QUOTE_UNCLOSED, "a quotation mark opens on this line and is never closed"),
    MISPLACED: (Code.QUOTE_MISPLACED, "a quotation mark ends a field, but the field goes on behind it"),
}

HINT: Final = "; if apostrophes enclose the texts of this file, say so with --quote-char apostrophe"


@dataclass(frozen=True, slots=True)
class Faults:
    """What is wrong with the odd records of a file: those that hold NULs, have not the header's width, or quotation
    marks that don't fit together. Files can have millions of them, alike but for their cells.
    """

    header: Header
    delimiter: str
    quote: str
    apostrophes: Apostrophes | None
    _too_short: dict[int, RowFault] = field(default_factory=dict)
    """By the number of fields."""
    _broken: dict[tuple[str, int], RowFault] = field(default_factory=dict)
    """By what is wrong with the quotation marks, and the place of the field."""

    def of(self, record: bytes, fields: int, trouble: str | None) -> tuple[bytes, RowFault | None]:
        """What is parsed in the stead of a record, nothing if it is blank; and what is wrong with it.

        :param fields: how many it has.
        :param trouble: what is wrong with its quotation marks.
        """
        width = len(self.header.names)
        if not trouble and fields < width and b'"' not in record and b"\0" not in record:
            if not record.decode().replace(self.delimiter, "").strip():
                return b"", None
            return record + self.delimiter.encode() * (width - fields) + b"\n", self._of_short(fields)
        texts = split(record, self.delimiter)
        if not any(text.strip() for text in texts):
            return b"", None
        patch = join((texts + [""] * width)[:width], self.delimiter)
        texts = [exchanged(text, self.quote) for text in texts]
        if trouble:
            return patch, self._of_broken(trouble, min(open_quote(record, self.delimiter), MAX_COLUMN), texts[width:])
        return patch, self._of_fields(texts)

    def _of_short(self, fields: int) -> RowFault:
        if fields not in self._too_short:
            names = self.header.names
            next_one = f'{column_letter(fields)} "{names[fields].strip()[:LONGEST_NAME]}"'
            count = f"{fields} field{'s' * (fields != 1)}"
            message = f"the row has {count}, the header has {len(names)}; it ends before column {next_one}{self._hint}"
            self._too_short[fields] = RowFault(Code.TOO_FEW_FIELDS, message, column=fields)
        return self._too_short[fields]

    def _of_broken(self, trouble: str, column: int, surplus: list[str]) -> RowFault:
        code, message = _BROKEN[trouble]
        if surplus:
            return RowFault(code, message, column, (TO_BE_EMPTIED, *surplus))
        if (trouble, column) not in self._broken:
            self._broken[trouble, column] = RowFault(code, message, column)
        return self._broken[trouble, column]

    def _of_fields(self, fields: list[str]) -> RowFault | None:
        """Fields beyond the header do no harm when they are blank."""
        width = len(self.header.names)
        if any("\0" in text for text in fields):
            beyond = (TO_BE_EMPTIED, *fields[width:])
            return RowFault(Code.NUL_CHARACTER, "the row holds NUL characters, which no text has", beyond=beyond)
        if len(fields) < width:
            return self._of_short(len(fields))
        surplus = [(place, text) for place, text in enumerate(fields[width:], width) if text.strip()]
        if not surplus:
            return None
        shown = ", ".join(f'"{text}"' for _, text in surplus[:SHOWN_FIELDS])
        more = f" and {len(surplus) - SHOWN_FIELDS:,} more" if len(surplus) > SHOWN_FIELDS else ""
        return RowFault(
            Code.TOO_MANY_FIELDS,
            f"the row has {len(fields):,} fields, the header has {width}; beyond it: {shown}{more}{self._hint}",
            column=min(surplus[0][0], MAX_COLUMN),
            beyond=tuple(fields[width:]) if len(fields) <= MAX_COLUMNS else (TO_BE_EMPTIED, ",".join(fields[width:])),
        )

    @property
    def _hint(self) -> str:
        return HINT if self.apostrophes and self.apostrophes.misfits else ""
