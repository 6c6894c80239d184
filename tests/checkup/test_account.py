"""Keys, host, clock and time zone, as doctor looks at them."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from importer.checkup.account import ClockWatch, async_host, clock, host, keys, same_zone, time_zone
from importer.checkup.check import Verdict
from importer.leadsquared.account.values import KeyUser, User
from importer.leadsquared.calls import Answer, Call, Silence
from importer.leadsquared.routes import CallClass

NOW = datetime(2026, 11, 20, 12, 0, 0, tzinfo=UTC)
CALL = Call("GET", "x", CallClass.SINGLE)
FOUND = KeyUser(User("1", "asha@example.com", "Asha Menon", "Administrator"), "ACME", "Asia/Kolkata", "91", "")
INDIA = "api-in21.leadsquared.com"


def test_keys_are_told_with_their_owner() -> None:
    """Who, in which role, of which organisation."""
    assert keys(FOUND).sentence == "they belong to Asha Menon, Administrator of ACME."
    left = replace(FOUND, user=replace(FOUND.user, active=False))
    assert keys(left).verdict is Verdict.PROBLEM


@pytest.mark.parametrize(
    ("configured", "said", "verdict"),
    [
        (INDIA, INDIA, Verdict.OK),
        (INDIA, f"https://{INDIA}/v2", Verdict.OK),
        (INDIA, "", Verdict.OK),
        ("api.leadsquared.com", INDIA, Verdict.PROBLEM),
        ("127.0.0.1:8765", "127.0.0.1:8765", Verdict.OK),
        ("localhost:8765", INDIA, Verdict.WARNING),
    ],
)
def test_a_host_of_another_region_is_a_problem(configured: str, said: str, verdict: Verdict) -> None:
    """Any host answers whose keys these are, but only the account's own takes activities."""
    check = host(configured, replace(FOUND, api_host=said))
    assert check.verdict is verdict
    assert (check.remedy == f"Set LSQ_HOST={said}") is (verdict is not Verdict.OK)


def test_the_async_host_goes_with_the_region() -> None:
    """asyncapi-in21 with api-in21 (page async-api)."""
    assert list(async_host(INDIA, "https://asyncapi-in21.leadsquared.com")) == []
    assert list(async_host(INDIA, None)) == []
    (check,) = async_host(INDIA, "asyncapi-us11.leadsquared.com")
    assert "suggests asyncapi-in21.leadsquared.com" in check.sentence


@pytest.mark.parametrize(
    ("date", "words", "verdict"),
    [
        ("Fri, 20 Nov 2026 12:00:05 GMT", "goes with", Verdict.OK),
        ("Fri, 20 Nov 2026 11:59:00 GMT", "60 seconds ahead of", Verdict.WARNING),
        ("Fri, 20 Nov 2026 12:10:00 GMT", "10 minutes behind", Verdict.WARNING),
        ("Thu, 19 Nov 2026 12:00:00 GMT", "24.0 hours ahead of", Verdict.WARNING),
        ("yesterday", "no answer told", Verdict.WARNING),
        (None, "no answer told", Verdict.WARNING),
    ],
)
def test_the_clock_is_compared_with_the_server_s(date: str | None, words: str, verdict: Verdict) -> None:
    """By the Date header of the first answer that has one."""
    watch = ClockWatch(lambda _: Answer(200, b"", {"date": date} if date else {}), lambda: NOW)
    watch(CALL)
    check = clock(watch.ahead)
    assert check.verdict is verdict
    assert words in check.sentence


def test_silence_tells_no_time() -> None:
    """And does no harm."""
    watch = ClockWatch(lambda _: Silence("gone", sent=False), lambda: NOW)
    assert watch(CALL) == Silence("gone", sent=False)
    assert watch.ahead is None


def test_zones_are_the_same_if_they_show_the_same_times() -> None:
    """Whatever they are called, and all year round."""
    assert same_zone("Asia/Calcutta", "Asia/Kolkata", NOW)
    assert not same_zone("Europe/London", "UTC", NOW)
    assert not same_zone("Nowhere/Else", "UTC", NOW)


def test_time_zones_of_mapping_and_account_are_compared() -> None:
    """Another zone is told, since it may be a mistake; it may be meant as well."""
    (check,) = time_zone("Asia/Kolkata", {"activity.datetime": "Asia/Calcutta"}, NOW)
    assert check.verdict is Verdict.OK
    (check,) = time_zone("Asia/Kolkata", {"activity.datetime": "Asia/Kolkata", "fields.a": "Asia/Dubai"}, NOW)
    assert (check.verdict, check.sentence) == (
        Verdict.WARNING,
        "fields.a is read as Asia/Dubai, and the account is in Asia/Kolkata.",
    )
    assert [check.verdict for zone in ("", "India Standard Time") for check in time_zone(zone, {}, NOW)] == [
        Verdict.WARNING,
        Verdict.WARNING,
    ]
