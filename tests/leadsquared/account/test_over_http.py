"""What the stand-in tells of its account, over HTTP."""

from collections.abc import Iterator

import pytest

from importer.leadsquared.account.activity_types import ActivityTypeUnknown, activity_type, activity_types
from importer.leadsquared.account.leads import lead_by_email, lead_fields, leads_by_ids
from importer.leadsquared.account.users import key_user, users
from importer.leadsquared.account.values import field_named
from importer.leadsquared.client import ApiClient
from importer.leadsquared.conversations import held
from importer.sandbox.seeds import deleted_leads, demo_leads, demo_users
from importer.sandbox.server import SandboxServer
from importer.sandbox.settings import SandboxSettings
from importer.settings import Secret


@pytest.fixture(scope="module")
def client() -> Iterator[ApiClient]:
    """A client of the demonstration account."""
    settings = SandboxSettings(rate=None)
    with SandboxServer(settings) as server:
        client = ApiClient(f"{server.url}/v2", Secret(settings.access_key), Secret(settings.secret_key), 5.0)
        yield client
        client.close()


def test_a_type_is_read(client: ApiClient) -> None:
    """Names, types, options and lengths of an activity type come through."""
    found = held(activity_type(201), client.send)
    assert found.name == "Store visit"
    stage, key = found.field("mx_Custom_10"), found.field("mx_Custom_15")
    assert stage is not None
    assert (stage.display_name, stage.dropdown, stage.options) == (
        "Stage",
        True,
        ("New", "Follow-Up Visit", "Won", "Lost"),
    )
    assert key is not None
    assert (key.data_type, key.mandatory, key.dropdown, key.max_length) == ("String", False, False, 200)


def test_an_unknown_type_is_told_with_those_that_there_are(client: ApiClient) -> None:
    """An unknown code is recognised."""
    with pytest.raises(ActivityTypeUnknown) as error:
        held(activity_type(999), client.send)
    assert [each.code for each in error.value.known] == [201, 202, 203, 204]
    assert held(activity_types(), client.send) == error.value.known


def test_users_and_the_owner_of_the_keys_are_read(client: ApiClient) -> None:
    """Six users, the last one inactive, and the first one's keys."""
    found, mine = held(users(), client.send), held(key_user(), client.send)
    assert [(user.id, user.email, user.active) for user in found] == [
        (user.id, user.email, user.active) for user in demo_users()
    ]
    assert (mine.user, mine.time_zone, mine.country_code, mine.org) == (found[0], "Asia/Kolkata", "91", "SANDBOX")


def test_leads_are_looked_up(client: ApiClient) -> None:
    """By ids and by e-mail address."""
    lead = demo_leads(1)[0]
    assert list(held(leads_by_ids([lead.id, *deleted_leads()]), client.send)) == [lead.id]
    by_email = held(lead_by_email(lead.email.upper()), client.send)
    assert by_email is not None
    assert by_email["ProspectID"] == lead.id
    assert held(lead_by_email("nobody@example.com"), client.send) is None


def test_fields_of_leads_are_read(client: ApiClient) -> None:
    """With their options."""
    source = field_named(held(lead_fields(), client.send), "Source")
    assert source is not None
    assert source.options == ("Website", "Referral", "Walk-in", "Campaign")
