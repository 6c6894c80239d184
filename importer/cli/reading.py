"""What `activities` puts together: the account, all pages of a lead, and the way they are listed."""

import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from typing import Any, Final

from importer.cli.activities import Format
from importer.cli.destination import sandbox_account, their_account
from importer.cli.edge import say
from importer.errors import UsageError
from importer.leadsquared.conversations import held
from importer.leadsquared.retrieving import activities_of
from importer.reporting.console import one_line
from importer.reporting.delimited import neutralised, record
from importer.settings import settle_settings

_GUID: Final = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_COLUMNS: Final = ("Id", "EventCode", "EventName", "CreatedOn", "ModifiedOn", "Note", "Fields")


def list_activities(
    lead_id: str, event: int | None, form: Format, given: Mapping[str, str | None], *, sandbox: bool
) -> None:
    """Reads all activities of a lead and lists them."""
    if not _GUID.fullmatch(lead_id.strip()):
        raise UsageError(f'"{lead_id}" is no lead id.', "A lead id looks like 2bf6a491-c144-4ac9-90f9-f52b6fc44413.")
    settings = settle_settings(given, os.environ)
    with sandbox_account(settings) if sandbox else nullcontext(their_account(settings)) as destination:
        client = destination.client()
        try:
            found = held(activities_of(lead_id.strip(), event), client.send)
        finally:
            client.close()
    for line in _LISTINGS[form](found):
        say(line)


def _as_json(found: list[dict[str, Any]]) -> Iterator[str]:
    yield json.dumps([_unfolded(activity) for activity in found], ensure_ascii=False, indent=2)


def _as_csv(found: list[dict[str, Any]]) -> Iterator[str]:
    yield record(_COLUMNS, newline="")
    for activity in found:
        yield record(map(neutralised, _cells(activity)), newline="")


def _as_table(found: list[dict[str, Any]]) -> Iterator[str]:
    if not found:
        yield "The lead has no such activities."
    for activity in found:
        activity_id, code, name, created, _, note, fields = _cells(activity)
        yield f"{created}  {code} {one_line(name)}  {one_line(note)}"
        yield f"    {activity_id}  {one_line(fields, 200)}"


_LISTINGS: Final = {Format.TABLE: _as_table, Format.JSON: _as_json, Format.CSV: _as_csv}


def _cells(activity: dict[str, Any]) -> tuple[str, ...]:
    unfolded = _unfolded(activity)
    notes = {entry.get("Key"): entry.get("Value") for entry in activity.get("Data") or [] if isinstance(entry, dict)}
    fields = unfolded.get("ActivityFields") or {}
    listed = "; ".join(f"{name}={value}" for name, value in fields.items())
    texts = (*(unfolded.get(name) for name in _COLUMNS[:5]), notes.get("NotableEventDescription"), listed)
    return tuple("" if text is None else str(text) for text in texts)


def _unfolded(activity: dict[str, Any]) -> dict[str, Any]:
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
