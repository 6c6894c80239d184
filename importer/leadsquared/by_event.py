"""All activities of one type that were written or changed within a period, from any lead.

Source: page bulk-retrieve-activities-by-activity-event. The period is that of `ModifiedOn`, in whole seconds, both ends
included, and pages hold up to 1,000 activities (FACTS 2.6, seen live).
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from importer.leadsquared.calls import Answer, Call
from importer.leadsquared.conversations import Conversation
from importer.leadsquared.found import FoundActivity, of_type
from importer.leadsquared.replies import message_of, parsed
from importer.leadsquared.retrieving import PagesIncomplete, ReadingFailed
from importer.leadsquared.routes.route import CallClass

PATH: Final = "ProspectActivity.svc/CustomActivity/RetrieveByActivityEvent"
PAGE_ROWS: Final = 1000
"""The most that a page may be asked to hold; more is an error."""

BEGINNINGS: Final = 5
"""How often reading begins anew because the account has changed under it."""


class TooManyPages(ReadingFailed):
    """The period holds more than whoever asks wants to read."""

    def __init__(self, pages: int) -> None:
        super().__init__(f"the period holds {pages} pages of activities")


@dataclass(frozen=True, slots=True)
class Period:
    """The activities of a type, written or changed from `first` to `last` in the account's own time."""

    event: int
    first: datetime
    last: datetime


@dataclass(slots=True)
class _Reading:
    said: int | None = None
    """RecordCount, of all pages together; None if the account names none."""
    ids: set[str] = field(default_factory=set)

    @property
    def over(self) -> bool:
        return self.said is not None and len(self.ids) >= self.said


def activities_between(
    period: Period, see: Callable[[FoundActivity], None], most_pages: int | None = None
) -> Conversation[None]:
    """Shows every activity of a period to `see`, some of them more than once.

    Sorted by id, since pages sorted by time are not stable where times are equal (FACTS 2.6). If the account has
    changed between two pages, reading begins anew: a page may have slipped past.

    :param most_pages: the most that is worth reading.
    :raises TooManyPages: there are more.
    :raises ReadingFailed: an answer that is none.
    :raises PagesIncomplete: the pages end before the number that the account names, or the account never rests.
    """
    reading = _Reading()
    for _ in range(BEGINNINGS):
        reading = _Reading()
        steady = yield from _read(period, reading, see, most_pages)
        if steady:
            return
    raise PagesIncomplete(len(reading.ids), reading.said or 0)


def _read(
    period: Period, reading: _Reading, see: Callable[[FoundActivity], None], most_pages: int | None
) -> Conversation[bool]:
    """Reads all pages; tells whether the account stayed as it was meanwhile."""
    number = 0
    while not reading.over:
        number += 1
        said, page = yield from _page(period, number)
        if number > 1 and said != reading.said:
            return False
        reading.said = said
        pages = -(-(said or 0) // PAGE_ROWS)
        if most_pages is not None and pages > most_pages:
            raise TooManyPages(pages)
        before = len(reading.ids)
        for activity in page:
            found = of_type(activity)
            reading.ids.add(found.id)
            see(found)
        if len(reading.ids) == before:
            if said:
                raise PagesIncomplete(len(reading.ids), said)
            return True
    return True


def _page(period: Period, number: int) -> Conversation[tuple[int | None, list[dict[str, Any]]]]:
    body = {
        "Parameter": {
            "FromDate": f"{period.first:%Y-%m-%d %H:%M:%S}",
            "ToDate": f"{period.last:%Y-%m-%d %H:%M:%S}",
            "ActivityEvent": period.event,
            "RemoveEmptyValue": True,
        },
        "Paging": {"PageIndex": number, "PageSize": PAGE_ROWS},
        "Sorting": {"ColumnName": "ProspectActivityId", "Direction": 1},
    }
    ending = yield Call("POST", PATH, CallClass.SINGLE, (), json.dumps(body).encode())
    if not isinstance(ending, Answer):
        raise ReadingFailed(ending.cause)
    value = parsed(ending.body)
    # `List` is left out when there is nothing to list (FACTS 2.6); then a count must say so.
    listed = value.get("List") if isinstance(value, dict) else None
    counted = _count(value.get("RecordCount")) if isinstance(value, dict) else None
    if ending.status != 200 or not (isinstance(listed, list) or (listed is None and counted is not None)):
        # Not a word on the period: there is no such call here, or these keys may not make it.
        final = ending.status in (401, 403, 404, 405)
        raise ReadingFailed(f"HTTP {ending.status}, {message_of(value) or 'no activities in the answer'}", final=final)
    return counted, [activity for activity in listed or [] if isinstance(activity, dict)]


def _count(value: Any) -> int | None:
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() else None
