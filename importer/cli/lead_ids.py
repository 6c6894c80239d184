"""Lead ids from a spreadsheet, each once, with the row where it stands."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from importer.errors.base import UsageError, suggestion
from importer.leadsquared.shapes import GUID
from importer.loading import ReadingOptions, Source, freeze, open_source
from importer.reporting.console import one_line

TOLD: Final = 20
"""Rows without a lead id that are named one by one."""


def is_lead_id(text: str) -> bool:
    """Whether this is a well-formed lead id, a GUID."""
    return GUID.fullmatch(text) is not None


@dataclass(slots=True)
class LeadIds:
    """The lead ids of one column."""

    source: Source
    position: int
    tell: Callable[[str], None]
    """Says something to the person at the terminal."""
    faulty: int = 0
    """Rows without a usable id, so far."""
    repeated: int = 0
    """Rows whose lead was named before."""
    _seen: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, label: str, column: str | None, reading: ReadingOptions, tell: Callable[[str], None]) -> "LeadIds":
        """Opens a file.

        :raises UsageError: it has no such column, or several.
        :raises SourceError: it can't be read.
        """
        source = open_source(freeze(label, reading.encoding), reading)
        names = [name for name in source.header.names if name.strip()]
        if column is None:
            raise UsageError(
                "--from needs --column.", f"The columns of the file are {', '.join(map(one_line, names))}."
            )
        found = source.header.positions(column)
        if len(found) != 1:
            known = suggestion(column, names) or f" Its columns are {', '.join(map(one_line, names))}."
            times = "no column" if not found else f"{len(found)} columns"
            raise UsageError(f'"{label}" has {times} "{column}".{known}', "Name the one with the lead ids by --column.")
        return cls(source, found[0], tell)

    def __iter__(self) -> Iterator[tuple[int, str]]:
        """(row number, lead id in small letters); rows without one are told, and left out."""
        for block in self.source.blocks():
            for offset, text in enumerate(block.columns[self.position].shown.to_pylist()):
                row, lead_id = int(block.rows[offset]), text.strip().lower()
                fault = block.faults.get(offset)
                if fault is not None:
                    self._fault(row, fault.message)
                elif not lead_id:
                    self._fault(row, "there is no lead id")
                elif not is_lead_id(lead_id):
                    self._fault(row, f'"{one_line(text)}" is not a lead id')
                elif lead_id in self._seen:
                    self.repeated += 1
                else:
                    self._seen.add(lead_id)
                    yield row, lead_id
        if self.faulty > TOLD:
            self.tell(f"and {self.faulty - TOLD:,} more rows without a lead id.")

    def _fault(self, row: int, what: str) -> None:
        self.faulty += 1
        if self.faulty <= TOLD:
            self.tell(f"{one_line(self.source.place.source, 120)}, row {row}: {what}.")
