"""The activities that have arrived."""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from importer.sandbox.store.database import Database, Value

# A field's value: text, or the parts of a custom field set.
FieldValue: TypeAlias = str | dict[str, str]
SortColumn = Literal["id", "created_on", "modified_on"]


@dataclass(frozen=True, slots=True)
class StoredActivity:
    """An activity as stored; moments are UTC texts with microseconds."""

    id: str
    number: int
    lead_id: str
    event: int
    note: str
    created_on: str
    modified_on: str
    owner_id: str
    status: str
    fields: Mapping[str, FieldValue]


@dataclass(frozen=True, slots=True)
class NewActivity:
    """An activity that has passed all checks."""

    event: int
    note: str
    created_on: str
    owner_id: str
    status: str
    fields: Mapping[str, FieldValue]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which activities to read; a period is over `modified_on`, closed at both ends; None leaves a condition out.

    `visible_until`: what was stored after this moment can't be read yet.
    """

    lead_id: str | None = None
    event: int | None = None
    modified_from: str | None = None
    modified_to: str | None = None
    visible_until: str | None = None

    def condition(self) -> tuple[str, list[Value]]:
        """As SQL with its values."""
        parts: tuple[tuple[str, Value], ...] = (
            ("lead_id = ?", self.lead_id),
            ("event = ?", self.event),
            ("modified_on >= ?", self.modified_from),
            ("modified_on <= ?", self.modified_to),
            ("modified_on <= ?", self.visible_until),
        )
        given = [(part, value) for part, value in parts if value is not None]
        return " AND ".join(part for part, _ in given) or "TRUE", [value for _, value in given]


class ActivityTable:
    """Activities by id, lead, type and period."""

    SCHEMA = """
    CREATE TABLE activities (
        number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, lead_id TEXT NOT NULL, event INTEGER NOT NULL,
        note TEXT NOT NULL, created_on TEXT NOT NULL, modified_on TEXT NOT NULL, owner_id TEXT NOT NULL,
        status TEXT NOT NULL, fields TEXT NOT NULL);
    CREATE INDEX activities_by_lead ON activities (lead_id);
    CREATE INDEX activities_by_event ON activities (event, modified_on);
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, activity_id: str, lead_id: str, new: NewActivity, now: str) -> None:
        """Store an activity of a lead, modified now."""
        self._database.write(
            "INSERT INTO activities (id, lead_id, event, note, created_on, modified_on, owner_id, status, fields)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                activity_id,
                lead_id,
                new.event,
                new.note,
                new.created_on,
                now,
                new.owner_id,
                new.status,
                json.dumps(dict(new.fields)),
            ),
        )

    def get(self, activity_id: str) -> StoredActivity | None:
        """The activity with this id."""
        row = self._database.first("SELECT * FROM activities WHERE id = ?", (activity_id,))
        return None if row is None else _activity(row)

    def count(self, wanted: Wanted) -> int:
        """How many activities are wanted."""
        condition, values = wanted.condition()
        query = f"SELECT count(*) AS number FROM activities WHERE {condition}"  # noqa: S608 only our own texts
        return int(self._database.one(query, values)["number"])

    def page(
        self, wanted: Wanted, first: int, limit: int, by: SortColumn = "created_on", *, newest_first: bool = True
    ) -> list[StoredActivity]:
        """At most `limit` wanted activities from number `first` (0-based) on; ties are in the order of arrival."""
        condition, values = wanted.condition()
        direction = "DESC" if newest_first else "ASC"
        query = (
            f"SELECT * FROM activities WHERE {condition}"  # noqa: S608 only our own texts
            f" ORDER BY {by} {direction}, number {direction} LIMIT ? OFFSET ?"
        )
        return [_activity(row) for row in self._database.all(query, [*values, limit, first])]

    def all(self) -> list[StoredActivity]:
        """Every activity, in the order of arrival."""
        return [_activity(row) for row in self._database.all("SELECT * FROM activities ORDER BY number")]

    def latest(self, limit: int) -> list[StoredActivity]:
        """The activities that arrived last, the last one first."""
        rows = self._database.all("SELECT * FROM activities ORDER BY number DESC LIMIT ?", (limit,))
        return [_activity(row) for row in rows]

    def count_by_event(self) -> dict[int, int]:
        """How many activities each type has."""
        rows = self._database.all("SELECT event, count(*) AS number FROM activities GROUP BY event ORDER BY event")
        return {row["event"]: row["number"] for row in rows}

    def clear(self) -> None:
        """Forget all activities."""
        self._database.write("DELETE FROM activities")


def _activity(row: sqlite3.Row) -> StoredActivity:
    return StoredActivity(
        id=row["id"],
        number=row["number"],
        lead_id=row["lead_id"],
        event=row["event"],
        note=row["note"],
        created_on=row["created_on"],
        modified_on=row["modified_on"],
        owner_id=row["owner_id"],
        status=row["status"],
        fields=json.loads(row["fields"]),
    )
