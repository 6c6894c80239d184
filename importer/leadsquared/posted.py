"""What was posted for a row, taken from its body again, to be compared with what is read back."""

import json
from dataclasses import dataclass
from typing import Any, TypeAlias

from importer.leadsquared.found import FoundActivity, moment_of

Posted: TypeAlias = str | tuple[tuple[str, str], ...]
"""A field's value; of a custom field set, its own fields with a value."""


@dataclass(frozen=True, slots=True)
class PostedActivity:
    """The content of one activity."""

    lead: str
    """Id of its lead in lower case; empty if the call names the lead by something else."""
    event: str
    note: str
    moment: str
    fields: tuple[tuple[str, Posted], ...]
    """Those with a value, sorted by name."""

    def shows_in(self, found: FoundActivity) -> bool:
        """Whether an activity of the account has all of this content. Without a lead's id nobody can tell."""
        return (
            self.lead != ""
            and found.lead == self.lead
            and found.event == self.event
            and (not self.note or _same_text(self.note, found.note))
            and (not self.moment or _same_moment(self.moment, found.created_on))
            and all(_same_field(value, found.fields.get(name, "")) for name, value in self.fields)
        )


def posted_of(body: bytes) -> PostedActivity:
    """The content of one activity's JSON body, whichever road it is for."""
    whole = json.loads(body)
    activity = whole.get("Activity", whole)
    fields: dict[str, Posted] = {}
    for entry in activity.get("Fields", ()):
        name = entry.get("SchemaName") or entry.get("Attribute")
        inner = tuple((each["Attribute"], each["Value"]) for each in entry.get("Fields", ()) if each["Value"])
        if name != "Owner" and (inner or entry["Value"]):  # an owner is posted by address and read back as an id
            fields[name] = inner or entry["Value"]
    return PostedActivity(
        lead=str(whole.get("RelatedProspectId", "")).lower(),
        event=str(activity.get("ActivityEvent", "")),
        note=activity.get("ActivityNote", ""),
        moment=activity.get("ActivityDateTime", ""),
        fields=tuple(sorted(fields.items())),
    )


def _same_text(posted: str, found: str) -> bool:
    return posted.split() == found.split()


def _same_moment(posted: str, found: str) -> bool:
    moment = moment_of(found)
    return moment is not None and moment.replace(microsecond=0) == moment_of(posted)


def _same_field(posted: Posted, found: str) -> bool:
    if isinstance(posted, str):
        return _same_text(posted, found) or _same_moment(posted, found)
    inner = _object(found)
    return all(_same_text(text, str(inner.get(name, ""))) for name, text in posted)


def _object(text: str) -> dict[str, Any]:
    """A custom field set is read back as JSON within a text (page 004)."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
