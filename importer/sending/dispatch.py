"""The sender's loop: intent on disk, call out, outcome on disk, and the pace of the account in between.

One thread owns the ledger and the clock; the lane's threads only carry calls. Times come from the lane, so a simulated
lane makes a simulated run.
"""

import random
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final, Protocol

from importer.codes import Code
from importer.errors import ImporterError, StoppedEarly
from importer.leadsquared.pacing import LONGEST_RETRY_AFTER, Window
from importer.leadsquared.posting import Posting
from importer.leadsquared.verdicts import Ambiguous, Hopeless, NotExecuted, Settled
from importer.records import Chunk, Receipt, Withdrawn
from importer.sending.lane import Ended, Lane

IN_FLIGHT: Final = 8
"""Calls under way together: enough for 25 calls in 5 seconds at 1.5 seconds each."""

TRIES_AT_FIRST: Final = 3
"""Tries to reach a server that never answered: its address is probably wrong."""

LONGEST_OUTAGE: Final = 300.0
"""Seconds for which a server that has answered before is tried again."""

FIRST_PAUSE: Final = 1.0
LONGEST_PAUSE: Final = 60.0
"""Seconds between tries to reach a server that can't be reached; doubled each time."""


class CallJournal(Protocol):
    """Where intents and outcomes are written down; each method returns when it is on disk."""

    def intend(self, chunk: Chunk, attempt: int) -> None: ...

    def settle(self, chunk: Chunk, attempt: int, receipts: tuple[Receipt, ...]) -> None: ...

    def doubt(self, chunk: Chunk, attempt: int, code: Code, cause: str) -> None: ...

    def withdraw(self, chunk: Chunk, attempt: int, why: Withdrawn, cause: str) -> None: ...


class Watcher(Protocol):
    """Is told what happens, to show it."""

    def planned(self, rows: int, to_send: int) -> None: ...

    def all_read(self, rows: int) -> None: ...

    def settled(self, created: int, rejected: int) -> None: ...

    def doubted(self, rows: int, cause: str) -> None: ...

    def paused(self, seconds: float, cause: str) -> None: ...


class Refused(StoppedEarly):
    """Every further call would be answered as this one was."""

    def __init__(self, verdict: Hopeless) -> None:
        super().__init__(f"Stopped: {verdict.cause}.", verdict.remedy)
        self.code = verdict.code


class QuotaUsedUp(StoppedEarly):
    """The limit that refused a call is one that no run waits for: a day's."""

    def __init__(self, cause: str) -> None:
        super().__init__(
            f"Stopped: the account's quota of calls is used up ({cause}).",
            "When there is a new one, run the same command again, and it goes on where it stopped.",
        )


class ServiceDown(StoppedEarly):
    """The server could not be reached for a while."""

    code = "service-down"

    def __init__(self, cause: str, tries: int, seconds: float) -> None:
        super().__init__(
            f"Stopped: LeadSquared could not be reached, tried {tries} times in {seconds:.0f} seconds: {cause}.",
            "Check LSQ_HOST and the network; then run the same command again, and it goes on where it stopped.",
        )


@dataclass(slots=True)
class Traffic:
    """What a run used of the API."""

    calls: int = 0
    throttled: int = 0
    began: float = 0.0
    ended: float = 0.0

    @property
    def seconds(self) -> float:
        """From the first call to the end of the last."""
        return self.ended - self.began


@dataclass(slots=True)
class _Try:
    chunk: Chunk
    attempt: int = 1
    started: float = 0.0


@dataclass(slots=True)
class Dispatcher:
    """Sends the chunks of one run."""

    posting: Posting
    lane: Lane
    journal: CallJournal
    window: Window
    watcher: Watcher
    stopping: Callable[[], bool]
    """Asked before each call: whether no further one shall be made."""
    jitter: random.Random
    traffic: Traffic = field(default_factory=Traffic)
    _under_way: dict[int, _Try] = field(default_factory=dict)
    _again: deque[_Try] = field(default_factory=deque)
    _outage: "_Outage" = field(init=False)
    _end: Exception | None = None

    def __post_init__(self) -> None:
        self._outage = _Outage()

    def send(self, chunks: Iterator[Chunk]) -> ImporterError | None:
        """Sends the chunks in order; returns when every call has ended and its outcome is on disk.

        Returns why it stopped before the end, if it did: an error of the iterator as well, since calls under way
        have to be settled first. Chunks not taken from the iterator stay there.
        """
        upcoming = self._next(chunks)
        while self._under_way or upcoming:
            if upcoming is None or self._end or self.stopping():
                if not self._under_way:
                    break
                self._take_in(None)
                upcoming = upcoming or self._next(chunks)
                continue
            now = self.lane.now()
            opens = max(self.window.opens_at(now), self._outage.over_at)
            if len(self._under_way) >= (1 if self._outage.tries else IN_FLIGHT):
                self._take_in(None)
            elif opens > now:
                self._take_in(opens - now)
            else:
                self._launch(upcoming)
                upcoming = self._next(chunks)
        if self._end is None or isinstance(self._end, ImporterError):
            return self._end
        raise self._end

    def _next(self, chunks: Iterator[Chunk]) -> _Try | None:
        if self._end or self.stopping():
            return None
        if self._again:
            return self._again.popleft()
        try:
            chunk = next(chunks, None)
        except Exception as error:  # noqa: BLE001  # a bug as well must not cost the outcomes of calls under way
            self._end = error
            return None
        return None if chunk is None else _Try(chunk)

    def _launch(self, turn: _Try) -> None:
        self.journal.intend(turn.chunk, turn.attempt)
        self.traffic.calls += 1
        ticket = self.traffic.calls
        self._under_way[ticket] = turn
        turn.started = self.lane.now()
        if ticket == 1:
            self.traffic.began = turn.started
        self.window.started(turn.started)
        self.lane.start(ticket, self.posting.call([activity.body for activity in turn.chunk.activities]))

    def _take_in(self, seconds: float | None) -> None:
        for ended in self.lane.wait(seconds):
            self._settle(ended, self._under_way.pop(ended.ticket))

    def _settle(self, ended: Ended, turn: _Try) -> None:
        self.traffic.ended = self.lane.now()
        rows = len(turn.chunk.activities)
        verdict = self.posting.verdict(ended.ending, rows)
        match verdict:
            case Settled():
                self.journal.settle(turn.chunk, turn.attempt, verdict.receipts)
                created = sum(receipt.created for receipt in verdict.receipts)
                self.watcher.settled(created, rows - created)
                self._went_through()
            case Ambiguous():
                self.journal.doubt(turn.chunk, turn.attempt, verdict.code, verdict.cause)
                self.watcher.doubted(rows, verdict.cause)
                self._went_through()
            case NotExecuted():
                why = Withdrawn.UNSENT if verdict.limit is None else Withdrawn.THROTTLED
                self.journal.withdraw(turn.chunk, turn.attempt, why, verdict.cause)
                self._again.append(_Try(turn.chunk, turn.attempt + 1))
                self._pause(turn, verdict)
            case Hopeless():
                self.journal.withdraw(turn.chunk, turn.attempt, Withdrawn.REFUSED, verdict.cause)
                self._end = self._end or Refused(verdict)

    def _went_through(self) -> None:
        self._outage.answered()
        self.window.succeeded()

    def _pause(self, turn: _Try, verdict: NotExecuted) -> None:
        now = self.lane.now()
        if verdict.limit is not None:
            self.traffic.throttled += 1
            self._outage.answered()
            if verdict.limit.seconds > LONGEST_RETRY_AFTER:
                self._end = self._end or QuotaUsedUp(verdict.cause)
                return
            until = self.window.refused(turn.started, now, verdict.limit, verdict.retry_after, self.jitter)
        else:
            until = self._outage.failed(turn.started, now, self.jitter)
            if self._outage.hopeless(now):
                self._end = self._end or ServiceDown(verdict.cause, self._outage.tries, now - self._outage.since)
                return
        if until is not None:
            self.watcher.paused(until - now, verdict.cause)


@dataclass(slots=True)
class _Outage:
    """The time during which the server can't be reached; while it lasts, one call at a time tries."""

    over_at: float = float("-inf")
    """When the next try may be made."""
    tries: int = 0
    since: float = 0.0
    _ever_answered: bool = False
    _last_failure: float = float("-inf")

    def answered(self) -> None:
        self.tries = 0
        self._ever_answered = True

    def failed(self, started: float, now: float, jitter: random.Random) -> float | None:
        """When to try again, a longer while each time; None for a call that had left before the last failure."""
        if started < self._last_failure:
            return None
        self.since = self.since if self.tries else now
        self.tries += 1
        self._last_failure = now
        self.over_at = now + min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (self.tries - 1)) + jitter.uniform(0, 0.5)
        return self.over_at

    def hopeless(self, now: float) -> bool:
        if self._ever_answered:
            return now - self.since >= LONGEST_OUTAGE
        return self.tries >= TRIES_AT_FIRST
