"""Date formats as a mapping writes them: strptime directives, or the same in words (`dd/mm/yyyy HH:MM`)."""

import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final

from importer.errors.base import suggestion

_WORDS: Final = re.compile(r"yyyy|yy|mmmm|mmm|mm|m|dddd|ddd|dd|d|hh|h|ss|s|am/pm|a/p", re.IGNORECASE)
_DIRECTIVE: Final = re.compile(r"%(.?)", re.DOTALL)

_ZULU: Final = re.compile(r"(?<=%[SMf])Z$")
"""The Z that ends an ISO time says UTC; it is read as the offset that it is."""

_KNOWN: Final = "dmYyHIMSpbBaAfzjGVuw%"
_BY_LOCALE: Final = "cxX"
_DAY: Final = frozenset("dj")
_MONTH: Final = frozenset("mbBj")
_YEAR: Final = frozenset("Yy")
_CLOCK: Final = frozenset("HIMSpf")
_WEEKDAY: Final = frozenset("aAuw")
_ISO_WEEK: Final = frozenset("GV")
_OTHER_WEEKS: Final = "UW"


class FormatFault(ValueError):
    """A date format that can't be used; the text says why and what to write."""


@dataclass(frozen=True, slots=True)
class DateFormat:
    """One usable date format."""

    written: str
    """As the mapping has it: for messages."""
    directives: str
    """As strptime takes it."""

    @property
    def parts(self) -> tuple[str, ...]:
        """The directive letters in order."""
        return tuple(letter for letter in _DIRECTIVE.findall(self.directives) if letter != "%")

    @property
    def has_weekday(self) -> bool:
        """Whether a text of this format names its day of the week."""
        return not _WEEKDAY.isdisjoint(self.parts)

    @property
    def has_offset(self) -> bool:
        """Whether a text of this format says by itself how far it is from UTC."""
        return "z" in self.parts


ISO_FORMATS: Final = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d")
"""What is read without being told: year first and four digits long can't be taken for anything else."""


TIME_FORMATS: Final = ("%H:%M:%S", "%H:%M")
"""Times of day that are read without being told."""

ANY_DAY: Final = "2000-01-01 "
"""Goes in front of a time of day to make a moment of it."""


@lru_cache(maxsize=256)
def date_format(written: str) -> DateFormat:
    """Understands one format.

    :raises FormatFault: an unknown directive or word; no year, no month or no day; a part twice.
    """
    directives = _ZULU.sub("%z", written if "%" in written else _from_words(written))
    present = _known_letters(directives)
    if present and set(present) <= _CLOCK:
        raise FormatFault(f'"{written}" has no year, month or day; a time by itself has type: time.')
    if _ISO_WEEK & set(present):
        _check_iso_week(written, set(present))
        return _usable(written, directives, present)
    for needed, name in ((_YEAR, "year"), (_MONTH, "month"), (_DAY, "day")):
        if not needed & set(present):
            raise FormatFault(f'"{written}" has no {name}; a date without one would be a guess.')
    return _usable(written, directives, present)


@lru_cache(maxsize=256)
def time_format(written: str) -> DateFormat:
    """Understands one format of a time of day.

    :raises FormatFault: an unknown directive or word; no hour, or a part of a date; a part twice.
    """
    directives = written if "%" in written else _from_words(written)
    present = _known_letters(directives)
    if not set(present) <= _CLOCK:
        raise FormatFault(f'"{written}" has parts of a date; a time of day has none. For both there is type: datetime.')
    if not {"H", "I"} & set(present):
        raise FormatFault(f'"{written}" has no hour; times are written like HH:MM or hh:MM AM/PM.')
    return _usable(written, directives, present)


@lru_cache(maxsize=256)
def on_any_day(format_: DateFormat) -> DateFormat:
    """A time format that reads times with `ANY_DAY` in front of them, as dates are read."""
    return DateFormat(format_.written, "%Y-%m-%d " + format_.directives)


def _check_iso_week(written: str, present: set[str]) -> None:
    if not present >= _ISO_WEEK or not present & _WEEKDAY:
        raise FormatFault(f'"{written}" is no week and day of ISO 8601; those are written %G-W%V-%u.')
    if present & (_YEAR | _MONTH | _DAY):
        raise FormatFault(f'"{written}" has a week of ISO 8601 and parts of another date; %G-W%V-%u is the whole day.')


def _usable(written: str, directives: str, present: list[str]) -> DateFormat:
    _check_clock(written, present)
    if len(_WEEKDAY & set(present)) > 1:
        raise FormatFault(f'"{written}" has the day of the week twice.')
    try:
        datetime.strptime("", directives)  # noqa: DTZ007  # only to have Python look at the format
    except ValueError as error:
        if "does not match" not in str(error):
            raise FormatFault(f'"{written}" can\'t be used: {error}.') from None
    return DateFormat(written, directives)


def _known_letters(directives: str) -> list[str]:
    letters = _DIRECTIVE.findall(directives)
    for letter in letters:
        if letter and letter in _BY_LOCALE:
            raise FormatFault(f'"%{letter}" depends on the computer\'s language; write the format out, %d/%m/%Y.')
        if letter and letter in _OTHER_WEEKS:
            raise FormatFault(f'"%{letter}" is not supported; of weeks, those of ISO 8601 are: %G-W%V-%u.')
        if letter == "Z":
            raise FormatFault('"%Z" would read the name of a zone and forget it; write the name itself, and timezone.')
        if not letter or letter not in _KNOWN:
            raise FormatFault(f'"%{letter}" is not a date directive; usual ones are %d %m %Y %H %M %S.')
    return [letter for letter in letters if letter != "%"]


def _check_clock(written: str, present: list[str]) -> None:
    for letter in present:
        if present.count(letter) > 1:
            raise FormatFault(f'"{written}" has %{letter} twice.')
    if "I" in present and "p" not in present:
        raise FormatFault(f'"{written}" has the 12-hour %I without %p (AM/PM); for 24 hours write %H.')
    if "H" in present and "p" in present:
        raise FormatFault(f'"{written}" has the 24-hour %H with AM/PM; 02:30 PM would be read as night. Write %I.')


def _from_words(written: str) -> str:
    """Turns words into directives. `m` is minutes after an hour or before seconds, as in spreadsheets, else month."""
    found = list(_WORDS.finditer(written))
    odd = re.search("[A-SU-Ya-z]", _WORDS.sub(lambda word: "-" * len(word[0]), written))  # but for the T and Z of ISO
    if odd or not found:
        wrong = next((run[0] for run in re.finditer("[A-Za-z]+", written) if odd and run.end() > odd.start()), written)
        near = suggestion(wrong, ("yyyy", "mm", "dd", "HH", "ss", "AM/PM"))
        raise FormatFault(
            f'"{written}" is not a date format: "{wrong}" says nothing; write dd/mm/yyyy or %d/%m/%Y.{near}'
        )
    twelve = any(word[0].lower() in ("am/pm", "a/p") for word in found)
    directives, at, previous = "", 0, ""
    for index, word in enumerate(found):
        following = found[index + 1][0].lower() if index + 1 < len(found) else ""
        directives += written[at : word.start()].replace("%", "%%")
        directive = _directive_of(word[0].lower(), previous, following, twelve=twelve)
        directives += directive
        previous, at = directive, word.end()
    return directives + written[at:].replace("%", "%%")


def _directive_of(word: str, previous: str, following: str, *, twelve: bool) -> str:
    if word in ("m", "mm"):
        return "%M" if previous in ("%H", "%I") or following in ("s", "ss") else "%m"
    if word in ("h", "hh"):
        return "%I" if twelve else "%H"
    return {
        "yyyy": "%Y",
        "yy": "%y",
        "mmm": "%b",
        "mmmm": "%B",
        "d": "%d",
        "dd": "%d",
        "ddd": "%a",
        "dddd": "%A",
        "s": "%S",
        "ss": "%S",
        "am/pm": "%p",
        "a/p": "%p",
    }[word]


def in_words(format_: DateFormat) -> str:
    """The format as people say it: `dd/mm/yyyy HH:MM`."""
    words = {
        "d": "dd",
        "m": "mm",
        "Y": "yyyy",
        "y": "yy",
        "H": "HH",
        "I": "hh",
        "M": "MM",
        "S": "SS",
        "p": "AM/PM",
        "b": "mmm",
        "B": "mmmm",
        "a": "ddd",
        "A": "dddd",
        "%": "%",
    }
    return _DIRECTIVE.sub(lambda found: words.get(found[1], found[0]), format_.directives)
