"""An account under test: what is asked of it, and what is posted into it under a mark of its own."""

import json
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from importer.leadsquared.account.activity_types import activity_type
from importer.leadsquared.account.leads import leads_by_ids
from importer.leadsquared.account.values import ActivityField, ActivityType
from importer.leadsquared.calls import Answer, Call, Ending
from importer.leadsquared.conversations import Conversation, held
from importer.leadsquared.patience import PatientReader
from importer.leadsquared.replies import exception_type, message_of, parsed
from importer.leadsquared.retrieving import activities_of
from importer.leadsquared.routes import CallClass

SERVICE = "ProspectActivity.svc"
CREATE = f"{SERVICE}/Create"
BY_ID = f"{SERVICE}/Bulk/CustomActivity/Add/ByLeadId"
BY_FIELD = f"{SERVICE}/Bulk/CustomActivity/Add/ByLeadField"
NO_LEAD = "00000000-0000-4000-8000-000000000001"
"""A well-formed id that no lead has."""

MARK = "lsq-import conformance"
_FILLERS = {"number": "1", "datetime": "2026-01-02 03:04:05", "date": "2026-01-02", "boolean": "1"}


@dataclass
class Account:
    """One account, reached by HTTP."""

    send: Callable[[Call], Ending]
    """Makes a call exactly once."""
    patient: PatientReader
    """Makes reading calls, at the account's rate."""
    other_keys: Callable[[Call], Ending]
    """Makes a call with a wrong secret key."""
    event: int
    lead_id: str
    burst: int = 0
    """How many quick calls may be made to meet the rate limit; 0: none."""
    pace: Callable[[], None] = lambda: None
    """Waits until the next writing call may leave."""
    has_queue: bool = False
    """Whether async calls can be made."""
    token: str = field(default_factory=lambda: secrets.token_hex(4))
    posted: int = 0
    """Rows that this run has sent."""
    _type: ActivityType | None = None
    _email: str | None = None

    # -------------------------------------------------------------------------------------- reading

    def ask(self, conversation: Conversation[Any]) -> Any:
        """Holds a reading conversation."""
        return held(conversation, self.patient)

    def get(self, path: str, **query: str) -> "Told":
        """One GET."""
        return Told.of(self.patient(Call("GET", path, CallClass.SINGLE, tuple(query.items()))))

    def retrieve(self, **paging: str) -> "Told":
        """One page of the lead's activities of the type."""
        body = {"Parameter": {"ActivityEvent": self.event}, "Paging": paging}
        query = (("leadId", self.lead_id),)
        return Told.of(
            self.patient(Call("POST", f"{SERVICE}/Retrieve", CallClass.SINGLE, query, json.dumps(body).encode()))
        )

    def noted(self, mark: str) -> list[dict[str, Any]]:
        """The lead's activities whose note begins with a mark."""
        return [each for each in self.ask(activities_of(self.lead_id, self.event)) if note_of(each).startswith(mark)]

    @property
    def type(self) -> ActivityType:
        """The activity type under test."""
        if self._type is None:
            self._type = self.ask(activity_type(self.event))
        assert self._type is not None
        return self._type

    @property
    def text_field(self) -> ActivityField:
        """A text field of the type that can hold what is posted for a test."""
        return next(
            each
            for each in self.type.fields
            if each.schema_name.startswith("mx_Custom_")
            and each.data_type == "String"
            and not each.options
            and not each.mandatory
        )

    @property
    def dropdown(self) -> ActivityField | None:
        """A drop-down of the type, if it has one."""
        own = (each for each in self.type.fields if each.schema_name.startswith("mx_Custom_"))
        return next((each for each in own if each.options and not each.several), None)

    @property
    def email(self) -> str:
        """The e-mail address of the lead under test."""
        if self._email is None:
            leads = self.ask(leads_by_ids([self.lead_id], ["EmailAddress"]))
            self._email = str(leads.get(self.lead_id.lower(), {}).get("EmailAddress") or "")
        return self._email

    # -------------------------------------------------------------------------------------- writing

    def mark(self, name: str) -> str:
        """What the notes of one expectation begin with."""
        return f"{MARK} {self.token} {name}"

    def row(
        self, mark: str, lead: str | None = None, fields: dict[str, str] | None = None, **more: Any
    ) -> dict[str, Any]:
        """An activity that the type takes, of a lead or addressed otherwise."""
        values = dict(self._mandatory()) | (fields or {})
        entries = [{"SchemaName": name, "Value": value} for name, value in values.items()]
        addressed = {} if lead == "" else {"RelatedProspectId": lead or self.lead_id}
        return {**addressed, "ActivityEvent": self.event, "ActivityNote": mark, **more, "Fields": entries}

    def create(self, row: dict[str, Any], path: str = CREATE) -> "Told":
        """Posts one activity."""
        self.posted += 1
        return self._post(path, CallClass.SINGLE, row)

    def bulk(self, rows: Sequence[dict[str, Any]], path: str = BY_ID, **query: str) -> "Told":
        """Posts several activities."""
        self.posted += len(rows)
        return self._post(path, CallClass.BULK, list(rows), **query)

    def queue(self, body: dict[str, Any], path: str) -> "Told":
        """Puts one activity into the account's queue."""
        self.posted += 1
        return self._post(path, CallClass.ASYNC, body)

    def _post(self, path: str, call_class: CallClass, body: Any, **query: str) -> "Told":
        self.pace()
        return Told.of(self.send(Call("POST", path, call_class, tuple(query.items()), json.dumps(body).encode())))

    def _mandatory(self) -> Iterator[tuple[str, str]]:
        for each in self.type.fields:
            if each.mandatory and each.schema_name.startswith("mx_Custom_"):
                yield each.schema_name, each.options[0] if each.options else _FILLERS.get(each.data_type.lower(), "x")


@dataclass(frozen=True)
class Told:
    """An answer, looked at."""

    status: int
    value: Any
    body: bytes

    @classmethod
    def of(cls, ending: Ending) -> "Told":
        """An ending as it must be in a test of conformance: an answer."""
        assert isinstance(ending, Answer), ending
        return cls(ending.status, parsed(ending.body), ending.body)

    @property
    def kind(self) -> str:
        """The MX type of an error."""
        return exception_type(self.value)

    @property
    def said(self) -> str:
        """Status, type and words, as a variant is told."""
        return f"{self.status} {self.kind}: {message_of(self.value)}".strip()

    @property
    def receipts(self) -> list[dict[str, Any]]:
        """The receipts of a bulk call; none if there are none."""
        found = self.value.get("Response") if isinstance(self.value, dict) else None
        return found if isinstance(found, list) else []

    @property
    def created_id(self) -> str:
        """The id of a single call's activity."""
        message = self.value.get("Message") if isinstance(self.value, dict) else None
        return str(message.get("Id", "")) if isinstance(message, dict) else ""


def note_of(activity: dict[str, Any]) -> str:
    """The note of an activity that was read back (page 004)."""
    for entry in activity.get("Data") or []:
        if isinstance(entry, dict) and entry.get("Key") == "NotableEventDescription":
            return str(entry.get("Value") or "")
    return ""


def now() -> datetime:
    """The time in UTC, without fractions, as the API takes it."""
    return datetime.now(UTC).replace(microsecond=0)
