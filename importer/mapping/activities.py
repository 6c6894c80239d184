"""Rows to activities: the body that is posted, the key that names it for ever, the lead it is addressed to."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.fingerprints import Occurrences, keyed_digest, keyed_digests, token_of
from importer.mapping.bodies import BodyWriter, RowValues, whole_activities
from importer.mapping.bound import BoundMapping
from importer.mapping.reading import Reading
from importer.records import Activity, Block, Flags, RowNumbers, Texts

ROWS_AT_ONCE: Final = 8_000
"""Rows whose texts are made together; a block is more than memory needs to hold of them."""


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
        for start in range(0, len(rows), ROWS_AT_ONCE):
            yield self._part(block, RowValues(readings, rows[start : start + ROWS_AT_ONCE]), ordinals)

    def _part(self, block: Block, values: RowValues, ordinals: RowNumbers) -> list[Activity]:
        keys = self._keys(block, values)
        tokens = None
        if self.bound.import_key is not None:
            tokens = pa.array([token_of(key) for key in keys], pa.large_string())
        bodies = _as_bytes(BodyWriter(self.bound, values, tokens).bodies())
        leads = values.texts(self.bound.lead).to_numpy(zero_copy_only=False).tolist()
        return list(map(Activity, ordinals[values.rows].tolist(), keys, bodies, leads))

    def _keys(self, block: Block, values: RowValues) -> list[bytes]:
        if self.bound.identity is None:
            kind, named = b"activity", whole_activities(self.bound, values)
        else:
            kind, named = b"columns", self._identity_texts(block, values.rows)
        common = (self.scope, str(self.bound.event).encode(), kind)
        identities = keyed_digests(self.salt, common, _as_bytes(named))
        numbers = self.occurrences.number(identities)
        # The first of its kind is named by its identity alone, which is what nearly every row is.
        for place in np.flatnonzero(numbers > 1).tolist():
            identities[place] = keyed_digest(self.salt, identities[place], str(numbers[place]).encode())
        return identities

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
