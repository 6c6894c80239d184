"""What is asked of rows as a whole: of several cells side by side, or of a row among all others."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from importer.blocks import Block, Flags, RowNumbers, Texts
from importer.codes.rows import Code
from importer.mapping.bound import BoundRule, RuleKind
from importer.mapping.cells import Reasons, reason
from importer.mapping.texts import filled, trimmed


@dataclass(frozen=True, slots=True)
class Repeats:
    """The rows of a source that are like another one in the columns of a rule."""

    places: RowNumbers
    """Their places among the rows of the source, from 0, in order."""
    others: RowNumbers
    """For each of them the number, as a person sees it, of the first other row that is like it."""

    def within(self, block: Block) -> Flags:
        """Which rows of a block are among them."""
        flags = np.zeros(len(block), np.bool_)
        if len(self.places):
            nearest = np.minimum(np.searchsorted(self.places, block.places), len(self.places) - 1)
            flags = self.places[nearest] == block.places
        return flags

    def other(self, block: Block, offset: int) -> int:
        """The number of the first other row that a row of a block is like."""
        return int(self.others[np.searchsorted(self.places, block.places[offset])])


NO_REPEATS = Repeats(np.empty(0, np.int64), np.empty(0, np.int64))


def find_repeats(rule: BoundRule, blocks: Iterable[Block]) -> Repeats:
    """Reads a source and finds the rows that are alike in some columns, wherever they stand.

    Both rows are found, not only the later one: which of them is right, nobody here can know. So the source is read
    once more than otherwise. While it is, each row costs 32 bytes; afterwards only rows that are alike do. Rows are
    compared by digests of 128 bits: that two different ones share one is less likely than that the machine miscounts.
    """
    digests, places, numbers = [], [], []
    for block in blocks:
        which = _compared(rule, block)
        texts = _alike_texts(rule, block).take(pa.array(which)).to_numpy(zero_copy_only=False).tolist()
        digests.append(b"".join(hashlib.blake2b(text.encode(), digest_size=16).digest() for text in texts))
        places.append(block.places[which])
        numbers.append(block.rows[which])
    halves = np.frombuffer(b"".join(digests), np.uint64).reshape(-1, 2)
    if not len(halves):
        return NO_REPEATS
    return _repeats_among(halves, np.concatenate(places), np.concatenate(numbers))


def _repeats_among(halves: npt.NDArray[np.uint64], places: RowNumbers, numbers: RowNumbers) -> Repeats:
    ordered = np.sort(halves[:, 0])
    twice = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])  # few: the rest is needed no more
    suspects = np.flatnonzero(np.isin(halves[:, 0], twice))
    groups: dict[tuple[int, int], list[int]] = {}
    for suspect in suspects.tolist():
        groups.setdefault((int(halves[suspect, 0]), int(halves[suspect, 1])), []).append(suspect)
    other = {
        member: group[1] if member == group[0] else group[0]
        for group in groups.values()
        if len(group) > 1
        for member in group
    }
    members = np.array(sorted(other), np.int64)
    others = np.array([other[member] for member in members.tolist()], np.int64)
    return Repeats(places[members], numbers[others])


def _compared(rule: BoundRule, block: Block) -> RowNumbers:
    """Rows with all cells empty are like no other, and those that are no rows are not looked at."""
    some = np.logical_or.reduce([_is_filled(block, position) for position in rule.positions])
    some[list(block.faults)] = False
    return np.flatnonzero(some)


def _alike_texts(rule: BoundRule, block: Block) -> Texts:
    """The cells in question, each with its length in front, so that no two lists of cells look alike."""
    parts: list[Texts] = []
    for position in rule.positions:
        cells = trimmed(block.columns[position].shown)
        parts += [pc.utf8_length(cells).cast(pa.large_string()), cells]
    return pc.binary_join_element_wise(*parts, pa.scalar(":", pa.large_string()))


def _is_filled(block: Block, position: int) -> Flags:
    return filled(trimmed(block.columns[position].shown))


def broken(rule: BoundRule, repeats: Repeats, block: Block) -> Reasons:
    """Why rows break a rule, as places in REASON_CODES; 0 where they don't."""
    why = np.zeros(len(block), np.uint8)
    if rule.kind is RuleKind.UNIQUE:
        why[repeats.within(block)] = reason(Code.NOT_UNIQUE)
        return why
    count = np.sum([_is_filled(block, position) for position in rule.positions], axis=0)
    why[count == 0] = reason(Code.NONE_FILLED)
    if rule.kind is RuleKind.ONE_OF:
        why[count > 1] = reason(Code.SEVERAL_FILLED)
    return why
