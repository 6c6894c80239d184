"""Sections of a number format that show dates and times: `dd/mm/yyyy hh:mm`, `h:mm AM/PM`, `[h]:mm:ss.00`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, NamedTuple

from importer.loading.excel.format_tokens import Sign, Token
from importer.loading.excel.serials import MILLISECONDS_OF_DAY, Day, Epoch, milliseconds, moment

HASHES: Final = "########"
"""What fills a cell whose number can't be shown under its format: a date before the first or after the last day."""

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_WEEKDAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")


class Instant(NamedTuple):
    """What the parts of a section choose from."""

    day: Day
    hour: int
    minute: int
    second: int
    fraction: str
    """Decimals of the second, as many as the section shows at most."""
    elapsed: int
    """Whole seconds since the epoch, without sign."""

    @property
    def hour_of_half_day(self) -> int:
        return self.hour % 12 or 12


Part = str | Callable[[Instant], str]

_DATES: dict[str, Callable[[Instant], str]] = {
    "yy": lambda at: f"{at.day.year % 100:02}",
    "yyyy": lambda at: f"{at.day.year:04}",
    "bb": lambda at: f"{(at.day.year + 543) % 100:02}",
    "bbbb": lambda at: f"{at.day.year + 543:04}",
    "m": lambda at: f"{at.day.month}",
    "mm": lambda at: f"{at.day.month:02}",
    "mmm": lambda at: _MONTHS[at.day.month - 1][:3],
    "mmmm": lambda at: _MONTHS[at.day.month - 1],
    "mmmmm": lambda at: _MONTHS[at.day.month - 1][:1],
    "d": lambda at: f"{at.day.day}",
    "dd": lambda at: f"{at.day.day:02}",
    "ddd": lambda at: _WEEKDAYS[at.day.weekday][:3],
    "dddd": lambda at: _WEEKDAYS[at.day.weekday],
    "g": lambda _: "",  # the era, which the Gregorian calendar does not name
}
_OF_DAY: Final = frozenset(_DATES.values())
_TIMES: dict[str, Callable[[Instant], str]] = {
    "h": lambda at: f"{at.hour}",
    "hh": lambda at: f"{at.hour:02}",
    "s": lambda at: f"{at.second}",
    "ss": lambda at: f"{at.second:02}",
}
_HALF_DAY_HOURS: dict[str, Callable[[Instant], str]] = {
    "h": lambda at: f"{at.hour_of_half_day}",
    "hh": lambda at: f"{at.hour_of_half_day:02}",
}
_MINUTES: dict[str, Callable[[Instant], str]] = {
    "m": lambda at: f"{at.minute}",
    "mm": lambda at: f"{at.minute:02}",
}
BEYOND: Final = 2_958_466
"""The first serial number after all days."""

_SECONDS_OF: Final = {"h": 3600, "m": 60, "s": 1}


@dataclass(frozen=True, slots=True)
class MomentSection:
    """A compiled section."""

    parts: tuple[Part, ...]
    decimals: int
    """Of the second: 0 to 3."""
    dated: bool
    """It shows a year, month or day."""
    timed: bool
    """It shows a time of day, or a length of time."""
    elapsed: bool
    """It counts hours, minutes or seconds beyond a day: a length of time, not a moment."""
    signed: bool
    """It shows nothing but elapsed units, so that it can show negative lengths of time."""

    def show(self, value: Decimal, epoch: Epoch) -> tuple[str, bool]:
        """The text for a serial number, and whether a minus would be shown before it."""
        size = value.copy_abs()
        if (value < 0 and not self.signed) or size >= BEYOND:
            return HASHES, False
        rounded = self.rounded(milliseconds(size))
        days, rest = divmod(rounded, MILLISECONDS_OF_DAY)
        day = epoch.day(days)
        if day is None:
            return HASHES, False
        return self.joined(self.parts, self.instant(day, rest, rounded // 1000)), self.signed

    def rounded(self, exact: int) -> int:
        """Milliseconds as they are shown: to the nearest second, or part of one, which may be that of the next day.

        A section that shows no time shows the day that is stored, a moment before midnight as well as at noon.
        """
        if not self.timed:
            return exact
        unit = (1000, 100, 10, 1)[self.decimals]
        return (exact + unit // 2) // unit * unit

    def moment(self, value: Decimal, epoch: Epoch) -> str:
        """The moment that a serial number stands for, as `serials.moment` writes it.

        Where the section shows it as midnight of the next day, it is that midnight, so that nobody sees one day and
        posts another.
        """
        exact = milliseconds(value)
        shown = self.rounded(exact)
        if self.dated and shown // MILLISECONDS_OF_DAY > exact // MILLISECONDS_OF_DAY:
            exact = shown
        return moment(exact, epoch, dated=self.dated)

    def instant(self, day: Day, rest: int, elapsed: int = 0) -> Instant:
        """What the parts choose from.

        :param rest: milliseconds since the day began, rounded to what is shown.
        """
        seconds, fraction = divmod(rest, 1000)
        return Instant(
            day,
            hour=seconds // 3600,
            minute=seconds // 60 % 60,
            second=seconds % 60,
            fraction=f"{fraction:03}"[: self.decimals],
            elapsed=elapsed,
        )

    @staticmethod
    def joined(parts: Sequence[Part], instant: Instant) -> str:
        """What some of the parts show."""
        return "".join(part if isinstance(part, str) else part(instant) for part in parts)


def is_of_day(part: Part) -> bool:
    """Whether a part shows something of the day."""
    return part in _OF_DAY


def moment_section(tokens: Sequence[Token]) -> MomentSection | None:
    """Compiles a section; None if it also has placeholders for digits, which no program could show."""
    parts: list[Part] = []
    clocks = _clocks(tokens)
    half_day = any(token.sign is Sign.HALF_DAY for token in tokens)
    decimals = place = 0
    while place < len(tokens):
        token = tokens[place]
        place += 1
        if token.sign is Sign.POINT:
            zeros = _zeros(tokens, place)
            decimals = max(decimals, zeros)
            parts.append(_decimals(zeros))
            place += zeros
        elif token.sign in {Sign.DIGIT, Sign.GENERAL}:
            return None
        elif token.sign is Sign.CLOCK:
            parts.append(_clock(clocks[place - 1], half_day=half_day))
        elif token.sign is Sign.ELAPSED:
            parts.append(_elapsed(token.text))
        elif token.sign is Sign.HALF_DAY:
            parts.append(_half_day(token.text))
        else:
            parts.append(token.text)
    elapsed = any(token.sign is Sign.ELAPSED for token in tokens)
    return MomentSection(
        tuple(parts),
        decimals,
        dated=any(clock in _DATES for clock in clocks.values()),
        timed=elapsed or half_day or any(clock not in _DATES for clock in clocks.values()),
        elapsed=elapsed,
        signed=elapsed and not clocks and not half_day and not decimals,
    )


def _clocks(tokens: Sequence[Token]) -> dict[int, str]:
    """For each run of letters, its place and how it is meant: as months `m` and `mm`, as minutes `minute-m`."""
    meant: dict[int, str] = {}
    before = ""
    month: int | None = None
    """Place of an `m` that may still turn out to be minutes."""
    for place, token in enumerate(tokens):
        letters = token.text.lower()
        if token.sign is Sign.ELAPSED:
            before, month = letters[0], None
        elif token.sign is Sign.CLOCK:
            meant[place] = _run(letters)
            if letters in _MINUTES and before in {"h", "s"}:
                meant[place] = f"minute-{letters}"
            elif letters[0] == "s" and month is not None:
                meant[month] = f"minute-{meant[month]}"
            month = place if meant[place] in _MINUTES else None
            before = meant[place][0] if not meant[place].startswith("minute") else "minute"
    return meant


def _run(letters: str) -> str:
    """A run of letters as one of those that the tables know."""
    letter, length = letters[0], len(letters)
    if letter in "yb":
        return letter * (2 if length < 3 else 4)
    if letter == "e":
        return "yyyy"
    if letter == "a":
        return "ddd" if length == 3 else "dddd"
    if letter == "g":
        return "g"
    if letter == "m":
        return letters if length <= 5 else "mmmm"
    return letter * min(length, 4 if letter == "d" else 2)


def _clock(meant: str, *, half_day: bool) -> Callable[[Instant], str]:
    if meant.startswith("minute-"):
        return _MINUTES[meant.removeprefix("minute-")]
    if half_day and meant in _HALF_DAY_HOURS:
        return _HALF_DAY_HOURS[meant]
    return _DATES[meant] if meant in _DATES else _TIMES[meant]


def _zeros(tokens: Sequence[Token], place: int) -> int:
    count = 0
    while count < 3 and place + count < len(tokens) and tokens[place + count].text == "0":
        count += 1
    return count


def _decimals(count: int) -> Callable[[Instant], str]:
    return lambda at: "." + at.fraction[:count]


def _elapsed(letters: str) -> Callable[[Instant], str]:
    unit = _SECONDS_OF[letters[0].lower()]
    return lambda at: f"{at.elapsed // unit:0{len(letters)}}"


def _half_day(letters: str) -> Callable[[Instant], str]:
    if len(letters) == 3:  # A/P, in the case in which it is written
        return lambda at: letters[0] if at.hour < 12 else letters[2]
    return lambda at: "AM" if at.hour < 12 else "PM"
