"""Activity types as accounts tell them, in all the shapes that were seen."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.leadsquared.account.activity_types import (
    LIST,
    SETTING,
    ActivityTypeUnknown,
    activity_type,
    activity_types,
)
from importer.leadsquared.account.asking import AccountUnreadable, KeysRefused
from importer.leadsquared.account.values import ActivityField, ActivityType, TypeName
from importer.leadsquared.calls import Silence
from importer.leadsquared.conversations import held

from ..answers import TOO_FAST, answer, error
from .told import REFUSED_KEYS, Told, refused

OPTION_SET = (
    '[{"IsDefault":true,"Text":"","Value":"Weight Gain","Order":0,"CanEdit":1,"CanDelete":1,"IsLastOption":0},'
    '{"Value":"Other"}]'
)


def setting(*fields: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The answer of GetActivitySetting (page get-details-of-activity-type)."""
    return {"ID": "201", "Name": "visit", "DisplayName": "Store visit", "Fields": list(fields), **more}


PAGE_FIELD = {
    "SchemaName": "mx_Custom_1",
    "DisplayName": "Custom 1",
    "Value": None,
    "DataType": "String",
    "IsMandatory": True,
    "ShowInForm": True,
    "Sequence": 1,
    "OptionSet": "",
}
"""The page's own example."""

TYPES = [
    {"ActivityEvent": "202", "ActivityEventName": "call", "DisplayName": "Phone call"},
    {"ActivityEvent": 201, "ActivityEventName": "Store visit"},
    {"ActivityEvent": None},
    "nonsense",
]
UNKNOWN = refused("MXInvalidActivityException", "Event Code is invalid or empty")


def test_the_example_of_the_page_is_understood() -> None:
    """One type is asked for by its code, and its fields are read as the page shows them."""
    account = Told({SETTING: setting(PAGE_FIELD)})
    found = held(activity_type(201), account)
    assert found == ActivityType(
        201, "Store visit", (ActivityField("mx_Custom_1", "Custom 1", "String", mandatory=True),)
    )
    (call,) = account.calls
    assert (call.method, call.path, call.query, call.body) == ("GET", SETTING, (("code", "201"),), None)


@pytest.mark.parametrize(
    ("member", "given", "attribute", "read"),
    [
        ("OptionSet", OPTION_SET, "options", ("Weight Gain", "Other")),
        ("OptionSet", json.loads(OPTION_SET), "options", ("Weight Gain", "Other")),
        ("OptionSet", '[{"Value":"","Text":"A"},{"Value":"A"},{"Value":7},3]', "options", ("A",)),
        ("OptionSet", None, "options", ()),
        ("OptionSet", "[broken", "options", ()),
        ("OptionSet", '{"Value":"A"}', "options", ()),
        ("IsMandatory", "true", "mandatory", True),
        ("IsMandatory", 1, "mandatory", True),
        ("IsMandatory", "0", "mandatory", False),
        ("IsMandatory", None, "mandatory", False),
        ("MaxFieldLength", 200, "max_length", 200),
        ("MaxFieldLength", "200", "max_length", 200),
        ("MaxFieldLength", 0, "max_length", None),
        ("MaxFieldLength", "none", "max_length", None),
        ("MaxFieldLength", -1, "max_length", None),
        ("IsMultiSelectDropdown", True, "several", True),
        ("DisplayName", None, "display_name", "mx_Custom_1"),
        ("DataType", None, "data_type", ""),
    ],
)
def test_a_field_is_read_in_every_shape(member: str, given: Any, attribute: str, read: Any) -> None:
    """Options come as a JSON text or a list, flags and numbers as themselves or as texts; nonsense is none."""
    found = held(activity_type(201), Told({SETTING: setting(PAGE_FIELD | {member: given})}))
    assert getattr(found.fields[0], attribute) == read


@pytest.mark.parametrize(
    "first",
    [UNKNOWN, answer(200, error("MXInvalidActivityException", "x")), refused("MXInvalidInputException", "x"), b"null"],
    ids=["500", "200", "another type", "null"],
)
def test_a_code_that_is_not_in_the_list_of_types_is_unknown(first: Any) -> None:
    """However the account refuses an unknown code, the list of its types decides, and is named."""
    words = r"no activity type 999.*201 \(Store visit\), 202 \(Phone call\)"
    with pytest.raises(ActivityTypeUnknown, match=words) as refused:
        held(activity_type(999), Told({SETTING: first, LIST: TYPES}))
    assert "mapping" not in str(refused.value), "who drafts one has none yet"


def test_a_code_is_unknown_even_if_the_list_of_types_is_not_told() -> None:
    """Without the list, the error that unknown codes were seen to bring is enough; another one is not."""
    with pytest.raises(ActivityTypeUnknown):
        held(activity_type(999), Told({SETTING: UNKNOWN}))
    with pytest.raises(AccountUnreadable, match="no rights"):
        held(activity_type(999), Told({SETTING: refused("MXUnAuthorizedAccessException", "no rights")}))


def test_a_type_that_exists_and_can_t_be_read_is_not_called_unknown() -> None:
    """A refusal for a code that stands in the list is told as the refusal that it is."""
    with pytest.raises(AccountUnreadable, match="no rights"):
        held(activity_type(201), Told({SETTING: refused("MXUnAuthorizedAccessException", "no rights"), LIST: TYPES}))
    with pytest.raises(AccountUnreadable, match="lists no fields"):
        held(activity_type(201), Told({SETTING: {"ID": "201"}, LIST: TYPES}))


def test_refused_keys_are_told_as_such() -> None:
    """401 is about the keys, and ends the talk with exit code 5."""
    with pytest.raises(KeysRefused, match="LSQ_SECRET_KEY") as refusal:
        held(activity_type(201), Told({SETTING: REFUSED_KEYS}))
    assert refusal.value.exit_code == 5


def test_the_host_that_a_refusal_names_is_handed_on() -> None:
    """Keys of another region bring 401 and the name of the right host (pages portal-api and user-authentication)."""
    wrong = refused("MXInvalidAccessDetailsException", "Please use api-us11.leadsquared.com for this account.", 401)
    with pytest.raises(KeysRefused, match=r"set LSQ_HOST=api-us11\.leadsquared\.com") as refusal:
        held(activity_type(201), Told({SETTING: wrong}))
    assert refusal.value.right_host == "api-us11.leadsquared.com"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (Silence("the host name is not known", sent=False), "host name is not known"),
        (answer(502, b"<html>"), "HTTP 502"),
        (answer(200, b"<html>login</html>"), "no JSON"),
        (answer(200, {"Status": "Failed", "Message": {"Message": "down"}}), "down"),
        (answer(500, error("NullReferenceException", "There was an error processing the request.")), "was an error"),
        (answer(403, error("MXAPIRateLimitExceededException", TOO_FAST)), "exceeded the limit of 10"),
        (answer(429, b""), "HTTP 429"),
    ],
)
def test_what_is_no_answer_is_told_in_plain_words(given: Any, words: str) -> None:
    """Silence, pages of proxies, errors without an MX type and refusals for going too fast are no metadata."""
    with pytest.raises(AccountUnreadable, match=words):
        held(activity_type(201), Told({SETTING: given}))


def test_types_are_listed_by_code() -> None:
    """Codes come as texts and as numbers; entries without one are left out."""
    assert held(activity_types(), Told({LIST: TYPES})) == (TypeName(201, "Store visit"), TypeName(202, "Phone call"))
    with pytest.raises(AccountUnreadable, match="not a list"):
        held(activity_types(), Told({LIST: {"RecordCount": 0}}))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["Fields", "SchemaName", "OptionSet", "Value", "DisplayName", "ActivityEvent", "DataType"]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@given(JSON, JSON)
def test_no_answer_does_harm(first: Any, second: Any) -> None:
    """Whatever JSON comes, it is a type, or an error of ours."""
    told = Told({SETTING: answer(200, first), LIST: answer(200, second)})
    try:
        found = held(activity_type(201), told)
    except (AccountUnreadable, ActivityTypeUnknown):
        return
    assert all(field.schema_name for field in found.fields)
