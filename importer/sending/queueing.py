"""Calls that wait in the account's queue: asked about, ever less often, until the queue tells what became of them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from importer.in_doubt import QueuedCall
from importer.leadsquared.calls import Call, Ending
from importer.leadsquared.queue import (
    Closed,
    NotTold,
    QueueState,
    Unproven,
    length_of,
    metrics_call,
    nowhere_to_ask,
    state_of,
    status_call,
)
from importer.leadsquared.routes import Route
from importer.leadsquared.verdicts import Hopeless
from importer.records import Receipt
from importer.sending.watching import Watcher

FIRST_LOOK: Final = 1.0
LONGEST_PAUSE: Final = 60.0
"""Seconds until a request is asked about, and between two questions about it; doubled each time."""

METRICS_EVERY: Final = 30.0
"""Seconds between two looks at the length of the queue."""

PATIENCE: Final = 900.0
"""Seconds in which no request was settled, and the queue has grown no shorter: then a run leaves it to the next one."""

UNPROVEN_LOOKS: Final = 4
"""How often the queue may say that a request was successful without naming its activity: it may need a moment."""

MISSING_LOOKS: Final = 6
"""How often a request is asked about at an address where nothing has stood so far: half a minute."""

ASKED_AT_ONCE: Final = 4
"""Questions under way together."""


@dataclass(frozen=True, slots=True)
class Question:
    """A reading call, and who wants to hear its ending."""

    call: Call
    hear: Callable[[Ending, float], None]


@dataclass(slots=True)
class _Waiting:
    queued: QueuedCall
    route: Route
    due_at: float
    sent_at: float | None
    pause: float = FIRST_LOOK
    unproven: int = 0
    missing: int = 0
    """How often this was the answer."""


@dataclass(slots=True)
class QueueWatch:
    """Watches the requests of one run. Times are seconds of the lane's clock."""

    settle: Callable[[QueuedCall, Receipt], None]
    """Is told what became of a request."""
    unproven: Callable[[QueuedCall, float | None, str, float], None]
    """Is told that the queue names no activity of a successful request; when it was sent, the reason, and the time."""
    closed: Callable[[Hopeless], None]
    """Is told that the queue tells nothing to this run: then nothing more is asked."""
    watcher: Watcher
    _waiting: list[_Waiting] = field(default_factory=list)
    _asked: int = 0
    _news_at: float = float("-inf")
    _pending: int | None = None
    """How many requests waited when the queue was last looked at, those of others included."""
    _metrics_at: float = float("inf")
    _ever_told: bool = False
    """Whether anything stands at the address that is asked."""

    def accepted(self, queued: QueuedCall, route: Route, now: float, sent_at: float | None = None) -> None:
        """A request waits in the queue.

        :param sent_at: when it was sent; None for what an earlier process has sent.
        """
        if not self._waiting:
            self._metrics_at = now + METRICS_EVERY
        self._waiting.append(_Waiting(queued, route, now + FIRST_LOOK, sent_at))
        self._news_at = now

    def idle(self, now: float) -> bool:
        """Whether nothing is left to be asked, or the queue has had no news for long."""
        return (not self._waiting and not self._asked) or now - self._news_at > PATIENCE

    def due_at(self) -> float:
        """When the next question is wanted; infinite if none is."""
        if self._asked >= ASKED_AT_ONCE or not self._waiting:
            return float("inf")
        return min(self._metrics_at, *(each.due_at for each in self._waiting))

    def next_question(self, now: float) -> Question | None:
        """The question to ask now, if there is one."""
        if self._asked >= ASKED_AT_ONCE:
            return None
        if self._waiting and now >= self._metrics_at:
            self._asked += 1
            self._metrics_at = now + METRICS_EVERY
            return Question(metrics_call(self._waiting[0].route), self._hear_length)
        each = min(self._waiting, key=lambda waiting: waiting.due_at, default=None)
        if each is None or each.due_at > now:
            return None
        self._asked += 1
        self._waiting.remove(each)
        call = status_call(each.route, each.queued.request_id)
        return Question(call, lambda ending, at: self._hear_state(each, ending, at))

    def _hear_state(self, each: _Waiting, ending: Ending, now: float) -> None:
        self._asked -= 1
        state = state_of(ending)
        self._ever_told = self._ever_told or not isinstance(state, NotTold)
        if isinstance(state, Receipt):
            self._news_at = now
            self.settle(each.queued, state)
            return
        if isinstance(state, Closed):
            self._waiting.clear()
            self.closed(state.verdict)
            return
        if self._is_in_vain(each, state, now):
            return
        each.due_at = now + each.pause
        each.pause = min(LONGEST_PAUSE, each.pause * 2)
        self._waiting.append(each)

    def _is_in_vain(self, each: _Waiting, state: QueueState, now: float) -> bool:
        """Whether asking on would bring nothing; then whoever goes on with the request was told."""
        if isinstance(state, Unproven):
            each.unproven += 1
            if each.unproven >= UNPROVEN_LOOKS:
                self._news_at = now
                self.unproven(each.queued, each.sent_at, state.why, now)
                return True
        if isinstance(state, NotTold) and state.missing:
            each.missing += 1
            if each.missing >= MISSING_LOOKS and not self._ever_told:
                self._waiting.clear()
                self.closed(nowhere_to_ask(each.route, state))
                return True
        return False

    def _hear_length(self, ending: Ending, now: float) -> None:
        self._asked -= 1
        length = length_of(ending)
        if length is not None:
            if self._pending is not None and length.pending < self._pending:
                self._news_at = now  # it moves, even if none of these had its turn yet
            self._pending = length.pending
            self.watcher.queue_is(length.pending, length.delay)
