"""The lane of a real run: threads that carry calls, and what becomes of them."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from importer.leadsquared.calls import Answer, Call, Ending
from importer.leadsquared.routes import CallClass
from importer.sending.lane import Client, Ended, ThreadLane

GOOD = Answer(200, b"")


def call(path: str = "x") -> Call:
    return Call("POST", path, CallClass.BULK, body=b"[]")


@dataclass
class FakeClient:
    """Ends calls as it is told to; notes how many are under way in all clients together."""

    crew: "Crew"
    closed: bool = False

    def send(self, call: Call) -> Ending:
        return self.crew.carry(call)

    def close(self) -> None:
        self.closed = True


@dataclass
class Crew:
    """The clients of one lane."""

    answer: Callable[[Call], Ending] = lambda _: GOOD
    clients: list[FakeClient] = field(default_factory=list)
    under_way: int = 0
    most: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def new_client(self) -> Client:
        client = FakeClient(self)
        self.clients.append(client)
        return client

    def carry(self, call: Call) -> Ending:
        with self.lock:
            self.under_way += 1
            self.most = max(self.most, self.under_way)
        try:
            return self.answer(call)
        finally:
            with self.lock:
                self.under_way -= 1


def wait_for(lane: ThreadLane, calls: int) -> list[Ended]:
    """Waits for so many calls to end."""
    ended: list[Ended] = []
    while len(ended) < calls:
        ended += lane.wait(5)
    return ended


def test_every_call_ends_under_its_own_number() -> None:
    """A call comes back once, under the ticket it was started with, with the ending its client gave."""
    crew = Crew(lambda call: Answer(int(call.path), b""))
    with ThreadLane(crew.new_client, 4, time.monotonic) as lane:
        for ticket in range(200, 300):
            lane.start(ticket, call(str(ticket)))
        ended = wait_for(lane, 100)
    assert sorted(each.ticket for each in ended) == list(range(200, 300))
    assert all(each.ending == Answer(each.ticket, b"") for each in ended)


def test_calls_are_under_way_together_up_to_the_width() -> None:
    """Calls do not wait for each other, as long as there are threads for them."""
    gate = threading.Barrier(3)

    def answer(_: Call) -> Ending:
        gate.wait(5)
        return GOOD

    crew = Crew(answer)
    with ThreadLane(crew.new_client, 3, time.monotonic) as lane:
        for ticket in range(9):
            lane.start(ticket, call())
        wait_for(lane, 9)
    assert crew.most == 3
    assert len(crew.clients) == 3


def test_a_wait_ends_when_its_time_is_up() -> None:
    """If no call ends in time, waiting gives nothing, and the call ends later."""
    release = threading.Event()

    def answer(_: Call) -> Ending:
        release.wait(5)
        return GOOD

    with ThreadLane(Crew(answer).new_client, 1, time.monotonic) as lane:
        lane.start(1, call())
        began = time.monotonic()
        assert lane.wait(0.05) == []
        assert time.monotonic() - began >= 0.05
        release.set()
        assert [each.ticket for each in wait_for(lane, 1)] == [1]


def test_a_wait_for_no_time_at_all_is_no_error() -> None:
    """A pause that is all but over is waited for as well."""
    with ThreadLane(Crew().new_client, 1, time.monotonic) as lane:
        assert lane.wait(0.0) == []
        assert lane.wait(1e-12) == []


@pytest.mark.parametrize("seconds", [None, 30.0])
def test_a_lane_can_be_woken(seconds: float | None) -> None:
    """Waking ends a wait at once, whether it has a time limit or not, and loses no call."""
    release = threading.Event()

    def answer(_: Call) -> Ending:
        release.wait(5)
        return GOOD

    with ThreadLane(Crew(answer).new_client, 1, time.monotonic) as lane:
        lane.start(1, call())
        threading.Timer(0.05, lane.wake).start()
        began = time.monotonic()
        assert lane.wait(seconds) == []
        assert time.monotonic() - began < 3
        release.set()
        assert [each.ticket for each in wait_for(lane, 1)] == [1]


def test_a_lane_that_was_woken_beforehand_does_not_wait() -> None:
    """A wake-up that comes between two waits is not lost."""
    with ThreadLane(Crew().new_client, 1, time.monotonic) as lane:
        lane.wake()
        assert lane.wait(None) == []


class Bug(Exception):
    """What should not happen."""


@pytest.mark.parametrize("error", [Bug(), SystemExit(1), KeyboardInterrupt(), MemoryError()])
def test_a_thread_that_fails_ends_the_run(error: BaseException) -> None:
    """An error in a client is raised where the lane is waited for; nobody waits for ever."""

    def answer(_: Call) -> Ending:
        raise error

    crew = Crew(answer)
    with ThreadLane(crew.new_client, 1, time.monotonic) as lane:
        lane.start(1, call())
        with pytest.raises(type(error)):
            lane.wait(5)
    assert crew.clients[0].closed


def test_a_client_that_cannot_be_made_ends_the_run() -> None:
    """An error before the first call is raised as well."""

    def no_client() -> Client:
        raise Bug

    with ThreadLane(no_client, 1, time.monotonic) as lane, pytest.raises(Bug):
        lane.wait(5)


def test_what_has_ended_before_an_error_is_handed_over_first() -> None:
    """The outcomes of calls that have ended are not lost to the error of another call."""
    ended_first = threading.Event()

    def answer(call: Call) -> Ending:
        if call.path == "bad":
            ended_first.wait(5)
            raise Bug
        return GOOD

    with ThreadLane(Crew(answer).new_client, 2, time.monotonic) as lane:
        lane.start(1, call("bad"))
        for ticket in (2, 3, 4):
            lane.start(ticket, call("good"))
        time.sleep(0.1)
        ended_first.set()
        time.sleep(0.1)
        assert sorted(each.ticket for each in lane.wait(5)) == [2, 3, 4]
        with pytest.raises(Bug):
            lane.wait(5)


def test_leaving_the_lane_ends_its_threads_and_clients() -> None:
    """After the run no thread is left, and every client is closed."""
    crew = Crew()
    before = threading.active_count()
    with ThreadLane(crew.new_client, 8, time.monotonic) as lane:
        lane.start(1, call())
        wait_for(lane, 1)
    assert threading.active_count() == before
    assert len(crew.clients) == 1, "a thread is made when there is work for it"
    assert all(client.closed for client in crew.clients)


def test_leaving_the_lane_does_not_wait_for_a_call_that_hangs() -> None:
    """A thread that hangs is left behind soon; it is a daemon and ends with the process."""
    release = threading.Event()

    def answer(_: Call) -> Ending:
        release.wait(20)
        return GOOD

    began = time.monotonic()
    with ThreadLane(Crew(answer).new_client, 1, time.monotonic) as lane:
        lane.start(1, call())
    assert time.monotonic() - began < 3
    (thread,) = [thread for thread in threading.enumerate() if thread.name == "call-0"]
    assert thread.daemon
    release.set()
    thread.join(5)


def test_seconds_are_those_of_the_clock_that_was_handed_in() -> None:
    """A call's time is measured by the lane's clock."""
    ticks = iter(range(0, 1000, 7))
    with ThreadLane(Crew().new_client, 1, lambda: float(next(ticks))) as lane:
        lane.start(1, call())
        assert wait_for(lane, 1)[0].seconds == 7.0
        assert lane.now() == 14.0
