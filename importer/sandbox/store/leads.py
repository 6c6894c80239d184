"""The leads, and the keys by which they are found."""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from importer.sandbox.store.database import Database


@dataclass(frozen=True, slots=True)
class StoredLead:
    """A lead as stored; moments are UTC texts with microseconds."""

    id: str
    number: int
    attributes: Mapping[str, str]
    score: int
    created_on: str
    modified_on: str


@dataclass(frozen=True, slots=True)
class LeadKey:
    """A unique field's value, in the form in which values are compared."""

    schema_name: str
    key: str


class LeadTable:
    """Leads by id and by unique field."""

    SCHEMA = """
    CREATE TABLE leads (
        number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, attributes TEXT NOT NULL,
        score INTEGER NOT NULL, created_on TEXT NOT NULL, modified_on TEXT NOT NULL);
    CREATE TABLE lead_keys (
        schema_name TEXT NOT NULL, key TEXT NOT NULL, lead_id TEXT NOT NULL, PRIMARY KEY (schema_name, key));
    CREATE INDEX lead_keys_by_lead ON lead_keys (lead_id);
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, lead_id: str, attributes: Mapping[str, str], keys: Iterable[LeadKey], now: str) -> None:
        """Add a lead; a key that another lead has stays that lead's."""
        with self._database.transaction():
            self._database.write(
                "INSERT INTO leads (id, attributes, score, created_on, modified_on) VALUES (?, ?, 0, ?, ?)",
                (lead_id, json.dumps(dict(attributes)), now, now),
            )
            self._add_keys(lead_id, keys)

    def replace(self, lead_id: str, attributes: Mapping[str, str], keys: Iterable[LeadKey], now: str) -> None:
        """Give a lead other attributes and keys."""
        with self._database.transaction():
            self._database.write(
                "UPDATE leads SET attributes = ?, modified_on = ? WHERE id = ?",
                (json.dumps(dict(attributes)), now, lead_id),
            )
            self._database.write("DELETE FROM lead_keys WHERE lead_id = ?", (lead_id,))
            self._add_keys(lead_id, keys)

    def _add_keys(self, lead_id: str, keys: Iterable[LeadKey]) -> None:
        for each in keys:
            self._database.write(
                "INSERT OR IGNORE INTO lead_keys (schema_name, key, lead_id) VALUES (?, ?, ?)",
                (each.schema_name, each.key, lead_id),
            )

    def add_score(self, lead_id: str, score: int, now: str) -> None:
        """An activity moves the lead's score and its modification (page create-new-activity-type-api)."""
        self._database.write("UPDATE leads SET score = score + ?, modified_on = ? WHERE id = ?", (score, now, lead_id))

    def get(self, lead_id: str) -> StoredLead | None:
        """The lead with this id."""
        row = self._database.first("SELECT * FROM leads WHERE id = ?", (lead_id,))
        return None if row is None else _lead(row)

    def find(self, key: LeadKey) -> StoredLead | None:
        """The lead with this unique value."""
        row = self._database.first(
            "SELECT leads.* FROM leads JOIN lead_keys ON leads.id = lead_id WHERE schema_name = ? AND key = ?",
            (key.schema_name, key.key),
        )
        return None if row is None else _lead(row)

    def by_ids(self, ids: Sequence[str]) -> list[StoredLead]:
        """The leads there are among these ids, in the order of the ids."""
        found = [self.get(each) for each in dict.fromkeys(ids)]
        return [each for each in found if each is not None]

    def all(self) -> list[StoredLead]:
        """Every lead, oldest first."""
        return [_lead(row) for row in self._database.all("SELECT * FROM leads ORDER BY number")]

    def count(self) -> int:
        """How many leads there are."""
        return int(self._database.one("SELECT count(*) AS number FROM leads")["number"])

    def clear(self) -> None:
        """Forget all leads."""
        self._database.write("DELETE FROM leads")
        self._database.write("DELETE FROM lead_keys")


def _lead(row: sqlite3.Row) -> StoredLead:
    return StoredLead(
        row["id"], row["number"], json.loads(row["attributes"]), row["score"], row["created_on"], row["modified_on"]
    )
