"""What an account told, kept in a file: mappings can be compared with it where there are no keys and no network."""

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import ClassVar, Final

from pydantic import ConfigDict, TypeAdapter, ValidationError

from importer.errors.base import ConfigurationError
from importer.leadsquared.account.facts import AccountFacts

VERSION: Final = 1


class SnapshotUnusable(ConfigurationError):
    """A snapshot that can't be read or written."""

    code = "snapshot-unusable"

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(
            f'The snapshot "{path}" can\'t be used: {why}.',
            "Write one with: lsq-import doctor --snapshot FILE",
        )


@dataclass(frozen=True, slots=True)
class Snapshot:
    """An account at one moment: activity types, fields, options, users, but no lead and no key."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    version: int
    account: str
    """Its host, or `sandbox`."""
    org: str
    time_zone: str
    taken_at: datetime
    facts: AccountFacts

    def save(self, path: Path) -> None:
        """Writes it whole or not at all, for its owner only: it holds the users' e-mail addresses.

        :raises SnapshotUnusable: the file can't be written.
        """
        beside = path.with_name(f"{path.name}.part")
        try:
            descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(TypeAdapter(Snapshot).dump_json(self, indent=1, exclude_defaults=True) + b"\n")
            beside.replace(path)
        except OSError as error:
            raise SnapshotUnusable(path, error.strerror or type(error).__name__) from None

    @classmethod
    def load(cls, path: Path) -> "Snapshot":
        """Reads what `save` has written.

        :raises SnapshotUnusable: there is no such file, or it is none of ours.
        """
        try:
            snapshot = TypeAdapter(cls).validate_json(path.read_bytes())
        except OSError as error:
            raise SnapshotUnusable(path, error.strerror or type(error).__name__) from None
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"])) or "the file"
            raise SnapshotUnusable(path, f"it is not a snapshot of an account ({where}: {first['msg']})") from None
        if snapshot.version != VERSION:
            raise SnapshotUnusable(path, f"it has version {snapshot.version}, and this program reads {VERSION}")
        return snapshot
