"""Faults that are another answer, or another body."""

import gzip
import json
import zlib
from datetime import timedelta
from email.utils import parsedate_to_datetime

import pytest
import requests

from tests.sandbox.calling import BY_LEAD_ID, CREATE, START, TYPES, Start, Time, visit

from .lines import call


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    ("option", "location"),
    [
        ("", BY_LEAD_ID),
        (" location=http://169.254.169.254/latest/meta-data", "http://169.254.169.254/latest/meta-data"),
    ],
)
def test_an_answer_can_be_a_redirect(start: Start, status: int, option: str, location: str) -> None:
    """It points anywhere, by default to the same path."""
    seen = call(start(faults=f"status bulk 1 status={status}{option}"), [visit()])

    assert (seen.status, seen.headers["location"]) == (status, location)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 408, 413, 415, 429, 500, 502, 503, 504, 522])
def test_an_answer_can_have_any_status_with_a_page(start: Start, status: int) -> None:
    """As a proxy sends it: HTML, and nothing of the API."""
    reply = start(faults=f'status status={status} message="<b> & co"').post(CREATE, visit())

    assert reply.status == status
    assert reply.headers["content-type"].startswith("text/html")
    assert "&lt;b&gt; &amp; co" in reply.body


@pytest.mark.parametrize("rule", ["no-content", "status status=204", "status status=304"])
def test_an_answer_can_have_no_content(start: Start, rule: str) -> None:
    """Some statuses have no body."""
    seen = call(start(faults=rule), [visit()])

    assert seen.status in {204, 304}
    assert seen.body == b""


@pytest.mark.parametrize("status", [429, 403, 200])
def test_a_refusal_for_the_rate_has_any_status(start: Start, status: int) -> None:
    """The words are those of the API in each of them, and the call is not carried out."""
    api = start(faults=f"rate-limit bulk 1 status={status}")

    reply = api.post(BY_LEAD_ID, [visit()])

    assert (reply.status, reply.body["ExceptionType"]) == (status, "MXAPIRateLimitExceededException")
    assert reply.body["ExceptionMessage"] == "API calls exceeded the limit of 25 in 5 second(s)"
    assert api.server.store.activities.all() == []


def test_a_refusal_for_the_rate_can_be_wordless(start: Start) -> None:
    """Then only the status tells it."""
    reply = start(faults="rate-limit words=false").post(CREATE, visit())

    assert reply.status == 429
    assert "exceeded" not in reply.body


@pytest.mark.parametrize("fault", ["rate-limit", "status status=503"])
@pytest.mark.parametrize("text", ["30", "-5", "1000000000", "soon", ""])
def test_a_refusal_can_say_when_to_come_back(start: Start, fault: str, text: str) -> None:
    """Retry-After goes out as it stands, sense or nonsense."""
    reply = start(faults=f"{fault} retry_after='{text}'").get(TYPES)

    assert reply.headers["retry-after"] == text


@pytest.mark.parametrize("seconds", [30, -30])
def test_a_refusal_can_name_a_date(start: Start, time: Time, seconds: int) -> None:
    """`date+30` is a date, reckoned from the sandbox's clock."""
    reply = start(clock=time.clock, faults=f"rate-limit retry_after=date{seconds:+}").get(TYPES)

    assert parsedate_to_datetime(reply.headers["retry-after"]) == START + timedelta(seconds=seconds)


def test_an_error_of_the_api_can_be_any(start: Start) -> None:
    """Type, text and status are the rule's."""
    reply = start(faults="mx-error type=MXInvalid message='No such thing' status=200").post(CREATE, visit())

    error = {"Status": "Error", "ExceptionType": "MXInvalid", "ExceptionMessage": "No such thing"}
    assert (reply.status, reply.body) == (200, error)


@pytest.mark.parametrize(("rule", "body"), [("failed", {}), ("failed message=Off", {"Message": "Off"})])
def test_a_call_can_just_have_failed(start: Start, rule: str, body: dict[str, str]) -> None:
    """As a live account answered when an activity type was switched off."""
    assert start(faults=rule).post(CREATE, visit()).body == {"Status": "Failed", **body}


@pytest.mark.parametrize(
    ("fault", "body"),
    [
        ("body-empty", b""),
        ("body-null", b"null"),
        ("body-list", b"[]"),
        ("body-object", b"{}"),
        ("body-ok", b'"ok"'),
        ("body-text", b"Activities were posted."),
        ("body-deep depth=3", b"[[[]]]"),
    ],
)
@pytest.mark.parametrize(("commit", "stored"), [("before", 1), ("never", 0)])
def test_an_answer_can_have_another_body(start: Start, fault: str, body: bytes, commit: str, stored: int) -> None:
    """Status 200 and a body that is no receipt, whatever was stored."""
    api = start(faults=f"{fault} bulk 1 commit={commit}")

    seen = call(api, [visit()])

    assert (seen.status, seen.body) == (200, body)
    assert len(api.server.store.activities.all()) == stored


def test_an_answer_can_be_a_sign_in_page(start: Start) -> None:
    """As captive portals send it: status 200, HTML."""
    reply = start(faults="body-html").post(CREATE, visit())

    assert reply.status == 200
    assert "sign in" in reply.body


def test_an_answer_can_be_deep(start: Start) -> None:
    """By default too deep for JSON readers that recurse."""
    seen = call(start(faults="body-deep"), [visit()])

    with pytest.raises(RecursionError):
        json.loads(seen.body)


@pytest.mark.parametrize("megabytes", [1, 2, 3])
def test_an_answer_can_be_huge(start: Start, megabytes: int) -> None:
    """It is JSON, and as long as it says."""
    seen = call(start(faults=f"body-huge megabytes={megabytes}"), [visit()])

    assert seen.headers["content-length"] == str(megabytes * 1_000_000)
    assert len(seen.body) == megabytes * 1_000_000
    assert json.loads(seen.body) == []


def test_a_client_may_leave_a_huge_answer(start: Start) -> None:
    """The sandbox goes on with the next call."""
    api = start(faults="body-huge bulk 1 megabytes=1000")
    with requests.post(api.server.url + BY_LEAD_ID, json=[visit()], headers=api.keys, stream=True, timeout=5) as answer:
        assert len(answer.raw.read(1000)) == 1000

    assert api.post(BY_LEAD_ID, [visit()]).status == 200


def test_an_answer_can_be_a_bomb(start: Start) -> None:
    """A thousandth of it travels."""
    api = start(faults="gzip-bomb megabytes=5")
    with requests.post(api.server.url + BY_LEAD_ID, json=[visit()], headers=api.keys, stream=True, timeout=5) as answer:
        packed = answer.raw.read()

    assert answer.headers["content-encoding"] == "gzip"
    assert len(packed) < 20_000
    assert len(gzip.decompress(packed)) == 5_000_000


def test_an_answer_can_be_packed_badly(start: Start) -> None:
    """What says it is gzip breaks half-way."""
    api = start(faults="gzip-bad bulk 1")

    with pytest.raises(requests.exceptions.ContentDecodingError):
        api.post(BY_LEAD_ID, [visit()])

    assert len(api.server.store.activities.all()) == 1


def test_an_answer_can_begin_with_a_mark(start: Start) -> None:
    """The receipt is right behind it."""
    seen = call(start(faults="body-bom bulk"), [visit()])

    assert seen.body.startswith(b"\xef\xbb\xbf")
    assert json.loads(seen.body.decode("utf-8-sig"))["Response"][0]["ActivityCreated"] is True


def test_an_answer_can_be_latin_1(start: Start) -> None:
    """It is no UTF-8."""
    seen = call(start(faults="body-latin-1 bulk"), [visit()])

    with pytest.raises(UnicodeDecodeError):
        seen.body.decode()
    assert json.loads(seen.body.decode("latin-1"))["Note"] == "café"


def test_an_answer_can_have_a_nan(start: Start) -> None:
    """Python's reader takes it, and most others don't."""
    assert b'"Took":NaN' in call(start(faults="body-nan bulk"), [visit()]).body


@pytest.mark.parametrize(("path", "body"), [(BY_LEAD_ID, [visit()]), (CREATE, visit()), (CREATE, visit("x"))])
def test_an_answer_can_say_a_thing_twice(start: Start, path: str, body: object) -> None:
    """The first key of the answer, whatever the call, stands twice with different values."""
    seen = call(start(faults="body-double-keys"), body, path)

    pairs: list[list[tuple[str, object]]] = []
    json.loads(seen.body, object_pairs_hook=pairs.append)
    (first, nothing), (second, _), *_ = pairs[-1]
    assert first == second
    assert nothing is None


@pytest.mark.parametrize("fault", ["body-bom", "body-latin-1", "body-nan", "body-double-keys", "drip seconds=0.00001"])
@pytest.mark.parametrize("commit", ["never", "late:60", "after"])
def test_a_right_answer_names_no_row_that_is_not_stored(start: Start, time: Time, fault: str, commit: str) -> None:
    """An importer that believes a right answer must never be wrong."""
    api = start(clock=time.clock, faults=f"{fault} bulk 1 commit={commit}")

    assert b"ActivityCreated" not in call(api, [visit()]).body


def test_spoiled_answers_may_name_rows_that_are_not_stored(start: Start) -> None:
    """They prove nothing, so they may look as ever."""
    api = start(faults="gzip-bad bulk 1 commit=never")

    seen = call(api, [visit()])

    with pytest.raises((zlib.error, OSError, EOFError)):
        gzip.decompress(seen.body)
    assert api.server.store.activities.all() == []
