"""The sandbox as a server on the loopback, inside this process."""

import errno
import os
import socket
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Final, Self

import uvicorn

from importer.sandbox.account import Seed
from importer.sandbox.app import build_app
from importer.sandbox.clock import Clock
from importer.sandbox.faults import Schedule
from importer.sandbox.faults.breaks import AtAccept
from importer.sandbox.faults.late import LateCommits
from importer.sandbox.faults.line import LineProtocol
from importer.sandbox.faults.progress import Hit, Progress
from importer.sandbox.listening import Listening
from importer.sandbox.seeds import demo_seed
from importer.sandbox.settings import SandboxSettings
from importer.sandbox.store import Store
from importer.sandbox.tenant import Tenant

_LAST_PORT: Final = 65535


class SandboxServer:
    """A sandbox that answers from `start()` to `stop()`, or inside a `with`.

    It runs in a daemon thread, leaves the program's signals alone and writes nothing to standard error.
    `port` 0 takes a free one. Raises UnusableStoreError for the database, OSError for the port.
    """

    def __init__(
        self,
        settings: SandboxSettings | None = None,
        seed: Seed | None = None,
        *,
        clock: Clock | None = None,
        faults: Schedule | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        self.settings = settings or SandboxSettings()
        self.seed = seed or demo_seed()
        self._clock = clock or Clock()
        self.faults = faults or Schedule()
        self._address = (host, port)
        self._running: _Running | None = None

    @property
    def url(self) -> str:
        """The base URL of the sync calls and of the page, `http://127.0.0.1:PORT`."""
        host, port = self._now_running.address
        return f"http://{host}:{port}"

    @property
    def async_url(self) -> str:
        """The base URL of the async calls: the same server."""
        return self.url

    @property
    def store(self) -> Store:
        """What has arrived; readable from any thread while the server runs."""
        return self._now_running.store

    @property
    def hits(self) -> tuple[Hit, ...]:
        """Which fault hit which call since the start or the last reset, the first one first."""
        return self._now_running.progress.hits

    @property
    def _now_running(self) -> "_Running":
        if self._running is None:
            raise NotRunningError
        return self._running

    def start(self) -> None:
        """Open the database, take the port and answer; returns when the first call can come."""
        if not 0 <= self._address[1] <= _LAST_PORT:  # Python has an OverflowError for that, and leaves a socket open
            raise OSError(errno.EADDRNOTAVAIL, os.strerror(errno.EADDRNOTAVAIL))
        listener = socket.create_server(self._address)
        # asyncio only does this for sockets that it made; without it every answer waits 40 ms for an acknowledgement.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            store = Store.open(self.settings.database)
        except BaseException:
            listener.close()
            raise
        tenant = Tenant(self.settings, self.seed, store, self._clock)
        tenant.plant()
        self._running = _Running(tenant, self.faults, listener)

    def wait(self) -> None:
        """Return when another thread, or a signal's function, has called `stop`; KeyboardInterrupt comes through."""
        if self._running is not None:
            self._running.join()

    def stop(self) -> None:
        """Finish the calls under way, for a second at most, and close everything; stopping twice is fine."""
        running, self._running = self._running, None
        if running is not None:
            running.stop()

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Stop."""
        self.stop()


def serve(server: SandboxServer, announce: Callable[[SandboxServer], None]) -> None:
    """Start a sandbox, announce it, and return when it is stopped or on Ctrl+C; raises what `start` raises."""
    with server:
        announce(server)
        try:
            server.wait()
        except KeyboardInterrupt:
            return


class NotRunningError(RuntimeError):
    """A sandbox was asked for its URL or store before it was started or after it was stopped."""

    def __init__(self) -> None:
        super().__init__("the sandbox is not running")


class _Running:
    """A server with its thread, from its first moment to its last."""

    def __init__(self, tenant: Tenant, faults: Schedule, listener: socket.socket) -> None:
        self.store = tenant.store
        self.progress = Progress(faults, tenant.now)
        self.address: tuple[str, int] = listener.getsockname()[:2]
        late = LateCommits(tenant.clock.pause)
        protocol = _protocol(self.progress)
        config = uvicorn.Config(
            build_app(tenant, self.progress, late, self._shut_door),
            http=protocol,
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="critical",
            access_log=False,
            server_header=False,
            # An idle connection must not be closed just when the next chunk is sent on it.
            timeout_keep_alive=75,
            timeout_graceful_shutdown=1,
        )
        self._server = Listening(config, protocol, late, tenant.clock)
        self._thread = threading.Thread(target=self._server.listen, args=(listener,), name="sandbox", daemon=True)
        self._thread.start()
        while not self._server.ready.wait(0.1) and self._thread.is_alive():
            pass

    def _shut_door(self, seconds: float) -> None:
        self._server.shut_door(seconds)

    def join(self) -> None:
        while self._thread.is_alive():
            self._thread.join(0.2)  # on Windows, Ctrl+C can't end a wait without a limit

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join()
        self.store.close()


def _protocol(progress: Progress) -> type[LineProtocol]:
    """As uvicorn makes its protocols itself, what they need to know comes with the class."""

    class Protocol(LineProtocol):
        def accepted(self) -> None:
            hit = progress.connection()
            if hit is not None and isinstance(hit.fault, AtAccept):
                hit.fault.end(self.line)

    return Protocol
