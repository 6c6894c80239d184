"""Whether the ledger file is as this program has left it: then it need not be looked through from end to end again.

That takes half a second for a million rows. It is done whenever the file is not as it was left (a power cut, a copy put
back, another program's hand), and once a week, since disks forget.
"""

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

MARK: Final = "ledger.sound"
EVERY: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Soundness:
    """What is known of one ledger file."""

    ledger: Path
    now: datetime

    def checked_at(self) -> datetime | None:
        """When the file was last looked through, if it is as it was left and that was not long ago."""
        with suppress(OSError, ValueError, KeyError, TypeError):
            if self.ledger.with_name(f"{self.ledger.name}-journal").exists():
                return None
            left = json.loads(self._mark.read_text(encoding="utf-8"))
            checked_at = datetime.fromisoformat(left["checked_at"])
            if left["file"] == self._state() and timedelta() <= self.now - checked_at < EVERY:
                return checked_at
        return None

    def forget(self) -> None:
        """The file is about to be looked through: until that has gone well, nothing is known of it."""
        with suppress(OSError):
            self._mark.unlink(missing_ok=True)

    def left(self, checked_at: datetime) -> None:
        """The file was closed in order, having been looked through at that time."""
        with suppress(OSError):  # without a mark it is looked through the next time
            left = {"file": self._state(), "checked_at": checked_at.isoformat()}
            self._mark.touch(mode=0o600)
            self._mark.write_text(json.dumps(left), encoding="utf-8")

    @property
    def _mark(self) -> Path:
        return self.ledger.with_name(MARK)

    def _state(self) -> list[int]:
        facts = self.ledger.stat()
        return [facts.st_ino, facts.st_size, facts.st_mtime_ns]
