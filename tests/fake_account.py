"""What the tests' own LeadSquared keeps, leads and activities, and how it shows them to whoever reads."""

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

KEPT = ("ProspectActivityId", "Call", "RowNumber", "LeadId", "At")
"""What an activity has besides what was posted."""


@dataclass
class FakeAccount:
    """Leads and activities, in the order in which they came."""

    activities: list[dict[str, Any]] = field(default_factory=list)
    """Committed: the posted object and what KEPT names."""
    leads: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Attributes by lead id; leads that are posted to by their ids need not stand here."""
    missing_leads: set[str] = field(default_factory=set)
    """Ids and values that no lead has."""
    offset_counts: str = "page"
    """What Offset of Retrieve counts: pages or rows."""
    page_rows: int = 25

    def posted(self) -> list[dict[str, Any]]:
        """The activities just as they were posted."""
        return [{name: each for name, each in row.items() if name not in KEPT} for row in self.activities]

    # ------------------------------------------------------------------------------------------- keeping

    def commit(self, rows: list[dict[str, Any]], by: str, call: int, field_name: str = "") -> Iterator[dict[str, Any]]:
        """Commits the rows of a bulk call and gives their receipts."""
        for place, row in enumerate(rows, start=1):
            if row.get(by) in self.missing_leads:
                yield {"RowNumber": place, "ActivityCreated": False, "ExceptionMessage": "Lead does not exist"}
                continue
            lead = self.upserted(field_name, {field_name: row[by]}) if field_name else row[by].lower()
            yield {
                "ProspectActivityId": self.keep(row, lead, call, place),
                "RowNumber": place,
                "ActivityCreated": True,
            }

    def keep(self, body: dict[str, Any], lead: str, call: int, place: int) -> str:
        """Keeps an activity and gives its id."""
        activity_id = str(uuid.uuid4())
        kept = (activity_id, call, place, lead, f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}")
        self.activities.append(body | dict(zip(KEPT, kept, strict=True)))
        return activity_id

    def upserted(self, search_by: str, attributes: dict[str, Any], *, update: bool = True) -> str:
        """The id of the lead with this value, made if there is none."""
        for lead, known in self.leads.items():
            if known.get(search_by) == attributes[search_by]:
                if update:
                    known.update(attributes)
                return lead
        lead = str(uuid.uuid4())
        self.leads[lead] = dict(attributes)
        return lead

    def lead_of_details(self, details: list[dict[str, Any]]) -> str:
        """The lead of a call that makes or updates one; the last of its attributes must be SearchBy (page 001)."""
        *attributes, search = details
        assert search["Attribute"] == "SearchBy"
        values = {
            each["Attribute"]: {inner["Attribute"]: inner["Value"] for inner in each["Fields"]}
            if "Fields" in each
            else each["Value"]
            for each in attributes
        }
        return self.upserted(search["Value"], values)

    # ------------------------------------------------------------------------------------------- reading

    def of_lead(self, lead: str, asked: dict[str, Any]) -> bytes:
        """The activities of a lead (page 004)."""
        event = asked.get("Parameter", {}).get("ActivityEvent")
        paging = asked.get("Paging", {})
        rows = min(self.page_rows, int(paging.get("RowCount", 25)))
        first = int(paging.get("Offset", 0)) * (rows if self.offset_counts == "page" else 1)
        found = [each for each in self.activities if each["LeadId"] == lead.lower() and event in (None, _event(each))]
        page = [_of_lead(each) for each in found[first : first + rows]]
        return json.dumps({"RecordCount": len(found), "ProspectActivities": page}).encode()

    def of_type(self, asked: dict[str, Any]) -> bytes:
        """The activities of a type that were written within a period (page bulk-retrieve-activities-…)."""
        wanted, paging = asked["Parameter"], asked["Paging"]
        found = [
            each
            for each in self.activities
            if wanted["ActivityEvent"] == _event(each) and wanted["FromDate"] <= each["At"] <= wanted["ToDate"]
        ]
        found.sort(key=lambda each: str(each["ProspectActivityId"]))
        first = (paging["PageIndex"] - 1) * paging["PageSize"]
        listed = [_of_type(each) for each in found[first : first + paging["PageSize"]]]
        whole: dict[str, Any] = {"RecordCount": len(found)}
        return json.dumps(whole | ({"List": listed} if listed else {})).encode()


def _content(kept: dict[str, Any]) -> dict[str, Any]:
    content: dict[str, Any] = kept.get("Activity", kept)
    return content


def _event(kept: dict[str, Any]) -> int:
    return int(_content(kept)["ActivityEvent"])


def fields_of(kept: dict[str, Any]) -> dict[str, str]:
    """The fields of an activity by name; a custom field set as JSON in a text (page 004)."""
    found: dict[str, str] = {}
    for each in _content(kept).get("Fields", ()):
        if "Fields" in each:
            found[each["Attribute"]] = json.dumps({inner["Attribute"]: inner["Value"] for inner in each["Fields"]})
        else:
            found[each["SchemaName"]] = each["Value"]
    return found


def _of_lead(kept: dict[str, Any]) -> dict[str, Any]:
    return {
        "Id": kept["ProspectActivityId"],
        "EventCode": _event(kept),
        "EventName": "Visit",
        "RelatedProspectId": kept["LeadId"],
        "CreatedOn": _content(kept).get("ActivityDateTime", kept["At"]),
        "ModifiedOn": kept["At"],
        "Data": [{"Key": "NotableEventDescription", "Value": _content(kept).get("ActivityNote", "")}],
        "ActivityFields": {"Status": "Active"} | fields_of(kept),
    }


def _of_type(kept: dict[str, Any]) -> dict[str, Any]:
    return {
        "ProspectActivityId": kept["ProspectActivityId"],
        "RelatedProspectId": kept["LeadId"],
        "ActivityEvent": str(_event(kept)),
        "ActivityEvent_Note": _content(kept).get("ActivityNote", ""),
        "CreatedOn": _content(kept).get("ActivityDateTime", kept["At"]),
        "ModifiedOn": kept["At"],
    } | fields_of(kept)
