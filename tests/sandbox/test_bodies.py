"""What can't be read, and what isn't there."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from importer.sandbox.routes import ROUTES

from .calling import BY_LEAD_ID, CREATE, FIRST_LEAD, TYPES, Api, visit

JSON_TYPE = "application/json"


def send(api: Api, path: str, raw: bytes, content_type: str = JSON_TYPE) -> tuple[int, str]:
    """Send bytes; gives the status and the ExceptionType."""
    reply = api.send("POST", path, data=raw, headers={**api.keys, "Content-Type": content_type})
    return reply.status, reply.body.get("ExceptionType", "")


@pytest.mark.parametrize(
    "raw",
    [
        b"{",
        b"text",
        b'{"ActivityEvent": NaN}',
        b'{"ActivityNote": "\xff"}',
        json.dumps(visit()).encode("utf-16"),
        "é".encode("latin-1"),
        b'{"ActivityNote": "\\ud800"}',
        b"[" * 100_000,
        b"1" * 5_000,
        b"[]",
        b'"text"',
        b"7",
    ],
)
def test_a_body_that_is_no_json_object_in_utf_8_is_400(api: Api, raw: bytes) -> None:
    """Broken JSON, another encoding, a lone surrogate, bottomless nesting or another shape is a bad request."""
    assert send(api, CREATE, raw) == (400, "JsonReaderException")
    assert api.server.store.activities.all() == []


def test_a_byte_order_mark_does_not_matter(api: Api) -> None:
    """UTF-8 with its mark is UTF-8."""
    assert send(api, CREATE, json.dumps(visit()).encode("utf-8-sig"))[0] == 200


def test_the_content_type_must_be_json(api: Api) -> None:
    """application/json is needed, with any charset or none, as the pages say."""
    raw = json.dumps(visit()).encode()

    types = (JSON_TYPE, f"{JSON_TYPE}; charset=utf-8", "Application/JSON", "text/plain", "")
    assert [send(api, CREATE, raw, each)[0] for each in types] == [200, 200, 200, 400, 400]


def test_the_bulk_call_wants_an_array(api: Api) -> None:
    """A bulk call whose body is one object is a bad request."""
    assert send(api, BY_LEAD_ID, json.dumps(visit()).encode()) == (400, "JsonReaderException")


def test_an_unknown_path_is_404(api: Api) -> None:
    """Paths are compared exactly; what isn't one gets 404 and no JSON."""
    for path in ("/v2", "/ProspectActivity.svc/Create", f"{CREATE}/", CREATE.lower(), "/activity/other", "/sandbox"):
        reply = api.get(path)
        assert (reply.status, "Endpoint not found." in reply.body) == (404, True), path


def test_the_wrong_method_is_405(api: Api) -> None:
    """A known path with another method gets 405, which names the right one."""
    for method, path, right in (
        ("GET", CREATE, "POST"),
        ("POST", TYPES, "GET"),
        ("PUT", CREATE, "POST"),
        ("DELETE", BY_LEAD_ID, "POST"),
        ("PATCH", TYPES, "GET"),
    ):
        reply = api.send(method, path)
        assert (reply.status, reply.headers["allow"]) == (405, right), (method, path)


def test_every_answer_has_a_date(api: Api) -> None:
    """The server's time is in the header Date, of refusals too."""
    for path in (TYPES, "/v2/nothing"):
        assert api.get(path).headers["date"].endswith(" GMT")


def test_each_call_is_logged_without_its_query(api: Api) -> None:
    """The log has method, path and status of every call, good or bad, and no query."""
    api.get(TYPES, secret="x")
    api.get("/v2/nothing", secret="x")
    send(api, CREATE, b"{")

    logged = [(call.method, call.path, call.status) for call in api.server.store.calls.all()]
    assert logged == [("GET", TYPES, 200), ("GET", "/v2/nothing", 404), ("POST", CREATE, 400)]
    assert api.server.store.calls.counts().failed == 2


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
    | st.sampled_from(
        [FIRST_LEAD.id, FIRST_LEAD.email, "201", 201, "mx_Custom_1", "EmailAddress", "2026-01-31 09:15:00"]
    )
)
NAMES = (
    "RelatedProspectId", "EmailAddress", "ActivityEvent", "ActivityNote", "ActivityDateTime", "ActivityOwnerEmail",
    "Fields", "SchemaName", "Attribute", "Value", "SearchBy", "SearchByValue", "LeadDetails", "Activity",
    "Parameter", "Paging", "Sorting", "Columns", "PageIndex", "PageSize", "Offset", "RowCount", "FromDate",
    "ToDate", "LookupName", "LookupValue", "SqlOperator", "SearchParameters", "LeadIds", "Include_CSV",
)  # fmt: skip
BODIES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=5),
    max_leaves=12,
)


@pytest.fixture(scope="module")
def posts(_shared: Api) -> Iterator[Api]:
    """The shared sandbox, for many calls in one test."""
    yield _shared
    _shared.send("POST", "/sandbox/reset")


@settings(max_examples=70, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(body=BODIES)
def test_no_body_breaks_a_call(posts: Api, body: Any) -> None:
    """Whatever JSON is posted to whichever call, the answer is the API's own: 200, 400, or 500 with a type."""
    for path, route in ROUTES.items():
        if route.method == "POST":
            reply = posts.send(
                "POST",
                path,
                json=body,
                params={"leadId": FIRST_LEAD.id, "searchBy": "EmailAddress"},
                headers={**posts.keys, "x-api-key": posts.settings.api_key},
            )
            assert reply.status in {200, 400, 500}
            assert reply.status == 200 or reply.body["ExceptionType"], (path, body)
