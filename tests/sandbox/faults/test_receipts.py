"""Faults of receipts: what an answer says of its rows can't be trusted."""

from collections.abc import Callable
from typing import Any

import pytest

from importer.sandbox.faults.receipts import FAULTS, RightReceipts
from tests.sandbox.calling import BY_LEAD_ID, CREATE, Api, Start, visit

Receipts = list[dict[str, Any]]


def ask(api: Api, rows: int = 3) -> Receipts:
    """The receipts of a bulk call."""
    receipts: Receipts = api.post(BY_LEAD_ID, [visit() for _ in range(rows)]).body["Response"]
    return receipts


def numbers(receipts: Receipts) -> list[Any]:
    return [each.get("RowNumber") for each in receipts]


def truths(receipts: Receipts) -> list[Any]:
    return [each.get("ActivityCreated") for each in receipts]


LOOKS: dict[str, Callable[[Receipts], bool]] = {
    "receipts-missing": lambda found: numbers(found) == [1, 2],
    "receipts-doubled": lambda found: numbers(found) == [1, 1, 2, 3],
    "receipts-more": lambda found: numbers(found) == [1, 2, 3, 4] and truths(found) == [True] * 4,
    "receipts-gap": lambda found: numbers(found) == [1, 2, 4],
    "receipts-base-0": lambda found: numbers(found) == [0, 1, 2],
    "receipts-number-text": lambda found: numbers(found) == ["1", "2", "3"],
    "receipts-number-null": lambda found: numbers(found) == [None, 2, 3],
    "receipts-number-negative": lambda found: numbers(found) == [-1, 2, 3],
    "receipts-number-large": lambda found: numbers(found) == [1000.0, 2, 3],
    "receipts-no-id": lambda found: "ProspectActivityId" not in found[0] and "ProspectActivityId" in found[1],
    "receipts-bad-id": lambda found: found[0]["ProspectActivityId"] == "12345",
    "receipts-same-id": lambda found: len({each["ProspectActivityId"] for each in found}) == 1,
    "receipts-true-text": lambda found: truths(found) == ["true"] * 3,
    "receipts-true-number": lambda found: [type(each) for each in truths(found)] == [int] * 3,
    "receipts-true-null": lambda found: truths(found) == [None] * 3,
    "receipts-other-case": lambda found: set(found[0]) == {"prospectActivityId", "rowNumber", "activityCreated"},
    "receipts-shuffled": lambda found: numbers(found) != [1, 2, 3] and sorted(numbers(found)) == [1, 2, 3],
    "receipts-extra-keys": lambda found: set(found[0]) > {"ProspectActivityId", "RowNumber", "ActivityCreated"},
    "receipts-new-status": lambda found: numbers(found) == [1, 2, 3],
}


@pytest.mark.parametrize("fault", [entry.name for entry in FAULTS])
def test_receipts_can_be_wrong_in_every_way(start: Start, fault: str) -> None:
    """Each way shows, and by default the rows are stored all the same."""
    api = start(faults=f"{fault} bulk 1")

    assert LOOKS[fault](ask(api))
    assert len(api.server.store.activities.all()) == 3


@pytest.mark.parametrize("fault", [entry.name for entry in FAULTS if not issubclass(entry.model, RightReceipts)])
@pytest.mark.parametrize(("commit", "stored"), [("never", 0), ("partly:1", 1)])
def test_wrong_receipts_prove_nothing(start: Start, fault: str, commit: str, stored: int) -> None:
    """They look the same when nothing is stored, and speak of no more rows than were carried out when a part is."""
    api = start(faults=f"{fault} bulk 1 commit={commit}")

    receipts = ask(api)

    assert len(api.server.store.activities.all()) == stored
    assert stored or LOOKS[fault](receipts)


def test_a_status_can_be_new(start: Start) -> None:
    """It stands beside receipts that are right."""
    reply = start(faults="receipts-new-status").post(BY_LEAD_ID, [visit()])

    assert reply.body["Status"] == "AcceptedWithRemarks"


def test_a_call_of_one_row_can_have_the_id_of_nobody(start: Start) -> None:
    """There is no other row whose id it could have."""
    (receipt,) = ask(start(faults="receipts-same-id"), 1)

    assert receipt["ProspectActivityId"] == "12345"


@pytest.mark.parametrize(("fault", "message"), [("receipts-bad-id", {"Id": "12345"}), ("receipts-no-id", {})])
def test_a_single_call_can_have_no_right_id(start: Start, fault: str, message: dict[str, str]) -> None:
    """What is said of ids holds for single calls, too."""
    body = start(faults=fault).post(CREATE, visit()).body

    assert {key: value for key, value in body["Message"].items() if key == "Id"} == message


@pytest.mark.parametrize("fault", ["receipts-bad-id", "receipts-no-id"])
def test_an_async_call_can_have_no_right_id(start: Start, fault: str) -> None:
    """Without its RequestID nobody can ask how it went."""
    reply = start(faults=fault).post_async("/activity/create", visit())

    assert reply.status == 200
    assert reply.body.get("RequestID") in ("12345", None)


def test_refusals_have_no_receipts_to_spoil(start: Start) -> None:
    """A call that is refused is answered as ever."""
    assert start(faults="receipts-missing").post(BY_LEAD_ID, []).body["Status"] == "Error"
