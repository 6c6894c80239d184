"""Answers that were shuffled, cut, doubled, mistyped and broken at random: none of them creates a row without proof."""

import copy
import json
import random
import uuid
from collections.abc import Callable
from typing import Any, TypeAlias

from hypothesis import example, given, settings
from hypothesis import strategies as st

from importer.leadsquared.routes import CallClass
from importer.leadsquared.verdicts import Ambiguous, Settled, verdict_of

from .answers import SINGLE, activity_id, answer, created, failed, receipts

Entries: TypeAlias = list[Any]
Mutation: TypeAlias = Callable[[Entries, random.Random], Any]

VALUES: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    1,
    -1,
    2,
    25,
    26,
    1.0,
    1e3,
    "",
    "1",
    "true",
    "True",
    "false",
    [],
    [True],
    {},
    {"Id": activity_id(1)},
    activity_id(1),
    activity_id(1).upper(),
    activity_id(2),
    "00000000-0000-0000-0000-000000000000",
    "not-an-id",
    10**40,
)
KEYS = ("RowNumber", "ActivityCreated", "ProspectActivityId")


def odd_value(choice: random.Random) -> Any:
    """One of the values, as an object of its own: what is changed later must not change the others."""
    return copy.deepcopy(choice.choice(VALUES))


def shuffle(entries: Entries, choice: random.Random) -> None:
    choice.shuffle(entries)


def add_keys(entries: Entries, choice: random.Random) -> None:
    for entry in entries:
        if isinstance(entry, dict):
            entry[f"New{choice.randrange(3)}"] = odd_value(choice)


def capital_ids(entries: Entries, choice: random.Random) -> None:  # noqa: ARG001  # as all mutations
    for entry in entries:
        if isinstance(entry, dict) and isinstance(entry.get("ProspectActivityId"), str):
            entry["ProspectActivityId"] = entry["ProspectActivityId"].upper()


HARMLESS: tuple[Mutation, ...] = (shuffle, add_keys, capital_ids)


def drop(entries: Entries, choice: random.Random) -> None:
    if entries:
        del entries[choice.randrange(len(entries))]


def double(entries: Entries, choice: random.Random) -> None:
    if entries:
        entries.append(choice.choice(entries))


def count_from(entries: Entries, choice: random.Random) -> None:
    by = choice.choice([-1, 1, 25])
    for entry in entries:
        if isinstance(entry, dict) and isinstance(entry.get("RowNumber"), int):
            entry["RowNumber"] += by


def swap_numbers(entries: Entries, choice: random.Random) -> None:
    numbered = [entry for entry in entries if isinstance(entry, dict) and "RowNumber" in entry]
    if numbered:
        choice.choice(numbered)["RowNumber"] = choice.choice(numbered)["RowNumber"]


def mistype(entries: Entries, choice: random.Random) -> None:
    if entries:
        place = choice.randrange(len(entries))
        if isinstance(entries[place], dict):
            entries[place] = entries[place] | {choice.choice(KEYS): odd_value(choice)}


def as_texts(entries: Entries, choice: random.Random) -> None:
    key = choice.choice(KEYS)
    for entry in entries:
        if isinstance(entry, dict) and key in entry:
            entry[key] = str(entry[key]).lower()


def forget(entries: Entries, choice: random.Random) -> None:
    if entries:
        place = choice.randrange(len(entries))
        if isinstance(entries[place], dict):
            entries[place] = {key: value for key, value in entries[place].items() if key != choice.choice(KEYS)}


def replace(entries: Entries, choice: random.Random) -> None:
    if entries:
        entries[choice.randrange(len(entries))] = odd_value(choice)


def nest(entries: Entries, choice: random.Random) -> None:
    entries[:] = [list(entries)] if choice.random() < 0.5 else [{"Response": list(entries)}]


HARMFUL: tuple[Mutation, ...] = (
    drop,
    double,
    count_from,
    swap_numbers,
    mistype,
    as_texts,
    forget,
    replace,
    nest,
)


def break_bytes(body: bytes, choice: random.Random) -> bytes:
    """The same bytes, cut, dented or with something in between."""
    at = choice.randrange(len(body) + 1)
    return choice.choice(
        [
            body[:at],
            body[at:],
            body[:at] + choice.randbytes(1) + body[at + 1 :],
            body[:at]
            + choice.choice([b"\xff", b"\x00", b"NaN", b"null,", b"[" * 2000, b" ", b"\xef\xbb\xbf", b"{}"])
            + body[at:],
            body + body,
            body.replace(b'"RowNumber"', b'"RowNumber": 1, "RowNumber"', 1),
            body.replace(b'"ActivityCreated"', b'"ActivityCreated": false, "ActivityCreated"', 1),
            body.replace(b"true", b"NaN", 1),
            body.decode(errors="replace").encode("utf-16"),
            body.replace(b"Response", b"response"),
        ]
    )


def honest(rows: int, refused: set[int]) -> Entries:
    """The receipts of a call, with ids that have letters in them."""
    return [
        failed(number) if number in refused else created(number + 0xABC0) | {"RowNumber": number}
        for number in range(1, rows + 1)
    ]


def assert_proven(body: bytes, rows: int) -> None:
    """Each row that counts as created has the four proofs, looked up in the answer anew."""
    verdict = verdict_of(answer(200, body), rows, CallClass.BULK)
    if not isinstance(verdict, Settled):
        return
    entries = json.loads(body)["Response"]
    assert [receipt.row_number for receipt in verdict.receipts] == list(range(1, rows + 1))
    assert sorted(entry["RowNumber"] for entry in entries) == list(range(1, rows + 1))
    assert all(type(entry["RowNumber"]) is int for entry in entries)
    by_number = {entry["RowNumber"]: entry for entry in entries}
    ids = [uuid.UUID(receipt.activity_id) for receipt in verdict.receipts if receipt.created]
    assert len(set(ids)) == len(ids)
    for receipt in verdict.receipts:
        entry = by_number[receipt.row_number]
        assert entry["ActivityCreated"] is receipt.created
        if receipt.created:
            assert entry["ProspectActivityId"] == receipt.activity_id
            assert str(uuid.UUID(receipt.activity_id)) == receipt.activity_id.lower()


ROWS = st.integers(1, 25)
REFUSED = st.sets(st.integers(1, 25), max_size=5)
SEED = st.integers(0, 2**32)


@settings(max_examples=2500)
@given(ROWS, REFUSED, st.lists(st.sampled_from(HARMFUL + HARMLESS), max_size=4), SEED, st.booleans())
def test_no_row_is_created_without_proof(
    rows: int, refused: set[int], mutations: list[Mutation], seed: int, dented: bool
) -> None:
    """Whatever has happened to an answer, a row is created by its own complete receipt or not at all."""
    choice = random.Random(seed)  # noqa: S311  # Hypothesis has chosen the seed
    entries = honest(rows, refused)
    for mutation in mutations:
        mutation(entries, choice)
    body = json.dumps(receipts(*entries)).encode()
    assert_proven(break_bytes(body, choice) if dented else body, rows)


@given(ROWS, REFUSED, st.lists(st.sampled_from(HARMLESS), max_size=4), SEED)
def test_a_complete_answer_in_any_order_settles_every_row_by_its_number(
    rows: int, refused: set[int], mutations: list[Mutation], seed: int
) -> None:
    """Receipts that are complete count, in whatever order they come and whatever else they say."""
    entries = honest(rows, refused)
    expected = {entry["RowNumber"]: entry["ProspectActivityId"] for entry in entries}
    for mutation in mutations:
        mutation(entries, random.Random(seed))  # noqa: S311
    verdict = verdict_of(answer(200, receipts(*entries)), rows, CallClass.BULK)
    assert isinstance(verdict, Settled)
    for number, receipt in enumerate(verdict.receipts, start=1):
        assert receipt.row_number == number
        assert receipt.created == (number not in refused)
        assert receipt.activity_id.lower() == (expected[number] or "").lower()


@given(st.integers(1, 25), st.integers(1, 25), SEED)
def test_an_answer_for_another_number_of_rows_settles_nothing(rows: int, sent: int, seed: int) -> None:
    """Good receipts of some other call prove nothing about this one."""
    entries = honest(rows, set())
    random.Random(seed).shuffle(entries)  # noqa: S311
    verdict = verdict_of(answer(200, receipts(*entries)), sent, CallClass.BULK)
    assert isinstance(verdict, Settled if rows == sent else Ambiguous)


JSON = st.recursive(
    st.sampled_from(VALUES) | st.text(max_size=8) | st.floats(allow_nan=False),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["Response", "Status", "Message", "Id", "ExceptionType", *KEYS]), inner, max_size=5
        )
    ),
    max_leaves=20,
)


@settings(max_examples=500)
@given(JSON, st.sampled_from([200, 400, 401, 403, 404, 429, 500, 503]), st.integers(1, 3))
@example(SINGLE, 200, 1)
def test_no_value_at_all_makes_the_verdict_stumble(value: Any, status: int, rows: int) -> None:
    """Every JSON value under every status has a verdict, and only 200 creates anything."""
    for bulk in (True, False):
        verdict = verdict_of(answer(status, value), rows if bulk else 1, CallClass.BULK if bulk else CallClass.SINGLE)
        if isinstance(verdict, Settled) and any(receipt.created for receipt in verdict.receipts):
            assert status == 200


@settings(max_examples=500)
@given(st.binary(max_size=60), st.sampled_from([200, 429, 500]))
def test_no_bytes_at_all_make_the_verdict_stumble(body: bytes, status: int) -> None:
    """Bytes that are no JSON have a verdict, and create nothing."""
    for bulk in (True, False):
        assert not isinstance(
            verdict_of(answer(status, body), 1, CallClass.BULK if bulk else CallClass.SINGLE), Settled
        )
