"""The sender's loop: intent on disk, call out, outcome on disk, and the pace of the account in between.

One thread owns the ledger and the clock; the lane's threads only carry calls. Times come from the lane, so a simulated
lane makes a simulated run. What is in doubt is looked up between the calls, and what turns out not to have been created
has another turn.
"""

import random
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Final

from importer.codes import Code
from importer.errors import ImporterError
from importer.in_doubt import KnownActivity, QueuedCall
from importer.leadsquared.calls import Silence
from importer.leadsquared.pacing import LONGEST_RETRY_AFTER, Window
from importer.leadsquared.posting import Posting
from importer.leadsquared.routes import CallClass
from importer.leadsquared.verdicts import Accepted, Ambiguous, Hopeless, NotExecuted, RefusedWhole, Settled, Verdict
from importer.records import Activity, Chunk, Receipt, Withdrawn
from importer.sending.breaker import Breaker, TooMuchInDoubt
from importer.sending.doubts import Doubt
from importer.sending.inquiries import Inquiries, Reading
from importer.sending.journals import CallJournal
from importer.sending.lane import Ended, Lane
from importer.sending.queueing import QueueWatch
from importer.sending.road import Road
from importer.sending.seen_ids import SeenIds
from importer.sending.settling import Settler
from importer.sending.stops import Outage, QuotaUsedUp, Refused, ServiceDown, Unreachable
from importer.sending.turns import Turn, is_refused, refusal_of, turns_after
from importer.sending.watching import Traffic, Watcher
from importer.sending.width import Width

IN_FLIGHT: Final = 8
"""Calls under way together, unless the width says otherwise: enough for 25 in 5 seconds at 1.5 seconds each."""

PATIENCE: Final = 0.5
"""Seconds for which the first call is alone: what it shows (keys, activity type) need not be shown eight times."""

CHUNKS_IN_DOUBT: Final = 3
"""Full chunks that may be in doubt before no new ones are sent."""

ROWS_IN_DOUBT: Final = 10
"""The same in rows, for calls that carry one each."""

TRIAL_PAUSE: Final = 5.0
"""Seconds until another call is risked while too much is in doubt and nothing is known to be there; grows twofold."""


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
    _chunks: Iterator[Chunk] = field(default_factory=lambda: iter(()))
    _upcoming: Turn | None = None
    _again: deque[Turn] = field(default_factory=deque)
    _tickets: Iterator[int] = field(default_factory=count)
    _numbers: Iterator[int] = field(init=False)
    _under_way: dict[int, Turn] = field(default_factory=dict)
    _readings: dict[int, Reading] = field(default_factory=dict)
    _arrived: deque[Ended] = field(default_factory=deque)
    """Calls that have ended and are not yet taken in."""
    _queue: QueueWatch = field(init=False)
    _inquiries: Inquiries = field(init=False)
    _outage: Outage = field(default_factory=Outage)
    _breaker: Breaker = field(default_factory=Breaker)
    _any_ended: bool = False
    _trial_at: float = float("-inf")
    _trial_pause: float = TRIAL_PAUSE
    _told_wait_until: float = float("-inf")
    _end: Exception | None = None

    def __post_init__(self) -> None:
        self._numbers = count(self.first_number)
        self.settler.under_way = self._activities_under_way
        self.settler.found_some = self._breaker.created
        self._queue = QueueWatch(self._note_queued, self._note_closed, self.watcher)
        self._inquiries = Inquiries(self.settler, self._queue, self.windows, self._rival)

    def send(self, chunks: Iterator[Chunk]) -> ImporterError | None:
        """Sends the chunks in order; returns when every call has ended and all that was in doubt is settled or left.

        Chunks get their numbers as they leave. Returns why it stopped before the end, if it did: an error of the
        iterator as well, since calls under way have to be settled first. Chunks not taken from the iterator stay there.
        """
        self._chunks = chunks
        while True:
            now = self.lane.now()
            if self._launch_reading(now) or self._launch_posting(now):
                continue
            if self._over():
                break
            self._take_in(now)
        if self._end is None or isinstance(self._end, ImporterError):
            return self._end
        raise self._end

    def doubt(self, doubt: Doubt) -> None:
        """Takes on what an earlier process has left in doubt."""
        self.settler.doubt(doubt, self.lane.now())

    def ask_about(self, queued: QueuedCall) -> None:
        """Takes on a call that an earlier process has left in the account's queue."""
        self._queue.accepted(queued, self.road.postings[queued.chunk.road].route, self.lane.now())

    @property
    def anything_in_doubt(self) -> bool:
        """Whether anything was in doubt at any time."""
        return self.settler.doubts_taken_on > 0

    # ------------------------------------------------------------------------------------ when to do what

    def _over(self) -> bool:
        if self._under_way:
            return False
        if self.stopping() or self._nothing_can_be_asked:
            return True  # what is in doubt is settled by the next run
        if not self._inquiries.idle(self.lane.now()):
            return False
        return (self._end is not None or self._upcoming is None) and not self.settler.take_heart(self.lane.now())

    @property
    def _nothing_can_be_asked(self) -> bool:
        """Whether the run ends without looking anything up: nobody would answer, or the program itself has failed."""
        return isinstance(self._end, Unreachable) or not isinstance(self._end, ImporterError | None)

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
        moments = [self._reading_opens(now), self._posting_opens(now)]
        if not self._any_ended and self._under_way and now < self.traffic.began + PATIENCE:
            moments.append(self.traffic.began + PATIENCE)
        next_moment = min(moment for moment in moments)
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
        if self._posting_opens(now) > now or self._upcoming is None or self._budget_spent():
            return False
        turn, self._upcoming = self._upcoming, None
        posting = self._posting_of(turn)
        if turn.chunk.number == 0:
            turn.chunk = replace(turn.chunk, number=next(self._numbers))
        window = self._window_of(turn)
        window.announce()
        self.journal.intend(turn.chunk, turn.attempt)
        self.traffic.calls += 1
        ticket = next(self._tickets)
        self._under_way[ticket] = turn
        turn.started = self.lane.now()
        self._began(turn.started)
        window.started(turn.started, announced=True)
        self.lane.start(ticket, posting.call([activity.body for activity in turn.chunk.activities]))
        return True

    def _posting_of(self, turn: Turn) -> Posting:
        return self.road.postings[turn.chunk.road]

    def _posting_opens(self, now: float) -> float:
        """When the next chunk may go; infinite as long as something else has to happen first."""
        if self._upcoming is None or self._end or self.stopping():
            return float("inf")
        alone = self._outage.tries or (not self._any_ended and now < self.traffic.began + PATIENCE)
        window = self._window_of(self._upcoming)
        if len(self._under_way) >= (1 if alone else self.width.calls(window.rate)) or self._too_much_in_doubt:
            return float("inf")
        return max(window.opens_at(now), self._outage.over_at, self._next_trial)

    @property
    def _most_in_doubt(self) -> int:
        return max(CHUNKS_IN_DOUBT * self.road.rows_per_call, ROWS_IN_DOUBT)

    @property
    def _too_much_in_doubt(self) -> bool:
        if self.settler.sees_something:
            return self.settler.in_doubt >= self._most_in_doubt
        # As long as nothing is known to be there, nothing can be settled: one more call may change that, now and then.
        return self.settler.in_doubt >= self._most_in_doubt and bool(self._under_way)

    @property
    def _next_trial(self) -> float:
        """When one more row or chunk may be risked though too much is in doubt."""
        over = self.settler.in_doubt >= self._most_in_doubt and not self.settler.sees_something
        return self._trial_at if over else float("-inf")

    def _next(self) -> Turn | None:
        if self._end or self.stopping() or self._too_much_in_doubt:
            return None
        if self._again:
            return self._again.popleft()
        try:
            chunk = next(self._chunks, None)
        except Exception as error:  # noqa: BLE001  # a bug as well must not cost the outcomes of calls under way
            self._end = error
            return None
        return None if chunk is None else Turn(replace(chunk, number=0))

    def _settle(self, ended: Ended, turn: Turn) -> None:
        self.traffic.ended = now = self.lane.now()
        self._any_ended = True
        self.settler.looker.clock.heard(ended.ending)
        verdict = self._posting_of(turn).verdict(ended.ending, len(turn.chunk.activities))
        self._note_pace(turn, ended, verdict)
        if isinstance(verdict, Settled) and not self.seen_ids.are_new(verdict.receipts):
            verdict = Ambiguous(Code.ANSWER_UNCLEAR, "the answer names an activity that another row has created")
        match verdict:
            case Settled():
                self._note_receipts(turn, verdict.receipts)
            case Accepted():
                self.journal.accept(turn.chunk, turn.attempt, verdict.request_id)
                queued = QueuedCall(turn.chunk, turn.attempt, verdict.request_id)
                self._queue.accepted(queued, self._posting_of(turn).route, now)
                self._outage.answered()
            case Ambiguous():
                self._note_doubt(turn, verdict, now)
            case NotExecuted():
                why = Withdrawn.UNSENT if verdict.limit is None else Withdrawn.THROTTLED
                self.journal.withdraw(turn.chunk, turn.attempt, why, verdict.cause)
                turn.attempt += 1
                self._again.append(turn)
                self._pause(turn.started, self._posting_of(turn).route.call_class, verdict)
            case RefusedWhole():
                self._outage.answered()
                self._note_refusal(turn, verdict.cause)
            case Hopeless():
                self.journal.withdraw(turn.chunk, turn.attempt, Withdrawn.REFUSED, verdict.cause)
                self._end = self._end or Refused(verdict)

    def _note_receipts(self, turn: Turn, receipts: tuple[Receipt, ...]) -> None:
        self.journal.settle(turn.chunk, turn.attempt, receipts)
        pairs = zip(turn.chunk.activities, receipts, strict=True)
        created = [
            KnownActivity(receipt.activity_id, activity.lead, activity.key)
            for activity, receipt in pairs
            if receipt.created
        ]
        self.settler.created(created)
        self.watcher.settled(len(created), len(receipts) - len(created))
        self._outage.answered()
        self._end = self._end or self._breaker.receipts(receipts)

    def _note_queued(self, queued: QueuedCall, receipt: Receipt) -> None:
        """The account's queue tells what became of a call."""
        (activity,) = queued.chunk.activities
        if not self.seen_ids.are_new((receipt,)):
            self.settler.book.stays(
                queued.chunk.activities, Code.ANSWER_UNCLEAR, "the queue names an activity that another row has created"
            )
            return
        if not queued.of_this_run:
            self._note_queued_before(activity, receipt)
        else:
            self.journal.settle(queued.chunk, queued.attempt, (receipt,))
        self.watcher.settled(int(receipt.created), int(not receipt.created))
        if receipt.created:
            self.settler.created([KnownActivity(receipt.activity_id, activity.lead, activity.key)])
        self._end = self._end or self._breaker.receipts((receipt,))

    def _note_queued_before(self, activity: Activity, receipt: Receipt) -> None:
        if receipt.created:
            self.settler.book.found(activity, (receipt.activity_id,))
        else:
            self.settler.book.rejected(activity, Code.LSQ_REJECTED, receipt.message)

    def _note_closed(self, verdict: Hopeless) -> None:
        """The account's queue refuses the keys; what waits there is asked about by the next run."""
        self._end = self._end or Refused(verdict)

    def _note_doubt(self, turn: Turn, verdict: Ambiguous, now: float) -> None:
        self.journal.doubt(turn.chunk, turn.attempt, verdict.code, verdict.cause)
        self.watcher.doubted(len(turn.chunk.activities), verdict.cause)
        self._outage.answered()
        self.settler.doubt(
            Doubt(turn.chunk, turn.attempt, turn.started, now, verdict.cause, verdict.refusal, turn.tries), now
        )
        if self.settler.in_doubt >= self._most_in_doubt and not self._under_way:
            self._trial_pause *= 2
            self._trial_at = now + self._trial_pause
        words = verdict.refusal or verdict.cause
        failing = self._breaker.failed(words, refused=bool(verdict.refusal), repeated=turn.tries > 0)
        self._end = self._end or failing

    def _note_refusal(self, turn: Turn, words: str) -> None:
        """A whole call was refused, and nothing was written for certain."""
        self._end = self._end or self._breaker.failed(words, refused=True, repeated=turn.tries > 0)
        if len(turn.chunk.activities) == 1 and self._end is None:
            receipt = Receipt(1, created=False, code=Code.LSQ_REJECTED, message=words)
            self.journal.settle(turn.chunk, turn.attempt, (receipt,))
            self.watcher.settled(0, 1)
            return
        self.journal.withdraw(turn.chunk, turn.attempt, Withdrawn.REFUSED, words)
        self._again += turn.parts()

    # --------------------------------------------------------------------------------------------- reading

    def _launch_reading(self, now: float) -> bool:
        if self._reading_opens(now) > now or self._budget_spent():
            return False
        reading = self._inquiries.next(now)
        self._take_absent()
        if reading is not None:
            ticket = next(self._tickets)
            self._readings[ticket] = reading
            self.traffic.readings += 1
            self._began(now)
            self.lane.start(ticket, reading.question.call)
        return True

    def _reading_opens(self, now: float) -> float:
        if self.stopping() or self._nothing_can_be_asked:
            return float("inf")
        return max(self._inquiries.opens(now), self._outage.over_at)

    def _hear(self, ended: Ended, reading: Reading) -> None:
        self.traffic.ended = now = self.lane.now()
        refused = self._inquiries.ended(reading, ended, now)
        if refused is not None:
            self._pause(reading.started, reading.call_class, refused)
            return
        self._outage.answered()
        self._take_absent()

    def _take_absent(self) -> None:
        """Rows that were not created, for certain, have another turn, unless they are what LeadSquared can't take."""
        absent, self.settler.absent = self.settler.absent, []
        for doubt in absent:
            if self.resends and is_refused(doubt):
                self.settler.book.rejected(doubt.activities[0], Code.LSQ_REJECTED, refusal_of(doubt))
                self.watcher.settled(0, 1)
                continue
            may_go = self.settler.book.absent(doubt.activities)
            doubt.without([activity for activity in doubt.activities if activity not in may_go])
            if self.resends and doubt.activities:
                self._again += turns_after(doubt)
        if self.settler.blind >= self._most_in_doubt:
            self._end = self._end or TooMuchInDoubt(self.settler.blind)

    # ---------------------------------------------------------------------------------------------- common

    def _activities_under_way(self) -> Iterator[Activity]:
        for turn in self._under_way.values():
            yield from turn.chunk.activities

    def _began(self, now: float) -> None:
        if self.traffic.calls + self.traffic.readings <= 1:
            self.traffic.began = now

    def _note_pace(self, turn: Turn, ended: Ended, verdict: Verdict) -> None:
        """Tells the window and the width what they need to know, whatever the call did to its rows."""
        window, at = self._window_of(turn), self.lane.now() if ended.at is None else ended.at
        if isinstance(ended.ending, Silence):
            window.ended(turn.started, at, ended.left)
        elif not isinstance(verdict, NotExecuted):
            window.succeeded(turn.started, at, ended.left)
            self.width.answered(ended.seconds)

    def _budget_spent(self) -> bool:
        self._end = self._end or self.spent()
        return isinstance(self._end, Unreachable)

    def _rival(self) -> CallClass | None:
        """The class of the call that waits to post; readings leave it most of the rate."""
        if self._upcoming is None or self._end or self._too_much_in_doubt:
            return None
        return self._posting_of(self._upcoming).route.call_class

    def _window_of(self, turn: Turn) -> Window:
        return self.windows[self._posting_of(turn).route.call_class]

    def _pause(self, started: float, call_class: CallClass, verdict: NotExecuted) -> None:
        now = self.lane.now()
        if verdict.limit is not None:
            self.traffic.throttled += 1
            self._outage.answered()
            if verdict.limit.seconds > LONGEST_RETRY_AFTER:
                self.windows[call_class].quota_named(verdict.limit)
                self._end = self._end or QuotaUsedUp(verdict.cause)
                return
            window = self.windows[call_class]
            until = window.refused(started, now, verdict.limit, verdict.retry_after, self.jitter)
        else:
            until = self._outage.failed(started, now, self.jitter)
            if self._outage.hopeless(now):
                self._end = self._end or ServiceDown(verdict.cause, self._outage.tries, now - self._outage.since)
                return
        if until is not None:
            self.watcher.paused(until - now, verdict.cause)
