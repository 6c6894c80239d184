"""The audit: what the ledger says of a run against what the account holds, row by row, by the import keys."""

import base64
import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from importer.fingerprints import TOKEN_LETTERS
from importer.in_doubt import AuditedRow
from importer.leadsquared.found import FoundActivity
from importer.sending.matching import Sighted

_TOKEN: Final = re.compile(rf"\b[a-z2-7]{{{TOKEN_LETTERS}}}\b")


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What an audit found; rows by their ordinal in the run."""

    complete: bool
    """Whether all that there is to see was seen."""
    created: int = 0
    """Rows that the ledger says are there."""
    missing: int = 0
    """Rows of them that did not show: deleted, or not shown to these keys."""
    twice: dict[int, tuple[str, ...]] = field(default_factory=dict)
    """Rows that are there more than once, with all their ids."""
    unexpected: dict[int, str] = field(default_factory=dict)
    """Rows that are there, although the ledger says they are not, with their id."""


class AuditMatcher:
    """Is shown activities, and compares each that bears a key of the run with the ledger; 33 bytes for each row."""

    proves_absence = True

    def __init__(self, rows: Iterable[AuditedRow]) -> None:
        keys, ordinals, ids = bytearray(), [], bytearray()
        for row in rows:
            keys += row.key[:8]
            ids += _bytes_of(row.activity_id)
            ordinals.append(row.ordinal)
        prefixes = np.frombuffer(bytes(keys), ">u8")
        order = np.argsort(prefixes, kind="stable")
        self._prefixes = prefixes[order]
        self._ordinals: npt.NDArray[np.int64] = np.array(ordinals, np.int64)[order]
        self._ids = np.frombuffer(bytes(ids), "V16")[order]
        self._shown = np.zeros(len(order), np.bool_)
        self._others: dict[int, dict[str, None]] = {}

    def see(self, found: FoundActivity) -> None:
        """Notes whose key it bears, and whether the ledger knows it under this id."""
        for token in _TOKEN.findall(found.texts):
            place = self._place_of(token)
            if place is None:
                continue
            if self._ids[place].tobytes() == _bytes_of(found.id):
                self._shown[place] = True
            else:
                self._others.setdefault(place, {})[found.id] = None

    def sighted(self) -> dict[bytes, Sighted]:
        """Nothing: an audit settles no doubts."""
        return {}

    def report(self, *, complete: bool) -> AuditReport:
        """What came out."""
        expected = np.array([each.tobytes() != _NO_ID for each in self._ids], np.bool_)
        twice: dict[int, tuple[str, ...]] = {}
        unexpected: dict[int, str] = {}
        for place, others in self._others.items():
            ordinal = int(self._ordinals[place])
            own = [str(uuid.UUID(bytes=self._ids[place].tobytes()))] if expected[place] else []
            ids = (*own, *others)
            if len(ids) > 1:
                twice[ordinal] = ids
            if not own:
                unexpected[ordinal] = ids[0]
        # If nothing at all has shown that is known to be there, the look was at fault, not the account.
        complete = complete and bool(self._shown.any() or self._others or not expected.any())
        missing = int((expected & ~self._shown).sum()) if complete else 0
        return AuditReport(complete, int(expected.sum()), missing, twice, unexpected)

    def _place_of(self, token: str) -> int | None:
        prefix = np.frombuffer(base64.b32decode(token.upper() + "AAAA")[:8], ">u8")[0]
        place = int(np.searchsorted(self._prefixes, prefix))
        return place if place < len(self._prefixes) and self._prefixes[place] == prefix else None


_NO_ID: Final = bytes(16)


def _bytes_of(activity_id: str) -> bytes:
    try:
        return uuid.UUID(activity_id).bytes
    except ValueError:
        return _NO_ID
