"""Calls that are refused whole, the few calls more that find the row to blame, and when sending stops altogether."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importer.errors.base import ExitCode
from importer.leadsquared.calls import Answer, Ending
from importer.leadsquared.routes import RouteName
from importer.records import Receipt
from importer.sending.breaker import (
    CALLS_AT_MOST,
    CALLS_IN_A_ROW,
    ROWS_IN_A_ROW,
    Breaker,
    FailingAlike,
    FailingAlways,
)
from importer.settings import Rate

from .account import Account
from .simulation import BROKEN, LOST, Server, World, assert_lawful, receipts_for

WORDS = "Field name : 'mx_Custom_1' of datatype : 'Number' is not valid."
MX = Answer(500, json.dumps({"ExceptionType": "MXInvalidInputException", "ExceptionMessage": WORDS}).encode())
FAILED = Answer(200, json.dumps({"Status": "Failed", "Message": {"Message": "Activity type is inactive"}}).encode())
MALFORMED = Answer(400, json.dumps({"Message": "malformed"}).encode())
TOO_LARGE = Answer(413, b"")


def choking(account: Account, bad: set[int], ending: Ending) -> Server:
    """Does nothing with a call that has a bad row in it, and all of any other."""

    def server(rows: list[int], now: float) -> tuple[Ending, float]:
        if bad & set(rows):
            return ending, 0.1
        account.commit(rows, now)
        return receipts_for(rows), 0.1

    return server


@pytest.mark.parametrize("ending", [MX, FAILED, MALFORMED, TOO_LARGE])
@pytest.mark.parametrize("bad", range(25))
def test_one_bad_row_of_25_costs_nine_calls_at_most(bad: int, ending: Answer) -> None:
    """A call that is refused whole for one row is split until the row is alone; the others land, once each."""
    account = Account()
    world = World(choking(account, {bad + 25}, ending), account=account)
    assert world.send(4, rows=25) is None
    assert len(world.events("start")) - 4 <= 9
    assert [account.count(row) for row in range(100)] == [int(row != bad + 25) for row in range(100)]
    assert [row for row, outcome in world.journal.outcomes.items() if outcome != "created"] == [bad + 25]
    assert world.journal.outcomes[bad + 25] == "rejected"
    assert_lawful(world.log)


def test_a_call_that_surely_did_nothing_is_split_at_once() -> None:
    """400 and 413 prove that nothing was written, so nothing is looked up and nothing waited for."""
    account = Account()
    world = World(choking(account, {30}, TOO_LARGE), account=account)
    assert world.send(4, rows=25) is None
    assert account.reads == []
    assert world.lane.time < 5


def test_the_guilty_row_bears_the_words_of_the_server() -> None:
    """What LeadSquared said of the row that was alone in the end is told of it, and of no other row."""
    account = Account()
    world = World(choking(account, {30}, MX), account=account)
    assert world.send(4, rows=25) is None
    (refused,) = world.events("rejected")
    assert refused[1] == 30
    assert WORDS in refused[2]
    assert world.watcher.rejected == 1


def test_a_row_that_an_error_has_left_over_is_not_taken_for_the_guilty_one() -> None:
    """If 24 of 25 rows were written before the error, the one that is missing goes by itself and lands."""
    account = Account()
    first = iter([True])

    def server(rows: list[int], now: float) -> tuple[Ending, float]:
        if 25 in rows and next(first, False):
            account.commit([row for row in rows if row != 40], now)
            return MX, 0.1
        account.commit(rows, now)
        return receipts_for(rows), 0.1

    world = World(server, account=account)
    assert world.send(3, rows=25) is None
    assert {account.count(row) for row in range(75)} == {1}
    assert set(world.journal.outcomes.values()) == {"created"}


@settings(max_examples=50)
@given(st.sets(st.integers(0, 74), max_size=3), st.sampled_from([MX, MALFORMED]))
def test_a_few_bad_rows_keep_no_good_row_from_landing(bad: set[int], ending: Answer) -> None:
    """Wherever up to three bad rows stand, all others land once, and no row is refused that is not bad.

    Many failures in a row may stop the run; what was not sent then is there no time, and has its turn in the next one.
    """
    account = Account()
    world = World(choking(account, bad, ending), account=account)
    world.control()
    stopped = world.send(3, rows=25)
    assert_lawful(world.log)
    for row in range(75):
        outcome = world.journal.outcomes.get(row, "not_sent")
        assert account.count(row) == (outcome == "created")
        assert outcome == "created" or row in bad or stopped is not None
        assert outcome != "rejected" or row in bad


def test_a_mishap_is_no_refusal() -> None:
    """A call that failed without a word goes again whole before it is split."""
    account = Account()
    first = iter([True])

    def server(rows: list[int], now: float) -> tuple[Ending, float]:
        if 25 in rows and next(first, False):
            return BROKEN, 0.1
        account.commit(rows, now)
        return receipts_for(rows), 0.1

    world = World(server, account=account)
    assert world.send(3, rows=25) is None
    assert len(world.events("start")) == 4


@pytest.mark.parametrize("route", [RouteName.BULK_BY_LEAD_ID, RouteName.SINGLE_BY_LEAD_ID])
@pytest.mark.parametrize("ending", [BROKEN, LOST])
def test_a_lone_row_that_always_fails_is_given_up_after_three_tries(route: RouteName, ending: Ending) -> None:
    """A row that fails by itself, without a word and without being written, is sent three times and then refused."""
    account = Account()

    def server(rows: list[int], now: float) -> tuple[Ending, float]:
        if rows == [2]:
            return ending, 0.1
        ids = account.commit(rows, now)
        single = {"Status": "Success", "Message": {"Id": ids[0]}}
        return (Answer(200, json.dumps(single).encode()) if "single" in route else receipts_for(rows)), 0.1

    world = World(server, account=account, route=route)
    assert world.send(5, rows=1) is None
    assert [event[3] for event in world.events("intend")].count([2]) == 3
    assert [world.journal.outcomes[row] for row in range(5)] == ["created", "created", "rejected", "created", "created"]
    (refused,) = world.events("rejected")
    assert "3 times" in refused[2]
    assert_lawful(world.log)


# -------------------------------------------------------------------------------------------------- the breaker


def test_an_activity_type_that_is_gone_stops_the_run_with_its_words() -> None:
    """If every call is refused in the same words, a few calls show it; the rows keep their turn."""
    account = Account()
    world = World(lambda _, __: (FAILED, 0.1), account=account)
    world.control()
    stopped = world.send(100, rows=25)
    assert isinstance(stopped, FailingAlike)
    assert stopped.exit_code == ExitCode.STOPPED_EARLY
    assert "Activity type is inactive" in str(stopped)
    assert len(world.events("start")) <= 25
    assert set(world.journal.outcomes.values()) <= {"not_sent", "unknown", "rejected"}
    assert list(world.journal.outcomes.values()).count("unknown") == 0


def test_malformed_calls_all_of_them_stop_the_run_after_a_few() -> None:
    """A mapping whose every call is malformed is told after five calls in a row, a repetition among them."""
    world = World(lambda _, __: (MALFORMED, 0.1), Rate(1, 0.1))
    stopped = world.send(100, rows=25)
    assert isinstance(stopped, FailingAlike)
    assert len(world.events("start")) <= CALLS_IN_A_ROW + 10
    assert set(world.journal.outcomes.values()) == {"not_sent"}


def test_seventy_five_rows_refused_alike_stop_the_run() -> None:
    """Receipts that refuse row after row in the same words, but for numbers and names, are one cause, not many."""

    def server(rows: list[int], _: float) -> tuple[Ending, float]:
        entries = [
            {
                "RowNumber": place,
                "ActivityCreated": False,
                "ExceptionMessage": f"Lead '{row}' has no stage {row * 7919}",
            }
            for place, row in enumerate(rows, start=1)
        ]
        return Answer(200, json.dumps({"Response": entries}).encode()), 0.1

    world = World(server, Rate(1, 0.2))
    stopped = world.send(100, rows=25)
    assert isinstance(stopped, FailingAlike)
    assert len(world.events("start")) == ROWS_IN_A_ROW // 25
    assert set(world.journal.outcomes.values()) == {"rejected"}


def refusals(count: int, words: str = "no such lead {}") -> tuple[Receipt, ...]:
    return tuple(Receipt(n, created=False, code="lsq-rejected", message=words.format(n)) for n in range(1, count + 1))


CREATED = (Receipt(1, created=True, activity_id="0000000a-51aa-11e2-9e64-12314004ac6b"),)


def test_whatever_is_created_begins_the_count_of_rows_anew() -> None:
    """74 rows refused, one created, 74 refused: nothing stops."""
    breaker = Breaker()
    assert breaker.receipts(refusals(74)) is None
    assert breaker.receipts(CREATED) is None
    assert breaker.receipts(refusals(74)) is None
    assert isinstance(breaker.receipts(refusals(1)), FailingAlike)


def test_rows_refused_for_different_reasons_are_not_alike() -> None:
    """Other words begin the count anew."""
    breaker = Breaker()
    for _ in range(20):
        assert breaker.receipts(refusals(25, "no such lead {}")) is None
        assert breaker.receipts(refusals(25, "no such owner {}")) is None


def test_five_calls_that_fail_in_a_row_stop_only_with_a_repetition() -> None:
    """Five different chunks may each have a bad row; if one that was split fails again, something else is wrong."""
    breaker = Breaker()
    assert [breaker.failed("x", refused=True, repeated=False) for _ in range(CALLS_IN_A_ROW)] == [None] * CALLS_IN_A_ROW
    assert isinstance(breaker.failed("x", refused=True, repeated=True), FailingAlike)


def test_a_call_that_goes_through_begins_the_count_of_calls_anew() -> None:
    """Failures are counted in a row; receipts and rows that are read back end the row."""
    breaker = Breaker()
    for by_receipt in (True, False):
        for number in range(CALLS_IN_A_ROW - 1):
            assert breaker.failed("x", refused=True, repeated=number > 0) is None
        if by_receipt:
            assert breaker.receipts(CREATED) is None
        else:
            breaker.created()
    for number in range(CALLS_IN_A_ROW - 1):
        assert breaker.failed("x", refused=True, repeated=number > 0) is None


def test_failures_without_common_words_are_a_service_in_trouble() -> None:
    """Different errors, or none that LeadSquared has words for, say that the service fails, not the rows."""
    breaker = Breaker()
    ends = [breaker.failed(f"HTTP {500 + n}", refused=False, repeated=False) for n in range(CALLS_AT_MOST)]
    assert ends[:-1] == [None] * (CALLS_AT_MOST - 1)
    assert isinstance(ends[-1], FailingAlways)
    breaker = Breaker()
    stopped = [breaker.failed(words, refused=True, repeated=True) for words in ("a", "b", "a", "b", "a")][-1]
    assert isinstance(stopped, FailingAlways)


@pytest.mark.parametrize("budget", [30, 40])
def test_looking_up_after_a_stop_keeps_to_the_budget(budget: int) -> None:
    """What is in doubt when the breaker has stopped the posting is looked up as far as the budget goes."""
    world = World(lambda _rows, _now: (LOST, 1.0), budget=budget)
    world.control()
    assert isinstance(world.send(200), FailingAlways)
    assert world.dispatcher.traffic.calls + world.dispatcher.traffic.readings == budget


def test_rows_that_are_read_back_show_that_the_service_works() -> None:
    """An account that writes everything and loses every answer is slow, but its rows are found, and the run goes on."""
    account = Account()

    def server(rows: list[int], now: float) -> tuple[Ending, float]:
        account.commit(rows, now)
        return (receipts_for(rows) if rows[0] == 0 else LOST), 1.0

    world = World(server, account=account)
    assert world.send(60, rows=25) is None
    assert {account.count(row) for row in range(1500)} == {1}
    assert set(world.journal.outcomes.values()) == {"created"}
