"""What is believed of an account's limit on one class of calls, and how refusals and silence change it.

The server's words are believed when there are any. Where they name no number, what it was seen to let through is the
limit, and one call more is tried now and then; a refusal far below what was let through before is others' doing.
"""

from dataclasses import dataclass, field
from typing import Final

from importer.leadsquared.replies import Limit
from importer.leadsquared.sharing import Share
from importer.settings import Rate

MARGIN: Final = 0.22
"""Seconds that a call may be on its way from its first byte to being counted by the server, unless refusals tell
otherwise; its answer ends the doubt earlier."""

LARGEST_MARGIN: Final = 2.0

AT_FIRST: Final = 2
"""Calls more than were seen to be let through that may be tried together while no limit is known."""

LARGEST: Final = 10_000
"""Calls in a window; more is nonsense."""

LONGEST: Final = 600.0
"""Seconds of a limit that a run keeps to; a longer one is a quota."""

MAKE_SURE_AFTER: Final = 30.0
"""Seconds until one call more is tried than a limit that was just met and that no words have named: it may have been
others who had filled the window."""

TRY_MORE_AFTER: Final = 600.0
"""The same after that was in vain; twice as long after each failure."""

ASK_AGAIN_AFTER: Final = 3600.0
"""The same for a limit in the server's words: accounts are upgraded, but seldom."""

OTHERS_STAY: Final = 300.0
"""Seconds for which refusals without words are others' doing, once one was for certain."""

EVENLY: Final = 0.8
"""Of even spacing, for calls that share the window with others': who takes one call too many is refused one then, not
several, and displaces nobody's burst. Less than all of it, so that a pause is caught up with."""


@dataclass(frozen=True, slots=True)
class Learned:
    """What is worth remembering from run to run."""

    rate: Rate
    """The limit; or what was let through, if none was met."""
    met: bool = True
    """Whether a refusal has shown it."""
    named: bool = False
    """Whether the server's words did."""
    age: float = 0.0
    """Seconds since then."""


@dataclass(slots=True)
class Limits:
    """The limit on one class of calls. Times are seconds of a monotonic clock."""

    ceiling: Rate
    """What the user has said, or else what the pages of the API name at most."""
    stated: bool = True
    """Whether the user has said so: then it is kept to, and taken for the limit until a refusal tells otherwise."""
    limit: Rate | None = None
    """None as long as none was met."""
    named: bool = False
    proven: int = 0
    """The most calls that were let through in one window for certain."""
    share: Share = field(default_factory=Share)
    """What other programs leave of it."""
    margin: float = MARGIN
    _ask_at: float = float("inf")
    _pause: float = MAKE_SURE_AFTER
    _others_until: float = float("-inf")
    """Until when a refusal without words is taken for others' doing."""
    _seconds: float = field(init=False)
    _also: dict[float, Rate] = field(default_factory=dict)
    """Limits of windows of other lengths that were named, by these."""

    def __post_init__(self) -> None:
        self._seconds = self.ceiling.seconds
        if self.stated:
            self.limit = self.ceiling

    def recall(self, learned: Learned, now: float) -> None:
        """Takes up what an earlier run has learned."""
        if not learned.met:
            if self.limit is None and learned.rate.seconds == self._seconds:
                self.proven = learned.rate.calls
            return
        self._set(learned.rate, named=learned.named)
        self._pause = ASK_AGAIN_AFTER if learned.named else TRY_MORE_AFTER
        self._ask_at = now + max(self._pause - learned.age, TRY_MORE_AFTER)

    @property
    def learned(self) -> Learned | None:
        """What is worth remembering; None if nothing is."""
        if self.limit is not None and (self.named or self.limit != self.ceiling):
            return Learned(self.limit, met=True, named=self.named)
        return Learned(Rate(self.proven, self._seconds), met=False) if self.limit is None and self.proven else None

    @property
    def seconds(self) -> float:
        """Of the window that the limit is counted in."""
        return self._seconds

    def rates(self, now: float) -> tuple[Rate, ...]:
        """What is kept to: all of these at once, the tightest last."""
        if self.limit is None:
            calls = min(self.ceiling.calls, self.proven + AT_FIRST)
        else:
            calls = self.limit.calls + (1 if now >= self._ask_at else 0)
        if self.share.calls < 1:
            rate = Rate(1, self._seconds / self.share.calls)
        else:
            rate = Rate(int(min(calls, self.share.calls)), self._seconds)
        lifted = self.named and not self.stated and self._seconds == self.ceiling.seconds
        return (*self._also.values(), rate) if lifted else (self.ceiling, *self._also.values(), rate)

    @property
    def expected(self) -> Rate:
        """What is kept to when all is found out; the ceiling, as long as no limit was met."""
        rate = self.limit or self.ceiling
        if self.share.calls < 1:
            return Rate(1, rate.seconds / self.share.calls)
        return Rate(int(min(rate.calls, self.share.calls)), rate.seconds)

    @property
    def most(self) -> int:
        """Calls in a window: the limit, or what may be tried at most as long as none was met."""
        return self.limit.calls if self.limit is not None else self.ceiling.calls

    @property
    def spacing(self) -> float:
        """Seconds from one call to the next at least."""
        return EVENLY * self._seconds / self.share.calls if 1 < self.share.calls < self.most else 0.0

    def let_through(self, most: int, now: float) -> None:
        """A call was let through.

        :param most: calls that were let through in one window, for certain, this one among them.
        """
        if self.named and self.limit is not None and now < self._ask_at:
            most = min(most, self.limit.calls)  # words count more than calls that had left before them
        self.proven = max(self.proven, most)
        if self.limit is not None and self.proven > self.limit.calls:
            self._there_is_more(now)
        shared = self.share.calls < self.most
        self.share.let_through(self.most, self._seconds, now, known=self._known)
        if shared and self.share.calls >= self.most and not self._known:
            self._ask_at = min(self._ask_at, now + MAKE_SURE_AFTER)  # others may have had their part in the limit

    def refused(self, own: int, words: Limit, now: float, *, unsure: bool = False) -> None:
        """A call was refused for going too fast.

        :param own: calls of ours that were in the window before it.
        :param unsure: whether it is only by the margin that some of the others are taken to be out of it.
        """
        self.hear(words)
        if not self._known:
            self._guess(own, now, unsure=unsure)
        if own >= self.most:
            self._asked_in_vain(now)
            return
        if unsure and self.share.calls >= self.most and own + 1 >= 0.9 * self.most:
            self.margin = min(LARGEST_MARGIN, 2 * self.margin)  # calls may be longer on their way than was believed
        else:
            self.margin = MARGIN  # it is others, and may have been others before
        self.share.refused(own, self.most, self._seconds, now, known=self._known)

    @property
    def _known(self) -> bool:
        """Whether the limit, if there is one, is more than a guess."""
        return self.named or self.stated

    def _guess(self, own: int, now: float, *, unsure: bool) -> None:
        """Makes what was let through the limit, unless others are about: then nobody knows."""
        if own == 0 or (own < self.proven and not unsure):
            self._others_until = now + OTHERS_STAY
        if now < self._others_until:
            if own and self.limit is not None:
                self.limit, self._ask_at = None, float("inf")
        elif self.limit is None:
            self._set(Rate(max(1, self.proven), self._seconds), named=False)
            self._ask_at = now + self._pause

    def hear(self, words: Limit) -> None:
        """A refusal names a limit, or says nothing."""
        if 0 < words.calls <= LARGEST and 0 < words.seconds <= LONGEST:
            if self.limit is not None and self.named and self.limit.seconds != words.seconds:
                self._also[self.limit.seconds] = self.limit  # an account may have several limits
            self._also.pop(float(words.seconds), None)
            self._set(Rate(words.calls, float(words.seconds)), named=True)

    def _there_is_more(self, now: float) -> None:
        """More was let through than was believed; how much more is found out as at first."""
        if now < self._ask_at:  # calls that had left before the refusal: they only complete the picture
            self.limit = Rate(self.proven, self._seconds)
            return
        self._pause = MAKE_SURE_AFTER
        if self.proven < self.ceiling.calls:
            self._ask_at, self.limit, self.named = float("inf"), None, False
        else:  # beyond what the pages name, nothing but words or one call after the other
            self._ask_at, self.limit = now + self._seconds, Rate(self.proven, self._seconds)

    def _asked_in_vain(self, now: float) -> None:
        if now >= self._ask_at:
            self._pause = min(ASK_AGAIN_AFTER, max(TRY_MORE_AFTER, 2 * self._pause))
        elif self.named:
            self._pause = ASK_AGAIN_AFTER
        self._ask_at = now + self._pause

    def _set(self, rate: Rate, *, named: bool) -> None:
        if self.stated and rate.calls / rate.seconds > self.ceiling.calls / self.ceiling.seconds:
            rate, named = self.ceiling, False
        if not named and self.ceiling.seconds == rate.seconds:
            rate = Rate(min(rate.calls, self.ceiling.calls), rate.seconds)
        if named and not self.named:
            self._pause = ASK_AGAIN_AFTER
        self.limit, self.named, self._seconds = rate, named, rate.seconds
        self.proven = min(self.proven, rate.calls)
