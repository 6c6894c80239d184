"""The sandbox's port: answering on it, being deaf for a while, and closing it."""

import asyncio
import socket
import threading

import uvicorn

from importer.sandbox.clock import Clock
from importer.sandbox.faults.late import LateCommits
from importer.sandbox.faults.line import LineProtocol


class Listening(uvicorn.Server):
    """Tells when it listens, can be deaf for a while, and doesn't wait for faults when it stops."""

    def __init__(self, config: uvicorn.Config, protocol: type[LineProtocol], late: LateCommits, clock: Clock) -> None:
        super().__init__(config)
        self.ready = threading.Event()
        self._protocol = protocol
        self._late = late
        self._clock = clock
        self._deaf: asyncio.Task[None] | None = None

    def listen(self, listener: socket.socket) -> None:
        """Answer until `should_exit` is set; returns when everything is closed."""
        # Windows' own loop can't stop accepting without closing the port, which `_stop_accepting` needs.
        with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
            runner.run(self.serve([listener]))

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, and say so."""
        await super().startup(sockets)
        self.ready.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close everything; calls under way have a second, faults none."""
        self._late.cancel()
        if self._deaf is not None:
            self._deaf.cancel()
        await self._stop_accepting()
        self._reset_lines(held_only=True)
        await super().shutdown(sockets)

    def shut_door(self, seconds: float) -> None:
        """Reset all connections and refuse new ones for so many seconds; a door that is shut stays so for its time."""
        if self._deaf is None or self._deaf.done():
            self._deaf = asyncio.get_running_loop().create_task(self._be_deaf(seconds))

    async def _be_deaf(self, seconds: float) -> None:
        await self._stop_accepting()
        door = self._close_door()
        try:
            self._reset_lines(held_only=False)
            await self._clock.pause(seconds)
            server = await asyncio.get_running_loop().create_server(
                self._answer_connection, sock=door, start_serving=False
            )
        except asyncio.CancelledError:
            door.close()
            raise
        self.servers = [server]
        await server.start_serving()

    async def _stop_accepting(self) -> None:
        """Take nobody in any more, and wait until those who were taken in are among the connections.

        A server that is closed before that loses them without closing them (python/cpython issue 109564), and their
        clients wait for an answer.
        """
        loop = asyncio.get_running_loop()
        for server in self.servers:
            for listener in server.sockets:
                loop.remove_reader(listener.fileno())
        await asyncio.sleep(0)  # they get their transport,
        await asyncio.sleep(0)  # and their protocol hears of it

    def _close_door(self) -> socket.socket:
        """A socket of the same address that nobody listens to: who connects is refused, and nobody else can take it."""
        listener = self.servers[0].sockets[0]
        door = socket.socket(listener.family, socket.SOCK_STREAM)
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        address = listener.getsockname()
        for each in self.servers:
            each.close()
        door.bind(address)
        return door

    def _answer_connection(self) -> LineProtocol:
        return self._protocol(self.config, self.server_state, self.lifespan.state)

    def _reset_lines(self, *, held_only: bool) -> None:
        for each in list(self.server_state.connections):
            if isinstance(each, LineProtocol) and (each.line.held or not held_only):
                each.line.reset()
