"""Faults on the way of the answer: it comes too slowly, is cut off, or is longer or shorter than it says."""

from email.utils import formatdate
from http import HTTPStatus
from typing import Annotated, ClassVar, Final

from pydantic import Field
from starlette.responses import Response

from importer.sandbox.faults.commits import CommitWord
from importer.sandbox.faults.fault import Entry, Fault, Scene, Seconds


class OnTheWay(Fault):
    """An answer that was right when it was made."""

    usual_commit: ClassVar[CommitWord] = "before"

    def bytes_of(self, response: Response) -> bytes:
        """What goes out before the connection is closed."""
        return head(response, length=len(response.body)) + bytes(response.body)

    async def deliver(self, response: Response, scene: Scene) -> None:
        scene.line.write(self.bytes_of(response))
        scene.line.close()
        await scene.line.gone()


class Drip(OnTheWay):
    """The answer, one byte every so many seconds."""

    seconds: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 0.4

    async def deliver(self, response: Response, scene: Scene) -> None:
        for byte in self.bytes_of(response):
            scene.line.write(bytes([byte]))
            if await scene.line.gone_within(scene.clock.pause(self.seconds)):
                return
        scene.line.close()
        await scene.line.gone()


class Slow(OnTheWay):
    """The answer as ever, but so many seconds later."""

    seconds: Seconds = 30.0

    async def deliver(self, response: Response, scene: Scene) -> None:
        if not await scene.line.gone_within(scene.clock.pause(self.seconds)):
            await scene.respond(response)


class Cut(OnTheWay):
    """An answer that ends too early."""

    spoiled: ClassVar[bool] = True

    def bytes_of(self, response: Response) -> bytes:
        body = bytes(response.body)
        half = body[: len(body) // 2]
        whole_head = head(response, length=len(body))
        match self.name:
            case "cut-status-line":
                return whole_head[:10]
            case "cut-headers":
                return whole_head[: whole_head.index(b"\r\n") + 20]
            case "cut-chunk":
                return head(response, chunked=True) + f"{len(body):x}\r\n".encode() + half
            case "length-too-short":
                return head(response, length=len(half)) + body
            case "no-length":
                return head(response) + half
            case _:
                return whole_head + half


class LengthTooLong(OnTheWay):
    """An answer that says it is longer than it is: all of it comes, and then the connection is closed."""

    def bytes_of(self, response: Response) -> bytes:
        return head(response, length=len(response.body) + 10) + bytes(response.body)


def head(response: Response, length: int | None = None, *, chunked: bool = False) -> bytes:
    """Status line and headers with the blank line, for a connection that ends with the answer."""
    status = response.status_code
    phrase = HTTPStatus(status).phrase if status in set(HTTPStatus) else ""
    lines = [f"HTTP/1.1 {status} {phrase}".encode(), b"date: " + formatdate(usegmt=True).encode()]
    lines += [name + b": " + value for name, value in response.raw_headers if name != b"content-length"]
    if length is not None:
        lines.append(f"content-length: {length}".encode())
    if chunked:
        lines.append(b"transfer-encoding: chunked")
    lines.append(b"connection: close")
    return b"\r\n".join(lines) + b"\r\n\r\n"


FAULTS: Final = (
    Entry("slow", "F-N6", "the answer comes whole, after many seconds", Slow),
    Entry("drip", "F-N6", "the answer comes byte by byte", Drip),
    Entry("cut-status-line", "F-N7", "the answer ends within its status line", Cut),
    Entry("cut-headers", "F-N7", "the answer ends within its headers", Cut),
    Entry("cut-body", "F-N7", "the answer ends in the middle of its body", Cut),
    Entry("cut-chunk", "F-N7", "the answer ends within a chunk of its body", Cut),
    Entry("length-too-long", "F-N7", "Content-Length is larger than the body", LengthTooLong),
    Entry("length-too-short", "F-N7", "Content-Length is half of the body, all of which comes", Cut),
    Entry("no-length", "F-N7", "there is no Content-Length, and half of the body comes", Cut),
)
