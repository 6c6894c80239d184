"""What a fault is: a name, options, and what it does at each moment of a call."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, ClassVar, Final

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Send

from importer.sandbox.clock import Clock
from importer.sandbox.faults.commits import WORDS, CommitWord
from importer.sandbox.faults.line import Line
from importer.sandbox.kinds import KINDS, WRITING
from importer.sandbox.tenant import Tenant
from importer.sandbox.wire import Answer, Call, json_response

BULK: Final[frozenset[str]] = frozenset({"bulk"})
READ: Final[frozenset[str]] = frozenset({"read"})

Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Megabytes = Annotated[int, Field(ge=1, le=100_000)]


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
    """A fault with its options; it overrides what it makes worse."""

    # A text may stand in a file as a number: `retry_after: 30`.
    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True)

    falls_on: ClassVar[frozenset[str]] = KINDS
    """The kinds of calls, or `connection`."""
    commits: ClassVar[frozenset[CommitWord]] = WORDS
    """When rows can be stored."""
    usual_commit: ClassVar[CommitWord] = "never"
    """When they are stored if the rule doesn't say."""
    unread: ClassVar[bool] = False
    """It happens before the body is read, by `cut`."""
    answers: ClassVar[bool] = True
    """Its caller gets a status."""
    throttles: ClassVar[bool] = False
    """Its answer says that calls come too fast, so it counts as such a refusal."""
    spoiled: ClassVar[bool] = False
    """Its answer proves nothing, whatever it says; so it may speak of rows that are not stored, as no other does."""
    twice: ClassVar[bool] = False
    """The request arrives twice; `commit` is about the second time."""
    kept_only: ClassVar[bool] = False
    """It needs a connection on which a call was answered before."""

    name: str

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


def claims_nothing(kind: str) -> Answer:
    """An answer of success that no row can be proven with, for calls that were not carried out."""
    return Answer({"Response": []} if kind == "bulk" else {})


def writes(kind: str) -> bool:
    """Whether calls of this kind store anything."""
    return kind in WRITING
