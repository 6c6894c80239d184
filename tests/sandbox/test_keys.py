"""Whose call it is, and that no key is kept."""

from pathlib import Path

import pytest

from importer.sandbox.settings import SandboxSettings

from .calling import BY_LEAD_ID, CREATE, TYPES, Api, Start, failure, visit

WRONG = failure("MXInvalidAccessDetailsException", "Invalid Access Details provided.")


def test_wrong_or_missing_keys_are_refused(api: Api) -> None:
    """Without both right keys a call gets 401, does nothing and is not throttled."""
    right = api.keys
    for headers in (
        {},
        {**right, "x-LSQ-SecretKey": "wrong"},
        {**right, "x-LSQ-AccessKey": "wrong"},
        {"x-LSQ-AccessKey": right["x-LSQ-AccessKey"]},
        {"x-LSQ-AccessKey": "", "x-LSQ-SecretKey": ""},
    ):
        reply = api.send("POST", CREATE, json=visit(), headers=headers)
        assert (reply.status, reply.body) == (401, WRONG)
    assert api.server.store.activities.all() == []


def test_keys_are_taken_from_headers_or_query(api: Api) -> None:
    """Keys count in the headers and in the query; half in each doesn't."""
    access, secret = api.settings.access_key, api.settings.secret_key
    both = {"accessKey": access, "secretKey": secret}

    assert api.send("GET", TYPES, headers={}, params=both).status == 200
    assert api.send("GET", TYPES, headers={"x-LSQ-AccessKey": access}, params={"secretKey": secret}).status == 401
    assert api.send("GET", TYPES, params={"accessKey": "wrong", "secretKey": "wrong"}).status == 200


def test_calls_with_keys_in_the_url_are_counted(api: Api) -> None:
    """The log tells which calls had a key in their URL, whichever key and whatever its case."""
    api.get(TYPES)
    for name in ("accessKey", "secretkey"):
        api.send("GET", TYPES, params={name: "x"})

    assert [call.keys_in_query for call in api.server.store.calls.all()] == [False, True, True]
    assert api.server.store.calls.counts().keys_in_query == 2


def test_any_text_can_be_a_key(start: Start) -> None:
    """Keys with a dollar, an ampersand or other letters work in the query, where they are percent-encoded."""
    access, secret = "u$r0123456789abcdef&=%20", "ключ-0123456789"
    api = start(SandboxSettings(access_key=access, secret_key=secret))

    query = {"accessKey": access, "secretKey": secret}

    assert api.send("GET", TYPES, headers={}, params=query).status == 200


def test_keys_come_before_the_path(api: Api) -> None:
    """A wrong path is only told to callers with keys."""
    assert api.send("GET", "/v2/Nothing.svc/Here", headers={}).status == 401
    assert api.get("/v2/Nothing.svc/Here").status == 404


@pytest.mark.parametrize("in_query", [True, False])
def test_no_key_is_stored_or_shown(start: Start, tmp_path: Path, in_query: bool) -> None:
    """Neither the database nor page, state or settings have a key, right or wrong, sent either way."""
    database = tmp_path / "box.db"
    settings = SandboxSettings("AK-canary-1", "SK-canary-2", "XK-canary-3", database=database)
    api = start(settings)
    query = {"accessKey": "AK-canary-1", "secretKey": "SK-canary-2"} if in_query else {}
    headers = {"x-api-key": "XK-canary-3"} if in_query else {**api.keys, "x-api-key": "XK-canary-3"}
    for path, body in ((CREATE, visit()), (BY_LEAD_ID, [visit(), visit("x")]), ("/activity/create", visit())):
        assert api.send("POST", path, json=body, headers=headers, params=query).status == 200
    api.send("GET", "/nothing", headers=headers, params={**query, "secretKey": "WK-canary-4"})

    shown = api.send("GET", "/").body + str(api.send("GET", "/sandbox/state").body) + repr(settings)
    api.stop()

    stored = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"Indiranagar" in stored
    assert b"canary" not in stored
    assert "canary" not in shown
