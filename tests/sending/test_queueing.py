"""Watching the queue, by a clock that is handed in: ever fewer questions, news, and when a run leaves it alone."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

import pytest

from importer.in_doubt import QueuedCall
from importer.leadsquared.calls import Answer, Ending, Silence
from importer.leadsquared.routes import ROUTES, RouteName
from importer.leadsquared.verdicts import Hopeless
from importer.records import Activity, Chunk, Receipt
from importer.sending.queueing import (
    ASKED_AT_ONCE,
    FIRST_LOOK,
    LONGEST_PAUSE,
    METRICS_EVERY,
    MISSING_LOOKS,
    PATIENCE,
    UNPROVEN_LOOKS,
    Question,
    QueueWatch,
)

from .simulation import RecordingWatcher

ROUTE = ROUTES[RouteName.LEAD_AND_ACTIVITY_ASYNC]
NONE = float("inf")


@dataclass
class Seeing(RecordingWatcher):
    """Notes how long the queue is."""

    lengths: list[tuple[int, float]] = field(default_factory=list)

    def queue_is(self, pending: int, delay: float) -> None:
        self.lengths.append((pending, delay))


@dataclass
class World:
    """A watch, what it told, and a queue that answers in no time."""

    say: Callable[[str, float], Ending]
    pending: Callable[[float], int] = lambda _: 1
    now: float = 0.0
    settled: list[tuple[str, bool]] = field(default_factory=list)
    unproven: list[str] = field(default_factory=list)
    closed: list[Hopeless] = field(default_factory=list)
    asked: list[tuple[str, float]] = field(default_factory=list)
    watcher: Seeing = field(default_factory=Seeing)
    watch: QueueWatch = field(init=False)

    def __post_init__(self) -> None:
        self.watch = QueueWatch(self._settle, self._give_up, self.closed.append, self.watcher)

    def _settle(self, queued: QueuedCall, receipt: Receipt) -> None:
        self.settled.append((queued.request_id, receipt.created))

    def _give_up(self, queued: QueuedCall, sent_at: float | None, why: str, now: float) -> None:
        assert (sent_at, now) == (None, self.now)
        assert "names no activity" in why
        self.unproven.append(queued.request_id)

    def accept(self, *names: str) -> None:
        """Requests wait in the queue."""
        for number, name in enumerate(names, start=1):
            chunk = Chunk(number, (Activity(number, name.encode(), b"{}", name),))
            self.watch.accepted(QueuedCall(chunk, 1, name), ROUTE, self.now)

    def answer(self, question: Question) -> None:
        """A question is answered."""
        if question.call.path.endswith("/metrics"):
            told = {"PendingMessages": self.pending(self.now), "MaxDelayInSeconds": 3}
            question.hear(Answer(200, json.dumps(told).encode()), self.now)
            return
        name = question.call.query[0][1]
        self.asked.append((name, self.now))
        question.hear(self.say(name, self.now), self.now)

    def run(self, until: float = NONE) -> None:
        """Lets time pass until nothing is left to ask, or the run leaves it alone."""
        while not self.watch.idle(self.now) and (due := self.watch.due_at()) <= until:
            self.now = max(self.now, due)
            question = self.watch.next_question(self.now)
            if question is not None:
                self.answer(question)


def status(word: str) -> Answer:
    """A status answer."""
    done = {"Status": "Success", "Message": {"Id": "571dfc10-d3e6-4511-8d33-c7a7ad8c236c"}}
    return Answer(200, json.dumps({"TaskStatus": {"Status": word, "Message": done}}).encode())


def after(seconds: float, word: str = "Success") -> Callable[[str, float], Ending]:
    """A queue that is done after so many seconds."""
    return lambda _, now: status(word if now >= seconds else "In-Queue")


def test_a_request_is_asked_about_ever_less_often_until_it_is_settled() -> None:
    """After one second, then with pauses that double, up to a minute."""
    world = World(after(400.0))
    world.accept("a")
    world.run()
    moments = [at for _, at in world.asked]
    pauses = [second - first for first, second in pairwise(moments)]
    assert moments[0] == FIRST_LOOK
    assert pauses[:6] == [1, 2, 4, 8, 16, 32]
    assert set(pauses[6:]) == {LONGEST_PAUSE}
    assert world.settled == [("a", True)]
    assert moments[-1] < 400 + LONGEST_PAUSE


def test_failures_are_told_as_such() -> None:
    """Each request by itself."""
    world = World(lambda name, _: status("Error" if name == "b" else "Success"))
    world.accept("a", "b", "c")
    world.run()
    assert sorted(world.settled) == [("a", True), ("b", False), ("c", True)]
    assert world.watch.idle(world.now)
    assert world.watch.due_at() == NONE


def test_few_questions_are_under_way_at_once() -> None:
    """The next is asked when one is answered."""
    world = World(after(0))
    world.accept(*"abcdefgh")
    questions = [world.watch.next_question(FIRST_LOOK) for _ in range(ASKED_AT_ONCE + 1)]
    assert questions.pop() is None
    assert world.watch.due_at() == NONE
    assert not world.watch.idle(FIRST_LOOK)
    for question in questions:
        assert question is not None
        world.answer(question)
    assert world.watch.next_question(FIRST_LOOK) is not None


def test_the_length_of_the_queue_is_shown_while_waiting() -> None:
    """Every half minute, never for what is done sooner."""
    world = World(after(60.0), lambda now: int(100 - now))
    world.accept("a")
    world.run()
    assert world.watcher.lengths == [(int(100 - METRICS_EVERY), 3.0), (int(100 - 2 * METRICS_EVERY), 3.0)]
    quick = World(after(0))
    quick.accept("a")
    quick.run()
    assert quick.watcher.lengths == []


@pytest.mark.parametrize("said", [status("In-Queue"), Answer(500, b""), Silence("reset", sent=True)])
def test_a_queue_that_does_not_move_is_left_to_the_next_run(said: Ending) -> None:
    """Whether it says that the request waits, or nothing at all."""
    world = World(lambda *_: said)
    world.accept("a")
    world.run()
    assert world.settled == []
    assert PATIENCE < world.now <= PATIENCE + LONGEST_PAUSE


def test_a_queue_that_moves_is_waited_for() -> None:
    """Though it takes hours: it gets shorter, even if it is others' requests that are done."""
    world = World(after(3 * 3600.0), lambda now: int(10_000 - now / 2))
    world.accept("a")
    world.run()
    assert world.settled == [("a", True)]


def test_refused_keys_end_all_questions() -> None:
    """Once; what waits is left to the next run."""
    world = World(lambda *_: Answer(403, b'{"message":"Forbidden"}'))
    world.accept("a", "b")
    world.run()
    assert (len(world.asked), len(world.closed), world.settled) == (1, 1, [])
    assert world.watch.idle(world.now)


def test_success_without_an_activity_is_asked_about_a_few_times_and_no_more() -> None:
    """It is final; whoever looks after doubts goes on with it. One that names its activity after all is settled."""
    blank = Answer(200, b'{"TaskStatus":{"Status":"Success","Message":null}}')
    world = World(lambda name, now: status("Success") if name == "b" and now > 3 else blank)
    world.accept("a", "b")
    world.run()
    assert (world.unproven, world.settled) == (["a"], [("b", True)])
    assert [name for name, _ in world.asked].count("a") == UNPROVEN_LOOKS
    assert world.now < 30
    assert world.watch.idle(world.now)


def test_an_address_where_nothing_ever_stood_is_left_soon() -> None:
    """Half a minute is enough; the verdict names the address, and that it is inferred."""
    world = World(lambda *_: Answer(404, b'{"Message":"Not Found"}'))
    world.accept("a", "b")
    world.run()
    assert world.now < 60
    assert world.watch.idle(world.now)
    assert len(world.asked) <= 2 * MISSING_LOOKS
    (verdict,) = world.closed
    assert verdict.code == "queue-status-missing"
    assert "nothing at activity/createcustom/status" in verdict.cause
    assert "HTTP 404: Not Found" in verdict.cause


def test_a_request_that_is_not_known_yet_is_waited_for() -> None:
    """Where others are answered, the address is right."""
    world = World(lambda name, now: Answer(404, b"") if name == "b" and now < 300 else status("Success"))
    world.accept("a", "b")
    world.run()
    assert (world.settled, world.closed) == ([("a", True), ("b", True)], [])
