"""When the rows of a call are stored on which a fault falls."""

import pytest

from importer.sandbox.faults.commits import Commit
from importer.sandbox.faults.errors import CommitError
from tests.sandbox.calling import BY_LEAD_ID, CREATE, Api, Start, visit

from .moments import HeldTime, eventually


def notes(api: Api) -> str:
    """The notes of all that is stored."""
    return "".join(each.note for each in api.server.store.activities.all())


def rows(of: str) -> list[dict[str, object]]:
    """A bulk call's rows with these notes."""
    return [visit(ActivityNote=note) for note in of]


@pytest.mark.parametrize(
    ("commit", "stored"),
    [("before", "abcd"), ("never", ""), ("partly:0", ""), ("partly:2", "ab"), ("partly:9", "abcd")],
)
def test_a_rule_says_what_is_stored_before_the_answer(start: Start, commit: str, stored: str) -> None:
    """Whatever a 502 leaves open, the rule has decided, and the log and the hit tell it."""
    api = start(faults=f"status bulk 1 commit={commit}")

    reply = api.post(BY_LEAD_ID, rows("abcd"))

    assert (reply.status, notes(api)) == (502, stored)
    (hit,) = api.server.hits
    assert (hit.stored, hit.stored_late, hit.late_at) == (len(stored), 0, None)
    (call,) = api.server.store.calls.all()
    assert (call.status, call.rows, call.created) == (502, 4, len(stored))


def test_rows_can_be_stored_after_the_answer(start: Start) -> None:
    """`after`: the client has heard the 502, and then the rows arrive."""
    api = start(faults="status bulk 1 commit=after")

    assert api.post(BY_LEAD_ID, rows("ab")).status == 502

    assert eventually(lambda: notes(api) == "ab")
    (hit,) = api.server.hits
    assert (hit.stored, hit.stored_late) == (0, 2)


def test_rows_can_be_stored_late(start: Start) -> None:
    """`late:20`: nothing is there until twenty seconds after the fault, and that moment is their ModifiedOn."""
    time = HeldTime()
    api = start(clock=time.clock, faults="status bulk 1 commit=late:20")
    assert api.post(BY_LEAD_ID, rows("ab")).status == 502

    assert time.has_begun(20)
    time.forward(19.9)
    assert api.post(CREATE, visit(ActivityNote="c")).status == 200
    assert notes(api) == "c"
    time.forward(0.1)

    assert eventually(lambda: notes(api) == "cab")
    assert {each.modified_on for each in api.server.store.activities.all()[1:]} == {"2026-03-02 10:00:20.000000"}
    (hit,) = api.server.hits
    assert (hit.stored, hit.stored_late, hit.late_at) == (0, 2, "2026-03-02 10:00:20.000000")


def test_a_reset_drops_what_waits(start: Start) -> None:
    """After a reset nothing of the day before is stored any more."""
    time = HeldTime()
    api = start(clock=time.clock, faults="status bulk 1 commit=late:20")
    api.post(BY_LEAD_ID, rows("ab"))
    assert api.send("GET", "/sandbox/state").body["faults"]["late"] == 1

    state = api.send("POST", "/sandbox/reset").body
    time.forward(60)

    assert (state["faults"]["hits"], state["faults"]["counted"]) == ([], {})
    assert api.send("GET", "/sandbox/state").body["activities"] == 0


def test_a_call_that_is_refused_stores_nothing_at_any_moment(start: Start) -> None:
    """A fault doesn't open the door: wrong keys are wrong on bad days, too."""
    api = start(faults="drip seconds=0.0001")

    assert api.send("POST", BY_LEAD_ID, json=rows("a"), headers={}).status == 401
    assert notes(api) == ""


@pytest.mark.parametrize("text", ["before", "after", "never", "late:2", "late:0.5", "partly:3"])
def test_a_moment_is_written_as_it_is_read(text: str) -> None:
    """Moments come back as the text they were given as."""
    assert str(Commit.read(text)) == text


@pytest.mark.parametrize(
    "given", ["", "later", "before:1", "partly", "partly:1.5", "partly:-1", "late:", "late:nan", {"late": 1, "x": 2}, 3]
)
def test_what_is_no_moment_is_refused(given: object) -> None:
    """Anything else is an error that says what can be written."""
    with pytest.raises(CommitError, match="is not before, after, never, late:SECONDS or partly:ROWS"):
        Commit.read(given)
