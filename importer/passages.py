"""Stretches of rows that come again: what the ledger remembers of them, and where they stand in a run."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from importer.blocks import Cell, Flags, Place, RowNumbers
from importer.fingerprints import Identities
from importer.records import HeldRow


def _no_numbers() -> RowNumbers:
    return np.empty(0, np.int64)


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that is bad wherever it stands, and all that is to be said of it."""

    offset: int
    """In its stretch."""
    lead: str
    code: str
    message: str
    issues: tuple[tuple[str, ...], ...]
    """The words of each."""
    cells: tuple[Cell, ...] = ()
    """None, as long as nobody needs them."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """What the ledger remembers of a stretch of rows; arrays with one entry for each row, or for each good row."""

    good: Flags
    """Which of its rows passed validation."""
    identities: Identities
    numbers: RowNumbers
    """Which of its equals in the source each row was."""
    created: Flags
    """Which of them are in the account for certain."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of rows as it stands in a run: its good rows, and its bad ones."""

    mark: bytes
    whole: bytes
    known: bool
    """Whether the ledger knows the stretch."""
    good: Flags
    """Which of its rows passed validation."""
    ordinals: RowNumbers
    """Of good rows; so are rows, identities, numbers, there and leads."""
    rows: RowNumbers
    """The row numbers that a person sees."""
    identities: Identities
    numbers: RowNumbers
    there: Flags
    """Which of them an earlier run has created."""
    leads: Sequence[str]
    """Those that the rows name; none if the ledger knows the stretch."""
    bad_known: bool = False
    """Whether the ledger knows the bad rows."""
    bad: Sequence[BadRow] = ()
    """Those that did not pass; but for rows that could not be read as rows, whose cells don't tell what is wrong with
    them. With their cells, unless the ledger knows them."""
    bad_ordinals: RowNumbers = field(default_factory=_no_numbers)
    bad_rows: RowNumbers = field(default_factory=_no_numbers)
    """The row numbers that a person sees, of the bad rows."""

    def held_rows(self, place: Place) -> Iterator[tuple[BadRow, HeldRow]]:
        """Its bad rows, as they are to be corrected, unless they are known."""
        for row, bad in zip(self.bad_rows.tolist(), self.bad, strict=True):
            yield bad, HeldRow(place, row, bad.cells, bad.code, bad.message)

    @property
    def first(self) -> int:
        """Ordinal of its first row that is good, or bad and told of here."""
        return int(min([*self.ordinals[:1], *self.bad_ordinals[:1]]))

    @property
    def last(self) -> int:
        """Ordinal of its last row that is."""
        return int(max([*self.ordinals[-1:], *self.bad_ordinals[-1:]]))
