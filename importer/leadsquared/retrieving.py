"""The activities of a lead, all of them: page 004."""

import json
from dataclasses import dataclass
from typing import Any, Final

from importer.errors.base import StoppedEarly
from importer.leadsquared.calls import Answer, Call
from importer.leadsquared.conversations import Conversation
from importer.leadsquared.replies import message_of, parsed
from importer.leadsquared.routes.route import CallClass

PAGE_ROWS: Final = 100
"""Activities asked for at a time; an account may give fewer, 25 by default (page 004)."""

PATH: Final = "ProspectActivity.svc/Retrieve"


class ReadingFailed(StoppedEarly):
    """LeadSquared did not give what was asked for."""

    code = "reading-failed"

    def __init__(self, what: str, *, final: bool = False) -> None:
        """:param final: whether the account refuses such reading altogether."""
        super().__init__(f"The activities can't be read: {what}.", "Check the lead id, the keys and LSQ_HOST.")
        self.final = final


class PagesIncomplete(StoppedEarly):
    """LeadSquared says that there are more activities than its pages bring."""

    code = "pages-incomplete"

    def __init__(self, got: int, said: int) -> None:
        super().__init__(
            f"LeadSquared says that the lead has {said} activities, but its pages brought {got} of them.",
            "Try again; activities may have been added or deleted while they were read.",
        )


@dataclass(frozen=True, slots=True)
class _Page:
    activities: list[dict[str, Any]]
    said: int
    """RecordCount: of all pages or of this one, which no page says."""

    @property
    def ids(self) -> list[str]:
        return [str(activity.get("Id", "")).lower() for activity in self.activities]


def activities_of(lead_id: str, event: int | None) -> Conversation[list[dict[str, Any]]]:
    """Every activity of a lead, each once, in the order of the pages.

    Whether Offset counts pages or rows is contested (FACTS 2.6), so it is found out: if Offset 1 brings the first page
    again, moved by one row, it counts rows. And since RecordCount may be that of one page, the end is an empty page.

    :raises ReadingFailed: an answer that is none.
    :raises PagesIncomplete: the pages end before the number that the account names.
    """
    first = yield from _page(lead_id, event, 0)
    found = list(first.activities)
    seen = set(first.ids)
    said = first.said
    offset, counts_rows = 1, False
    page = first
    while page.activities:
        page = yield from _page(lead_id, event, offset)
        said = max(said, page.said)
        if offset == 1 and page.activities and page.ids[: len(first.ids) - 1] == first.ids[1 : len(page.ids) + 1]:
            counts_rows = len(first.ids) > 1
        fresh = [
            activity for activity, activity_id in zip(page.activities, page.ids, strict=True) if activity_id not in seen
        ]
        seen.update(page.ids)
        found += fresh
        if not fresh and not (counts_rows and offset == 1):
            break
        offset = len(seen) if counts_rows else offset + 1
    if said > len(seen):
        raise PagesIncomplete(len(seen), said)
    return found


def _page(lead_id: str, event: int | None, offset: int) -> Conversation[_Page]:
    body: dict[str, Any] = {"Paging": {"Offset": str(offset), "RowCount": str(PAGE_ROWS)}}
    if event is not None:
        body = {"Parameter": {"ActivityEvent": event}} | body
    ending = yield Call("POST", PATH, CallClass.SINGLE, (("leadId", lead_id),), json.dumps(body).encode())
    if not isinstance(ending, Answer):
        raise ReadingFailed(ending.cause)
    value = parsed(ending.body)
    activities = value.get("ProspectActivities") if isinstance(value, dict) else None
    if ending.status != 200 or not isinstance(activities, list):
        raise ReadingFailed(f"HTTP {ending.status}, {message_of(value) or 'no activities in the answer'}")
    count = value.get("RecordCount")
    said = int(count) if str(count).isascii() and str(count).isdigit() else 0
    return _Page([activity for activity in activities if isinstance(activity, dict)], said)
