"""Stretches of rows that come again: what the ledger remembers of them, and where they stand in a run."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from importer.blocks import Flags, RowNumbers

Identities: TypeAlias = npt.NDArray[np.uint8]
"""Of rows, 16 bytes each: what makes the activities of two rows the same."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """What the ledger remembers of a stretch of rows; arrays with one entry for each of them."""

    identities: Identities
    numbers: RowNumbers
    """Which of its equals in the source each row was."""
    created: Flags
    """Which of them are in the account for certain."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of rows as it stands in a run: those of its rows that passed validation."""

    mark: bytes
    ordinals: RowNumbers
    rows: RowNumbers
    """The row numbers that a person sees."""
    identities: Identities
    numbers: RowNumbers
    there: Flags
    """Which of them an earlier run has created."""
    leads: Sequence[str] | None
    """Those that the rows name; None if the ledger knows the stretch."""
