"""Reading calls are made at the account's rate, and again if that may help."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from importer.leadsquared.calls import Answer, Call, Ending, Silence
from importer.leadsquared.pacing import Window
from importer.leadsquared.patience import LIMITED_TRIES, TRIES, PatientReader, ServiceGone
from importer.leadsquared.routes import CallClass
from importer.settings import DEFAULT_RATE, Rate

from .answers import TOO_FAST, answer, error

CALL = Call("GET", "UserManagement.svc/Users.Get", CallClass.SINGLE)
GOOD = answer(200, [])


@dataclass
class World:
    """A clock, and a server that gives one ending after the other, the last one for ever."""

    endings: Sequence[Ending] = (GOOD,)
    now: float = 1000.0
    calls: list[float] = field(default_factory=list)

    def pause(self, seconds: float) -> None:
        self.now += seconds

    def send(self, _: Call) -> Ending:
        self.calls.append(self.now)
        return self.endings[min(len(self.calls), len(self.endings)) - 1]

    def reader(self, rate: Rate = DEFAULT_RATE) -> PatientReader:
        return PatientReader(self.send, Window(rate), lambda: self.now, self.pause, random.Random(0))  # noqa: S311


def test_calls_leave_at_the_rate() -> None:
    """No window of five seconds sees more than three calls."""
    world = World()
    reader = world.reader(Rate(3, 5.0))
    for _ in range(10):
        reader(CALL)
    assert all(later - earlier >= 5 for earlier, later in zip(world.calls, world.calls[3:], strict=False))
    assert world.calls[2] == 1000.0


@pytest.mark.parametrize("status", [429, 403, 200])
def test_a_call_refused_for_going_too_fast_is_made_again_later(status: int) -> None:
    """Whatever status the refusal has, it pauses, and the limit that it names is kept to."""
    world = World([answer(status, error("MXAPIRateLimitExceededException", TOO_FAST)), GOOD])
    reader = world.reader()
    assert reader(CALL) == GOOD
    assert world.calls[1] - world.calls[0] >= 0.25
    assert reader.window.limits.limit == Rate(10, 5)


def test_patience_with_limits_ends() -> None:
    """An account whose quota is used up is not asked for ever."""
    refusal = answer(429, b"")
    world = World([refusal])
    assert world.reader()(CALL) == refusal
    assert len(world.calls) == LIMITED_TRIES


def test_a_quota_of_the_day_is_not_waited_for() -> None:
    """Once the account has said that it is the day's calls that are used up, no other call is made for it."""
    words = "API calls exceeded the limit of 10000 in 86400 second(s)"
    refusal = answer(429, error("MXAPIRateLimitExceededException", words))
    world = World([refusal])
    assert world.reader()(CALL) == refusal
    assert len(world.calls) == 1


@pytest.mark.parametrize(
    "failure",
    [
        Silence("reset", sent=True),
        Silence("no host", sent=False),
        answer(502, b""),
        answer(500, error("NullReferenceException", "x")),
    ],
)
def test_what_may_pass_is_tried_again(failure: Ending) -> None:
    """A read that got no answer is made again; after a few times its ending is taken for what it is."""
    assert World([failure, failure, GOOD]).reader()(CALL) == GOOD
    world = World([failure])
    assert world.reader()(CALL) == failure
    assert len(world.calls) == TRIES


@pytest.mark.parametrize(
    "lasting",
    [
        GOOD,
        answer(401, error("MXInvalidAccessDetailsException", "no")),
        answer(500, error("MXInvalidInputException", "no")),
        answer(404, b""),
        Silence("certificate", sent=False, lasting=True),
    ],
)
def test_what_will_not_change_is_not_asked_again(lasting: Answer | Silence) -> None:
    """An answer, a logical error, refused keys: once is enough."""
    world = World([lasting])
    assert world.reader()(CALL) == lasting
    assert len(world.calls) == 1


def test_a_server_that_is_gone_is_not_asked_on_and_on() -> None:
    """After three calls that no patience has helped, reading ends; one answer in between begins the count anew."""
    silent = Silence("reset", sent=True)
    reader = World([*[silent] * TRIES * 2, GOOD, silent]).reader()
    assert [reader(CALL) for _ in range(5)] == [silent, silent, GOOD, silent, silent]
    with pytest.raises(ServiceGone, match="3 calls in a row, each tried several times: reset"):
        reader(CALL)
