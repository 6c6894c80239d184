"""One call, and the two ways in which it can end: with an answer, or in silence."""

import json
from dataclasses import dataclass, field
from typing import Literal, TypeAlias
from urllib.parse import urlencode

from importer.leadsquared.routes.route import CallClass


@dataclass(frozen=True, slots=True)
class Call:
    """One request to the API; keys are no part of it."""

    method: Literal["GET", "POST"]
    path: str
    """Below the base URL: `ProspectActivity.svc/Create`."""
    call_class: CallClass
    query: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None
    """JSON in UTF-8."""

    def as_json_line(self, base_path: str) -> bytes:
        """The call as one line of JSON; the body stands in it byte for byte."""
        query = f"?{urlencode(self.query)}" if self.query else ""
        path = json.dumps(f"{base_path}/{self.path}{query}")
        return f'{{"method":"{self.method}","path":{path},"body":'.encode() + (self.body or b"null") + b"}\n"


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer came back."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    """Names in lower case."""
    waited: float = field(default=0.0, compare=False)
    """Seconds until the first byte of the request left: making a connection takes time."""


@dataclass(frozen=True, slots=True)
class Silence:
    """No answer, or none that can be used."""

    cause: str
    """For a person: `the connection was reset`. Never a URL, never a library's own words."""
    sent: bool
    """Whether a byte of the request may have left this computer: known from the connection, not from the error."""
    lasting: bool = False
    """Trying again will not help: a certificate that is not accepted."""


Ending: TypeAlias = Answer | Silence
