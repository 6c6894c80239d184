"""What is written in an answer, read without trust: errors, refusals for going too fast, receipts."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, Final, Never

from importer.codes.rows import Code
from importer.leadsquared.shapes import GUID
from importer.records import Receipt

RATE_LIMIT_TYPE: Final = "MXAPIRateLimitExceededException"
_LIMIT_WORDS: Final = re.compile(r"exceeded the limit of\s+(\d{1,9})\s+in\s+(\d{1,6})\s+second", re.IGNORECASE)

_UNFIT: Final = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069]")
"""Control characters and those that set a direction. Joiners stay: Indian scripts are written with them."""

_MESSAGE_KEYS: Final = ("ExceptionMessage", "ErrorMessage", "Message", "Reason")
"""Under which a failed row or call says why: all that were seen (api/FACTS, sections 2.2 and 4)."""

LONGEST_MESSAGE: Final = 500
"""Characters of the server's words that are kept."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A rate limit in the words of a refusal: "API calls exceeded the limit of 25 in 5 second(s)"."""

    calls: int
    seconds: int


def parsed(body: bytes) -> Any:
    """The JSON value of an answer; None if it is no JSON, or none that a server of this API writes."""
    try:
        return json.loads(body, object_pairs_hook=_members, parse_constant=_refuse)
    except (ValueError, RecursionError):  # RecursionError: nested a hundred thousand levels deep
        return None


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("a key stands twice, and nobody knows which of its values is meant")
    return members


def _refuse(constant: str) -> Never:
    raise ValueError(f"{constant} is no JSON")


def rate_limit(value: Any, body: bytes) -> Limit | None:
    """The limit that an answer names; Limit(0, 0) if it refuses for going too fast without naming one.

    Seen with the statuses 429, 403 and 200, so the status says nothing.
    """
    if _may_hold_receipts(value, body):
        return None  # whatever they quote
    words = _LIMIT_WORDS.search(body[:4096].decode("utf-8", "replace"))
    if words:
        return Limit(int(words[1]), int(words[2]))
    return Limit(0, 0) if exception_type(value) == RATE_LIMIT_TYPE else None


def _may_hold_receipts(value: Any, body: bytes) -> bool:
    if isinstance(value, dict):
        return bool(value.get("Response")) or value.get("Status") == "Success"
    broken_off = value is None and body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"["))
    return broken_off or isinstance(value, list)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that an answer asks to wait; None if it names none that make sense. No page documents the header."""
    asked = headers.get("retry-after", "").strip()
    if asked.isascii() and asked.isdigit():
        return float(asked)
    try:
        # Both times are the server's, so a wrong clock on this computer does no harm.
        return max(0.0, (parsedate_to_datetime(asked) - parsedate_to_datetime(headers["date"])).total_seconds())
    except (KeyError, ValueError, TypeError, OverflowError):
        return None


def exception_type(value: Any) -> str:
    """The MX type of an error body, or an empty text."""
    kind = value.get("ExceptionType") if isinstance(value, dict) else None
    return one_line(kind) if isinstance(kind, str) else ""


def message_of(value: Any) -> str:
    """The server's own words in an error body or a failed row, on one line; empty if there are none."""
    if not isinstance(value, dict):
        return ""
    nested = [inner for inner in map(value.get, _MESSAGE_KEYS) if isinstance(inner, dict)]
    for said in (value, *nested):
        for words in map(said.get, _MESSAGE_KEYS):
            if isinstance(words, str) and words.strip():
                return one_line(words)
    return ""


def one_line(words: str) -> str:
    """As much of a server's text as is kept; half of a letter, where it has cut its own text, becomes a `?`.

    Nothing in it moves the cursor of whoever reads a report, or turns the order of the letters round.
    """
    line = _UNFIT.sub("\ufffd", " ".join(words.split()))
    return line.encode(errors="replace").decode()[:LONGEST_MESSAGE]


def is_id(value: Any) -> bool:
    """Whether this is a well-formed activity id; all noughts are how .NET writes that there is none."""
    return isinstance(value, str) and GUID.fullmatch(value) is not None and value.strip("0-") != ""


def bulk_receipts(value: Any, rows: int) -> tuple[Receipt, ...] | None:
    """The receipts of a bulk call of so many rows, by row number; None if they prove nothing.

    Proof is a receipt for each of the rows 1 to `rows` exactly once (page 003), each either `ActivityCreated` true with
    an id that no other has, or `ActivityCreated` false. One receipt that is anything else makes all of them worthless:
    a server that errs about one row may have numbered the others wrongly.
    """
    entries = value.get("Response") if isinstance(value, dict) else None
    if not isinstance(entries, list) or len(entries) != rows:
        return None
    receipts: dict[int, Receipt] = {}
    for entry in entries:
        receipt = _bulk_receipt(entry)
        if receipt is None or not 1 <= receipt.row_number <= rows or receipt.row_number in receipts:
            return None
        receipts[receipt.row_number] = receipt
    ids = [receipt.activity_id.lower() for receipt in receipts.values() if receipt.created]
    if len(set(ids)) < len(ids):
        return None
    return tuple(receipts[number] for number in range(1, rows + 1))


def _bulk_receipt(entry: Any) -> Receipt | None:
    if not isinstance(entry, dict):
        return None
    number, created, activity_id = (entry.get(key) for key in ("RowNumber", "ActivityCreated", "ProspectActivityId"))
    if type(number) is not int:
        return None
    if created is True and is_id(activity_id):
        return Receipt(number, created=True, activity_id=str(activity_id))
    if created is False:
        return Receipt(number, created=False, code=Code.LSQ_REJECTED, message=_reason(entry))
    return None


def single_receipt(value: Any) -> Receipt | None:
    """The receipt of a call for one activity: `{"Status":"Success","Message":{"Id":…}}` (pages 000 and 002)."""
    if not isinstance(value, dict) or value.get("Status") != "Success" or not isinstance(value.get("Message"), dict):
        return None
    activity_id = value["Message"].get("Id")
    if not is_id(activity_id):
        return None
    return Receipt(1, created=True, activity_id=str(activity_id), message=_score(value))


def _score(value: dict[str, Any]) -> str:
    """The lead's new score, if it was asked for: no page names the key under which it comes (FACTS 2.1)."""
    members = {**value, **value["Message"]}
    scores = (
        f"{key} {score}" for key, score in members.items() if "score" in key.lower() and type(score) in (int, str)
    )
    return one_line(", ".join(scores))


def request_id_of(value: Any) -> str | None:
    """The number of a request that was accepted: `{"Status":"Request accepted…","RequestID":" …"}` (page 001).

    The page's own example has a blank before it.
    """
    request_id = value.get("RequestID") if isinstance(value, dict) else None
    return request_id.strip() if isinstance(request_id, str) and is_id(request_id.strip()) else None


def refusal(value: Any) -> Receipt:
    """The receipt of a single call that the server refused."""
    return Receipt(1, created=False, code=Code.LSQ_REJECTED, message=_reason(value))


def _reason(value: Any) -> str:
    message, kind = message_of(value), exception_type(value)
    if kind and message:
        return f"{message} ({kind})"
    return message or kind or "LeadSquared gave no reason"
