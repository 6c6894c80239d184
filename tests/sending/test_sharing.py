"""Two runs of ours on one account, and what they do to each other: all they ever hear of each other are refusals."""

import random
import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise, product

import pytest

from importer.leadsquared.pacing import Window
from importer.settings import Rate
from tests.sending.traffic import Foreigner, Limiter, Network, OwnKind

FULL = Rate(25, 5.0)
LATENCIES = (0.05, 0.4, 1.5)
OFFSETS = (0.4, 1.7, 13.0, 60.0)
SEEDS = range(3)
MINUTE = 60.0


@dataclass
class Pair:
    """Two runs on one account, and when."""

    network: Network
    first: OwnKind
    second: OwnKind
    came: float
    """When the second one has begun."""
    ended: float
    """When the first one ended."""

    def share(self) -> float:
        """Of all that was let through from a minute after the second came until the first ended: the smaller part."""
        parts = [len(self.moments(run)) for run in (self.first, self.second)]
        return min(parts) / sum(parts)

    def used(self) -> float:
        """Part of the limit that both have used together."""
        calls = sum(len(self.moments(run)) for run in (self.first, self.second))
        rate = self.network.limiter.rate
        return calls / ((self.ended - self.came - MINUTE) / rate.seconds * rate.calls)

    def moments(self, run: OwnKind) -> list[float]:
        """When calls were let through while both had had the time to settle."""
        return [at for at in run.settled if self.came + MINUTE < at <= self.ended]

    @property
    def found_after(self) -> float:
        """Seconds until the second one's first call was let through."""
        return next(iter(self.second.settled), float("inf")) - self.came


def beside(
    limit: int, offset: float, latency: float, seed: int, *, stated: bool, named: bool = True, minutes: int = 6
) -> Pair:
    """One begins, the other comes after a while, and both go on for some minutes."""
    rate = Rate(limit, 5.0)
    chance = random.Random(100 * seed + limit)  # noqa: S311
    road = Network(Limiter(rate, named), latency=latency, chance=chance)
    first, second = (OwnKind(road, Window(rate if stated else FULL, stated=stated), number) for number in (seed, -seed))
    ended = offset + minutes * MINUTE
    first.begin(0.0, ended)
    second.begin(offset)
    until(road, ended)
    return Pair(road, first, second, offset, ended)


def until(road: Network, moment: float) -> None:
    """Lets things happen until a moment."""
    while road.next_moment <= moment:
        road.step()


def pairs(limit: int, *, named: bool = True) -> Iterator[Pair]:
    """Over offsets, latencies and chances."""
    for offset, latency, seed in product(OFFSETS, LATENCIES, SEEDS):
        yield beside(limit, offset, latency, seed, stated=seed % 2 == 0, named=named)


@pytest.mark.parametrize("limit", [5, 10, 25])
def test_two_runs_come_to_have_half_each(limit: int) -> None:
    """Whenever the second one comes: it is let in soon, neither has much less than the other, and few calls are made in
    vain.
    """
    seen = list(pairs(limit))
    found = sorted(pair.found_after for pair in seen)
    assert found[int(0.9 * len(found))] <= 10
    assert found[-1] <= 30
    assert min(pair.share() for pair in seen) >= 0.2
    assert statistics.mean(pair.share() for pair in seen) >= 0.36
    assert statistics.mean(pair.used() for pair in seen) >= 0.88
    for which in ("first", "second"):
        refused = sum(getattr(pair, which).refused for pair in seen)
        made = refused + sum(len(getattr(pair, which).settled) for pair in seen)
        assert refused <= (0.06 if limit > 10 else 0.1) * made


@pytest.mark.parametrize("limit", [1, 2])
def test_on_the_slowest_accounts_nobody_starves(limit: int) -> None:
    """Two who have one or two calls in a window take turns, once the second has found a gap."""
    seen = list(pairs(limit))
    assert statistics.median(pair.found_after for pair in seen) <= 90
    long_waits = 0
    for pair in seen:
        for run in (pair.first, pair.second):
            moments = pair.moments(run)
            gaps = [later - earlier for earlier, later in pairwise([pair.came + MINUTE, *moments, pair.ended])]
            long_waits += max(gaps) > 2 * MINUTE
    assert long_waits <= 0.2 * 2 * len(seen)


def test_without_words_neither_is_left_with_nothing() -> None:
    """Where refusals name no limit, whoever comes late cannot know what half is, and gets a good part all the same."""
    seen = list(pairs(10, named=False))
    assert statistics.mean(pair.share() for pair in seen) >= 0.3
    assert max(pair.found_after for pair in seen) <= 30


@pytest.mark.parametrize(("limit", "seconds"), [(10, 45.0), (25, 40.0)])
def test_what_the_other_had_is_taken_soon(limit: int, seconds: float) -> None:
    """When one has ended, the other has the whole limit again: in three cases of four, some seconds later."""
    soon = []
    for latency, seed in product(LATENCIES, range(4)):
        pair = beside(limit, 13.0, latency, seed, stated=True, minutes=3)
        until(pair.network, pair.ended + seconds + 20)
        late = sum(pair.ended + seconds < at <= pair.ended + seconds + 15.75 for at in pair.second.settled)
        soon.append(late >= 0.9 * limit * 15.75 / 5)
    assert sum(soon) >= 0.75 * len(soon)


@pytest.mark.parametrize("calls", [2, 7])
def test_a_tool_that_takes_little_or_much_gets_it(calls: int) -> None:
    """It goes on come what may: it gets most of what it asks for, and what it leaves is used."""
    for latency, seed in product(LATENCIES, SEEDS):
        road = Network(Limiter(Rate(10, 5.0)), latency=latency, chance=random.Random(seed))  # noqa: S311
        ours, other = OwnKind(road, Window(Rate(10, 5.0))), Foreigner(road, Rate(calls, 5.0))
        ours.begin(0.0)
        other.begin(300.0)
        until(road, 300.0)
        assert other.admitted >= 0.7 * calls * 300 / 5
        assert len(ours.settled) >= 0.6 * (10 - calls) * 300 / 5
        assert ours.refused <= 0.1 * len(ours.settled)


def test_a_newcomer_does_not_hammer() -> None:
    """An account that lets nothing through is tried a few times in a second at most, and ever less often."""
    road = Network(Limiter(Rate(1, 3600.0)))
    road.limiter.admitted.append(0.0)
    run = OwnKind(road, Window(FULL, stated=False))
    road.limiter.named = False
    run.begin(1.0, 1800.0)
    until(road, 1800.0)
    tries = road.limiter.refused
    assert sum(at < 11 for at in tries) <= 30
    assert sum(at > 1200 for at in tries) <= 20
