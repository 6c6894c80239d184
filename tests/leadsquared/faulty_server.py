"""A server of raw sockets that goes wrong in every way a network can, for whoever wants to see what that does.

A fault is a function that is given a line, one accepted connection, and does with it what it likes. Each request is met
by the next fault of the script; when the script is over, requests are answered honestly. What an honest answer says,
and whether anything is committed, is up to the `respond` that is handed in.
"""

import gzip
import itertools
import re
import select
import socket
import ssl
import struct
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TypeAlias

CERTIFICATE = Path(__file__).with_name("localhost.pem")
"""A certificate for localhost that no authority has signed, good until 2126, with its key."""

RECEIPT = (
    b'{"Response":[{"ProspectActivityId":"6e2a3c76-9e57-4dd6-8bf1-660960336d6e","RowNumber":1,"ActivityCreated":true}]}'
)

Respond: TypeAlias = Callable[[bytes], bytes]
"""The JSON that answers a request with this body."""


class Gone(Exception):
    """The client has closed the connection."""


@dataclass
class FaultyServer:
    """What the server has seen."""

    url: str
    connections: int = 0
    requests: list[bytes] = field(default_factory=list)
    """Whole requests, as they came in."""
    bytes_read: int = 0
    """Of requests, whole or not, and after decryption."""
    mistakes: list[BaseException] = field(default_factory=list)
    """Errors of the faults themselves; a test that has any is worthless."""
    stopping: threading.Event = field(default_factory=threading.Event)


class Line:
    """One accepted connection."""

    def __init__(self, sock: socket.socket, server: FaultyServer, respond: Respond) -> None:
        self.sock = sock
        self.server = server
        self.closed = False
        self._respond = respond
        self._buffer = b""

    def read(self, count: int) -> bytes:
        """So many bytes of what the client sends."""
        while len(self._buffer) < count:
            self._more()
        taken, self._buffer = self._buffer[:count], self._buffer[count:]
        return taken

    def request(self) -> bytes:
        """Reads one whole request; gives its body."""
        while b"\r\n\r\n" not in self._buffer:
            self._more()
        head, _, _ = self._buffer.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)\ncontent-length: *(\d+)", head)
        whole = self.read(len(head) + 4 + (int(length[1]) if length else 0))
        self.server.requests.append(whole)
        return whole[len(head) + 4 :]

    def answer(self) -> bytes:
        """Reads one whole request; gives the JSON that answers it."""
        return self._respond(self.request())

    def send(self, content: bytes) -> None:
        self.sock.sendall(content)

    def drip(self, content: bytes, seconds: float) -> None:
        """Sends byte after byte, with a pause after each."""
        for at in range(len(content)):
            self.send(content[at : at + 1])
            if self.server.stopping.wait(seconds):
                raise Gone

    def hang(self) -> None:
        """Does nothing until the test is over."""
        self.server.stopping.wait(20)

    def close(self) -> None:
        """Ends the connection in good order: FIN."""
        self.closed = True
        with suppress(OSError):
            self.sock.shutdown(socket.SHUT_RDWR)
        self.sock.close()

    def reset(self) -> None:
        """Breaks the connection off: RST."""
        self.closed = True
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()

    def speaks(self) -> bool:
        """Waits until the client sends something; False if it hangs up instead, or the test is over."""
        while not self.server.stopping.is_set():
            if self._buffer or select.select([self.sock], [], [], 0.02)[0]:
                with suppress(Gone, OSError):
                    return bool(self._buffer) or self._more()
                return False
        return False

    def _more(self) -> bool:
        piece = self.sock.recv(65536)
        if not piece:
            raise Gone
        self.server.bytes_read += len(piece)
        self._buffer += piece
        return True


Fault: TypeAlias = Callable[[Line], None]


def whole(body: bytes, status: str = "200 OK", *headers: str) -> bytes:
    """A whole response with its length."""
    lines = [f"HTTP/1.1 {status}", "Content-Type: application/json", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def honest(line: Line) -> None:
    """Answers as it should, and keeps the connection."""
    line.send(whole(line.answer()))


# ------------------------------------------------------------------------------------ before the request is read


def reset_at_accept(line: Line) -> None:
    line.reset()


def close_at_accept(line: Line) -> None:
    line.close()


def reset_after_100_bytes(line: Line) -> None:
    line.read(100)
    line.reset()


def hang_before_reading(line: Line) -> None:
    line.hang()


# ------------------------------------------------------------------------- after the request is read: no answer


def reset_after_request(line: Line) -> None:
    line.answer()
    line.reset()


def close_after_request(line: Line) -> None:
    line.answer()
    line.close()


def hang_after_reading(line: Line) -> None:
    line.answer()
    line.hang()


def continue_and_hang(line: Line) -> None:
    """Says `100 Continue`, and nothing more."""
    line.answer()
    line.send(b"HTTP/1.1 100 Continue\r\n\r\n")
    line.hang()


def continue_for_ever(line: Line) -> None:
    """Says `100 Continue` again and again."""
    line.answer()
    while not line.server.stopping.wait(0.02):
        line.send(b"HTTP/1.1 100 Continue\r\n\r\n")


def drip(line: Line) -> None:
    """A good answer, but a byte at a time, each well within any time limit of a single read."""
    line.drip(whole(line.answer()), 0.02)


def drip_without_length(line: Line) -> None:
    """The same for a body that ends where the connection does."""
    body = line.answer()
    line.send(b"HTTP/1.1 200 OK\r\n\r\n")
    line.drip(body, 0.02)
    line.close()


# ------------------------------------------------------------------------------------------- half of an answer


def cut_in_status_line(line: Line) -> None:
    line.answer()
    line.send(b"HTTP/1.1 20")
    line.close()


def cut_in_headers(line: Line) -> None:
    line.answer()
    line.send(b"HTTP/1.1 200 OK\r\nContent-Type: applica")
    line.close()


def cut_in_body(line: Line) -> None:
    line.send(whole(line.answer())[:-20])
    line.close()


def reset_in_body(line: Line) -> None:
    line.send(whole(line.answer())[:-20])
    time.sleep(0.05)  # a reset overtakes what was sent right before it
    line.reset()


def cut_in_chunk(line: Line) -> None:
    """A chunked answer that ends in the middle of a chunk."""
    body = line.answer()
    line.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%b" % (len(body), body[:-5]))
    line.close()


def cut_before_last_chunk(line: Line) -> None:
    """A chunked answer that lacks only the chunk that says it is over."""
    body = line.answer()
    line.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n" % (len(body), body))
    line.close()


def length_too_long(line: Line) -> None:
    """A whole answer that announces more than it has."""
    body = line.answer()
    line.send(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body) + 7, body))
    line.close()


def length_too_short(line: Line) -> None:
    """A whole answer that announces less than it has."""
    body = line.answer()
    line.send(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body) - 7, body))
    line.close()


def no_length(line: Line) -> None:
    """A whole answer that ends where the connection does."""
    line.send(b"HTTP/1.1 200 OK\r\n\r\n" + line.answer())
    line.close()


def no_length_and_cut(line: Line) -> None:
    line.send(b"HTTP/1.1 200 OK\r\n\r\n" + line.answer()[:-5])
    line.close()


# --------------------------------------------------------------------------------------- answers that are none


def says(body: bytes, status: str = "200 OK", *headers: str) -> Fault:
    """Answers every request in these words."""

    def fault(line: Line) -> None:
        line.answer()
        line.send(whole(body, status, *headers))

    fault.__name__ = f"says {status} {body[:20]!r} {' '.join(headers)}".strip()
    return fault


def no_content(line: Line) -> None:
    line.answer()
    line.send(b"HTTP/1.1 204 No Content\r\n\r\n")


def two_lengths(line: Line) -> None:
    body = line.answer()
    line.send(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))
    line.close()


def no_http(line: Line) -> None:
    line.answer()
    line.send(b"220 mail.example.com ESMTP\r\n")
    line.close()


def headers_for_ever(line: Line) -> None:
    line.answer()
    line.send(b"HTTP/1.1 200 OK\r\n")
    while not line.server.stopping.is_set():
        line.send(b"X-More: " + b"x" * 1000 + b"\r\n")


def status_line_for_ever(line: Line) -> None:
    line.answer()
    while not line.server.stopping.is_set():
        line.send(b"HTTP/1.1 200 " + b"x" * 65536)


def large(line: Line) -> None:
    """Three megabytes, where the largest honest answer has less than two."""
    line.answer()
    line.send(whole(b" " * 3_000_000))


def body_for_ever(line: Line) -> None:
    line.answer()
    line.send(b"HTTP/1.1 200 OK\r\n\r\n")
    while not line.server.stopping.is_set():
        line.send(b" " * 65536)


@cache
def _bomb() -> bytes:
    compressor = zlib.compressobj(9, wbits=31)
    return b"".join([compressor.compress(bytes(1 << 20)) for _ in range(64)]) + compressor.flush()


def gzip_bomb(line: Line) -> None:
    """64 kilobytes that become 64 megabytes."""
    line.answer()
    line.send(whole(_bomb(), "200 OK", "Content-Encoding: gzip"))


def gzip_bomb_in_redirect(line: Line) -> None:
    """The same, in an answer that leads elsewhere."""
    line.answer()
    line.send(whole(_bomb(), "302 Found", "Content-Encoding: gzip", "Location: /elsewhere"))


def bad_gzip(line: Line) -> None:
    line.answer()
    line.send(whole(b"this is no gzip", "200 OK", "Content-Encoding: gzip"))


def cut_gzip(line: Line) -> None:
    """A whole body, the compressed text in it is not."""
    line.send(whole(gzip.compress(line.answer())[:-12], "200 OK", "Content-Encoding: gzip"))


def redirect(status: str, location: str) -> Fault:
    """Sends the client elsewhere."""
    return says(b"", status, f"Location: {location}")


# ------------------------------------------------------------------------------------------------- the server


@contextmanager
def faulty_server(
    *faults: Fault, respond: Respond = lambda _: RECEIPT, tls: bool = False, host: str = "127.0.0.1"
) -> Iterator[FaultyServer]:
    """A server that meets one request after the other with these faults, and further ones honestly."""
    script = itertools.chain(faults, itertools.repeat(honest))
    listener = socket.create_server((host, 0))
    scheme, context = "http", None
    if tls:
        scheme, context = "https", ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE)
    server = FaultyServer(f"{scheme}://{host}:{listener.getsockname()[1]}")
    threads: list[threading.Thread] = []

    def serve(sock: socket.socket) -> None:
        with suppress(OSError, Gone), sock:  # whatever the client does to the line is its own affair
            plain = sock if context is None else context.wrap_socket(sock, server_side=True)
            line = Line(plain, server, respond)
            try:
                next(script)(line)
                while not line.closed and line.speaks():
                    next(script)(line)
            except (OSError, Gone):
                raise
            except Exception as error:  # noqa: BLE001  # shown by the test, not by a thread
                server.mistakes.append(error)
            finally:
                plain.close()

    def accept() -> None:
        with suppress(OSError):  # the listener is closed at the end
            while True:
                sock, _ = listener.accept()
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                server.connections += 1
                threads.append(threading.Thread(target=serve, args=(sock,), daemon=True))
                threads[-1].start()

    acceptor = threading.Thread(target=accept, daemon=True)
    acceptor.start()
    try:
        yield server
    finally:
        server.stopping.set()
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        for thread in (acceptor, *threads):
            thread.join(5)
    assert not server.mistakes, server.mistakes
