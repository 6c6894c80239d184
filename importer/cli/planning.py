"""What `plan` puts together: all rows read and checked, and what sending them costs. Nothing is sent."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from importer.cli.costs import Costs, OtherRoad, calls_for, cheaper_road, costs_of, duration
from importer.cli.destination import their_account
from importer.cli.edge import say, utc_now
from importer.cli.new_leads import ASKED, NewLeads, by_address, can_ask, first_addresses, new_leads
from importer.cli.rehearsing import order_of
from importer.cli.sending import rates_of, stated_of
from importer.leadsquared.routes import ROUTES, RouteName
from importer.ledger.ledger import open_ledger
from importer.ledger.place import has_ledger
from importer.loading import ReadingOptions
from importer.preparing.chain import NumberedBlock, checked_blocks
from importer.preparing.sources import PreparedSource, prepare
from importer.reporting.console import counted, with_mistakes
from importer.sending.pace import COUNTED, PaceKeeper, daily_calls, learned_of
from importer.settings import Rate, Settings, settle_settings

SLOWEST = Rate(1, 5.0)
"""What the rate-limits page has allowed for bulk calls on every plan, at a time."""


def plan_calls(
    sources: tuple[str, ...],
    mapping: str,
    reading: ReadingOptions,
    limit: int | None,
    given: Mapping[str, str | None],
    *,
    as_json: bool,
) -> None:
    """Counts the calls of an import, and how long they take at the account's rate."""
    settings = settle_settings(given, os.environ)
    prepared = prepare(order_of(sources, mapping, reading, limit, Path()))
    counts = _counted(prepared, limit)
    with ExitStack() as stack:
        keeper = _keeper(settings, stack)
        costs = costs_with(settings, keeper, counts.rows_by_road)
        used = sum(keeper.used_today().get(each, 0) for each in COUNTED) if keeper else None
        bound = prepared[0].bound
        found = None
        if by_address(bound) and can_ask(settings) and counts.good:
            addresses, every = first_addresses(prepared, limit)
            found = new_leads(settings, addresses, every=every)
        plan = Plan(counts, costs, used, settings, cheaper_road(bound, counts.rows_by_road[bound.route.name]), found)
        quota_named = daily_calls(keeper)[1]
    if as_json:
        say(json.dumps(plan.as_json()))
        return
    for line in _lines(plan, quota_named=quota_named, unasked=by_address(bound) and found is None):
        say(line)


def costs_with(settings: Settings, keeper: PaceKeeper | None, rows: Mapping[RouteName, int]) -> Costs:
    """What so many rows cost at the rates of the settings, and at what was learned of the account."""
    rates = rates_of(settings)
    learned = {each: learned_of(keeper, each) for each in rates} if keeper else {}
    return costs_of(rows, rates, stated_of(settings), learned, daily_calls(keeper)[0])


def cost_line(costs: Costs, rows: int) -> str:
    """One line before a run, for a person."""
    calls = ", ".join(f"{counted(number, f'{call_class} call')}" for call_class, number in costs.calls.items())
    rates = " and ".join(f"{rate}{'' if costs.known[each] else ' or less'}" for each, rate in costs.rates.items())
    return (
        f"up to {counted(rows, 'row')}: {calls}; {duration(costs.seconds)} at {rates}; "
        f"{costs.share:.1%} of {costs.daily_calls:,} calls a day."
    )


def otherwise_line(costs: Costs, route: RouteName) -> str:
    """What is to be added if rows may go a second way: how many do, nobody knows before they are read."""
    calls = ", ".join(f"{counted(number, f'{call_class} call')}" for call_class, number in costs.calls.items())
    return (
        f"rows that lack the key of that way go by {route}; if all of them do, that is {calls}, "
        f"{duration(costs.seconds)} and {costs.share:.1%} of the calls a day. `plan` reads the rows and counts them."
    )


@dataclass(frozen=True, slots=True)
class Counts:
    """Of the rows."""

    rows: int
    good: int
    rows_by_road: dict[RouteName, int]


@dataclass(frozen=True, slots=True)
class Plan:
    """All that there is to say."""

    counts: Counts
    costs: Costs
    used: int | None
    """Calls of this day, in UTC, that the ledger knows of."""
    settings: Settings
    cheaper: OtherRoad | None
    new: NewLeads | None

    @property
    def budget(self) -> int | None:
        """Calls that the user allows in a day."""
        return self.settings.budget.of(self.costs.daily_calls) if self.settings.budget else None

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        (first, *_), costs = self.counts.rows_by_road, self.costs
        route = ROUTES[first]
        return {
            "rows": self.counts.rows,
            "good": self.counts.good,
            "invalid": self.counts.rows - self.counts.good,
            "route": first,
            "rows_per_call": route.rows_per_call,
            "calls": sum(costs.calls.values()),
            "calls_by_class": dict(costs.calls),
            "calls_by_route": {name: calls_for(rows, ROUTES[name]) for name, rows in self.counts.rows_by_road.items()},
            "rate": str(costs.rates[route.call_class]),
            "rate_known": costs.known[route.call_class],
            "seconds": round(costs.seconds, 1),
            "daily_calls": costs.daily_calls,
            "daily_share": round(costs.share, 4),
            "used_today": self.used,
            "budget": self.budget,
            "cheaper": {"route": self.cheaper.name, "calls": self.cheaper.calls} if self.cheaper else None,
            "new_addresses": {"asked": self.new.addresses, "unknown": self.new.unknown, "all": self.new.all}
            if self.new
            else None,
        }


def _counted(prepared: list[PreparedSource], limit: int | None) -> Counts:
    bound = prepared[0].bound
    by_road = {way.route.name: 0 for way in (bound, bound.otherwise) if way}
    rows = good = 0
    for numbered in checked_blocks(prepared, limit):
        rows += len(numbered.checked.block)
        good += int(numbered.checked.good.sum())
        others = _others(numbered)
        by_road[bound.route.name] += int(numbered.checked.good.sum()) - others
        if bound.otherwise:
            by_road[bound.otherwise.route.name] += others
    return Counts(rows, good, by_road)


def _others(numbered: NumberedBlock) -> int:
    """Good rows that take the second road."""
    otherwise = numbered.checked.otherwise
    return 0 if otherwise is None else int((numbered.checked.good & otherwise).sum())


def _keeper(settings: Settings, stack: ExitStack) -> PaceKeeper | None:
    """What earlier runs have learned of the account, if there were any and the settings name it."""
    if not can_ask(settings) or not has_ledger(settings.state):
        return None
    ledger = stack.enter_context(open_ledger(settings.state, utc_now))
    return ledger.pace(ledger.runs.account(*their_account(settings).identity))


def _lines(plan: Plan, *, quota_named: bool, unasked: bool) -> Iterator[str]:
    counts, costs = plan.counts, plan.costs
    bad = counts.rows - counts.good
    yield f"{counted(counts.rows, 'row')} read: {counts.good:,} can be sent, {with_mistakes(bad)}."
    for name, rows in counts.rows_by_road.items():
        route = ROUTES[name]
        calls = counted(calls_for(rows, route), "call")
        yield f"Route {name}: {counted(rows, 'row')}, {counted(route.rows_per_call, 'row')} per call, {calls}."
    for call_class, rate in costs.rates.items():
        what = "the account's rate, as far as is known" if costs.known[call_class] else "the highest rate of the pages"
        yield f"Class {call_class}: {counted(costs.calls[call_class], 'call')} at {rate}, {what}."
    yield f"That takes about {duration(costs.seconds)}, and the time of the last call."
    slow = [each for each, known in costs.known.items() if not known and costs.calls[each] > 1]
    if slow:
        seconds = max((costs.calls[each] - 1) * SLOWEST.seconds / SLOWEST.calls for each in slow)
        yield f"What the account allows is found out in the first seconds; at {SLOWEST} it takes {duration(seconds)}."
    whose = "which the account has named" if quota_named else "the smallest quota that LeadSquared names"
    yield f"That is {costs.share:.1%} of {costs.daily_calls:,} calls a day, {whose}."
    if plan.used:
        yield f"Of these, {plan.used:,} were made today (UTC), as far as this ledger knows."
    if plan.budget is not None and costs.counted + (plan.used or 0) > plan.budget:
        yield f"The budget of {plan.budget:,} calls a day is not enough: the run stops there, and goes on another day."
    if plan.cheaper:
        yield (f"Route {plan.cheaper.name} would need {counted(plan.cheaper.calls, 'call')}: {plan.cheaper.provided}.")
    if plan.new:
        yield str(plan.new)
        if not plan.new.all:
            yield f"More than {ASKED} are not asked for: each costs a call."
    elif unasked:
        yield "With keys, plan asks the account which addresses are new; each of these makes a new lead."
    yield "Rows that were imported before are counted here, but not sent again."
