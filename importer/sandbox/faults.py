"""The seam for faults: what may be asked around the moment in which a call takes effect.

`before_commit` may wait (a late commit), give back a shortened call (a part of its rows) or a response (nothing is
written); `after_commit` may wait; `instead_of_answer` may give another response, which, being an ASGI application,
can also drip, break off or never end.
"""

from typing import Protocol

from starlette.responses import Response

from importer.sandbox.wire import Answer, Call


class FaultSchedule(Protocol):
    """Asked once each for every call that passed keys, path, method, limits and the reading of its body."""

    async def before_commit(self, call: Call) -> Call | Response:
        """The call to carry out, or a response that goes out with nothing written."""

    async def after_commit(self, call: Call, answer: Answer) -> None:
        """What `call` did is stored; the answer has not left."""

    def instead_of_answer(self, call: Call, answer: Answer) -> Response | None:
        """The response to send in place of the answer, or None for the answer."""


class NoFaults:
    """A server on a good day."""

    async def before_commit(self, call: Call) -> Call | Response:
        """Every call is carried out as it came."""
        return call

    async def after_commit(self, call: Call, answer: Answer) -> None:
        """No delay."""

    def instead_of_answer(self, call: Call, answer: Answer) -> Response | None:  # noqa: ARG002 the protocol's shape
        """The answer itself."""
        return None
