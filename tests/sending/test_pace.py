"""How near to the account's rate a run gets, on a simulated clock: alone, beside others, killed and begun again."""

import random
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from importer.cli.preflight import AskedOnce
from importer.errors.base import StoppedEarly
from importer.leadsquared.calls import Answer, Call
from importer.leadsquared.pacing import Window
from importer.leadsquared.routes import CallClass
from importer.ledger.ledger import open_ledger
from importer.ledger.pace import PaceBook
from importer.sending.forecast import Forecast
from importer.sending.inquiries import SHARE, Inquiries, Reading
from importer.sending.pace import Allowance, windows_that_remember
from importer.sending.stops import BudgetSpent
from importer.sending.width import LEAST, MOST, Width
from importer.settings import Rate
from tests.sending.traffic import Deaf, Foreigner, Heard, Killed, Limiter, Network, NetworkLane, OwnKind, Run, optimum

FULL = Rate(25, 5.0)
LATENCIES = [0.05, 0.4, 1.5]
TEN_MINUTES = 600.0


def network(limiter: Limiter, latency: float, seed: int = 7) -> Network:
    """A road with chance of its own."""
    return Network(limiter, latency=latency, chance=random.Random(seed))  # noqa: S311


def unknown() -> Window:
    """The window of an account that nobody knows."""
    return Window(FULL, stated=False)


# ------------------------------------------------------------------------------------------------------ alone


@pytest.mark.parametrize("latency", LATENCIES)
@pytest.mark.parametrize("seed", range(3))
def test_500_calls_take_little_longer_than_they_must(latency: float, seed: int) -> None:
    """The limit is known, calls arrive up to 0.2 s late: at most 1.06 of the optimum, and nothing is refused."""
    run = Run(network(Limiter(FULL), latency, seed), Window(FULL)).go()
    assert run.makespan <= 1.06 * optimum(500, FULL, latency)
    assert not run.network.limiter.refused


@pytest.mark.parametrize("latency", LATENCIES)
def test_loading_a_block_delays_no_call(latency: float) -> None:
    """What a block takes goes into the time between two bursts; only the very first one is waited for."""
    quick, slow = (
        Run(network(Limiter(FULL), latency), Window(FULL), loading=loading).go().makespan for loading in (0.0, 0.4)
    )
    assert slow - quick == pytest.approx(0.4, abs=0.15)


@pytest.mark.parametrize("latency", LATENCIES)
@pytest.mark.parametrize("named", [True, False], ids=["named", "nameless"])
@pytest.mark.parametrize("calls", [1, 5, 10, 25])
def test_an_unknown_limit_is_found_out_and_used(calls: int, named: bool, latency: float) -> None:
    """After ten seconds, 95 % of what is allowed; in ten minutes, three refusals at most."""
    limiter = Limiter(Rate(calls, 5.0), named)
    Run(network(limiter, latency), unknown(), 10**6, TEN_MINUTES).go()
    used = sum(10 < at < TEN_MINUTES for at in limiter.admitted)
    assert used >= 0.95 * calls * (TEN_MINUTES - 10) / 5
    assert len(limiter.refused) <= 3


@pytest.mark.parametrize("latency", LATENCIES)
@pytest.mark.parametrize("named", [True, False], ids=["named", "nameless"])
@pytest.mark.parametrize("calls", [1, 2, 5, 10, 25])
def test_what_was_read_before_the_first_call_delays_it_no_more_than_the_account_does(
    calls: int, named: bool, latency: float
) -> None:
    """Readings that were let through prove as much as calls that post, and bring no refusal more."""
    limiter = Limiter(Rate(calls, 5.0), named)
    road, window = network(limiter, latency), unknown()
    once = AskedOnce(lambda _: answered(road), window, NetworkLane(road), random.Random(5))  # noqa: S311
    for _ in range(2):
        with suppress(StoppedEarly):
            once(Call("GET", "x", CallClass.SINGLE))
    run = Run(road, window, 10**6, TEN_MINUTES).go()
    assert len(limiter.refused) <= 3
    if calls > 2:
        assert run.settled[0] <= 3 * (2 * latency + 0.2)


def answered(road: Network) -> Answer:
    """How a call ends that somebody waits for."""
    endings: list[bool] = []
    road.call(endings.append)
    while not endings:
        road.step()
    return Answer(200, b"{}") if endings[0] else road.limiter.refusal()


@pytest.mark.parametrize("shape", [429, 403, 200])
def test_a_refusal_in_any_of_its_shapes_teaches_the_limit(shape: int) -> None:
    """Whatever status a refusal has, its words are kept to, and every call has its outcome."""
    limiter = Limiter(Rate(5, 5.0), shape=shape)
    run = Run(network(limiter, 0.4), unknown(), 60).go()
    assert len(run.settled) == 60
    assert len(limiter.refused) <= 2
    assert run.window.rate == Rate(5, 5.0)


def test_calls_under_way_follow_the_latency() -> None:
    """A handful at 50 ms in the mean, about eight at 1.5 s; a burst is as large as the window."""
    for latency, in_the_mean in ((0.05, 1.0), (1.5, 8.0)):
        run = Run(network(Limiter(FULL), latency), Window(FULL)).go()
        assert run.lane.most_under_way <= 25
        assert 500 * (latency + 0.1) / run.makespan == pytest.approx(in_the_mean, rel=0.35)


def test_a_call_that_hangs_holds_no_other() -> None:
    """Places are left for others however slow the rate is, and however many hang."""
    width = Width()
    assert width.calls(Rate(1, 5.0)) == LEAST
    width.answered(1.5)
    assert width.calls(FULL) == 25
    width.answered(60.0)
    assert 25 < width.calls(FULL) <= MOST


# --------------------------------------------------------------------------------------------------- with others


@pytest.mark.parametrize("latency", LATENCIES)
@pytest.mark.parametrize("bursts", [False, True], ids=["evenly", "at once"])
def test_a_foreign_client_that_takes_half(bursts: bool, latency: float) -> None:
    """No more than 5 % of our calls are refused, and neither starves."""
    road = network(Limiter(FULL), latency)
    other = Foreigner(road, Rate(12, 5.0), bursts)
    other.begin(TEN_MINUTES)
    run = Run(road, unknown(), 10**6, TEN_MINUTES).go()
    ours = len(run.settled)
    refused = len(road.limiter.refused) - other.refused
    assert refused <= 0.05 * (ours + refused)
    assert ours >= 0.7 * 13 * TEN_MINUTES / 5
    assert other.admitted >= 0.7 * 12 * TEN_MINUTES / 5


def test_what_a_foreign_client_leaves_is_taken_again() -> None:
    """Two minutes after it has ended, the whole rate is used."""
    road = network(Limiter(FULL), 0.4)
    Foreigner(road, Rate(12, 5.0)).begin(300.0)
    Run(road, unknown(), 10**6, TEN_MINUTES).go()
    late = sum(420 < at < TEN_MINUTES for at in road.limiter.admitted)
    assert late >= 0.93 * 25 * (TEN_MINUTES - 420) / 5


@pytest.mark.parametrize("latency", LATENCIES)
def test_two_runs_on_one_account_come_to_share_it(latency: float) -> None:
    """The second one begins a minute later and knows nothing of the first: each gets a fifth at the least."""
    road = network(Limiter(FULL), latency)
    second = OwnKind(road, unknown())
    second.begin(60.0)
    run = Run(road, unknown(), 10**6, 2 * TEN_MINUTES).go()
    ours = sum(at > TEN_MINUTES for at in run.settled)
    theirs = sum(at > TEN_MINUTES for at in second.settled)
    assert min(ours, theirs) >= 0.2 * (ours + theirs)
    assert ours + theirs >= 0.7 * 25 * TEN_MINUTES / 5


# --------------------------------------------------------------------------------------------------- from run to run


class Journal(Deaf):
    """Brings to disk what was announced, as an intent does."""

    def __init__(self, book: PaceBook) -> None:
        self._book = book

    def intend(self, *_: Any) -> None:
        with self._book.engine.begin() as connection:
            self._book.write_announced(connection)


@dataclass
class Computer:
    """The clocks of one computer; the wall's may be set while no process runs."""

    network: Network
    wrong: timedelta = field(default_factory=timedelta)
    restarted_at: float = 0.0

    def wall(self) -> datetime:
        return datetime(2026, 3, 2, 23, 59, 30, tzinfo=UTC) + timedelta(seconds=self.network.time) + self.wrong

    def monotonic(self) -> float:
        return 1000.0 + self.network.time - self.restarted_at


@pytest.mark.parametrize("wrong", [0, 3600, -3600, 86_400, -86_400], ids="{:+d} s".format)
def test_ten_kills_never_bring_more_than_the_limit(wrong: int, tmp_path: Path) -> None:
    """Processes are killed in the middle of bursts and begun again at once, while the wall clock jumps: in no window
    does the server see more calls than the limit, and nobody waits for ever.
    """
    limiter = Limiter(Rate(10, 5.0))
    road = network(limiter, 0.4)
    computer = Computer(road)
    chance = random.Random(3)  # noqa: S311
    for _ in range(11):
        with open_ledger(tmp_path, computer.wall) as ledger:
            book = PaceBook(ledger.engine, "a", computer.wall, computer.monotonic)
            windows = windows_that_remember(
                {CallClass.BULK: Rate(10, 5.0)}, {CallClass.BULK}, book, road.time, same_server=True
            )
            run = Run(road, windows[CallClass.BULK], 10**6, journal=Journal(book))
            run.lane.killed_at = road.time + chance.uniform(0.1, 9.0)
            with pytest.raises(Killed):
                run.go()
        computer.wrong += timedelta(seconds=wrong)
    assert not limiter.refused
    assert len(limiter.admitted) >= 35


def test_a_computer_that_was_restarted_goes_by_the_wall_clock(tmp_path: Path) -> None:
    """A monotonic clock that began anew tells nothing; calls are as old as the wall clock says."""
    road = network(Limiter(FULL), 0.4)
    computer = Computer(road)
    with open_ledger(tmp_path, computer.wall) as ledger:
        book = PaceBook(ledger.engine, "a", computer.wall, computer.monotonic)
        book.note_call("bulk")
        road.time = 3.0
        assert book.calls_ago("bulk", 60.0) == [3.0]
        computer.restarted_at = 1003.0
        assert book.calls_ago("bulk", 60.0) == [3.0]
        assert book.calls_ago("bulk", 2.0) == []


def test_calls_are_counted_by_utc_day_and_class(tmp_path: Path) -> None:
    """Midnight UTC begins a new count, in the same process and in the next one."""
    road = network(Limiter(FULL), 0.4)
    computer = Computer(road)
    with open_ledger(tmp_path, computer.wall) as ledger:
        book = PaceBook(ledger.engine, "a", computer.wall, computer.monotonic)
        for call_class in ("bulk", "bulk", "single"):
            book.note_call(call_class)
        assert book.used_today() == {"bulk": 2, "single": 1}
        assert PaceBook(ledger.engine, "a", computer.wall).used_today() == {"bulk": 2, "single": 1}
        assert PaceBook(ledger.engine, "b", computer.wall).used_today() == {}
        assert book.next_day() == datetime(2026, 3, 3, tzinfo=UTC)
        road.time = 31.0
        assert book.used_today() == {}
        book.note_call("bulk")
        assert book.used_today() == {"bulk": 1}
        assert len(book.calls_ago("bulk", 60.0)) == 3, "yesterday's calls are in the window still"


def test_a_learned_limit_outlives_the_process(tmp_path: Path) -> None:
    """The second run bursts at the limit that the first has met, and is refused nothing."""
    limiter = Limiter(Rate(5, 5.0))
    road = network(limiter, 0.4)
    computer = Computer(road)
    with open_ledger(tmp_path, computer.wall) as ledger:
        book = PaceBook(ledger.engine, "a", computer.wall, computer.monotonic)
        refused = []
        for _ in range(2):
            windows = windows_that_remember({CallClass.BULK: FULL}, set(), book, road.time, same_server=True)
            Run(road, windows[CallClass.BULK], 30, journal=Journal(book)).go()
            refused.append(len(limiter.refused))
    assert refused == [2, 2]


# ------------------------------------------------------------------------------------------------------- budgets


@pytest.mark.parametrize(
    ("used", "budget", "words"),
    [
        (4, 0, "--budget allows no call at all."),
        (4, 3, "--budget allows 3 calls a day, and 4 have been made today (UTC)."),
        (1, 1, "--budget allows 1 call a day, and 1 has been made today (UTC)."),
    ],
)
def test_a_budget_that_is_spent_is_told_in_figures_that_can_be(used: int, budget: int, words: str) -> None:
    """Calls made before there was a budget can be more than it; none of them is one of its own."""
    told = BudgetSpent(used, budget, datetime(2026, 11, 22, tzinfo=UTC))
    assert told.sentence == f"Stopped: {words}"
    assert ("00:00 UTC" in told.remedy) == bool(budget)


@pytest.mark.parametrize("budget", [0, 1, 7, 40])
def test_a_budget_is_never_passed(budget: int, tmp_path: Path) -> None:
    """The run stops cleanly at its last call, says when to go on, and the next one does not begin."""
    road = network(Limiter(FULL), 0.4)
    computer = Computer(road)
    with open_ledger(tmp_path, computer.wall) as ledger:
        for _ in range(2):
            book = PaceBook(ledger.engine, "a", computer.wall, computer.monotonic)
            windows = windows_that_remember({CallClass.BULK: FULL}, set(), book, road.time, same_server=True)
            spent = Allowance(book, budget).spent
            end = Run(road, windows[CallClass.BULK], 60, journal=Journal(book), spent=spent).end()
            assert isinstance(end, BudgetSpent)
            assert ("00:00 UTC" in str(end)) == bool(budget)
    assert len(road.limiter.admitted) == budget


def test_a_budget_that_is_just_enough_stops_nothing(tmp_path: Path) -> None:
    """The last call may use the last of it."""
    road = network(Limiter(FULL), 0.4)
    computer = Computer(road)
    with open_ledger(tmp_path, computer.wall) as ledger:
        book = PaceBook(ledger.engine, "a", computer.wall, computer.monotonic)
        windows = windows_that_remember({CallClass.BULK: FULL}, set(), book, road.time, same_server=True)
        assert Run(road, windows[CallClass.BULK], 10, spent=Allowance(book, 10).spent).end() is None


# ------------------------------------------------------------------------------------------------------ readings


def test_readings_leave_nine_tenths_to_calls_that_wait_to_post() -> None:
    """While a call of the same class waits, readings have a tenth of the rate; otherwise all of it."""
    rival: list[CallClass | None] = [CallClass.SINGLE]
    idle: Any = Heard([], lambda: 0.0)
    window = Window(FULL)
    inquiries = Inquiries(idle, idle, {CallClass.SINGLE: window}, lambda: rival[0])
    question: Any = type("Question", (), {"call": type("Call", (), {"call_class": CallClass.SINGLE})})
    asked = []
    now = 0.0
    while now < 20:
        inquiries._again.append(Reading(question))  # a question that is always there
        inquiries.under_way = 0
        now = max(now, inquiries.opens(now))
        assert inquiries.next(now)
        inquiries._again.clear()
        asked.append(now)
    assert len(asked) == pytest.approx(20 * 5 * SHARE, abs=2)
    rival[0] = None
    inquiries._again.append(Reading(question))
    inquiries.under_way = 0
    assert inquiries.opens(now) == now


# ----------------------------------------------------------------------------------------------------- time left


@pytest.mark.parametrize("latency", LATENCIES)
@pytest.mark.parametrize("stated", [True, False], ids=["known", "unknown"])
@pytest.mark.parametrize("calls", [1, 5, 10, 25])
def test_the_time_left_is_right_after_the_first_tenth(calls: int, stated: bool, latency: float) -> None:
    """What is said between a tenth and nine tenths of a run is within 10 % of what it takes."""
    limit, total = Rate(calls, 5.0), max(100, 20 * calls)
    window = Window(limit if stated else FULL, stated=stated)
    said: list[tuple[float, float]] = []

    class Listening(Heard):
        def settled(self, created: int, rejected: int) -> None:
            super().settled(created, rejected)
            done, now = len(run.settled), run.lane.now()
            said.append((now, forecast.seconds_left(total - done, done, now)))

    run = Run(network(Limiter(limit), latency), window, total, watcher=Listening)
    forecast = Forecast(window, run.dispatcher.width, 1, 0.0)
    run.go()
    for now, left in said:
        if 0.1 <= now / run.makespan <= 0.9:
            assert left == pytest.approx(run.makespan - now, rel=0.1)
