"""When calls may leave, and what refusals teach."""

import random
from collections import deque

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.leadsquared.pacing import LONGEST_RETRY_AFTER, MARGIN, SLOWEST_RETRY, Window
from importer.leadsquared.replies import Limit
from importer.settings import Rate


class Steady(random.Random):
    """Chance that never makes a pause longer."""

    def uniform(self, a: float, b: float) -> float:  # noqa: ARG002  # random's own signature
        return a


STEADY = Steady()


def starts(window: Window, calls: int, now: float = 0.0) -> list[float]:
    """When so many calls leave, if each leaves as soon as it may."""
    left = []
    for _ in range(calls):
        now = window.opens_at(now)
        window.started(now)
        left.append(now)
    return left


def test_a_burst_and_then_the_pace() -> None:
    """As many calls as the limit allows leave at once; the next ones when the first are out of the window."""
    assert starts(Window(Rate(2, 5.0)), 5) == [0.0, 0.0, 5.25, 5.25, 10.5]


def test_the_window_never_opens_in_the_past() -> None:
    """The moment that is named is now or later."""
    window = Window(Rate(1, 5.0))
    window.started(10.0)
    assert window.opens_at(11.0) == 15.25
    assert window.opens_at(99.0) == 99.0


RATES = st.builds(Rate, st.integers(1, 30), st.sampled_from([0.5, 1.0, 2.5, 5.0, 60.0]))
TRANSITS = st.lists(st.floats(0, MARGIN), min_size=40, max_size=120)
PAUSES = st.lists(st.sampled_from([0.0, 0.0, 0.0, 0.1, 1.0, 4.9, 5.0, 5.3]), min_size=120, max_size=120)


@given(RATES, TRANSITS, PAUSES)
def test_the_server_never_sees_more_than_the_limit(rate: Rate, transits: list[float], pauses: list[float]) -> None:
    """However unevenly long calls are on their way, up to the margin, no window at the server holds too many."""
    window = Window(rate)
    now, arrivals = 0.0, []
    for transit, pause in zip(transits, pauses, strict=False):
        now = window.opens_at(now + pause)
        window.started(now)
        arrivals.append(now + transit)
    arrivals.sort()
    for first, next_after in zip(arrivals, arrivals[rate.calls :], strict=False):
        assert next_after - first > rate.seconds - 1e-6


@given(RATES, st.integers(30, 100))
def test_the_limit_is_used(rate: Rate, calls: int) -> None:
    """Calls that wait for nothing but the pace take no longer than the limit and its margin ask for."""
    left = starts(Window(rate), calls)
    assert left[-1] == pytest.approx((calls - 1) // rate.calls * (rate.seconds + MARGIN))


class Server:
    """Admits so many calls in any window, as the sandbox does, and names its limit in a refusal."""

    def __init__(self, limit: Limit) -> None:
        self.limit = limit
        self.refusals = 0
        self._admitted: deque[float] = deque()

    def admits(self, now: float) -> bool:
        while self._admitted and self._admitted[0] <= now - self.limit.seconds + 1e-9:  # sums of floats are not exact
            self._admitted.popleft()
        if len(self._admitted) >= self.limit.calls:
            self.refusals += 1
            return False
        self._admitted.append(now)
        return True


@given(st.integers(1, 24), st.lists(st.floats(0, MARGIN), min_size=30, max_size=60))
def test_a_named_limit_is_learned_by_one_refusal(calls: int, transits: list[float]) -> None:
    """After the first refusal the pace is that of the account, and no second one follows."""
    server = Server(Limit(calls, 5))
    window = Window(Rate(25, 5.0))
    now = 0.0
    for transit in transits:
        now = window.opens_at(now)
        window.started(now)
        if server.admits(now + transit):
            window.succeeded()
        else:
            window.refused(now, now + transit, server.limit, None, STEADY)
            assert window.rate == Rate(calls, 5)
        now += transit
    assert server.refusals <= 1


@pytest.mark.parametrize(
    ("limit", "learned"),
    [
        (Limit(10, 5), Rate(10, 5)),
        (Limit(1, 5), Rate(1, 5)),
        (Limit(25, 5), Rate(25, 5)),
        (Limit(72, 5), Rate(25, 5)),
        (Limit(0, 0), Rate(25, 5)),
        (Limit(0, 5), Rate(25, 5)),
        (Limit(5, 0), Rate(25, 5)),
        (Limit(999_999_999, 1), Rate(25, 5)),
    ],
)
def test_a_limit_is_learned_if_it_is_stricter_and_makes_sense(limit: Limit, learned: Rate) -> None:
    """A refusal never makes calls faster, and nonsense in it teaches nothing."""
    window = Window(Rate(25, 5.0))
    window.refused(0.0, 1.0, limit, None, STEADY)
    assert (window.rate.calls, window.rate.seconds) == (learned.calls, learned.seconds)


def test_pauses_grow_with_every_refusal_in_a_row() -> None:
    """The first pause is a window long, each further one twice as long, up to a minute."""
    window = Window(Rate(25, 5.0))
    pauses = []
    now = 0.0
    for _ in range(7):
        until = window.refused(now, now, Limit(0, 0), None, STEADY)
        assert until is not None
        assert window.opens_at(now) == until
        pauses.append(until - now)
        now = until
    assert pauses == [5.25, 10.5, 21.0, 42.0, SLOWEST_RETRY, SLOWEST_RETRY, SLOWEST_RETRY]
    window.succeeded()
    assert window.refused(now, now, Limit(0, 0), None, STEADY) == now + 5.25


@given(st.integers(0, 2**32))
def test_pauses_are_spread_a_little(seed: int) -> None:
    """Chance makes a pause longer by half a second at most, and never shorter."""
    until = Window(Rate(25, 5.0)).refused(0.0, 0.0, Limit(0, 0), None, random.Random(seed))  # noqa: S311
    assert until is not None
    assert 5.25 <= until <= 5.75


def test_refusals_of_calls_that_left_together_count_once() -> None:
    """Calls that had left before a refusal came back make no further pause, but teach what they say."""
    window = Window(Rate(25, 5.0))
    assert window.refused(1.0, 2.0, Limit(0, 0), None, STEADY) == 7.25
    assert window.refused(1.5, 2.5, Limit(10, 5), None, STEADY) is None
    assert window.rate == Rate(10, 5)
    assert window.opens_at(2.5) == 7.25
    assert window.refused(7.25, 8.0, Limit(0, 0), None, STEADY) == 8.0 + 10.5


@pytest.mark.parametrize(
    ("asked", "pause"),
    [
        (None, 5.25),
        (0.0, 5.25),
        (5.0, 5.25),
        (30.0, 30.0),
        (599.0, 599.0),
        (1e9, LONGEST_RETRY_AFTER),
        (float("inf"), LONGEST_RETRY_AFTER),
    ],
)
def test_a_wish_to_wait_longer_is_granted_up_to_ten_minutes(asked: float | None, pause: float) -> None:
    """Retry-After makes a pause longer, never shorter, and not without end."""
    assert Window(Rate(25, 5.0)).refused(0.0, 0.0, Limit(0, 0), asked, STEADY) == pause


def test_a_pause_is_never_cut_short() -> None:
    """A later refusal that asks for less leaves an earlier pause as it is."""
    window = Window(Rate(25, 5.0))
    window.refused(0.0, 0.0, Limit(0, 0), 300.0, STEADY)
    window.refused(1.0, 1.0, Limit(0, 0), None, STEADY)
    assert window.opens_at(2.0) == 300.0


@given(st.lists(st.tuples(st.sampled_from(["start", "refuse", "succeed"]), st.floats(0, 10)), max_size=60))
def test_the_window_remembers_no_more_than_it_needs(steps: list[tuple[str, float]]) -> None:
    """Whatever happens, the next opening is finite, not before now, and not farther off than the longest pause."""
    window = Window(Rate(3, 5.0))
    now = 0.0
    for step, seconds in steps:
        now += seconds
        if step == "start":
            window.started(now)
        elif step == "refuse":
            window.refused(now, now, Limit(2, 5), None, STEADY)
        else:
            window.succeeded()
        assert now <= window.opens_at(now) <= now + SLOWEST_RETRY + 0.5
