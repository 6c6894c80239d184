"""Connections that can tell whether a byte has left, and that end when their time is up.

requests gives up per read, not per call, and its exceptions come alike whether the server got everything or nothing.
So every call has a guard: it is told by the connection when the first byte is about to leave, and at the deadline it
cuts the line, which ends even a call whose answer drips in byte by byte.
"""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.util.retry import Retry


class Overdue(Exception):
    """The call's time was up before its first byte left."""


class CallGuard:
    """Watches one call: whether it has begun to leave, and whether its time is up."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._line: socket.socket | None = None
        self.sent = False
        """A byte of the request may have left."""
        self.sent_at = 0.0
        """When the first one did, by the monotonic clock."""
        self.overdue = False

    def connected(self, line: socket.socket) -> None:
        """A connection is open; from here on the deadline can cut it."""
        with self._lock:
            if self._line is None:
                # A duplicate, since TLS takes the socket object itself over; shutting down works through either.
                self._line = socket.fromfd(line.fileno(), line.family, line.type)
            if self.overdue:
                self._cut()

    def about_to_send(self) -> None:
        """Called before each byte that leaves.

        :raises Overdue: the time was up first; then nothing leaves.
        """
        with self._lock:
            if self.overdue and not self.sent:
                raise Overdue
            if not self.sent:
                self.sent, self.sent_at = True, time.monotonic()

    def time_is_up(self) -> None:
        """Ends the call, from another thread."""
        with self._lock:
            self.overdue = True
            self._cut()

    def ended(self) -> None:
        """The call is over; nothing more is cut."""
        with self._lock:
            self._drop_line()

    def _cut(self) -> None:
        if self._line is not None:
            with suppress(OSError):  # it is down already
                self._line.shutdown(socket.SHUT_RDWR)
            self._drop_line()

    def _drop_line(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None


_guard: ContextVar[CallGuard] = ContextVar("guard")


@contextmanager
def guarded(seconds: float) -> Iterator[CallGuard]:
    """A guard for the one call that is made inside, ended after so many seconds."""
    guard = CallGuard()
    timer = threading.Timer(seconds, guard.time_is_up)
    timer.daemon = True
    token = _guard.set(guard)
    timer.start()
    try:
        yield guard
    finally:
        timer.cancel()
        guard.ended()
        _guard.reset(token)


class _Guarded:
    """What both kinds of connection have in common."""

    sock: Any

    def _new_conn(self) -> socket.socket:
        line: socket.socket = super()._new_conn()  # type: ignore[misc]  # a mixin before the connection's own class
        _guard.get().connected(line)
        return line

    def send(self, data: Any) -> None:
        guard = _guard.get()
        if self.sock is None:
            self.connect()  # type: ignore[attr-defined]  # http.client would do it later, within its own send
        guard.connected(self.sock)  # news to the guard when the connection was kept from an earlier call
        guard.about_to_send()
        super().send(data)  # type: ignore[misc]


class _PlainConnection(_Guarded, HTTPConnection):
    pass


class _TlsConnection(_Guarded, HTTPSConnection):
    pass


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _PlainConnection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


class GuardedAdapter(HTTPAdapter):
    """requests on guarded connections, without a retry of its own."""

    def __init__(self) -> None:
        super().__init__(max_retries=Retry(0, read=False, redirect=False), pool_connections=1, pool_maxsize=1)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Has the pools make guarded connections."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _TlsPool}


class _Session(requests.Session):
    def get_redirect_target(self, resp: requests.Response) -> None:
        """No answer leads elsewhere. Told not to follow, requests would still read it whole and parse its address."""


def guarded_session() -> requests.Session:
    """A session that trusts no environment: no proxy, no netrc, no certificates from variables."""
    session = _Session()
    session.trust_env = False
    session.mount("https://", GuardedAdapter())
    session.mount("http://", GuardedAdapter())
    return session
