"""What the ending of a posting call means for its rows: one table, from the surest sign to the vaguest.

A row counts as created or refused only with proof. Everything that is neither proof nor a sure sign that the server
did nothing is ambiguous: an error, a time-out or an odd answer may come after the rows were written.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from importer.codes.rows import Code
from importer.leadsquared.calls import Answer, Ending, Silence
from importer.leadsquared.replies import (
    Limit,
    bulk_receipts,
    exception_type,
    message_of,
    parsed,
    rate_limit,
    refusal,
    request_id_of,
    retry_after,
    single_receipt,
)
from importer.leadsquared.routes.route import CallClass
from importer.records import Receipt


@dataclass(frozen=True, slots=True)
class NotExecuted:
    """The server did nothing; the call can be made again after a while."""

    cause: str
    limit: Limit | None = None
    """Set when the call was refused for going too fast."""
    retry_after: float | None = None
    """Seconds that the server asks to wait, if it does."""


@dataclass(frozen=True, slots=True)
class Settled:
    """Each row has its receipt."""

    receipts: tuple[Receipt, ...]


@dataclass(frozen=True, slots=True)
class Accepted:
    """The call waits in LeadSquared's queue; under this number it can be asked what became of it (page 001)."""

    request_id: str


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """Rows may have been created or not."""

    code: Code
    cause: str
    refusal: str = ""
    """The server's words, if it answered with an error of its own: then a row of the call may be what it chokes on."""


@dataclass(frozen=True, slots=True)
class RefusedWhole:
    """The server did nothing, because of what the call holds; a part of it may be taken."""

    cause: str


CREDENTIALS_REFUSED: Final = "credentials-refused"
"""The code of what is refused for its keys."""


@dataclass(frozen=True, slots=True)
class Hopeless:
    """The server did nothing, and would answer every further call likewise."""

    code: str
    cause: str
    remedy: str


Verdict: TypeAlias = NotExecuted | Settled | Accepted | Ambiguous | RefusedWhole | Hopeless


@dataclass(frozen=True, slots=True)
class _Seen:
    """An ending as the table's conditions look at it."""

    ending: Ending
    value: Any
    rows: int
    call_class: CallClass

    @property
    def bulk(self) -> bool:
        return self.call_class is CallClass.BULK

    @property
    def request_id(self) -> str | None:
        return request_id_of(self.value) if self.status == 200 and self.call_class is CallClass.ASYNC else None

    @property
    def status(self) -> int:
        return self.ending.status if isinstance(self.ending, Answer) else 0

    @property
    def silence(self) -> Silence | None:
        return self.ending if isinstance(self.ending, Silence) else None

    @property
    def cause(self) -> str:
        return self.silence.cause if self.silence else ""

    @property
    def limit(self) -> Limit | None:
        return rate_limit(self.value, self.ending.body) if isinstance(self.ending, Answer) else None

    @property
    def receipts(self) -> tuple[Receipt, ...] | None:
        if self.status != 200 or self.call_class is CallClass.ASYNC:
            return None
        if self.bulk:
            return bulk_receipts(self.value, self.rows)
        receipt = single_receipt(self.value)
        return (receipt,) if receipt else None

    @property
    def refusal(self) -> str:
        """The words of an error that the application itself has answered with, under whatever status (FACTS 4)."""
        status = self.value.get("Status") if isinstance(self.value, dict) else None
        if exception_type(self.value) or status in ("Error", "Failed"):
            return refusal(self.value).message
        return ""

    @property
    def refused(self) -> bool:
        """Whether a call for one row failed with an MX type: a logical error, repeated on every try (FACTS 4)."""
        return not self.bulk and self.status in (200, 500) and exception_type(self.value).startswith("MX")


def _words(seen: _Seen) -> str:
    said = message_of(seen.value)
    return f"HTTP {seen.status}" + (f": {said}" if said else "")


def _retry_after(seen: _Seen) -> float | None:
    return retry_after(seen.ending.headers) if isinstance(seen.ending, Answer) else None


_KEYS_REMEDY: Final = (
    "Check LSQ_ACCESS_KEY, LSQ_SECRET_KEY and LSQ_HOST: keys are found under My Profile > Settings > API and Webhooks, "
    "they belong to one region's host, and they die with a deactivated user."
)
_QUEUE_KEYS_REMEDY: Final = (
    "Check LSQ_API_KEY, the x-api-key of async calls, and LSQ_ASYNC_HOST, which belongs to one region; then "
    "LSQ_ACCESS_KEY and LSQ_SECRET_KEY."
)
_REQUEST_REMEDY: Final = "Check LSQ_HOST and the mapping's route; if both are right, report this as a bug."


def _keys_refused(words: str, call_class: CallClass) -> Hopeless:
    if call_class is CallClass.ASYNC:
        return Hopeless(CREDENTIALS_REFUSED, f"LeadSquared's queue refused the keys ({words})", _QUEUE_KEYS_REMEDY)
    return Hopeless(CREDENTIALS_REFUSED, f"LeadSquared refused the keys ({words})", _KEYS_REMEDY)


Rule: TypeAlias = tuple[str, Callable[[_Seen], bool], Callable[[_Seen], Verdict]]

RULES: Final[tuple[Rule, ...]] = (
    (
        "no certificate that can be trusted",
        lambda seen: seen.silence is not None and seen.silence.lasting,
        lambda seen: Hopeless(
            "certificate-refused",
            seen.cause,
            "Check LSQ_HOST and this computer's clock.",
        ),
    ),
    (
        "silence before a byte has left",
        lambda seen: seen.silence is not None and not seen.silence.sent,
        lambda seen: NotExecuted(seen.cause),
    ),
    (
        "silence after a byte has left",
        lambda seen: seen.silence is not None,
        lambda seen: Ambiguous(Code.ANSWER_LOST, seen.cause),
    ),
    (
        "refused for going too fast, in words, whatever the status",
        lambda seen: seen.limit is not None,
        lambda seen: NotExecuted(_words(seen), seen.limit, _retry_after(seen)),
    ),
    (
        "429 without such words",
        lambda seen: seen.status == 429,
        lambda seen: NotExecuted(_words(seen), Limit(0, 0), _retry_after(seen)),
    ),
    (
        "keys refused",
        lambda seen: seen.status in (401, 403),
        lambda seen: _keys_refused(_words(seen), seen.call_class),
    ),
    (
        "a request that no server of this API takes",
        lambda seen: seen.status in (404, 405, 414, 415),
        lambda seen: Hopeless(
            "request-refused", f"the server does not take such calls ({_words(seen)})", _REQUEST_REMEDY
        ),
    ),
    (
        "too large, or malformed: refused before anything is done with it",
        lambda seen: seen.status in (400, 413),
        lambda seen: RefusedWhole(_words(seen)),
    ),
    (
        "a receipt for every row",
        lambda seen: seen.receipts is not None,
        lambda seen: Settled(seen.receipts or ()),
    ),
    (
        "accepted into the queue",
        lambda seen: seen.request_id is not None,
        lambda seen: Accepted(seen.request_id or ""),
    ),
    (
        "one row, refused with an MX type",
        lambda seen: seen.refused,
        lambda seen: Settled((refusal(seen.value),)),
    ),
    (
        "200 with anything else",
        lambda seen: seen.status == 200,
        lambda seen: Ambiguous(
            Code.ANSWER_UNCLEAR, message_of(seen.value) or "the answer holds no receipts", seen.refusal
        ),
    ),
    (
        "a server error",
        lambda seen: seen.status >= 500,
        lambda seen: Ambiguous(Code.SERVER_ERROR, _words(seen), seen.refusal),
    ),
    (
        "anything else",
        lambda _: True,
        lambda seen: Ambiguous(Code.ANSWER_UNCLEAR, _words(seen)),
    ),
)
"""(what was seen, its condition, its verdict): the first that applies is taken."""


def verdict_of(ending: Ending, rows: int, call_class: CallClass) -> Verdict:
    """The verdict on a posting call of so many rows."""
    value = parsed(ending.body) if isinstance(ending, Answer) else None
    seen = _Seen(ending, value, rows, call_class)
    return next(verdict(seen) for _, applies, verdict in RULES if applies(seen))
