"""The queue's answers: what became of a request, and how long the queue is."""

import json
from typing import Any

import pytest

from importer.codes.rows import Code
from importer.leadsquared.calls import Answer, Silence
from importer.leadsquared.queue import (
    Closed,
    NotTold,
    QueueLength,
    StillQueued,
    Unproven,
    length_of,
    metrics_call,
    state_of,
    status_call,
)
from importer.leadsquared.routes import ROUTES, CallClass, RouteName
from importer.records import Receipt

ROUTE = ROUTES[RouteName.LEAD_AND_ACTIVITY_ASYNC]
ID = "571dfc10-d3e6-4511-8d33-c7a7ad8c236c"
DONE = {"Status": "Success", "Message": {"Id": ID}}


def answer(value: Any, status: int = 200) -> Answer:
    """An answer with this JSON."""
    return Answer(status, json.dumps(value).encode())


def told(status: str, message: Any = None, reason: Any = None, **beside: Any) -> Answer:
    """A status answer in the shape of its page."""
    task = {"TaskType": "Activity Create Custom", "Status": status, "StatusReason": reason, "Message": message}
    return answer({"RequestId": ID, "TaskStatus": task} | beside)


def test_status_and_metrics_are_asked_below_the_call_itself() -> None:
    """The number goes in the query; both are calls of the queue's door."""
    call = status_call(ROUTE, ID)
    assert (call.method, call.path, call.query) == ("GET", "activity/createcustom/status", (("RequestID", ID),))
    assert (metrics_call(ROUTE).method, metrics_call(ROUTE).path) == ("GET", "activity/createcustom/metrics")
    assert {call.call_class, metrics_call(ROUTE).call_class} == {CallClass.ASYNC}


@pytest.mark.parametrize("word", ["Success", "SUCCESS", " success "])
def test_success_is_a_receipt(word: str) -> None:
    """Whether `Message` stands in the task or beside it."""
    receipt = Receipt(1, created=True, activity_id=ID)
    assert state_of(told(word, DONE)) == receipt
    assert state_of(told(word, None, Message=DONE)) == receipt
    assert state_of(told(word, json.dumps(DONE))) == receipt
    assert state_of(told(word, None, Message=json.dumps(DONE))) == receipt


@pytest.mark.parametrize(
    "message",
    [
        None,
        "created",
        ID,
        "\ud800",
        "null",
        json.dumps([DONE]),
        {},
        {"Status": "Success"},
        {"Status": "Error", "Message": {"Id": ID}},
        [DONE],
    ],
)
def test_success_without_an_activity_proves_nothing(message: Any) -> None:
    """A row is created only if its activity has an id."""
    assert isinstance(state_of(told("Success", message)), Unproven)


@pytest.mark.parametrize("word", ["FAILURE", "Failed", "ERROR", "error"])
def test_failure_is_a_refusal_with_its_reason(word: str) -> None:
    """In the queue's words, or in those of the answer that it got itself."""
    refused = {"Status": "Error", "ExceptionType": "MXInvalidInputException", "ExceptionMessage": "no such field"}
    assert state_of(told(word, None, "no\n such  lead\x1b")) == Receipt(
        1, created=False, code=Code.LSQ_REJECTED, message="no such lead\ufffd"
    )
    assert state_of(told(word, refused)) == Receipt(
        1, created=False, code=Code.LSQ_REJECTED, message="no such field (MXInvalidInputException)"
    )
    assert state_of(told(word, json.dumps(refused))) == state_of(told(word, refused))
    assert state_of(told(word)) == Receipt(
        1, created=False, code=Code.LSQ_REJECTED, message="LeadSquared gave no reason"
    )


@pytest.mark.parametrize("word", ["In-Queue", "IN-QUEUE", "InQueue", "Queued", "In-Process", "Processing", "Pending"])
def test_waiting_is_waiting_in_any_case(word: str) -> None:
    """Whatever stands beside the word."""
    assert state_of(told(word, DONE)) == StillQueued()


@pytest.mark.parametrize(
    "ending",
    [
        told("Postponed"),
        told(""),
        answer({"RequestId": ID}),
        answer({"RequestId": ID, "TaskStatus": "Success"}),
        answer([]),
        answer({"TaskStatus": {"Status": "Success", "Message": DONE}}, 500),
        answer({"Status": "Error", "ExceptionMessage": "Invalid RequestID"}, 404),
        Answer(200, b"<html>"),
        Answer(429, b""),
        Silence("the connection was reset", sent=True),
    ],
)
def test_anything_else_tells_nothing(ending: Answer | Silence) -> None:
    """Least of all that a row was not created."""
    assert isinstance(state_of(ending), NotTold)


def test_an_address_where_nothing_stands_is_known_as_such() -> None:
    """It is inferred, and may be wrong."""
    states = [state_of(answer({}, status)) for status in (404, 500)]
    assert [state.missing for state in states if isinstance(state, NotTold)] == [True, False]


@pytest.mark.parametrize("status", [401, 403])
def test_refused_keys_close_the_queue(status: int) -> None:
    """With the variable to look at; a refusal for going too fast is none of the keys."""
    state = state_of(answer({"message": "Forbidden"}, status))
    assert isinstance(state, Closed)
    assert "LSQ_API_KEY" in state.verdict.remedy
    words = {"Status": "Error", "ExceptionMessage": "API calls exceeded the limit of 25 in 5 second(s)"}
    assert isinstance(state_of(answer(words, status)), NotTold)


def test_the_length_of_the_queue() -> None:
    """As the page of the metrics shows it; anything else tells nothing."""
    shown = {"PendingMessages": 1, "MaxDelayInSeconds": 0, "ProcessingratePerMinute": 24.8}
    assert length_of(answer(shown)) == QueueLength(1, 0.0)
    odd: list[Any] = [{}, [], {"PendingMessages": "1", "MaxDelayInSeconds": 0}, {"PendingMessages": 1}, None]
    assert [length_of(answer(value)) for value in odd] == [None] * len(odd)
    assert length_of(answer(shown, 500)) is None
    assert length_of(Silence("nothing", sent=True)) is None
