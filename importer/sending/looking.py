"""One look into the account: are the rows there? By type and time, or lead by lead, whichever costs fewer calls."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from importer.fingerprints import token_of
from importer.in_doubt import KnownActivity
from importer.leadsquared.by_event import Period, TooManyPages, activities_between
from importer.leadsquared.calls import Answer, Ending
from importer.leadsquared.conversations import Conversation
from importer.leadsquared.found import FoundActivity, of_lead
from importer.leadsquared.retrieving import PagesIncomplete, ReadingFailed, activities_of
from importer.sending.matching import Matcher

LEADS_IN_VAIN: Final = 3
"""Leads in a row that could not be read, before the others are left for another look: each may take minutes to fail."""

CONTROLS: Final = 3
"""Known activities that are read to see whether reading shows what is there."""


@dataclass(slots=True)
class ServerClock:
    """The account's own time, as the `Date` of its answers tells it: ours may be wrong."""

    wall: Callable[[], datetime]
    _ahead: timedelta | None = None

    def heard(self, ending: Ending) -> None:
        """An answer came back."""
        # A gateway's or a portal's error page has its own idea of the time.
        date = ending.headers.get("date") if isinstance(ending, Answer) and ending.status == 200 else None
        try:
            if date:
                self._ahead = parsedate_to_datetime(date) - self.wall()
        except (ValueError, TypeError, OverflowError):
            return

    def now(self) -> datetime:
        """In UTC and without zone, as the account writes moments."""
        return self.of(self.wall())

    def of(self, moment: datetime) -> datetime:
        """What the account's clock showed at a moment of ours."""
        return (moment + (self._ahead or timedelta())).replace(tzinfo=None)

    @property
    def margin(self) -> timedelta:
        """How wrong it may be: whoever answers and whoever stores need not have the same clock."""
        return timedelta(days=1) if self._ahead is None else timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Seen:
    """What can be said after a look."""

    controlled: bool
    """An activity that is known to be there has shown: what has not shown is not there."""
    unread: frozenset[str] | None
    """Leads whose activities could not be read, in lower case; None if nothing could be."""

    def covers(self, leads: Sequence[str]) -> bool:
        """Whether all activities of these leads were read."""
        return self.unread is not None and self.unread.isdisjoint(lead.lower() for lead in leads)


@dataclass(slots=True)
class Looker:
    """Makes looks; remembers which ways of reading this account does not offer."""

    event: int
    clock: ServerClock
    keyed: bool
    """Whether a control has to show its import key: an account may cut or empty the field that holds it."""
    _by_event_fails: bool = field(default=False)

    def look(
        self, matcher: Matcher, leads: Sequence[str], since: timedelta, known: Sequence[KnownActivity], *, last: bool
    ) -> Conversation[Seen]:
        """Shows the matcher every activity that may be one of the rows in doubt.

        :param leads: of the rows in doubt, by their ids; none if they can't be asked for.
        :param since: how long ago the first of them was sent.
        :param last: whether this look is to decide; then a control that is missing is worth more calls.
        """
        marks = {each.id.lower(): self._mark_of(each) for each in known}
        seen = Seen(controlled=False, unread=None)
        if not self._by_event_fails:
            seen = yield from self._by_type(matcher, len(set(leads)), since, marks)
        # Another way of reading helps if this one failed, or if a control may show on that way only.
        if leads and (seen.unread is None or (last and known and not seen.controlled)):
            seen = yield from self._by_lead(matcher, leads, known)
        return seen

    def _by_type(self, matcher: Matcher, leads: int, since: timedelta, marks: Mapping[str, str]) -> Conversation[Seen]:
        controlled = False

        def see(found: FoundActivity) -> None:
            nonlocal controlled
            controlled = controlled or _is_whole(found, marks)
            matcher.see(found)

        try:
            yield from self._everything(since, see, max(1, leads) if leads else None)
        except PagesIncomplete:
            return Seen(controlled=False, unread=None)
        except ReadingFailed as failure:
            self._by_event_fails = self._by_event_fails or failure.final
            return Seen(controlled=False, unread=None)
        return Seen(controlled, frozenset())

    def _everything(
        self, since: timedelta, see: Callable[[FoundActivity], None], most_pages: int | None
    ) -> Conversation[None]:
        """Reads all that was written from `since` to this very second.

        Our idea of the account's time may lag behind by a second or two (`Date` is cut to whole seconds, and often
        kept for one), so the end lies in the future. A single page is of a single moment. Several pages move while
        somebody writes: they are read up to now, which nobody writes into any more, and the last seconds afterwards.
        """
        now, margin = self.clock.now(), self.clock.margin
        first, end = now - since - margin, now + margin
        try:
            yield from activities_between(Period(self.event, first, end), see, 1)
        except TooManyPages:
            if self.clock.margin < margin:  # this very answer was the first to tell the account's time
                yield from self._everything(since, see, most_pages)
                return
            if most_pages == 1:
                raise
            sure = margin < timedelta(hours=1)
            yield from activities_between(Period(self.event, first, now if sure else end), see, most_pages)
            if sure:
                yield from activities_between(Period(self.event, now - timedelta(seconds=5), end), see, most_pages)

    def _by_lead(self, matcher: Matcher, leads: Sequence[str], known: Sequence[KnownActivity]) -> Conversation[Seen]:
        unread: set[str] = set()
        marks = {each.id.lower(): self._mark_of(each) for each in known}
        controlled = False
        wanted = {lead.lower() for lead in leads}
        in_vain = 0
        for lead in sorted(wanted):
            if in_vain >= LEADS_IN_VAIN:
                unread.add(lead)
                continue
            try:
                found = yield from activities_of(lead, self.event)
            except (ReadingFailed, PagesIncomplete) as failure:
                unread.add(lead)
                in_vain += isinstance(failure, ReadingFailed)
                continue
            in_vain = 0
            for each in map(of_lead, found):
                controlled = controlled or _is_whole(each, marks)
                matcher.see(each)
        for control in [each for each in known if each.lead.lower() not in wanted][:CONTROLS]:
            if controlled:
                break
            try:
                found = yield from activities_of(control.lead, self.event)
            except (ReadingFailed, PagesIncomplete):
                continue
            controlled = any(_is_whole(each, marks) for each in map(of_lead, found))
        return Seen(controlled, None if unread == wanted else frozenset(unread))

    def _mark_of(self, known: KnownActivity) -> str:
        return token_of(known.key) if self.keyed else ""


def _is_whole(found: FoundActivity, marks: Mapping[str, str]) -> bool:
    """Whether this is an activity that is known to be there, with all that rows in doubt are recognised by."""
    mark = marks.get(found.id)
    return mark is not None and mark in found.texts
