"""Where calls are under way: a few at a time, each in a thread that does nothing but HTTP."""

import queue
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

from importer.leadsquared.calls import Answer, Call, Ending


@dataclass(frozen=True, slots=True)
class Ended:
    """A call that is over."""

    ticket: int
    """The number it was started under."""
    ending: Ending
    seconds: float
    left: float | None = None
    """When its first byte left, if that is known."""
    at: float | None = None
    """When it ended, if that is known: whoever hears of it may be busy for a while."""

    @property
    def went_well(self) -> bool:
        """Whether it was answered with 200, at a first look."""
        return isinstance(self.ending, Answer) and self.ending.status == 200


class Lane(Protocol):
    """Carries calls; only its owner's thread talks to it."""

    def now(self) -> float:
        """Seconds of the clock that the lane's waits are measured by; it never goes back."""

    def start(self, ticket: int, call: Call) -> None:
        """Sends a call on its way."""

    def wait(self, seconds: float | None) -> list[Ended]:
        """Waits for calls to end, for so many seconds at most, or until somebody wakes the lane."""


class Client(Protocol):
    """What a thread of the lane makes calls with."""

    def send(self, call: Call) -> Ending: ...

    def close(self) -> None: ...


class ThreadLane:
    """The lane of a real run. Threads are daemons: a second Ctrl-C need not wait for them."""

    def __init__(self, new_client: Callable[[], Client], width: int, clock: Callable[[], float]) -> None:
        """:param width: the most calls that are under way together; a thread is made when there is work for it."""
        self._new_client = new_client
        self._width = width
        self._clock = clock
        self._orders: queue.SimpleQueue[tuple[int, Call] | None] = queue.SimpleQueue()
        self._ended: queue.SimpleQueue[Ended | BaseException | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._out = 0
        self._add_thread()  # so that what stops every client shows at once

    def now(self) -> float:
        """Seconds of the clock that was handed in."""
        return self._clock()

    def start(self, ticket: int, call: Call) -> None:
        """Hands a call to the next free thread."""
        self._out += 1
        if self._out > len(self._threads) and len(self._threads) < self._width:
            self._add_thread()
        self._orders.put((ticket, call))

    def wake(self) -> None:
        """Ends a wait early; may be called from a signal handler."""
        self._ended.put(None)

    def wait(self, seconds: float | None) -> list[Ended]:
        """The calls that ended; none if the time was up first or the lane was woken."""
        ended: list[Ended] = []
        try:
            arrived = self._ended.get(timeout=seconds)
            while True:
                if isinstance(arrived, BaseException) and ended:
                    self._ended.put(arrived)  # what has ended is worth more, and is settled first
                    break
                if isinstance(arrived, BaseException):
                    raise arrived
                if arrived is not None:
                    ended.append(arrived)
                arrived = self._ended.get_nowait()
        except queue.Empty:
            pass
        self._out -= len(ended)
        return ended

    def _add_thread(self) -> None:
        name = f"call-{len(self._threads)}"
        self._threads.append(threading.Thread(target=self._work, name=name, daemon=True))
        self._threads[-1].start()

    def _work(self) -> None:
        try:
            with closing(self._new_client()) as client:
                while order := self._orders.get():
                    ticket, call = order
                    began = self._clock()
                    ending = client.send(call)
                    left = began + ending.waited if isinstance(ending, Answer) else None
                    at = self._clock()
                    self._ended.put(Ended(ticket, ending, at - began, left, at))
        except BaseException as error:  # noqa: BLE001  # a bug in a thread must end the run, not hang it
            self._ended.put(error)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for _ in self._threads:
            self._orders.put(None)
        for thread in self._threads:
            thread.join(timeout=1.0)
