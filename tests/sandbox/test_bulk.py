"""The two bulk calls."""

from typing import Literal, get_args

import pytest

from importer.sandbox.seeds import deleted_leads, demo_leads, demo_users
from importer.sandbox.settings import SandboxSettings

from .calling import BY_LEAD_FIELD, BY_LEAD_ID, FIRST_LEAD, SECOND_LEAD, Api, Start, failure, visit

FailureKey = Literal["ExceptionMessage", "ErrorMessage", "Message", "Reason"]
NO_LEAD = "Lead does not exist in the system or You do not have permission to update the lead"


def by_field(value: object, **more: object) -> dict[str, object]:
    """A row that names its lead by a unique field's value."""
    row = visit(SearchByValue=value, **more)
    del row["RelatedProspectId"]
    return row


def test_25_rows_are_one_call_and_26_are_none(api: Api) -> None:
    """A call of 25 rows makes 25 activities in order; one of 26 is refused whole."""
    full = api.post(BY_LEAD_ID, [visit(ActivityNote=str(n)) for n in range(25)])
    over = api.post(BY_LEAD_ID, [visit()] * 26)

    assert [row["RowNumber"] for row in full.body["Response"]] == list(range(1, 26))
    stored = api.server.store.activities.all()
    assert [(each.id, each.note) for each in stored] == [
        (row["ProspectActivityId"], str(n)) for n, row in enumerate(full.body["Response"])
    ]
    message = "Invalid Input! Parameter Name: You can not pass more than 25 activities."
    assert (over.status, over.body) == (500, failure("MXInvalidInputException", message))


def test_an_empty_list_is_refused(api: Api) -> None:
    """A call without rows is an invalid input."""
    bodies: tuple[object, ...] = ([], None)
    for body in bodies:
        reply = api.send("POST", BY_LEAD_ID, json=body)
        assert (reply.status, reply.body["ExceptionType"]) == (500, "MXInvalidInputException")


def test_a_bad_row_fails_alone(api: Api) -> None:
    """By default the good rows are created and the bad one tells its number, type and text."""
    reply = api.post(BY_LEAD_ID, [visit(), visit(deleted_leads()[0]), visit(ActivityEvent=999), visit()])

    assert reply.status == 200
    first, second, third, fourth = reply.body["Response"]
    assert second == {
        "RowNumber": 2,
        "ActivityCreated": False,
        "ProspectActivityId": None,
        "ExceptionType": "MXInvalidInputException",
        "ExceptionMessage": NO_LEAD,
    }
    assert third["ExceptionType"] == "MXInvalidActivityException"
    ids = [each.id for each in api.server.store.activities.all()]
    assert ids == [first["ProspectActivityId"], fourth["ProspectActivityId"]]


def test_a_bad_row_can_fail_its_call(start: Start) -> None:
    """With bad_row `call` the first bad row's error is the answer, and no row is stored."""
    api = start(SandboxSettings(bad_row="call"))

    reply = api.post(BY_LEAD_ID, [visit(), visit(deleted_leads()[0]), visit(ActivityEvent=999)])

    assert (reply.status, reply.body) == (500, failure("MXInvalidInputException", NO_LEAD))
    assert api.server.store.activities.all() == []
    lead = api.server.store.leads.get(FIRST_LEAD.id)
    assert lead is not None
    assert lead.score == 0


@pytest.mark.parametrize("key", get_args(FailureKey))
def test_the_text_of_a_failed_row_has_several_names(start: Start, key: FailureKey) -> None:
    """The key with the text is a setting, and the id may be left out instead of null."""
    api = start(SandboxSettings(failure_key=key, failure_id="absent"))

    (row,) = api.post(BY_LEAD_ID, [visit(deleted_leads()[0])]).body["Response"]

    assert row == {
        "RowNumber": 1,
        "ActivityCreated": False,
        "ExceptionType": "MXInvalidInputException",
        key: NO_LEAD,
    }


def test_one_lead_can_have_several_rows(api: Api) -> None:
    """Equal rows are so many activities: the API knows no duplicates."""
    reply = api.post(BY_LEAD_ID, [visit()] * 3)

    assert len({row["ProspectActivityId"] for row in reply.body["Response"]}) == 3


def test_an_owner_is_named_by_email(api: Api) -> None:
    """ActivityOwnerEmail makes that user the owner; an unknown one fails its row; blank is the key's user."""
    owner = demo_users()[3]
    rows = [visit(ActivityOwnerEmail=email) for email in (owner.email.upper(), "nobody@example.com", "")]

    reply = api.post(BY_LEAD_ID, rows)

    assert [row["ActivityCreated"] for row in reply.body["Response"]] == [True, False, True]
    message = "Invalid Input! Parameter Name: ActivityOwnerEmail"
    assert reply.body["Response"][1]["ExceptionMessage"] == message
    assert [each.owner_id for each in api.server.store.activities.all()] == [owner.id, demo_users()[0].id]


def test_open_owners_accept_every_email(start: Start) -> None:
    """If owners are open, an unknown e-mail address fails nothing."""
    api = start(SandboxSettings(owners="open"))

    reply = api.post(BY_LEAD_ID, [visit(ActivityOwnerEmail="nobody@example.com")])

    assert reply.body["Response"][0]["ActivityCreated"] is True


def test_a_row_must_name_its_lead(api: Api) -> None:
    """A row without RelatedProspectId fails, even if it has an e-mail address."""
    row = visit(EmailAddress=FIRST_LEAD.email)
    del row["RelatedProspectId"]

    (receipt,) = api.post(BY_LEAD_ID, [row]).body["Response"]

    assert receipt["ExceptionType"] == "MXMandatoryAttributeMissingException"


def test_a_row_of_another_shape_refuses_the_whole_body(api: Api) -> None:
    """A row, or its Fields, of another shape makes the call a malformed one; the good row before it is not stored."""
    for row in ("text", {**visit(), "Fields": "text"}):
        assert api.post(BY_LEAD_ID, [visit(), row]).status == 400
    assert api.server.store.activities.all() == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("EmailAddress", FIRST_LEAD.email),
        ("EmailAddress", f" {FIRST_LEAD.email.upper()} "),
        ("Phone", FIRST_LEAD.phone),
        ("Phone", FIRST_LEAD.phone.removeprefix("+91-")),
        ("Phone", FIRST_LEAD.phone.replace("-", "").removeprefix("+")),
        ("Mobile", FIRST_LEAD.mobile),
        ("mx_Customer_Number", FIRST_LEAD.attributes["mx_Customer_Number"]),
    ],
)
def test_a_lead_is_found_by_each_unique_field(api: Api, field: str, value: str) -> None:
    """E-mail address, phone, mobile and a custom unique field find the lead, in the forms that people write."""
    reply = api.post(BY_LEAD_FIELD, [by_field(value)], searchBy=field)

    assert reply.body["Response"][0]["ActivityCreated"] is True
    assert api.server.store.activities.all()[0].lead_id == FIRST_LEAD.id


def test_no_lead_is_created_by_field(api: Api) -> None:
    """A value that no lead has fails its row and makes no lead; a blank one is called mandatory."""
    reply = api.post(
        BY_LEAD_FIELD,
        [by_field("nobody@example.com"), by_field(""), by_field(SECOND_LEAD.email)],
        searchBy="EmailAddress",
    )

    first, second, third = reply.body["Response"]
    assert first["ExceptionMessage"] == NO_LEAD
    assert second["ExceptionType"] == "MXMandatoryAttributeMissingException"
    assert third["ActivityCreated"] is True
    assert api.server.store.leads.count() == 400


@pytest.mark.parametrize("field", ["FirstName", "emailaddress", "mx_Unknown", ""])
def test_only_unique_fields_can_be_searched_by(api: Api, field: str) -> None:
    """A searchBy that names no unique field, exactly as it is written, refuses the call."""
    reply = api.post(BY_LEAD_FIELD, [by_field("x")], searchBy=field)

    assert (reply.status, reply.body) == (500, failure("MXInvalidInputException", "Invalid SearchBy value provided"))


def test_open_leads_exist_whatever_their_id(start: Start) -> None:
    """If leads are open, every well-formed id is a lead's, except the deleted ones and malformed ones."""
    api = start(SandboxSettings(leads="open"))
    unknown = "aaaaaaaa-0000-4000-8000-000000000001"

    reply = api.post(BY_LEAD_ID, [visit(unknown), visit(deleted_leads()[0]), visit("12345")])

    assert [row["ActivityCreated"] for row in reply.body["Response"]] == [True, False, False]
    assert api.server.store.leads.get(unknown) is not None


def test_open_leads_exist_whatever_their_field_says(start: Start) -> None:
    """If leads are open, an unknown value, of an unknown field too, is one lead's, the same in every row."""
    api = start(SandboxSettings(leads="open"))

    api.post(BY_LEAD_FIELD, [by_field("a@example.com"), by_field("A@example.com")], searchBy="EmailAddress")
    api.post(BY_LEAD_FIELD, [by_field("X1"), by_field("X2"), by_field("X1")], searchBy="mx_Loyalty_Card")

    ids = [each.lead_id for each in api.server.store.activities.all()]
    assert ids[0] == ids[1]
    assert ids[2] == ids[4] != ids[3]


def test_rows_count_as_rows_of_the_log(api: Api) -> None:
    """The log of calls has the rows of a bulk call and how many of them were created."""
    api.post(BY_LEAD_ID, [visit(), visit(demo_leads(3)[2].id), visit("12345")])

    (call,) = api.server.store.calls.all()
    assert (call.method, call.path, call.status, call.rows, call.created) == ("POST", BY_LEAD_ID, 200, 3, 2)
