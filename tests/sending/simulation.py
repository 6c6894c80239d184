"""A sender's world without threads, network or waiting: a lane with its own clock, a journal, a server's manners."""

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from importer.codes import Code
from importer.leadsquared.calls import Answer, Call, Ending, Silence
from importer.leadsquared.pacing import Window
from importer.leadsquared.posting import Posting
from importer.leadsquared.routes import ROUTES, RouteName
from importer.records import Activity, Chunk, Receipt, Withdrawn
from importer.sending.dispatch import Dispatcher
from importer.sending.lane import Ended
from importer.settings import Rate

Server: TypeAlias = Callable[[list[int], float], tuple[Ending, float]]
"""Given the ordinals of a call's rows and the time: how the call ends, and after how many seconds."""

Event: TypeAlias = tuple[Any, ...]


class NeverEnding(AssertionError):
    """Somebody waits for calls when none is under way."""


@dataclass
class SimulatedLane:
    """Calls take the time that the server says; waiting moves the clock."""

    server: Server
    log: list[Event]
    time: float = 0.0
    wakes: list[float] = field(default_factory=list)
    """When somebody wakes the lane."""
    started_at: list[float] = field(default_factory=list)
    most_under_way: int = 0
    _under_way: dict[int, tuple[float, Ending, float]] = field(default_factory=dict)

    def now(self) -> float:
        return self.time

    def start(self, ticket: int, call: Call) -> None:
        assert ticket not in self._under_way
        rows = [row["n"] for row in json.loads(call.body or b"")]
        self.log.append(("start", rows))
        self.started_at.append(self.time)
        ending, seconds = self.server(rows, self.time)
        self._under_way[ticket] = (self.time + seconds, ending, seconds)
        self.most_under_way = max(self.most_under_way, len(self._under_way))

    def wait(self, seconds: float | None) -> list[Ended]:
        moments = [at for at, _, _ in self._under_way.values()] + [wake for wake in self.wakes if wake > self.time]
        if seconds is not None:
            assert seconds >= 0
            moments.append(self.time + seconds)
        if not moments:
            raise NeverEnding
        self.time = max(self.time, min(moments))
        over = [ticket for ticket, (at, _, _) in self._under_way.items() if at <= self.time]
        return [Ended(ticket, *self._under_way.pop(ticket)[1:]) for ticket in over]


@dataclass
class RecordingJournal:
    """Notes what it is told into the log that the lane notes its calls in."""

    log: list[Event]
    full_after: int | None = None
    """The disk is full after so many entries."""
    entries: int = 0

    def _note(self, *event: Any) -> None:
        if self.full_after is not None and self.entries >= self.full_after:
            raise DiskFull
        self.entries += 1
        self.log.append(event)

    def intend(self, chunk: Chunk, attempt: int) -> None:
        self._note("intend", chunk.number, attempt, [activity.ordinal for activity in chunk.activities])

    def settle(self, chunk: Chunk, attempt: int, receipts: tuple[Receipt, ...]) -> None:
        self._note("settle", chunk.number, attempt, tuple(receipt.created for receipt in receipts))

    def doubt(self, chunk: Chunk, attempt: int, code: Code, cause: str) -> None:
        self._note("doubt", chunk.number, attempt, code, cause)

    def withdraw(self, chunk: Chunk, attempt: int, why: Withdrawn, cause: str) -> None:
        self._note("withdraw", chunk.number, attempt, why, cause)


class DiskFull(Exception):
    """The journal can't write."""


@dataclass
class RecordingWatcher:
    """Notes what it is shown."""

    created: int = 0
    rejected: int = 0
    doubtful: int = 0
    pauses: list[float] = field(default_factory=list)
    causes: list[str] = field(default_factory=list)

    def planned(self, rows: int, to_send: int) -> None:
        raise AssertionError(f"a sender plans nothing, but this one planned {to_send} of {rows} rows")

    def all_read(self, rows: int) -> None:
        raise AssertionError(f"a sender reads nothing, but this one read {rows} rows")

    def settled(self, created: int, rejected: int) -> None:
        self.created += created
        self.rejected += rejected

    def doubted(self, rows: int, cause: str) -> None:
        self.doubtful += rows
        self.causes.append(cause)

    def paused(self, seconds: float, cause: str) -> None:
        self.pauses.append(seconds)
        self.causes.append(cause)


class Steady(random.Random):
    """Chance that never makes a pause longer."""

    def uniform(self, a: float, b: float) -> float:  # noqa: ARG002  # random's own signature
        return a


@dataclass
class World:
    """A dispatcher and all that it works with."""

    server: Server
    rate: Rate = field(default_factory=lambda: Rate(25, 5.0))
    stop_at: float = float("inf")
    """When the run is asked to stop."""
    log: list[Event] = field(default_factory=list)
    lane: SimulatedLane = field(init=False)
    journal: RecordingJournal = field(init=False)
    watcher: RecordingWatcher = field(default_factory=RecordingWatcher)
    dispatcher: Dispatcher = field(init=False)

    def __post_init__(self) -> None:
        self.lane = SimulatedLane(self.server, self.log)
        if self.stop_at < float("inf"):
            self.lane.wakes.append(self.stop_at)
        self.journal = RecordingJournal(self.log)
        self.dispatcher = Dispatcher(
            posting=Posting(ROUTES[RouteName.BULK_BY_LEAD_ID]),
            lane=self.lane,
            journal=self.journal,
            window=Window(self.rate),
            watcher=self.watcher,
            stopping=lambda: self.lane.time >= self.stop_at,
            jitter=Steady(),
        )

    def send(self, chunks: int, rows: int = 2) -> Exception | None:
        """Sends so many chunks of so many rows; gives what stopped it."""
        return self.dispatcher.send(iter([chunk(number, rows) for number in range(1, chunks + 1)]))

    def events(self, *kinds: str) -> list[Event]:
        """What happened, of these kinds."""
        return [event for event in self.log if event[0] in kinds]

    def of_chunk(self, number: int) -> list[Event]:
        """What the journal was told of a chunk, without the rows."""
        return [(event[0], event[2]) for event in self.log if event[0] != "start" and event[1] == number]


def chunk(number: int, rows: int = 2) -> Chunk:
    """The chunk of this number; its rows are numbered on from chunk to chunk."""
    first = (number - 1) * rows
    return Chunk(number, tuple(activity(ordinal) for ordinal in range(first, first + rows)))


def activity(ordinal: int) -> Activity:
    """The activity of this row, which says its ordinal."""
    return Activity(ordinal, ordinal.to_bytes(16), b'{"n":%d}' % ordinal, f"lead {ordinal}")


# -------------------------------------------------------------------------------------------- ways to answer


def receipts_for(rows: list[int], refused: frozenset[int] = frozenset()) -> Answer:
    """A receipt for every row; `refused` are the ordinals that were not created."""
    entries: list[dict[str, Any]] = [
        {"RowNumber": place, "ActivityCreated": False, "ExceptionMessage": "no"}
        if ordinal in refused
        else {
            "RowNumber": place,
            "ActivityCreated": True,
            "ProspectActivityId": f"{ordinal:08x}-51aa-11e2-9e64-12314004ac6b",
        }
        for place, ordinal in enumerate(rows, start=1)
    ]
    return Answer(200, json.dumps({"Response": entries}).encode())


def throttling(calls: int = 10, seconds: int = 5, **headers: str) -> Answer:
    """A refusal for going too fast; nought names no limit."""
    words = f"API calls exceeded the limit of {calls} in {seconds} second(s)" if calls else ""
    body = {"Status": "Error", "ExceptionType": "MXAPIRateLimitExceededException", "ExceptionMessage": words}
    return Answer(429, json.dumps(body).encode(), {name.replace("_", "-"): text for name, text in headers.items()})


KEYS_REFUSED = Answer(401, b'{"Status":"Error","ExceptionType":"MXInvalidAccessDetailsException"}')
LOST = Silence("the connection was reset", sent=True)
UNREACHED = Silence("the connection was refused", sent=False)
BROKEN = Answer(500, b"")


def answering(*endings: Ending | None, seconds: float = 0.1) -> Server:
    """Ends the first calls in these ways, None being a good answer, and all further ones well."""
    script = iter(endings)

    def server(rows: list[int], _: float) -> tuple[Ending, float]:
        return next(script, None) or receipts_for(rows), seconds

    return server


def always(ending: Ending, seconds: float = 0.1) -> Server:
    """Ends every call in this way."""
    return lambda _, __: (ending, seconds)


# ------------------------------------------------------------------------------------------------------ laws


def assert_lawful(log: list[Event]) -> None:
    """What must hold of every run, whatever the server does.

    Each call was written down right before it left; each has one outcome, after it; a chunk's tries are counted from 1,
    and only what certainly did nothing goes again, under the same number and with the same rows.
    """
    open_intents: dict[int, int] = {}
    tries: dict[int, int] = {}
    rows_of: dict[int, list[int]] = {}
    final: set[int] = set()
    first_numbers: list[int] = []
    for place, event in enumerate(log):
        match event:
            case ("intend", number, attempt, rows):
                assert number not in final
                assert number not in open_intents
                assert attempt == tries.get(number, 0) + 1
                assert rows_of.setdefault(number, rows) == rows
                assert log[place + 1] == ("start", rows)
                tries[number] = attempt
                open_intents[number] = attempt
                if attempt == 1:
                    first_numbers.append(number)
            case ("start", rows):
                assert log[place - 1][0] == "intend"
            case (kind, number, attempt, *_):
                assert open_intents.pop(number) == attempt
                if kind != "withdraw":
                    final.add(number)
    assert not open_intents, "every call has its outcome on disk"
    assert first_numbers == sorted(first_numbers)


def chunks_then(error: Exception, good: int, rows: int = 2) -> Iterator[Chunk]:
    """So many chunks, and then an error."""
    yield from (chunk(number, rows) for number in range(1, good + 1))
    raise error
