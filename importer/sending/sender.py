"""What sending is put together from, for any run: the lane, the pace, the road, the ledger's books."""

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from importer.in_doubt import AuditedRow, OpenDoubt
from importer.leadsquared.conversations import held
from importer.leadsquared.pacing import Window
from importer.leadsquared.routes import CallClass
from importer.sending.audit import AuditMatcher, AuditReport
from importer.sending.dispatch import Dispatcher
from importer.sending.doubts import Doubt
from importer.sending.forecast import Forecast
from importer.sending.journals import CallJournal, DoubtBook, DoubtJournal
from importer.sending.lane import Lane
from importer.sending.looking import Looker, ServerClock
from importer.sending.reader import PacedReader
from importer.sending.road import Road
from importer.sending.settling import Settler
from importer.sending.stops import Unreachable
from importer.sending.watching import Watcher
from importer.sending.width import Width
from importer.settings import DEFAULT_TIMEOUT, Rate

CLOCK_SET: Final = 86_400.0
"""Seconds by which a clock may have been set between two processes without a sign of it."""

CLOCK_WRONG: Final = 10 * 365 * 86_400.0
"""The same, if what is past seems to lie ahead: then nobody knows when it was."""

LEADS_ONE_BY_ONE: Final = 2000
"""Rows up to which an audit may ask for the activities of each lead."""


@dataclass(slots=True)
class Sender:
    """Makes what sends, looks up and audits; one for a whole command."""

    lane: Lane
    rates: Mapping[CallClass, Rate]
    settle: float
    timeout: float
    watcher: Watcher
    stopping: Callable[[], bool]
    jitter: random.Random
    wall: Callable[[], datetime]
    windows: dict[CallClass, Window] = field(default_factory=dict)
    """Those that are not handed in know nothing of earlier runs."""
    spent: Callable[[], Unreachable | None] = lambda: None
    """Asked before each call: why no further one is to be made."""
    width: Width = field(default_factory=Width)
    forecast: Forecast | None = None
    """Of the run at work."""
    clock: ServerClock = field(init=False)

    def __post_init__(self) -> None:
        for call_class, rate in self.rates.items():
            self.windows.setdefault(call_class, Window(rate))
        self.clock = ServerClock(self.wall)

    def dispatcher(
        self, road: Road, journal: CallJournal, book: DoubtJournal, first_number: int, *, resends: bool = True
    ) -> Dispatcher:
        """A dispatcher for one run.

        :param resends: whether rows that turn out not to have been created are sent again.
        """
        looker = Looker(road.event, self.clock, road.keyed)
        route = road.postings[0].route
        self.forecast = Forecast(self.windows[route.call_class], self.width, route.rows_per_call, self.lane.now())
        return Dispatcher(
            road=road,
            lane=self.lane,
            journal=journal,
            windows=self.windows,
            settler=Settler(book, looker, self.settle, road, self.watcher),
            watcher=self.watcher,
            stopping=self.stopping,
            jitter=self.jitter,
            first_number=first_number,
            resends=resends,
            spent=self.spent,
            width=self.width,
        )

    def seconds_left(self, rows: float, done: float) -> float | None:
        """Seconds until so many rows more are sent, as far as can be said; `done` were sent so far."""
        return None if self.forecast is None else self.forecast.seconds_left(rows, done, self.lane.now())

    def take_up(self, dispatcher: Dispatcher, book: DoubtBook, created_ids: Iterable[str]) -> None:
        """Gives a dispatcher what an earlier process has left: doubts, and calls in the account's queue."""
        dispatcher.seen_ids.remember(created_ids)
        for left in book.open(dispatcher.road.rows_per_call):
            dispatcher.doubt(self.doubt_of(left))
        for queued in book.queued():
            dispatcher.ask_about(queued)

    def doubt_of(self, doubt: OpenDoubt) -> Doubt:
        """A doubt that an earlier process has left, with its times on the lane's clock.

        A clock that was set back meanwhile makes the doubt look younger than it is: the wait for it becomes longer, and
        what it has created is looked for further back.
        """
        now, wall = self.lane.now(), self.wall()
        sent_at = now - max(0.0, (wall - doubt.sent_at).total_seconds())
        if doubt.ended_at is not None:
            ended_at = now - max(0.0, (wall - doubt.ended_at).total_seconds())
        else:
            # The process ended first: at the latest when its call was to end, and at the latest now.
            ended_at = min(now, sent_at + max(self.timeout, DEFAULT_TIMEOUT))
        slack = CLOCK_SET if doubt.sent_at <= wall else CLOCK_WRONG
        return Doubt(doubt.chunk, doubt.attempt, sent_at, ended_at, doubt.cause, slack=slack)

    def audit(self, road: Road, rows: Iterable[AuditedRow], leads: list[str], began: datetime) -> AuditReport:
        """Compares what the ledger says of a run with what the account holds.

        :param leads: those of its rows, or none if they are too many to be asked for one by one.
        :param began: when the run began.
        """
        matcher = AuditMatcher(rows)
        by_id = all("id" in posting.route.lead_keys for posting in road.postings)
        looker = Looker(road.event, self.clock, road.keyed)
        window = self.windows[CallClass.SINGLE]
        reader = PacedReader(self.lane, window, lambda: self.stopping() or self.spent() is not None, self.jitter)
        since = max(timedelta(), self.wall() - began)
        seen = held(looker.look(matcher, leads if by_id else [], since, (), last=False), reader.read)
        return matcher.report(complete=seen.unread is not None and not seen.unread)
