"""`CreateCustom`: lead and activity in one call."""

import pytest

from importer.sandbox.settings import SandboxSettings

from .calling import CREATE_CUSTOM, FIRST_LEAD, SECOND_LEAD, Api, Start, failure, visit


def both(search_by: str | None, activity: dict[str, object] | None = None, /, **attributes: str) -> dict[str, object]:
    """A body with these lead attributes and an activity."""
    details = [{"Attribute": name, "Value": value} for name, value in attributes.items()]
    if search_by is not None:
        details.append({"Attribute": "SearchBy", "Value": search_by})
    return {"LeadDetails": details, "Activity": activity or visit()}


def test_a_found_lead_is_updated(api: Api) -> None:
    """The lead that SearchBy finds gets the other attributes and keeps those that are not named."""
    reply = api.post(CREATE_CUSTOM, both("EmailAddress", EmailAddress=FIRST_LEAD.email, mx_City="Mysuru"))

    (activity,) = api.server.store.activities.all()
    assert (reply.status, reply.body) == (200, {"Status": "Success", "Message": {"Id": activity.id}})
    lead = api.server.store.leads.get(FIRST_LEAD.id)
    assert lead is not None
    assert activity.lead_id == FIRST_LEAD.id
    assert lead.attributes == {**FIRST_LEAD.attributes, "mx_City": "Mysuru"}


def test_a_lead_that_is_not_found_is_created(api: Api) -> None:
    """A value that no lead has makes a lead with all the attributes."""
    api.post(CREATE_CUSTOM, both("Phone", Phone="+91-9000000001", FirstName="Nila"))

    lead = api.server.store.leads.get(api.server.store.activities.all()[0].lead_id)
    assert lead is not None
    assert lead.attributes == {"Phone": "+91-9000000001", "FirstName": "Nila"}


@pytest.mark.parametrize("search_by", ["ProspectId", "Mobile", "mx_Customer_Number"])
def test_each_unique_field_and_the_id_can_be_searched_by(api: Api, search_by: str) -> None:
    """Unique fields find the lead, and so does the id: attribute ProspectID, SearchBy ProspectId."""
    attributes = {**FIRST_LEAD.attributes, "ProspectID": FIRST_LEAD.id}
    name = "ProspectID" if search_by == "ProspectId" else search_by

    assert api.post(CREATE_CUSTOM, both(search_by, **{name: attributes[name]})).status == 200
    assert api.server.store.activities.all()[0].lead_id == FIRST_LEAD.id


@pytest.mark.parametrize("search_by", ["ProspectID", "FirstName", "nonsense"])
def test_other_names_cannot_be_searched_by(api: Api, search_by: str) -> None:
    """SearchBy in the wrong casing, or of a field that isn't unique, is an invalid value."""
    body = both(search_by, ProspectID=FIRST_LEAD.id, FirstName="x")

    reply = api.post(CREATE_CUSTOM, body)

    assert (reply.status, reply.body) == (500, failure("MXInvalidInputException", "Invalid SearchBy value provided"))


def test_without_search_by_the_email_decides(api: Api) -> None:
    """Without SearchBy the e-mail address finds the lead; without that and a phone there is nothing to search by."""
    assert api.post(CREATE_CUSTOM, both(None, EmailAddress=SECOND_LEAD.email)).status == 200
    assert api.server.store.activities.all()[0].lead_id == SECOND_LEAD.id
    assert api.post(CREATE_CUSTOM, both(None, FirstName="x")).status == 500


def test_a_value_to_search_by_must_be_there(api: Api) -> None:
    """SearchBy without its attribute is a missing attribute."""
    reply = api.post(CREATE_CUSTOM, both("Phone", FirstName="x"))

    assert reply.body["ExceptionType"] == "MXMandatoryAttributeMissingException"


def test_an_unknown_lead_field_fails_everything(api: Api) -> None:
    """A lead attribute that the account lacks fails lead and activity."""
    reply = api.post(CREATE_CUSTOM, both("EmailAddress", EmailAddress="n@example.com", mx_Nope="x"))

    expected = failure("MXUnknownAttributeException", "Attribute(s) does not exist - mx_Nope.")
    assert (reply.status, reply.body) == (500, expected)
    assert api.server.store.leads.count() == 400


def test_a_wrong_activity_leaves_the_lead_alone(api: Api) -> None:
    """If the activity is refused, the lead is neither created nor updated."""
    for email in ("n@example.com", FIRST_LEAD.email):
        body = both("EmailAddress", visit(ActivityEvent=999), EmailAddress=email, mx_City="Mysuru")
        assert api.post(CREATE_CUSTOM, body).status == 500

    lead = api.server.store.leads.get(FIRST_LEAD.id)
    assert lead is not None
    assert lead.attributes == FIRST_LEAD.attributes
    assert api.server.store.leads.count() == 400


def test_a_taken_value_fails_the_update(api: Api) -> None:
    """A lead can't be given another lead's e-mail address."""
    body = both("Phone", Phone=FIRST_LEAD.phone, EmailAddress=SECOND_LEAD.email)

    reply = api.post(CREATE_CUSTOM, body)

    assert reply.body == failure("MXDuplicateEntryException", "A Lead with same Email already exists.")


def test_an_updated_value_finds_the_lead_and_the_old_one_does_not(api: Api) -> None:
    """After an update the lead is found by its new phone number only."""
    api.post(CREATE_CUSTOM, both("EmailAddress", EmailAddress=FIRST_LEAD.email, Phone="+91-9000000009"))

    api.post(CREATE_CUSTOM, both("Phone", Phone="9000000009"))
    api.post(CREATE_CUSTOM, both("Phone", Phone=FIRST_LEAD.phone))

    ids = [each.lead_id for each in api.server.store.activities.all()]
    assert ids[:2] == [FIRST_LEAD.id] * 2
    assert ids[2] != FIRST_LEAD.id


def test_open_leads_take_every_mx_field_and_call_none_unique(start: Start) -> None:
    """If leads are open, unknown mx_ fields are accepted, and two leads may have the same value in one."""
    api = start(SandboxSettings(leads="open"))

    for email in ("a@example.com", "b@example.com"):
        assert api.post(CREATE_CUSTOM, both("EmailAddress", EmailAddress=email, mx_Plan="Gold")).status == 200
    assert api.post(CREATE_CUSTOM, both("EmailAddress", EmailAddress="c@example.com", Plan="Gold")).status == 500


def test_the_dropdown_flag_can_stand_beside_the_activity_or_inside(api: Api) -> None:
    """ValidateDropDownOptions counts at the top of the body and in the activity."""
    wrong = visit(fields={"mx_Custom_10": "Nonsense"})
    flag = {"ValidateDropDownOptions": True}
    plain = both("EmailAddress", wrong, EmailAddress=FIRST_LEAD.email)
    inside = both("EmailAddress", {**wrong, **flag}, EmailAddress=FIRST_LEAD.email)

    assert [api.post(CREATE_CUSTOM, body).status for body in (plain, {**plain, **flag}, inside)] == [500, 200, 200]


@pytest.mark.parametrize("body", [{}, {"LeadDetails": []}, None])
def test_an_activity_must_be_there(api: Api, body: object) -> None:
    """A body without Activity is an invalid input."""
    reply = api.send("POST", CREATE_CUSTOM, json=body)

    assert reply.body == failure("MXInvalidInputException", "Invalid Input! Parameter Name: activity")
