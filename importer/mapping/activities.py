"""Rows to activities: the body that is posted, the key that names it for ever, the lead it is addressed to."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.blocks import Block, Flags, RowNumbers, Texts
from importer.fingerprints import KEY_BYTES, Identities, Occurrences, keyed_digest, keyed_digests, token_of
from importer.mapping.bodies import BodyWriter, RowValues, whole_activities
from importer.mapping.bound import BoundMapping
from importer.mapping.reading import Reading
from importer.records import Activity

ROWS_AT_ONCE: Final = 4_000
"""Rows whose texts are made together; a block is more than memory needs to hold of them."""


@dataclass(frozen=True, slots=True)
class NamedRows:
    """Rows of one block, and what tells their activities from all others."""

    rows: RowNumbers
    """Offsets in the block."""
    identities: Identities
    numbers: RowNumbers
    """Which of its equals in the source each row is, from 1."""

    def __len__(self) -> int:
        return len(self.rows)

    def some(self, which: slice | Flags) -> "NamedRows":
        """Some of them."""
        return NamedRows(self.rows[which], self.identities[which], self.numbers[which])


@dataclass(slots=True)
class ActivityMapper:
    """Turns the good rows of one source's blocks into activities; keeps count of equal rows between blocks."""

    bound: BoundMapping
    salt: bytes
    scope: bytes
    """What an activity must share with another to be the same: the account, and the run when duplicates are wanted."""
    occurrences: Occurrences = field(default_factory=Occurrences)
    """How often each activity has come so far; shared by mappers of one source."""

    def activities(
        self, block: Block, readings: dict[str, Reading], good: Flags, ordinals: RowNumbers
    ) -> Iterator[list[Activity]]:
        """The activities of the good rows, in source order, some thousands at a time.

        :param ordinals: the place of each row of the block among all rows of the run.
        """
        rows = np.flatnonzero(good)
        identities = self.identities(block, readings, rows)
        yield from self.written(readings, NamedRows(rows, identities, self.numbers(identities)), ordinals)

    def identities(self, block: Block, readings: dict[str, Reading], rows: RowNumbers) -> Identities:
        """What names the activity of each of these rows; they are offsets in the block."""
        identities = np.empty((len(rows), KEY_BYTES), np.uint8)
        for start in range(0, len(rows), ROWS_AT_ONCE):
            part = slice(start, start + ROWS_AT_ONCE)
            digests = b"".join(self._identities(block, RowValues(readings, rows[part])))
            identities[part] = np.frombuffer(digests, np.uint8).reshape(-1, KEY_BYTES)
        return identities

    def numbers(self, identities: Identities) -> RowNumbers:
        """Which of its equals in the source each row is, from 1: of all good rows that come next, in source order."""
        return self.occurrences.number(identities.tobytes())

    def written(self, readings: dict[str, Reading], named: NamedRows, ordinals: RowNumbers) -> Iterator[list[Activity]]:
        """The activities of rows that have their names, some thousands at a time."""
        for start in range(0, len(named), ROWS_AT_ONCE):
            part = named.some(slice(start, start + ROWS_AT_ONCE))
            yield self._activities(RowValues(readings, part.rows), self._keys(part), ordinals)

    def _activities(self, values: RowValues, keys: list[bytes], ordinals: RowNumbers) -> list[Activity]:
        tokens = None
        if self.bound.import_key is not None:
            tokens = pa.array([token_of(key) for key in keys], pa.large_string())
        bodies = _as_bytes(BodyWriter(self.bound, values, tokens).bodies())
        return list(map(Activity, ordinals[values.rows].tolist(), keys, bodies, self._leads(values)))

    def leads(self, readings: dict[str, Reading], rows: RowNumbers) -> list[str]:
        """The leads that good rows name; `rows` are offsets in the block."""
        return self._leads(RowValues(readings, rows))

    def _leads(self, values: RowValues) -> list[str]:
        leads: list[str] = values.texts(self.bound.lead).to_numpy(zero_copy_only=False).tolist()
        return leads

    def _keys(self, named: NamedRows) -> list[bytes]:
        packed = named.identities.tobytes()
        keys = [packed[at : at + KEY_BYTES] for at in range(0, len(packed), KEY_BYTES)]
        # The first of its kind is named by its identity alone, which is what nearly every row is.
        for place in np.flatnonzero(named.numbers > 1).tolist():
            keys[place] = keyed_digest(self.salt, keys[place], str(named.numbers[place]).encode())
        return keys

    # --------------------------------------------------------------------- what makes a row the row it is

    @property
    def _common(self) -> tuple[bytes, ...]:
        """What names the activities of all rows alike."""
        return self.scope, str(self.bound.event).encode(), b"activity" if self.bound.identity is None else b"columns"

    def _identities(self, block: Block, values: RowValues) -> list[bytes]:
        if self.bound.identity is None:
            texts = whole_activities(self.bound, values)
        else:
            texts = self._identity_texts(block, values.rows)
        return keyed_digests(self.salt, self._common, _as_bytes(texts))

    def _identity_texts(self, block: Block, offsets: RowNumbers) -> Texts:
        """The cells that name the activity, each with its length in front, so that no two lists look alike."""
        parts: list[Texts] = []
        for position in self.bound.identity or ():
            cells = pc.utf8_trim_whitespace(block.columns[position].shown.take(offsets))
            parts += [pc.utf8_length(cells).cast(pa.large_string()), cells]
        return pc.binary_join_element_wise(*parts, pa.scalar(":", pa.large_string()))


def _as_bytes(texts: Texts) -> list[bytes]:
    """The texts in UTF-8; by way of NumPy, seven times faster than Arrow's own conversion."""
    listed: list[bytes] = texts.cast(pa.large_binary()).to_numpy(zero_copy_only=False).tolist()
    return listed
