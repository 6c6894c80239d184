"""The ways in which people write days and times of day, and the formats by which each could be read."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from importer.mapping.date_formats import FormatFault, date_format, in_words


@dataclass(frozen=True, slots=True)
class DayShape:
    """One way to write a day: which signs stand where."""

    pattern: str
    """A regular expression (RE2) for the whole text of the day."""
    formats: tuple[str, ...]
    """Directives of every reading that is in use somewhere."""
    weak: bool = False
    """Other things are written so too: 10.12.14 can be a version. It is a date only under a name that says so."""
    exclusive: bool = True
    """Whether a day that two of the formats read is read as two different days."""


def _shapes() -> tuple[DayShape, ...]:
    digits, word = "[0-9]{1,2}", "[A-Za-z]{3,9}"
    shapes: list[DayShape] = []
    for sign in "/-.":
        s = re.escape(sign)
        day_month, month_day = f"%d{sign}%m{sign}", f"%m{sign}%d{sign}"
        shapes += [
            DayShape(f"^{digits}{s}{digits}{s}[0-9]{{4}}$", (f"{day_month}%Y", f"{month_day}%Y")),
            DayShape(f"^[0-9]{{4}}{s}{digits}{s}{digits}$", (f"%Y{sign}%m{sign}%d",)),
            DayShape(
                f"^{digits}{s}{digits}{s}[0-9]{{2}}$",
                (f"{day_month}%y", f"{month_day}%y", f"%y{sign}%m{sign}%d"),
                weak=sign != "/",
            ),
        ]
    shapes.append(DayShape("^[0-9]{8}$", ("%Y%m%d", "%d%m%Y", "%m%d%Y"), weak=True))
    for between in ("-", " ", "/", "."):
        s = re.escape(between)
        shapes += _named_month(f"^{digits}{s}{word}{s}[0-9]{{4}}$", f"%d{between}%b{between}%Y")
        shapes += _named_month(f"^{digits}{s}{word}{s}[0-9]{{2}}$", f"%d{between}%b{between}%y")
    shapes += _named_month(f"^{digits} {word}, [0-9]{{4}}$", "%d %b, %Y")
    shapes += _named_month(rf"^{digits}\. {word} [0-9]{{4}}$", "%d. %b %Y")
    shapes += _named_month(f"^{word} {digits}, [0-9]{{4}}$", "%b %d, %Y")
    shapes += _named_month(f"^{word} {digits} [0-9]{{4}}$", "%b %d %Y")
    return tuple(shapes)


def _named_month(pattern: str, format_: str) -> list[DayShape]:
    return [DayShape(pattern, (format_, format_.replace("%b", "%B")), exclusive=False)]


DAY_SHAPES: Final = _shapes()

_CLOCK: Final = re.compile(
    r"(?P<gap>T|,? +)(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?P<second>:[0-9]{2})?(?P<fraction>\.[0-9]{1,6})?"
    r"(?:(?P<space> ?)(?P<half>[AaPp][Mm]))?(?:(?P<away> ?)(?P<zone>Z|[+-][0-9]{2}:?[0-9]{2}))?"
)

SPLIT: Final = r"^(?P<day>[^:]*?[0-9])(?P<clock>(?:T|,? +)[0-9]{1,2}:[0-9]{2}[^,]*)?$"
"""A day and, if there is one, what follows it: the clock with the gap before it (RE2)."""


@lru_cache(maxsize=100_000)
def clock_format(clock: str) -> str | None:
    """The directives that read a clock with the gap before it; None if it is no time of day.

    `" 10:30 AM"` is read by `" %I:%M %p"`. "" is no clock at all, and read by "".
    """
    if not clock:
        return ""
    found = _CLOCK.fullmatch(clock)
    if found is None or not _is_time(found):
        return None
    parts = [
        found["gap"],
        "%I" if found["half"] else "%H",
        ":%M",
        ":%S" if found["second"] else "",
        ".%f" if found["fraction"] else "",
        f"{found['space']}%p" if found["half"] else "",
        f"{found['away']}%z" if found["zone"] else "",
    ]
    return "".join(parts)


def _is_time(found: re.Match[str]) -> bool:
    if found["fraction"] and not found["second"]:
        return False
    if found["zone"] not in (None, "Z") and int(found["zone"][1:3]) * 60 + int(found["zone"][-2:]) >= 24 * 60:
        return False
    hour = int(found["hour"])
    right_hour = 1 <= hour <= 12 if found["half"] else hour <= 23
    return right_hour and int(found["minute"]) <= 59 and int((found["second"] or ":0")[1:]) <= 59


def as_written(directives: str) -> str:
    """A format as a mapping shows it: in words where words say the same, else in directives."""
    words = in_words(date_format(directives))
    try:
        return words if date_format(words).directives == date_format(directives).directives else directives
    except FormatFault:
        return directives
