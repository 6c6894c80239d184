"""The request bodies that the vendor's five pages show, and an account in which they are right."""

import json
from typing import Any

from importer.sandbox.account import ActivityField, ActivityType, Lead, Seed, User
from importer.sandbox.seeds import demo_activity_types, demo_lead_fields, demo_users

_FIELD_VALUES = (
    "123123123", "123", "3", "4", "2016-07-07 10:55:00", "Value for Custom field", "Value for Custom field", "1",
    "Value for Custom field", "", "", "", "Value for Custom field", "Value for Custom field", "asd",
)  # fmt: skip
_FIELDS = [{"SchemaName": f"mx_Custom_{n}", "Value": value} for n, value in enumerate(_FIELD_VALUES, start=1)]

PAGE_000: dict[str, Any] = {
    "EmailAddress": "john.smith@acmeconsulting.co",
    "ActivityEvent": 201,
    "ActivityNote": "Note for the activity",
    "ActivityDateTime": "2015-10-11 12:13:44",
    "FirstName": "John",
    "LastName": "Smith",
    "Phone": "+919845098450",
    "Fields": _FIELDS,
}

# The page writes the form of the date where the date belongs; here it is a date.
PAGE_001: dict[str, Any] = json.loads("""
{"LeadDetails": [
    {"Attribute": "EmailAddress", "Value": "email@example.com"},
    {"Attribute": "mx_City", "Value": "Bangalore"},
    {"Attribute": "mx_KYC", "Value": "", "Fields": [
        {"Attribute": "Status", "Value": "Pending"},
        {"Attribute": "mx_CustomObject_1", "Value": "XYZ12345.png"},
        {"Attribute": "mx_CustomObject_2", "Value": "864563"}]},
    {"Attribute": "SearchBy", "Value": "EmailAddress"}],
 "Activity": {
    "ActivityEvent": 105, "ActivityNote": "Note for the activity", "ActivityDateTime": "2016-07-07 10:55:00",
    "Fields": [
        {"SchemaName": "mx_Custom_1", "Value": "123"},
        {"SchemaName": "mx_Custom_2", "Value": "2016-07-07 10:55:00"},
        {"Attribute": "mx_KYC", "Value": "", "Fields": [
            {"Attribute": "Status", "Value": "Pending"},
            {"Attribute": "mx_CustomObject_2", "Value": "XYZ12345.png"},
            {"Attribute": "mx_CustomObject_4", "Value": "864563"}]}]}}
""")

PAGE_002: dict[str, Any] = {
    "RelatedProspectId": "00727844-51aa-11e2-9e64-12314004ac6b",
    "ActivityEvent": 201,
    "ActivityNote": "Your Activity Note",
    "ActivityDateTime": "2015-10-11 12:13:44",
    "Fields": _FIELDS,
}

PAGE_003: list[dict[str, Any]] = [
    {
        "RelatedProspectId": lead_id,
        "ActivityEvent": 320,
        "ActivityNote": "Add/ByLeadId",
        "ActivityOwnerEmail": owner,
        "Fields": [
            {"SchemaName": "mx_Custom_1", "Value": "First"},
            {"SchemaName": "mx_Custom_2", "Value": "0419"},
            {"SchemaName": "mx_Custom_3", "Value": "Activity Test"},
            {"SchemaName": "mx_Custom_4", "Value": "2016-09-18 12:12:12"},
        ],
    }
    for lead_id, owner in (
        ("2bf6a491-c144-4ac9-90f9-f52b6fc44413", "example@example.com"),
        ("c988e982-d01d-11e7-b4ec-069729b2474c", "example2@example.com"),
    )
]

PAGE_004: dict[str, Any] = {"Parameter": {"ActivityEvent": 201}, "Paging": {"Offset": "0", "RowCount": "10"}}


def vendor_seed() -> Seed:
    """The demonstration account's users, fields and types, with what the pages' bodies name."""
    parts = ("Status", *(f"mx_CustomObject_{n}" for n in range(1, 5)))
    types = (
        ActivityType(
            105,
            "Application",
            (
                ActivityField("mx_Custom_1", "Number", "Number"),
                ActivityField("mx_Custom_2", "Date", "DateTime"),
                ActivityField("mx_KYC", "KYC", "CustomObject", parts=parts),
            ),
        ),
        ActivityType(
            320,
            "Bulk example",
            (
                *(ActivityField(f"mx_Custom_{n}", f"Custom {n}") for n in range(1, 4)),
                ActivityField("mx_Custom_4", "Custom 4", "DateTime"),
            ),
        ),
    )
    ids = (PAGE_002["RelatedProspectId"], *(row["RelatedProspectId"] for row in PAGE_003))
    owners = (
        User("7d8e9c5e-0000-4000-8000-000000000001", "Example", "One", "example@example.com"),
        User("7d8e9c5e-0000-4000-8000-000000000002", "Example", "Two", "example2@example.com"),
    )
    return Seed(
        users=(*demo_users(), *owners),
        lead_fields=demo_lead_fields(),
        leads=tuple(Lead(each, {}) for each in ids),
        activity_types=(*demo_activity_types(), *types),
    )
