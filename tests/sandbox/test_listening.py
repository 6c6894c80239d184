"""The sandbox's port: nobody who was taken in is forgotten when it is closed or deaf."""

import asyncio
import contextlib
import gc
import socket
from collections.abc import Awaitable, Callable
from typing import TypeAlias

import pytest
import uvicorn

from importer.sandbox.clock import Clock
from importer.sandbox.faults.late import LateCommits
from importer.sandbox.faults.line import LineProtocol
from importer.sandbox.listening import Listening

TURNS = range(8)
"""Of the loop, from a connection to the end of the port: it is taken in, gets a transport, is made known, is read."""


async def be_deaf(server: Listening) -> None:
    """Deaf for longer than the test lasts."""
    server.shut_door(60)


async def end(server: Listening) -> None:
    """As a server does that is told to stop."""
    await server.shutdown()


Ending: TypeAlias = Callable[[Listening], Awaitable[None]]


async def visit(ending: Ending, turns: int) -> None:
    """Connects and ends the port so many turns of the loop later; fails if the connection is left open."""
    clock = Clock()
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(_no_answer, http=LineProtocol, ws="none", lifespan="off", log_config=None)
    config.load()
    server = Listening(config, LineProtocol, LateCommits(clock.pause), clock)
    server.lifespan = config.lifespan_class(config)
    await server.startup([listener])
    with socket.create_connection(listener.getsockname()) as client:
        client.settimeout(0)
        for _ in range(turns):
            await asyncio.sleep(0)
        await ending(server)
        with contextlib.suppress(ConnectionResetError):
            assert await asyncio.wait_for(asyncio.get_running_loop().sock_recv(client, 1), 2) == b""
    await server.shutdown()


async def _no_answer(scope: object, *_: object) -> None:
    raise AssertionError(scope)


@pytest.mark.parametrize("ending", [be_deaf, end])
@pytest.mark.parametrize("turns", TURNS)
def test_who_was_taken_in_is_told_of_the_end(ending: Ending, turns: int) -> None:
    """Whenever the port ends, its client hears of it, and no connection is lost unclosed (gc would warn: an error)."""
    with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
        runner.run(visit(ending, turns))
    gc.collect()
