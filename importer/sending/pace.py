"""An account's pace from run to run: windows that remember, and the budget of calls for a day."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final, Protocol

from importer.leadsquared.limits import LONGEST, Learned
from importer.leadsquared.pacing import Window
from importer.leadsquared.replies import Limit
from importer.leadsquared.routes import CallClass
from importer.sending.stops import BudgetSpent
from importer.settings import Budget, Rate

DAILY_CALLS: Final = 10_000
"""The smallest daily quota of the rate-limits page (plan Pro, without its additions for users)."""

QUOTA: Final = "quota"
"""What a day's limit is kept under, beside the classes of calls."""

COUNTED: Final = (CallClass.BULK, CallClass.SINGLE)
"""What uses up the quota; the queue's calls go to another host, which takes any load (page async-api)."""


class Kept(Protocol):
    """A limit that an earlier run has learned."""

    @property
    def calls(self) -> int: ...
    @property
    def seconds(self) -> float: ...
    @property
    def met(self) -> bool: ...
    @property
    def named(self) -> bool: ...
    @property
    def age(self) -> float: ...


class PaceKeeper(Protocol):
    """Where an account's pace is kept. What is noted is on disk when the method returns; what is announced, when the
    intent of the call is.
    """

    def note_call(self, call_class: str) -> None: ...

    def announce_call(self, call_class: str) -> None: ...

    def calls_ago(self, call_class: str, seconds: float) -> list[float]: ...

    def used_today(self) -> dict[str, int]: ...

    def next_day(self) -> datetime: ...

    def limit(self, call_class: str) -> Kept | None: ...

    def keep_limit(
        self, call_class: str, calls: int, seconds: float, *, met: bool = True, named: bool = True
    ) -> None: ...


def windows_that_remember(
    rates: Mapping[CallClass, Rate], stated: Collection[CallClass], keeper: PaceKeeper, now: float, *, same_server: bool
) -> dict[CallClass, Window]:
    """A window for each class, with what earlier runs have left, and noting what this one does.

    :param stated: classes whose rate the user has said.
    :param now: by the clock that the windows are measured with.
    :param same_server: whether whoever counts calls has counted those of earlier runs.
    """
    windows = {}
    for call_class, rate in rates.items():
        window = Window(
            rate,
            stated=call_class in stated,
            leaving=partial(keeper.note_call, call_class),
            announcing=partial(keeper.announce_call, call_class),
            remember=partial(_keep, keeper, call_class),
            quota_named=partial(_keep_quota, keeper),
        )
        window.recall(keeper.calls_ago(call_class, LONGEST) if same_server else (), learned_of(keeper, call_class), now)
        windows[call_class] = window
    return windows


def learned_of(keeper: PaceKeeper, call_class: CallClass) -> Learned | None:
    """What earlier runs have learned of a class."""
    kept = keeper.limit(call_class)
    return None if kept is None else Learned(Rate(kept.calls, kept.seconds), kept.met, kept.named, kept.age)


def _keep(keeper: PaceKeeper, call_class: CallClass, learned: Learned) -> None:
    keeper.keep_limit(call_class, learned.rate.calls, learned.rate.seconds, met=learned.met, named=learned.named)


def _keep_quota(keeper: PaceKeeper, limit: Limit) -> None:
    if limit.calls > 0:
        keeper.keep_limit(QUOTA, limit.calls, limit.seconds)


def daily_calls(keeper: PaceKeeper | None) -> tuple[int, bool]:
    """The account's calls a day, and whether the account itself has named them."""
    kept = keeper.limit(QUOTA) if keeper is not None else None
    if kept is None or kept.seconds <= 0:
        return DAILY_CALLS, False
    return max(1, int(kept.calls * 86_400 / kept.seconds)), True


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many calls a day are allowed to be made: by all runs that share a ledger, posting and reading."""

    keeper: PaceKeeper
    calls: int

    @property
    def used(self) -> int:
        """Of them, those that were made today, in UTC."""
        used = self.keeper.used_today()
        return sum(used.get(call_class, 0) for call_class in COUNTED)

    def spent(self) -> BudgetSpent | None:
        """Why no further call is made, if that is so."""
        used = self.used
        return BudgetSpent(used, self.calls, self.keeper.next_day()) if used >= self.calls else None


def allowance(keeper: PaceKeeper, budget: Budget | None) -> Allowance | None:
    """What a budget allows, if there is one."""
    return None if budget is None else Allowance(keeper, budget.of(daily_calls(keeper)[0]))
