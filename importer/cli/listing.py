"""How activities are listed: a table, JSON or CSV, line by line, so that a long list needs no memory."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from importer.reporting.console import one_line
from importer.reporting.delimited import neutralised, record

_COLUMNS: Final = ("Id", "EventCode", "EventName", "CreatedOn", "ModifiedOn", "Note", "Fields")

Activities = Sequence[dict[str, Any]]


class Listing(Protocol):
    """Lists the activities of one lead after the other."""

    def begin(self) -> Iterator[str]:
        """The lines before the first lead."""

    def lead(self, lead_id: str, activities: Activities) -> Iterator[str]:
        """The lines of one lead."""

    def end(self) -> Iterator[str]:
        """The lines after the last lead."""


@dataclass(slots=True)
class JsonListing:
    """One array of all activities; each says in `RelatedProspectId` whose it is, as page 004 has it."""

    _any: bool = False

    def begin(self) -> Iterator[str]:
        """Opens the array."""
        yield "["

    def lead(self, lead_id: str, activities: Activities) -> Iterator[str]:
        """One object for each activity, on a line of its own."""
        for activity in activities:
            whole = {"RelatedProspectId": lead_id} | unfolded(activity)
            yield ("," if self._any else " ") + json.dumps(whole, ensure_ascii=False)
            self._any = True

    def end(self) -> Iterator[str]:
        """Closes the array."""
        yield "]"


@dataclass(frozen=True, slots=True)
class CsvListing:
    """One line for each activity."""

    several_leads: bool

    def begin(self) -> Iterator[str]:
        """The header."""
        yield record((*(("Lead",) if self.several_leads else ()), *_COLUMNS), newline="")

    def lead(self, lead_id: str, activities: Activities) -> Iterator[str]:
        """Cells that a spreadsheet would run are neutralised."""
        for activity in activities:
            cells = _cells(activity)
            yield record(map(neutralised, (lead_id, *cells) if self.several_leads else cells), newline="")

    def end(self) -> Iterator[str]:
        """Nothing."""
        yield from ()


@dataclass(frozen=True, slots=True)
class TableListing:
    """For a person: two lines for each activity."""

    several_leads: bool

    def begin(self) -> Iterator[str]:
        """Nothing."""
        yield from ()

    def lead(self, lead_id: str, activities: Activities) -> Iterator[str]:
        """Which lead, if there are several, and its activities."""
        if self.several_leads:
            yield f"{lead_id}: {how_many(len(activities))}"
        elif not activities:
            yield "The lead has no such activities."
        for activity in activities:
            activity_id, code, name, created, _, note, fields = _cells(activity)
            yield f"{created}  {code} {one_line(name)}  {one_line(note)}"
            yield f"    {activity_id}  {one_line(fields, 200)}"

    def end(self) -> Iterator[str]:
        """Nothing."""
        yield from ()


def how_many(activities: int) -> str:
    """`1 activity`, `1,234 activities`."""
    return f"{activities:,} {'activity' if activities == 1 else 'activities'}"


def _cells(activity: dict[str, Any]) -> tuple[str, ...]:
    whole = unfolded(activity)
    listed = activity.get("Data")
    notes = {entry.get("Key"): entry.get("Value") for entry in listed or [] if isinstance(entry, dict)}
    fields = whole.get("ActivityFields")
    shown = "; ".join(f"{name}={value}" for name, value in fields.items()) if isinstance(fields, dict) else ""
    texts = (*(whole.get(name) for name in _COLUMNS[:5]), notes.get("NotableEventDescription"), shown)
    return tuple("" if text is None else str(text) for text in texts)


def unfolded(activity: dict[str, Any]) -> dict[str, Any]:
    """The activity with its custom field sets as objects: they come as JSON within a text (page 004)."""
    fields = activity.get("ActivityFields")
    if not isinstance(fields, dict):
        return activity
    return activity | {"ActivityFields": {name: _unfolded_value(value) for name, value in fields.items()}}


def _unfolded_value(value: Any) -> Any:
    if isinstance(value, str) and value.startswith("{"):
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return value
    return value
