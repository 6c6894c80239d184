"""Serial numbers and the moments they stand for: days since an epoch, the time of day as a fraction.

In the calendar from 1900 day 60 is 29 February 1900, which never was; so the days before it are one off.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import Final

MILLISECONDS_OF_DAY: Final = 86_400_000

_WRITTEN: Final = re.compile(
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})?"
    r"(?:(?:^|T)(?P<clock>[0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(?P<fraction>\.[0-9]+)?Z?)?"
)
_FIRST_AFTER_BUG: Final = 61
_ONE: Final = date(1899, 12, 31).toordinal()
_NEW_YEAR_1904: Final = date(1904, 1, 1).toordinal()
_LAST: Final = date(9999, 12, 31).toordinal()


@dataclass(frozen=True, slots=True)
class Day:
    """A day as a sheet shows it; it need not exist."""

    year: int
    month: int
    day: int
    weekday: int
    """0 is Sunday."""


class Epoch(Enum):
    """From where a workbook counts its days."""

    EARLY_1900 = 1900
    LATE_1904 = 1904

    def day(self, days: int) -> Day | None:
        """What a sheet shows for a whole serial number; None where it shows number signs."""
        if self is Epoch.LATE_1904:
            return _day(_NEW_YEAR_1904 + days, (days + 5) % 7) if days >= 0 else None
        weekday = (days + 6) % 7
        if days >= _FIRST_AFTER_BUG:
            return _day(_ONE + days - 1, weekday)
        if days == _FIRST_AFTER_BUG - 1:
            return Day(1900, 2, 29, weekday)
        if days > 0:
            return _day(_ONE + days, weekday)
        return Day(1900, 1, 0, weekday) if days == 0 else None

    def serial(self, day: date) -> int:
        """The whole serial number of a day; below zero for one that has none."""
        if self is Epoch.LATE_1904:
            return day.toordinal() - _NEW_YEAR_1904
        days = day.toordinal() - _ONE
        return days + (days >= _FIRST_AFTER_BUG - 1)

    def exists(self, days: int) -> bool:
        """Whether a whole serial number stands for a day of the real calendar."""
        if self is Epoch.EARLY_1900 and days in (0, _FIRST_AFTER_BUG - 1):
            return False
        return self.day(days) is not None


@lru_cache(maxsize=4096)
def _day(ordinal: int, weekday: int) -> Day | None:
    if ordinal > _LAST:
        return None
    found = date.fromordinal(ordinal)
    return Day(found.year, found.month, found.day, weekday)


def milliseconds(serial: Decimal) -> int:
    """A serial number in milliseconds since its epoch, to the nearest one, which is as fine as Excel itself
    tells times apart: 10:30 is never 10:29:59.999.
    """
    return round(float(serial) * MILLISECONDS_OF_DAY)


def moment(exact: int, epoch: Epoch, *, dated: bool) -> str:
    """`YYYY-MM-DDTHH:MM:SS[.ffffff]`, or `THH:MM:SS[.ffffff]` for a time without a day; "" where there is no such day.

    :param exact: milliseconds since the epoch.
    :param dated: the format of the cell shows a year, month or day. It matters for the first day from 1904 only:
        from 1900 there is no day 0, so that a number below 1 is always a time.
    """
    days, rest = divmod(exact, MILLISECONDS_OF_DAY)
    time = clock(rest)
    if days == 0 and not (dated and epoch is Epoch.LATE_1904):
        return time
    day = epoch.day(days)
    if day is None or not epoch.exists(days):
        return ""
    return f"{day.year:04}-{day.month:02}-{day.day:02}{time}"


def clock(rest: int) -> str:
    """A time of day, given in milliseconds, as `THH:MM:SS[.ffffff]`."""
    seconds, fraction = divmod(rest, 1000)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    decimals = f".{fraction * 1000:06}" if fraction else ""
    return f"T{hour:02}:{minute:02}:{second:02}{decimals}"


def written_moment(text: str, epoch: Epoch) -> tuple[str, Decimal] | None:
    """A moment in words of ISO 8601, `2024-05-01T10:30:00`, `2024-05-01` or `10:30:00`, to the nearest millisecond: as
    `moment` writes it, and its serial number. None if it is none, or names an offset other than Z, which Excel ignores.
    """
    match = _WRITTEN.fullmatch(text.strip())
    if match is None or not match[0]:
        return None
    try:
        at = datetime.fromisoformat(f"{match['day'] or '1904-01-01'}T{match['clock'] or '00:00'}")
        at += timedelta(milliseconds=round(float(match["fraction"] or 0) * 1000))
    except (ValueError, OverflowError):
        return None
    rest = (at.hour * 3600 + at.minute * 60 + at.second) * 1000 + at.microsecond // 1000
    part = Decimal(rest) / MILLISECONDS_OF_DAY
    if match["day"] is None:
        return clock(rest), part
    return at.date().isoformat() + clock(rest), epoch.serial(at.date()) + part
