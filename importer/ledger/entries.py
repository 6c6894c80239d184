"""What is written into the ledger and read out of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from pathlib import Path
from typing import Any

from importer.blocks import Cell, Layout, Place
from importer.given_paths import reached
from importer.records import Activity, Outcome


@dataclass(frozen=True, slots=True)
class Account:
    """Where activities go."""

    id: str
    """In the ledger: what makes two activities of the same content the same activity."""
    label: str
    """How people know it; no key is in it."""
    org: str = ""
    """What LeadSquared calls it; "" as long as nobody has asked."""


@dataclass(frozen=True, slots=True)
class RunOrder:
    """What a run is asked to do."""

    account: Account
    signature: str
    """The same for every command that means the same run."""
    mapping: str
    options: Mapping[str, Any]
    out: str


@dataclass(frozen=True, slots=True)
class Run:
    """One run as the ledger has it."""

    number: int
    id: str
    account_id: str
    account_label: str
    mapping: str
    options: Mapping[str, Any]
    out: str
    started_at: datetime
    finished_at: datetime | None
    exit_code: int | None
    seconds: float
    """During which calls were made."""
    whole: bool
    """Whether all rows of its sources were read."""
    open: bool
    """Whether the same command goes on with it: it was stopped, or has rows in doubt."""

    @property
    def given_in(self) -> str:
        """The folder that its command was given in; "" in ledgers that don't tell."""
        return str(self.options.get("given_in", ""))

    @property
    def reports(self) -> Path:
        """The folder that holds those of its reports, wherever we are."""
        return reached(self.out, self.given_in)


@dataclass(frozen=True, slots=True)
class SourceEntry:
    """One source of a run."""

    place: Place
    sha256: str
    first: int
    """Ordinal of its first row."""
    layout: Layout


class ActivityState(IntEnum):
    """What is known of an activity across all runs."""

    PLANNED = 0
    """A run means to send it; if that run is not at work, anyone may."""
    IN_FLIGHT = 1
    """The intent to send it is on disk, its outcome is not."""
    IN_DOUBT = 2
    """It was sent, and nobody knows what became of it."""
    CREATED = 3


@dataclass(frozen=True, slots=True)
class Known:
    """What the ledger knows of an activity."""

    state: ActivityState
    activity_id: str
    run: int
    ordinal: int
    """Of the row it came from, in that run."""


@dataclass(frozen=True, slots=True)
class NewRow:
    """A row that passed validation, and what is to be posted for it."""

    row: int
    activity: Activity
    cells: Callable[[], tuple[Cell, ...]] | None = None
    """Makes the source's own cells, which are kept if the row turns out to be in doubt."""


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """A row as it stands before anything is sent."""

    ordinal: int
    row: int
    outcome: Outcome
    """NOT_SENT for a row whose turn will come."""
    key: bytes | None = None
    activity_id: str | None = None
    lead: str = ""
    code: str = ""
    message: str = ""
    cells: tuple[Cell, ...] | None = None
    """For rows that will have to be corrected, or looked up."""
    road: int = 0
    body: bytes | None = None
    """As it was posted, for rows that will have to be looked up."""
