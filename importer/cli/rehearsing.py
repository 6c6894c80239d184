"""What `preview` and `plan` put together: all of the way of a row but sending."""

import json
import math
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from importer.chain import ActivityMappers, NumberedBlock, checked_blocks
from importer.cli.edge import say, tell
from importer.cli.words import Words
from importer.leadsquared.limits import MARGIN
from importer.loading import ReadingOptions
from importer.mapping.bound import BoundValue
from importer.mapping.parsing import read_mapping
from importer.preparing import ImportOrder, prepare
from importer.records import CellKind, column_letter
from importer.reporting.console import counted, one_line
from importer.settings import Rate, settle_settings

DAILY_CALLS: Final = 10_000
"""The smallest daily quota of the rate-limits page (plan Pro, without its additions for users)."""


def order_of(
    sources: tuple[str, ...], mapping: str, reading: ReadingOptions, limit: int | None, out: Path
) -> ImportOrder:
    """An order to read these sources by this mapping.

    :raises MappingUnreadable: there is no such mapping.
    """
    return ImportOrder(sources=sources, document=read_mapping(mapping), reading=reading, out=out, limit=limit)


# ---------------------------------------------------------------------------------------------- preview


def preview_rows(source: str, mapping: str, reading: ReadingOptions, count: int) -> None:
    """Shows the first rows and what would be posted for them."""
    order = order_of((source,), mapping, reading, count, Path())
    prepared = prepare(order)
    words = Words(prepared)
    words.tell()
    if prepared[0].bound.import_key is not None:
        tell("the import key shown here is an example; the real one is made with the secret of your ledger.")
    mappers = ActivityMappers(salt=bytes(32), scope=b"")
    for numbered in checked_blocks(prepared, order.limit):
        bodies = {activity.ordinal - numbered.first: activity.body for activity in mappers.activities(numbered)}
        faults = dict(numbered.checked.faulty_rows())
        for offset in range(len(numbered.checked.block)):
            say(f"{one_line(source, 200)}, row {numbered.checked.block.rows[offset]}")
            for value in numbered.origin.bound.values():
                say(f"  {_origin_of(value, numbered, offset)}")
            for issue in faults.get(offset, ()):
                say(f"  not sent: {one_line(issue.message, 200)}")
            if offset in bodies:
                say(json.dumps(json.loads(bodies[offset]), ensure_ascii=False, indent=2))
            say()


def _origin_of(value: BoundValue, numbered: NumberedBlock, offset: int) -> str:
    if value.constant:
        return f"{value.address:<28} always the same"
    cells = []
    for position in value.consulted:
        cell = numbered.checked.block.columns[position].cell(offset)
        name = one_line(numbered.origin.bound.header.names[position])
        stored = f" (stored: {one_line(cell.stored)})" if cell.stored not in ("", cell.shown) else ""
        kind = " (an Excel error)" if cell.kind is CellKind.ERROR else stored
        cells.append(f'{column_letter(position)} {name}: "{one_line(cell.shown)}"{kind}')
    return f"{value.address:<28} {'  '.join(cells)}"


# ------------------------------------------------------------------------------------------------- plan


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
    rows = good = 0
    for numbered in checked_blocks(prepared, limit):
        rows += len(numbered.checked.block)
        good += int(numbered.checked.good.sum())
    route = prepared[0].bound.route
    rate = settings.bulk_rate if route.bulk else settings.rate
    calls = math.ceil(good / route.rows_per_call)
    plan: dict[str, Any] = {
        "rows": rows,
        "good": good,
        "invalid": rows - good,
        "route": route.name,
        "rows_per_call": route.rows_per_call,
        "calls": calls,
        "rate": str(rate),
        "seconds": round(seconds_for(calls, rate), 1),
        "daily_calls": DAILY_CALLS,
        "daily_share": round(calls / DAILY_CALLS, 4),
    }
    if as_json:
        say(json.dumps(plan))
        return
    for line in _plan_lines(plan):
        say(line)


def seconds_for(calls: int, rate: Rate) -> float:
    """How long calls take at a rate: bursts as large as the rate allows, a window apart."""
    return max(0, math.ceil(calls / rate.calls) - 1) * (rate.seconds + MARGIN)


def _plan_lines(plan: dict[str, Any]) -> Iterator[str]:
    yield f"{counted(plan['rows'], 'row')} read: {plan['good']:,} can be sent, {plan['invalid']:,} have mistakes."
    yield f"Route {plan['route']}: {counted(plan['rows_per_call'], 'row')} per call, {counted(plan['calls'], 'call')}."
    yield f"At {plan['rate']} that takes about {_duration(plan['seconds'])}, and the time of the last call."
    yield (
        f"That is {plan['daily_share']:.1%} of {DAILY_CALLS:,} calls a day, the smallest quota that LeadSquared names; "
        "your account may have more."
    )
    yield "Rows that were imported before are counted here, but not sent again."


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} seconds"
    if seconds < 5400:
        return f"{seconds / 60:.0f} minutes"
    return f"{seconds / 3600:.1f} hours"
