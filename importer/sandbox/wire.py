"""What comes in and what goes out: a call without its keys, its JSON body, and the answer."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NoReturn, TypeAlias

from starlette.responses import Response

from importer.sandbox.errors import ApiError, EncodingError, MalformedBodyError

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
KEY_NAMES = frozenset({"accesskey", "secretkey"})


@dataclass(frozen=True, slots=True)
class Call:
    """One call that may be answered; the names in `query` are in lower case, the keys are taken out."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: Json = None
    host: str = ""

    @property
    def rows(self) -> list[Json]:
        """The activities of a bulk call, or the one of a single call; none without a body."""
        if isinstance(self.body, list):
            return self.body
        return [] if self.body is None else [self.body]


@dataclass(frozen=True, slots=True)
class Answer:
    """A status with its JSON body, and how many activities the call created."""

    body: Json
    created: int = 0
    status: int = 200


def json_text(body: Json) -> str:
    """JSON as the API writes it."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def json_response(answer: Answer) -> Response:
    """An answer as it goes out on a good day."""
    return Response(json_text(answer.body).encode(), answer.status, media_type="application/json; charset=utf-8")


def refusal(error: ApiError) -> Answer:
    """The answer that says what is wrong (page error-handling)."""
    body: Json = {"Status": "Error", "ExceptionType": error.exception_type, "ExceptionMessage": error.message}
    return Answer(body, status=error.http_status)


def read_json(raw: bytes) -> Json:
    """Read a body; an empty one is None. Raises EncodingError or MalformedBodyError."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise EncodingError from None
    if not text.strip():
        return None
    try:
        body: Json = json.loads(text, parse_constant=_no_constant)
        json.dumps(body, ensure_ascii=False).encode()
    except (ValueError, RecursionError):  # lone surrogates are refused too: SQLite can't store them
        raise MalformedBodyError from None
    return body


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def as_object(value: Json) -> dict[str, Json]:
    """The value, which must be an object; raises MalformedBodyError."""
    if not isinstance(value, dict):
        raise MalformedBodyError
    return value


def as_list(value: Json) -> list[Json]:
    """The value, which must be an array; raises MalformedBodyError."""
    if not isinstance(value, list):
        raise MalformedBodyError
    return value


def as_text(value: Json) -> str:
    """A scalar as the text the API would store, null as an empty one; raises MalformedBodyError for anything else."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, int | float):
        return str(value)
    raise MalformedBodyError


def as_number(value: Json) -> int | None:
    """A whole number given as such or as digits, which clients both send; None for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value if abs(value) < 10**9 else None
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 10:
        return int(value)
    return None
