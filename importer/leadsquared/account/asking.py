"""One question to the account, and what can stand in the way of its answer."""

import re
from typing import Any, Final

from importer.errors.base import StoppedEarly
from importer.leadsquared.calls import Answer, Call, Ending
from importer.leadsquared.conversations import Conversation
from importer.leadsquared.replies import exception_type, message_of, parsed, rate_limit

_HOST: Final = re.compile(r"\b(?:[a-z0-9-]+\.)+leadsquared\.com\b", re.IGNORECASE)


class AccountUnreadable(StoppedEarly):
    """The account did not tell what was asked of it."""

    code = "account-unreadable"

    def __init__(self, what: str, why: str) -> None:
        super().__init__(
            f"LeadSquared did not tell {what}: {why}.",
            "Check LSQ_HOST and the rights of the key's user (an administrator may read everything); then try again.",
        )


class KeysRefused(StoppedEarly):
    """The keys don't open the account."""

    code = "credentials-refused"

    def __init__(self, why: str, right_host: str | None) -> None:
        """:param right_host: the host that the refusal names, if it does: keys belong to one region's host."""
        remedy = (
            f"These keys belong to another region: set LSQ_HOST={right_host}."
            if right_host
            else "Check LSQ_ACCESS_KEY, LSQ_SECRET_KEY and LSQ_HOST: keys belong to one region's host, hold a $ that a "
            "shell may have eaten, and die with a deactivated user."
        )
        super().__init__(f"LeadSquared refused the keys ({why}).", remedy)
        self.right_host = right_host


class LogicalError(AccountUnreadable):
    """The account understood the question and refuses it; asking again brings the same answer (FACTS 4)."""

    def __init__(self, what: str, kind: str, why: str) -> None:
        super().__init__(what, why)
        self.kind = kind
        """The MX type."""


def asked(call: Call, what: str) -> Conversation[Any]:
    """Makes one reading call and returns the JSON value of its answer.

    :param what: what is asked for, to be put behind "LeadSquared did not tell".
    :raises KeysRefused: 401, or 403 that is no refusal for going too fast.
    :raises LogicalError: an error with an MX type, whatever the status.
    :raises AccountUnreadable: no answer, or none that is JSON.
    """
    ending: Ending = yield call
    if not isinstance(ending, Answer):
        raise AccountUnreadable(what, ending.cause)
    refused = refusal_of_keys(ending)
    if refused is not None:
        raise refused
    value = parsed(ending.body)
    said = message_of(value)
    words = _words(ending.status, said)
    if rate_limit(value, ending.body) is not None:
        raise AccountUnreadable(what, said or "too many calls")
    kind = exception_type(value)
    if kind.startswith("MX"):
        raise LogicalError(what, kind, f"{said or words} ({kind})")
    if ending.status != 200 or kind or (isinstance(value, dict) and value.get("Status") in ("Error", "Failed")):
        raise AccountUnreadable(what, words)
    if value is None and ending.body.strip() != b"null":
        raise AccountUnreadable(what, "the answer is no JSON")
    return value


def refusal_of_keys(ending: Ending) -> KeysRefused | None:
    """What to raise if an ending says that the keys are refused: 401, or 403 that is none for going too fast."""
    if not isinstance(ending, Answer) or ending.status not in (401, 403):
        return None
    value = parsed(ending.body)
    if rate_limit(value, ending.body) is not None:
        return None
    said = message_of(value)
    named = _HOST.search(said)
    return KeysRefused(_words(ending.status, said), named[0].lower() if named else None)


def _words(status: int, said: str) -> str:
    return f"HTTP {status}" + (f": {said}" if said else "")


# ------------------------------------------------------------------------------- pieces of answers


def text_of(record: Any, *names: str) -> str:
    """The first of these members that is a text or a number, without white space at its ends; else an empty text."""
    for name in names:
        value = record.get(name) if isinstance(record, dict) else None
        if isinstance(value, str) and value.strip():
            return value.strip()
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
    return ""


def flag_of(record: dict[str, Any], name: str) -> bool:
    """Whether a member says yes: booleans come as such, as numbers, and as texts."""
    return str(record.get(name)).strip().lower() in ("true", "1")


def count_of(record: dict[str, Any], name: str) -> int | None:
    """A member that is a whole number above nought, as a number or as a text (FACTS 2.9); else None."""
    text = text_of(record, name)
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 10 and int(text) else None


def records_of(value: Any) -> list[dict[str, Any]]:
    """The objects of a list; what is none is left out."""
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []
