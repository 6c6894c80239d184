"""What a call looks like on the wire, and what has no effect on it."""

import logging
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from importer.leadsquared.calls import Answer, Call, Silence
from importer.leadsquared.client import IDLE_SECONDS, ApiClient, KeyMalformed
from importer.leadsquared.routes import CallClass
from importer.settings import Secret

from .calling import ACCESS_KEY, BULK, CALL, KEYS, SECRET_KEY, Clock, client, one_call
from .faulty_server import (
    CERTIFICATE,
    Fault,
    FaultyServer,
    Line,
    cut_in_headers,
    drip,
    faulty_server,
    honest,
    redirect,
    reset_after_request,
)


def test_keys_travel_in_headers_and_nowhere_else() -> None:
    """The authentication page's two headers hold the keys; address and body do not."""
    call = Call("POST", BULK, CallClass.BULK, (("searchBy", "mx_Code & more"),), b"[{}]")
    with faulty_server() as server:
        one_call(server.url, call=call)
    (request,) = server.requests
    head, _, body = request.partition(b"\r\n\r\n")
    line, *headers = head.decode().split("\r\n")
    assert line == f"POST /v2/{BULK}?searchBy=mx_Code+%26+more HTTP/1.1"
    assert f"x-LSQ-AccessKey: {ACCESS_KEY}" in headers
    assert f"x-LSQ-SecretKey: {SECRET_KEY}" in headers
    assert "Content-Type: application/json; charset=utf-8" in headers
    assert "Accept-Encoding: identity" in headers
    assert f"Content-Length: {len(body)}" in headers
    assert not any(header.lower().startswith(("authorization", "cookie", "transfer-encoding")) for header in headers)
    assert body == b"[{}]"


def test_a_body_arrives_byte_for_byte() -> None:
    """What is posted is what was handed in, whatever letters it holds."""
    body = '[{"ActivityNote":"Grüße, नमस्ते 😀"}]'.encode()
    with faulty_server() as server:
        one_call(server.url, call=Call("POST", BULK, CallClass.BULK, body=body))
    assert server.requests[0].endswith(b"\r\n\r\n" + body)


def test_a_reading_call_has_no_body() -> None:
    """A GET goes without a body and without the type of one."""
    with faulty_server() as server:
        one_call(server.url, call=Call("GET", "ProspectActivity.svc/ActivityTypes.Get", CallClass.SINGLE))
    assert server.requests[0].startswith(b"GET /v2/ProspectActivity.svc/ActivityTypes.Get HTTP/1.1\r\n")
    assert b"content-type" not in server.requests[0].lower()


def test_headers_of_an_answer_are_known_by_small_letters() -> None:
    """An answer's headers are found whatever letters the server writes them in."""
    with faulty_server() as server:
        ending = one_call(server.url)
    assert isinstance(ending, Answer)
    assert ending.headers["content-type"] == "application/json"


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r", " ", "\t", "\x00", "é", "\u2028", "\x7f"])
@pytest.mark.parametrize("which", ["LSQ_ACCESS_KEY", "LSQ_SECRET_KEY"])
def test_a_key_that_no_header_can_carry_is_refused(which: str, ending: str) -> None:
    """A key with a line end, a blank or a foreign letter in it is named and refused, and not shown."""
    keys = {"LSQ_ACCESS_KEY": ACCESS_KEY, "LSQ_SECRET_KEY": SECRET_KEY}
    keys[which] = f"{keys[which]}{ending}Evil"
    with pytest.raises(KeyMalformed, match=which) as refused:
        ApiClient("http://127.0.0.1:1/v2", Secret(keys["LSQ_ACCESS_KEY"]), Secret(keys["LSQ_SECRET_KEY"]), 1.0)
    assert not any(key in str(refused.value) for key in (*KEYS, "Evil"))


def test_calls_in_a_row_share_a_connection() -> None:
    """Two calls of one client take one connection."""
    with faulty_server() as server:
        caller = client(server.url)
        endings = [caller.send(CALL) for _ in range(3)]
        caller.close()
    assert all(isinstance(ending, Answer) for ending in endings)
    assert (server.connections, len(server.requests)) == (1, 3)


@pytest.mark.parametrize(("idle", "connections"), [(IDLE_SECONDS - 1, 1), (IDLE_SECONDS + 1, 2)])
def test_a_connection_that_was_idle_for_long_is_not_used_again(idle: float, connections: int) -> None:
    """After half a minute of silence a new connection is made, since the old one may be closing right now."""
    clock = Clock()
    with faulty_server() as server:
        caller = client(server.url, clock=clock)
        caller.send(CALL)
        clock.now += idle
        ending = caller.send(CALL)
        caller.close()
    assert isinstance(ending, Answer)
    assert server.connections == connections


def test_idle_time_is_counted_from_the_end_of_the_last_call() -> None:
    """Calls every twenty seconds keep their connection for ever."""
    clock = Clock()
    with faulty_server() as server:
        caller = client(server.url, clock=clock)
        for _ in range(5):
            caller.send(CALL)
            clock.now += 20
        caller.close()
    assert server.connections == 1


def test_a_closed_client_leaves_no_connection() -> None:
    """Closing a client closes its connection."""
    with faulty_server() as server:
        caller = client(server.url)
        caller.send(CALL)
        caller.close()
        caller.send(CALL)
        caller.close()
    assert server.connections == 2


@pytest.mark.parametrize("fault", [honest, drip, cut_in_headers, reset_after_request, redirect("302 Found", "/v3")])
def test_no_key_is_logged(fault: Fault, caplog: pytest.LogCaptureFixture) -> None:
    """Even when everything is logged, no library that a call goes through writes a key into a log."""
    with faulty_server(fault) as server, caplog.at_level(logging.DEBUG):
        one_call(server.url, 0.3)
    assert caplog.records, "the libraries do log"
    assert not any(key in caplog.text for key in KEYS)


# ------------------------------------------------------------------------------------------ the environment


@pytest.fixture
def trap() -> Iterator[FaultyServer]:
    """A server that nobody should call."""
    with faulty_server() as server:
        yield server


PROXIES = ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")


def test_proxies_of_the_environment_have_no_effect(trap: FaultyServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy that a variable names sees a call."""
    for name in PROXIES:
        monkeypatch.setenv(name, trap.url)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    with faulty_server() as server:
        ending = one_call(server.url)
        assert trap.connections == 0
        requests.get(server.url, timeout=5)
    assert isinstance(ending, Answer)
    assert trap.connections == 1, "the trap catches whoever trusts the environment"


def test_a_netrc_file_has_no_effect(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of a netrc file goes out with a call."""
    netrc = tmp_path / "netrc"
    netrc.write_text("default login somebody password something\n", encoding="utf-8")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    with faulty_server() as server:
        one_call(server.url)
        requests.get(server.url, timeout=5)
    ours, theirs = server.requests
    assert b"authorization" not in ours.lower()
    assert b"authorization" in theirs.lower(), "the trap catches whoever trusts the environment"


def test_certificates_of_the_environment_have_no_effect(monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable that names an authority of its own does not make its certificates good."""
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.setenv(name, str(CERTIFICATE))
    with faulty_server(tls=True, host="localhost") as server:
        ending = one_call(server.url)
        assert requests.get(server.url, timeout=5).ok, "the trap catches whoever trusts the environment"
    assert isinstance(ending, Silence)
    assert (ending.lasting, ending.sent) == (True, False)
    assert len(server.requests) == 1


def test_cookies_of_one_answer_do_no_harm() -> None:
    """An answer may set cookies of any kind, and the next call is answered as well."""

    def cookies(line: Line) -> None:
        line.answer()
        line.send(b"HTTP/1.1 200 OK\r\nSet-Cookie: a=b; Expires=Foo, 99-Bar; Max-Age=x\r\nContent-Length: 2\r\n\r\n{}")

    with faulty_server(cookies) as server:
        caller = client(server.url)
        endings = [caller.send(CALL), caller.send(CALL)]
        caller.close()
    assert all(isinstance(ending, Answer) for ending in endings)


# --------------------------------------------------------------------------------------- a call on one line


def test_a_call_on_one_line_holds_its_body_byte_for_byte() -> None:
    """The line of a dry run is JSON, names the whole path, and holds the body as it would have been sent."""
    call = Call("POST", BULK, CallClass.BULK, (("searchBy", "mx_Ü"),), b'[{"a" :1.0}]')
    line = call.as_json_line("/v2")
    assert line == b'{"method":"POST","path":"/v2/' + BULK.encode() + b'?searchBy=mx_%C3%9C","body":[{"a" :1.0}]}\n'
    assert Call("GET", "x", CallClass.SINGLE).as_json_line("") == b'{"method":"GET","path":"/x","body":null}\n'


def test_nobody_listens_on_the_port_of_a_closed_server() -> None:
    """A faulty server that is over takes no more calls: the tests above see the connections of their own calls only."""
    with faulty_server() as server:
        port = int(server.url.rpartition(":")[2])
    with socket.socket() as line:
        assert line.connect_ex(("127.0.0.1", port)) != 0
