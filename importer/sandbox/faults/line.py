"""The connection below HTTP, as faults need it: reset, closed, or written to past all rules."""

import asyncio
import socket
import struct
import sys
from collections.abc import Awaitable
from typing import Any, Final, cast

from starlette.types import Scope
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

# Lingering for 0 seconds makes closing a reset; asyncio's abort alone sends an ordinary end.
_NO_LINGERING: Final = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)


class Line:
    """One connection. After `reset`, `close` or `write`, HTTP is over on it: wait until it is `gone`."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._lost = asyncio.Event()
        self.answered = 0
        """How many calls were answered on it."""
        self.held = False
        """A fault keeps it; a server that stops need not wait for that."""

    def open(self, transport: asyncio.Transport) -> None:
        """The connection is there."""
        self._transport = transport

    def lost(self) -> None:
        """The connection is gone, whoever ended it."""
        self._lost.set()

    def reset(self) -> None:
        """End it with RST; what was not sent yet is dropped."""
        assert self._transport is not None
        if not self._transport.is_closing():
            self._transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGERING)
        self._transport.abort()

    def close(self) -> None:
        """End it with FIN after what was written."""
        assert self._transport is not None
        self._transport.close()

    def write(self, content: bytes) -> None:
        """Send bytes as they are."""
        assert self._transport is not None
        self._transport.write(content)

    async def gone(self) -> None:
        """Return when the connection is gone: the client has left, or an end has gone out."""
        self.held = True
        await self._lost.wait()

    async def gone_within(self, pause: Awaitable[None]) -> bool:
        """Wait for a pause; whether the connection went before it was over."""
        self.held = True
        waits = {asyncio.ensure_future(pause), asyncio.ensure_future(self._lost.wait())}
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in waits:
                each.cancel()
        return self._lost.is_set()


def line_of(scope: Scope) -> Line:
    """The connection on which a request came."""
    return cast("Line", scope["state"]["line"])


class LineProtocol(H11Protocol):
    """HTTP/1.1 that hands its connection to the application; a subclass says what befalls a new connection."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        self.line = Line()
        super().__init__(config, server_state, {**app_state, "line": self.line}, _loop)

    def accepted(self) -> None:
        """Called before the first byte is read."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as its parent has it
        """Keep the connection."""
        super().connection_made(transport)
        self.line.open(transport)
        self.accepted()

    def on_response_complete(self) -> None:
        """Count the answer."""
        self.line.answered += 1
        super().on_response_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell those who wait for it."""
        super().connection_lost(exc)
        self.line.lost()
