"""What an import costs: calls by class, time at the account's rate, the part of the day's quota."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from importer.leadsquared.limits import Learned
from importer.leadsquared.pacing import Window
from importer.leadsquared.routes import ROUTES, CallClass, Route, RouteName
from importer.mapping.bound import BoundMapping
from importer.settings import Rate

SECONDS_A_DAY: Final = 86_400


@dataclass(frozen=True, slots=True)
class Costs:
    """Of all rows of an import."""

    calls: Mapping[CallClass, int]
    """That post."""
    rates: Mapping[CallClass, Rate]
    """What they keep to."""
    known: Mapping[CallClass, bool]
    """Whether that is the account's rate, as far as anybody knows, and not just a page's."""
    seconds: float
    daily_calls: int

    @property
    def counted(self) -> int:
        """Calls that use up the day's quota."""
        return sum(calls for call_class, calls in self.calls.items() if call_class is not CallClass.ASYNC)

    @property
    def share(self) -> float:
        """Of the day's quota."""
        return self.counted / self.daily_calls


def calls_for(rows: int, route: Route) -> int:
    """The calls that so many rows need on a road."""
    return -(-rows // route.rows_per_call)


def costs_of(
    rows: Mapping[RouteName, int],
    rates: Mapping[CallClass, Rate],
    stated: set[CallClass],
    learned: Mapping[CallClass, Learned | None],
    daily_calls: int,
) -> Costs:
    """What so many rows on each road cost.

    :param stated: classes whose rate the user has said.
    :param learned: what earlier runs have found out.
    """
    calls: dict[CallClass, int] = {}
    for name, count in rows.items():
        route = ROUTES[name]
        calls[route.call_class] = calls.get(route.call_class, 0) + calls_for(count, route)
    windows = {}
    for call_class in calls:
        windows[call_class] = Window(rates[call_class], stated=call_class in stated)
        windows[call_class].recall((), learned.get(call_class), 0.0)
    seconds = max((windows[each].leaves_at(0.0, count) for each, count in calls.items() if count), default=0.0)
    return Costs(
        calls=calls,
        rates={call_class: window.limits.expected for call_class, window in windows.items()},
        known={call_class: window.limits.limit is not None for call_class, window in windows.items()},
        seconds=seconds,
        daily_calls=daily_calls,
    )


@dataclass(frozen=True, slots=True)
class OtherRoad:
    """A road that needs fewer calls."""

    name: RouteName
    calls: int
    provided: str
    """What has to be so for it to be as good, for a person."""


def cheaper_road(bound: BoundMapping, rows: int) -> OtherRoad | None:
    """A road that carries the same rows in fewer calls, if there is one."""
    route = bound.route
    if route.bulk:
        return None
    if route.name is RouteName.SINGLE_BY_LEAD_ID:
        other, provided = RouteName.BULK_BY_LEAD_ID, "nothing else changes"
    else:
        field = bound.search_by or "EmailAddress"
        other = RouteName.BULK_BY_LEAD_FIELD
        # What is posted differs, and so does what makes two rows the same.
        provided = (
            f"with search_by: {field}, if all leads exist: that road makes none, and changes none. Rows that went by "
            "this road before count as new on the other one, unless the mapping has `duplicates`"
        )
    calls = calls_for(rows, ROUTES[other])
    return OtherRoad(other, calls, provided) if calls < calls_for(rows, route) else None


def duration(seconds: float) -> str:
    """For a person."""
    if seconds < 90:
        return f"{seconds:.0f} seconds"
    if seconds < 5400:
        return f"{seconds / 60:.0f} minutes"
    if seconds < 2 * SECONDS_A_DAY:
        return f"{seconds / 3600:.1f} hours"
    return f"{seconds / SECONDS_A_DAY:.1f} days"
