"""The page at `/`: what has arrived, in a browser, without any asset from elsewhere."""

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from html import escape

from importer.sandbox.account import ActivityType
from importer.sandbox.faults.progress import Hit, Progress
from importer.sandbox.moments import whole_seconds
from importer.sandbox.page_style import SCRIPT, STYLE
from importer.sandbox.settings import Rate
from importer.sandbox.store.activities import FieldValue, StoredActivity
from importer.sandbox.store.calls import CallCounts, LoggedCall
from importer.sandbox.tenant import Tenant

LATEST = 25

_SCRIPT_HASH = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
# What came in is shown on this page: should an escape ever be forgotten, no script of a caller runs.
CONTENT_POLICY = (
    f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{_SCRIPT_HASH}';"
    " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def render(tenant: Tenant, progress: Progress, url: str) -> str:
    """The page as HTML; `url` is the sandbox's own address. All that was sent in is escaped."""
    by_event = tenant.store.activities.count_by_event()
    calls = tenant.store.calls.counts()
    account = f"account {escape(tenant.settings.org_code)}, times in UTC"
    parts = (
        f"<header><h1>LeadSquared sandbox</h1><p><code>{escape(url)}</code></p><p>{account}</p></header>",
        _tiles(tenant, sum(by_event.values()), calls),
        _faults(progress),
        _types(tenant, by_event),
        _activities(tenant, tenant.store.activities.latest(LATEST)),
        _calls(tenant.store.calls.latest(LATEST)),
        _settings(tenant),
    )
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>LeadSquared sandbox</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<noscript><meta http-equiv="refresh" content="5"></noscript>'
        f"<style>{STYLE}</style></head><body><main>{''.join(parts)}</main><script>{SCRIPT}</script></body></html>\n"
    )


def _tiles(tenant: Tenant, activities: int, calls: CallCounts) -> str:
    tiles = (
        ("activities", activities, False),
        ("leads", tenant.store.leads.count(), False),
        ("calls", calls.calls, False),
        ("calls throttled", calls.throttled, calls.throttled > 0),
        ("calls refused", calls.failed, calls.failed > 0),
        ("async waiting", len(tenant.store.queue.waiting()), False),
    )
    return '<div class="tiles">' + "".join(_tile(*tile) for tile in tiles) + "</div>"


def _tile(name: str, number: int, alarm: bool) -> str:
    return f'<div class="tile{" alarm" if alarm else ""}"><b>{number:,}</b><span>{name}</span></div>'


def _types(tenant: Tenant, by_event: dict[int, int]) -> str:
    most = max(by_event.values(), default=1)
    bars = [
        f'<div class="type"><span>{_type_name(tenant.activity_type(event), event)}</span>'
        f'<div><span style="width:{100 * number / most:.1f}%"></span></div><b>{number:,}</b></div>'
        for event, number in by_event.items()
    ]
    return _section("Activities by type", f"{len(by_event)} in use", _list(bars, "types"))


def _activities(tenant: Tenant, latest: list[StoredActivity]) -> str:
    head = {"Arrived": "when", "Date": "when", "Lead": "lead", "Type": "kind", "Note": "note", "Fields": ""}
    rows = [
        (
            _moment(each.modified_on),
            _moment(each.created_on),
            _lead(tenant, each.lead_id),
            _type_name(tenant.activity_type(each.event), each.event),
            escape(each.note),
            _fields(tenant, each),
        )
        for each in latest
    ]
    return _section("Latest activities", f"the last {LATEST}", _table(head, rows, "No activity has arrived yet."))


def _lead(tenant: Tenant, lead_id: str) -> str:
    lead = tenant.store.leads.get(lead_id)
    attributes = lead.attributes if lead else {}
    name = f"{attributes.get('FirstName', '')} {attributes.get('LastName', '')}".strip()
    known_by = name or attributes.get("EmailAddress") or attributes.get("Phone")
    if not known_by:
        return f"<code>{escape(lead_id)}</code>"
    return f'{escape(known_by)}<small class="id" title="{escape(lead_id)}">{escape(lead_id[:8])}…</small>'


def _fields(tenant: Tenant, activity: StoredActivity) -> str:
    activity_type = tenant.activity_type(activity.event)
    chips = [_chip(activity_type, name, value) for name, value in activity.fields.items()]
    owner = tenant.user(activity.owner_id)
    chips.append(f"<span><i>Owner</i>{escape(owner.name if owner else activity.owner_id)}</span>")
    return f'<div class="fields">{"".join(chips)}</div>'


def _chip(activity_type: ActivityType | None, name: str, value: FieldValue) -> str:
    known = activity_type.field(name) if activity_type else None
    text = value if isinstance(value, str) else ", ".join(f"{part}: {what}" for part, what in value.items())
    return f'<span title="{escape(name)}"><i>{escape(known.display_name if known else name)}</i>{escape(text)}</span>'


def _calls(latest: list[LoggedCall]) -> str:
    head = {"Time": "when", "Call": "", "Answer": "", "Rows": "number", "Created": "number"}
    rows = [
        (
            escape(whole_seconds(each.at)),
            f"<code>{escape(each.method)} {escape(each.path)}</code>{_keys_warning(each)}",
            _badge(each),
            str(each.rows or ""),
            str(each.created or ""),
        )
        for each in latest
    ]
    return _section("Latest calls", f"the last {LATEST}", _table(head, rows, "Nobody has called yet."))


def _keys_warning(call: LoggedCall) -> str:
    return ' <span class="badge wait">keys in the URL</span>' if call.keys_in_query else ""


def _badge(call: LoggedCall) -> str:
    if call.throttled:
        return f'<span class="badge wait">{call.status} throttled</span>'
    if not call.status:
        return '<span class="badge bad">no answer</span>'
    return f'<span class="badge {"good" if call.status < 400 else "bad"}">{call.status}</span>'


def _faults(progress: Progress) -> str:
    """The schedule and what it did; nothing on a good day."""
    rules = progress.schedule.rules
    if not rules:
        return ""
    items = [
        f"<span><code>{escape(str(rule))}</code> <b>{progress.hits_of(place):,}</b></span>"
        for place, rule in enumerate(rules, start=1)
    ]
    head = {"Time": "when", "On": "when", "Fault": "", "Commit": "when", "Stored": "number"}
    rows = [
        (
            escape(whole_seconds(each.at)),
            f"{escape(each.kind)} {each.number}",
            f'<span class="badge bad">{escape(each.fault.name)}</span>',
            _commit(each),
            str(each.stored + each.stored_late or ""),
        )
        for each in progress.hits[: -LATEST - 1 : -1]
    ]
    content = _list(items, "settings") + _table(head, rows, "No fault has happened yet.")
    return _section("Faults", f"{len(progress.hits):,} so far, the last {LATEST}", content)


def _commit(hit: Hit) -> str:
    if hit.commit is None:
        return ""
    late = f"<small>{escape(whole_seconds(hit.late_at))}</small>" if hit.late_at else ""
    return f"{escape(str(hit.commit))}{late}"


def _settings(tenant: Tenant) -> str:
    settings = tenant.settings
    shown = {
        "Calls": _rate(settings.rate),
        "Bulk calls": _rate(settings.bulk_rate),
        "Daily quota": settings.daily_quota or "none",
        "Throttled calls get": settings.throttle,
        "A bad row fails its": settings.bad_row,
        "Offset counts a": settings.offset,
        "Leads": settings.leads,
        "Activity types": settings.activity_types,
        "Owners": settings.owners,
        "Time zone": settings.time_zone,
    }
    items = [f"<span>{escape(name)} <b>{escape(str(value))}</b></span>" for name, value in shown.items()]
    return _section("Settings", "", _list(items, "settings"))


def _rate(rate: Rate | None) -> str:
    return f"{rate.calls} in {rate.seconds:g} s" if rate else "no limit"


def _type_name(activity_type: ActivityType | None, event: int) -> str:
    return f"{escape(activity_type.name if activity_type else 'unknown')}<small>{event}</small>"


def _moment(stored_moment: str) -> str:
    day, _, time = whole_seconds(stored_moment).partition(" ")
    return f"{escape(time)}<small>{escape(day)}</small>"


def _section(title: str, remark: str, content: str) -> str:
    return f'<section><div class="head"><h2>{title}</h2><span>{remark}</span></div>{content}</section>'


def _list(items: Iterable[str], kind: str) -> str:
    content = "".join(items)
    return f'<div class="{kind}">{content}</div>' if content else '<p class="empty">Nothing yet.</p>'


def _table(head: Mapping[str, str], rows: Sequence[Sequence[str]], nothing: str) -> str:
    """A table; `head` has its columns, each with the class of its cells, and `rows` their HTML."""
    if not rows:
        return f'<p class="empty">{nothing}</p>'
    names = "".join(f"<th{' class=number' if kind == 'number' else ''}>{name}</th>" for name, kind in head.items())
    # On a narrow screen each cell stands on a line of its own, with the name of its column before it.
    begins = [f'<td class="{kind}" data-name="{name}">' for name, kind in head.items()]
    lines = ("".join(f"{begin}{cell}</td>" for begin, cell in zip(begins, row, strict=True)) for row in rows)
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    return f'<div class="scroll"><table><thead><tr>{names}</tr></thead><tbody>{body}</tbody></table></div>'
