"""A sender's world without threads, network or waiting: a lane with its own clock, a journal, a server's manners."""

import hashlib
import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final, TypeAlias

from importer.codes.rows import Code
from importer.fingerprints import token_of
from importer.in_doubt import KnownActivity
from importer.leadsquared.calls import Answer, Call, Ending, Silence
from importer.leadsquared.pacing import Window
from importer.leadsquared.posting import Posting
from importer.leadsquared.routes import ROUTES, CallClass, RouteName
from importer.records import Activity, Chunk, Receipt, Withdrawn
from importer.sending.dispatch import Dispatcher
from importer.sending.lane import Ended
from importer.sending.looking import Looker, ServerClock
from importer.sending.road import Road
from importer.sending.settling import Settler
from importer.sending.stops import BudgetSpent
from importer.settings import Rate

from .account import EPOCH, EVENT, KEY_FIELD, Account

SETTLE: Final = 300.0

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
    account: Account = field(default_factory=Account)
    """What reading calls are answered from."""
    zero: float = 0.0
    """The account's time when this clock stands at nought."""
    seconds_of_read: float = 0.1
    time: float = 0.0
    wakes: list[float] = field(default_factory=list)
    """When somebody wakes the lane."""
    started_at: list[float] = field(default_factory=list)
    most_under_way: int = 0
    _under_way: dict[int, tuple[float, Ending, float]] = field(default_factory=dict)
    _posting: set[int] = field(default_factory=set)

    def now(self) -> float:
        return self.time

    def start(self, ticket: int, call: Call) -> None:
        assert ticket not in self._under_way
        if "Retrieve" in call.path:
            arrives = self.zero + self.time + self.seconds_of_read / 2
            ending, seconds = self.account.read(call, arrives), self.seconds_of_read
        else:
            posted = json.loads(call.body or b"")
            posted = posted if isinstance(posted, list) else [posted]
            self.account.saw(posted)
            rows = [row["n"] for row in posted]
            self.log.append(("start", rows))
            self.started_at.append(self.time)
            self._posting.add(ticket)
            ending, seconds = self.server(rows, self.zero + self.time)
            if isinstance(ending, Answer):
                ending = replace(ending, headers=self.account.date(self.zero + self.time + seconds) | ending.headers)
        self._under_way[ticket] = (self.time + seconds, ending, seconds)
        self.most_under_way = max(self.most_under_way, len(self._posting & self._under_way.keys()))

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
    outcomes: dict[int, str] = field(default_factory=dict)
    """By ordinal, of the rows that had a call."""
    ids: dict[int, str] = field(default_factory=dict)
    known: list[KnownActivity] = field(default_factory=list)
    """What earlier runs have created."""

    def _note(self, *event: Any) -> None:
        if self.full_after is not None and self.entries >= self.full_after:
            raise DiskFull
        self.entries += 1
        self.log.append(event)

    def intend(self, chunk: Chunk, attempt: int) -> None:
        self._all(chunk.activities, "unknown")
        self._note("intend", chunk.number, attempt, [activity.ordinal for activity in chunk.activities])

    def settle(self, chunk: Chunk, attempt: int, receipts: tuple[Receipt, ...]) -> None:
        for activity, receipt in zip(chunk.activities, receipts, strict=True):
            self.outcomes[activity.ordinal] = "created" if receipt.created else "rejected"
            if receipt.created:
                self.ids[activity.ordinal] = receipt.activity_id
        self._note("settle", chunk.number, attempt, tuple(receipt.created for receipt in receipts))

    def accept(self, chunk: Chunk, attempt: int, request_id: str) -> None:
        self._note("accept", chunk.number, attempt, request_id)

    def doubt(self, chunk: Chunk, attempt: int, code: Code, cause: str) -> None:
        self._note("doubt", chunk.number, attempt, code, cause)

    def withdraw(self, chunk: Chunk, attempt: int, why: Withdrawn, cause: str) -> None:
        self._all(chunk.activities, "not_sent")
        self._note("withdraw", chunk.number, attempt, why, cause)

    def _all(self, activities: Sequence[Activity], outcome: str) -> None:
        self.outcomes.update({activity.ordinal: outcome for activity in activities})

    # ------------------------------------------------------------------------- what is found out about doubts

    def known_activities(self, event: int, most: int, *, keyed: bool) -> list[KnownActivity]:  # noqa: ARG002
        assert event == EVENT
        return self.known[:most]

    def owned(self, ids: Sequence[str]) -> frozenset[str]:
        return frozenset(ids) & {*self.ids.values(), *(each.id for each in self.known)}

    def found(self, activity: Activity, ids: Sequence[str]) -> None:
        self.outcomes[activity.ordinal] = "created"
        self.ids[activity.ordinal] = ids[0]
        self._note("found", activity.ordinal, *ids)

    def absent(self, activities: Sequence[Activity]) -> Sequence[Activity]:
        self._all(activities, "not_sent")
        self._note("absent", [activity.ordinal for activity in activities])
        return activities

    def rejected(self, activity: Activity, code: Code, message: str) -> None:
        assert code == Code.LSQ_REJECTED
        self.outcomes[activity.ordinal] = "rejected"
        self._note("rejected", activity.ordinal, message)

    def stays(self, activities: Sequence[Activity], code: Code, message: str) -> None:  # noqa: ARG002
        self._all(activities, "unknown")
        self._note("stays", [activity.ordinal for activity in activities], code)


class DiskFull(Exception):
    """The journal can't write."""


@dataclass
class RecordingWatcher:
    """Notes what it is shown."""

    created: int = 0
    rejected: int = 0
    doubtful: int = 0
    found: int = 0
    absent: int = 0
    waits: list[tuple[float, int]] = field(default_factory=list)
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

    def looked_up(self, created: int, absent: int) -> None:
        self.found += created
        self.absent += absent

    def queue_is(self, pending: int, delay: float) -> None:
        raise AssertionError(f"there is no queue here, but {pending} wait in it for {delay} seconds")

    def waiting(self, seconds: float, rows: int) -> None:
        self.waits.append((seconds, rows))

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
    account: Account = field(default_factory=Account)
    keyed: bool = True
    settle: float = SETTLE
    resends: bool = True
    budget: float = float("inf")
    """Calls that may be made, posting and reading."""
    route: RouteName = RouteName.BULK_BY_LEAD_ID
    zero: float = 0.0
    """The account's time when this process begins."""
    wrong: float = 0.0
    """Seconds by which this computer's clock is ahead."""
    log: list[Event] = field(default_factory=list)
    lane: SimulatedLane = field(init=False)
    journal: RecordingJournal = field(init=False)
    watcher: RecordingWatcher = field(default_factory=RecordingWatcher)
    dispatcher: Dispatcher = field(init=False)

    def __post_init__(self) -> None:
        self.lane = SimulatedLane(self.server, self.log, self.account, self.zero)
        if self.stop_at < float("inf"):
            self.lane.wakes.append(self.stop_at)
        self.journal = RecordingJournal(self.log)
        road = Road((Posting(ROUTES[self.route]),), EVENT, self.keyed)
        looker = Looker(EVENT, ServerClock(self.wall), self.keyed)
        self.dispatcher = Dispatcher(
            road=road,
            lane=self.lane,
            journal=self.journal,
            windows={CallClass.BULK: Window(self.rate), CallClass.SINGLE: Window(Rate(25, 5.0))},
            settler=Settler(self.journal, looker, self.settle, road, self.watcher),
            watcher=self.watcher,
            stopping=lambda: self.lane.time >= self.stop_at,
            jitter=Steady(),
            resends=self.resends,
            spent=self.spent,
        )

    def spent(self) -> BudgetSpent | None:
        """Why no further call may be made, if that is so."""
        traffic = self.dispatcher.traffic
        made = traffic.calls + traffic.readings
        return BudgetSpent(made, int(self.budget), self.wall()) if made >= self.budget else None

    def wall(self) -> datetime:
        """What this computer's clock says."""
        return EPOCH + timedelta(seconds=self.zero + self.lane.time + self.wrong)

    def send(self, chunks: int, rows: int = 2) -> Exception | None:
        """Sends so many chunks of so many rows; gives what stopped it."""
        loads = [chunk(number, rows, keyed=self.keyed) for number in range(1, chunks + 1)]
        return self.dispatcher.send(iter(loads))

    def send_rows(self, activities: Sequence[Activity], size: int = 25) -> Exception | None:
        """Sends these, so many to a call; gives what stopped it."""
        loads = [Chunk(0, tuple(activities[at : at + size])) for at in range(0, len(activities), size)]
        return self.dispatcher.send(iter(loads))

    def control(self) -> None:
        """An earlier run has created an activity, which is still there."""
        known = activity(999_999)
        self.account.saw([json.loads(known.body)])
        (activity_id,) = self.account.commit([999_999], self.zero - 1000.0)
        self.journal.known.append(KnownActivity(activity_id, known.lead, known.key))

    def events(self, *kinds: str) -> list[Event]:
        """What happened, of these kinds."""
        return [event for event in self.log if event[0] in kinds]

    def of_chunk(self, number: int) -> list[Event]:
        """What the journal was told of a chunk's calls, without the rows."""
        kinds = ("intend", "settle", "doubt", "withdraw")
        return [(event[0], event[2]) for event in self.log if event[0] in kinds and event[1] == number]


def chunk(number: int, rows: int = 2, *, keyed: bool = True) -> Chunk:
    """The chunk of this number; its rows are numbered on from chunk to chunk."""
    first = (number - 1) * rows
    return Chunk(number, tuple(activity(ordinal, keyed=keyed) for ordinal in range(first, first + rows)))


def activity(ordinal: int, word: str | None = None, *, lead: int | None = None, keyed: bool = True) -> Activity:
    """The activity of this row, which says its ordinal where the account does not look.

    :param word: its content; the ordinal's own by default.
    """
    key = hashlib.blake2b(b"%d" % ordinal, digest_size=16).digest()
    lead_id = f"{ordinal if lead is None else lead:08x}-0000-4000-8000-000000000000"
    body: dict[str, Any] = {
        "RelatedProspectId": lead_id,
        "ActivityEvent": EVENT,
        "ActivityNote": f"visit {ordinal}" if word is None else word,
        "ActivityDateTime": "2026-02-01 09:00:00",
        "n": ordinal,
    }
    if keyed:
        body["Fields"] = [{"SchemaName": KEY_FIELD, "Value": token_of(key)}]
    return Activity(ordinal, key, json.dumps(body).encode(), lead_id)


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

    Each call was written down right before it left; each has one outcome, after it; and no row goes again unless it
    did certainly nothing: its call was withdrawn, or it was looked up and is not there.
    """
    out: dict[tuple[int, int], list[int]] = {}
    calls: set[tuple[int, int]] = set()
    waiting: dict[int, bool] = {}
    """By row, whether it may go; those that never went may."""
    for place, event in enumerate(log):
        match event:
            case ("intend", number, attempt, rows):
                assert (number, attempt) not in calls
                assert number > 0
                assert attempt == 1 or (number, attempt - 1) in calls
                assert all(waiting.get(row, True) for row in rows)
                assert log[place + 1] == ("start", rows)
                calls.add((number, attempt))
                out[number, attempt] = rows
                waiting.update(dict.fromkeys(rows, False))
            case ("start", rows):
                assert log[max(0, place - 1)][0] == "intend", "a call left that was not written down right before"
            case (("settle" | "doubt") as kind, number, attempt, *_):
                assert out.pop((number, attempt)), kind
            case ("withdraw", number, attempt, *_):
                waiting.update(dict.fromkeys(out.pop((number, attempt)), True))
            case ("absent", rows):
                assert not any(waiting[row] for row in rows)
                waiting.update(dict.fromkeys(rows, True))
            case (("found" | "rejected" | "stays"), *_):
                pass
            case _:
                raise AssertionError(event)
    assert not out, "every call has its outcome on disk"


def chunks_then(error: Exception, good: int, rows: int = 2) -> Iterator[Chunk]:
    """So many chunks, and then an error."""
    yield from (chunk(number, rows) for number in range(1, good + 1))
    raise error
