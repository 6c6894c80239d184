"""Faults on the way of the answer: too slow, cut off, longer or shorter than it says."""

import json

import pytest
import requests

from tests.sandbox.calling import BY_LEAD_ID, Start, visit

from .lines import Client, Seen, call
from .moments import HeldTime


def lost(seen: Seen) -> int:
    """How many bytes of the body its Content-Length promises and that did not come."""
    return int(seen.headers["content-length"]) - len(seen.body)


def test_an_answer_can_end_in_its_status_line(start: Start) -> None:
    """Not even the status is whole; the rows are stored, as the answer was right when it was made."""
    api = start(faults="cut-status-line bulk 1")

    seen = call(api, [visit()])

    assert (seen.came, seen.end) == (b"HTTP/1.1 2", "closed")
    assert len(api.server.store.activities.all()) == 1


def test_an_answer_can_end_in_its_headers(start: Start) -> None:
    """The status is there, and the headers never end."""
    api = start(faults="cut-headers bulk 1")

    seen = call(api, [visit()])

    assert seen.came.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"\r\n\r\n" not in seen.came


def test_an_answer_can_end_in_its_body(start: Start) -> None:
    """Half of what Content-Length promises is there."""
    seen = call(start(faults="cut-body bulk 1"), [visit()])

    assert 0 < lost(seen) <= len(seen.body) + 1
    assert seen.end == "closed"


def test_an_answer_can_end_in_a_chunk(start: Start) -> None:
    """A chunk says its length and ends half-way."""
    seen = call(start(faults="cut-chunk bulk 1"), [visit()])

    size, _, came = seen.body.partition(b"\r\n")
    assert seen.headers["transfer-encoding"] == "chunked"
    assert len(came) == int(size, 16) // 2


def test_an_answer_can_be_shorter_than_it_says(start: Start) -> None:
    """All of it is there, and ten bytes more are promised."""
    seen = call(start(faults="length-too-long bulk 1"), [visit()])

    assert lost(seen) == 10
    assert json.loads(seen.body)["Response"][0]["ActivityCreated"] is True


def test_an_answer_can_be_longer_than_it_says(start: Start) -> None:
    """Whoever believes Content-Length reads half of it."""
    seen = call(start(faults="length-too-short bulk 1"), [visit()])

    assert lost(seen) < 0
    assert json.loads(seen.body)["Response"][0]["ActivityCreated"] is True


def test_an_answer_without_a_length_can_be_cut(start: Start) -> None:
    """Without a length, half an answer looks like a whole one."""
    seen = call(start(faults="no-length bulk 1"), [visit()])

    assert "content-length" not in seen.headers
    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        json.loads(seen.body)


def test_an_answer_can_drip(start: Start) -> None:
    """One byte after every pause; at the end it is whole."""
    time = HeldTime()
    api = start(clock=time.clock, faults="drip bulk 1 seconds=0.4")
    with Client(api) as client:
        client.send(client.request([visit()]))
        assert client.see(until=b"H").came == b"H"
        assert client.see(0.05).came == b""
        assert time.has_begun(0.4)
        time.forward(0.4)
        assert client.see(until=b"T").came == b"T"
    assert time.pauses[0] == 0.4
    assert len(api.server.store.activities.all()) == 1


def test_an_answer_that_dripped_is_whole(start: Start) -> None:
    """Whoever waits long enough gets the answer."""
    api = start(faults="drip bulk 1 seconds=0.00001")

    assert json.loads(call(api, [visit()]).body)["Response"][0]["ActivityCreated"] is True


@pytest.mark.parametrize(("commit", "receipts"), [("before", 1), ("late:5", 0)])
def test_an_answer_can_be_slow(start: Start, commit: str, receipts: int) -> None:
    """It comes whole after its time, and names no row that isn't stored."""
    time = HeldTime()
    api = start(clock=time.clock, faults=f"slow bulk 1 seconds=90 commit={commit}")
    with Client(api) as client:
        client.send(client.request([visit()]))
        assert time.has_begun(90)
        assert client.see(0.05).came == b""
        time.forward(90)
        seen = client.see(until=b"}")
    assert seen.status == 200
    assert seen.body.count(b'"ActivityCreated":true') == receipts


@pytest.mark.parametrize("fault", ["cut-body", "cut-chunk", "length-too-long"])
@pytest.mark.parametrize(("commit", "stored"), [("before", 2), ("partly:1", 1), ("never", 0)])
def test_what_is_lost_of_an_answer_says_nothing_of_the_rows(start: Start, fault: str, commit: str, stored: int) -> None:
    """A client that reads such an answer to its end notices, whatever was stored."""
    api = start(faults=f"{fault} bulk 1 commit={commit}")

    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        api.post(BY_LEAD_ID, [visit(), visit()])

    assert len(api.server.store.activities.all()) == stored
