"""How the JSON body of one activity is laid out, as a value: whoever fills it in needs no knowledge of the API."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

GUID: Final = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
"""What ids of leads, activities and users look like."""


class Slot(StrEnum):
    """The places in a body that are filled from a row; the words are the keys of a mapping file."""

    LEAD_ID = "lead.id"
    LEAD_VALUE = "lead.value"
    LEAD_EMAIL = "lead.email"
    LEAD_FIRST_NAME = "lead.first_name"
    LEAD_LAST_NAME = "lead.last_name"
    LEAD_PHONE = "lead.phone"
    NOTE = "activity.note"
    DATETIME = "activity.datetime"
    OWNER = "activity.owner"


@dataclass(frozen=True, slots=True)
class Text:
    """A JSON text from a slot; its member is left out where the row has none."""

    slot: Slot


@dataclass(frozen=True, slots=True)
class Event:
    """The number of the activity type."""


@dataclass(frozen=True, slots=True)
class Fields:
    """The array of the activity's fields (`SchemaName`, `Value`), custom field sets nested as on page 001."""

    with_owner: bool = False
    """The owner goes in here as the field `Owner`: single calls know no owner's e-mail (update-activity page)."""


@dataclass(frozen=True, slots=True)
class Attributes:
    """The array of the lead's attributes (`Attribute`, `Value`), ending in `SearchBy` (page 001)."""


@dataclass(frozen=True, slots=True)
class Option:
    """A fixed member that a mapping can ask for, `true` when it does; left out otherwise."""

    key: str


@dataclass(frozen=True, slots=True)
class Body:
    """A JSON object; its members in order, as (key, what stands there)."""

    members: tuple[tuple[str, "Part"], ...]


Part: TypeAlias = Text | Event | Fields | Attributes | Option | Body

OPTIONS: tuple[tuple[str, Part], ...] = (
    ("ProcessFilesAsync", Option("activity.process_files_async")),
    ("ValidateDropDownOptions", Option("activity.validate_dropdown_options")),
)
"""Passed on as they are. Pages show them on single calls; in the rows of bulk calls they are inferred (FACTS 2.2)."""

ACTIVITY: tuple[tuple[str, Part], ...] = (
    ("ActivityEvent", Event()),
    ("ActivityNote", Text(Slot.NOTE)),
    ("ActivityDateTime", Text(Slot.DATETIME)),
    *OPTIONS,
)
"""What every way of posting an activity has in common (pages 000 to 003)."""
