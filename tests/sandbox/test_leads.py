"""Looking leads up."""

import re

import pytest

from importer.sandbox.seeds import deleted_leads, demo_lead_fields
from importer.sandbox.settings import SandboxSettings

from .calling import CREATE, FIRST_LEAD, LEADS, SECOND_LEAD, Api, Start, Time, failure, visit

BY_ID = f"{LEADS}/Leads.GetById"
BY_EMAIL = f"{LEADS}/Leads.GetByEmailaddress"
BY_PHONE = f"{LEADS}/RetrieveLeadByPhoneNumber"
SEARCH = f"{LEADS}/Leads.Get"
BY_IDS = f"{LEADS}/Leads/Retrieve/ByIds"
METADATA = f"{LEADS}/LeadsMetaData.Get"


def test_a_lead_is_a_flat_record(start: Start, time: Time) -> None:
    """A lead comes with all its attributes as texts, and with dates that have milliseconds."""
    api = start(clock=time.clock)

    (lead,) = api.get(BY_ID, id=FIRST_LEAD.id).body

    assert lead == {
        "ProspectID": FIRST_LEAD.id,
        "ProspectAutoId": "1",
        **FIRST_LEAD.attributes,
        "Score": "0",
        "CreatedOn": "2026-03-02 10:00:00.000",
        "ModifiedOn": "2026-03-02 10:00:00.000",
        "LeadLastModifiedOn": "2026-03-02 10:00:00.000",
    }


def test_an_activity_moves_its_lead(start: Start, time: Time) -> None:
    """An activity adds to the lead's score and moves its last modification."""
    api = start(clock=time.clock)
    time.forward(60)
    api.post(CREATE, visit())

    (lead,) = api.get(BY_ID, id=FIRST_LEAD.id).body

    assert (lead["Score"], lead["LeadLastModifiedOn"]) == ("10", "2026-03-02 10:01:00.000")


@pytest.mark.parametrize("asked", [deleted_leads()[0], "12345", ""])
def test_an_unknown_id_gives_an_empty_array(api: Api, asked: str) -> None:
    """A deleted, malformed or missing id finds no lead, and that is no error."""
    assert (api.get(BY_ID, id=asked).status, api.get(BY_ID, id=asked).body) == (200, [])


def test_open_leads_can_be_looked_up(start: Start) -> None:
    """If leads are open, every well-formed id is found, and the deleted ones still are not."""
    api = start(SandboxSettings(leads="open"))
    unknown = "aaaaaaaa-0000-4000-8000-000000000001"

    assert [lead["ProspectID"] for lead in api.get(BY_ID, id=unknown).body] == [unknown]
    assert api.get(BY_ID, id=deleted_leads()[0]).body == []


def test_an_email_is_found_in_any_case(api: Api) -> None:
    """An e-mail address finds its lead whatever its case; an unknown one, or a wrong parameter name, finds nothing."""
    (lead,) = api.get(BY_EMAIL, emailaddress=FIRST_LEAD.email.upper()).body

    assert lead["ProspectID"] == FIRST_LEAD.id
    assert api.get(BY_EMAIL, emailaddress="nobody@example.com").body == []
    assert api.get(BY_EMAIL, email=FIRST_LEAD.email).body == []


@pytest.mark.parametrize("form", ["+91-{}", "+91{}", "91{}", "0{}", "{}"])
def test_a_phone_number_is_found_in_every_usual_form(api: Api, form: str) -> None:
    """Phone and Mobile are both looked at, with country code or without it."""
    for number in (SECOND_LEAD.phone, SECOND_LEAD.mobile):
        (lead,) = api.get(BY_PHONE, phone=form.format(number.removeprefix("+91-"))).body
        assert lead["ProspectID"] == SECOND_LEAD.id
    assert api.get(BY_PHONE, phone="").body == []


def test_a_phone_number_can_need_its_exact_form(start: Start) -> None:
    """With phone_match `exact` only the stored text finds the lead, as one account saw it."""
    api = start(SandboxSettings(phone_match="exact"))

    assert len(api.get(BY_PHONE, phone=FIRST_LEAD.phone).body) == 1
    assert api.get(BY_PHONE, phone=FIRST_LEAD.phone.removeprefix("+91-")).body == []


def find(api: Api, name: str, operator: str, value: str, **more: object) -> list[str | None]:
    """The customer numbers of the leads that one criterion finds."""
    parameter = {"LookupName": name, "LookupValue": value, "SqlOperator": operator}
    paging = {"PageIndex": 1, "PageSize": 1000}
    columns = {"Include_CSV": "mx_Customer_Number"}
    reply = api.post(SEARCH, {"Parameter": parameter, "Paging": paging, "Columns": columns, **more})
    return [lead["mx_Customer_Number"] for lead in reply.body]


def test_leads_are_searched_by_one_criterion(api: Api) -> None:
    """Each operator does what it says, without regard to case."""
    name = "mx_Customer_Number"
    assert find(api, "EmailAddress", "=", FIRST_LEAD.email.upper()) == ["0000001"]
    assert find(api, name, "<", "0000003") == ["0000001", "0000002"]
    assert find(api, name, "<=", "0000002") == ["0000001", "0000002"]
    assert find(api, name, ">", "0000398") == ["0000399", "0000400"]
    assert find(api, name, ">=", "0000400") == ["0000400"]
    assert len(find(api, name, "<>", "0000001")) == 399
    assert find(api, name, "LIKE", "%0007") == ["0000007"]
    assert find(api, name, "LIKE", "0007") == []
    assert find(api, "ProspectID", "=", SECOND_LEAD.id) == ["0000002"]


def test_a_wrong_wrapper_is_ignored_and_gives_every_lead(api: Api) -> None:
    """Without `Parameter` the search gives all leads, page by page, as a live account does."""
    body = {"Query": {"LookupName": "EmailAddress", "LookupValue": "x", "SqlOperator": "="}}

    assert len(api.post(SEARCH, {**body, "Paging": {"PageIndex": 1, "PageSize": 1000}}).body) == 400
    assert len(api.post(SEARCH, {**body, "Paging": {"PageIndex": 14, "PageSize": 30}}).body) == 10
    assert len(api.post(SEARCH, body).body) == 25


def test_a_wrong_search_is_refused(api: Api) -> None:
    """An unknown field, an unknown operator, too large a page and a page before the first are errors."""

    def kind(body: dict[str, object]) -> object:
        return api.post(SEARCH, body).body["ExceptionType"]

    parameter = {"LookupName": "FirstName", "LookupValue": "x", "SqlOperator": "="}
    assert kind({"Parameter": {**parameter, "LookupName": "mx_Nope"}}) == "MXUnknownAttributeException"
    assert kind({"Parameter": {**parameter, "SqlOperator": "IN"}}) == "MXInvalidInputException"
    assert kind({"Parameter": parameter, "Paging": {"PageIndex": 0}}) == "MXInvalidInputException"
    assert kind({"Parameter": parameter, "Paging": {"PageSize": 0}}) == "MXInvalidInputException"
    reply = api.post(SEARCH, {"Parameter": parameter, "Paging": {"PageSize": 5001}})
    assert reply.body == failure("MXMandatoryFieldMissingException", "Page size can not be larger than 5000.")


def test_many_ids_are_read_at_once(api: Api) -> None:
    """Retrieve/ByIds gives the leads there are, each once, with the columns asked for."""
    ids = [SECOND_LEAD.id, deleted_leads()[0], FIRST_LEAD.id.upper(), FIRST_LEAD.id, "12345"]
    body = {"SearchParameters": {"LeadIds": ids}, "Columns": {"Include_CSV": "FirstName, mx_City"}}

    reply = api.post(BY_IDS, body)

    assert reply.body == {
        "RecordCount": 2,
        "Leads": [
            {
                "ProspectID": lead.id,
                "FirstName": lead.attributes["FirstName"],
                "mx_City": lead.attributes["mx_City"],
            }
            for lead in (SECOND_LEAD, FIRST_LEAD)
        ],
    }


def test_ids_and_columns_are_mandatory_and_ids_are_limited(api: Api) -> None:
    """Without LeadIds or Include_CSV the call is refused, and with more than 10,000 ids."""
    ids, columns = {"LeadIds": [FIRST_LEAD.id]}, {"Include_CSV": "FirstName"}

    for body in ({"Columns": columns}, {"SearchParameters": ids}, {}):
        assert api.post(BY_IDS, body).body["ExceptionType"] == "MXMandatoryAttributeMissingException"
    many = {"LeadIds": [FIRST_LEAD.id] * 10_001}
    assert api.post(BY_IDS, {"SearchParameters": many, "Columns": columns}).status == 500


def test_metadata_tells_fields_and_which_are_unique(api: Api) -> None:
    """LeadsMetaData.Get lists the lead fields; the unique ones are identifiers; dates are in Microsoft's form."""
    fields = api.get(METADATA).body

    assert [each["SchemaName"] for each in fields] == [each.schema_name for each in demo_lead_fields()]
    identifiers = {each["SchemaName"] for each in fields if each["IsLeadIdentifier"]}
    assert identifiers == {"EmailAddress", "Phone", "Mobile", "mx_Customer_Number"}
    phone = next(each for each in fields if each["SchemaName"] == "Phone")
    assert (phone["DataType"], phone["MaxLength"]) == ("Phone", "20")
    assert re.fullmatch(r"/Date\(\d+\+0000\)/", phone["ModifiedOn"])


def test_metadata_of_one_field_with_its_options_or_without(api: Api) -> None:
    """`schemaName` chooses a field, and excludeOptionSets=1 leaves its options out."""
    (stage,) = api.get(METADATA, schemaName="ProspectStage").body
    (bare,) = api.get(METADATA, schemaName="ProspectStage", excludeOptionSets="1").body

    assert [each["Value"] for each in stage["Options"]][:2] == ["Prospect", "Contacted"]
    assert bare["Options"] is None
    assert api.get(METADATA, schemaName="nope").body == []
