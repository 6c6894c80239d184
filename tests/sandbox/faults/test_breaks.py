"""Faults of the connection: it ends, or nothing comes, before there is an answer."""

import socket
from urllib.parse import urlsplit

import pytest

from tests.sandbox.calling import BY_LEAD_ID, CREATE, TYPES, Start, Time, visit

from .lines import Client, call
from .moments import HeldTime, eventually

QUIET = 0.1
"""Seconds after which a test believes that nothing comes."""


@pytest.mark.parametrize(("fault", "ends"), [("reset-at-accept", {"reset"}), ("close-at-accept", {"closed", "reset"})])
def test_a_connection_can_end_before_anything_is_read(start: Start, fault: str, ends: set[str]) -> None:
    """The second connection ends at once, and no call is noticed; the third is fine."""
    api = start(faults=f"{fault} 2")

    seen = [call(api, [visit()]) for _ in range(3)]

    assert [each.status for each in seen] == [200, 0, 200]
    assert seen[1].end in ends
    assert len(api.server.store.calls.all()) == 2
    (hit,) = api.server.hits
    assert (hit.kind, hit.number, hit.commit) == ("connection", 2, None)


@pytest.mark.parametrize(("fault", "ends"), [("reset-early", {"reset"}), ("close-early", {"closed", "reset"})])
@pytest.mark.parametrize("number", [1, 50_000])
def test_a_connection_can_end_after_the_first_bytes(start: Start, fault: str, ends: set[str], number: int) -> None:
    """The body is not read to its end, so nothing can be stored; the log has the call without an answer."""
    api = start(faults=f"{fault} bulk 1 bytes={number}")

    seen = call(api, [visit(ActivityNote="x" * 200_000)])

    assert seen.came == b""
    assert seen.end in ends
    (logged,) = api.server.store.calls.all()
    assert (logged.path, logged.status, logged.created) == (BY_LEAD_ID, 0, 0)
    assert api.server.store.activities.all() == []


@pytest.mark.parametrize(("fault", "end"), [("reset", "reset"), ("close", "closed")])
@pytest.mark.parametrize(("commit", "stored"), [("before", 1), ("never", 0)])
def test_a_connection_can_end_after_the_request(start: Start, fault: str, end: str, commit: str, stored: int) -> None:
    """Without an answer nobody can know what was stored."""
    api = start(faults=f"{fault} bulk 1 commit={commit}")

    seen = call(api, [visit()])

    assert (seen.came, seen.end) == (b"", end)
    assert len(api.server.store.activities.all()) == stored


def test_a_connection_can_end_and_the_rows_come_after_it(start: Start) -> None:
    """`after` means: when the connection is gone."""
    api = start(faults="close bulk 1 commit=after")

    assert call(api, [visit()]).end == "closed"

    assert eventually(lambda: len(api.server.store.activities.all()) == 1)


def test_a_kept_connection_can_be_stale(start: Start) -> None:
    """The first call on a connection is answered; the next one on it finds it closed, and is never read."""
    api = start(faults="stale bulk")

    with Client(api) as client:
        client.send(client.request([visit()]))
        first = client.see(until=b"]}")
        client.send(client.request([visit()]))
        second = client.see()

    assert (first.status, first.end) == (200, "open")
    assert second.came == b""
    assert second.end in {"closed", "reset"}
    assert len(api.server.store.activities.all()) == 1
    assert call(api, [visit()]).status == 200


@pytest.mark.parametrize("fault", ["hang", "hang-unread"])
def test_no_answer_may_come(start: Start, fault: str) -> None:
    """The connection stays, and nothing comes on it."""
    api = start(faults=f"{fault} bulk 1")

    seen = call(api, [visit()], patience=QUIET)

    assert (seen.came, seen.end) == (b"", "open")
    assert api.server.store.activities.all() == []


@pytest.mark.parametrize("fault", ["hang", "hang-unread"])
def test_what_hangs_can_be_stored_when_the_client_has_left(start: Start, fault: str) -> None:
    """`after` a hang means: as soon as the client gives up."""
    api = start(faults=f"{fault} bulk 1 commit=after")
    with Client(api) as client:
        client.send(client.request([visit()]))
        assert client.see(QUIET).end == "open"
        assert api.server.store.activities.all() == []

    assert eventually(lambda: len(api.server.store.activities.all()) == 1)


def test_a_hang_can_have_an_end(start: Start) -> None:
    """With `seconds`, the sandbox closes the connection itself."""
    time = HeldTime()
    api = start(clock=time.clock, faults="hang bulk 1 seconds=30")
    with Client(api) as client:
        client.send(client.request([visit()]))
        assert time.has_begun(30)
        time.forward(30)

        assert client.see().end == "closed"


def test_only_continue_may_come(start: Start) -> None:
    """`100 Continue` promises an answer, which doesn't come."""
    api = start(faults="continue-only bulk 1")

    seen = call(api, [visit()], patience=QUIET)

    assert (seen.came, seen.end) == (b"HTTP/1.1 100 Continue\r\n\r\n", "open")


def test_the_service_can_be_gone_for_a_while(start: Start) -> None:
    """All connections are reset and new ones refused; when the time is up, the same address answers again."""
    time = HeldTime()
    api = start(clock=time.clock, faults="outage bulk 2 seconds=60 commit=before")
    address = urlsplit(api.server.url)
    with Client(api) as bystander:
        assert call(api, [visit()]).status == 200

        assert call(api, [visit()]).end == "reset"
        assert bystander.see().end == "reset"
        for _ in range(3):
            with pytest.raises(ConnectionRefusedError):
                socket.create_connection((address.hostname, address.port), timeout=1)
        assert time.has_begun(60)
        time.forward(60)

        assert eventually(lambda: _listens(api.server.url))
        assert api.post(CREATE, visit()).status == 200
    assert len(api.server.store.activities.all()) == 3


def _listens(url: str) -> bool:
    address = urlsplit(url)
    try:
        socket.create_connection((address.hostname, address.port), timeout=1).close()
    except ConnectionRefusedError:
        return False
    return True


def test_a_sandbox_stops_while_nobody_can_reach_it(start: Start) -> None:
    """Stopping doesn't wait for an outage, a hang or late rows to be over."""
    time = HeldTime()
    api = start(clock=time.clock, faults="outage any 1 seconds=3600 commit=late:60")
    call(api, [visit()])

    api.server.stop()


def test_reads_can_fail_like_writes(start: Start, time: Time) -> None:
    """Faults of connections and answers fall on all calls; there is just nothing to store."""
    api = start(clock=time.clock, faults="status metadata 1 status=503")

    assert [api.get(TYPES).status for _ in range(2)] == [503, 200]
    (hit,) = api.server.hits
    assert (hit.fault.name, hit.commit, hit.stored) == ("status", None, 0)
