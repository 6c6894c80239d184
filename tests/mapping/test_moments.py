"""Time zones: local moments to UTC as the zone's own rules have it, and never a guess between two."""

import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.mapping.moments import as_text, is_zone, to_utc, zone_names

# ruff: noqa: DTZ001  # local times are what this is about

LOCALS = st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31, 23, 59, 59)).map(lambda at: at.replace(microsecond=0))

Meant = datetime | str
"""The one moment in UTC that a local time means, or why there is none: `missing`, `twice`, `beyond` the calendar."""


def meant(local: datetime, zone: ZoneInfo) -> Meant:
    """What a local time means, by trying both of its folds."""
    candidates = set()
    for fold in (0, 1):
        try:
            utc = local.replace(tzinfo=zone, fold=fold).astimezone(UTC)
            if utc.astimezone(zone).replace(tzinfo=None) == local:
                candidates.add(utc.replace(tzinfo=None))
        except OverflowError:
            return "beyond"
    if len(candidates) > 1:
        return "twice"
    return candidates.pop() if candidates else "missing"


def found(locals_: list[datetime], zone: str) -> list[Meant]:
    """What is made of local times."""
    result = to_utc(np.array(locals_, "datetime64[s]"), zone)
    flags = zip(result.moments.tolist(), result.missing.tolist(), result.twice.tolist(), strict=True)
    return [
        "missing" if missing else "twice" if twice else "beyond" if moment is None else moment
        for moment, missing, twice in flags
    ]


def transitions(zone: ZoneInfo) -> list[datetime]:
    """Some moments, in UTC and found by halving, at which the clocks of a zone were changed."""
    changes = []
    begin = datetime(1912, 1, 1, tzinfo=UTC)
    for days in range(0, 45_000, 73):
        early, late = begin + timedelta(days=days), begin + timedelta(days=days + 73)
        before = early.astimezone(zone).utcoffset()
        if late.astimezone(zone).utcoffset() == before:
            continue
        while late - early > timedelta(seconds=1):
            middle = (early + (late - early) / 2).replace(microsecond=0)
            if middle.astimezone(zone).utcoffset() == before:
                early = middle
            else:
                late = middle
        changes.append(late.replace(tzinfo=None))
    return changes


@given(st.sampled_from(zone_names()), st.lists(LOCALS, min_size=1, max_size=20))
def test_any_time_in_any_zone(zone: str, locals_: list[datetime]) -> None:
    """Any local time of any zone is the moment that the zone's own rules say."""
    assert found(locals_, zone) == [meant(local, ZoneInfo(zone)) for local in locals_]


def test_every_zone() -> None:
    """Every zone that this computer knows is followed, through two thousand years."""
    choice = random.Random(419)  # noqa: S311
    for zone in zone_names():
        seconds = [choice.randrange(0, 8_000 * 365 * 86_400) for _ in range(5)] + [
            choice.randrange(1_900 * 365 * 86_400, 2_100 * 365 * 86_400) for _ in range(25)
        ]
        locals_ = [datetime(1, 1, 3) + timedelta(seconds=number) for number in seconds]
        assert found(locals_, zone) == [meant(local, ZoneInfo(zone)) for local in locals_], zone


@given(st.sampled_from(zone_names()), st.data())
def test_when_clocks_are_changed(zone: str, data: st.DataObject) -> None:
    """Around every change of the clocks, times that never were and times that were twice are told to the second."""
    rules = ZoneInfo(zone)
    changes = transitions(rules)
    locals_ = []
    for change in changes:
        for beside in (-1, 0, 1):
            side = change + timedelta(seconds=beside)
            local = side.replace(tzinfo=UTC).astimezone(rules).replace(tzinfo=None)
            locals_ += [local, local + timedelta(seconds=data.draw(st.integers(-7200, 7200)))]
    assert found(locals_, zone) == [meant(local, rules) for local in locals_]


@pytest.mark.parametrize(
    ("zone", "local", "expected"),
    [
        ("UTC", datetime(2024, 5, 1, 10, 30), datetime(2024, 5, 1, 10, 30)),
        ("Asia/Kolkata", datetime(2024, 5, 1, 10, 30), datetime(2024, 5, 1, 5, 0)),
        ("Asia/Kathmandu", datetime(2024, 5, 1, 10, 30), datetime(2024, 5, 1, 4, 45)),
        ("Europe/Berlin", datetime(2024, 3, 31, 1, 59, 59), datetime(2024, 3, 31, 0, 59, 59)),
        ("Europe/Berlin", datetime(2024, 3, 31, 2, 0), "missing"),
        ("Europe/Berlin", datetime(2024, 3, 31, 2, 59, 59), "missing"),
        ("Europe/Berlin", datetime(2024, 3, 31, 3, 0), datetime(2024, 3, 31, 1, 0)),
        ("Europe/Berlin", datetime(2024, 10, 27, 2, 0), "twice"),
        ("Europe/Berlin", datetime(2024, 10, 27, 2, 59, 59), "twice"),
        ("Europe/Berlin", datetime(2024, 10, 27, 3, 0), datetime(2024, 10, 27, 2, 0)),
        ("Europe/Berlin", datetime(2200, 7, 1, 12, 0), datetime(2200, 7, 1, 10, 0)),
        ("Pacific/Apia", datetime(2011, 12, 30, 12, 0), "missing"),
        ("Australia/Lord_Howe", datetime(2024, 10, 6, 2, 15), "missing"),
        ("Africa/Casablanca", datetime(2024, 3, 10, 2, 30), "twice"),
        ("America/New_York", datetime(9999, 12, 31, 0, 0), datetime(9999, 12, 31, 5, 0)),
        ("America/New_York", datetime(9999, 12, 31, 23, 59, 59), "beyond"),
        ("Asia/Kolkata", datetime(9999, 12, 31, 23, 59, 59), datetime(9999, 12, 31, 18, 29, 59)),
        ("Asia/Kolkata", datetime(1, 1, 1, 0, 0), "beyond"),
    ],
)
def test_single_times(zone: str, local: datetime, expected: Meant) -> None:
    """Gaps, folds, a day that a country left out, and the ends of the calendar."""
    assert found([local], zone) == [expected]


def test_no_time_is_no_time() -> None:
    """Where there is no local time there is none in UTC, and it was neither skipped nor shown twice."""
    for zone in ("UTC", "Europe/Berlin"):
        nothing = np.array(["NaT", "2024-05-01T10:30:00"], "datetime64[s]")
        result = to_utc(nothing, zone)
        assert np.isnat(result.moments).tolist() == [True, False]
        assert not result.missing.any()
        assert not result.twice.any()
        assert len(to_utc(nothing[:0], zone).moments) == 0


@pytest.mark.parametrize("name", ["asia/kolkata", "Asia/Kolkatta", "IST+5", "", "../zone", "posix/UTC", "+05:30"])
def test_names_that_are_no_zones(name: str) -> None:
    """A zone is called exactly as it is written in the list, on every system."""
    assert not is_zone(name)
    assert is_zone("Asia/Kolkata")


@given(st.lists(st.none() | LOCALS, max_size=10))
def test_as_text(moments: list[datetime | None]) -> None:
    """Moments are written as YYYY-MM-DD HH:MM:SS or YYYY-MM-DD, every digit of them."""
    array = np.array(moments, "datetime64[s]")
    full = as_text(array, with_time=True).to_pylist()
    assert full == [moment and moment.isoformat(" ") for moment in moments]
    assert as_text(array, with_time=False).to_pylist() == [moment and moment.date().isoformat() for moment in moments]
