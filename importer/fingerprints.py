"""What makes an activity the same activity tomorrow: a keyed digest of its identity, and which of equals it is."""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

KEY_BYTES: Final = 16

Identities: TypeAlias = npt.NDArray[np.uint8]
"""Of rows, 16 bytes each: what makes the activities of two rows the same."""

LONGEST_RUN: Final = 1 << 18
"""Entries of 8 bytes."""

TOKEN_LETTERS: Final = 20
"""100 bits: no two activities of an account share one."""


def keyed_digest(salt: bytes, *parts: bytes) -> bytes:
    """16 bytes that nobody can compute, or guess a value from, without the salt."""
    digest = hashlib.blake2b(key=salt, digest_size=KEY_BYTES)
    for part in parts:
        digest.update(len(part).to_bytes(8))
        digest.update(part)
    return digest.digest()


def keyed_digests(salt: bytes, common: Sequence[bytes], each: Sequence[bytes]) -> list[bytes]:
    """The keyed digest of the common parts and one more, for each of many: what they share is digested once."""
    begun = hashlib.blake2b(key=salt, digest_size=KEY_BYTES)
    for part in common:
        begun.update(len(part).to_bytes(8))
        begun.update(part)
    digests = []
    for part in each:
        digest = begun.copy()
        digest.update(len(part).to_bytes(8) + part)
        digests.append(digest.digest())
    return digests


def token_of(key: bytes) -> str:
    """The key as it is stored in an activity: letters and digits that no field changes."""
    return base64.b32encode(key).decode().lower()[:TOKEN_LETTERS]


@dataclass(slots=True)
class Occurrences:
    """Counts equal identities within one source, so that two honest identical rows are two activities.

    Sorted runs of 8-byte prefixes keep five million rows in 40 MB. Two identities that share a prefix would count as
    equal, which is harmless: the number is only a part of the key, and the same on every run of the same file.
    """

    _runs: list[npt.NDArray[np.uint64]] = field(default_factory=list)
    _repeated: dict[int, int] = field(default_factory=dict)

    def number(self, identities: bytes) -> npt.NDArray[np.int64]:
        """Which of its equals each row is, from 1, in the order of the source.

        :param identities: of all rows, 16 bytes each.
        """
        prefixes = np.frombuffer(identities, np.uint64)[:: KEY_BYTES // 8]
        fresh, first_at = np.unique(prefixes, return_index=True)
        numbers = np.ones(len(prefixes), np.int64)
        known = np.zeros(len(fresh), np.bool_)
        for run in self._runs:
            known |= run[np.minimum(np.searchsorted(run, fresh), len(run) - 1)] == fresh
        again = np.ones(len(prefixes), np.bool_)
        again[first_at[~known]] = False
        for place in np.flatnonzero(again):
            prefix = int(prefixes[place])
            self._repeated[prefix] = self._repeated.get(prefix, 1) + 1
            numbers[place] = self._repeated[prefix]
        self._remember(fresh[~known])
        return numbers

    def _remember(self, fresh: npt.NDArray[np.uint64]) -> None:
        """Adds a sorted run; runs of like size are merged, so that few are left to search.

        Not the longest ones, for merging takes as much memory again as there is to merge.
        """
        while self._runs and len(self._runs[-1]) <= 2 * len(fresh) and len(self._runs[-1]) + len(fresh) <= LONGEST_RUN:
            fresh = np.concatenate((self._runs.pop(), fresh))
            fresh.sort(kind="stable")  # in place; stable sorting is what merging sorted runs is cheap with
        if len(fresh):
            self._runs.append(fresh)
