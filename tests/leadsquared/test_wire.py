"""Guarded connections by themselves: what the guard knows, and what it cuts, encrypted or not."""

import threading
import time

import pytest
import requests

from importer.leadsquared.wire import CallGuard, Overdue, guarded, guarded_session

from . import faulty_server as faults
from .faulty_server import CERTIFICATE, RECEIPT, faulty_server

TIMEOUT = 0.4
SLACK = 1.0


def trusting_session() -> requests.Session:
    """A session that takes the tests' certificate for good."""
    session = guarded_session()
    session.verify = str(CERTIFICATE)
    return session


@pytest.mark.parametrize("tls", [False, True], ids=["plain", "encrypted"])
def test_the_guard_sees_the_first_byte_leave(*, tls: bool) -> None:
    """Before a call nothing is sent; after it something is; what comes back is whole."""
    with faulty_server(tls=tls, host="localhost") as server, trusting_session() as session:
        for _ in range(2):
            with guarded(5) as guard:
                sent_before = guard.sent
                answer = session.post(server.url, data=b"x", timeout=5)
            assert (sent_before, guard.sent) == (False, True)
            assert answer.content == RECEIPT
            assert not guard.overdue
    assert (server.connections, len(server.requests)) == (1, 2)


def drip_body(line: faults.Line) -> None:
    """Sends the headers of an answer, and its body a byte at a time."""
    line.answer()
    line.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    line.drip(b" " * 1000, 0.02)


@pytest.mark.parametrize("tls", [False, True], ids=["plain", "encrypted"])
@pytest.mark.parametrize("fault", [faults.hang_after_reading, drip_body, faults.continue_for_ever])
def test_the_guard_cuts_a_line(fault: faults.Fault, *, tls: bool) -> None:
    """When the time is up the line is cut, encrypted or not, and whoever reads from it gets an error."""
    with faulty_server(fault, tls=tls, host="localhost") as server, trusting_session() as session:
        began = time.monotonic()
        with guarded(TIMEOUT) as guard, pytest.raises(requests.RequestException):
            session.post(server.url, data=b"x", timeout=60)
        took = time.monotonic() - began
    assert guard.overdue, f"nobody cut the line in {took:.1f} seconds"
    assert guard.sent
    assert TIMEOUT * 0.9 < took < TIMEOUT + SLACK
    assert server.connections == 1


def test_nothing_leaves_when_the_time_is_up_already() -> None:
    """A call whose time is up before its first byte is about to leave sends none."""
    with faulty_server() as server, guarded_session() as session:
        with guarded(60) as guard:
            guard.time_is_up()
            with pytest.raises((Overdue, requests.RequestException)):
                session.post(server.url, data=b"x", timeout=5)
        assert not guard.sent
        time.sleep(0.05)
    assert (server.bytes_read, server.requests) == (0, [])


def test_nothing_leaves_on_a_kept_connection_when_the_time_is_up_already() -> None:
    """The same holds for a connection that is open from an earlier call."""
    with faulty_server() as server, trusting_session() as session:
        with guarded(5):
            session.post(server.url, data=b"x", timeout=5)
        with guarded(60) as guard:
            guard.time_is_up()
            with pytest.raises((Overdue, requests.RequestException)):
                session.post(server.url, data=b"y", timeout=5)
        assert not guard.sent
    assert len(server.requests) == 1


def test_a_certificate_for_another_name_is_not_accepted() -> None:
    """A good certificate of another host proves nothing, and nothing is sent to whoever shows it."""
    with faulty_server(tls=True) as server, trusting_session() as session, guarded(5) as guard:
        with pytest.raises(requests.exceptions.SSLError):
            session.post(server.url, data=b"x", timeout=5)
        assert not guard.sent
    assert server.bytes_read == 0


def test_guards_of_several_threads_do_not_mix() -> None:
    """A call that is cut in one thread leaves those of other threads alone."""
    answers: list[bytes] = []

    def call(url: str) -> None:
        with trusting_session() as session, guarded(10):
            answers.append(session.post(url, data=b"x", timeout=10).content)

    def respond(_: bytes) -> bytes:
        time.sleep(TIMEOUT + 0.1)  # longer than the first call's time
        return RECEIPT

    with faulty_server(faults.hang_after_reading) as stuck, faulty_server(respond=respond) as slow:
        threads = [threading.Thread(target=call, args=(slow.url,)) for _ in range(4)]
        for thread in threads:
            thread.start()
        with trusting_session() as session, guarded(TIMEOUT), pytest.raises(requests.RequestException):
            session.post(stuck.url, data=b"x", timeout=60)
        for thread in threads:
            thread.join()
    assert answers == [RECEIPT] * 4


def test_the_deadline_of_a_call_that_is_over_cuts_nothing() -> None:
    """A guard whose call is over leaves the connection to the next call."""
    with faulty_server() as server, trusting_session() as session:
        with guarded(5) as guard:
            session.post(server.url, data=b"x", timeout=5)
        guard.time_is_up()
        with guarded(5):
            assert session.post(server.url, data=b"x", timeout=5).content == RECEIPT
    assert server.connections == 1


def test_a_guard_that_was_told_of_no_line_ends_quietly() -> None:
    """Time that is up before there is a connection, and an end without one, are no errors."""
    guard = CallGuard()
    guard.time_is_up()
    guard.ended()
    guard.ended()
    assert guard.overdue
    assert not guard.sent
