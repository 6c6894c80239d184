"""What the stand-in tells of its account, over HTTP."""

from collections.abc import Iterator

import pytest

from importer.leadsquared.account.activity_types import ActivityTypeUnknown, activity_type, activity_types
from importer.leadsquared.client import ApiClient
from importer.leadsquared.conversations import held
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
