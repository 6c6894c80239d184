"""Accounts for comparisons, and mappings beside them."""

from dataclasses import replace
from typing import Any

from importer.comparing.alone import bound_alone
from importer.comparing.difference import Difference
from importer.comparing.differences import differences
from importer.leadsquared.account.facts import AccountFacts
from importer.leadsquared.account.values import ActivityField, ActivityType, LeadField, TypeName, User
from importer.mapping.parsing import MappingDocument, parse_mapping

ASHA_ID = "2bf6a491-c144-4ac9-90f9-f52b6fc44413"

VISIT = ActivityType(
    201,
    "Store visit",
    (
        ActivityField("ActivityEvent_Note", "Notes", "String", max_length=2000),
        ActivityField("Status", "Status", "SearchableDropdown", mandatory=True, options=("Active", "Inactive")),
        ActivityField("Owner", "Owner", "ActiveUsers", mandatory=True),
        ActivityField("mx_Custom_1", "Store", "String", max_length=20),
        ActivityField("mx_Custom_2", "Visitors", "Number"),
        ActivityField("mx_Custom_3", "Follow-up", "DateTime"),
        ActivityField("mx_Custom_4", "Stage", "SearchableDropdown", options=("New", "Follow-Up Visit", "Won")),
        ActivityField("mx_Custom_5", "Brochures", "SearchableDropdown", options=("A", "B"), several=True),
        ActivityField("mx_Custom_6", "Birthday", "Date"),
        ActivityField("mx_Custom_7", "Recorded", "Boolean"),
        ActivityField("mx_Custom_8", "Accompanied by", "ActiveUsers"),
        ActivityField("mx_Custom_10", "KYC", "CustomObject"),
        ActivityField("mx_Custom_11", "Odd", "Geo"),
        ActivityField("mx_Custom_15", "Import key", "String", max_length=200),
    ),
)
FACTS = AccountFacts(
    types=(TypeName(201, "Store visit"), TypeName(202, "Phone call")),
    details=(VISIT,),
    users=(
        User(ASHA_ID, "asha.menon@example.com", "Asha Menon"),
        User("00000000-0000-0000-0000-000000000001", "suresh.babu@example.com", "Suresh Babu", active=False),
    ),
    lead_fields=(
        LeadField("EmailAddress", "Email", "Email"),
        LeadField("mx_City", "City", "Text", max_length=10),
        LeadField("Source", "Lead Source", "Select", options=("Website", "Referral")),
    ),
)


def mandatory(schema_name: str) -> AccountFacts:
    """The account, after somebody made a field mandatory."""
    fields = tuple(replace(field, mandatory=field.schema_name == schema_name) for field in VISIT.fields)
    return replace(FACTS, details=(replace(VISIT, fields=fields),))


def document(
    fields: str = "{}", *, lead: str = "{id: Lead}", activity: str = "event: 201", **more: Any
) -> MappingDocument:
    """A mapping's text, understood; `fields` is YAML in one line."""
    lines = ["version: 1", f"lead: {lead}", f"activity: {{{activity}}}", f"fields: {fields}"]
    return parse_mapping("\n".join([*lines, *(f"{key}: {text}" for key, text in more.items())]) + "\n", "visits.yaml")


def compared(fields: str = "{}", facts: AccountFacts = FACTS, **more: Any) -> list[Difference]:
    """What is between such a mapping and an account."""
    return differences(bound_alone(document(fields, **more)), facts)
