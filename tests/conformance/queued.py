"""What is relied on when activities go through the account's queue."""

import time

from importer.leadsquared.calls import Ending
from importer.leadsquared.queue import StillQueued, length_of, metrics_call, state_of, status_call
from importer.leadsquared.replies import parsed, request_id_of
from importer.leadsquared.routes import ROUTES, RouteName
from importer.records import Receipt

from .account import Account
from .expectation import NotApplicable, expects

ROUTE = ROUTES[RouteName.LEAD_AND_ACTIVITY_ASYNC]
PATIENCE = 120.0
"""Seconds after which a request should be done."""


@expects(
    "A call into the queue is accepted with a RequestID; the status call tells of its success and the activity's id.",
    source="page 001; FACTS 2.5 (the address of the status call is inferred)",
    code="leadsquared/queue.py",
    rows=1,
    point="9.7",
)
def queued_request(account: Account) -> str:
    """Where `Message` stands."""
    if not account.has_queue or not account.email:
        raise NotApplicable
    details = [
        {"Attribute": "EmailAddress", "Value": account.email},
        {"Attribute": "SearchBy", "Value": "EmailAddress"},
    ]
    body = {"LeadDetails": details, "Activity": account.row(account.mark("queued"), "")}
    told = account.queue(body, ROUTE.path)
    request_id = request_id_of(told.value)
    assert request_id, told.said
    until = time.monotonic() + PATIENCE
    state, ending = _state(account, request_id)
    while isinstance(state, StillQueued) and time.monotonic() < until:
        time.sleep(5.0)
        state, ending = _state(account, request_id)
    assert isinstance(state, Receipt), state
    assert state.created, state.message
    assert len(account.noted(account.mark("queued"))) == 1
    task = parsed(getattr(ending, "body", b""))["TaskStatus"]
    return "Message in TaskStatus" if task.get("Message") else "Message beside TaskStatus"


def _state(account: Account, request_id: str) -> tuple[object, Ending]:
    ending = account.send(status_call(ROUTE, request_id))
    return state_of(ending), ending


@expects(
    "The queue tells how many requests wait and how long the oldest has waited.",
    source="page get-create-lead-and-activity-metrics",
    code="leadsquared/queue.py",
    point="9.7",
)
def queue_metrics(account: Account) -> str:
    """Shown while waiting; without it nothing is missed but the sight."""
    if not account.has_queue:
        raise NotApplicable
    assert length_of(account.send(metrics_call(ROUTE))) is not None
    return ""
