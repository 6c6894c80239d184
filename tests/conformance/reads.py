"""What is relied on when an account is read. Nothing here creates anything."""

from importer.leadsquared.account.activity_types import LIST, SETTING, ActivityTypeUnknown, activity_type
from importer.leadsquared.account.leads import lead_by_email, lead_fields, leads_by_ids
from importer.leadsquared.account.users import KEY_USER, key_user, users
from importer.leadsquared.account.values import field_named
from importer.leadsquared.calls import Answer, Call
from importer.leadsquared.replies import rate_limit
from importer.leadsquared.routes import CallClass

from .account import NO_LEAD, SERVICE, Account, Told
from .expectation import NotApplicable, expects


@expects(
    "Keys in headers open the account; the answer names the user, the account's time zone and its host.",
    source="FACTS 1; pages authentication, user-authentication",
    code="leadsquared/client.py, leadsquared/account/users.py",
)
def keys_in_headers(account: Account) -> str:
    """Whose keys these are."""
    found = account.ask(key_user())
    assert found.user.active
    assert found.time_zone
    return "tells its host" if found.api_host else "tells no host"


@expects(
    "Wrong keys bring 401.",
    source="FACTS 4; page authentication",
    code="leadsquared/verdicts.py, leadsquared/account/asking.py",
)
def wrong_keys(account: Account) -> str:
    """The type of the error differs."""
    told = Told.of(account.other_keys(Call("GET", KEY_USER, CallClass.SINGLE)))
    assert told.status == 401
    return told.kind or "no MX type"


@expects(
    "The list of activity types has the one under test.",
    source="FACTS 2.8, live accounts",
    code="leadsquared/account/activity_types.py",
)
def types_are_listed(account: Account) -> str:
    """Codes come as texts or as numbers."""
    told = account.get(LIST)
    codes = [each["ActivityEvent"] for each in told.value if str(each.get("ActivityEvent")) == str(account.event)]
    if not codes:
        raise NotApplicable
    return f"codes are {'texts' if isinstance(codes[0], str) else 'numbers'}"


@expects(
    "A type tells its fields with SchemaName, DataType and IsMandatory.",
    source="FACTS 2.8; page get-details-of-activity-type",
    code="leadsquared/account/activity_types.py, comparing/differences.py",
)
def type_tells_its_fields(account: Account) -> str:
    """MaxFieldLength was seen on live accounts, but stands on one page only."""
    told = account.get(SETTING, code=str(account.event))
    assert told.status == 200
    assert all({"SchemaName", "DataType", "IsMandatory"} <= set(each) for each in told.value["Fields"])
    lengths = [each for each in told.value["Fields"] if each.get("MaxFieldLength")]
    return "tells lengths" if lengths else "tells no lengths"


@expects(
    "A code that no activity type has is refused, and recognised as unknown.",
    source="FACTS 4 (a fixture)",
    code="leadsquared/account/activity_types.py",
    point="9.5",
)
def unknown_type(account: Account) -> str:
    """How it is refused."""
    try:
        found = account.ask(activity_type(987_654))
    except ActivityTypeUnknown:
        return account.get(SETTING, code="987654").said
    if found.name == "987654" or found.fields:
        raise NotApplicable  # a stand-in that knows every type
    return ""


@expects(
    "Users come with id, e-mail address and whether they are active.",
    source="FACTS 2.9; page get-users",
    code="leadsquared/account/users.py, comparing/differences.py",
)
def users_are_listed(account: Account) -> str:
    """At least one is active."""
    found = account.ask(users())
    assert any(user.active and user.email and user.id for user in found)
    return ""


@expects(
    "Leads are found by their ids; an id that no lead has is missing from the answer.",
    source="FACTS 2.9; page get-leads-in-bulk-by-ids",
    code="leadsquared/account/leads.py",
)
def leads_by_their_ids(account: Account) -> str:
    """The lead under test, and one that does not exist."""
    found = account.ask(leads_by_ids([account.lead_id, NO_LEAD]))
    assert account.lead_id.lower() in found
    if NO_LEAD in found:
        raise NotApplicable  # a stand-in that knows every lead
    return ""


@expects(
    "An e-mail address that no lead has brings an empty list.",
    source="FACTS 2.9 (fixtures)",
    code="leadsquared/account/leads.py",
)
def unknown_address(account: Account) -> str:
    """And a known one brings its lead."""
    assert account.ask(lead_by_email(f"nobody-{account.token}@example.com")) is None
    if account.email:
        assert account.ask(lead_by_email(account.email)) is not None
    return ""


@expects(
    "The fields of leads are told, EmailAddress among them.",
    source="FACTS 2.9; page meta-data",
    code="leadsquared/account/leads.py, comparing/differences.py",
)
def lead_fields_are_told(account: Account) -> str:
    """By schema name."""
    assert field_named(account.ask(lead_fields()), "EmailAddress") is not None
    return ""


@expects(
    "An address that is none of the API's brings 404, which stops a run before a row is lost.",
    source="FACTS 4; page error-handling",
    code="leadsquared/verdicts.py",
)
def unknown_address_of_a_call(account: Account) -> str:
    """Not an error that looks like one of a row."""
    assert account.get(f"{SERVICE}/NoSuchCall").status == 404
    return ""


@expects(
    "A lead that does not exist has no activities, or is refused; it is never somebody else's.",
    source="FACTS 2.6",
    code="leadsquared/retrieving.py",
    point="9.5",
)
def activities_of_no_lead(account: Account) -> str:
    """Which of both."""
    body = b'{"Paging":{"Offset":"0","RowCount":"10"}}'
    told = Told.of(account.patient(Call("POST", f"{SERVICE}/Retrieve", CallClass.SINGLE, (("leadId", NO_LEAD),), body)))
    if told.status == 200 and isinstance(told.value, dict) and not told.kind:
        assert not told.value.get("ProspectActivities")
        return "an empty list"
    return told.said


@expects(
    "A call too many is refused in words that name the limit, and is not carried out.",
    source="FACTS 3; page rate-limits",
    code="leadsquared/replies.py, leadsquared/pacing.py",
    point="9.3",
)
def rate_limit_is_named(account: Account) -> str:
    """Its status differs."""
    for _ in range(account.burst):
        ending = account.send(Call("GET", KEY_USER, CallClass.SINGLE))
        if isinstance(ending, Answer) and (ending.status != 200 or b"Error" in ending.body):
            told = Told.of(ending)
            limit = rate_limit(told.value, told.body)
            assert limit is not None, told.said
            assert limit.calls
            assert limit.seconds
            return f"{told.status}, {limit.calls} in {limit.seconds} s"
    raise NotApplicable
