"""When calls may leave, and what refusals teach."""

import random
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.leadsquared.limits import AT_FIRST, MARGIN, Learned
from importer.leadsquared.pacing import (
    AFTER_A_STOP,
    BY_CHANCE,
    LONGEST_RETRY_AFTER,
    MANY_REFUSALS,
    REST,
    SLOWEST_RETRY,
    SPREAD,
    STEP,
    TRIES,
    Window,
)
from importer.leadsquared.replies import Limit
from importer.settings import Rate

NAMELESS = Limit(0, 0)


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


# ---------------------------------------------------------------------------------------------------- the window


def test_a_burst_and_then_the_pace() -> None:
    """As many calls as the limit allows leave at once; the next ones when the first are out of the window, and a little
    apart, so that others can find a gap between one window and the next.
    """
    apart = SPREAD * 5.0 / 2
    expected = [0.0, 0.0, 5 + MARGIN, 5 + MARGIN + apart, 2 * (5 + MARGIN)]
    assert starts(Window(Rate(2, 5.0)), 5) == pytest.approx(expected)


def test_the_window_never_opens_in_the_past() -> None:
    """The moment that is named is now or later."""
    window = Window(Rate(1, 5.0))
    window.started(10.0)
    assert window.opens_at(11.0) == 15 + MARGIN
    assert window.opens_at(99.0) == 99.0


def test_an_answer_ends_the_doubt_before_the_margin_does() -> None:
    """A call that was answered after 0.1 s was counted by then."""
    window = Window(Rate(1, 5.0))
    window.started(0.0)
    window.succeeded(0.0, 0.1)
    assert window.opens_at(1.0) == pytest.approx(5.1)


def test_the_margin_begins_with_the_first_byte() -> None:
    """A connection that took a second to make moves the call's arrival by as much."""
    window = Window(Rate(1, 5.0))
    window.started(0.0)
    window.succeeded(0.0, 3.0, left=1.0)
    assert window.opens_at(3.0) == pytest.approx(6.0 + MARGIN)


RATES = st.builds(Rate, st.integers(1, 30), st.sampled_from([0.5, 1.0, 2.5, 5.0, 60.0]))
TRANSITS = st.lists(st.floats(0, MARGIN), min_size=40, max_size=120)
PAUSES = st.lists(st.sampled_from([0.0, 0.0, 0.0, 0.1, 1.0, 4.9, 5.0, 5.3]), min_size=120, max_size=120)
ANSWERS = st.lists(st.sampled_from([0.0, 0.01, 0.3, 2.0, 9.0, None]), min_size=120, max_size=120)


@given(RATES, TRANSITS, PAUSES, ANSWERS)
def test_the_server_never_sees_more_than_the_limit(
    rate: Rate, transits: list[float], pauses: list[float], answers: list[float | None]
) -> None:
    """However unevenly calls are on their way, up to the margin, and whenever or whether their answers come, no window
    at the server holds too many.
    """
    window = Window(rate)
    now, arrivals = 0.0, []
    to_come: list[tuple[float, float]] = []
    for transit, pause, answer in zip(transits, pauses, answers, strict=False):
        now = window.opens_at(now + pause)
        for at, started in sorted(each for each in to_come if each[0] <= now):
            window.succeeded(started, at)
        to_come = [each for each in to_come if each[0] > now]
        now = window.opens_at(now)
        window.started(now)
        arrivals.append(now + transit)
        if answer is not None:
            to_come.append((now + transit + answer, now))
    assert_within(rate, arrivals)


def assert_within(rate: Rate, arrivals: Sequence[float]) -> None:
    """No sliding window holds more arrivals than the rate."""
    ordered = sorted(arrivals)
    for first, next_after in zip(ordered, ordered[rate.calls :], strict=False):
        assert next_after - first > rate.seconds - 1e-6


@given(RATES, st.integers(30, 100))
def test_the_limit_is_used(rate: Rate, calls: int) -> None:
    """Calls that wait for nothing but the pace take no longer than the limit, its margin and the end of the last burst
    ask for.
    """
    left = starts(Window(rate), calls)
    least = (calls - 1) // rate.calls * (rate.seconds + MARGIN)
    assert least - 1e-6 <= left[-1] <= least + SPREAD * rate.seconds + 1e-6


@given(RATES, st.integers(1, 60), st.integers(1, 200))
def test_when_the_last_of_many_calls_will_leave_is_known_beforehand(rate: Rate, before: int, more: int) -> None:
    """What is foretold is what happens, if nothing but the pace holds the calls."""
    window = Window(rate)
    now = starts(window, before)[-1]
    foretold = window.leaves_at(now, more)
    assert starts(window, more, now)[-1] == pytest.approx(foretold)


@given(st.lists(st.tuples(st.sampled_from(["start", "refuse", "succeed"]), st.floats(0, 10)), max_size=60))
def test_the_window_remembers_no_more_than_it_needs(steps: list[tuple[str, float]]) -> None:
    """Whatever happens, the next opening is finite, not before now, and not farther off than the longest pause."""
    window = Window(Rate(3, 5.0))
    now = started = 0.0
    for step, seconds in steps:
        now += seconds
        if step == "start":
            window.started(now)
            started = now
        elif step == "refuse":
            window.refused(started, now, Limit(2, 5), None, STEADY)
        else:
            window.succeeded(started, now)
        assert now <= window.opens_at(now) <= now + 1.5 * SLOWEST_RETRY


# -------------------------------------------------------------------------------------------- what is not known yet


def test_an_unknown_limit_is_approached_by_two_calls_at_a_time() -> None:
    """Until a call was let through, two may be tried; each that is adds one."""
    window = Window(Rate(25, 5.0), stated=False)
    assert starts(window, 2) == [0.0, 0.0]
    assert window.opens_at(0.1) > 5
    window.succeeded(0.0, 0.1)
    assert window.opens_at(0.1) == 0.1
    assert AT_FIRST == 2


def test_what_pages_name_is_not_passed_without_words() -> None:
    """However many are let through, the ceiling is kept to."""
    window = Window(Rate(3, 5.0), stated=False)
    now = 0.0
    for _ in range(20):
        now = window.opens_at(now)
        window.started(now)
        window.succeeded(now, now)
    assert window.rate == Rate(3, 5.0)


def test_words_may_lift_the_ceiling_of_the_pages_but_not_the_users() -> None:
    """An account with 72 calls in 5 seconds gets them, unless the user has said less."""
    for stated, learned in ((False, Rate(72, 5.0)), (True, Rate(25, 5.0))):
        window = Window(Rate(25, 5.0), stated=stated)
        window.started(0.0)
        window.refused(0.0, 0.1, Limit(72, 5), None, STEADY)
        assert window.limits.limit == learned


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
    """A refusal never makes calls faster than the user has said, and nonsense in it teaches nothing."""
    window = Window(Rate(25, 5.0))
    window.started(0.0)
    window.refused(0.0, 1.0, limit, None, STEADY)
    assert window.limits.limit == learned


def test_limits_of_windows_of_different_lengths_hold_together() -> None:
    """A second limit in other words does not make the first forgotten."""
    window = Window(Rate(25, 5.0), stated=False)
    window.started(0.0)
    window.refused(0.0, 0.1, Limit(2, 5), None, STEADY)
    window.started(20.0)
    window.refused(20.0, 20.1, Limit(6, 60), None, STEADY)
    left = starts(window, 8, 100.0)
    assert_within(Rate(2, 5.0), left)
    assert_within(Rate(6, 60.0), left)


# ----------------------------------------------------------------------------------------------------- refusals


def test_pauses_grow_with_refusals_in_a_row() -> None:
    """Short ones find the moment that others leave free, with a rest after some of them; in the end they are long."""
    window = Window(Rate(25, 5.0))
    pauses, now = [], 0.0
    for _ in range(2_000):
        window.started(now)
        until = window.refused(now, now, NAMELESS, None, STEADY)
        assert until is not None
        pauses.append(until - now)
        now = until
    assert pauses[:TRIES] == pytest.approx([*[STEP * 5.0] * (TRIES - 1), REST * 5.0])
    assert pauses[MANY_REFUSALS:] == sorted(pauses[MANY_REFUSALS:])
    assert pauses[MANY_REFUSALS] > REST * 5.0
    assert pauses[-1] == pytest.approx(SLOWEST_RETRY)


def test_a_rest_is_never_shorter_than_the_window() -> None:
    """Of a long window, what was tried before must be out of it: the server may count what it refuses."""
    window = Window(Rate(5, 60.0))
    now, pauses = 0.0, []
    for _ in range(MANY_REFUSALS + 20):
        window.started(now)
        until = window.refused(now, now, NAMELESS, None, STEADY)
        assert until is not None
        pauses.append(until - now)
        now = until
    assert min(pauses[MANY_REFUSALS:]) == pytest.approx(REST * 60.0)


@pytest.mark.parametrize(("limit", "pause"), [(1, 1.25), (2, 0.625), (5, 0.25), (25, 0.25)])
def test_a_slow_account_is_tried_less_often(limit: int, pause: float) -> None:
    """Who waits for a gap makes no more than a few calls of its limit in a window."""
    window = Window(Rate(25, 5.0))
    window.started(0.0)
    assert window.refused(0.0, 0.0, Limit(limit, 5), None, STEADY) == pytest.approx(pause)


def test_refusals_of_calls_that_left_together_count_once() -> None:
    """Calls that had left before a refusal came back make no further pause, but teach what they say."""
    window = Window(Rate(25, 5.0))
    for started in (1.0, 1.5):
        window.started(started)
    assert window.refused(1.0, 2.0, NAMELESS, None, STEADY) is not None
    assert window.refused(1.5, 2.5, Limit(10, 5), None, STEADY) is None
    assert window.limits.limit == Rate(10, 5)
    assert window.opens_at(2.5) == 2.5


@pytest.mark.parametrize(
    ("asked", "pause"),
    [
        (None, 0.25),
        (0.0, 0.25),
        (5.0, 5.0),
        (30.0, 30.0),
        (599.0, 599.0),
        (1e9, LONGEST_RETRY_AFTER),
        (float("inf"), LONGEST_RETRY_AFTER),
    ],
)
def test_a_wish_to_wait_longer_is_granted_up_to_ten_minutes(asked: float | None, pause: float) -> None:
    """Retry-After makes a pause longer, never shorter, and not without end."""
    window = Window(Rate(25, 5.0))
    window.started(0.0)
    assert window.refused(0.0, 0.0, NAMELESS, asked, STEADY) == pause


def let_through(window: Window, calls: int) -> None:
    """Makes so many calls and one more, which is refused for a limit of 25."""
    for _ in range(calls + 1):
        window.started(0.0)
    for _ in range(calls):
        window.succeeded(0.0, 0.1)
    window.refused(0.0, 0.2, Limit(25, 5), None, STEADY)


@pytest.mark.parametrize(("had", "kept"), [(24, 13), (17, 13), (12, 11), (4, 4), (1, 1)])
def test_who_has_more_than_half_gives_way_to_half_and_who_has_less_by_little(had: int, kept: int) -> None:
    """Refused below the limit: others take the rest, and are left their part."""
    window = Window(Rate(25, 5.0))
    let_through(window, had)
    assert window.rate == Rate(kept, 5.0)
    assert window.limits.limit == Rate(25, 5)


def test_calls_that_share_the_window_are_spaced() -> None:
    """No burst displaces those of others; what was lost in a pause is caught up with."""
    window = Window(Rate(25, 5.0))
    let_through(window, 24)
    left = starts(window, 26, 100.0)
    assert all(later - earlier >= 0.3 for earlier, later in pairwise(left))
    assert left[25] - left[0] <= 2 * (5 + MARGIN) + 1


def test_a_refusal_of_all_that_the_limit_holds_takes_nothing() -> None:
    """Refused beyond a limit that was just learned: its whole is ours."""
    window = Window(Rate(25, 5.0))
    for _ in range(11):
        window.started(0.0)
    for _ in range(10):
        window.succeeded(0.0, 0.1)
    window.refused(0.0, 0.2, Limit(10, 5), None, STEADY)
    assert window.rate == Rate(10, 5.0)


@given(st.integers(0, 2**32))
def test_pauses_are_spread(seed: int) -> None:
    """Chance makes a pause longer by half at most, and never shorter."""
    window = Window(Rate(25, 5.0))
    window.started(0.0)
    until = window.refused(0.0, 0.0, NAMELESS, None, random.Random(seed))  # noqa: S311
    assert until is not None
    assert STEP * 5.0 <= until <= (1 + BY_CHANCE) * STEP * 5.0


# ------------------------------------------------------------------------------------------- from run to run


def test_a_window_goes_on_where_an_earlier_process_has_ended() -> None:
    """Its last calls are held as if they were ours; when they were counted nobody has seen."""
    window = Window(Rate(2, 5.0))
    window.recall([4.0, 1.5], None, 100.0)
    assert window.opens_at(100.0) == pytest.approx(96.0 + AFTER_A_STOP + 5)


def test_a_clock_that_was_set_back_makes_no_longer_wait_than_a_window() -> None:
    """Calls that seem to come from the future left just now."""
    window = Window(Rate(1, 5.0))
    window.recall([-3600.0], None, 100.0)
    assert window.opens_at(100.0) == 105.0


def test_a_limit_that_was_met_is_known_at_once() -> None:
    """The first burst of the next run is as large as the limit."""
    window = Window(Rate(25, 5.0), stated=False)
    window.recall((), Learned(Rate(10, 5.0), met=True, named=True), 0.0)
    assert starts(window, 11)[-2:] == [0.0, 5 + MARGIN]


def test_what_was_let_through_is_believed_the_next_time() -> None:
    """Without a limit met, as many calls leave at once as were let through, and two more."""
    window = Window(Rate(25, 5.0), stated=False)
    window.recall((), Learned(Rate(20, 5.0), met=False), 0.0)
    assert starts(window, 23)[-2:] == [0.0, 5 + MARGIN]


def test_a_limit_in_words_is_tried_again_after_an_hour() -> None:
    """One call more than the limit; if it is let through, there is more to be found."""
    window = Window(Rate(25, 5.0), stated=False)
    window.recall((), Learned(Rate(2, 5.0), met=True, named=True, age=7200.0), 0.0)
    assert starts(window, 3, 0.0)[-1] == 5 + MARGIN
    window = Window(Rate(25, 5.0), stated=False)
    window.recall((), Learned(Rate(2, 5.0), met=True, named=True, age=7200.0), 0.0)
    assert starts(window, 3, 3600.0) == [3600.0] * 3
    for _ in range(3):
        window.succeeded(3600.0, 3600.1)
    assert window.limits.limit is None


def test_what_is_learned_is_told_once() -> None:
    """The ledger hears of a limit when it changes."""
    told: list[Learned] = []
    window = Window(Rate(25, 5.0), remember=told.append)
    for started in (0.0, 10.0):
        window.started(started)
        window.refused(started, started + 0.1, Limit(10, 5), None, STEADY)
    assert told == [Learned(Rate(10, 5.0), met=True, named=True)]
