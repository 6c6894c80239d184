"""Every way in which a connection or an answer can go wrong, and how the call ends then."""

import gc
import socket
import sys
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from importer.leadsquared import client as client_module
from importer.leadsquared.calls import Answer, Ending, Silence
from importer.leadsquared.routes import CallClass
from importer.leadsquared.verdicts import Ambiguous, Hopeless, NotExecuted, Settled, verdict_of

from . import faulty_server as faults
from .calling import BODY, CALL, KEYS, client, one_call
from .faulty_server import CERTIFICATE, RECEIPT, Fault, Line, faulty_server, redirect, says

TIMEOUT = 0.4
SLACK = 1.0
"""Seconds that a busy machine may take to end a call whose time is up."""

LIBRARY_WORDS = ("http", "urllib3", "pool", "requests", "errno", "object at", "127.0.0.1", "localhost", "/v2")

SILENT = (
    faults.close_at_accept,
    faults.reset_after_100_bytes,
    faults.reset_after_request,
    faults.close_after_request,
    faults.cut_in_status_line,
    faults.cut_in_body,
    faults.reset_in_body,
    faults.cut_in_chunk,
    faults.cut_before_last_chunk,
    faults.length_too_long,
    faults.two_lengths,
    faults.no_http,
    faults.headers_for_ever,
    faults.status_line_for_ever,
    faults.bad_gzip,
)
"""No whole answer; found out at once."""

ENDLESS = (
    faults.hang_before_reading,
    faults.hang_after_reading,
    faults.continue_and_hang,
    faults.continue_for_ever,
    faults.drip,
    faults.drip_without_length,
)
"""No whole answer, ever."""

VAST = (faults.large, faults.body_for_ever, faults.gzip_bomb, faults.gzip_bomb_in_redirect)
"""More than any honest answer."""

ANSWERS: tuple[tuple[Fault, int, bytes], ...] = (
    (faults.cut_in_headers, 200, b""),
    (faults.length_too_short, 200, RECEIPT[:-7]),
    (faults.no_length_and_cut, 200, RECEIPT[:-5]),
    (faults.no_content, 204, b""),
    *(
        (says(body), 200, body)
        for body in (
            b"",
            b"<html><body>Log in to the guests' network</body></html>",
            b"null",
            b"[]",
            b"{}",
            b'"ok"',
            b"0",
            b'{"Response":[]}',
            b'{"Response":null}',
            b"[" * 100_000,
            b"\xff\xfe\x00",
        )
    ),
    *(
        (says(b"", f"{status} Odd"), status, b"")
        for status in (201, 202, 206, 300, 304, 402, 408, 409, 418, 499, 500, 502, 503, 504, 520, 599)
    ),
)
"""(fault, status and body that come back): a whole answer as far as HTTP goes, but it proves nothing."""


def name_of(fault: Fault) -> str:
    return fault.__name__


def leaks(ending: Ending) -> list[str]:
    """What an ending says that nobody should read: keys, addresses, words of a library."""
    said = repr(ending)
    words = LIBRARY_WORDS if isinstance(ending, Silence) else ()
    return [word for word in (*KEYS, *words) if word in said]


@contextmanager
def no_more_memory_than(megabytes: float) -> Iterator[None]:
    """Fails if more memory than this is asked for at any moment."""
    gc.collect()
    tracemalloc.start()
    try:
        yield
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < megabytes * 2**20


@pytest.mark.parametrize("fault", SILENT, ids=name_of)
def test_an_answer_that_is_not_whole_is_silence_and_the_call_is_not_made_again(fault: Fault) -> None:
    """Whatever breaks the line once a byte has left, the call ends at once, as sent, after one connection."""
    with faulty_server(fault) as server:
        began = time.monotonic()
        ending = one_call(server.url)
        took = time.monotonic() - began
    assert server.connections == 1, "the call was made again"
    assert took < 2
    assert isinstance(ending, Silence)
    assert (ending.sent, ending.lasting) == (True, False)
    assert len(server.requests) <= 1
    assert leaks(ending) == []
    assert isinstance(verdict_of(ending, 1, CallClass.BULK), Ambiguous)
    assert isinstance(verdict_of(ending, 1, CallClass.SINGLE), Ambiguous)


@pytest.mark.parametrize("fault", ENDLESS, ids=name_of)
def test_the_time_limit_is_that_of_the_whole_call(fault: Fault) -> None:
    """However often a server says something, a call ends when its time is up, as sent and in plain words."""
    with faulty_server(fault) as server:
        began = time.monotonic()
        ending = one_call(server.url, TIMEOUT)
        took = time.monotonic() - began
    assert TIMEOUT * 0.9 < took < TIMEOUT + SLACK
    assert isinstance(ending, Silence)
    assert ending.sent
    # A single read has the same limit, and on a busy machine it may be a moment ahead of the whole call's.
    assert ending.cause in ("there was no whole answer within 0.4 seconds", "the server did not answer in time")
    assert server.connections == 1
    assert isinstance(verdict_of(ending, 1, CallClass.BULK), Ambiguous)


@pytest.mark.parametrize("fault", VAST, ids=name_of)
def test_an_answer_of_any_size_takes_little_memory(fault: Fault) -> None:
    """An answer far larger than any of this API is given up early, whether it is long or only unpacks to be."""
    with faulty_server(fault) as server, no_more_memory_than(12):
        ending = one_call(server.url)
    assert ending == Silence("the answer is far larger than any answer of this API", sent=True)


def test_a_page_of_a_thousand_activities_is_no_large_answer() -> None:
    """Two megabytes are taken whole."""
    body = b'"%b"' % (b"x" * (2_000_000 - 2))
    with faulty_server(says(body)) as server:
        ending = one_call(server.url)
    assert isinstance(ending, Answer)
    assert ending.body == body


@pytest.mark.parametrize(("fault", "status", "body"), ANSWERS, ids=[name_of(fault) for fault, _, _ in ANSWERS])
def test_an_answer_without_proof_settles_nothing(fault: Fault, status: int, body: bytes) -> None:
    """What HTTP takes for a whole answer comes back as it is, and leaves the rows in doubt."""
    with faulty_server(fault) as server:
        ending = one_call(server.url)
    assert isinstance(ending, Answer)
    assert (ending.status, ending.body) == (status, body)
    assert server.connections == 1
    assert leaks(ending) == []
    assert isinstance(verdict_of(ending, 1, CallClass.BULK), Ambiguous)
    assert isinstance(verdict_of(ending, 1, CallClass.SINGLE), Ambiguous)


def test_a_cut_compressed_answer_settles_nothing() -> None:
    """A compressed text that breaks off is not taken for a whole one."""
    with faulty_server(faults.cut_gzip) as server:
        ending = one_call(server.url)
    assert isinstance(verdict_of(ending, 1, CallClass.BULK), Ambiguous)


@pytest.mark.parametrize("fault", [faults.honest, faults.no_length], ids=name_of)
def test_a_good_answer_is_proof(fault: Fault) -> None:
    """An honest answer settles its row, with or without a length, as long as its JSON is whole."""
    with faulty_server(fault) as server:
        ending = one_call(server.url)
    assert isinstance(ending, Answer)
    assert isinstance(verdict_of(ending, 1, CallClass.BULK), Settled)


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
@pytest.mark.parametrize("where", ["there", "same host", "scheme-less", "other scheme", "user", "metadata"])
def test_no_redirect_is_followed(status: str, where: str) -> None:
    """Whatever an answer leads to, nobody is called there, and the rows are in doubt."""
    with faulty_server() as other, ExitStack() as stack:
        port = other.url.rpartition(":")[2]
        location = {
            "there": f"{other.url}/v2/{CALL.path}",
            "same host": "/v2/elsewhere",
            "scheme-less": f"//127.0.0.1:{port}/",
            "other scheme": f"https://127.0.0.1:{port}/",
            "user": f"http://api.leadsquared.com@127.0.0.1:{port}/",
            "metadata": "http://169.254.169.254/latest/meta-data/",
        }[where]
        server = stack.enter_context(faulty_server(redirect(status, location)))
        ending = one_call(server.url)
    assert isinstance(ending, Answer)
    assert ending.status == int(status[:3])
    assert (server.connections, len(server.requests), other.connections) == (1, 1, 0)
    assert isinstance(verdict_of(ending, 1, CallClass.BULK), Ambiguous)


@pytest.mark.parametrize("location", ["http://[", "http://[::1", "/\xe9", "http://a:b:c/", "", " ", "//", "http:///x"])
def test_an_address_that_is_none_does_no_harm(location: str) -> None:
    """An answer that leads to no address at all is an answer like any other."""

    def fault(line: Line) -> None:
        line.answer()
        line.send(f"HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode("latin-1"))

    with faulty_server(fault) as server:
        ending = one_call(server.url)
    assert isinstance(ending, Answer)
    assert ending.status == 302


# ----------------------------------------------------------------------------------- before a byte has left


def test_a_refused_connection_is_not_sent() -> None:
    """If nobody listens, nothing was sent, and trying again may help."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    ending = one_call(f"http://127.0.0.1:{port}")
    assert ending == Silence("the connection was refused", sent=False)
    assert isinstance(verdict_of(ending, 1, CallClass.BULK), NotExecuted)


def test_an_unknown_host_is_not_sent() -> None:
    """If the host name is not known, nothing was sent."""
    ending = one_call("http://nowhere.invalid")
    assert ending == Silence("the host name is not known", sent=False)
    assert isinstance(verdict_of(ending, 1, CallClass.BULK), NotExecuted)


def test_a_connection_that_is_reset_at_once_is_sent_unless_nothing_has_left() -> None:
    """A line that goes down while the first byte is about to leave counts as sent, or nothing has arrived."""
    for _ in range(20):
        with faulty_server(faults.reset_at_accept) as server:
            ending = one_call(server.url)
        assert isinstance(ending, Silence)
        assert ending.sent or server.bytes_read == 0
        assert server.connections == 1
        assert leaks(ending) == []


@pytest.mark.skipif(
    sys.platform != "linux", reason="elsewhere a full queue of connections is refused, not left waiting"
)
def test_a_connection_that_takes_too_long_is_not_sent() -> None:
    """If no connection comes about, the call ends when its time is up, long before the limit for connections."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener, ExitStack() as stack:
        address = listener.getsockname()
        for _ in range(4):  # a queue for none takes one or two; the rest stays outside, and so does our call
            outside = stack.enter_context(socket.socket())
            outside.settimeout(0)
            outside.connect_ex(address)
        time.sleep(0.05)
        began = time.monotonic()
        ending = one_call(f"http://127.0.0.1:{address[1]}", TIMEOUT)
        took = time.monotonic() - began
    assert isinstance(ending, Silence)
    assert not ending.sent
    assert took < TIMEOUT + SLACK < client_module.CONNECT_SECONDS
    assert leaks(ending) == []


def test_a_certificate_that_nobody_signed_is_hopeless() -> None:
    """A server that can't prove who it is gets neither keys nor rows, and no second try."""
    with faulty_server(tls=True, host="localhost") as server:
        ending = one_call(server.url)
    assert ending == Silence("the server's certificate is not valid for this host", sent=False, lasting=True)
    assert (server.bytes_read, server.requests) == (0, [])
    verdict = verdict_of(ending, 1, CallClass.BULK)
    assert isinstance(verdict, Hopeless)
    assert verdict.code == "certificate-refused"


def test_plain_http_behind_https_is_not_sent() -> None:
    """A server that does not encrypt gets neither keys nor rows, whatever it says."""

    def fault(line: Line) -> None:
        line.read(1)
        line.send(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        line.close()

    with faulty_server(fault) as server:
        ending = one_call(server.url.replace("http:", "https:"))
    assert isinstance(ending, Silence)
    assert (ending.sent, ending.lasting) == (False, False)
    assert leaks(ending) == []


@pytest.mark.parametrize("fault", [faults.hang_before_reading, faults.reset_after_100_bytes], ids=name_of)
def test_a_handshake_that_fails_is_not_sent(fault: Fault) -> None:
    """If no encrypted connection comes about in time, nothing was sent."""
    with faulty_server(fault) as server:
        began = time.monotonic()
        ending = one_call(server.url.replace("http:", "https:"), TIMEOUT)
        took = time.monotonic() - began
    assert isinstance(ending, Silence)
    assert (ending.sent, ending.lasting) == (False, False)
    assert took < TIMEOUT + SLACK
    assert leaks(ending) == []


def test_a_handshake_that_drips_ends_in_time() -> None:
    """A server that sends its part of the handshake byte by byte is given up when the time is up, and got nothing."""

    def fault(line: Line) -> None:
        line.read(1)
        line.drip(b"\x16\x03\x03\x40\x00" + bytes(0x4000), 0.02)

    with faulty_server(fault) as server:
        began = time.monotonic()
        ending = one_call(server.url.replace("http:", "https:"), TIMEOUT)
        took = time.monotonic() - began
    assert ending == Silence("there was no whole answer within 0.4 seconds", sent=False)
    assert took < TIMEOUT + SLACK


# -------------------------------------------------------------------------------- connections that are kept


def answer_and_close(line: Line) -> None:
    faults.honest(line)
    line.close()


def test_a_connection_that_was_closed_between_calls_is_replaced() -> None:
    """If the server has hung up since the last call, the next one takes a new connection and arrives once."""
    with faulty_server(answer_and_close) as server:
        caller = client(server.url)
        first = caller.send(CALL)
        time.sleep(0.1)
        second = caller.send(CALL)
        caller.close()
    assert isinstance(first, Answer)
    assert isinstance(second, Answer)
    assert (server.connections, len(server.requests)) == (2, 2)


@pytest.mark.parametrize("fault", [faults.reset_after_request, faults.close_after_request], ids=name_of)
def test_a_kept_connection_that_is_closed_as_we_send_leaves_doubt(fault: Fault) -> None:
    """If a kept connection goes down under a request, the call is not made again on another one."""
    with faulty_server(faults.honest, fault) as server:
        caller = client(server.url)
        first = caller.send(CALL)
        second = caller.send(CALL)
        third = caller.send(CALL)
        caller.close()
    assert isinstance(first, Answer)
    assert isinstance(second, Silence)
    assert second.sent
    assert isinstance(third, Answer)
    assert (server.connections, len(server.requests)) == (2, 3)


def test_the_time_limit_holds_on_a_kept_connection() -> None:
    """The second call on a connection has the same time limit as the first, and the third is none the worse."""
    with faulty_server(faults.honest, faults.drip) as server:
        caller = client(server.url, TIMEOUT)
        first = caller.send(CALL)
        began = time.monotonic()
        second = caller.send(CALL)
        took = time.monotonic() - began
        third = caller.send(CALL)
        caller.close()
    assert isinstance(first, Answer)
    assert second == Silence("there was no whole answer within 0.4 seconds", sent=True)
    assert took < TIMEOUT + SLACK
    assert isinstance(third, Answer)


def test_a_request_that_is_never_read_ends_in_time() -> None:
    """A request larger than all buffers, at a server that does not read, ends when its time is up."""
    vast = type(CALL)("POST", CALL.path, CALL.call_class, body=BODY % (b"x" * 20_000_000))
    with faulty_server(faults.hang_before_reading) as server:
        began = time.monotonic()
        ending = one_call(server.url, TIMEOUT, vast)
        took = time.monotonic() - began
    assert isinstance(ending, Silence)
    assert ending.sent
    assert took < TIMEOUT + SLACK
    assert leaks(ending) == []


def test_the_certificate_of_the_tests_is_a_certificate() -> None:
    """The file beside these tests holds a certificate and its key."""
    text = CERTIFICATE.read_text()
    assert "BEGIN CERTIFICATE" in text
    assert "BEGIN PRIVATE KEY" in text
