"""Settling what is in doubt: looks into the account, between other calls, until each row is created, absent or unknown.

Nothing here sends a row. What is absent for certain is handed back to whoever may send it again.
"""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from importer.codes.rows import Code
from importer.in_doubt import KnownActivity
from importer.leadsquared.calls import Call, Ending
from importer.leadsquared.conversations import Conversation
from importer.records import Activity
from importer.sending.doubts import LOOKS_FOR_ABSENCE, LOOKS_IN_VAIN, Doubt
from importer.sending.journals import DoubtJournal
from importer.sending.looking import Looker, Seen
from importer.sending.matching import ContentMatcher, KeyMatcher, Matcher, Sighted
from importer.sending.queueing import Question
from importer.sending.road import Road
from importer.sending.watching import Watcher

KNOWN_KEPT: Final = 5000
"""Activities created lately that serve as controls."""


@dataclass(slots=True)
class _Look:
    began: float
    doubts: list[Doubt]
    matcher: Matcher
    talk: Conversation[Seen]
    call: Call | None = None
    """The call that it wants made next; None while one is under way."""


@dataclass(slots=True)
class Settler:
    """Looks after the doubts of one run. Times are seconds of the lane's clock."""

    book: DoubtJournal
    looker: Looker
    settle: float
    """Seconds after which the server has finished or dropped a call, whatever became of it."""
    road: Road
    watcher: Watcher
    under_way: Callable[[], Iterable[Activity]] = tuple
    """The rows of calls that are out at this moment."""
    found_some: Callable[[], None] = lambda: None
    """Is told when rows turn out to have been created after all."""
    absent: list[Doubt] = field(default_factory=list)
    """Doubts whose rows are not there, for certain; taken by whoever may send them again."""
    doubts_taken_on: int = 0
    in_doubt: int = 0
    """Rows that wait to be settled."""
    blind: int = 0
    """Rows that stay unknown since what the account shows is no proof."""
    _doubts: list[Doubt] = field(default_factory=list)
    _known: deque[KnownActivity] = field(default_factory=lambda: deque(maxlen=KNOWN_KEPT))
    _asked_ledger: bool = False
    _look: _Look | None = None
    _given_up: list[Doubt] = field(default_factory=list)
    _known_since_given_up: bool = False

    def created(self, activities: Iterable[KnownActivity]) -> None:
        """Activities are in the account for certain: whoever looks must see them."""
        before = len(self._known)
        self._known.extend(activities)
        self._known_since_given_up = self._known_since_given_up or len(self._known) > before

    def doubt(self, doubt: Doubt, now: float) -> None:
        """Takes a doubt on."""
        doubt.plan_first_look(self.settle, now)
        self._doubts.append(doubt)
        self.doubts_taken_on += 1
        self.in_doubt += len(doubt.activities)

    def due_at(self) -> float:
        """When the next call is wanted; infinite if none is, or one is under way."""
        if self._look is not None:
            return float("-inf") if self._look.call is not None else float("inf")
        return min((doubt.due_at for doubt in self._doubts), default=float("inf"))

    @property
    def sees_something(self) -> bool:
        """Whether anything is known to be in the account, so that looking can prove something."""
        return bool(self._known) or bool(self._controls())

    def take_heart(self, now: float) -> bool:
        """Takes on once more what was given up for want of a control, if there is one now; tells whether it did."""
        if not self._given_up or not self._known_since_given_up:
            return False
        given_up, self._given_up, self._known_since_given_up = self._given_up, [], False
        for doubt in given_up:
            doubt.in_vain = LOOKS_IN_VAIN - 1
            self.blind -= len(doubt.activities)
            self.doubt(doubt, now)
        return True

    @property
    def idle(self) -> bool:
        """Whether nothing is left to be looked up."""
        return not self._doubts

    def next_question(self, now: float) -> Question | None:
        """The call to make now, if there is one."""
        if self._look is None:
            self._begin(now)
        if self._look is None or self._look.call is None:
            return None
        call, self._look.call = self._look.call, None
        return Question(call, self._hear)

    def _hear(self, ending: Ending, now: float) -> None:
        """The last call that was given out has ended."""
        assert self._look is not None
        self.looker.clock.heard(ending)
        self._go_on(self._look, ending, now)

    # ------------------------------------------------------------------------------------------------ looks

    def _begin(self, now: float) -> None:
        due = [doubt for doubt in self._doubts if doubt.due_at <= now]
        if not due:
            return
        activities = [activity for doubt in due for activity in doubt.activities]
        since = timedelta(seconds=now - min(doubt.sent_at - doubt.slack for doubt in due))
        matcher = self._matcher(activities, since)
        talk = self.looker.look(
            matcher,
            self._leads(activities),
            since,
            self._controls(),
            last=any(doubt.decides(now, self.settle) for doubt in due),
        )
        self._look = _Look(now, due, matcher, talk)
        self._go_on(self._look, None, now)

    def _leads(self, activities: Sequence[Activity]) -> list[str]:
        """The leads whose activities can be asked for; none if some row does not name its lead by id."""
        if all(self.road.names_lead(activity) for activity in activities):
            return [activity.lead for activity in activities]
        return []

    def _matcher(self, activities: Sequence[Activity], since: timedelta) -> Matcher:
        if self.road.keyed:
            return KeyMatcher(activities, proves_absence=not self.road.queued)
        sent_at, clock = self.looker.clock.wall() - since, self.looker.clock
        return ContentMatcher(activities, lambda: clock.of(sent_at) - clock.margin, self.book.owned, self.under_way)

    def _controls(self) -> list[KnownActivity]:
        if not self._known and not self._asked_ledger:
            self._asked_ledger = True
            self._known.extend(self.book.known_activities(self.looker.event, 5, keyed=self.road.keyed))
        return list(reversed(self._known))

    def _go_on(self, look: _Look, ending: Ending | None, now: float) -> None:
        try:
            look.call = next(look.talk) if ending is None else look.talk.send(ending)
        except StopIteration as end:
            self._look = None
            self._conclude(look, end.value, now)

    # ------------------------------------------------------------------------------------------ conclusions

    def _conclude(self, look: _Look, seen: Seen, now: float) -> None:
        sighted = look.matcher.sighted()
        found_any = any(each.ids for each in sighted.values())
        controlled = seen.controlled or (found_any and look.matcher.proves_absence)
        for doubt in look.doubts:
            self._note_found(doubt, sighted)
            if not doubt.activities:
                self._doubts.remove(doubt)
            elif not doubt.decides(look.began, self.settle):
                doubt.plan_next_look(self.settle, look.began, now)
            else:
                proof = controlled and seen.covers([activity.lead for activity in doubt.activities])
                self._note_missing(doubt, sighted, look, now, proof=proof)

    def _note_found(self, doubt: Doubt, sighted: dict[bytes, Sighted]) -> None:
        found = [each for each in doubt.activities if sighted[each.key].ids]
        for activity in found:
            self.book.found(activity, sighted[activity.key].ids)
            self.created([KnownActivity(sighted[activity.key].ids[0], activity.lead, activity.key)])
        if found:
            doubt.without(found)
            self.in_doubt -= len(found)
            self.watcher.looked_up(len(found), 0)
            self.found_some()

    def _note_missing(
        self, doubt: Doubt, sighted: dict[bytes, Sighted], look: _Look, now: float, *, proof: bool
    ) -> None:
        """Rows of a doubt have not shown in a look that may decide."""
        if proof:
            doubt.absences += 1
            if doubt.absences >= LOOKS_FOR_ABSENCE:
                self._missing_for_good(doubt, sighted, proves=look.matcher.proves_absence)
                return
        else:
            doubt.in_vain += 1
            if doubt.in_vain >= LOOKS_IN_VAIN:
                self._doubts.remove(doubt)
                self._leave(doubt, doubt.activities, Code.NO_CONTROL)
                self.blind += len(doubt.activities)
                self._given_up.append(doubt)
                self._known_since_given_up = False
                return
        doubt.plan_next_look(self.settle, look.began, now)

    def _missing_for_good(self, doubt: Doubt, sighted: dict[bytes, Sighted], *, proves: bool) -> None:
        self._doubts.remove(doubt)
        if proves:
            self.in_doubt -= len(doubt.activities)
            self.watcher.looked_up(0, len(doubt.activities))
            self.absent.append(doubt)
            return
        alike = [each for each in doubt.activities if not sighted[each.key].told_apart]
        self._leave(doubt, alike, Code.NOT_TOLD_APART)
        self._leave(doubt, [each for each in doubt.activities if each not in alike], Code.NOT_FOUND)

    def _leave(self, doubt: Doubt, activities: Sequence[Activity], code: Code) -> None:
        if activities:
            self.book.stays(activities, code, doubt.cause)
            self.in_doubt -= len(activities)
