"""The sender's loop: what is written down when, what goes again, and what stops it."""

import random
from collections import Counter
from itertools import pairwise

import pytest

from importer.codes.rows import Code
from importer.errors.base import ExitCode, UsageError
from importer.leadsquared.calls import Answer, Ending, Silence
from importer.leadsquared.pacing import MANY_REFUSALS
from importer.records import Withdrawn
from importer.sending.dispatch import IN_FLIGHT
from importer.sending.gate import PATIENCE
from importer.sending.stops import (
    LONGEST_OUTAGE,
    LONGEST_PAUSE,
    TRIES_AT_FIRST,
    QuotaUsedUp,
    Refused,
    ServiceDown,
)
from importer.settings import Rate

from .account import Account
from .simulation import (
    BROKEN,
    KEYS_REFUSED,
    LOST,
    UNREACHED,
    DiskFull,
    World,
    always,
    answering,
    assert_lawful,
    chunk,
    chunks_then,
    receipts_for,
    throttling,
)

FAST = Rate(1000, 1.0)


# -------------------------------------------------------------------------------------------------- a good day


def test_every_chunk_is_written_down_sent_and_settled() -> None:
    """On a good day each chunk is intended, leaves, and is settled, in order, and nothing stops the sender."""
    world = World(answering())
    assert world.send(5, rows=3) is None
    assert_lawful(world.log)
    assert [event[1] for event in world.events("intend")] == [1, 2, 3, 4, 5]
    assert [event[1] for event in world.events("start")] == [[n, n + 1, n + 2] for n in range(0, 15, 3)]
    assert Counter(event[0] for event in world.log) == {"intend": 5, "start": 5, "settle": 5}
    assert (world.watcher.created, world.watcher.rejected, world.watcher.doubtful) == (15, 0, 0)


def test_no_chunks_are_no_calls() -> None:
    """Nothing to send is sent at once."""
    world = World(answering())
    assert world.send(0) is None
    assert world.log == []
    assert world.dispatcher.traffic.seconds == 0


def test_receipts_reach_the_journal_row_by_row() -> None:
    """A chunk with a refused row is settled with both kinds of receipts, and does not go again."""
    world = World(lambda rows, _: (receipts_for(rows, frozenset({3})), 0.1))
    assert world.send(2) is None
    assert world.events("settle") == [("settle", 1, 1, (True, True)), ("settle", 2, 1, (True, False))]
    assert (world.watcher.created, world.watcher.rejected) == (3, 1)
    assert_lawful(world.log)


def test_a_few_calls_are_under_way_together_and_no_more() -> None:
    """A slow server has as many calls at a time as the sender allows itself, never more."""
    world = World(answering(seconds=7.0), FAST)
    assert world.send(50) is None
    assert world.lane.most_under_way == IN_FLIGHT
    assert_lawful(world.log)


def test_traffic_is_counted_from_the_first_call_to_the_end_of_the_last() -> None:
    """Calls and seconds are those of the run, refused calls included."""
    world = World(answering(throttling(25), seconds=0.5))
    world.send(2)
    traffic = world.dispatcher.traffic
    assert (traffic.calls, traffic.throttled) == (3, 1)
    assert traffic.seconds == world.lane.time > 0.5 + 0.25 + 0.5


@pytest.mark.parametrize("rate", [Rate(1, 5.0), Rate(5, 5.0), Rate(25, 5.0)])
def test_the_server_never_sees_more_than_the_limit(rate: Rate) -> None:
    """Over thousands of calls of uneven length, no window at the server holds more than the limit."""
    chance = random.Random(5)  # noqa: S311
    arrivals: list[float] = []

    def server(rows: list[int], now: float) -> tuple[Ending, float]:
        arrivals.append(now + chance.uniform(0, 0.2))
        return receipts_for(rows), chance.choice([0.25, 0.3, 1.0, 4.0, 20.0])

    world = World(server, rate)
    assert world.send(3000, rows=1) is None
    arrivals.sort()
    assert len(arrivals) == 3000
    assert min(after - before for before, after in zip(arrivals, arrivals[rate.calls :], strict=False)) > 5.0 - 1e-6


# ------------------------------------------------------------------------------------------------ going too fast


def test_a_throttled_chunk_goes_again_under_its_number_after_the_pause() -> None:
    """A refusal for going too fast is written down, waited out, and the chunk goes again as its second try."""
    world = World(answering(throttling(25), seconds=0.5))
    assert world.send(1) is None
    assert world.of_chunk(1) == [("intend", 1), ("withdraw", 1), ("intend", 2), ("settle", 2)]
    assert world.events("withdraw")[0][3] == Withdrawn.THROTTLED
    assert world.lane.started_at == [0.0, 0.75]
    assert world.watcher.pauses == [0.25]
    assert_lawful(world.log)


def test_while_one_is_refused_nobody_leaves() -> None:
    """No call of any chunk leaves between a refusal and the end of the pause."""
    world = World(answering(*[None] * 3, throttling(0), seconds=1.0), Rate(4, 5.0))
    assert world.send(20) is None
    (first, *_), refused_at = world.watcher.pauses, PATIENCE + 1.0
    assert first >= 1.0
    assert not [at for at in world.lane.started_at if refused_at < at < refused_at + first]
    assert_lawful(world.log)


def test_calls_that_were_refused_together_make_one_pause() -> None:
    """Eight refusals of calls that left together pause the sender once, and each chunk goes again once."""
    world = World(answering(None, *[throttling(0)] * IN_FLIGHT), FAST)
    assert world.send(1 + IN_FLIGHT) is None
    assert len(world.watcher.pauses) == 1
    assert [len(world.of_chunk(number)) for number in range(2, IN_FLIGHT + 2)] == [4] * IN_FLIGHT
    assert world.dispatcher.traffic.throttled == IN_FLIGHT
    assert_lawful(world.log)


def test_the_limit_in_the_words_is_kept_to() -> None:
    """After a refusal that names the account's limit, no window holds more calls than that."""
    world = World(answering(*[None] * 10, throttling(2)))
    assert world.send(30) is None
    later = world.lane.started_at[len(world.lane.started_at) // 2 :]
    assert min(after - before for before, after in zip(later, later[2:], strict=False)) >= 5.0
    assert_lawful(world.log)


def test_what_the_server_asks_to_wait_is_waited() -> None:
    """Retry-After makes the pause longer."""
    world = World(answering(throttling(25, retry_after="90")))
    assert world.send(1) is None
    assert world.lane.started_at == [0.0, 90.1]


def test_refusals_without_end_do_not_make_calls_without_end() -> None:
    """A server that refuses everything is asked ever less often, and once in half a minute in the end."""
    world = World(always(throttling(25), seconds=0.0), stop_at=3600.0)
    world.send(1)
    gaps = [after - before for before, after in pairwise(world.lane.started_at)]
    assert min(gaps) >= 0.25
    assert gaps[MANY_REFUSALS:] == sorted(gaps[MANY_REFUSALS:])
    assert 30 <= gaps[-1] <= 31
    assert len(gaps) < 260
    assert_lawful(world.log)


def test_a_call_that_goes_through_makes_the_next_pause_short_again() -> None:
    """Only refusals in a row make pauses grow."""
    many = [throttling(0)] * MANY_REFUSALS
    world = World(answering(*many, None, throttling(0), LOST, throttling(0)), Rate(1, 5.0))
    assert world.send(4) is None
    first, *_, longest, next_after, _ = world.watcher.pauses
    assert first == next_after < longest


def test_a_quota_that_is_used_up_stops_the_run() -> None:
    """A limit of a day is not waited for: the run stops, and its rows keep their turn."""
    world = World(answering(None, throttling(10000, 86400)))
    stopped = world.send(20)
    assert isinstance(stopped, QuotaUsedUp)
    assert stopped.exit_code == ExitCode.STOPPED_EARLY
    assert "10000 in 86400" in str(stopped)
    assert world.lane.time < 1
    assert world.dispatcher.traffic.throttled == 1
    assert_lawful(world.log)


# --------------------------------------------------------------------------------------------------------- doubt


@pytest.mark.parametrize(
    ("ending", "code"),
    [
        (LOST, Code.ANSWER_LOST),
        (BROKEN, Code.SERVER_ERROR),
        (Answer(200, b"<html>"), Code.ANSWER_UNCLEAR),
        (Answer(302, b""), Code.ANSWER_UNCLEAR),
        (Answer(500, b'{"ExceptionType":"MXInvalidInputException"}'), Code.SERVER_ERROR),
    ],
)
def test_what_is_in_doubt_does_not_go_again_unless_it_is_proven_absent(ending: Ending, code: Code) -> None:
    """A chunk that may have arrived is written down as such, and looked up: here it has arrived, so it goes once."""
    account = Account()

    def server(rows: list[int], now: float) -> tuple[Ending, float]:
        account.commit(rows, now)
        return ending if rows == [2, 3] else receipts_for(rows), 0.1

    world = World(server, account=account)
    assert world.send(4) is None
    assert world.of_chunk(2) == [("intend", 1), ("doubt", 1)]
    assert world.events("doubt")[0][3] == code
    assert [event[1] for event in world.events("found")] == [2, 3]
    assert len(world.events("start")) == 4
    assert (world.watcher.doubtful, world.watcher.found) == (2, 2)
    assert_lawful(world.log)


def test_receipts_of_another_number_of_rows_are_doubt() -> None:
    """A call that is answered with too few receipts leaves all of its rows in doubt."""
    world = World(lambda rows, _: (receipts_for(rows[:-1]), 0.1))
    assert world.send(1, rows=25) is None
    assert world.of_chunk(1) == [("intend", 1), ("doubt", 1)]
    assert (world.watcher.created, world.watcher.doubtful) == (0, 25)


# ------------------------------------------------------------------------------------------------ fatal answers


@pytest.mark.parametrize(
    ("ending", "code"),
    [
        (KEYS_REFUSED, "credentials-refused"),
        (Answer(403, b""), "credentials-refused"),
        (Answer(404, b""), "request-refused"),
        (Silence("the certificate is not valid", sent=False, lasting=True), "certificate-refused"),
    ],
)
def test_a_fatal_answer_stops_with_everything_settled(ending: Ending, code: str) -> None:
    """Calls under way are brought to their end and written down; no further one leaves; rows keep their turn."""
    slow = iter([(None, 1.0), (ending, 1.0)])

    def server(rows: list[int], _: float) -> tuple[Ending, float]:
        how, seconds = next(slow, (None, 3.0))
        return how or receipts_for(rows), seconds

    world = World(server)
    stopped = world.dispatcher.send(iter([chunk(number) for number in range(1, 31)]))
    assert isinstance(stopped, Refused)
    assert (stopped.code, stopped.exit_code) == (code, ExitCode.STOPPED_EARLY)
    assert stopped.remedy
    assert len(world.events("start")) == 1 + IN_FLIGHT
    assert Counter(event[0] for event in world.log) == {"intend": 9, "start": 9, "settle": 8, "withdraw": 1}
    assert world.events("withdraw")[0][3] == (
        Withdrawn.KEYS_REFUSED if code == "credentials-refused" else Withdrawn.REFUSED
    )
    assert world.lane.time == 4.0
    assert_lawful(world.log)


@pytest.mark.parametrize("status", [401, 403, 404])
def test_what_the_first_call_shows_is_not_shown_eight_times(status: int) -> None:
    """Until the first call has ended no other leaves, so wrong keys are tried once."""
    world = World(always(Answer(status, b""), seconds=PATIENCE - 0.1), FAST)
    assert isinstance(world.send(20), Refused)
    assert len(world.events("start")) == 1


def test_a_slow_first_call_does_not_hold_up_the_others_for_long() -> None:
    """After two seconds the others leave, whatever becomes of the first."""
    slow = iter([60.0])
    world = World(lambda rows, _: (receipts_for(rows), next(slow, 0.5)), FAST)
    assert world.send(20) is None
    assert sorted(set(world.lane.started_at))[:3] == [0.0, PATIENCE, PATIENCE + 0.5]
    assert world.lane.time == 60.0
    assert_lawful(world.log)


def test_several_fatal_answers_are_told_as_the_first() -> None:
    """The first reason to stop is the one that is told."""
    world = World(answering(None, KEYS_REFUSED, Answer(404, b"")), FAST)
    stopped = world.send(20)
    assert isinstance(stopped, Refused)
    assert stopped.code == "credentials-refused"
    assert len(world.events("withdraw")) == 2


def test_what_is_throttled_while_stopping_waits_for_the_next_run() -> None:
    """A refused chunk does not go again once the run has a reason to stop."""
    endings = iter([(receipts_for([0, 1]), 0.1), (KEYS_REFUSED, 1.0), (throttling(25), 2.0)])
    world = World(lambda _, __: next(endings))
    assert isinstance(world.send(3), Refused)
    assert world.of_chunk(3) == [("intend", 1), ("withdraw", 1)]
    assert_lawful(world.log)


# ------------------------------------------------------------------------------------------------------- outages


def test_a_server_that_never_answers_is_given_up_soon() -> None:
    """If the very first calls can't be made, a wrong address is likely: three tries, and the run stops."""
    world = World(always(UNREACHED))
    stopped = world.send(30)
    assert isinstance(stopped, ServiceDown)
    assert stopped.exit_code == ExitCode.STOPPED_EARLY
    assert "the connection was refused" in str(stopped)
    assert len(world.events("start")) == TRIES_AT_FIRST
    assert {event[3] for event in world.events("withdraw")} == {Withdrawn.UNSENT}
    assert world.lane.time < 5
    assert world.watcher.pauses == [1.0, 2.0]
    assert_lawful(world.log)


def test_a_server_that_was_there_before_is_tried_for_five_minutes() -> None:
    """An outage in mid-run is waited out, ever more seldom, up to a limit."""
    world = World(answering(None, *[UNREACHED] * 1000), Rate(1, 0.1))
    stopped = world.send(30)
    assert isinstance(stopped, ServiceDown)
    assert LONGEST_OUTAGE <= world.lane.time <= LONGEST_OUTAGE + LONGEST_PAUSE + 1
    assert world.watcher.pauses == pytest.approx([1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0, 60.0, 60.0])
    assert_lawful(world.log)


def test_during_an_outage_one_call_at_a_time_tries() -> None:
    """While the server can't be reached, no two calls are under way together."""
    under_way: list[tuple[float, float]] = []

    def server(rows: list[int], now: float) -> tuple[Ending, float]:
        if 1.0 < now < 100.0:
            under_way.append((now, now + 10.0))
            return UNREACHED, 10.0
        return receipts_for(rows), 0.5

    world = World(server, FAST)
    assert world.send(60) is None
    trying = [span for span in under_way if span[0] > 12.0]
    assert trying
    assert all(end <= start for (_, end), (start, _) in pairwise(trying))
    assert world.watcher.created == 120
    assert_lawful(world.log)


def test_after_an_outage_all_go_on() -> None:
    """When the server is back, all chunks are sent, several at a time again, and none is lost."""
    world = World(lambda rows, now: (receipts_for(rows), 2.0) if not 3 < now < 200 else (UNREACHED, 0.1), FAST)
    assert world.send(100) is None
    assert world.watcher.created == 200
    assert world.lane.most_under_way == IN_FLIGHT
    later = Counter(at for at in world.lane.started_at if at > 210)
    assert max(later.values()) == IN_FLIGHT, "as many as ever leave together"
    assert_lawful(world.log)


def test_outages_are_counted_each_by_itself() -> None:
    """An answer in between ends an outage; the next one has its five minutes anew."""
    ups = {200: True, 450: True}

    def server(rows: list[int], now: float) -> tuple[Ending, float]:
        passed = [moment for moment in ups if now >= moment]
        if passed:
            del ups[passed[0]]
            return receipts_for(rows), 0.1
        return (UNREACHED, 0.1) if now > 0 else (receipts_for(rows), 0.1)

    world = World(server, Rate(1, 0.1))
    stopped = world.send(30)
    assert isinstance(stopped, ServiceDown)
    assert world.lane.time > 450 + LONGEST_OUTAGE - LONGEST_PAUSE
    assert_lawful(world.log)


def test_a_refusal_for_going_too_fast_is_a_sign_of_life() -> None:
    """A server that refuses is there: it is not given up after three tries that fail."""
    world = World(answering(throttling(25), *[UNREACHED] * 5), Rate(1, 0.1))
    assert world.send(1) is None
    assert world.watcher.created == 2


# --------------------------------------------------------------------------------- errors of what is to be sent


def test_an_error_of_the_source_lets_calls_under_way_settle_first() -> None:
    """If the rows end in an error, the calls under way are settled before it is handed back."""
    error = UsageError("the file changed", "")
    world = World(answering(seconds=3.0))
    assert world.dispatcher.send(chunks_then(error, 5)) is error
    assert Counter(event[0] for event in world.log) == {"intend": 5, "start": 5, "settle": 5}
    assert_lawful(world.log)


@pytest.mark.parametrize("error", [ValueError("a bug"), OSError("gone"), MemoryError(), DiskFull()])
def test_a_bug_lets_calls_under_way_settle_first_too(error: Exception) -> None:
    """An error that nobody foresaw costs no outcome: it is raised when the calls under way have ended.

    What is in doubt then is left to the next run.
    """
    world = World(answering(None, LOST, seconds=3.0))
    with pytest.raises(type(error)):
        world.dispatcher.send(chunks_then(error, 5))
    assert Counter(event[0] for event in world.log) == {"intend": 5, "start": 5, "settle": 4, "doubt": 1}
    assert_lawful(world.log)


def test_a_throttled_chunk_stays_behind_when_the_source_ends_in_an_error() -> None:
    """With a reason to stop, nothing is sent again."""
    world = World(answering(throttling(25), seconds=3.0))
    assert isinstance(world.dispatcher.send(chunks_then(UsageError("x", ""), 2)), UsageError)
    assert len(world.events("start")) == 2
    assert_lawful(world.log)


# ------------------------------------------------------------------------------------------------------ stopping


def test_a_wish_to_stop_ends_the_run_when_calls_under_way_have_ended() -> None:
    """Asked to stop, no further call leaves, and those under way are settled."""
    world = World(answering(seconds=3.0), stop_at=PATIENCE + 0.5)
    assert world.dispatcher.send(iter([chunk(number) for number in range(1, 101)])) is None
    assert len(world.events("start")) == IN_FLIGHT
    assert len(world.events("settle")) == IN_FLIGHT
    assert world.lane.time == PATIENCE + 3.0
    assert_lawful(world.log)


def test_a_wish_to_stop_ends_a_wait_for_the_pace() -> None:
    """Asked to stop while it waits for its turn, the sender ends at once."""
    world = World(answering(), Rate(1, 60.0), stop_at=2.0)
    assert world.send(10) is None
    assert len(world.events("start")) == 1
    assert world.lane.time == 2.0


def test_a_wish_to_stop_ends_a_pause() -> None:
    """Asked to stop in a pause, the sender does not wait for its end, and the refused chunk keeps its turn."""
    world = World(always(throttling(25, retry_after="500")), stop_at=7.0)
    assert world.send(1) is None
    assert world.lane.time == 7.0
    assert world.of_chunk(1) == [("intend", 1), ("withdraw", 1)]


def test_a_run_that_is_asked_to_stop_before_it_began_sends_nothing() -> None:
    """A wish that is there from the start is heard."""
    world = World(answering(), stop_at=0.0)
    assert world.send(5) is None
    assert world.log == []


def test_being_woken_for_nothing_changes_nothing() -> None:
    """A lane that is woken without a wish to stop goes on waiting."""
    world = World(answering(seconds=1.0), Rate(1, 5.0))
    world.lane.wakes += [0.5, 0.7, 2.0, 3.0]
    assert world.send(2) is None
    assert world.lane.started_at == [0.0, pytest.approx(5.25, abs=0.1)]


# ---------------------------------------------------------------------------------------- a journal that is full


@pytest.mark.parametrize("entries", range(8))
def test_nothing_leaves_that_could_not_be_written_down(entries: int) -> None:
    """When the journal fails, before a call or after it, no further call leaves."""
    world = World(answering(), Rate(1, 0.1))
    world.journal.full_after = entries
    with pytest.raises(DiskFull):
        world.send(10)
    starts, intents = len(world.events("start")), len(world.events("intend"))
    assert starts == intents == (entries + 1) // 2
