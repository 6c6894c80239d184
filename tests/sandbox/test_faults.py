"""The seam around the moment in which a call takes effect."""

from dataclasses import replace

from starlette.responses import PlainTextResponse, Response

from importer.sandbox.faults import NoFaults
from importer.sandbox.wire import Answer, Call

from .calling import BY_LEAD_ID, CREATE, TYPES, Start, visit


class FailsAfter(NoFaults):
    """Stores the first `rows` rows of a bulk call and then answers 502."""

    def __init__(self, rows: int) -> None:
        self.rows = rows

    async def before_commit(self, call: Call) -> Call | Response:
        """Keep some rows."""
        return replace(call, body=call.rows[: self.rows]) if isinstance(call.body, list) else call

    def instead_of_answer(self, call: Call, answer: Answer) -> Response | None:  # noqa: ARG002 the protocol's shape
        """A proxy's answer."""
        return PlainTextResponse("Bad Gateway", 502) if isinstance(call.body, list) else None


class Refuses(NoFaults):
    """Answers 503 before anything is stored."""

    async def before_commit(self, call: Call) -> Call | Response:  # noqa: ARG002 the protocol's shape
        """Nothing is carried out."""
        return PlainTextResponse("Service Unavailable", 503)


class Watches(NoFaults):
    """Notes what it was asked, and how much was stored at that moment."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str, int]] = []

    async def before_commit(self, call: Call) -> Call | Response:
        """Before."""
        self.seen.append(("before", call.path, 0))
        return call

    async def after_commit(self, call: Call, answer: Answer) -> None:
        """After."""
        self.seen.append(("after", call.path, answer.created))

    def instead_of_answer(self, call: Call, answer: Answer) -> Response | None:
        """Answer."""
        self.seen.append(("answer", call.path, answer.status))
        return None


def test_a_part_of_the_rows_can_be_stored_before_a_failure(start: Start) -> None:
    """A schedule can keep the first rows of a call and answer 502, so that the caller can't know which."""
    api = start(faults=FailsAfter(2))

    reply = api.post(BY_LEAD_ID, [visit(ActivityNote=note) for note in "abcd"])

    assert (reply.status, reply.body) == (502, "Bad Gateway")
    assert [each.note for each in api.server.store.activities.all()] == ["a", "b"]
    assert api.post(CREATE, visit()).status == 200


def test_a_call_can_be_answered_with_nothing_stored(start: Start) -> None:
    """A schedule can answer before the commit; the call is logged with that status and stores nothing."""
    api = start(faults=Refuses())

    assert api.post(CREATE, visit()).status == 503
    assert api.server.store.activities.all() == []
    assert [call.status for call in api.server.store.calls.all()] == [503]


def test_a_schedule_is_asked_in_order_and_only_about_calls_that_pass(start: Start) -> None:
    """It is asked before, after and about the answer, and never about keys, paths, methods or unreadable bodies."""
    watches = Watches()
    api = start(faults=watches)

    api.send("GET", TYPES, headers={})
    api.get("/v2/nothing")
    api.get(CREATE)
    api.send("POST", CREATE, data=b"{", headers={**api.keys, "Content-Type": "application/json"})
    api.post(CREATE, visit())
    api.post(CREATE, visit("x"))

    assert watches.seen == [
        ("before", CREATE, 0),
        ("after", CREATE, 1),
        ("answer", CREATE, 200),
        ("before", CREATE, 0),
        ("after", CREATE, 0),
        ("answer", CREATE, 500),
    ]
