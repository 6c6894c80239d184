"""Stretches of rows that can be recognised when they come again, all of them at once.

Tonight's export is mostly last night's. Where a stretch ends is decided by what its rows hold, not by their place in
the file: rows that were added, changed or taken away change the stretches they are in, and no others.
"""

import hmac
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from importer.blocks import CellColumn, Flags, Kinds, Texts
from importer.fingerprints import KEY_BYTES


class Lengths(NamedTuple):
    """Of stretches, in rows."""

    mean: int = 1024
    """A power of two. Longer stretches are recognised faster; shorter ones survive more changes of the file."""
    fewest: int = 32
    """What is shorter is not worth remembering."""


USUAL: Final = Lengths()

_LETTERS: Final = 4
_LONG: Final = 256
"""Bytes; the lengths of shorter texts take one byte each."""
_ODD: Final = (0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D, 0x27D4EB2F, 0x165667B1)
"""Multipliers that spread what differs in a bit over all bits; primes of 32 bits."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Consecutive rows of a block."""

    start: int
    """Offset of the first row in the block."""
    end: int
    mark: bytes
    """16 bytes: the same for the same cells in the same order, and for no others."""
    whole: bytes
    """The same for all that stands in the rows, and over them, what is not used included."""

    @property
    def rows(self) -> slice:
        """Its rows among those of the block."""
        return slice(self.start, self.end)


class Around(NamedTuple):
    """What the marks of a source's stretches depend on besides their rows."""

    secret: bytes
    common: bytes
    """What has a say in what becomes of a row, for all rows alike."""
    header: bytes
    """What stands over the columns."""


def cut(
    used: Sequence[CellColumn],
    beside: Sequence[CellColumn],
    unreadable: Flags,
    around: Around,
    lengths: Lengths = USUAL,
) -> list[Stretch]:
    """Cuts a block into stretches.

    :param used: the columns that have a say in what becomes of a row.
    :param beside: the other columns.
    :param unreadable: rows that could not be read as rows.
    """
    cells, others = _Cells.of(used), _Cells.of(beside)
    found = []
    for start, end in pairwise(_edges(cells.shown, len(unreadable), lengths)):
        if end - start < lengths.fewest:
            continue
        # Not BLAKE2, as elsewhere: every cell goes through this, and for SHA-256 processors have instructions.
        digest = hmac.new(around.secret, around.common, "sha256")
        digest.update((end - start).to_bytes(8) + unreadable[start:end].tobytes())
        cells.digest(digest, start, end)
        mark = digest.digest()[:KEY_BYTES]
        digest.update(around.header)
        others.digest(digest, start, end)
        found.append(Stretch(start, end, mark, digest.digest()[:KEY_BYTES]))
    return found


@dataclass(frozen=True, slots=True)
class _Cells:
    """Some columns, as they are digested."""

    shown: list["_Letters"]
    behind: list["_Letters"]
    """What Excel stores behind what it shows; columns that store what they show share their texts."""
    kinds: list[Kinds]
    stores: bytes
    """Which of the columns store more than they show."""

    @classmethod
    def of(cls, columns: Sequence[CellColumn]) -> "_Cells":
        stored = [column.stored for column in columns if column.stored is not None]
        return cls(
            [_Letters.of(column.shown) for column in columns],
            [_Letters.of(texts) for each in stored for texts in (each.stored, each.formats)],
            [each.kinds for each in stored],
            bytes(column.stored is not None for column in columns),
        )

    def digest(self, digest: hmac.HMAC, start: int, end: int) -> None:
        """Adds all that tells these rows from others."""
        digest.update(len(self.stores).to_bytes(8) + self.stores)
        for kinds in self.kinds:
            digest.update(kinds[start:end].tobytes())
        for texts in (*self.shown, *self.behind):
            for piece in texts.pieces(start, end):
                digest.update(piece)


@dataclass(frozen=True, slots=True)
class _Letters:
    """A column of texts as it lies in memory."""

    ends: npt.NDArray[np.int64]
    """Where each text begins, and where the last one ends."""
    letters: memoryview

    @classmethod
    def of(cls, texts: Texts) -> "_Letters":
        _, offsets, letters = texts.buffers()
        ends = np.frombuffer(offsets, np.int64, len(texts) + 1, texts.offset * 8)
        return cls(ends, memoryview(letters or b""))

    def last_letters(self) -> npt.NDArray[np.uint32]:
        """The last bytes of each text, as a number; of a short one, those before it as well."""
        if len(self.letters) < _LETTERS:
            return np.zeros(len(self.ends) - 1, np.uint32)
        every = np.ndarray((len(self.letters) - _LETTERS + 1,), "<u4", self.letters, 0, (1,))
        last: npt.NDArray[np.uint32] = every[np.maximum(self.ends[1:] - _LETTERS, 0)]
        return last

    def pieces(self, start: int, end: int) -> Iterator[bytes | memoryview]:
        """All that tells these rows from others."""
        ends = self.ends[start : end + 1]
        lengths = ends[1:] - ends[:-1]
        if lengths.max() < _LONG:
            lengths = lengths.astype(np.uint8)
        yield lengths.itemsize.to_bytes() + lengths.tobytes()
        yield self.letters[ends[0] : ends[-1]]


def _edges(columns: Sequence[_Letters], rows: int, lengths: Lengths) -> list[int]:
    mixed = np.full(rows, _ODD[-1], np.uint32)
    for place, column in enumerate(columns):
        mixed += column.last_letters() * np.uint32(_ODD[place % len(_ODD)])
        mixed ^= mixed >> np.uint32(15)
    mixed *= np.uint32(_ODD[0])
    edges = [0]
    for last in np.flatnonzero(mixed >> np.uint32(16) & np.uint32(lengths.mean - 1) == 0).tolist():
        if last + 1 - edges[-1] >= lengths.fewest:
            edges.append(last + 1)
    return edges if edges[-1] == rows else [*edges, rows]
