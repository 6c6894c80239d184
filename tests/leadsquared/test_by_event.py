"""Activities of one type over a period: whole, or an error; never a part that passes for all."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importer.leadsquared.by_event import BEGINNINGS, PAGE_ROWS, PATH, Period, TooManyPages, activities_between
from importer.leadsquared.calls import Answer, Call, Ending, Silence
from importer.leadsquared.conversations import held
from importer.leadsquared.found import FoundActivity
from importer.leadsquared.retrieving import PagesIncomplete, ReadingFailed
from importer.leadsquared.routes import CallClass

from .answers import activity_id, answer, error

PERIOD = Period(201, datetime(2026, 3, 2, 10, 0, 0), datetime(2026, 3, 2, 10, 15, 59))  # noqa: DTZ001


def entry(number: int) -> dict[str, Any]:
    return {"ProspectActivityId": activity_id(number).upper(), "RelatedProspectId": "AB", "ActivityEvent": "201"}


def page(rows: range | list[int], count: Any) -> Answer:
    """A page of these activities; `count` is what it says that there are in all."""
    value: dict[str, Any] = {"RecordCount": count}
    return answer(200, value | ({"List": [entry(row) for row in rows]} if rows else {}))


def read(endings: Iterator[Ending] | Callable[[int], Ending], most: int | None = None) -> tuple[list[str], list[Call]]:
    """The distinct ids that were shown, and the calls that were made."""
    calls: list[Call] = []
    seen: list[FoundActivity] = []

    def send(call: Call) -> Ending:
        calls.append(call)
        assert len(calls) < 100, "reading never ends"
        if callable(endings):
            return endings(json.loads(call.body or b"")["Paging"]["PageIndex"])
        return next(endings)

    held(activities_between(PERIOD, seen.append, most), send)
    return list(dict.fromkeys(each.id for each in seen)), calls


def ids(rows: range) -> list[str]:
    return [activity_id(row) for row in rows]


def account(rows: int, count: Any = None) -> Callable[[int], Ending]:
    """An account with so many activities."""

    def ending(number: int) -> Ending:
        own = range((number - 1) * PAGE_ROWS, min(number * PAGE_ROWS, rows))
        return page(own or [], rows if count is None else count)

    return ending


def test_the_call_is_that_of_the_page() -> None:
    """Type, period in whole seconds, pages from 1, sorted by id: what the page documents, and nothing besides."""
    _, (call,) = read(iter([page(range(3), 3)]))
    assert (call.method, call.path, call.call_class) == ("POST", PATH, CallClass.SINGLE)
    assert json.loads(call.body or b"") == {
        "Parameter": {
            "FromDate": "2026-03-02 10:00:00",
            "ToDate": "2026-03-02 10:15:59",
            "ActivityEvent": 201,
            "RemoveEmptyValue": True,
        },
        "Paging": {"PageIndex": 1, "PageSize": 1000},
        "Sorting": {"ColumnName": "ProspectActivityId", "Direction": 1},
    }


@pytest.mark.parametrize("rows", [0, 1, 999, 1000, 1001, 2000, 2500])
@pytest.mark.parametrize("kind", [int, str])
def test_all_pages_are_read_and_no_more(rows: int, kind: type) -> None:
    """RecordCount is the number of all, as a number or as a text; pages are read until there are so many ids."""
    found, calls = read(account(rows, kind(rows)))
    assert found == ids(range(rows))
    assert len(calls) == max(1, -(-rows // PAGE_ROWS))


def test_no_list_and_no_activities_are_the_same() -> None:
    """`List` is left out when there is nothing to list."""
    assert read(iter([answer(200, {"RecordCount": 0})]))[0] == []
    assert read(iter([answer(200, {"RecordCount": "0", "List": []})]))[0] == []
    assert read(iter([answer(200, {"RecordCount": 0, "List": None})]))[0] == []


def test_without_a_count_pages_are_read_until_one_brings_nothing_new() -> None:
    """An account that names no number is read to its last page, whether that is empty or the one before again."""
    for last in (range(0), range(1000, 1300)):
        endings = [
            answer(200, {"List": [entry(row) for row in rows]}) for rows in (range(1000), range(1000, 1300), last)
        ]
        assert read(iter(endings))[0] == ids(range(1300))


@pytest.mark.parametrize("second", [[], range(1000)])
def test_pages_that_end_too_early_are_an_error(second: list[int] | range) -> None:
    """If a page brings nothing new before the number is reached, whatever came is not taken for all."""
    with pytest.raises(PagesIncomplete):
        read(iter([page(range(1000), 1500), page(second, 1500)]))


def test_a_count_that_moves_begins_the_reading_anew() -> None:
    """An activity that comes or goes between two pages moves the others, and one may slip through."""
    moved = [page(range(1000), 1500), page(range(1000, 1501), 1501)]
    again = [page(range(1000), 1501), page(range(1000, 1501), 1501)]
    found, calls = read(iter([*moved, *again]))
    assert found == ids(range(1501))
    assert len(calls) == 4


def test_an_account_that_never_rests_is_an_error() -> None:
    """After a few beginnings nobody pretends to have seen all."""
    counts = iter(range(1500, 9000))
    with pytest.raises(PagesIncomplete):
        read(lambda number: page(range((number - 1) * 1000, number * 1000), next(counts)))


def test_more_pages_than_are_worth_reading_are_told_after_the_first() -> None:
    """Whoever could read lead by lead need not read a hundred pages to find out."""
    with pytest.raises(TooManyPages):
        read(iter([page(range(1000), 5000)]), 4)
    assert len(read(account(4000), 4)[0]) == 4000


@pytest.mark.parametrize(
    "ending",
    [
        Silence("the connection was reset", sent=True),
        answer(200, b""),
        answer(200, b"<html>login</html>"),
        answer(200, []),
        answer(200, {}),
        answer(200, {"Status": "Error", "ExceptionType": "MXInvalidInputException"}),
        answer(200, {"RecordCount": None}),
        answer(200, {"List": {"0": 1}, "RecordCount": 1}),
        answer(500, error("MXInvalidInputException", "PageSize can not be more than 1000")),
        answer(503, b""),
    ],
)
@pytest.mark.parametrize("before", [0, 1])
def test_an_answer_that_is_none_is_an_error_on_every_page(ending: Ending, before: int) -> None:
    """Nothing that is not a page passes for the end of the pages."""
    with pytest.raises((ReadingFailed, PagesIncomplete)):
        read(iter([*[page(range(1000), 1500)] * before, ending, *[ending] * BEGINNINGS]))


@pytest.mark.parametrize(("status", "final"), [(401, True), (403, True), (404, True), (405, True), (500, False)])
def test_an_account_that_has_no_such_call_says_so_for_good(status: int, final: bool) -> None:
    """A call that is refused for what it is need not be tried again."""
    with pytest.raises(ReadingFailed) as failed:
        read(iter([answer(status, b"")]))
    assert failed.value.final == final


def test_entries_that_are_no_activities_bring_nothing() -> None:
    """Whatever stands in a list, an account is only read whole if its ids are as many as it says."""
    with pytest.raises(PagesIncomplete):
        read(iter([answer(200, {"RecordCount": 2, "List": [entry(1), None]}), page([1], 2)]))


@settings(max_examples=200)
@given(
    st.integers(0, 60),
    st.integers(1, 20),
    st.lists(
        st.tuples(st.integers(1, 12), st.sampled_from([-1, 1]), st.integers(0, 100)),
        max_size=3,
        unique_by=lambda change: change[0],
    ),
)
def test_what_was_there_all_the_time_is_seen_or_reading_fails(
    rows: int, size: int, changes: list[tuple[int, int, int]]
) -> None:
    """While others come or go between the pages, no activity that stays is missed by a reading that succeeds.

    Only if one comes and one goes between the same two pages does the number not tell; but in the periods that are read
    in several pages nothing comes any more.
    """
    there = {row * 10 for row in range(rows)}
    steady = set(there)
    calls = 0

    def ending(number: int) -> Ending:
        nonlocal calls
        calls += 1
        for at, sign, which in changes:
            if at == calls and sign > 0:
                there.add(which * 7 + 3)
            elif at == calls and there:
                gone = sorted(there)[which % len(there)]
                there.discard(gone)
                steady.discard(gone)
        return page(sorted(there)[(number - 1) * size : number * size], len(there))

    try:
        found, _ = read(ending)
    except PagesIncomplete:
        return
    assert {activity_id(row) for row in steady} <= set(found)
