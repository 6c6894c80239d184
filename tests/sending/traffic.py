"""A road to an account whose only manners are its rate limit, on a clock of its own; others may drive on it, too.

Calls arrive some time after they left, and their answers come some time after that: nobody but the server knows when a
call was counted. Used by the tests of the pace and by the benchmark.
"""

import heapq
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from typing import Any

from importer.errors.base import ImporterError
from importer.leadsquared.calls import Answer, Call
from importer.leadsquared.pacing import Window
from importer.leadsquared.posting import Posting
from importer.leadsquared.replies import Limit
from importer.leadsquared.routes import ROUTES, CallClass, RouteName
from importer.records import Activity, Chunk
from importer.sending.dispatch import Dispatcher
from importer.sending.gate import PATIENCE
from importer.sending.lane import Ended
from importer.sending.looking import Looker, ServerClock
from importer.sending.road import Road
from importer.sending.settling import Settler
from importer.sending.stops import Unreachable
from importer.sending.width import Width
from importer.settings import Rate

BLOCK = 40
"""Chunks of which a block is made, where loading them takes time."""


def quiet(*_: Any, **__: Any) -> tuple[()]:
    """Listens to everything and knows nothing."""
    return ()


class Deaf:
    """A journal and a watcher that note nothing."""

    def __getattr__(self, _: str) -> Callable[..., Any]:
        return quiet


@dataclass
class Limiter:
    """Admits so many calls in any window; refused calls do not count."""

    rate: Rate
    named: bool = True
    """Whether its refusals say the limit."""
    shape: int = 429
    admitted: list[float] = field(default_factory=list)
    refused: list[float] = field(default_factory=list)

    def admits(self, now: float) -> bool:
        recent = self.admitted[-self.rate.calls :]
        if len(recent) == self.rate.calls and recent[0] > now - self.rate.seconds + 1e-9:
            self.refused.append(now)
            return False
        self.admitted.append(now)
        return True

    def refusal(self) -> Answer:
        """In one of the three shapes that were seen (FACTS 3)."""
        words = f"API calls exceeded the limit of {self.rate.calls} in {self.rate.seconds:.0f} second(s)"
        body = {
            "Status": "Error",
            "ExceptionType": "MXAPIRateLimitExceededException",
            "ExceptionMessage": words if self.named else "too many calls",
        }
        return Answer(self.shape, json.dumps(body).encode())


@dataclass
class Network:
    """What happens when: arrivals, answers, and what other programs do."""

    limiter: Limiter
    latency: float = 0.4
    spread: float = 0.3
    """Part of the latency by which it varies, up and down."""
    delay: float = 0.2
    """Seconds until a call arrives, at most."""
    chance: random.Random = field(default_factory=lambda: random.Random(7))  # noqa: S311  # a simulation's
    time: float = 0.0
    _events: list[tuple[float, int, Callable[[], None]]] = field(default_factory=list)
    _order: Iterator[int] = field(default_factory=count)

    def at(self, moment: float, happens: Callable[[], None]) -> None:
        """Something will happen."""
        heapq.heappush(self._events, (moment, next(self._order), happens))

    def call(self, ended: Callable[[bool], None]) -> None:
        """A call leaves; `ended` is told whether it was admitted when its answer comes."""
        arrival = self.time + self.chance.uniform(0, self.delay)

        def arrives() -> None:
            admitted = self.limiter.admits(self.time)
            seconds = self.latency if admitted else min(self.latency, 0.1)
            seconds *= self.chance.uniform(1 - self.spread, 1 + self.spread)
            self.at(self.time + seconds, lambda: ended(admitted))

        self.at(arrival, arrives)

    @property
    def next_moment(self) -> float:
        return self._events[0][0] if self._events else float("inf")

    def step(self) -> None:
        """The next thing happens."""
        self.time, _, happens = heapq.heappop(self._events)
        happens()

    def pass_by(self, seconds: float) -> None:
        """Time goes by, and with it what happens then."""
        until = self.time + seconds
        while self.next_moment <= until:
            self.step()
        self.time = until


class Killed(BaseException):
    """The process is no more; what it has sent is on its way."""


@dataclass
class NetworkLane:
    """The lane of one importer on that network. The clock stands still while the importer thinks."""

    network: Network
    killed_at: float = float("inf")
    left: list[float] = field(default_factory=list)
    under_way: int = 0
    most_under_way: int = 0
    _ended: list[Ended] = field(default_factory=list)

    def now(self) -> float:
        return self.network.time

    def start(self, ticket: int, call: Call) -> None:
        left = self.network.time
        self.left.append(left)
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        rows = len(json.loads(call.body or b"[]"))

        def ended(admitted: bool) -> None:
            answer = self._receipts(ticket, rows) if admitted else self.network.limiter.refusal()
            self.under_way -= 1
            now = self.network.time
            self._ended.append(Ended(ticket, answer, now - left, left, now))

        self.network.call(ended)

    def wait(self, seconds: float | None) -> list[Ended]:
        until = self.network.time + seconds if seconds is not None else float("inf")
        until = min(until, self.killed_at)
        while not self._ended and self.network.next_moment <= until:
            self.network.step()
        if not self._ended:
            assert until < float("inf"), "somebody waits for nothing"
            self.network.time = max(self.network.time, until)
        if self.network.time >= self.killed_at:
            raise Killed
        ended, self._ended = self._ended, []
        return ended

    def _receipts(self, ticket: int, rows: int) -> Answer:
        receipts = [
            {
                "RowNumber": place,
                "ActivityCreated": True,
                "ProspectActivityId": f"{ticket:08x}-51aa-11e2-9e64-{place:012x}",
            }
            for place in range(1, rows + 1)
        ]
        return Answer(200, json.dumps({"Response": receipts}).encode())


@dataclass
class Run:
    """A run of so many calls on a network."""

    network: Network
    window: Window
    calls: int = 500
    until: float = float("inf")
    """When it is stopped."""
    loading: float = 0.0
    """Seconds that a block takes until its first chunk is made."""
    journal: Any = field(default_factory=Deaf)
    spent: Callable[[], Unreachable | None] = lambda: None
    watcher: type["Heard"] | None = None
    """Who is told of outcomes, if that is more than the moments."""
    lane: NetworkLane = field(init=False)
    settled: list[float] = field(default_factory=list)
    """When each call had its outcome."""
    dispatcher: Dispatcher = field(init=False)

    def __post_init__(self) -> None:
        self.lane = NetworkLane(self.network)
        road = Road((Posting(ROUTES[RouteName.BULK_BY_LEAD_ID]),), 201, keyed=True)
        deaf: Any = Deaf()
        self.dispatcher = Dispatcher(
            road=road,
            lane=self.lane,
            journal=self.journal,
            windows={CallClass.BULK: self.window, CallClass.SINGLE: Window(Rate(25, 5.0))},
            settler=Settler(deaf, Looker(201, ServerClock(self._wall), keyed=True), 300.0, road, deaf),
            watcher=(self.watcher or Heard)(self.settled, self.lane.now),
            stopping=lambda: self.lane.now() >= self.until,
            jitter=random.Random(5),  # noqa: S311  # a simulation's
            width=Width(),
            spent=self.spent,
        )

    def _wall(self) -> datetime:
        return datetime(2026, 3, 2, tzinfo=UTC) + timedelta(seconds=self.network.time)

    def go(self) -> "Run":
        """Sends all calls."""
        assert self.end() is None
        return self

    def end(self) -> ImporterError | None:
        """Sends all calls; gives what has stopped it."""
        return self.dispatcher.send(self._chunks())

    def _chunks(self) -> Iterator[Chunk]:
        for number in range(self.calls):
            if self.loading and number % BLOCK == 0:
                self.network.pass_by(self.loading)
            yield Chunk(0, (Activity(number, number.to_bytes(16), b"{}", "lead"),))

    @property
    def makespan(self) -> float:
        return self.settled[-1]

    def rate_after(self, moment: float) -> float:
        """Calls a second that were let through after a moment."""
        return sum(at > moment for at in self.settled) / (self.settled[-1] - moment)


class Heard(Deaf):
    """A watcher that notes when calls had their outcome."""

    def __init__(self, settled: list[float], now: Callable[[], float]) -> None:
        self._settled = settled
        self._now = now

    def settled(self, created: int, _: int) -> None:
        self._settled += [self._now()] * created


def optimum(calls: int, rate: Rate, latency: float) -> float:
    """The shortest time in which so many calls can be made at a rate."""
    return (calls - 1) // rate.calls * rate.seconds + latency


@dataclass
class Foreigner:
    """Another program on the same account."""

    network: Network
    rate: Rate
    """At which it makes calls, come what may."""
    bursts: bool = False
    """Whether it makes a window's calls at once."""
    admitted: int = 0
    refused: int = 0

    def begin(self, until: float) -> None:
        """Makes calls until a moment."""
        pause = self.rate.seconds if self.bursts else self.rate.seconds / self.rate.calls

        def go() -> None:
            for _ in range(self.rate.calls if self.bursts else 1):
                self.network.call(self._ended)
            if self.network.time + pause < until:
                self.network.at(self.network.time + pause, go)

        self.network.at(0.05, go)

    def _ended(self, admitted: bool) -> None:
        self.admitted += admitted
        self.refused += not admitted


@dataclass
class OwnKind:
    """Another importer of ours on the same account: it keeps a window of its own, and knows nothing of the first."""

    network: Network
    window: Window
    seed: int = 3
    settled: list[float] = field(default_factory=list)
    refused: int = 0
    _jitter: random.Random = field(init=False)
    _until: float = float("inf")
    _any: bool = False
    """Whether it has made a call."""
    _alone_until: float = 0.0
    """The first call is alone until it has ended, for a while, as a run's is."""
    _wakes: int = 0

    def __post_init__(self) -> None:
        self._jitter = random.Random(self.seed)  # noqa: S311  # a simulation's

    def begin(self, moment: float, until: float = float("inf")) -> None:
        """Makes calls from then on."""
        self._until = until
        self._wake(moment)

    def _wake(self, moment: float) -> None:
        """Looks again at that moment; what was to be done later is thought over then."""
        self._wakes += 1
        wake = self._wakes
        self.network.at(moment, lambda: self._go() if wake == self._wakes else None)

    def _go(self) -> None:
        now = self.network.time
        while now < self._until:
            opens = max(self.window.opens_at(now), self._alone_until)
            if opens > now:
                self._wake(opens)
                return
            if not self._any:
                self._any, self._alone_until = True, now + PATIENCE
            self.window.started(now)
            self.network.call(partial(self._ended, now))

    def _ended(self, started: float, admitted: bool) -> None:
        now = self._alone_until = self.network.time
        if admitted:
            self.window.succeeded(started, now, started)
            self.settled.append(now)
        else:
            self.refused += 1
            named = self.network.limiter.rate.calls if self.network.limiter.named else 0
            self.window.refused(started, now, Limit(named, int(self.network.limiter.rate.seconds)), None, self._jitter)
        self._wake(now)
