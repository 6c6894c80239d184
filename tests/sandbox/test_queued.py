"""The async calls."""

import json

import pytest

from importer.sandbox.settings import Rate, SandboxSettings

from .calling import FIRST_LEAD, Api, Start, Time, visit

CREATE = "/activity/create"
CREATE_CUSTOM = "/activity/createcustom"


@pytest.fixture
def slow(start: Start, time: Time) -> Api:
    """A sandbox that takes 30 seconds for an async request."""
    return start(SandboxSettings(async_delay=30), clock=time.clock)


def lead_and(activity: dict[str, object]) -> dict[str, object]:
    """A body of createcustom on the first lead."""
    details = [
        {"Attribute": "EmailAddress", "Value": FIRST_LEAD.email},
        {"Attribute": "SearchBy", "Value": "EmailAddress"},
    ]
    return {"LeadDetails": details, "Activity": activity}


@pytest.mark.parametrize(
    ("path", "body", "task"),
    [(CREATE, visit(), "Activity Create"), (CREATE_CUSTOM, lead_and(visit()), "Activity Create Custom")],
)
def test_a_request_waits_and_then_succeeds(
    slow: Api, time: Time, path: str, body: dict[str, object], task: str
) -> None:
    """A request is In-Queue until its delay is over, and then Success with the sync call's answer inside the task."""
    request_id = slow.post_async(path, body).body["RequestID"].strip()

    waiting = slow.get_async(f"{path}/status", RequestID=request_id)
    time.forward(29)
    assert slow.server.store.activities.all() == []
    still_waiting = slow.get_async(f"{path}/status", RequestID=request_id)
    time.forward(1)
    done = slow.get_async(f"{path}/status", RequestID=f" {request_id.upper()} ")

    assert waiting.body["RequestId"] == request_id
    assert waiting.body["TaskStatus"]["Status"] == still_waiting.body["TaskStatus"]["Status"] == "In-Queue"
    assert waiting.body["TaskStatus"]["Message"] is None
    (activity,) = slow.server.store.activities.all()
    assert json.loads(done.body["TaskStatus"].pop("RequestBody")) == body
    assert done.body == {
        "RequestId": request_id,
        "TaskStatus": {
            "TaskType": task,
            "Status": "Success",
            "StatusReason": "Request was successfully completed",
            "TaskCurrentStep": None,
            "TaskLastStep": "In-Process-Queue",
            "Message": {"Status": "Success", "Message": {"Id": activity.id}},
        },
    }


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        (CREATE, visit(ActivityEvent=999), "ERROR"),
        (CREATE_CUSTOM, lead_and(visit(ActivityEvent=999)), "Error"),
    ],
)
def test_a_wrong_request_is_accepted_and_fails_later(
    slow: Api, time: Time, path: str, body: dict[str, object], status: str
) -> None:
    """What is wrong with a request is told by its status only; it stores nothing and is not tried again."""
    accepted = slow.post_async(path, body)
    time.forward(31)
    task = slow.get_async(f"{path}/status", RequestID=accepted.body["RequestID"].strip()).body["TaskStatus"]

    assert accepted.status == 200
    assert (task["Status"], task["Message"]) == (status, None)
    assert task["StatusReason"] == "MXInvalidActivityException: Event Code is invalid or empty"
    assert slow.server.store.activities.all() == []
    assert slow.server.store.queue.waiting() == []


def test_requests_are_carried_out_in_their_order(slow: Api, time: Time) -> None:
    """What came first is done first."""
    for note in "abc":
        slow.post_async(CREATE, visit(ActivityNote=note))
    time.forward(30)
    slow.get_async(f"{CREATE}/metrics")

    assert [each.note for each in slow.server.store.activities.all()] == ["a", "b", "c"]


def test_metrics_tell_how_long_the_queue_is(slow: Api, time: Time) -> None:
    """Metrics count the waiting requests of their own call, the wait of the oldest, and what a minute has done."""
    slow.post_async(CREATE, visit())
    slow.post_async(CREATE_CUSTOM, lead_and(visit()))
    time.forward(12)
    slow.post_async(CREATE_CUSTOM, lead_and(visit()))
    before = slow.get_async(f"{CREATE_CUSTOM}/metrics")
    time.forward(20)
    after = slow.get_async(f"{CREATE_CUSTOM}/metrics")

    assert before.body == {"PendingMessages": 2, "MaxDelayInSeconds": 12, "ProcessingratePerMinute": 0.0}
    assert after.body == {"PendingMessages": 1, "MaxDelayInSeconds": 20, "ProcessingratePerMinute": 1.0}


def test_an_unknown_request_has_no_status(slow: Api) -> None:
    """An id that nobody was given, or that another call gave, is an invalid input."""
    request_id = slow.post_async(CREATE, visit()).body["RequestID"].strip()

    for path, asked in ((CREATE, FIRST_LEAD.id), (CREATE, ""), (CREATE_CUSTOM, request_id)):
        reply = slow.get_async(f"{path}/status", RequestID=asked)
        assert (reply.status, reply.body["ExceptionType"]) == (500, "MXInvalidInputException")


def test_posting_needs_all_three_keys(slow: Api) -> None:
    """A request without x-api-key, or with it alone, is not accepted."""
    api_key = {"x-api-key": slow.settings.api_key}
    for headers in (slow.keys, api_key, {**slow.keys, "x-api-key": "wrong"}):
        assert slow.send("POST", CREATE_CUSTOM, json=lead_and(visit()), headers=headers).status == 401
    assert slow.server.store.queue.waiting() == []


def test_status_and_metrics_need_the_api_key_only(slow: Api) -> None:
    """Status and metrics want x-api-key, and the account's keys don't replace it."""
    assert slow.get_async(f"{CREATE}/metrics").status == 200
    assert slow.get(f"{CREATE}/metrics").status == 401
    assert slow.get(f"{CREATE}/status", RequestID="x").status == 401


def test_the_queue_has_no_rate_limit(start: Start, time: Time) -> None:
    """Async calls are accepted at any load."""
    api = start(SandboxSettings(rate=Rate(1, 5), bulk_rate=Rate(1, 5)), clock=time.clock)

    assert {api.post_async(CREATE, visit()).status for _ in range(5)} == {200}
