"""What a fault is: a name, options, and what it does at each moment of a call."""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, ClassVar, Final, Literal

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Send

from importer.sandbox.clock import Clock
from importer.sandbox.faults.commits import WORDS, Commit, CommitWord
from importer.sandbox.faults.line import Line
from importer.sandbox.kinds import KINDS, WRITING
from importer.sandbox.tenant import Tenant
from importer.sandbox.wire import Answer, Call, Json

Calls = Literal["bulk", "single", "async", "read", "metadata", "any", "connection"]
"""What rules count: calls of one kind, all calls, or accepted connections."""

CONNECTION: Final[frozenset[str]] = frozenset({"connection"})
BULK: Final[frozenset[str]] = frozenset({"bulk"})
READ: Final[frozenset[str]] = frozenset({"read"})

Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Megabytes = Annotated[int, Field(ge=1, le=100_000)]
Carry = Callable[[Tenant, Call], Answer]


@dataclass(frozen=True, slots=True)
class Scene:
    """Where a fault happens: the request, its connection, the time, and chance, which a seed decides."""

    request: Request
    send: Send
    line: Line
    clock: Clock
    luck: random.Random
    shut_door: Callable[[float], None]
    """Has nobody listen for so many seconds."""

    async def respond(self, response: Response) -> None:
        """Send a response in the ordinary way."""
        await response(self.request.scope, self.request.receive, self.send)


class Fault(BaseModel):
    """A fault with its options; it overrides what it makes worse.

    `unread`: it happens before the body is read, by `cut`. `answers`: its caller gets a status. `spoiled`: its answer
    is no proof whatever it says, so it may speak of rows that are not stored; other answers don't.
    """

    # A text may stand in a file as a number: `retry_after: 30`.
    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True)

    unread: ClassVar[bool] = False
    answers: ClassVar[bool] = True
    spoiled: ClassVar[bool] = False
    twice: ClassVar[bool] = False
    """The request arrives twice; `commit` is about the second time."""
    kept_only: ClassVar[bool] = False
    """It needs a connection on which a call was answered before."""

    name: str

    @property
    def falls_on(self) -> frozenset[str]:
        """The kinds of calls, or `connection`."""
        return KINDS

    @property
    def usual_commit(self) -> CommitWord:
        """When rows are stored if the rule doesn't say."""
        return "never"

    @property
    def commits(self) -> frozenset[CommitWord]:
        """When rows can be stored."""
        return WORDS

    @property
    def commit_reason(self) -> str:
        """Why they can't be stored at another moment."""
        return f"rows can be stored {', '.join(sorted(self.commits)) or 'not at all'}"

    @property
    def options(self) -> frozenset[str]:
        """The names of its options."""
        return frozenset(type(self).model_fields) - {"name"}

    async def cut(self, scene: Scene) -> None:
        """What happens instead of reading the request, if `unread`."""

    def send_call(self, call: Call) -> Call:
        """The call that arrives in place of the one that was sent."""
        return call

    def tenant(self, tenant: Tenant, luck: random.Random) -> Tenant:  # noqa: ARG002 an override needs it
        """The account that answers."""
        return tenant

    def spoil(self, answer: Answer, luck: random.Random) -> Answer:  # noqa: ARG002 an override needs it
        """The answer that the account gives."""
        return answer

    def reply(self, answer: Answer, scene: Scene) -> Response:  # noqa: ARG002 an override needs it
        """The response that is sent."""
        return json_response(answer)

    async def deliver(self, response: Response, scene: Scene) -> None:
        """Send it, or don't."""
        await scene.respond(response)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the catalogue: the fault's name, its line in the fault matrix, what happens, and its class."""

    name: str
    matrix: str
    summary: str
    model: type[Fault]


def json_text(body: Json) -> str:
    """JSON as the API writes it."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def json_response(answer: Answer) -> Response:
    """An answer as it goes out on a good day."""
    return Response(json_text(answer.body).encode(), answer.status, media_type="application/json; charset=utf-8")


def claims_nothing(kind: str) -> Answer:
    """An answer of success that no row can be proven with, for calls that were not carried out."""
    return Answer({"Response": []} if kind == "bulk" else {})


def writes(kind: str) -> bool:
    """Whether calls of this kind store anything."""
    return kind in WRITING


def usual(fault: Fault) -> Commit:
    """When a fault's rows are stored if the rule doesn't say."""
    return Commit(fault.usual_commit)
