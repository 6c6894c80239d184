"""Calls go out and come back as endings; nothing of requests, no URL and no key gets past this module."""

import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from requests import exceptions as trouble
from urllib3 import exceptions as deeper

from importer.errors.base import ConfigurationError
from importer.leadsquared.calls import Answer, Call, Ending, Silence
from importer.leadsquared.routes.route import CallClass
from importer.leadsquared.wire import CallGuard, Overdue, guarded, guarded_session
from importer.settings import Secret

CONNECT_SECONDS: Final = 10.0
USER_AGENT: Final = "leadsquared-importer"

IDLE_SECONDS: Final = 30.0
"""A connection that was quiet for longer is not used again: the server may be closing it at this very moment."""

LARGEST_ANSWER: Final = 2 << 20
"""Bytes, after decompression; 25 receipts need three thousand, a page of 1,000 activities less than two million."""

_CAUSES: Final[tuple[tuple[type[BaseException], str, bool], ...]] = (
    # (what is found along the chain of an exception, what it is for a person, whether it lasts)
    (ssl.SSLCertVerificationError, "the server's certificate is not valid for this host", True),
    (deeper.NameResolutionError, "the host name is not known", False),
    (ConnectionRefusedError, "the connection was refused", False),
    (deeper.NewConnectionError, "no connection to the server", False),
    (deeper.ConnectTimeoutError, "no connection to the server in time", False),
    (ssl.SSLError, "the encrypted connection failed", False),
    (deeper.ReadTimeoutError, "the server did not answer in time", False),
    (TimeoutError, "the server did not answer in time", False),
    (deeper.IncompleteRead, "the answer broke off", False),
    (ConnectionResetError, "the connection was reset", False),
    (BrokenPipeError, "the connection was closed by the server", False),
    (deeper.DecodeError, "the answer could not be decompressed", False),
    (deeper.ProtocolError, "the connection was closed without a whole answer", False),
    (OSError, "the connection failed", False),
)


class KeyMalformed(ConfigurationError):
    """A key that can't be a header's value."""

    code = "key-malformed"

    def __init__(self, name: str, what: str, remedy: str) -> None:
        super().__init__(f"{name} {what}.", remedy)


_QUOTES: Final = "\"'`\u2018\u2019\u201c\u201d"


def _make_sure_of(name: str, key: str) -> None:
    """:raises KeyMalformed: it can't be a key; which characters it holds is not shown."""
    ends = [word for word, end in (("begins", key[:1]), ("ends", key[-1:])) if end and end in _QUOTES]
    if ends:
        raise KeyMalformed(
            name,
            f"{' and '.join(ends)} with a quotation mark, which is no part of a key",
            "Set it without: a shell takes quotation marks off, but some env files and `set` of Windows keep them.",
        )
    if not (key.isascii() and key.isprintable()) or " " in key:
        raise KeyMalformed(
            name,
            "holds blanks, line ends or other characters that no key has",
            "Copy it again from My Profile > Settings > API and Webhooks; in a shell, put it in single quotes.",
        )


@dataclass(frozen=True, slots=True)
class QueueDoor:
    """Where async calls go: a host of their own, with a key of its own (page 001)."""

    base_url: str
    api_key: Secret


class ApiClient:
    """Makes calls to one host with one user's keys. One thread at a time."""

    def __init__(
        self,
        base_url: str,
        access_key: Secret,
        secret_key: Secret,
        timeout: float,
        clock: Callable[[], float] = time.monotonic,
        queue: QueueDoor | None = None,
    ) -> None:
        """:raises KeyMalformed: a key holds what no header can carry."""
        keys = [("LSQ_ACCESS_KEY", access_key), ("LSQ_SECRET_KEY", secret_key)]
        if queue is not None:
            keys.append(("LSQ_API_KEY", queue.api_key))
        for name, key in keys:
            _make_sure_of(name, key.reveal())
        self._base_url = base_url
        self._access_key = access_key
        self._secret_key = secret_key
        self._queue = queue
        self._timeout = timeout
        self._clock = clock
        self._session = guarded_session()
        self._last_used = clock()

    def send(self, call: Call) -> Ending:
        """Makes one call, exactly once, and waits for its ending, no longer than the timeout."""
        if self._clock() - self._last_used > IDLE_SECONDS:
            self._session.close()
        try:
            with guarded(self._timeout) as guard:
                try:
                    return self._exchange(call, guard)
                except (trouble.RequestException, deeper.HTTPError, OSError, Overdue) as error:
                    return self._silence(error, guard)
        finally:
            self._last_used = self._clock()

    def close(self) -> None:
        """Closes the connections."""
        self._session.close()

    def _exchange(self, call: Call, guard: CallGuard) -> Ending:
        began = time.monotonic()
        headers = {
            # Keys go in headers, as the authentication page advises: URLs end up in logs.
            "x-LSQ-AccessKey": self._access_key.reveal(),
            "x-LSQ-SecretKey": self._secret_key.reveal(),
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "User-Agent": USER_AGENT,
        }
        if call.body is not None:
            headers["Content-Type"] = "application/json; charset=utf-8"
        base_url = self._base_url
        if call.call_class is CallClass.ASYNC and self._queue is not None:
            base_url = self._queue.base_url
            headers["x-api-key"] = self._queue.api_key.reveal()
        with self._session.request(
            call.method,
            f"{base_url}/{call.path}",
            params=call.query,
            data=call.body,
            headers=headers,
            timeout=(min(CONNECT_SECONDS, self._timeout), self._timeout),
            allow_redirects=False,
            stream=True,
        ) as response:
            body = bytearray()
            for piece in response.iter_content(1 << 16):
                body += piece
                if len(body) > LARGEST_ANSWER:
                    return Silence("the answer is far larger than any answer of this API", sent=guard.sent)
            if guard.overdue:
                raise Overdue  # an answer without a length, cut by the guard, ends as if it were whole
            headers = {name.lower(): value for name, value in response.headers.items()}
            return Answer(response.status_code, bytes(body), headers, guard.sent_at - began)

    def _silence(self, error: BaseException, guard: CallGuard) -> Silence:
        if guard.overdue:
            return Silence(f"there was no whole answer within {self._timeout:g} seconds", sent=guard.sent)
        for kind, cause, lasting in _CAUSES:
            if any(isinstance(link, kind) for link in _chain(error)):
                return Silence(cause, sent=guard.sent, lasting=lasting and not guard.sent)
        return Silence("the connection failed", sent=guard.sent)


def _chain(error: BaseException) -> list[BaseException]:
    """The exception, what it wraps and what it came from; libraries use all three ways."""
    chain: list[BaseException] = []
    waiting: list[object] = [error]
    while waiting:
        link = waiting.pop(0)
        if isinstance(link, BaseException) and link not in chain:
            chain.append(link)
            waiting += [link.__cause__, link.__context__, getattr(link, "reason", None), *link.args]
    return chain
