"""Activity types, their fields and options, one activity's details, users, and whose keys these are."""

import json

import pytest

from importer.sandbox.seeds import demo_seed, demo_users
from importer.sandbox.settings import SandboxSettings

from .calling import ACTIVITIES, CREATE, FIRST_LEAD, SETTING, TYPES, Api, Start, failure, visit

DETAILS = f"{ACTIVITIES}/GetActivityDetails"
OPTIONS = f"{ACTIVITIES}/ActivityField/Dropdown/Options/Get"


def test_the_types_are_listed(api: Api) -> None:
    """ActivityTypes.Get lists every seeded type with its code as a text."""
    reply = api.get(TYPES)

    assert [(each["ActivityEvent"], each["DisplayName"]) for each in reply.body] == [
        ("201", "Store visit"),
        ("202", "Phone call"),
        ("203", "Web sign-up"),
        ("204", "Loan application"),
    ]


def test_a_type_tells_its_fields(api: Api) -> None:
    """GetActivitySetting gives names, DataTypes, what is mandatory, lengths, and options as a JSON text."""
    reply = api.get(SETTING, code="201")

    assert (reply.body["Name"], reply.body["Score"]) == ("Store visit", 10)
    fields = {each["SchemaName"]: each for each in reply.body["Fields"]}
    assert set(fields) == {
        "ActivityEvent_Note",
        "Status",
        "Owner",
        *(f"mx_Custom_{number}" for number in range(1, 16)),
    }
    first, key = fields["mx_Custom_1"], fields["mx_Custom_15"]
    assert (first["DisplayName"], first["DataType"], first["IsMandatory"]) == ("Store", "String", True)
    assert (key["DisplayName"], key["MaxFieldLength"], key["OptionSet"]) == ("Import key", 200, "")
    options = json.loads(fields["mx_Custom_10"]["OptionSet"])
    assert [each["Value"] for each in options] == ["New", "Follow-Up Visit", "Won", "Lost"]
    assert options[0] == {
        "IsDefault": False,
        "Text": "",
        "Value": "New",
        "Order": 0,
        "CanEdit": 1,
        "CanDelete": 1,
        "IsLastOption": 0,
    }


@pytest.mark.parametrize("code", ["999", "", "abc"])
def test_an_unknown_type_has_no_setting(api: Api, code: str) -> None:
    """A code that is no type's is refused."""
    assert api.get(SETTING, code=code).body == failure("MXInvalidActivityException", "Event Code is invalid or empty")


def test_an_open_type_tells_its_fifty_fields(start: Start) -> None:
    """If types are open, an unknown code has fifty text fields, and is not in the list of types."""
    api = start(SandboxSettings(activity_types="open"))

    fields = [each for each in api.get(SETTING, code="777").body["Fields"] if each["SchemaName"].startswith("mx_")]

    assert [each["SchemaName"] for each in fields] == [f"mx_Custom_{number}" for number in range(1, 51)]
    assert {each["DataType"] for each in fields} == {"String"}
    assert len(api.get(TYPES).body) == 4


def test_options_are_given_for_dropdowns_only(api: Api) -> None:
    """The options of a drop-down come as a list; another field, or none, is an error."""

    def ask(name: str, code: object = 201) -> object:
        return api.post(OPTIONS, {"Parameter": {"SchemaName": name, "ActivityEventCode": code}}).body

    options = ask("mx_Custom_10")
    assert isinstance(options, dict)
    assert [each["Value"] for each in options["Options"]] == ["New", "Follow-Up Visit", "Won", "Lost"]
    message = "Activity field should be of type independent dropdown"
    assert ask("mx_Custom_1") == failure("MXInvalidInputException", message)
    assert ask("mx_Nope") == failure("MXInvalidInputException", "Invalid Input! Parameter Name: SchemaName")
    assert ask("mx_Custom_10", 999) == failure("MXInvalidActivityException", "Event Code is invalid or empty")


def test_an_activity_s_details_have_its_values(api: Api) -> None:
    """GetActivityDetails gives the type's fields with this activity's values, note, status and owner."""
    activity_id = api.post(CREATE, visit(ActivityNote="Sofas")).body["Message"]["Id"]

    reply = api.get(DETAILS, activityId=activity_id.upper())

    assert (reply.body["ID"], reply.body["Name"], reply.body["DisplayName"]) == (
        activity_id,
        "Store visit",
        "Store visit",
    )
    values = {each["SchemaName"]: each["Value"] for each in reply.body["Fields"]}
    assert values["mx_Custom_1"] == "Indiranagar"
    assert values["mx_Custom_2"] == ""
    assert (values["ActivityEvent_Note"], values["Status"]) == ("Sofas", "Active")
    assert values["Owner"] == demo_users()[0].id


def test_an_unknown_activity_does_not_exist(api: Api) -> None:
    """An id that no activity has is refused with the live text; a missing one is called mandatory."""
    for asked in (FIRST_LEAD.id, "12345"):
        reply = api.get(DETAILS, activityId=asked)
        expected = failure("MXUnknownProspectActivityException", "Activity does not exist.")
        assert (reply.status, reply.body) == (500, expected)
    assert api.get(DETAILS).body["ExceptionType"] == "MXMandatoryAttributeMissingException"


def test_users_are_listed_with_their_status(api: Api) -> None:
    """Users.Get lists every user; StatusCode is 0 for active ones and 1 for inactive ones."""
    reply = api.get("/v2/UserManagement.svc/Users.Get")

    shown = [(each["ID"], each["EmailAddress"], each["Role"], each["StatusCode"]) for each in reply.body]
    assert shown == [(each.id, each.email, each.role, int(not each.active)) for each in demo_seed().users]
    assert [each["StatusCode"] for each in reply.body] == [0, 0, 0, 0, 0, 1]


def test_the_keys_tell_user_and_account(start: Start) -> None:
    """UserByAccessKey.Get gives the key's user, the account's zone and country code, and this host."""
    api = start(SandboxSettings(time_zone="Europe/Berlin", country_code="49", org_code="ACME"))

    body = api.get("/v2/Authentication.svc/UserByAccessKey.Get").body

    user = demo_users()[0]
    assert (body["EmailAddress"], body["FirstName"], body["Role"]) == (user.email, user.first_name, "Administrator")
    assert (body["OrgShortCode"], body["TimeZone"], body["DefaultCountryCode"]) == ("ACME", "Europe/Berlin", "49")
    assert body["LSQCommonServiceURLs"]["api"] == api.server.url.removeprefix("http://")
