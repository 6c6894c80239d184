"""An account in memory: what was committed when, and how its reading calls show it. No thread, no wait, no network."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any, Final

from importer.fingerprints import token_of
from importer.leadsquared.calls import Answer, Call, Ending

EPOCH: Final = datetime(2026, 3, 2, 10, 0, 0, tzinfo=UTC)
"""The account's time when the lane's clock stands at nought."""

EVENT: Final = 201
KEY_FIELD: Final = "mx_Custom_9"


@dataclass(frozen=True, slots=True)
class Stored:
    """One activity of the account."""

    id: str
    body: dict[str, Any]
    at: float
    """When it was committed, in seconds of the lane's clock."""

    @property
    def lead(self) -> str:
        return str(self.body["RelatedProspectId"]).lower()

    @property
    def fields(self) -> dict[str, str]:
        return {each["SchemaName"]: each["Value"] for each in self.body.get("Fields", ())}

    @property
    def texts(self) -> str:
        return json.dumps(self.body)


@dataclass
class Account:
    """What was written, and the manners of its reading calls."""

    lag: float = 0.0
    """Seconds until a read shows what was committed."""
    hidden: Callable[[Stored], bool] = lambda _: False
    """What these keys may not see."""
    by_event: bool = True
    """Whether there is such a call."""
    by_lead: bool = True
    offset_counts_rows: bool = False
    lead_page: int = 25
    event_page: int = 1000
    dated: bool = True
    """Whether its answers have a Date."""
    strips_keys: bool = False
    """Whether the field of the import key is emptied by somebody."""
    faults: Iterator[Ending | None] = field(default_factory=lambda: iter(()))
    """How the next reading calls end; None for well."""
    stored: list[Stored] = field(default_factory=list)
    reads: list[tuple[str, float]] = field(default_factory=list)
    """Path and time of each reading call."""
    _bodies: dict[int, dict[str, Any]] = field(default_factory=dict)

    def saw(self, rows: list[dict[str, Any]]) -> None:
        """A posting call arrives; what is in it is looked up by ordinal when it is committed."""
        self._bodies.update({row["n"]: row for row in rows})

    def commit(self, ordinals: list[int], at: float) -> list[str]:
        """Writes rows; gives their ids, which are those of `receipts_for` as long as no row comes twice."""
        return [self.add(self._bodies[ordinal], at) for ordinal in ordinals]

    def add(self, body: dict[str, Any], at: float) -> str:
        """Writes an activity, which may be somebody else's; gives its id."""
        activity_id = f"{body['n']:08x}-{0x51AA + self.count(body['n']):04x}-11e2-9e64-12314004ac6b"
        self.stored.append(Stored(activity_id, body, at))
        return activity_id

    def times(self, key: bytes) -> int:
        """How often the account has the activity of this key."""
        return sum(token_of(key) in each.texts for each in self.stored)

    def count(self, ordinal: int) -> int:
        """How often the account has this row."""
        return sum(each.body.get("n") == ordinal for each in self.stored)

    def has(self, activity_id: str, ordinal: int) -> bool:
        """Whether this id is that of this row."""
        return any(each.id == activity_id and each.body.get("n") == ordinal for each in self.stored)

    # ----------------------------------------------------------------------------------------------- reading

    def read(self, call: Call, now: float) -> Ending:
        """How a reading call ends."""
        self.reads.append((call.path, now))
        fault = next(self.faults, None)
        if fault is not None:
            return fault
        asked = json.loads(call.body or b"{}")
        shown = [each for each in self.stored if each.at + self.lag <= now and not self.hidden(each)]
        if call.path.endswith("RetrieveByActivityEvent"):
            return self._of_type(asked, shown, now)
        if call.path.endswith("ProspectActivity.svc/Retrieve"):
            return self._of_lead(dict(call.query)["leadId"], asked, shown, now)
        raise AssertionError(call.path)

    def answer(self, status: int, value: Any, now: float) -> Answer:
        """An answer of this account, dated by its own clock."""
        return Answer(status, json.dumps(value).encode(), self.date(now))

    def date(self, now: float) -> dict[str, str]:
        """The header that tells the account's time, in whole seconds, if it has one."""
        return {"date": format_datetime(EPOCH + timedelta(seconds=int(now)), usegmt=True)} if self.dated else {}

    def _of_type(self, asked: dict[str, Any], shown: list[Stored], now: float) -> Ending:
        if not self.by_event:
            return self.answer(404, {"Message": "no such call"}, now)
        period = asked["Parameter"]
        first, last = period["FromDate"], period["ToDate"]
        size, page = min(asked["Paging"]["PageSize"], self.event_page), asked["Paging"]["PageIndex"]
        assert asked["Sorting"]["ColumnName"] == "ProspectActivityId"
        found = sorted((each for each in shown if first <= _moment(each.at) <= last), key=lambda each: each.id)
        value: dict[str, Any] = {"RecordCount": len(found)}
        if found:
            value["List"] = [
                self._without_key(
                    {
                        "ProspectActivityId": each.id,
                        "RelatedProspectId": each.lead,
                        "ActivityEvent": str(each.body["ActivityEvent"]),
                        "ActivityEvent_Note": each.body.get("ActivityNote", ""),
                        "CreatedOn": each.body.get("ActivityDateTime", _moment(each.at)),
                        "ModifiedOn": _moment(each.at),
                        **each.fields,
                    }
                )
                for each in found[(page - 1) * size : page * size]
            ]
        return self.answer(200, value, now)

    def _of_lead(self, lead: str, asked: dict[str, Any], shown: list[Stored], now: float) -> Ending:
        if not self.by_lead:
            return self.answer(500, {"ExceptionType": "MXNoSuchThing"}, now)
        offset, size = int(asked["Paging"]["Offset"]), min(int(asked["Paging"]["RowCount"]), self.lead_page)
        found = [each for each in shown if each.lead == lead.lower()]
        first = offset if self.offset_counts_rows else offset * size
        value = {
            "RecordCount": len(found),
            "ProspectActivities": [
                {
                    "Id": each.id,
                    "EventCode": each.body["ActivityEvent"],
                    "RelatedProspectId": each.lead,
                    "CreatedOn": each.body.get("ActivityDateTime", _moment(each.at)),
                    "ModifiedOn": _moment(each.at),
                    "Data": [{"Key": "NotableEventDescription", "Value": each.body.get("ActivityNote", "")}],
                    "ActivityFields": self._without_key(each.fields),
                }
                for each in found[first : first + size]
            ],
        }
        return self.answer(200, value, now)

    def _without_key(self, fields: dict[str, str]) -> dict[str, str]:
        return {name: text for name, text in fields.items() if not (self.strips_keys and name == KEY_FIELD)}


def _moment(at: float) -> str:
    return f"{EPOCH + timedelta(seconds=at):%Y-%m-%d %H:%M:%S}"
