"""Serial numbers and the moments they stand for."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.loading.excel.serials import Epoch, milliseconds, moment, written_moment


@pytest.mark.parametrize(
    ("serial", "expected"),
    [
        ("45413.4375", "2024-05-01T10:30:00"),
        ("45413", "2024-05-01T00:00:00"),
        ("45413.43749999999", "2024-05-01T10:30:00"),
        ("45413.437500001", "2024-05-01T10:30:00"),
        ("45413.4375014236", "2024-05-01T10:30:00.123000"),
        ("45413.999999999", "2024-05-02T00:00:00"),
        ("0.4375", "T10:30:00"),
        ("0", "T00:00:00"),
        ("1", "1900-01-01T00:00:00"),
        ("59.5", "1900-02-28T12:00:00"),
        ("60", ""),
        ("60.9", ""),
        ("61", "1900-03-01T00:00:00"),
        ("2958465.9", "9999-12-31T21:36:00"),
        ("2958466", ""),
        ("-1", ""),
    ],
)
def test_moments_from_1900(serial: str, expected: str) -> None:
    """From 1900, day 60 never was, a number below 1 is a time, and milliseconds are the finest there is."""
    assert moment(milliseconds(Decimal(serial)), Epoch.EARLY_1900, dated=True) == expected


def test_moments_from_1904() -> None:
    """From 1904, day 0 is a day; under a format that shows no date it is a time all the same."""
    assert moment(milliseconds(Decimal("43951.4375")), Epoch.LATE_1904, dated=True) == "2024-05-01T10:30:00"
    assert moment(milliseconds(Decimal("0.5")), Epoch.LATE_1904, dated=True) == "1904-01-01T12:00:00"
    assert moment(milliseconds(Decimal("0.5")), Epoch.LATE_1904, dated=False) == "T12:00:00"


@given(st.datetimes(min_value=datetime(1900, 3, 1), max_value=datetime(9999, 12, 31)), st.sampled_from(Epoch))  # noqa: DTZ001  # a sheet knows no time zones
def test_doubles_hold_milliseconds(at: datetime, epoch: Epoch) -> None:
    """A moment written as a double by any program comes back to the millisecond."""
    at = at.replace(microsecond=at.microsecond // 1000 * 1000, year=max(at.year, 1905))
    serial = epoch.serial(at.date()) + (at - datetime.combine(at, datetime.min.time())) / timedelta(days=1)
    expected = at.isoformat(timespec="microseconds" if at.microsecond else "seconds")
    assert moment(milliseconds(Decimal(repr(serial))), epoch, dated=True) == expected


@pytest.mark.parametrize(
    ("written", "stored", "serial"),
    [
        ("2024-05-01T10:30:00", "2024-05-01T10:30:00", "45413.4375"),
        ("2024-05-01T10:30:00.000Z", "2024-05-01T10:30:00", "45413.4375"),
        ("2024-05-01T10:30", "2024-05-01T10:30:00", "45413.4375"),
        ("2024-05-01T10:30:00.9996", "2024-05-01T10:30:01", None),
        ("2024-05-01", "2024-05-01T00:00:00", "45413"),
        ("1900-02-28", "1900-02-28T00:00:00", "59"),
        ("1900-03-01", "1900-03-01T00:00:00", "61"),
        ("0987-01-01", "0987-01-01T00:00:00", None),
        ("10:30:00", "T10:30:00", "0.4375"),
    ],
)
def test_moments_in_words(written: str, stored: str, serial: str | None) -> None:
    """A moment may also be written in words of ISO 8601; a trailing Z says nothing, as in Excel."""
    found = written_moment(written, Epoch.EARLY_1900)
    assert found is not None
    assert found[0] == stored
    assert serial is None or found[1] == Decimal(serial)


@pytest.mark.parametrize(
    "written",
    ["", "word", "2024-02-30", "2024-05-01T10:30:00+05:30", "2024-05-01T25:00", "20240501", "9999-12-31T23:59:59.9999"],
)
def test_words_that_are_no_moment(written: str) -> None:
    """A day that there is not, or a moment with an offset, is none."""
    assert written_moment(written, Epoch.EARLY_1900) is None
