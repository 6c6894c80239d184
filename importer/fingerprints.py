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

_MET_BITS: Final = 23

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

    Sorted runs of 8-byte prefixes keep five million rows in 48 MB. Two identities that share a prefix would count as
    equal, which is harmless: the number is only a part of the key, and the same on every run of the same file.
    """

    _runs: list[npt.NDArray[np.uint64]] = field(default_factory=list)
    _met: npt.NDArray[np.bool_] = field(default_factory=lambda: np.zeros(1 << _MET_BITS, np.bool_))
    """By the first bits of a prefix: whether any that begins with them has come. Most that have not need no search."""
    _repeated: dict[int, int] = field(default_factory=dict)

    def number(self, identities: bytes) -> npt.NDArray[np.int64]:
        """Which of its equals each row is, from 1, in the order of the source.

        :param identities: of all rows, 16 bytes each.
        """
        prefixes = np.frombuffer(identities, np.uint64)[:: KEY_BYTES // 8]
        first_bits = prefixes >> np.uint64(64 - _MET_BITS)
        known = self._met[first_bits]
        known[known] = self._are_known(prefixes[known])
        fresh = np.sort(prefixes)
        differs = np.ones(len(fresh), np.bool_)
        differs[1:] = fresh[1:] != fresh[:-1]
        several = known | np.isin(prefixes, fresh[~differs])
        numbers = np.ones(len(prefixes), np.int64)
        for place in np.flatnonzero(several):
            prefix = int(prefixes[place])
            self._repeated[prefix] = self._repeated.get(prefix, int(known[place])) + 1
            numbers[place] = self._repeated[prefix]
        self._met[first_bits] = True
        fresh = fresh[differs]
        self._remember(fresh[~np.isin(fresh, prefixes[known])] if known.any() else fresh)
        return numbers

    def _are_known(self, prefixes: npt.NDArray[np.uint64]) -> npt.NDArray[np.bool_]:
        known = np.zeros(len(prefixes), np.bool_)
        for run in self._runs:
            known |= run[np.minimum(np.searchsorted(run, prefixes), len(run) - 1)] == prefixes
        return known

    def _remember(self, fresh: npt.NDArray[np.uint64]) -> None:
        """Adds a sorted run; runs of like size are merged, so that few are left to search.

        Not the longest ones, for merging takes as much memory again as there is to merge.
        """
        while self._runs and len(self._runs[-1]) <= 2 * len(fresh) and len(self._runs[-1]) + len(fresh) <= LONGEST_RUN:
            fresh = np.concatenate((self._runs.pop(), fresh))
            fresh.sort(kind="stable")  # in place; stable sorting is what merging sorted runs is cheap with
        if len(fresh):
            self._runs.append(fresh)
