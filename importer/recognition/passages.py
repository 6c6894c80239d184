"""Stretches of rows that come again: what the ledger remembers of them, and where they stand in a run."""

from collections.abc import Sequence
from dataclasses import dataclass

from importer.blocks import Flags, RowNumbers
from importer.fingerprints import Identities


@dataclass(frozen=True, slots=True)
class Remembered:
    """What the ledger remembers of a stretch of rows; but for `good`, with one entry for each good row."""

    good: Flags
    """Which of its rows passed validation."""
    identities: Identities
    numbers: RowNumbers
    """Which of its equals in the source each row was."""
    created: Flags
    """Which of them are in the account for certain."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of rows as it stands in a run; but for `good`, with one entry for each good row."""

    mark: bytes
    good: Flags
    """Which of its rows passed validation."""
    ordinals: RowNumbers
    rows: RowNumbers
    """The row numbers that a person sees."""
    identities: Identities
    numbers: RowNumbers
    there: Flags
    """Which of them an earlier run has created."""
    leads: Sequence[str] | None
    """Those that the rows name; None if the ledger knows the stretch."""
