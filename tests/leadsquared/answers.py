"""Answers of the API as pages, live reports and fixtures show them (FACTS, sections 2 to 4), for tests."""

import json
from typing import Any

from importer.leadsquared.calls import Answer


def activity_id(number: int) -> str:
    """A well-formed id, another one for each number."""
    return f"{number:08x}-51aa-11e2-9e64-12314004ac6b"


def created(number: int) -> dict[str, Any]:
    """The receipt of a row that was created, in the order and words of page 003."""
    return {"ProspectActivityId": activity_id(number), "RowNumber": number, "ActivityCreated": True}


def failed(number: int, message: str = "Lead does not exist", key: str = "ExceptionMessage") -> dict[str, Any]:
    """The receipt of a row that was refused, in the words of a fixture."""
    return {"RowNumber": number, "ActivityCreated": False, "ProspectActivityId": None, key: message}


def error(kind: str, message: str, **more: Any) -> dict[str, Any]:
    """The body of an error (error-handling page)."""
    return {"Status": "Error", "ExceptionType": kind, "ExceptionMessage": message, **more}


def answer(status: int, value: Any, **headers: str) -> Answer:
    """An answer with this JSON value, or with these very bytes."""
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    return Answer(status, body, {name.replace("_", "-"): text for name, text in headers.items()})


def receipts(*entries: Any) -> dict[str, Any]:
    """The body of a bulk call's answer (page 003)."""
    return {"Response": list(entries)}


SINGLE = {"Status": "Success", "Message": {"Id": activity_id(1)}}
"""The body of a single call's answer (pages 000 and 002)."""

TOO_FAST = "API calls exceeded the limit of 10 in 5 second(s)"
