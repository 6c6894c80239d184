"""The activities of a lead, from an account that counts pages and from one that counts rows."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.leadsquared.calls import Answer, Call, Ending, Silence
from importer.leadsquared.conversations import held
from importer.leadsquared.retrieving import PagesIncomplete, ReadingFailed, activities_of

from .answers import activity_id, answer, error

LEAD = "3a6d5ea2-400e-4a2f-a728-fbfa0b0c1ddf"


class Account:
    """Answers Retrieve as page 004 has it, in one of the ways it was seen to."""

    def __init__(self, activities: int, most: int = 25, *, counts_rows: bool = False, counts_all: bool = True) -> None:
        self.activities = [{"Id": activity_id(number), "EventCode": 201} for number in range(activities)]
        self.most = most
        self.counts_rows = counts_rows
        self.counts_all = counts_all
        self.calls: list[Call] = []

    def __call__(self, call: Call) -> Ending:
        self.calls.append(call)
        assert len(self.calls) < 500, "reading does not end"
        paging = json.loads(call.body or b"")["Paging"]
        size = min(int(paging["RowCount"]), self.most)
        start = int(paging["Offset"]) * (1 if self.counts_rows else size)
        page = self.activities[start : start + size]
        return answer(
            200,
            {
                "RecordCount": len(self.activities) if self.counts_all else len(page),
                "ProspectActivities": page,
            },
        )


@given(st.integers(0, 130), st.sampled_from([1, 2, 3, 25, 100, 1000]), st.booleans(), st.booleans())
def test_every_activity_is_read_once_and_in_order(
    activities: int, most: int, counts_rows: bool, counts_all: bool
) -> None:
    """Whether Offset counts pages or rows, and RecordCount all or one page, every activity comes once."""
    account = Account(activities, most, counts_rows=counts_rows, counts_all=counts_all)
    read = [activity["Id"] for activity in held(activities_of(LEAD, None), account)]
    assert read == [activity["Id"] for activity in account.activities]
    assert len(account.calls) <= activities // min(most, 100) + 4


def test_a_call_is_that_of_the_page() -> None:
    """Lead in the query, type and paging in the body, numbers of the paging as texts."""
    account = Account(1)
    held(activities_of(LEAD, 201), account)
    first = account.calls[0]
    assert (first.method, first.path, first.query) == ("POST", "ProspectActivity.svc/Retrieve", (("leadId", LEAD),))
    assert json.loads(first.body or b"") == {
        "Parameter": {"ActivityEvent": 201},
        "Paging": {"Offset": "0", "RowCount": "100"},
    }
    held(activities_of(LEAD, None), account)
    assert "Parameter" not in json.loads(account.calls[-1].body or b"")


def test_pages_that_end_too_early_are_an_error() -> None:
    """If the account says that there are more than its pages bring, nobody is told that this was all."""

    def send(call: Call) -> Ending:
        ending = Account(40)(call)
        assert isinstance(ending, Answer)
        value = json.loads(ending.body)
        return answer(200, value | {"RecordCount": 41})

    with pytest.raises(PagesIncomplete, match="41 activities, but its pages brought 40"):
        held(activities_of(LEAD, None), send)


def test_a_page_that_comes_again_and_again_ends() -> None:
    """An account that gives the same page for ever is not read for ever."""
    page = {"RecordCount": 99, "ProspectActivities": [{"Id": activity_id(number)} for number in range(3)]}
    calls: list[Call] = []

    def send(call: Call) -> Ending:
        calls.append(call)
        assert len(calls) < 20
        return answer(200, page)

    with pytest.raises(PagesIncomplete):
        held(activities_of(LEAD, None), send)


FAILURES: tuple[tuple[str, Callable[[], Ending], str], ...] = (
    ("silence", lambda: Silence("the connection was reset", sent=True), "connection was reset"),
    ("keys", lambda: answer(401, error("MXInvalidAccessDetailsException", "Invalid Access Details")), "HTTP 401"),
    ("an error under 200", lambda: answer(200, error("MXInvalidInputException", "no such lead")), "no such lead"),
    ("HTML", lambda: answer(200, b"<html>"), "no activities"),
    ("empty", lambda: answer(200, b""), "no activities"),
    ("no list", lambda: answer(200, {"RecordCount": 0}), "no activities"),
    ("null", lambda: answer(200, {"RecordCount": 0, "ProspectActivities": None}), "no activities"),
)


@pytest.mark.parametrize(("ending", "words"), [line[1:] for line in FAILURES], ids=[line[0] for line in FAILURES])
def test_an_answer_that_is_none_is_an_error(ending: Callable[[], Ending], words: str) -> None:
    """What is not a list of activities is never taken for a lead without any."""
    with pytest.raises(ReadingFailed, match=words):
        held(activities_of(LEAD, None), lambda _: ending())


@pytest.mark.parametrize("count", ["3", 3, None, "", "many", -1, [3], True])
def test_odd_counts_do_no_harm(count: Any) -> None:
    """RecordCount may be a text or nonsense; the activities are read all the same."""

    def send(call: Call) -> Ending:
        first = json.loads(call.body or b"")["Paging"]["Offset"] == "0"
        page = [{"Id": activity_id(number)} for number in range(3)] if first else []
        return answer(200, {"RecordCount": count, "ProspectActivities": page})

    assert len(held(activities_of(LEAD, None), send)) == 3
