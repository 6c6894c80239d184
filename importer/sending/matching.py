"""Which of the rows in doubt an activity of the account belongs to."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from importer.fingerprints import token_of
from importer.leadsquared.found import FoundActivity, moment_of
from importer.leadsquared.posted import PostedActivity, posted_of
from importer.records import Activity


@dataclass(frozen=True, slots=True)
class Sighted:
    """What was seen of one row."""

    ids: tuple[str, ...] = ()
    """The activities that are its own."""
    told_apart: bool = True
    """False if there are activities just like it, and nobody can tell whose they are."""


class Matcher(Protocol):
    """Is shown activities, in any order and perhaps more than once, and tells whose they are."""

    proves_absence: bool
    """Whether a row that was not seen, though all activities were shown, is not there for certain."""

    def see(self, found: FoundActivity) -> None:
        """Looks at one activity of the account."""

    def sighted(self) -> dict[bytes, Sighted]:
        """What was seen of each row, by its activity's key."""


@dataclass(slots=True)
class KeyMatcher:
    """Finds rows by their import key, wherever in an activity it stands."""

    activities: Sequence[Activity]
    proves_absence: bool = True
    _ids: dict[str, dict[str, None]] = field(default_factory=dict)
    _pattern: re.Pattern[str] = field(init=False)

    def __post_init__(self) -> None:
        self._pattern = re.compile("|".join(token_of(activity.key) for activity in self.activities) or r"\b\B")

    def see(self, found: FoundActivity) -> None:
        """Notes the activity for each row whose key stands in it."""
        for token in set(self._pattern.findall(found.texts)):
            self._ids.setdefault(token, {})[found.id] = None

    def sighted(self) -> dict[bytes, Sighted]:
        """Each row with all the activities that bear its key."""
        return {activity.key: Sighted(tuple(self._ids.get(token_of(activity.key), ()))) for activity in self.activities}


@dataclass(slots=True)
class ContentMatcher:
    """Finds rows by all that was posted for them.

    Rows of the same content can't be told apart. As many of them as there are activities have arrived, whichever; more
    activities than rows are somebody else's too, and then nobody can tell.
    """

    activities: Sequence[Activity]
    since: Callable[[], datetime]
    """In the account's time, without zone: what was written before is none of these rows. Asked while looking, since
    the first answer may be what tells the account's time."""
    owned: Callable[[Sequence[str]], frozenset[str]]
    """Which of these activities are known as those of other rows; asked once for a look, since it may take a while."""
    elsewhere: Callable[[], Iterable[Activity]] = tuple
    """Rows that are under way when the look has ended: what they create must not be taken for these."""
    proves_absence: bool = False
    _ids: dict[PostedActivity, dict[str, None]] = field(default_factory=dict)
    _by_lead: dict[str, list[PostedActivity]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for posted in {posted_of(activity.body) for activity in self.activities}:
            self._ids[posted] = {}
            self._by_lead.setdefault(posted.lead, []).append(posted)

    def see(self, found: FoundActivity) -> None:
        """Notes the activity for the content that it has."""
        written = moment_of(found.modified_on)
        if written is not None and written < self.since():
            return
        for posted in self._by_lead.get(found.lead, ()):
            if posted.shows_in(found):
                self._ids[posted][found.id] = None

    def sighted(self) -> dict[bytes, Sighted]:
        """Each row with the one activity that is its own, as far as that can be told."""
        disturbed = {posted_of(activity.body) for activity in self.elsewhere()}
        rows: dict[PostedActivity, list[Activity]] = {}
        for activity in self.activities:
            rows.setdefault(posted_of(activity.body), []).append(activity)
        owned = self.owned([each for ids in self._ids.values() for each in ids])
        seen: dict[bytes, Sighted] = {}
        for posted, alike in rows.items():
            ids = [each for each in self._ids[posted] if each not in owned]
            apart = len(ids) <= len(alike) and posted not in disturbed
            for place, activity in enumerate(alike):
                own = (ids[place],) if apart and place < len(ids) else ()
                seen[activity.key] = Sighted(own, apart or not ids)
        return seen
