"""What is read out of an answer, and what is not."""

import json
import unicodedata
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.leadsquared.replies import (
    LONGEST_MESSAGE,
    bulk_receipts,
    exception_type,
    is_id,
    message_of,
    parsed,
    rate_limit,
    retry_after,
)
from importer.records import Receipt

from .answers import activity_id, created, failed, receipts

# ------------------------------------------------------------------------------------------------------- JSON


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b'{"a":[1,2.5,null,true,"x"]}', {"a": [1, 2.5, None, True, "x"]}),
        (b'\xef\xbb\xbf{"a":1}', {"a": 1}),
        (b' {"a":1} \r\n', {"a": 1}),
        ('{"a":"é"}'.encode(), {"a": "é"}),
    ],
)
def test_json_is_read(body: bytes, value: Any) -> None:
    """JSON in UTF-8 is read, with or without a byte-order mark."""
    assert parsed(body) == value


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b'{"a":1',
        b'{"a":1}{"a":2}',
        b'{"a":NaN}',
        b"[Infinity]",
        b"[-Infinity]",
        b'{"a":1,"a":2}',
        b'[{"RowNumber":1,"ActivityCreated":false,"ActivityCreated":true}]',
        '{"a":"é"}'.encode("latin-1"),
        b"\x00",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"[" + b"9" * 5000 + b"]",
        b'{"a":"\n"}',
        b"{'a':1}",
    ],
    ids=lambda body: repr(body[:20]),
)
def test_what_is_no_json_of_this_api_is_nothing(body: bytes) -> None:
    """Text that is no JSON, that says one thing twice or that is nested without end counts as no answer."""
    assert parsed(body) is None


# -------------------------------------------------------------------------------------------------- messages


@pytest.mark.parametrize("key", ["ExceptionMessage", "ErrorMessage", "Message", "Reason"])
def test_the_reason_of_a_failure_has_several_names(key: str) -> None:
    """All keys under which a reason was seen are read."""
    (receipt,) = bulk_receipts(receipts(failed(1, "no such lead", key)), 1) or ()
    assert receipt == Receipt(1, created=False, code="lsq-rejected", message="no such lead")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"ExceptionMessage": " a\n\tb\u2028c "}, "a b c"),
        ({"ExceptionMessage": "", "Message": "b"}, "b"),
        ({"ExceptionMessage": None, "Reason": "b"}, "b"),
        ({"ExceptionMessage": 7, "Message": ["x"], "Reason": "b"}, "b"),
        ({"Message": {"Message": "inactive"}}, "inactive"),
        ({"Message": {"Id": "x"}, "Reason": "b"}, "b"),
        ({"Message": {}}, ""),
        ({}, ""),
        ([], ""),
        (None, ""),
        ("text", ""),
    ],
)
def test_the_words_of_a_server_are_found(value: Any, words: str) -> None:
    """The first text under a known key is the server's reason; everything else is none."""
    assert message_of(value) == words


@pytest.mark.parametrize("depth", [50, 300, 900, 950, 960, 970, 980, 990, 995, 1000, 5000])
def test_a_reason_within_a_reason_without_end_does_no_harm(depth: int) -> None:
    """However deep a message is nested, reading it ends."""
    value = parsed(b'{"Message":' * depth + b'"x"' + b"}" * depth)
    assert message_of(value) == ""


@pytest.mark.parametrize("words", [b"caf\\ud83d", b"\\ude00x", b"a\\ud800\\ud800b", b"\xed\xa0\xbd"])
def test_half_a_letter_can_be_written_down(words: bytes) -> None:
    """A text that the server has cut in the middle of a letter can be stored and printed."""
    body = b'{"Response":[{"RowNumber":1,"ActivityCreated":false,"ExceptionMessage":"%b","ExceptionType":"%b"}]}'
    (receipt,) = bulk_receipts(parsed(body % (words, words)), 1) or ()
    assert receipt.message.encode()
    assert exception_type(parsed(b'{"ExceptionType":"%b"}' % words)).encode()


ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=700)
"""Halves of letters included."""


@given(st.dictionaries(st.sampled_from(["ExceptionMessage", "Message", "Reason", "Status"]), ANY_TEXT))
def test_words_are_one_short_line(value: dict[str, str]) -> None:
    """Whatever a server says becomes one line of limited length that UTF-8 can hold."""
    words = message_of(json.loads(json.dumps(value)))
    assert len(words) <= LONGEST_MESSAGE
    assert len(words.splitlines()) <= 1
    assert words.encode().decode() == words
    assert not any(unicodedata.category(letter) == "Cc" for letter in words)
    assert not any(unicodedata.bidirectional(letter) in DIRECTIONS for letter in words)


DIRECTIONS = {"LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI"}
"""Characters that turn the order of those behind them round."""


def test_words_that_would_move_the_cursor_or_the_eye_are_harmless() -> None:
    """Each such character is replaced; letters of any script stay, and the joiners they are written with."""
    said = {"ExceptionMessage": "Lead \u202e\x1b[31mx\x07\u200f\u061c\x9b\n नहीं क्\u200dष é שלום"}
    assert message_of(said) == "Lead \ufffd\ufffd[31mx\ufffd\ufffd\ufffd\ufffd नहीं क्\u200dष é שלום"
    rejected = {"RowNumber": 1, "ActivityCreated": False, "ExceptionType": "MX\x1b", **said}
    (receipt,) = bulk_receipts({"Response": [rejected]}, 1) or ()
    assert receipt.message == f"{message_of(said)} (MX\ufffd)"


# ------------------------------------------------------------------------------------------------------- ids


@pytest.mark.parametrize(
    ("value", "well_formed"),
    [
        ("6e2a3c76-9e57-4dd6-8bf1-660960336d6e", True),
        ("6E2A3C76-9E57-4DD6-8BF1-660960336D6E", True),
        ("00000000-0000-0000-0000-000000000001", True),
        ("00000000-0000-0000-0000-000000000000", False),
        ("6e2a3c769e574dd68bf1660960336d6e", False),
        ("{6e2a3c76-9e57-4dd6-8bf1-660960336d6e}", False),
        (" 6e2a3c76-9e57-4dd6-8bf1-660960336d6e", False),
        ("6e2a3c76-9e57-4dd6-8bf1-660960336d6e\n", False),
        ("6e2a3c76-9e57-4dd6-8bf1-660960336d6", False),
        ("6e2a3c76-9e57-4dd6-8bf1-660960336d6g", False),
        ("\u0666e2a3c76-9e57-4dd6-8bf1-660960336d6e", False),
        ("", False),
        (None, False),
        (1, False),
        (["6e2a3c76-9e57-4dd6-8bf1-660960336d6e"], False),
    ],
)
def test_an_id_is_a_guid(value: Any, well_formed: bool) -> None:
    """Only a GUID as the pages show it is an id, and the GUID of noughts is none."""
    assert is_id(value) is well_formed


# ------------------------------------------------------------------------------------------------- receipts


def test_receipts_are_matched_by_their_row_number() -> None:
    """The order of receipts does not matter, their numbers do."""
    shuffled = receipts(failed(3), created(2), created(4), created(1))
    assert [receipt.row_number for receipt in bulk_receipts(shuffled, 4) or ()] == [1, 2, 3, 4]
    assert [receipt.activity_id for receipt in bulk_receipts(shuffled, 4) or ()] == [
        activity_id(1),
        activity_id(2),
        "",
        activity_id(4),
    ]


def test_more_in_an_answer_is_no_less_a_proof() -> None:
    """Keys that nobody knows do not spoil receipts."""
    value = {"Response": [created(1) | {"New": {}, "ExceptionMessage": None}], "Version": 3, "Status": "Whatever"}
    assert bulk_receipts(value, 1)


WORTHLESS: tuple[tuple[str, list[Any], int], ...] = (
    # (what is wrong, the entries, rows that were sent)
    ("none", [], 1),
    ("too few", [created(1)], 2),
    ("too many", [created(1), created(2)], 1),
    ("gap", [created(1), created(3)], 2),
    ("from nought", [created(0), created(1)], 2),
    ("one number twice", [created(1), created(1) | {"ProspectActivityId": activity_id(9)}], 2),
    ("negative", [created(1), created(-2)], 2),
    ("number as text", [created(1) | {"RowNumber": "1"}], 1),
    ("number with a point", [created(1) | {"RowNumber": 1.0}], 1),
    ("number as truth", [created(1) | {"RowNumber": True}], 1),
    ("number as null", [created(1) | {"RowNumber": None}], 1),
    ("number in a list", [created(1) | {"RowNumber": [1]}], 1),
    ("no number", [{"ProspectActivityId": activity_id(1), "ActivityCreated": True}], 1),
    ("huge number", [created(1) | {"RowNumber": 10**30}], 1),
    ("truth as text", [created(1) | {"ActivityCreated": "true"}], 1),
    ("truth as 1", [created(1) | {"ActivityCreated": 1}], 1),
    ("untruth as 0", [created(1) | {"ActivityCreated": 0}], 1),
    ("untruth as text", [failed(1) | {"ActivityCreated": "false"}], 1),
    ("truth as null", [created(1) | {"ActivityCreated": None}], 1),
    ("no truth", [{"ProspectActivityId": activity_id(1), "RowNumber": 1}], 1),
    ("no id", [{"RowNumber": 1, "ActivityCreated": True}], 1),
    ("id as null", [created(1) | {"ProspectActivityId": None}], 1),
    ("empty id", [created(1) | {"ProspectActivityId": ""}], 1),
    ("id of noughts", [created(1) | {"ProspectActivityId": "00000000-0000-0000-0000-000000000000"}], 1),
    ("id that is none", [created(1) | {"ProspectActivityId": "1"}], 1),
    ("id twice", [created(1), created(2) | {"ProspectActivityId": activity_id(1)}], 2),
    ("id twice, in capitals", [created(10), created(2) | {"ProspectActivityId": activity_id(10).upper()}], 2),
    ("other letters", [{"prospectActivityId": activity_id(1), "rowNumber": 1, "activityCreated": True}], 1),
    ("an empty entry", [created(1), {}], 2),
    ("null for an entry", [created(1), None], 2),
    ("a text for an entry", [created(1), "ok"], 2),
    ("a list in the list", [[created(1)]], 1),
)


@pytest.mark.parametrize(("entries", "rows"), [line[1:] for line in WORTHLESS], ids=[line[0] for line in WORTHLESS])
def test_one_odd_receipt_makes_all_of_them_worthless(entries: list[Any], rows: int) -> None:
    """Receipts prove nothing unless every single one is complete, unmistakable and in its place."""
    assert bulk_receipts({"Response": entries}, rows) is None
    extended = [*entries, *(created(number) for number in range(rows + 1, rows + 4))]
    assert bulk_receipts({"Response": extended}, rows + 3) is None


@pytest.mark.parametrize(
    "value",
    [
        *(None, [], [created(1)], "Response", 1, {}, {"Response": {"1": created(1)}}, {"response": [created(1)]}),
        {"Status": "Failed", "Message": {"Message": "the activity type is inactive"}},
    ],
)
def test_receipts_anywhere_else_are_none(value: Any) -> None:
    """Receipts are a list under `Response`, and nowhere else."""
    assert bulk_receipts(value, 1) is None


# ------------------------------------------------------------------------------------------------ rate limits


@pytest.mark.parametrize(
    ("words", "limit"),
    [
        ("API calls exceeded the limit of 25 in 5 second(s)", (25, 5)),
        ("API calls exceeded the limit of 1 in 5 seconds.", (1, 5)),
        ("API calls  exceeded the limit of\t1\nin 5 second", (1, 5)),
        ("Exceeded the limit of 200000 in 86400 second(s)", (200000, 86400)),
    ],
)
def test_the_limit_is_read_from_the_words(words: str, limit: tuple[int, int]) -> None:
    """The text of a refusal names the limit, and it is read wherever it stands."""
    for value in (None, words, {"Whatever": words}):
        found = rate_limit(value, words.encode() if value is None else json.dumps(value).encode())
        if "\t" not in words or value is None:
            assert found is not None
            assert (found.calls, found.seconds) == limit


@pytest.mark.parametrize(
    "body", [b"", b"exceeded the limit", b"the limit of 5 in 5 minutes", b"\xff" * 9, b"You have exceeded your quota"]
)
def test_other_words_are_no_limit(body: bytes) -> None:
    """Words that name no limit are no refusal for going too fast."""
    assert rate_limit(parsed(body), body) is None


# ------------------------------------------------------------------------------------------------ Retry-After

NOW = datetime(2026, 3, 2, 10, 0, 0, tzinfo=UTC)


def at(seconds: float) -> str:
    return format_datetime(NOW + timedelta(seconds=seconds), usegmt=True)


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [
        ("0", 0.0),
        ("7", 7.0),
        (" 7 ", 7.0),
        ("1000000000", 1e9),
        (at(30), 30.0),
        (at(-30), 0.0),
        ("", None),
        ("-5", None),
        ("1e9", None),
        ("5.5", None),
        ("soon", None),
        ("5, 7", None),
        ("\u0667", None),
        ("\u00b2", None),
        ("Mon, 02 Mar", None),
        ("Mon, 32 Mar 2026 10:00:00 GMT", None),
        ("Mon, 02 Mar 99999999999999999999 10:00:00 GMT", None),
    ],
)
def test_retry_after_in_all_its_forms(asked: str, seconds: float | None) -> None:
    """Seconds and dates are understood; a date is measured by the server's own clock; all else is no wish."""
    assert retry_after({"retry-after": asked, "date": at(0)}) == seconds


def test_a_date_without_the_servers_own_clock_is_no_wish() -> None:
    """Without a Date header nobody knows how long it is until then."""
    assert retry_after({"retry-after": at(30)}) is None
    assert retry_after({"retry-after": at(30), "date": "today"}) is None
    assert retry_after({"retry-after": at(30).replace("GMT", "-0000"), "date": at(0)}) is None
    assert retry_after({}) is None


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_header_makes_reading_stumble(asked: str, date: str) -> None:
    """Whatever the headers say, the wish is a number of seconds from nought, or none."""
    wish = retry_after({"retry-after": asked, "date": date})
    assert wish is None or wish >= 0
