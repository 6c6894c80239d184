"""What an earlier report of the same run has left in its folder, and what somebody has made of it since."""

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

SUMMARIES: Final = "summary*.json"
DIGESTS: Final = "files_sha256"
"""Under this key a summary keeps the digests of the files that people correct, as they were written."""


@dataclass(frozen=True, slots=True)
class EarlierFiles:
    """The files that people correct: a report may replace those that are as it left them, and no others."""

    digests: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By name."""

    @classmethod
    def in_folder(cls, folder: Path) -> "EarlierFiles":
        """What the summaries there say. One that can't be read says nothing: then all that is there is somebody's."""
        found: dict[str, set[str]] = {}
        for path in folder.glob(SUMMARIES):
            with suppress(OSError, ValueError, LookupError, TypeError, AttributeError):
                for name, digest in json.loads(path.read_bytes())[DIGESTS].items():
                    found.setdefault(name, set()).add(digest)
        return cls({name: frozenset(digests) for name, digests in found.items()})

    def left(self, path: Path) -> bool:
        """Whether a file is as a report left it."""
        try:
            return sha256_of(path) in self.digests.get(path.name, ())
        except OSError:
            return False

    def are_changed(self, ready: Path, place: Path) -> bool:
        """Whether somebody has worked on what stands in a place, so that it must not be replaced by what is ready."""
        if not place.exists() or self.left(place):
            return False
        try:
            return sha256_of(place) != sha256_of(ready)
        except OSError:
            return True


def sha256_of(path: Path) -> str:
    """The digest of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
