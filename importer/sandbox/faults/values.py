"""Faults of storing: a field arrives, and is stored otherwise, or twice."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from html import escape
from typing import Annotated, ClassVar, Final

from pydantic import Field

from importer.sandbox.faults.commits import CommitWord
from importer.sandbox.faults.fault import Entry, Fault
from importer.sandbox.kinds import WRITING
from importer.sandbox.seeds import IMPORT_KEY_FIELD
from importer.sandbox.wire import Call, Json

NOTE: Final = "note"


class Altered(Fault):
    """One field of every row, or the note, stored in another form, as account settings and automations do it."""

    field: str = IMPORT_KEY_FIELD

    falls_on: ClassVar[frozenset[str]] = WRITING
    usual_commit: ClassVar[CommitWord] = "before"

    def change(self, text: str) -> str:
        """The text that is stored."""
        return _CHANGES[self.name](text)

    def send_call(self, call: Call) -> Call:
        body = call.body
        if isinstance(body, list):
            return replace(call, body=[self._row(each) for each in body])
        if isinstance(body, dict) and "Activity" in body:
            return replace(call, body={**body, "Activity": self._row(body["Activity"])})
        return replace(call, body=self._row(body))

    def _row(self, row: Json) -> Json:
        if not isinstance(row, dict):
            return row
        note = row.get("ActivityNote")
        if self.field == NOTE and isinstance(note, str):
            return {**row, "ActivityNote": self.change(note)}
        fields = row.get("Fields")
        return {**row, "Fields": [self._field(each) for each in fields]} if isinstance(fields, list) else row

    def _field(self, entry: Json) -> Json:
        if not isinstance(entry, dict) or self.field not in (entry.get("SchemaName"), entry.get("Attribute")):
            return entry
        value = entry.get("Value")
        return {**entry, "Value": self.change(value)} if isinstance(value, str) else entry


class CutShort(Altered):
    """The field holds its first characters only."""

    characters: Annotated[int, Field(ge=0)] = 10

    def change(self, text: str) -> str:
        return text[: self.characters]


class DeliveredTwice(Fault):
    """A proxy that sends the request on once more; `commit` says when the second one is carried out."""

    twice: ClassVar[bool] = True
    falls_on: ClassVar[frozenset[str]] = WRITING
    usual_commit: ClassVar[CommitWord] = "before"
    commits: ClassVar[frozenset[CommitWord]] = frozenset({"before", "after", "late"})


_CHANGES: Final[Mapping[str, Callable[[str], str]]] = {
    "stored-escaped": escape,
    "stored-trimmed": str.strip,
    "stored-upper": str.upper,
    "stored-empty": lambda _: "",
}

FAULTS: Final = (
    Entry("stored-cut", "F-A3", "a field is cut", CutShort),
    Entry("stored-escaped", "F-A3", "a field is stored as HTML", Altered),
    Entry("stored-trimmed", "F-A3", "a field is stored without blanks at its ends", Altered),
    Entry("stored-upper", "F-A3", "a field is stored in capitals", Altered),
    Entry("stored-empty", "F-A3", "a field is stored empty", Altered),
    Entry("delivered-twice", "F-N14", "the request reaches the account twice", DeliveredTwice),
)
