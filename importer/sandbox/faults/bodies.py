"""Faults of the answer's body: it is something else, or JSON of a kind that readers disagree about."""

import zlib
from collections.abc import AsyncIterator, Callable
from typing import Annotated, ClassVar, Final

from pydantic import Field
from starlette.responses import Response, StreamingResponse

from importer.sandbox.faults.commits import CommitWord
from importer.sandbox.faults.fault import Entry, Fault, Megabytes, Scene
from importer.sandbox.wire import Answer, json_text

_JSON: Final = "application/json; charset=utf-8"
_MEGABYTE: Final = 1_000_000
_NO_BLOCK: Final = b"\x07"  # deflate has no blocks of type 3
_PORTAL: Final = (
    "<!doctype html><html><head><title>Sign in</title></head>"
    '<body><form action="/login"><p>Please sign in to use this network.</p></form></body></html>'
)

# Body and media type, whatever the call was.
_OTHER: Final[dict[str, tuple[bytes, str]]] = {
    "body-html": (_PORTAL.encode(), "text/html; charset=utf-8"),
    "body-empty": (b"", _JSON),
    "body-null": (b"null", _JSON),
    "body-list": (b"[]", _JSON),
    "body-object": (b"{}", _JSON),
    "body-ok": (b'"ok"', _JSON),
    "body-text": (b"Activities were posted.", _JSON),
}


class OtherBody(Fault):
    """Status 200 and a body that is no answer."""

    def reply(self, answer: Answer, scene: Scene) -> Response:  # noqa: ARG002 it knows nothing of the answer
        content, media_type = _OTHER[self.name]
        return Response(content, media_type=media_type)


class Deep(Fault):
    """Arrays within arrays."""

    depth: Annotated[int, Field(ge=1, le=10_000_000)] = 100_000

    def reply(self, answer: Answer, scene: Scene) -> Response:  # noqa: ARG002 it knows nothing of the answer
        return Response(b"[" * self.depth + b"]" * self.depth, media_type=_JSON)


class Huge(Fault):
    """So many megabytes of JSON, made while they are sent."""

    megabytes: Megabytes = 200

    def reply(self, answer: Answer, scene: Scene) -> Response:  # noqa: ARG002 it knows nothing of the answer
        headers = {"Content-Length": str(self.megabytes * _MEGABYTE)}
        return StreamingResponse(_blanks(self.megabytes), headers=headers, media_type=_JSON)


class GzipBomb(Fault):
    """So many megabytes of JSON, of which a thousandth travels."""

    megabytes: Megabytes = 200

    def reply(self, answer: Answer, scene: Scene) -> Response:  # noqa: ARG002 it knows nothing of the answer
        content = _compressed(_blanks(self.megabytes))
        return StreamingResponse(content, headers={"Content-Encoding": "gzip"}, media_type=_JSON)


class GzipBad(Fault):
    """A body that says it is compressed, and is only at its beginning."""

    spoiled: ClassVar[bool] = True
    usual_commit: ClassVar[CommitWord] = "before"

    def reply(self, answer: Answer, scene: Scene) -> Response:  # noqa: ARG002 it knows nothing of the answer
        body = json_text(answer.body).encode()
        packer = zlib.compressobj(wbits=31)
        content = packer.compress(body[: len(body) // 2]) + packer.flush(zlib.Z_FULL_FLUSH) + _NO_BLOCK
        return Response(content, headers={"Content-Encoding": "gzip"}, media_type=_JSON)


class Disputed(Fault):
    """The answer itself, written as some readers take it and others don't."""

    usual_commit: ClassVar[CommitWord] = "before"

    def reply(self, answer: Answer, scene: Scene) -> Response:  # noqa: ARG002 every reply has this shape
        content = _DISPUTED[self.name](json_text(answer.body))
        return Response(content, answer.status, media_type=_JSON)


def _with_first_member(text: str, member: str) -> str:
    """An object with one more member at its beginning; other JSON becomes the member's neighbour."""
    if not text.startswith("{"):
        return f'{{{member},"Response":{text}}}'
    return "{" + member + ("," if text != "{}" else "") + text[1:]


def _doubled(text: str) -> str:
    first = text[1 : text.index('"', 2) + 1] if text.startswith('{"') else '"Response"'
    return _with_first_member(text if text != "{}" else '{"Response":[]}', f"{first}:null")


_DISPUTED: Final[dict[str, Callable[[str], bytes]]] = {
    "body-bom": lambda text: ("\ufeff" + text).encode(),
    "body-latin-1": lambda text: _with_first_member(text, '"Note":"café"').encode("latin-1", "replace"),
    "body-nan": lambda text: _with_first_member(text, '"Took":NaN').encode(),
    "body-double-keys": lambda text: _doubled(text).encode(),
}


async def _blanks(megabytes: int) -> AsyncIterator[bytes]:
    """An empty array with so many megabytes of blanks in it."""
    block = b" " * (_MEGABYTE - 2)
    yield b"[" + block
    for _ in range(megabytes - 1):
        yield b"  " + block
    yield b"]"


async def _compressed(blocks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    packer = zlib.compressobj(wbits=31)
    async for block in blocks:
        if packed := packer.compress(block):
            yield packed
    yield packer.flush()


FAULTS: Final = (
    Entry("body-html", "F-N8", "200 with a sign-in page, as captive portals send it", OtherBody),
    Entry("body-empty", "F-N8", "200 without a body", OtherBody),
    Entry("body-null", "F-N8", "200 with `null`", OtherBody),
    Entry("body-list", "F-N8, F-A2", "200 with `[]`", OtherBody),
    Entry("body-object", "F-N8", "200 with `{}`", OtherBody),
    Entry("body-ok", "F-N8", '200 with `"ok"`', OtherBody),
    Entry("body-text", "F-N8", "200 with words that are no JSON", OtherBody),
    Entry("body-bom", "F-N8", "the answer begins with a byte-order mark", Disputed),
    Entry("body-latin-1", "F-N8", "the answer has an é in latin-1", Disputed),
    Entry("body-nan", "F-N8", "the answer has a NaN in it", Disputed),
    Entry("body-double-keys", "F-N8", "the answer's first key stands twice", Disputed),
    Entry("body-deep", "F-P7", "200 with arrays nested 100,000 deep", Deep),
    Entry("body-huge", "F-N8", "200 with megabytes of blanks", Huge),
    Entry("gzip-bomb", "F-N8", "the same, compressed to a thousandth", GzipBomb),
    Entry("gzip-bad", "F-N8", "the answer is compressed, and broken half-way", GzipBad),
)
