"""Faults of the connection: it ends, or nothing comes, before there is an answer."""

from typing import Annotated, ClassVar, Final

from pydantic import Field
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from importer.sandbox.faults.commits import CommitWord
from importer.sandbox.faults.fault import Entry, Fault, Scene, Seconds
from importer.sandbox.faults.line import Line
from importer.sandbox.faults.targets import CONNECTION

NEVER: Final[frozenset[CommitWord]] = frozenset({"never"})
"""For calls that are not read, so that their rows can't be stored."""


class AtAccept(Fault):
    """A connection that ends before a byte of it is read."""

    answers: ClassVar[bool] = False
    falls_on: ClassVar[frozenset[str]] = CONNECTION
    commits: ClassVar[frozenset[CommitWord]] = NEVER

    def end(self, line: Line) -> None:
        """End the new connection."""
        _end(self.name, line)


class Early(Fault):
    """A connection that ends after the first bytes of a request."""

    unread: ClassVar[bool] = True
    answers: ClassVar[bool] = False

    bytes: Annotated[int, Field(ge=1)] = 100

    commits: ClassVar[frozenset[CommitWord]] = NEVER

    async def cut(self, scene: Scene) -> None:
        # The path, which tells the kind of the call, is known when the head is there; it counts as its first bytes.
        scope = scene.request.scope
        seen = len(scope["raw_path"]) + sum(len(name) + len(value) + 4 for name, value in scope["headers"])
        try:
            stream = scene.request.stream()
            while seen < self.bytes and (chunk := await anext(stream, b"")):
                seen += len(chunk)
        except ClientDisconnect:
            return
        _end(self.name, scene.line)
        await scene.line.gone()


class Stale(Fault):
    """A kept connection that ends just as the next request comes."""

    unread: ClassVar[bool] = True
    answers: ClassVar[bool] = False
    kept_only: ClassVar[bool] = True
    commits: ClassVar[frozenset[CommitWord]] = NEVER

    async def cut(self, scene: Scene) -> None:
        scene.line.close()
        await scene.line.gone()


class Broken(Fault):
    """A connection that ends when the request is there."""

    answers: ClassVar[bool] = False

    async def deliver(self, response: Response, scene: Scene) -> None:  # noqa: ARG002 the response is what gets lost
        _end(self.name, scene.line)
        await scene.line.gone()


class Hang(Fault):
    """No answer, until the client leaves, or for so many seconds, after which the connection is closed."""

    answers: ClassVar[bool] = False

    seconds: Seconds | None = None

    async def deliver(self, response: Response, scene: Scene) -> None:  # noqa: ARG002 the response is kept back
        await self.wait(scene)

    async def wait(self, scene: Scene) -> None:
        """Do nothing."""
        if self.seconds is not None and not await scene.line.gone_within(scene.clock.pause(self.seconds)):
            scene.line.close()
        await scene.line.gone()


class HangUnread(Hang):
    """The same, without reading the body; a server that finds it in its buffers later can still carry it out."""

    unread: ClassVar[bool] = True
    commits: ClassVar[frozenset[CommitWord]] = frozenset({"never", "after", "late"})

    async def cut(self, scene: Scene) -> None:
        await self.wait(scene)


class ContinueOnly(Hang):
    """`100 Continue`, and no answer."""

    async def deliver(self, response: Response, scene: Scene) -> None:
        scene.line.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        await super().deliver(response, scene)


class Outage(Fault):
    """Nobody listens for a while; connections that are open are reset."""

    answers: ClassVar[bool] = False

    seconds: Seconds = 60.0

    async def deliver(self, response: Response, scene: Scene) -> None:  # noqa: ARG002 the response is what gets lost
        scene.shut_door(self.seconds)
        scene.line.reset()
        await scene.line.gone()


def _end(name: str, line: Line) -> None:
    if name.startswith("reset"):
        line.reset()
    else:
        line.close()


FAULTS: Final = (
    Entry("reset-at-accept", "F-N2", "a new connection is reset before anything is read", AtAccept),
    Entry("close-at-accept", "F-N2", "a new connection is closed before anything is read", AtAccept),
    Entry("reset-early", "F-N2", "the connection is reset after the first bytes of the request", Early),
    Entry("close-early", "F-N2", "the connection is closed after the first bytes of the request", Early),
    Entry("reset", "F-N3", "the connection is reset after the whole request", Broken),
    Entry("close", "F-N3", "the connection is closed after the whole request", Broken),
    Entry("stale", "F-N4", "a kept connection is closed just as the next request comes on it", Stale),
    Entry("hang-unread", "F-N5", "the request is not read, and no answer comes", HangUnread),
    Entry("hang", "F-N5", "the request is read, and no answer comes", Hang),
    Entry("continue-only", "F-N5", "`100 Continue`, and no answer comes", ContinueOnly),
    Entry("outage", "F-N12", "the connection is reset, and for a while every other one is refused", Outage),
)
