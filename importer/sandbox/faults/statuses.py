"""Faults that are another answer: statuses of proxies, redirects, refusals for the rate, errors of the API."""

import re
from datetime import timedelta
from email.utils import format_datetime
from html import escape
from http import HTTPStatus
from typing import Annotated, ClassVar, Final

from pydantic import Field, StringConstraints
from starlette.responses import HTMLResponse, Response

from importer.sandbox.faults.fault import Entry, Fault, Scene
from importer.sandbox.wire import Answer, Json, json_response

RATE_WORDS: Final = "API calls exceeded the limit of 25 in 5 second(s)"

_DATE: Final = re.compile(r"date([+-]\d{1,9})", re.ASCII)
_WITHOUT_BODY: Final = frozenset({204, 304})

HeaderText = Annotated[str, StringConstraints(pattern=r"^[\x20-\x7e]*$", max_length=2000)]
"""What can stand in a header."""


class Status(Fault):
    """A status with a page, as a proxy or firewall between gives it."""

    status: Annotated[int, Field(ge=200, le=599)] = 502
    message: str | None = None
    location: HeaderText | None = None
    retry_after: HeaderText | None = None

    def reply(self, answer: Answer, scene: Scene) -> Response:  # noqa: ARG002 it knows nothing of the answer
        headers = {}
        if self.location is not None:
            headers["Location"] = self.location
        elif 300 <= self.status < 400 and self.status != 304:
            headers["Location"] = str(scene.request.url.path)
        if self.retry_after is not None:
            headers["Retry-After"] = _retry_after(self.retry_after, scene)
        if self.status in _WITHOUT_BODY:
            return Response(None, self.status, headers)
        phrase = HTTPStatus(self.status).phrase if self.status in set(HTTPStatus) else ""
        title = f"{self.status} {phrase}".strip()
        text = f"<html><head><title>{title}</title></head><body>{escape(self.message or title)}</body></html>"
        return HTMLResponse(text, self.status, headers)


class NoContent(Fault):
    """Success without a body."""

    def reply(self, answer: Answer, scene: Scene) -> Response:  # noqa: ARG002 it knows nothing of the answer
        return Response(None, 204)


class RateLimit(Fault):
    """A refusal for the rate; `words` false leaves the status alone to say it."""

    throttles: ClassVar[bool] = True

    status: Annotated[int, Field(ge=200, le=599)] = 429
    words: bool = True
    message: str = RATE_WORDS
    retry_after: HeaderText | None = None

    def reply(self, answer: Answer, scene: Scene) -> Response:  # noqa: ARG002 it knows nothing of the answer
        if self.words:
            response = json_response(_error("MXAPIRateLimitExceededException", self.message, self.status))
        else:
            response = HTMLResponse("<html><body></body></html>", self.status)
        if self.retry_after is not None:
            response.headers["Retry-After"] = _retry_after(self.retry_after, scene)
        return response


class MxError(Fault):
    """An error of the API; which rows were carried out before it, the rule says."""

    status: Annotated[int, Field(ge=200, le=599)] = 500
    type: str = "MXException"
    message: str = "An unexpected error has occurred."

    def reply(self, answer: Answer, scene: Scene) -> Response:  # noqa: ARG002 it knows nothing of the answer
        return json_response(_error(self.type, self.message, self.status))


class Failed(Fault):
    """HTTP 200 with `{"Status":"Failed"}`, as a live account answered when an activity type was switched off."""

    message: str | None = None

    def reply(self, answer: Answer, scene: Scene) -> Response:  # noqa: ARG002 it knows nothing of the answer
        body: dict[str, Json] = {"Status": "Failed"}
        if self.message is not None:
            body["Message"] = self.message
        return json_response(Answer(body))


def _error(exception_type: str, message: str, status: int) -> Answer:
    return Answer({"Status": "Error", "ExceptionType": exception_type, "ExceptionMessage": message}, status=status)


def _retry_after(text: str, scene: Scene) -> str:
    """The text itself, but `date+30` as the HTTP date 30 seconds from now."""
    found = _DATE.fullmatch(text)
    if found is None:
        return text
    return format_datetime(scene.clock.now() + timedelta(seconds=int(found[1])), usegmt=True)


FAULTS: Final = (
    Entry("status", "F-N9 to F-N11", "any status with a page, as proxies send it; a redirect has a Location", Status),
    Entry("no-content", "F-N8", "204, success without a body", NoContent),
    Entry(
        "rate-limit", "F-N10", "a refusal for the rate as 429, 403, 200 or any status, with or without words", RateLimit
    ),
    Entry("mx-error", "F-N11, F-A5", "an error of the API, of any type and text", MxError),
    Entry("failed", "F-A5", '`{"Status":"Failed"}` with status 200', Failed),
)
