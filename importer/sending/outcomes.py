"""What came of each call, row by row: written down first, then told to those who look up, count, show, and send again.

Nothing here knows of pace or of calls that are still out.
"""

from collections import deque
from dataclasses import dataclass, field

from importer.codes.rows import Code
from importer.in_doubt import KnownActivity, QueuedCall
from importer.leadsquared.verdicts import (
    CREDENTIALS_REFUSED,
    Accepted,
    Ambiguous,
    Hopeless,
    NotExecuted,
    RefusedWhole,
    Settled,
    Verdict,
)
from importer.records import Activity, Receipt, Withdrawn
from importer.sending.breaker import Breaker, TooMuchInDoubt
from importer.sending.caution import Caution
from importer.sending.doubts import Doubt
from importer.sending.journals import CallJournal
from importer.sending.queueing import QueueWatch
from importer.sending.road import Road
from importer.sending.seen_ids import SeenIds
from importer.sending.settling import Settler
from importer.sending.stops import Refused, Trouble
from importer.sending.turns import Turn, is_refused, refusal_of, turns_after
from importer.sending.watching import Watcher


@dataclass(slots=True)
class Outcomes:
    """Of one run. Times are seconds of the lane's clock."""

    road: Road
    journal: CallJournal
    settler: Settler
    watcher: Watcher
    caution: Caution
    trouble: Trouble
    seen_ids: SeenIds
    resends: bool
    """Whether rows that turn out not to have been created are sent again."""
    again: deque[Turn] = field(default_factory=deque)
    """Turns of rows that were sent in vain; taken by whoever sends them."""
    queue: QueueWatch = field(init=False)
    _breaker: Breaker = field(default_factory=Breaker)

    def __post_init__(self) -> None:
        self.queue = QueueWatch(self._note_queued, self._note_unproven, self._note_closed, self.watcher)
        self.settler.found_some = self._breaker.created

    # -------------------------------------------------------------------------------------- of posting calls

    def note(self, turn: Turn, verdict: Verdict, now: float) -> None:
        """A posting call has ended, and this is what that means for its rows."""
        if isinstance(verdict, Settled) and not self.seen_ids.are_new(verdict.receipts):
            verdict = Ambiguous(Code.ANSWER_UNCLEAR, "the answer names an activity that another row has created")
        match verdict:
            case Settled():
                self._note_receipts(turn, verdict.receipts)
            case Accepted():
                self.journal.accept(turn.chunk, turn.attempt, verdict.request_id)
                self.wait_in_queue(QueuedCall(turn.chunk, turn.attempt, verdict.request_id), now, turn.started)
            case Ambiguous():
                self._note_doubt(turn, verdict, now)
            case NotExecuted():
                why = Withdrawn.UNSENT if verdict.limit is None else Withdrawn.THROTTLED
                self.journal.withdraw(turn.chunk, turn.attempt, why, verdict.cause)
                turn.attempt += 1
                self.again.append(turn)
            case RefusedWhole():
                self._note_refusal(turn, verdict.cause)
            case Hopeless():
                why = Withdrawn.KEYS_REFUSED if verdict.code == CREDENTIALS_REFUSED else Withdrawn.REFUSED
                self.journal.withdraw(turn.chunk, turn.attempt, why, verdict.cause)
                self.trouble.note(Refused(verdict))

    def wait_in_queue(self, queued: QueuedCall, now: float, sent_at: float | None = None) -> None:
        """A call of this run or an earlier one waits in the account's queue, which is asked what becomes of it.

        :param sent_at: when it was sent; None for what an earlier process has sent.
        """
        self.queue.accepted(queued, self.road.posting_of(queued.chunk).route, now, sent_at)

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
        self.trouble.note(self._breaker.receipts(receipts))

    def _note_doubt(self, turn: Turn, verdict: Ambiguous, now: float) -> None:
        self.journal.doubt(turn.chunk, turn.attempt, verdict.code, verdict.cause)
        self.watcher.doubted(len(turn.chunk.activities), verdict.cause)
        self.settler.doubt(
            Doubt(turn.chunk, turn.attempt, turn.started, now, verdict.cause, verdict.refusal, turn.tries), now
        )
        self.caution.doubted(now)
        words = verdict.refusal or verdict.cause
        self.trouble.note(self._breaker.failed(words, refused=bool(verdict.refusal), repeated=turn.tries > 0))

    def _note_refusal(self, turn: Turn, words: str) -> None:
        """A whole call was refused, and nothing was written for certain."""
        self.trouble.note(self._breaker.failed(words, refused=True, repeated=turn.tries > 0))
        if len(turn.chunk.activities) == 1 and self.trouble.first is None:
            receipt = Receipt(1, created=False, code=Code.LSQ_REJECTED, message=words)
            self.journal.settle(turn.chunk, turn.attempt, (receipt,))
            self.watcher.settled(0, 1)
            return
        self.journal.withdraw(turn.chunk, turn.attempt, Withdrawn.REFUSED, words)
        self.again += turn.parts()

    # ---------------------------------------------------------------------------------------- of the queue

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
        self.trouble.note(self._breaker.receipts((receipt,)))

    def _note_queued_before(self, activity: Activity, receipt: Receipt) -> None:
        if receipt.created:
            self.settler.book.found(activity, (receipt.activity_id,))
        else:
            self.settler.book.rejected(activity, Code.LSQ_REJECTED, receipt.message)

    def _note_unproven(self, queued: QueuedCall, sent_at: float | None, why: str, now: float) -> None:
        """The account's queue does not name the activity of a successful call, so the account is looked at."""
        if sent_at is None:  # only the ledger knows how far back to look: the next run does
            self.settler.book.stays(queued.chunk.activities, Code.ANSWER_UNCLEAR, why)
            return
        self.journal.doubt(queued.chunk, queued.attempt, Code.ANSWER_UNCLEAR, why)
        self.watcher.doubted(len(queued.chunk.activities), why)
        self.settler.doubt(Doubt(queued.chunk, queued.attempt, sent_at, now, why), now)

    def _note_closed(self, verdict: Hopeless) -> None:
        """The account's queue tells nothing to this run; what waits there is asked about by the next one."""
        self.trouble.note(Refused(verdict))

    # ------------------------------------------------------------------------------------------ of looking up

    def take_absent(self) -> None:
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
                self.again += turns_after(doubt)
        if self.caution.is_blind:
            self.trouble.note(TooMuchInDoubt(self.settler.blind))
