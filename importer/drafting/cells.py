"""The filled cells of one column of a block, ready to be counted: equal texts of a CSV file once, with their weight."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from importer.blocks import Block, CellColumn, CellKind, Flags, RowNumbers, StoredCells, Texts
from importer.mapping.unusable import are_unusable

Weights: TypeAlias = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Example:
    """A cell to show, and where it stands."""

    row: int
    text: str


@dataclass(frozen=True, slots=True)
class FilledCells:
    """Arrays of one length; white space at the ends of the texts is taken off."""

    texts: Texts
    stored: StoredCells | None
    rows: RowNumbers
    """The row that a person sees; for texts that occur several times the first of them."""
    weights: Weights
    """How many cells each stands for."""

    def __len__(self) -> int:
        return len(self.rows)

    def weight_of(self, flags: Flags) -> int:
        """How many cells are flagged."""
        return int(self.weights[flags].sum())

    def first(self, flags: Flags) -> Example | None:
        """The uppermost of the flagged cells."""
        found = np.flatnonzero(flags)
        if not len(found):
            return None
        at = found[np.argmin(self.rows[found])]
        return Example(int(self.rows[at]), str(self.texts[int(at)]))

    def where(self, flags: Flags) -> "FilledCells":
        """The flagged cells."""
        if flags.all():
            return self
        which = np.flatnonzero(flags)
        take = pa.array(which)
        stored = self.stored
        if stored is not None:
            stored = StoredCells(stored.kinds[which], stored.stored.take(take), stored.formats.take(take))
        return FilledCells(self.texts.take(take), stored, self.rows[which], self.weights[which])

    def matching(self, pattern: str) -> Flags:
        """Which texts match a regular expression (RE2)."""
        flags: Flags = pc.match_substring_regex(self.texts, pattern).to_numpy(zero_copy_only=False)
        return flags

    def of_kind(self, kind: CellKind) -> Flags:
        """Which cells Excel stores as this; none of a CSV file."""
        flags: Flags = self.stored.kinds == kind if self.stored else np.zeros(len(self), np.bool_)
        return flags

    def alone(self, header: Block) -> Block:
        """A block that holds these cells and nothing else."""
        column = CellColumn(self.texts, self.stored)
        return Block(header.place, header.header, np.arange(len(self.rows)), self.rows, (column,))


def filled_cells(block: Block, position: int) -> tuple[FilledCells, int]:
    """The cells of a column that hold something, without rows that are none; and how many hold an error of Excel."""
    column = block.columns[position]
    texts = pc.utf8_trim_whitespace(column.shown)
    wanted = pc.not_equal(texts, "").to_numpy(zero_copy_only=False)
    if column.stored is not None:
        # A format can hide a number, as `0;-0;` does with a nought: such a cell is not empty for the number types.
        wanted = wanted | (column.stored.kinds == CellKind.NUMBER)
    if block.faults:
        wanted = wanted & ~np.isin(np.arange(len(block)), list(block.faults))
    broken = 0
    if column.stored is not None:
        errors = are_unusable(column.stored.kinds)
        broken = int((errors & wanted).sum())
        wanted &= ~errors
    which = np.flatnonzero(wanted)
    if column.stored is None:
        return _each_text_once(texts.take(pa.array(which)), block.rows[which]), broken
    take = pa.array(which)
    stored = StoredCells(column.stored.kinds[which], column.stored.stored.take(take), column.stored.formats.take(take))
    return FilledCells(texts.take(take), stored, block.rows[which], np.ones(len(which), np.int64)), broken


def _each_text_once(texts: Texts, rows: RowNumbers) -> FilledCells:
    encoded = texts.dictionary_encode()
    codes = encoded.indices.to_numpy()
    distinct = len(encoded.dictionary)
    # Codes are given in the order of appearance, so a text is new where the highest code so far goes up.
    highest = np.maximum.accumulate(codes) if len(codes) else codes
    new = np.flatnonzero(np.diff(highest, prepend=-1) > 0)
    weights = np.bincount(codes, minlength=distinct).astype(np.int64)
    return FilledCells(encoded.dictionary.cast(pa.large_string()), None, rows[new], weights)
