"""Sections of number formats that show a date before a time, or only one of them, shown by what is remembered of each.

It is the same as MomentSection.show and .moment, which take four times as long; a test compares them. Days and
times of day come again and again, each by itself, even where no two moments are the same.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Final

from importer.loading.excel.moment_sections import BEYOND, Instant, MomentSection, is_of_day
from importer.loading.excel.serials import MILLISECONDS_OF_DAY, Day, Epoch, clock

_REMEMBERED: Final = 4_096
_SOME_DAY: Final = Day(1904, 1, 1, 0)


def quick_moments(section: MomentSection, epoch: Epoch) -> Callable[[str], tuple[str, str] | None] | None:
    """What gives, for a serial number in digits, the text that is shown and the moment, as MomentSection.moment does;
    None for one that is special in any way. None if the section is not one of those.
    """
    border = _border(section)
    if section.elapsed or border is None:
        return None
    parts_of_day, parts_of_time = section.parts[:border], section.parts[border:]

    @lru_cache(_REMEMBERED)
    def of_day(days: int) -> tuple[str, str] | None:
        day = epoch.day(days)
        if day is None or not epoch.exists(days):
            return None
        instant = Instant(day, 0, 0, 0, "", 0)
        return section.joined(parts_of_day, instant), f"{day.year:04}-{day.month:02}-{day.day:02}"

    @lru_cache(_REMEMBERED)
    def of_time(rest: int) -> tuple[str, str]:
        return section.joined(parts_of_time, section.instant(_SOME_DAY, rest)), clock(rest)

    def show(digits: str) -> tuple[str, str] | None:
        serial = float(digits)
        if not 1 <= serial < BEYOND:
            return None
        exact = round(serial * MILLISECONDS_OF_DAY)
        days, rest = divmod(exact, MILLISECONDS_OF_DAY)
        stored_day, stored_time = of_day(days), of_time(rest)
        if stored_day is None:
            return None
        rounded = section.rounded(rest)
        if rounded == rest:
            return stored_day[0] + stored_time[0], stored_day[1] + stored_time[1]
        if rounded >= MILLISECONDS_OF_DAY:
            return None
        return stored_day[0] + of_time(rounded)[0], stored_day[1] + stored_time[1]

    return show


def _border(section: MomentSection) -> int | None:
    """Where the parts of the time begin; None if a part of the day comes behind, or there is none."""
    days = [place for place, part in enumerate(section.parts) if is_of_day(part)]
    times = [place for place, part in enumerate(section.parts) if callable(part) and not is_of_day(part)]
    if not days or (times and times[0] < days[-1]):
        return None
    return times[0] if times else len(section.parts)
