"""Bodies: the JSON of each route, as the vendor's pages show it."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importer.leadsquared.routes import ROUTES

from .building import LEAD, activities, bodies

TEXTS = st.text(max_size=8) | st.text(st.sampled_from('"\\\n\r\t\x00\x1f\u2028é😀{}[],: '), max_size=8) | st.just("")
Columns = dict[str, list[str]]


def field(name: str, value: str) -> dict[str, str]:
    """An entry of the activity's fields."""
    return {"SchemaName": name, "Value": value}


def attribute(name: str, value: str) -> dict[str, str]:
    """An entry of the lead's attributes, or of a custom field set."""
    return {"Attribute": name, "Value": value}


# ------------------------------------------------------------------------------ the vendor's own examples


def test_page_000() -> None:
    """An activity by e-mail address is posted as page 000 shows."""
    text = """
version: 1
lead: {route: single_by_email, email: E-Mail, first_name: First, last_name: Last, phone: Phone}
activity: {event: 201, note: Note, datetime: {column: When, timezone: UTC}}
fields: {mx_Custom_1: One, mx_Custom_2: {constant: "123"}, mx_Custom_5: {column: When, type: datetime, timezone: UTC}}
"""
    columns = {
        "E-Mail": ["john.smith@acmeconsulting.co"],
        "First": ["John"],
        "Last": ["Smith"],
        "Phone": ["+919845098450"],
        "Note": ["Note for the activity"],
        "When": ["2015-10-11 12:13:44"],
        "One": ["123123123"],
    }
    assert bodies(text, columns) == [
        {
            "EmailAddress": "john.smith@acmeconsulting.co",
            "ActivityEvent": 201,
            "ActivityNote": "Note for the activity",
            "ActivityDateTime": "2015-10-11 12:13:44",
            "FirstName": "John",
            "LastName": "Smith",
            "Phone": "+919845098450",
            "Fields": [
                field("mx_Custom_1", "123123123"),
                field("mx_Custom_2", "123"),
                field("mx_Custom_5", "2015-10-11 12:13:44"),
            ],
        }
    ]


@pytest.mark.parametrize("route", ["lead_and_activity", "lead_and_activity_async"])
def test_page_001(route: str) -> None:
    """A lead with its activity, custom field sets nested, is posted as page 001 shows, in the mapping's order."""
    text = f"""
version: 1
lead:
  route: {route}
  search_by: EmailAddress
  attributes:
    EmailAddress: E-Mail
    mx_City: City
    mx_KYC:
      fields: {{Status: {{constant: Pending}}, mx_CustomObject_1: File, mx_CustomObject_2: Number}}
activity: {{event: 105, note: Note}}
fields:
  mx_Custom_1: {{constant: "123"}}
  mx_KYC:
    fields: {{Status: {{constant: Pending}}, mx_CustomObject_2: File, mx_CustomObject_4: Number}}
"""
    columns = {
        "E-Mail": ["email@example.com"],
        "City": ["Bangalore"],
        "File": ["XYZ12345.png"],
        "Number": ["864563"],
        "Note": ["Note for the activity"],
    }
    (body,) = bodies(text, columns)
    assert body == {
        "LeadDetails": [
            attribute("EmailAddress", "email@example.com"),
            attribute("mx_City", "Bangalore"),
            {
                "Attribute": "mx_KYC",
                "Value": "",
                "Fields": [
                    attribute("Status", "Pending"),
                    attribute("mx_CustomObject_1", "XYZ12345.png"),
                    attribute("mx_CustomObject_2", "864563"),
                ],
            },
            attribute("SearchBy", "EmailAddress"),
        ],
        "Activity": {
            "ActivityEvent": 105,
            "ActivityNote": "Note for the activity",
            "Fields": [
                field("mx_Custom_1", "123"),
                {
                    "Attribute": "mx_KYC",
                    "Value": "",
                    "Fields": [
                        attribute("Status", "Pending"),
                        attribute("mx_CustomObject_2", "XYZ12345.png"),
                        attribute("mx_CustomObject_4", "864563"),
                    ],
                },
            ],
        },
    }


@pytest.mark.parametrize(("score", "option"), [("true", {"IncludeLeadScore": True}), ("false", {}), ("", {})])
def test_page_002(score: str, option: dict[str, bool]) -> None:
    """An activity by lead id is posted as page 002 shows, with the score's option if it is asked for."""
    text = f"""
version: 1
lead: {{route: single_by_lead_id, id: Lead ID, include_score: {score}}}
activity: {{event: 201, note: Note}}
fields: {{mx_Custom_1: Note}}
"""
    assert bodies(text, {"Lead ID": [LEAD], "Note": ["Your Activity Note"]}) == [
        {
            "RelatedProspectId": LEAD,
            "ActivityEvent": 201,
            "ActivityNote": "Your Activity Note",
            "Fields": [field("mx_Custom_1", "Your Activity Note")],
        }
        | option
    ]


BULK = """
version: 1
lead: {id: Lead ID}
activity: {event: 320, note: {constant: Add/ByLeadId}, owner: Owner}
fields: {mx_Custom_1: First, mx_Custom_2: Code, mx_Custom_4: {column: When, type: datetime, timezone: UTC}}
"""


def test_page_003() -> None:
    """Activities by lead id in bulk are posted as page 003 shows; 0419 stays 0419."""
    columns = {
        "Lead ID": [LEAD, "c988e982-d01d-11e7-b4ec-069729b2474c"],
        "Owner": ["example@example.com", "example2@example.com"],
        "First": ["First", "Second"],
        "Code": ["0419", "0420"],
        "When": ["2016-09-18 12:12:12", ""],
    }
    first, second = bodies(BULK, columns)
    assert first == {
        "RelatedProspectId": LEAD,
        "ActivityEvent": 320,
        "ActivityNote": "Add/ByLeadId",
        "ActivityOwnerEmail": "example@example.com",
        "Fields": [
            field("mx_Custom_1", "First"),
            field("mx_Custom_2", "0419"),
            field("mx_Custom_4", "2016-09-18 12:12:12"),
        ],
    }
    assert second["Fields"] == [field("mx_Custom_1", "Second"), field("mx_Custom_2", "0420")]


def test_by_lead_field() -> None:
    """In bulk by a lead field, each row has the value to search by; the field itself is the call's matter."""
    text = BULK.replace("{id: Lead ID}", "{route: bulk_by_lead_field, search_by: Phone, value: Phone}")
    columns = {"Phone": [" +91-9845098450 "], "Owner": [""], "First": [""], "Code": [""], "When": [""]}
    assert bodies(text, columns) == [
        {"SearchByValue": "+91-9845098450", "ActivityEvent": 320, "ActivityNote": "Add/ByLeadId", "Fields": []}
    ]


# ---------------------------------------------------------------------------------------------- any rows


def with_texts(entries: list[tuple[str, str]], make: Any) -> list[Any]:
    """Entries of the texts that are there."""
    return [make(name, value) for name, value in entries if value]


def field_set(name: str, entries: list[tuple[str, str]]) -> list[Any]:
    """A custom field set, if any of its fields is there."""
    inner = with_texts(entries, attribute)
    return [{"Attribute": name, "Value": "", "Fields": inner}] if inner else []


FIELDS = """
fields:
  mx_Custom_1: A
  mx_Custom_2: {constant: 'fixed "text"'}
  mx_Custom_10: {fields: {Status: B, mx_CustomObject_1: A}}
  "odd \\"name\\"": {template: "{A}{B}"}
"""


def fields_of(one: str, two: str) -> list[Any]:
    """What FIELDS becomes."""
    return [
        *with_texts([("mx_Custom_1", one)], field),
        field("mx_Custom_2", 'fixed "text"'),
        *field_set("mx_Custom_10", [("Status", two), ("mx_CustomObject_1", one)]),
        *with_texts([('odd "name"', one + two)], field),
    ]


def note_of(one: str) -> dict[str, str]:
    """A note that may be empty."""
    return {"ActivityNote": one} if one else {}


OWNER = "f1feb773-2c9c-5774-b3e6-c09a575c57d6"


def expected_single(lead: dict[str, Any], one: str, two: str) -> dict[str, Any]:
    """A single call's body: its owner stands among the fields."""
    return lead | {"ActivityEvent": 201} | note_of(one) | {"Fields": [*fields_of(one, two), field("Owner", OWNER)]}


def expected_lead_and_activity(one: str, two: str) -> dict[str, Any]:
    """The body that makes a lead as well."""
    details = [
        attribute("EmailAddress", "asha@example.com"),
        *with_texts([("FirstName", one)], attribute),
        *field_set("mx_KYC", [("Status", two)]),
        attribute("SearchBy", "EmailAddress"),
    ]
    return {"LeadDetails": details, "Activity": expected_single({}, one, two)}


LEAD_WITH_ATTRIBUTES = """
  search_by: EmailAddress
  attributes: {EmailAddress: E-Mail, FirstName: A, mx_KYC: {fields: {Status: B}}}"""

ROUTE_MAPPINGS: dict[str, tuple[str, Any]] = {
    "bulk_by_lead_id": (
        "id: Lead ID",
        lambda one, two: (
            {"RelatedProspectId": LEAD, "ActivityEvent": 201} | note_of(one) | {"Fields": fields_of(one, two)}
        ),
    ),
    "bulk_by_lead_field": (
        "search_by: EmailAddress\n  value: E-Mail",
        lambda one, two: (
            {"SearchByValue": "asha@example.com", "ActivityEvent": 201} | note_of(one) | {"Fields": fields_of(one, two)}
        ),
    ),
    "single_by_lead_id": ("id: Lead ID", lambda one, two: expected_single({"RelatedProspectId": LEAD}, one, two)),
    "single_by_email": (
        "email: E-Mail\n  first_name: A\n  last_name: B",
        lambda one, two: (
            expected_single({"EmailAddress": "asha@example.com"}, one, two)
            | ({"FirstName": one} if one else {})
            | ({"LastName": two} if two else {})
        ),
    ),
    "lead_and_activity": (LEAD_WITH_ATTRIBUTES, expected_lead_and_activity),
    "lead_and_activity_async": (LEAD_WITH_ATTRIBUTES, expected_lead_and_activity),
}


def test_every_route_is_here() -> None:
    """The routes looked at are all that there are."""
    assert set(ROUTE_MAPPINGS) == set(ROUTES)


@pytest.mark.parametrize("route", ROUTE_MAPPINGS)
@settings(max_examples=40)
@given(rows=st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=4))
def test_any_rows_by_any_route(route: str, rows: list[tuple[str, str]]) -> None:
    """Whatever texts a row holds, its body is the JSON that the route asks for, without what is empty."""
    lead, expected = ROUTE_MAPPINGS[route]
    owner = f", owner: {{constant: {OWNER}}}" if not ROUTES[route].bulk else ""
    text = f"version: 1\nlead:\n  route: {route}\n  {lead}\nactivity: {{event: 201, note: A{owner}}}\n{FIELDS}"
    columns = {
        "Lead ID": [LEAD] * len(rows),
        "E-Mail": ["asha@example.com"] * len(rows),
        "A": [one for one, _ in rows],
        "B": [two for _, two in rows],
    }
    assert bodies(text, columns) == [expected(one, two) for one, two in rows]


def without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object, none of whose keys stands twice."""
    assert len({key for key, _ in pairs}) == len(pairs)
    return dict(pairs)


@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_bodies_are_json_as_it_should_be(cells: list[str]) -> None:
    """A body is UTF-8, has every key once, posts texts only, and puts no blanks between."""
    text = f"version: 1\nlead: {{id: Lead ID}}\nactivity: {{event: 201, note: A}}\n{FIELDS}"
    columns = {"Lead ID": [LEAD] * len(cells), "A": cells, "B": cells}
    for activity in activities(text, columns):
        body = json.loads(activity.body.decode("utf-8"), object_pairs_hook=without_doubles)
        assert activity.body.decode() == json.dumps(body, ensure_ascii=False, separators=(",", ":"))
        assert activity.lead == LEAD


CONTRACT = """
version: 1
name: site-visits
source:                                   # optional; every key optional
  sheet: Visits
  header_row: 1
  encoding: utf-8
  delimiter: ","
lead:
  route: bulk_by_lead_id                  # the default
  id: {column: Lead ID}
activity:
  event: 201
  note: {template: "{Store}: {Remarks}"}
  datetime: {column: Visit Date, formats: ["%d/%m/%Y %H:%M"], timezone: Asia/Kolkata}
  owner: {column: Owner Email}
fields:
  mx_Custom_1: {column: Campaign, required: true}
  mx_Custom_2: Store Code                 # a bare string is a column, kept as text: 0419 stays 0419
  mx_Custom_3: {column: Amount, type: decimal}
  mx_Custom_5: {column: Follow-up, type: datetime, formats: ["%d/%m/%Y"], timezone: Asia/Kolkata}
  mx_Custom_8: {constant: "1"}
  mx_Custom_9: {column: Stage, map: {won: Won, lost: Lost}, default: Open}
  mx_Custom_10:                           # a custom field set
    fields: {Status: {constant: Pending}, mx_CustomObject_1: {column: File}}
import_key: {field: mx_Custom_15}         # optional, or `import_key: note`
duplicates: {key: [Lead ID, Visit Date]}  # optional
"""
"""The example of a mapping file that the interface of the program promises to understand."""

VISIT = {
    "Lead ID": f" {LEAD} ",
    "Store": "Pune",
    "Remarks": 'said "yes"',
    "Visit Date": "1/5/2024 10:30",
    "Owner Email": "asha@example.com ",
    "Campaign": "Diwali",
    "Store Code": "0419",
    "Amount": "1250.50",
    "Follow-up": "02/05/2024",
    "Stage": "won",
    "File": "a.png",
}


def test_the_promised_mapping() -> None:
    """The mapping of the documentation makes of a row what the documentation says."""
    (activity,) = activities(CONTRACT, {name: [cell] for name, cell in VISIT.items()})
    body = json.loads(activity.body)
    token = body["Fields"][-1]["Value"]
    assert body == {
        "RelatedProspectId": LEAD,
        "ActivityEvent": 201,
        "ActivityNote": 'Pune: said "yes"',
        "ActivityOwnerEmail": "asha@example.com",
        "ActivityDateTime": "2024-05-01 05:00:00",
        "Fields": [
            field("mx_Custom_1", "Diwali"),
            field("mx_Custom_2", "0419"),
            field("mx_Custom_3", "1250.50"),
            field("mx_Custom_5", "2024-05-01 18:30:00"),
            field("mx_Custom_8", "1"),
            field("mx_Custom_9", "Won"),
            {
                "Attribute": "mx_Custom_10",
                "Value": "",
                "Fields": [attribute("Status", "Pending"), attribute("mx_CustomObject_1", "a.png")],
            },
            field("mx_Custom_15", token),
        ],
    }
    assert len(token) == 20


def test_the_promised_mapping_with_empty_cells() -> None:
    """Of empty cells only what is fixed or has a default is posted."""
    empty = VISIT | dict.fromkeys(
        ["Store", "Remarks", "Owner Email", "Store Code", "Amount", "Follow-up", "Stage", "File"], ""
    )
    (body,) = bodies(CONTRACT, {name: [cell] for name, cell in empty.items()})
    assert "ActivityOwnerEmail" not in body
    assert body["ActivityNote"] == ": "
    assert [entry.get("SchemaName") or entry["Attribute"] for entry in body["Fields"]] == [
        "mx_Custom_1",
        "mx_Custom_8",
        "mx_Custom_9",
        "mx_Custom_10",
        "mx_Custom_15",
    ]
    assert body["Fields"][3]["Fields"] == [attribute("Status", "Pending")]


@pytest.mark.parametrize(
    ("note", "cell", "expected"),
    [
        ("note: A", "seen", "seen [imp:{}]"),
        ("note: A", "", "[imp:{}]"),
        ("", "seen", "[imp:{}]"),
        ("note: {constant: x}", "seen", "x [imp:{}]"),
    ],
)
def test_the_import_key_in_the_note(note: str, cell: str, expected: str) -> None:
    """A key that is kept in the note stands at its end, and alone if there is no note."""
    text = f"version: 1\nlead: {{id: Lead ID}}\nactivity: {{event: 201, {note}}}\nimport_key: note\n"
    (body,) = bodies(text, {"Lead ID": [LEAD], "A": [cell]})
    token = body["ActivityNote"].removesuffix("]")[-20:]
    assert body["ActivityNote"] == expected.format(token)
    assert token.isalnum()
    assert token == token.lower()
