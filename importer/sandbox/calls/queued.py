"""The async calls: accept now, carry out later, tell how it went (pages 001 and async-api)."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta

from importer.sandbox.calls.create import create
from importer.sandbox.calls.create_custom import create_custom
from importer.sandbox.errors import ApiError, InvalidInputError
from importer.sandbox.guids import new_guid
from importer.sandbox.moments import stored
from importer.sandbox.store.queue import QueuedRequest
from importer.sandbox.tenant import Tenant
from importer.sandbox.wire import Answer, Call, Json, as_object, read_json

CREATE_PATH = "/activity/create"
CREATE_CUSTOM_PATH = "/activity/createcustom"

_WORK: dict[str, Callable[[Tenant, Call], Answer]] = {CREATE_PATH: create, CREATE_CUSTOM_PATH: create_custom}
_TASK_TYPES = {CREATE_PATH: "Activity Create", CREATE_CUSTOM_PATH: "Activity Create Custom"}
# The status page of the first names FAILURE and ERROR, that of the second Error.
_FAILED = {CREATE_PATH: "ERROR", CREATE_CUSTOM_PATH: "Error"}


def accept(tenant: Tenant, call: Call) -> Answer:
    """Put a request into the queue; whether it can be carried out is not looked at (page 001)."""
    as_object(call.body)
    request_id = new_guid()
    due = stored(tenant.clock.now() + timedelta(seconds=tenant.settings.async_delay))
    tenant.store.queue.add(request_id, call.path, json.dumps(call.body, ensure_ascii=False), tenant.now(), due)
    # The blank before the id is the page's.
    accepted = "Request accepted. Please use below request id to check the status"
    return Answer({"Status": accepted, "RequestID": f" {request_id}"})


def carry_out_due(tenant: Tenant) -> None:
    """Do what is due by now, each request in a transaction of its own."""
    for request in tenant.store.queue.due(tenant.now()):
        call = Call("POST", request.path, body=read_json(request.body.encode()))
        try:
            with tenant.store.database.transaction():
                answer = json.dumps(_WORK[request.path](tenant, call).body)
                tenant.store.queue.settle(request.id, tenant.now(), answer, None)
        except ApiError as refused:
            tenant.store.queue.settle(request.id, tenant.now(), None, f"{refused.exception_type}: {refused.message}")


def status(tenant: Tenant, call: Call) -> Answer:
    """How a request stands, `?RequestID=` (pages post-an-activity-on-a-lead-status-api, create-lead-and-activity-…)."""
    path = call.path.removesuffix("/status")
    request = tenant.store.queue.get(call.query.get("requestid", "").strip().lower(), path)
    if request is None:
        raise InvalidInputError("RequestID")
    return Answer({"RequestId": request.id, "TaskStatus": _task(request)})


def metrics(tenant: Tenant, call: Call) -> Answer:
    """How long the queue is (page get-create-lead-and-activity-metrics); the small r is the page's."""
    path = call.path.removesuffix("/metrics")
    waiting = tenant.store.queue.waiting(path)
    delay = 0
    if waiting:
        received = datetime.fromisoformat(waiting[0].received_at + "+00:00")
        delay = max(0, int((tenant.clock.now() - received).total_seconds()))
    return Answer(
        {
            "PendingMessages": len(waiting),
            "MaxDelayInSeconds": delay,
            "ProcessingratePerMinute": float(tenant.store.queue.done_since(path, tenant.ago(60))),
        }
    )


def _task(request: QueuedRequest) -> Json:
    waiting = request.done_at is None
    if waiting:
        outcome, reason = "In-Queue", "Request is in queue"
    elif request.failure is not None:
        outcome, reason = _FAILED[request.path], request.failure
    else:
        outcome, reason = "Success", "Request was successfully completed"
    return {
        "TaskType": _TASK_TYPES[request.path],
        "Status": outcome,
        "StatusReason": reason,
        "TaskCurrentStep": "In-Process-Queue" if waiting else None,
        "TaskLastStep": None if waiting else "In-Process-Queue",
        "RequestBody": request.body,
        "Message": json.loads(request.answer) if request.answer else None,
    }
