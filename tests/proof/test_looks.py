"""What a look asks the account for: everything up to this very second, whatever its clock seems to say."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from importer.leadsquared.calls import Answer, Call
from importer.sending.looking import Looker, ServerClock
from importer.sending.matching import KeyMatcher

NOW = datetime(2026, 3, 1, 12, 0, 0, 900_000, tzinfo=UTC)


def answer(activities: int, first: int = 0, listed: int = 1000) -> Answer:
    """A page of so many activities; its `Date` was cut to the second, and kept for one."""
    found = [{"ProspectActivityId": f"a{number}"} for number in range(first, min(activities, first + listed))]
    body = json.dumps({"RecordCount": activities, "List": found}).encode()
    date = (NOW - timedelta(seconds=1)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    return Answer(200, body, {"date": date})


def periods(activities: int) -> list[tuple[datetime, datetime]]:
    """The periods that a look asks for in an account with so many activities, each once."""
    clock = ServerClock(lambda: NOW)
    clock.heard(answer(0))
    talk = Looker(201, clock, keyed=True).look(KeyMatcher(()), (), timedelta(minutes=5), (), last=True)
    asked: list[tuple[datetime, datetime]] = []
    call: Call = next(talk)
    try:
        while True:
            body: dict[str, Any] = json.loads(call.body or b"{}")
            ends = [datetime.fromisoformat(body["Parameter"][name]) for name in ("FromDate", "ToDate")]
            if (ends[0], ends[1]) not in asked:
                asked.append((ends[0], ends[1]))
            tail = len(asked) > 2  # the last seconds hold less than a page
            count = 3 if tail else activities
            page = int(body["Paging"]["PageIndex"])
            call = talk.send(answer(count, (page - 1) * 1000))
    except StopIteration:
        return asked


def test_a_look_sees_what_was_written_this_very_second() -> None:
    """The account may be two seconds ahead of what its answers say, and a row may have come in just now."""
    here = NOW.replace(tzinfo=None)
    ((first, last),) = periods(3)
    assert first < here - timedelta(minutes=5)
    assert last > here + timedelta(seconds=2)


def test_many_pages_are_of_a_period_that_is_over_and_the_last_seconds_are_read_after_it() -> None:
    """Pages must not move while they are read, and still nothing may slip through between them and this second."""
    here = NOW.replace(tzinfo=None)
    whole, over, tail = periods(2500)
    assert whole[0] == over[0]
    assert over[1] <= here
    assert tail[0] < over[1]
    assert tail[1] > here + timedelta(seconds=2)
