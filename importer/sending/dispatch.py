"""The sender's loop: intent on disk, call out, outcome on disk, and the pace of the account in between.

One thread owns the ledger and the clock; the lane's threads only carry calls. Times come from the lane, so a simulated
lane makes a simulated run. What is in doubt is looked up between the calls, and what turns out not to have been created
has another turn. When a call may go is the gate's affair; what came of it, that of the outcomes.
"""

import random
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Final

from importer.errors.base import ImporterError
from importer.in_doubt import QueuedCall
from importer.leadsquared.pacing import Window
from importer.leadsquared.routes import CallClass
from importer.leadsquared.verdicts import NotExecuted
from importer.records import Activity, Chunk
from importer.sending.caution import Caution
from importer.sending.doubts import Doubt
from importer.sending.gate import Gate
from importer.sending.inquiries import Inquiries, Reading
from importer.sending.journals import CallJournal
from importer.sending.lane import Ended, Lane
from importer.sending.outcomes import Outcomes
from importer.sending.read_ahead import ReadAhead
from importer.sending.road import Road
from importer.sending.seen_ids import SeenIds
from importer.sending.settling import Settler
from importer.sending.stops import Trouble, Unreachable
from importer.sending.turns import Turn
from importer.sending.watching import Traffic, Watcher
from importer.sending.width import Width

IN_FLIGHT: Final = 8
"""Calls under way together, unless the width says otherwise: enough for 25 in 5 seconds at 1.5 seconds each."""

TIME_TO_READ: Final = 0.3
"""Seconds until the next call from which on chunks are made ahead: where a block ends, that takes as long."""


@dataclass(slots=True)
class Dispatcher:
    """Sends the chunks of one run."""

    road: Road
    lane: Lane
    journal: CallJournal
    windows: Mapping[CallClass, Window]
    settler: Settler
    watcher: Watcher
    stopping: Callable[[], bool]
    """Asked before each call: whether no further one shall be made."""
    jitter: random.Random
    first_number: int = 1
    """Of the chunks."""
    resends: bool = True
    """Whether rows that turn out not to have been created are sent again."""
    spent: Callable[[], Unreachable | None] = lambda: None
    """Asked before each call: whether the budget is spent, which ends the run."""
    width: Width = field(default_factory=lambda: Width(IN_FLIGHT))
    seen_ids: SeenIds = field(default_factory=SeenIds)
    traffic: Traffic = field(default_factory=Traffic)
    _chunks: ReadAhead = field(default_factory=lambda: ReadAhead(iter(())))
    _upcoming: Turn | None = None
    _tickets: Iterator[int] = field(default_factory=count)
    _numbers: Iterator[int] = field(init=False)
    _under_way: dict[int, Turn] = field(default_factory=dict)
    _readings: dict[int, Reading] = field(default_factory=dict)
    _arrived: deque[Ended] = field(default_factory=deque)
    """Calls that have ended and are not yet taken in."""
    _caution: Caution = field(init=False)
    _gate: Gate = field(init=False)
    _outcomes: Outcomes = field(init=False)
    _inquiries: Inquiries = field(init=False)
    _trouble: Trouble = field(default_factory=Trouble)
    _told_wait_until: float = float("-inf")

    def __post_init__(self) -> None:
        self._numbers = count(self.first_number)
        self.settler.under_way = self._activities_under_way
        self._caution = Caution(self.settler, self.road.rows_per_call, self._under_way)
        self._gate = Gate(
            windows=self.windows,
            width=self.width,
            caution=self._caution,
            under_way=self._under_way,
            stopping=self.stopping,
            spent=self.spent,
            jitter=self.jitter,
            watcher=self.watcher,
            traffic=self.traffic,
            trouble=self._trouble,
        )
        self._outcomes = Outcomes(
            road=self.road,
            journal=self.journal,
            settler=self.settler,
            watcher=self.watcher,
            caution=self._caution,
            trouble=self._trouble,
            seen_ids=self.seen_ids,
            resends=self.resends,
        )
        self._inquiries = Inquiries(self.settler, self._outcomes.queue, self.windows, self._rival)

    def send(self, chunks: Iterator[Chunk]) -> ImporterError | None:
        """Sends the chunks in order; returns when every call has ended and all that was in doubt is settled or left.

        Chunks get their numbers as they leave. Returns why it stopped before the end, if it did: an error of the
        iterator as well, since calls under way have to be settled first. Then some may be taken from the iterator and
        not sent; the others stay there.
        """
        self._chunks = ReadAhead(chunks)
        while True:
            now = self.lane.now()
            if self._launch_reading(now) or self._launch_posting(now):
                continue
            if self._over():
                break
            self._take_in(now)
        trouble = self._trouble.first
        if trouble is None or isinstance(trouble, ImporterError):
            return trouble
        raise trouble

    def doubt(self, doubt: Doubt) -> None:
        """Takes on what an earlier process has left in doubt."""
        self.settler.doubt(doubt, self.lane.now())

    def ask_about(self, queued: QueuedCall) -> None:
        """Takes on a call that an earlier process has left in the account's queue."""
        self._outcomes.wait_in_queue(queued, self.lane.now())

    @property
    def anything_in_doubt(self) -> bool:
        """Whether anything was in doubt at any time."""
        return self.settler.doubts_taken_on > 0

    # --------------------------------------------------------------------------------------------- waiting

    def _over(self) -> bool:
        if self._under_way:
            return False
        if self._gate.closed:
            return True  # what is in doubt is settled by the next run
        if not self._inquiries.idle(self.lane.now()):
            return False
        nothing_to_send = self._trouble.first is not None or self._upcoming is None
        return nothing_to_send and not self.settler.take_heart(self.lane.now())

    def _take_in(self, now: float) -> None:
        """Takes in one call that has ended, so that none that may go waits for several; or waits for one."""
        if not self._arrived:
            # What may be a refusal comes first: it bears on whether another one goes.
            self._arrived.extend(sorted(self._waited_for(now), key=lambda ended: ended.went_well))
        if not self._arrived:
            return
        ended = self._arrived.popleft()
        if ended.ticket in self._readings:
            self._hear(ended, self._readings.pop(ended.ticket))
        else:
            self._settle(ended, self._under_way.pop(ended.ticket))

    def _waited_for(self, now: float) -> list[Ended]:
        """Waits until a call has ended, or until the next one may go."""
        next_moment = min(self._reading_opens(now), self._posting_opens(now))
        if self._under_way and self._gate.first_is_awaited(now):
            next_moment = min(next_moment, self._gate.first_awaited_until)
        if next_moment - now > TIME_TO_READ and self._read_ahead():
            return []
        if not (self._under_way or self._readings):
            self._tell_of_wait(self.settler.due_at() - now)
        return self.lane.wait(max(0.0, next_moment - now) if next_moment < float("inf") else None)

    def _tell_of_wait(self, seconds: float) -> None:
        if 1 < seconds < float("inf") and self.lane.now() >= self._told_wait_until:
            self._told_wait_until = self.lane.now() + seconds
            self.watcher.waiting(seconds, self.settler.in_doubt)

    # --------------------------------------------------------------------------------------------- posting

    def _launch_posting(self, now: float) -> bool:
        if self._upcoming is None:
            self._upcoming = self._next()
        if self._posting_opens(now) > now or self._upcoming is None or self._gate.budget_spent():
            return False
        turn, self._upcoming = self._upcoming, None
        posting = self.road.posting_of(turn.chunk)
        if turn.chunk.number == 0:
            turn.chunk = replace(turn.chunk, number=next(self._numbers))
        window = self.windows[posting.route.call_class]
        window.announce()
        self.journal.intend(turn.chunk, turn.attempt)
        ticket = next(self._tickets)
        self._under_way[ticket] = turn
        turn.started = self.lane.now()
        self.traffic.posting_left(turn.started)
        window.started(turn.started, announced=True)
        self.lane.start(ticket, posting.call([activity.body for activity in turn.chunk.activities]))
        return True

    def _posting_opens(self, now: float) -> float:
        """When the next chunk may go; infinite as long as something else has to happen first."""
        if self._upcoming is None:
            return float("inf")
        return self._gate.opens_for_posting(self._class_of(self._upcoming), now)

    def _next(self) -> Turn | None:
        if self._trouble.first or self.stopping() or self._caution.forbids:
            return None
        if self._outcomes.again:
            return self._outcomes.again.popleft()
        try:
            chunk = next(self._chunks, None)
        except Exception as error:  # noqa: BLE001  # a bug as well must not cost the outcomes of calls under way
            self._trouble.note(error)
            return None
        return None if chunk is None else Turn(replace(chunk, number=0))

    def _read_ahead(self) -> bool:
        """Makes a chunk for the next burst; whether one was lacking."""
        if self._upcoming is None or self._trouble.first or self.stopping():
            return False
        return self._chunks.make(self.windows[self._class_of(self._upcoming)].rate.calls)

    def _settle(self, ended: Ended, turn: Turn) -> None:
        self.traffic.ended = now = self.lane.now()
        self.settler.looker.clock.heard(ended.ending)
        posting = self.road.posting_of(turn.chunk)
        verdict = posting.verdict(ended.ending, len(turn.chunk.activities))
        self._gate.posting_ended(posting.route.call_class, turn.started, ended, verdict, now)
        self._outcomes.note(turn, verdict, now)
        if isinstance(verdict, NotExecuted):
            self._gate.not_executed(posting.route.call_class, turn.started, verdict, self.lane.now())

    def _activities_under_way(self) -> Iterator[Activity]:
        for turn in self._under_way.values():
            yield from turn.chunk.activities

    def _class_of(self, turn: Turn) -> CallClass:
        return self.road.posting_of(turn.chunk).route.call_class

    # --------------------------------------------------------------------------------------------- reading

    def _launch_reading(self, now: float) -> bool:
        if self._reading_opens(now) > now or self._gate.budget_spent():
            return False
        reading = self._inquiries.next(now)
        self._outcomes.take_absent()
        if reading is not None:
            ticket = next(self._tickets)
            self._readings[ticket] = reading
            self.traffic.reading_left(now)
            self.lane.start(ticket, reading.question.call)
        return True

    def _reading_opens(self, now: float) -> float:
        return float("inf") if self._gate.closed else self._gate.opens_for_reading(self._inquiries.opens(now))

    def _hear(self, ended: Ended, reading: Reading) -> None:
        self.traffic.ended = now = self.lane.now()
        refused = self._inquiries.ended(reading, ended, now)
        if refused is not None:
            self._gate.not_executed(reading.call_class, reading.started, refused, self.lane.now())
            return
        self._gate.reading_ended()
        self._outcomes.take_absent()

    def _rival(self) -> CallClass | None:
        """The class of the call that waits to post; readings leave it most of the rate."""
        if self._upcoming is None or self._trouble.first or self._caution.forbids:
            return None
        return self._class_of(self._upcoming)
