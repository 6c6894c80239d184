"""Rows to activities: the body that is posted, the key that names it for ever, the lead it is addressed to."""

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.fingerprints import Occurrences, keyed_digest, token_of
from importer.mapping.bodies import BodyWriter, RowValues, whole_activities
from importer.mapping.bound import BoundMapping
from importer.mapping.reading import Reading
from importer.records import Activity, Block, Flags, RowNumbers, Texts


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
    ) -> list[Activity]:
        """The activities of the good rows, in source order.

        :param ordinals: the place of each row of the block among all rows of the run.
        """
        rows = np.flatnonzero(good)
        if not len(rows):
            return []
        offsets = pa.array(rows)
        values = RowValues(readings, offsets)
        keys = self._keys(block, values)
        tokens = None
        if self.bound.import_key is not None:
            tokens = pa.array([token_of(key) for key in keys], pa.large_string())
        bodies = _as_list(BodyWriter(self.bound, values, tokens).bodies())
        leads = _as_list(values.texts(self.bound.lead))
        return [
            Activity(ordinal, key, body.encode(), lead)
            for ordinal, key, body, lead in zip(ordinals[rows].tolist(), keys, bodies, leads, strict=True)
        ]

    def _keys(self, block: Block, values: RowValues) -> list[bytes]:
        event = str(self.bound.event).encode()
        if self.bound.identity is None:
            kind, named = b"activity", _as_list(whole_activities(self.bound, values))
        else:
            kind, named = b"columns", _as_list(self._identity_texts(block, values.rows))
        identities = [keyed_digest(self.salt, self.scope, event, kind, text.encode()) for text in named]
        numbers = self.occurrences.number(identities)
        # The first of its kind is named by its identity alone, which is what nearly every row is.
        return [
            identity if number == 1 else keyed_digest(self.salt, identity, str(number).encode())
            for identity, number in zip(identities, numbers.tolist(), strict=True)
        ]

    def _identity_texts(self, block: Block, offsets: pa.Array) -> Texts:
        """The cells that name the activity, each with its length in front, so that no two lists look alike."""
        parts: list[Texts] = []
        for position in self.bound.identity or ():
            cells = pc.utf8_trim_whitespace(block.columns[position].shown.take(offsets))
            parts += [pc.utf8_length(cells).cast(pa.large_string()), cells]
        return pc.binary_join_element_wise(*parts, pa.scalar(":", pa.large_string()))


def _as_list(texts: Texts) -> list[str]:
    """The texts as Python strings; by way of NumPy, seven times faster than Arrow's own conversion."""
    listed: list[str] = texts.to_numpy(zero_copy_only=False).tolist()
    return listed
