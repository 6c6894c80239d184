"""How activities are listed: a table, JSON or CSV; however long the list is, it needs no memory."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from tempfile import TemporaryFile
from typing import IO, Any, Final, Protocol

from importer.reporting.console import one_line
from importer.reporting.delimited import record
from importer.text_files.formulas import neutralised

_COLUMNS: Final = ("Id", "EventCode", "EventName", "CreatedOn", "ModifiedOn", "Note")

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


@dataclass(slots=True)
class CsvListing:
    """One line for each activity, with a column for each field that any of them has.

    Which fields there are is known when all activities are. Until then, they wait on disk, not in memory.
    """

    several_leads: bool
    _waiting: IO[str] = field(default_factory=lambda: TemporaryFile("w+", encoding="utf-8"))  # noqa: SIM115  # see end()
    _fields: set[str] = field(default_factory=set)

    def begin(self) -> Iterator[str]:
        """Nothing: the header can't be told yet."""
        yield from ()

    def lead(self, lead_id: str, activities: Activities) -> Iterator[str]:
        """Keeps the activities."""
        for activity in activities:
            fields = dict(_fields(activity))
            self._fields |= fields.keys()
            json.dump([lead_id, *_facts(activity), fields], self._waiting)
            self._waiting.write("\n")
        yield from ()

    def end(self) -> Iterator[str]:
        """The header, fields in their natural order, and all lines; cells that a spreadsheet would run neutralised."""
        fields = sorted(self._fields, key=_naturally)
        first = 0 if self.several_leads else 1
        titles = (f"Fields.{name}" if name in _COLUMNS else name for name in fields)
        yield record(map(neutralised, (*("Lead", *_COLUMNS)[first:], *titles)), newline="")
        with self._waiting:
            self._waiting.seek(0)
            for line in self._waiting:
                *facts, held = json.loads(line)
                yield record(map(neutralised, (*facts[first:], *(held.get(name, "") for name in fields))), newline="")


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
            activity_id, code, event, created, _, note = _facts(activity)
            fields = ", ".join(f"{name}: {text}" for name, text in _fields(activity) if text)
            when = f"{created} UTC" if created else "no time"
            yield f"{when}  {code} {one_line(event)}  {one_line(note)}"
            yield f"    {activity_id}  {one_line(fields, 200)}"

    def end(self) -> Iterator[str]:
        """Nothing."""
        yield from ()


def how_many(activities: int) -> str:
    """`1 activity`, `1,234 activities`."""
    return f"{activities:,} {'activity' if activities == 1 else 'activities'}"


def _facts(activity: dict[str, Any]) -> tuple[str, ...]:
    """What every activity has, in the order of the columns."""
    listed = activity.get("Data")
    notes = {entry.get("Key"): entry.get("Value") for entry in listed or [] if isinstance(entry, dict)}
    return tuple(map(_text, (*(activity.get(name) for name in _COLUMNS[:-1]), notes.get("NotableEventDescription"))))


def _fields(activity: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Each field and its text; those of a custom field set by themselves, `mx_KYC.Status`."""
    fields = unfolded(activity).get("ActivityFields")
    for name, value in fields.items() if isinstance(fields, dict) else ():
        if isinstance(value, dict):
            yield from ((f"{name}.{inner}", _text(held)) for inner, held in value.items())
        else:
            yield name, _text(value)


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _naturally(name: str) -> list[tuple[int, str]]:
    """A key that puts mx_Custom_2 before mx_Custom_10."""
    return [(int(digits or 0), rest) for digits, rest in re.findall(r"([0-9]*)([^0-9]*)", name)]


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
