"""The queue of the async calls: what became of a request, and how long the queue is.

Sources: pages async-api, create-lead-and-activity-status-api and get-create-lead-and-activity-metrics. The address of
the status call is lost in all copies that were read; it is that of the metrics call with another last word (FACTS 2.5).
"""

from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from importer.codes.rows import Code
from importer.leadsquared.calls import Answer, Call, Ending
from importer.leadsquared.replies import message_of, one_line, parsed, refusal, single_receipt
from importer.leadsquared.routes.route import CallClass, Route
from importer.leadsquared.verdicts import CREDENTIALS_REFUSED, Hopeless, verdict_of
from importer.records import Receipt

_WAITING: Final = frozenset(
    ("in-queue", "inqueue", "queued", "in-process", "inprocess", "processing", "pending", "retry")
)
_FAILED: Final = frozenset(("failure", "failed", "error"))


@dataclass(frozen=True, slots=True)
class StillQueued:
    """The request waits for its turn."""


@dataclass(frozen=True, slots=True)
class NotTold:
    """The queue did not say how the request stands."""

    why: str
    missing: bool = False
    """Whether nothing stands at the address that was asked."""


@dataclass(frozen=True, slots=True)
class Unproven:
    """The queue says that the request was successful, and does not name what it has made: asking on changes little."""

    why: str


@dataclass(frozen=True, slots=True)
class Closed:
    """The queue tells nothing to whoever has these keys."""

    verdict: Hopeless


QueueState: TypeAlias = Receipt | StillQueued | NotTold | Unproven | Closed


@dataclass(frozen=True, slots=True)
class QueueLength:
    """How long the queue is."""

    pending: int
    delay: float
    """Seconds that the oldest request has waited."""


def status_call(route: Route, request_id: str) -> Call:
    """Asks what became of a request."""
    return Call("GET", f"{route.path}/status", CallClass.ASYNC, (("RequestID", request_id),))


def metrics_call(route: Route) -> Call:
    """Asks how long the queue is."""
    return Call("GET", f"{route.path}/metrics", CallClass.ASYNC)


def state_of(ending: Ending) -> QueueState:
    """How a request stands, by the answer to its status call."""
    verdict = verdict_of(ending, 1, CallClass.ASYNC)
    if isinstance(verdict, Hopeless) and verdict.code == CREDENTIALS_REFUSED:
        return Closed(verdict)
    if not isinstance(ending, Answer):
        return NotTold(ending.cause)
    value = parsed(ending.body)
    task = value.get("TaskStatus") if isinstance(value, dict) else None
    if ending.status != 200 or not isinstance(value, dict) or not isinstance(task, dict):
        words = f"HTTP {ending.status}" + (f": {message_of(value)}" if message_of(value) else "")
        return NotTold(words, missing=ending.status == 404)
    status = str(task.get("Status", "")).strip().lower()
    # The copies that were read break off before it is clear whether `Message` stands in the task or beside it.
    message = _answer_in(task.get("Message") or value.get("Message"))
    if status == "success":
        return single_receipt(message) or Unproven(
            "LeadSquared's queue says that the request was successful, but names no activity"
        )
    if status in _FAILED:
        reason = task.get("StatusReason")
        return Receipt(1, created=False, code=Code.LSQ_REJECTED, message=_reason(reason, message))
    return StillQueued() if status in _WAITING else NotTold(f'the queue says "{one_line(status)[:40]}"')


def _answer_in(message: Any) -> Any:
    """The answer that the call got when its turn came. No page shows whether it is JSON, or a text that holds JSON."""
    return parsed(message.encode(errors="replace")) if isinstance(message, str) else message


def _reason(reason: Any, message: Any) -> str:
    return one_line(reason) if isinstance(reason, str) and reason.strip() else refusal(message).message


def nowhere_to_ask(route: Route, told: NotTold) -> Hopeless:
    """The verdict on a queue that has answered every question with 404."""
    path = status_call(route, "").path
    return Hopeless(
        "queue-status-missing",
        f"LeadSquared's queue has accepted rows, but nothing at {path} tells what becomes of them ({told.why})",
        "No page says where to ask, so that address is taken from its neighbours and may be wrong: please report this. "
        "The rows are not sent again: look for them at their leads, or run `lsq-import recheck` later, which asks once "
        "more. For rows that were not sent yet, there is the route lead_and_activity.",
    )


def length_of(ending: Ending) -> QueueLength | None:
    """How long the queue is; None if the answer does not tell."""
    value = parsed(ending.body) if isinstance(ending, Answer) and ending.status == 200 else None
    if not isinstance(value, dict):
        return None
    pending, delay = value.get("PendingMessages"), value.get("MaxDelayInSeconds")
    if type(pending) is not int or not isinstance(delay, int | float):
        return None
    return QueueLength(pending, float(delay))
