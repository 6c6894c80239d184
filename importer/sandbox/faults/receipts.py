"""Faults of receipts: what a bulk call's answer says of its rows can't be trusted."""

import random
from collections.abc import Callable
from typing import ClassVar, Final

from importer.sandbox.faults.commits import CommitWord
from importer.sandbox.faults.fault import BULK, Entry, Fault
from importer.sandbox.guids import new_guid
from importer.sandbox.kinds import WRITING
from importer.sandbox.wire import Answer, Json

Receipt = dict[str, Json]
Change = Callable[[list[Receipt], random.Random], list[Receipt]]

_ID: Final = "ProspectActivityId"
_NUMBER: Final = "RowNumber"
_CREATED: Final = "ActivityCreated"
_BAD_ID: Final = "12345"


class Receipts(Fault):
    """Receipts that prove nothing any more."""

    spoiled: ClassVar[bool] = True
    falls_on: ClassVar[frozenset[str]] = BULK
    usual_commit: ClassVar[CommitWord] = "before"

    def spoil(self, answer: Answer, luck: random.Random) -> Answer:
        body = answer.body
        receipts = body.get("Response") if isinstance(body, dict) else None
        if not isinstance(body, dict) or not isinstance(receipts, list) or not receipts:
            return answer
        given = [dict(each) for each in receipts if isinstance(each, dict)]
        changed: list[Json] = list(_CHANGES[self.name](given, luck))
        return Answer({**body, "Response": changed}, answer.created, answer.status)


class RightReceipts(Receipts):
    """Receipts in another form that still prove what they say, so what they say must be true."""

    spoiled: ClassVar[bool] = False
    commits: ClassVar[frozenset[CommitWord]] = frozenset({"before"})


class NewStatus(RightReceipts):
    """They stand beside a status that no page names."""

    def spoil(self, answer: Answer, luck: random.Random) -> Answer:  # noqa: ARG002 its parent's shape
        if not isinstance(answer.body, dict) or "Response" not in answer.body:
            return answer
        return Answer({"Status": "AcceptedWithRemarks", **answer.body}, answer.created, answer.status)


class Ids(Receipts):
    """An id that is none; single and async calls have one, too."""

    falls_on: ClassVar[frozenset[str]] = WRITING

    def spoil(self, answer: Answer, luck: random.Random) -> Answer:
        body = answer.body
        if not isinstance(body, dict):
            return answer
        if "RequestID" in body:
            return Answer(_without_id(body, "RequestID", self.name), answer.created, answer.status)
        message = body.get("Message")
        if isinstance(message, dict):
            return Answer({**body, "Message": _without_id(message, "Id", self.name)}, answer.created, answer.status)
        return super().spoil(answer, luck)


def _without_id(receipt: Receipt, key: str, fault: str) -> Receipt:
    rest = {name: value for name, value in receipt.items() if name != key}
    return rest if fault == "receipts-no-id" else {**rest, key: _BAD_ID}


def _first_with(key: str, value: Json) -> Change:
    """The first receipt with another value."""
    return lambda receipts, _: [{**receipts[0], key: value}, *receipts[1:]]


def _each_number(change: Callable[[int], Json]) -> Change:
    """Every receipt with another number."""
    return lambda receipts, _: [{**each, _NUMBER: change(place)} for place, each in enumerate(receipts, start=1)]


def _other_case(receipts: list[Receipt], _: random.Random) -> list[Receipt]:
    return [{key[:1].lower() + key[1:]: value for key, value in each.items()} for each in receipts]


def _gap(receipts: list[Receipt], _: random.Random) -> list[Receipt]:
    return [*receipts[:-1], {**receipts[-1], _NUMBER: len(receipts) + 1}]


def _more(receipts: list[Receipt], _: random.Random) -> list[Receipt]:
    return [*receipts, {_ID: new_guid(), _NUMBER: len(receipts) + 1, _CREATED: True}]


def _same_id(receipts: list[Receipt], _: random.Random) -> list[Receipt]:
    # A call of one row has the id of nobody else in it, so it gets one that is nobody's.
    return [{**each, _ID: receipts[0].get(_ID) if len(receipts) > 1 else _BAD_ID} for each in receipts]


def _shuffled(receipts: list[Receipt], luck: random.Random) -> list[Receipt]:
    return luck.sample(receipts, len(receipts)) if len(receipts) > 2 else receipts[::-1]


_CHANGES: Final[dict[str, Change]] = {
    "receipts-missing": lambda receipts, _: receipts[:-1],
    "receipts-doubled": lambda receipts, _: [receipts[0], *receipts],
    "receipts-more": _more,
    "receipts-gap": _gap,
    "receipts-base-0": _each_number(lambda place: place - 1),
    "receipts-number-text": _each_number(str),
    "receipts-number-null": _first_with(_NUMBER, None),
    "receipts-number-negative": _first_with(_NUMBER, -1),
    "receipts-number-large": _first_with(_NUMBER, 1e3),
    "receipts-no-id": lambda receipts, _: [_without_id(receipts[0], _ID, "receipts-no-id"), *receipts[1:]],
    "receipts-bad-id": _first_with(_ID, _BAD_ID),
    "receipts-same-id": _same_id,
    "receipts-true-text": lambda receipts, _: [{**each, _CREATED: "true"} for each in receipts],
    "receipts-true-number": lambda receipts, _: [{**each, _CREATED: 1} for each in receipts],
    "receipts-true-null": lambda receipts, _: [{**each, _CREATED: None} for each in receipts],
    "receipts-other-case": _other_case,
    "receipts-shuffled": _shuffled,
    "receipts-extra-keys": lambda receipts, _: [{**each, "ScoreAdded": 5, "Remark": None} for each in receipts],
}

FAULTS: Final = (
    Entry("receipts-missing", "F-A1", "the last receipt is missing", Receipts),
    Entry("receipts-doubled", "F-A1", "the first receipt comes twice", Receipts),
    Entry("receipts-more", "F-A1", "there is a receipt for a row that was not sent", Receipts),
    Entry("receipts-gap", "F-A1", "the last RowNumber is one too high", Receipts),
    Entry("receipts-base-0", "F-A1", "RowNumber counts from 0", Receipts),
    Entry("receipts-number-text", "F-A1", "RowNumber is a text", Receipts),
    Entry("receipts-number-null", "F-A1", "the first RowNumber is null", Receipts),
    Entry("receipts-number-negative", "F-A1", "the first RowNumber is -1", Receipts),
    Entry("receipts-number-large", "F-A1", "the first RowNumber is 1000.0", Receipts),
    Entry("receipts-no-id", "F-A1", "the first receipt has no id", Ids),
    Entry("receipts-bad-id", "F-A1", "the first receipt's id is no GUID", Ids),
    Entry("receipts-same-id", "F-A1", "all receipts have the same id", Receipts),
    Entry("receipts-true-text", "F-A1", '`ActivityCreated` is `"true"`', Receipts),
    Entry("receipts-true-number", "F-A1", "`ActivityCreated` is 1", Receipts),
    Entry("receipts-true-null", "F-A1", "`ActivityCreated` is null", Receipts),
    Entry("receipts-other-case", "F-A7", "the keys begin with small letters", Receipts),
    Entry("receipts-shuffled", "F-A1", "right receipts in another order", RightReceipts),
    Entry("receipts-extra-keys", "F-A7", "right receipts with keys that nobody knows", RightReceipts),
    Entry("receipts-new-status", "F-A7", "right receipts beside a status that nobody knows", NewStatus),
)
