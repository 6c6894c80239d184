"""Rows in doubt: when they are looked up, what is concluded from what is seen, and what never is."""

import json
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importer.codes.rows import Code
from importer.leadsquared.calls import Answer, Ending
from importer.leadsquared.routes import RouteName
from importer.records import Chunk
from importer.sending.breaker import TooMuchInDoubt
from importer.sending.caution import CHUNKS_IN_DOUBT
from importer.sending.dispatch import IN_FLIGHT
from importer.sending.doubts import CONFIRMATION, EARLY_LOOKS, Doubt
from importer.sending.turns import TRIES
from importer.settings import Rate

from .account import Account
from .simulation import (
    BROKEN,
    LOST,
    SETTLE,
    UNREACHED,
    Server,
    World,
    activity,
    assert_lawful,
    receipts_for,
    throttling,
)

BY_EVENT, BY_LEAD = "RetrieveByActivityEvent", "ProspectActivity.svc/Retrieve"


def losing(account: Account, lost: Callable[[list[int]], bool], commit: float | None) -> Server:
    """Commits calls and answers them well, but for those that are lost: they are committed so late, or never."""
    tries: dict[int, int] = {}

    def server(rows: list[int], now: float) -> tuple[Ending, float]:
        first = tries.setdefault(rows[0], 0) == 0
        tries[rows[0]] += 1
        if first and lost(rows):
            if commit is not None:
                account.commit(rows, now + commit)
            return LOST, 1.0
        account.commit(rows, now)
        return receipts_for(rows), 0.1

    return server


def second(rows: list[int]) -> bool:
    """The call that is lost in most of these tests: the second one, of rows 2 and 3."""
    return rows == [2, 3]


def a_world(commit: float | None, **facts: object) -> World:
    """A run of four calls of two rows, the second of which is lost."""
    account = Account()
    for name in [name for name in facts if hasattr(account, name)]:
        setattr(account, name, facts.pop(name))
    return World(losing(account, second, commit), account=account, **facts)  # type: ignore[arg-type]


def looks_of(world: World, path: str = BY_EVENT) -> list[float]:
    """When the account was asked."""
    return [at for asked, at in world.account.reads if asked.endswith(path)]


# ------------------------------------------------------------------------------------------------ the schedule


def test_what_arrived_is_found_by_the_first_look() -> None:
    """A row whose answer was lost is looked up after a twentieth of the settle time, and its id is taken over."""
    world = a_world(0.0)
    assert world.send(4) is None
    assert len(looks_of(world)) == 1
    assert looks_of(world)[0] - 1.0 == pytest.approx(EARLY_LOOKS[0] * SETTLE, abs=1.0)
    assert world.journal.ids[2] == next(each.id for each in world.account.stored if each.body["n"] == 2)
    assert set(world.journal.outcomes.values()) == {"created"}
    assert world.lane.time < 20
    assert_lawful(world.log)


def test_a_row_goes_again_after_two_looks_at_the_end_of_the_settle_time() -> None:
    """What never arrived is missed by the early looks, and by two that may decide, ten seconds apart; then it goes."""
    world = a_world(None)
    assert world.send(4) is None
    ended = 1.1
    shares = [*EARLY_LOOKS, 1.0, 1.0 + CONFIRMATION]
    assert looks_of(world) == pytest.approx([ended + share * SETTLE for share in shares], abs=0.5)
    (again,) = [event for event in world.events("intend") if event[2] == 2]
    assert again == ("intend", 2, 2, [2, 3])
    assert world.lane.started_at[-1] >= ended + SETTLE * (1 + CONFIRMATION)
    assert [world.account.count(row) for row in range(8)] == [1] * 8
    assert set(world.journal.outcomes.values()) == {"created"}
    assert_lawful(world.log)


@given(st.floats(0, 290), st.floats(1, 600))
def test_looks_never_come_too_early_and_never_end(ended: float, late: float) -> None:
    """Whenever a doubt is taken on, the look that decides begins at the settle time at the soonest."""
    doubt = Doubt(Chunk(1, (activity(0),)), 1, max(0.0, ended - 5), ended, "")
    now = ended + late
    doubt.plan_first_look(SETTLE, now)
    for _ in range(6):
        assert doubt.due_at >= now
        now = doubt.due_at
        assert doubt.decides(now, SETTLE) == (now >= ended + SETTLE)
        doubt.plan_next_look(SETTLE, now, now + 0.3)
        assert now < doubt.due_at <= now + SETTLE
    assert doubt.decides(now, SETTLE)


def test_other_calls_go_on_while_rows_are_in_doubt() -> None:
    """A doubt holds up no other row."""
    world = a_world(None)
    assert world.send(40) is None
    settled = world.lane.started_at[-2]
    assert settled < 30 < SETTLE < world.lane.started_at[-1]


def test_one_look_for_all_that_is_due() -> None:
    """Doubts of the same age are looked up together."""
    account = Account()
    world = World(losing(account, lambda rows: rows[0] in (2, 4, 6), None), account=account)
    assert world.send(20) is None
    assert len(looks_of(world)) <= 5
    assert {account.count(row) for row in range(40)} == {1}


# ------------------------------------------------------------------------------------------- what proves absence


def test_one_look_that_misses_a_row_is_not_enough() -> None:
    """A row that shows between the two deciding looks is found, and does not go again."""
    world = a_world(SETTLE + 5.0)
    assert world.send(4) is None
    assert len(looks_of(world)) == 4
    assert [world.account.count(row) for row in (2, 3)] == [1, 1]
    assert [event[1] for event in world.events("found")] == [2, 3]


def test_nothing_is_concluded_from_an_account_that_shows_nothing() -> None:
    """Without an activity that is known to be there and shows, absence proves nothing: the row stays unknown."""
    world = a_world(None, hidden=lambda _: True)
    assert world.send(4) is None
    assert world.journal.outcomes[2] == world.journal.outcomes[3] == "unknown"
    assert world.events("stays") == [("stays", [2, 3], Code.NO_CONTROL)]
    assert not [event for event in world.events("intend") if event[2] > 1]


def test_an_account_that_hides_the_keys_proves_nothing() -> None:
    """A control that shows without its import key is none: somebody empties the field, and rows would go twice."""
    world = a_world(0.0, strips_keys=True)
    assert world.send(4) is None
    assert [world.account.count(row) for row in range(8)] == [1] * 8
    assert world.journal.outcomes[2] == "unknown"


def test_what_an_earlier_run_has_created_is_a_control() -> None:
    """If this run has created nothing yet, an activity of an earlier one shows that looking is no use or some."""
    account = Account()
    world = World(losing(account, lambda _: True, None), account=account)
    world.control()
    assert world.send(1) is None
    assert world.journal.outcomes == {0: "created", 1: "created"}
    assert any(path.endswith(BY_LEAD) for path, _ in account.reads), "it is older than the period"
    assert_lawful(world.log)


def test_a_control_that_comes_later_settles_what_was_given_up() -> None:
    """Rows that were left for want of a control are looked up once more when something was created."""
    account = Account()
    slow = iter([(LOST, 1.0)])

    def server(rows: list[int], now: float) -> tuple[Ending, float]:
        ending = next(slow, None)
        if ending is None:
            account.commit(rows, now + 400.0)
            return receipts_for(rows), 400.0
        return ending

    world = World(server, account=account)
    world.settle = 10.0
    world.dispatcher.settler.settle = 10.0
    assert world.send(2) is None
    assert [event[0] for event in world.events("stays", "absent")] == ["stays", "absent"]
    assert world.journal.outcomes == dict.fromkeys(range(4), "created")
    assert_lawful(world.log)


@pytest.mark.parametrize("fault", [BROKEN, LOST, Answer(200, b"<html>"), Answer(200, b'{"RecordCount":0,"List":null}')])
def test_looks_that_fail_prove_nothing(fault: Ending) -> None:
    """However often reading fails or brings nonsense, no row counts as absent."""
    account = Account(faults=iter(lambda: fault, None))
    world = World(losing(account, second, 0.0), account=account)
    assert world.send(4) is None
    assert [account.count(row) for row in range(8)] == [1] * 8
    assert world.journal.outcomes[2] == "unknown"
    assert_lawful(world.log)


def test_a_look_that_fails_once_is_made_again() -> None:
    """Reading does no harm, so a mishap costs a call and nothing else."""
    account = Account(faults=iter([BROKEN, LOST, None]))
    world = World(losing(account, second, 0.0), account=account)
    assert world.send(4) is None
    assert set(world.journal.outcomes.values()) == {"created"}
    assert len(account.reads) == 3


# ------------------------------------------------------------------------------------------- which way of reading


def test_an_account_without_the_call_by_type_is_read_lead_by_lead() -> None:
    """The call that is not there is tried once; each lead's activities are read instead."""
    world = a_world(None, by_event=False)
    assert world.send(4) is None
    assert len(looks_of(world)) == 1
    assert {world.account.count(row) for row in range(8)} == {1}
    assert_lawful(world.log)


def test_many_pages_by_type_cost_more_than_a_few_leads() -> None:
    """Two leads are cheaper than three pages, so the leads are read; the first page told how many there are."""
    world = a_world(0.0)
    for number in range(2500):
        world.account.add(json.loads(activity(10_000 + number).body), 0.5)
    assert world.send(4) is None
    assert len(looks_of(world, BY_EVENT)) <= 2
    assert looks_of(world, BY_LEAD)
    assert set(world.journal.outcomes.values()) == {"created"}


@pytest.mark.parametrize("offset_counts_rows", [True, False])
def test_both_meanings_of_offset_are_read_to_the_end(*, offset_counts_rows: bool) -> None:
    """A lead with more activities than a page holds is read whole."""
    world = a_world(None, by_event=False, offset_counts_rows=offset_counts_rows, lead_page=10)
    for number in range(33):
        world.account.add(json.loads(activity(10_000 + number, lead=2).body), -50.0)
    assert world.send(4) is None
    assert {world.account.count(row) for row in range(8)} == {1}


@pytest.mark.parametrize("wrong", [-7200.0, -1000.0, -60.0, 60.0, 1000.0, 7200.0])
def test_a_wrong_clock_of_this_computer_does_no_harm(wrong: float) -> None:
    """The period is that of the account's own time, as its answers tell it."""
    for commit in (None, 0.0, 250.0):
        world = a_world(commit, wrong=wrong)
        assert world.send(4) is None
        assert {world.account.count(row) for row in range(8)} == {1}
        assert set(world.journal.outcomes.values()) == {"created"}


@pytest.mark.parametrize("wrong", [-7200.0, -1200.0, -910.0, 0.0, 910.0, 1100.0, 1200.0, 7200.0])
@pytest.mark.parametrize("commit", [0.0, 100.0, 250.0])
def test_without_the_account_s_time_nothing_goes_twice(wrong: float, commit: float) -> None:
    """If no answer has a Date and this computer's clock is wrong, rows may stay unknown, but none goes twice."""
    for route in (RouteName.BULK_BY_LEAD_ID, RouteName.BULK_BY_LEAD_FIELD):
        world = a_world(commit, dated=False, wrong=wrong, route=route)
        world.send(4)
        assert [world.account.count(row) for row in range(8)] == [1] * 8
        assert_lawful(world.log)


# ------------------------------------------------------------------------------------------------ never too many


def test_three_chunks_in_doubt_hold_up_the_others() -> None:
    """Once three full chunks are in doubt, no further call leaves but those under way, until something is settled."""
    account = Account()
    lost = losing(account, lambda rows: rows[0] >= 25, 200.0)
    world = World(lambda rows, now: (lost(rows, now)[0], 1.0), Rate(1000, 1.0), account=account)
    assert world.send(30, rows=25) is None
    before_looks = [at for at in world.lane.started_at if at < EARLY_LOOKS[0] * SETTLE]
    assert len(before_looks) <= 1 + CHUNKS_IN_DOUBT + IN_FLIGHT
    assert {account.count(row) for row in range(750)} == {1}
    assert_lawful(world.log)


def test_an_account_that_loses_everything_gets_few_rows() -> None:
    """If nothing is known to be there, a few calls try whether something is wrong with all; then sending stops."""
    account = Account()
    world = World(lambda _, __: (BROKEN, 0.2), Rate(1000, 1.0), account=account)
    stopped = world.send(1000, rows=25)
    assert stopped is not None
    assert len(world.events("start")) <= 1 + CHUNKS_IN_DOUBT + IN_FLIGHT + 12
    assert_lawful(world.log)


def test_rows_that_can_t_be_looked_up_end_the_run() -> None:
    """If what is in doubt can't be settled by looking, no more rows are risked."""
    account = Account(hidden=lambda _: True)
    world = World(losing(account, lambda rows: rows[0] >= 25, 0.0), Rate(1000, 1.0), account=account)
    stopped = world.send(100, rows=25)
    assert isinstance(stopped, TooMuchInDoubt)
    assert len(world.events("start")) <= 1 + CHUNKS_IN_DOUBT + IN_FLIGHT
    assert {account.count(row) for row in range(250)} <= {0, 1}


# --------------------------------------------------------------------------------------------- without import key


def keyless(account: Account, server: Server, **facts: object) -> World:
    return World(server, account=account, keyed=False, **facts)  # type: ignore[arg-type]


def test_rows_without_key_are_known_by_their_content() -> None:
    """Lead, type, time, note and fields make a row; what is not there is named, and never goes again."""
    account = Account()

    def server(rows: list[int], now: float) -> tuple[Ending, float]:
        if rows[0] == 2:
            account.commit(rows[:1], now)
            return LOST, 1.0
        account.commit(rows, now)
        return receipts_for(rows), 0.1

    world = keyless(account, server)
    assert world.send(4) is None
    assert (world.journal.outcomes[2], world.journal.outcomes[3]) == ("created", "unknown")
    assert world.events("stays") == [("stays", [3], Code.NOT_FOUND)]
    assert len(world.events("start")) == 4


@pytest.mark.parametrize("arrived", range(4))
def test_of_equal_rows_as_many_count_as_created_as_are_there(arrived: int) -> None:
    """Of three rows of the same content, so many arrived; which of them nobody can tell, nor need."""
    account = Account()

    def server(rows: list[int], now: float) -> tuple[Ending, float]:
        if rows[0] == 0:
            account.commit(rows[:arrived], now)
            return LOST, 1.0
        account.commit(rows, now)
        return receipts_for(rows), 0.1

    world = keyless(account, server)
    twins = [activity(row, "the same", lead=1, keyed=False) for row in range(3)]
    assert world.send_rows([*twins, activity(3, keyed=False)], 3) is None
    outcomes = [world.journal.outcomes[row] for row in range(3)]
    assert sorted(outcomes) == sorted(["created"] * arrived + ["unknown"] * (3 - arrived))
    assert len(set(world.journal.ids.values())) == len(world.journal.ids), "no id is given twice"
    assert len(world.events("start")) == 2


def test_an_equal_activity_of_somebody_else_makes_a_row_unknowable() -> None:
    """One row, two activities just like it: nobody can tell whether one of them is its own."""
    account = Account()

    def server(rows: list[int], now: float) -> tuple[Ending, float]:
        if rows[0] == 0:
            account.commit(rows, now)
            account.add(json.loads(activity(0, "the same", keyed=False).body), now + 1)
            return LOST, 1.0
        account.commit(rows, now)
        return receipts_for(rows), 0.1

    world = keyless(account, server)
    world.send_rows([activity(0, "the same", keyed=False), activity(1, keyed=False)], 1)
    assert world.journal.outcomes[0] == "unknown"
    assert world.events("stays") == [("stays", [0], Code.NOT_TOLD_APART)]


def test_what_was_there_before_is_not_taken_for_a_row() -> None:
    """An equal activity that was written before the row was sent is not its own."""
    account = Account()
    world = keyless(account, losing(account, lambda rows: rows == [0, 1], None))
    account.add(json.loads(activity(0, keyed=False).body), -1000.0)
    assert world.send(2) is None
    assert world.journal.outcomes[0] == "unknown"


def test_what_another_row_is_known_by_is_not_taken_for_a_row() -> None:
    """An equal activity that another row has created is not counted for a row in doubt."""
    account = Account()
    twin = activity(1, "the same", lead=0, keyed=False)

    def server(rows: list[int], now: float) -> tuple[Ending, float]:
        if rows == [0]:
            return LOST, 1.0
        ids = account.commit(rows, now)
        return Answer(
            200,
            json.dumps(
                {"Response": [{"RowNumber": 1, "ActivityCreated": True, "ProspectActivityId": ids[0]}]}
            ).encode(),
        ), 0.1

    world = keyless(account, server)
    world.send_rows([activity(0, "the same", keyed=False), twin, activity(2, keyed=False)], 1)
    assert (world.journal.outcomes[0], world.journal.outcomes[1]) == ("unknown", "created")


def test_what_an_equal_row_under_way_creates_is_not_taken_for_a_row_in_doubt() -> None:
    """While a row of the same content is under way, nobody knows whose an activity is; afterwards everybody does."""
    account = Account()
    first_look = 1.0 + EARLY_LOOKS[0] * SETTLE
    rows = [activity(0, "the same", lead=0, keyed=False), activity(1, "the same", lead=0, keyed=False)]

    def server(ordinals: list[int], now: float) -> tuple[Ending, float]:
        if ordinals == [0]:
            return LOST, 1.0
        ids = account.commit(ordinals, now)
        receipt = {"RowNumber": 1, "ActivityCreated": True, "ProspectActivityId": ids[0]}
        return Answer(200, json.dumps({"Response": [receipt]}).encode()), 5.0

    world = keyless(account, server)

    # The twin leaves while the look is under way: its activity is there before its receipt is.
    def late() -> object:
        yield Chunk(0, (rows[0],))
        world.lane.time = max(world.lane.time, first_look + 0.02)
        yield Chunk(0, (rows[1],))

    world.lane.seconds_of_read = 2.0
    assert world.dispatcher.send(late()) is None  # type: ignore[arg-type]
    assert world.journal.outcomes == {0: "unknown", 1: "created"}
    assert len(set(world.journal.ids.values())) == len(world.journal.ids)


# ----------------------------------------------------------------------------------------------------- the law

MANNERS = st.tuples(
    st.sampled_from(["good", "good", "lost", "broken", "empty", "too few", "unreached", "throttled"]),
    st.one_of(st.none(), st.floats(0, SETTLE - 5)),
    st.sampled_from([0.0, 0.1, 1.0, 30.0, 120.0]),
)
"""Of a call: how it ends, when its rows are committed after it ended (None: never), how long it takes."""


def ending_of(manner: str, ids: list[str]) -> Ending:
    """How a call ends; `ids` are those that its answer may name."""
    entries = [
        {"RowNumber": place, "ActivityCreated": True, "ProspectActivityId": each} for place, each in enumerate(ids, 1)
    ]
    answers: dict[str, Ending] = {
        "good": Answer(200, json.dumps({"Response": entries}).encode()),
        "too few": Answer(200, json.dumps({"Response": entries[1:]}).encode()),
        "lost": LOST,
        "broken": BROKEN,
        "empty": Answer(200, b""),
        "unreached": UNREACHED,
        "throttled": throttling(5),
    }
    return answers[manner]


def mannered(account: Account, script: list[tuple[str, float | None, float]], lag: float) -> Server:
    """Ends the first calls in these manners, and all further ones well."""
    manners = iter(script)

    def server(rows: list[int], now: float) -> tuple[Ending, float]:
        manner, commit, seconds = next(manners, ("good", 0.0, 0.1))
        if manner in ("unreached", "throttled"):
            return ending_of(manner, []), seconds
        if manner == "good":
            return ending_of(manner, account.commit(rows, now)), seconds
        if commit is not None:
            account.commit(rows, max(now, now + seconds + commit - lag))
        return ending_of(manner, ["0000000a-51aa-11e2-9e64-12314004ac6b"] * len(rows)), seconds

    return server


READ_FAULTS = st.lists(
    st.sampled_from([None, None, None, BROKEN, LOST, Answer(200, b"{}"), Answer(200, b'{"RecordCount":0}')]),
    max_size=6,
)


@settings(max_examples=300)
@given(
    script=st.lists(MANNERS, max_size=14),
    chunks=st.integers(1, 14),
    rows=st.sampled_from([1, 2, 25]),
    lag=st.sampled_from([0.0, 4.0]),
    wrong=st.sampled_from([0.0, 0.0, 5000.0, -5000.0]),
    by_event=st.booleans(),
    offset_counts_rows=st.booleans(),
    dated=st.booleans(),
    faults=READ_FAULTS,
    stop_at=st.sampled_from([float("inf"), float("inf"), 3.0, 200.0]),
)
def test_no_history_within_the_settle_time_makes_a_row_twice(
    *,
    script: list[tuple[str, float | None, float]],
    chunks: int,
    rows: int,
    lag: float,
    wrong: float,
    by_event: bool,
    offset_counts_rows: bool,
    dated: bool,
    faults: list[Ending | None],
    stop_at: float,
) -> None:
    """Whatever is lost, late, refused or read wrongly: each row is there once at most, and created only if it is."""
    account = Account(
        lag=lag, by_event=by_event, offset_counts_rows=offset_counts_rows, dated=dated, faults=iter(faults)
    )
    world = World(mannered(account, script, lag), account=account, wrong=wrong, stop_at=stop_at)
    world.control()
    stopped = world.send(chunks, rows=rows)
    assert_lawful(world.log)
    outcomes = world.journal.outcomes
    for row in range(chunks * rows):
        assert account.count(row) <= 1
        if outcomes.get(row) == "created":
            assert account.count(row) == 1
            assert account.has(world.journal.ids[row], row)
        if outcomes.get(row, "not_sent") in ("rejected", "not_sent"):
            assert account.count(row) == 0
        if outcomes.get(row) == "rejected":
            assert sum(row in event[3] for event in world.events("intend")) >= TRIES
    if stopped is None and stop_at == float("inf") and not faults and (dated or not wrong):
        assert {outcomes[row] for row in range(chunks * rows)} <= {"created", "rejected"}


@settings(max_examples=100)
@given(script=st.lists(MANNERS, max_size=10), chunks=st.integers(1, 10), words=st.integers(1, 4))
def test_without_key_no_row_goes_twice_and_every_created_one_is_there(
    script: list[tuple[str, float | None, float]], chunks: int, words: int
) -> None:
    """Rows of few contents, many of them alike: nothing goes again that may have arrived, and no id has two rows."""
    account = Account()
    world = keyless(account, mannered(account, script, 0.0))
    rows = [activity(row, f"word {row % words}", lead=row % words, keyed=False) for row in range(chunks * 3)]
    world.send_rows(rows, 3)
    assert_lawful(world.log)
    assert not world.events("absent")
    assert all(account.count(row) <= 1 for row in range(len(rows)))
    ids = list(world.journal.ids.values())
    assert len(set(ids)) == len(ids)
    for word in range(min(words, len(rows))):
        created = sum(world.journal.outcomes.get(row) == "created" for row in range(word, len(rows), words))
        assert created <= sum(each.lead == rows[word].lead for each in account.stored)


def test_a_commit_after_the_settle_time_may_make_a_row_twice() -> None:
    """The honest limit: what the server writes later than the settle time has gone again by then."""
    world = a_world(SETTLE * (1 + CONFIRMATION) + 5.0)
    assert world.send(4) is None
    assert [world.account.count(row) for row in (2, 3)] == [2, 2]


def test_a_row_found_twice_is_told_with_both_ids() -> None:
    """A request that was delivered twice shows: the row is created, and both ids are noted."""
    account = Account()

    def server(rows: list[int], now: float) -> tuple[Ending, float]:
        account.commit(rows, now)
        if rows == [2, 3]:
            account.commit(rows, now + 1)
            return LOST, 1.0
        return receipts_for(rows), 0.1

    world = World(server, account=account)
    assert world.send(4) is None
    assert [len(event) for event in world.events("found")] == [4, 4]
