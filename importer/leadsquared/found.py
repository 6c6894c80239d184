"""An activity as it is read back, the same whichever call has read it."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

_MOMENTS: Final = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S.%f", "%m/%d/%Y %I:%M:%S %p")
"""How one and the same moment is written, in UTC, depending on the call (FACTS 5)."""


@dataclass(frozen=True, slots=True)
class FoundActivity:
    """One activity of the account."""

    id: str
    """In lower case."""
    lead: str
    """Id of its lead, in lower case."""
    event: str
    note: str
    created_on: str
    """Mirrors the moment that was posted (FACTS 5), so it says when the activity was, not when it was written."""
    modified_on: str
    fields: Mapping[str, str]
    """By schema name; those without a value are missing."""
    texts: str
    """All texts that stand anywhere in it, in lower case, a line each: where an import key is looked for."""


def of_lead(activity: Mapping[str, Any]) -> FoundActivity:
    """An activity as `Retrieve` brings it (page 004)."""
    data = {entry.get("Key"): entry.get("Value") for entry in _dicts(activity.get("Data"))}
    fields = activity.get("ActivityFields")
    return FoundActivity(
        id=_text(activity.get("Id")).lower(),
        lead=_text(activity.get("RelatedProspectId")).lower(),
        event=_text(activity.get("EventCode")),
        note=_text(data.get("NotableEventDescription")),
        created_on=_text(activity.get("CreatedOn")),
        modified_on=_text(activity.get("ModifiedOn")),
        fields=_fields(fields if isinstance(fields, dict) else {}),
        texts=_texts(activity),
    )


def of_type(activity: Mapping[str, Any]) -> FoundActivity:
    """An activity as `RetrieveByActivityEvent` brings it, flat (page bulk-retrieve-activities-by-activity-event)."""
    return FoundActivity(
        id=_text(activity.get("ProspectActivityId")).lower(),
        lead=_text(activity.get("RelatedProspectId")).lower(),
        event=_text(activity.get("ActivityEvent")),
        note=_text(activity.get("ActivityEvent_Note")),
        created_on=_text(activity.get("CreatedOn")),
        modified_on=_text(activity.get("ModifiedOn")),
        fields=_fields(activity),
        texts=_texts(activity),
    )


def moment_of(text: str) -> datetime | None:
    """The moment that a text of the account means, without its zone, which is UTC; None if it is none."""
    for form in _MOMENTS:
        try:
            return datetime.strptime(text.strip(), form)  # noqa: DTZ007  # all of them are UTC and compared as such
        except ValueError:
            continue
    return None


def _fields(fields: Mapping[str, Any]) -> dict[str, str]:
    return {name: text for name, value in fields.items() if (text := _text(value)) != ""}


def _text(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return ""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)


def _dicts(value: Any) -> Iterator[dict[str, Any]]:
    return (each for each in value if isinstance(each, dict)) if isinstance(value, list) else iter(())


_BLANKS: Final = re.compile(r"\s+")


def _texts(value: Any) -> str:
    return "\n".join(_BLANKS.sub(" ", text) for text in _leaves(value)).lower()


def _leaves(value: Any) -> Iterator[str]:
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, str):
            yield each
        elif isinstance(each, dict):
            waiting += each.values()
        elif isinstance(each, list):
            waiting += each
