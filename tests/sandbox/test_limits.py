"""How many calls an account may make."""

from datetime import timedelta
from pathlib import Path
from typing import Literal

import pytest

from importer.sandbox.settings import Rate, SandboxSettings

from .calling import BY_LEAD_FIELD, BY_LEAD_ID, CREATE, TYPES, Start, Time, failure, visit


def test_the_documented_limit_is_25_calls_in_5_seconds(start: Start, time: Time) -> None:
    """The 26th call within five seconds is refused with 429 and the page's text; after five seconds calls go on."""
    api = start(SandboxSettings(), clock=time.clock)

    statuses = [api.get(TYPES).status for _ in range(25)]
    over = api.get(TYPES)
    time.forward(5)

    assert set(statuses) == {200}
    message = "API calls exceeded the limit of 25 in 5 second(s)"
    assert (over.status, over.body) == (429, failure("MXAPIRateLimitExceededException", message))
    assert "retry-after" not in over.headers
    assert api.get(TYPES).status == 200


@pytest.mark.parametrize("status", ["429", "403", "200"])
def test_a_throttled_call_has_the_chosen_status(start: Start, time: Time, status: Literal["429", "403", "200"]) -> None:
    """The refusal comes as 429, 403 or 200, and names the limit that was set."""
    settings = SandboxSettings(throttle=status, bulk_rate=Rate(1, 2.5))
    api = start(settings, clock=time.clock)
    api.post(BY_LEAD_ID, [visit()])

    reply = api.post(BY_LEAD_ID, [visit()])

    message = "API calls exceeded the limit of 1 in 2.5 second(s)"
    assert (reply.status, reply.body) == (int(status), failure("MXAPIRateLimitExceededException", message))


def test_a_throttled_call_is_not_carried_out(start: Start, time: Time) -> None:
    """A call over the limit stores nothing, is logged as throttled and doesn't wait for the latency."""
    api = start(SandboxSettings(rate=Rate(1, 5), latency=0.5), clock=time.clock)

    for _ in range(3):
        api.post(CREATE, visit())

    assert len(api.server.store.activities.all()) == 1
    counts = api.server.store.calls.counts()
    assert (counts.calls, counts.throttled, counts.failed) == (3, 2, 0)
    assert time.pauses == [0.5]


def test_the_window_slides(start: Start, time: Time) -> None:
    """Each call is free again when its own five seconds are over; refused calls take no place."""
    api = start(SandboxSettings(rate=Rate(2, 5)), clock=time.clock)
    statuses = []
    for seconds in (0, 3, 1, 1, 1, 2):
        time.forward(seconds)
        statuses.append(api.get(TYPES).status)

    assert statuses == [200, 200, 429, 200, 429, 200]


def test_bulk_and_single_calls_have_windows_of_their_own(start: Start, time: Time) -> None:
    """Both bulk calls share one window, all other calls the other, and neither takes from the other."""
    api = start(SandboxSettings(rate=Rate(2, 5), bulk_rate=Rate(1, 5)), clock=time.clock)

    bulk = [
        api.post(BY_LEAD_ID, [visit()]).status,
        api.post(BY_LEAD_FIELD, [visit()], searchBy="Phone").status,
    ]
    single = [api.post(CREATE, visit()).status, api.get(TYPES).status, api.get(TYPES).status]

    assert (bulk, single) == ([200, 429], [200, 200, 429])


def test_refused_calls_count_but_strangers_do_not(start: Start, time: Time) -> None:
    """A call that is wrong in itself takes a place in the window; wrong keys, paths and methods don't."""
    api = start(SandboxSettings(rate=Rate(1, 5)), clock=time.clock)

    api.send("GET", TYPES, headers={})
    api.get("/v2/nothing")
    api.get(CREATE)

    assert api.post(CREATE, visit("x")).status == 500
    assert api.get(TYPES).status == 429


def test_none_is_no_limit(start: Start, time: Time) -> None:
    """Without rates any number of calls is answered."""
    api = start(SandboxSettings(rate=None, bulk_rate=None), clock=time.clock)

    assert {api.get(TYPES).status for _ in range(60)} == {200}


def test_a_daily_quota_ends_with_the_utc_day(start: Start, time: Time, tmp_path: Path) -> None:
    """After so many calls a day, bulk or single, all are refused until midnight; a restart doesn't help."""
    settings = SandboxSettings(rate=None, bulk_rate=None, daily_quota=3, database=tmp_path / "box.db")
    api = start(settings, clock=time.clock)
    first = [api.get(TYPES).status, api.post(BY_LEAD_ID, [visit()]).status]
    api.stop()
    api = start(settings, clock=time.clock)

    last = [api.get(TYPES), api.get(TYPES)]
    time.now += timedelta(hours=14)
    next_day = api.get(TYPES)

    message = "API calls exceeded the limit of 3 in 86400 second(s)"
    assert first == [200, 200]
    assert [reply.status for reply in last] == [200, 429]
    assert last[1].body == failure("MXAPIRateLimitExceededException", message)
    assert next_day.status == 200


def test_latency_and_jitter_are_waited(start: Start, time: Time) -> None:
    """Every call waits for the latency and up to the jitter more, not always the same."""
    api = start(SandboxSettings(rate=None, latency=2, jitter=1), clock=time.clock)

    for _ in range(20):
        api.get(TYPES)

    assert all(2 <= pause < 3 for pause in time.pauses)
    assert len(set(time.pauses)) == 20
