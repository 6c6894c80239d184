"""The ids of all activities that this run has created: an answer that names one again is not the answer to its call."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

from importer.fingerprints import KEY_BYTES, Occurrences
from importer.records import Receipt


@dataclass(slots=True)
class SeenIds:
    """Remembers ids in eight bytes each."""

    _seen: Occurrences = field(default_factory=Occurrences)

    def are_new(self, receipts: tuple[Receipt, ...]) -> bool:
        """Whether no receipt has an id of an earlier call; if so, they are remembered."""
        return self.remember(receipt.activity_id for receipt in receipts if receipt.created)

    def remember(self, ids: Iterable[str]) -> bool:
        """Remembers ids; tells whether all of them were new."""
        digests = b"".join(hashlib.blake2b(each.lower().encode(), digest_size=KEY_BYTES).digest() for each in ids)
        return not digests or bool((self._seen.number(digests) == 1).all())
