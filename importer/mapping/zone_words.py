"""What people write for a time zone, and what they are told.

A zone that is hours away moves every activity, and nothing takes that back. So abbreviations, countries and offsets are
looked up, and only a misspelt name of area and city is matched by its letters: by these alone IST is near MST.
"""

import re
from typing import Final

from importer.mapping.moments import zone_names

_INDIA: Final = ("Asia/Kolkata (India)",)
_BRITAIN: Final = ("Europe/London (United Kingdom)",)
_EASTERN: Final = ("America/New_York (US Eastern)",)
_CENTRAL: Final = ("America/Chicago (US Central)",)
_MOUNTAIN: Final = ("America/Denver (US Mountain)",)
_PACIFIC: Final = ("America/Los_Angeles (US Pacific)",)
_AUSTRALIA: Final = ("Australia/Sydney", "Australia/Brisbane", "Australia/Adelaide", "Australia/Perth")
_BERLIN: Final = ("Europe/Berlin", "Europe/Paris")

ABBREVIATIONS: Final[dict[str, tuple[str, ...]]] = {
    "IST": (*_INDIA, "Europe/Dublin (Ireland)", "Asia/Jerusalem (Israel)"),
    "BST": (*_BRITAIN, "Asia/Dhaka (Bangladesh)"),
    "CST": (*_CENTRAL, "Asia/Shanghai (China)"),
    "PST": (*_PACIFIC, "Asia/Manila (Philippines)"),
    "GST": ("Asia/Dubai (Gulf)",),
    "AST": ("Asia/Riyadh (Arabia)", "America/Halifax (Atlantic Canada)"),
    "EDT": _EASTERN,
    "CDT": _CENTRAL,
    "MDT": _MOUNTAIN,
    "PDT": _PACIFIC,
    "ET": _EASTERN,
    "CT": _CENTRAL,
    "MT": _MOUNTAIN,
    "PT": _PACIFIC,
    "CEST": _BERLIN,
    "EEST": ("Europe/Athens", "Europe/Bucharest"),
    "WEST": ("Europe/Lisbon",),
    "MSK": ("Europe/Moscow",),
    "PKT": ("Asia/Karachi (Pakistan)",),
    "NPT": ("Asia/Kathmandu (Nepal)",),
    "SLST": ("Asia/Colombo (Sri Lanka)",),
    "ICT": ("Asia/Bangkok",),
    "WIB": ("Asia/Jakarta (Indonesia)",),
    "SGT": ("Asia/Singapore",),
    "MYT": ("Asia/Kuala_Lumpur (Malaysia)",),
    "PHT": ("Asia/Manila (Philippines)",),
    "HKT": ("Asia/Hong_Kong",),
    "JST": ("Asia/Tokyo (Japan)",),
    "KST": ("Asia/Seoul (Korea)",),
    "AEST": ("Australia/Sydney", "Australia/Brisbane"),
    "AEDT": ("Australia/Sydney",),
    "ACST": ("Australia/Adelaide", "Australia/Darwin"),
    "AWST": ("Australia/Perth",),
    "NZST": ("Pacific/Auckland",),
    "NZDT": ("Pacific/Auckland",),
    "SAST": ("Africa/Johannesburg",),
    "EAT": ("Africa/Nairobi",),
    "CAT": ("Africa/Harare",),
    "WAT": ("Africa/Lagos",),
    "BRT": ("America/Sao_Paulo",),
}

COUNTRIES: Final[dict[str, tuple[str, ...]]] = {
    **dict.fromkeys(
        ("india", "indian", "mumbai", "bombay", "delhi", "new_delhi", "bangalore", "bengaluru", "chennai"), _INDIA
    ),
    **dict.fromkeys(("hyderabad", "pune", "ahmedabad"), _INDIA),
    **dict.fromkeys(("uk", "united_kingdom", "britain", "great_britain", "england", "scotland", "wales"), _BRITAIN),
    **dict.fromkeys(("uae", "united_arab_emirates", "abu_dhabi"), ("Asia/Dubai",)),
    **dict.fromkeys(("usa", "us", "united_states", "america"), _EASTERN + _CENTRAL + _MOUNTAIN + _PACIFIC),
    "eastern": _EASTERN,
    "central": _CENTRAL,
    "mountain": _MOUNTAIN,
    "pacific": _PACIFIC,
    "ireland": ("Europe/Dublin",),
    "germany": ("Europe/Berlin",),
    "france": ("Europe/Paris",),
    "spain": ("Europe/Madrid",),
    "italy": ("Europe/Rome",),
    "netherlands": ("Europe/Amsterdam",),
    "switzerland": ("Europe/Zurich",),
    "pakistan": ("Asia/Karachi",),
    "bangladesh": ("Asia/Dhaka",),
    "nepal": ("Asia/Kathmandu",),
    "sri_lanka": ("Asia/Colombo",),
    "saudi_arabia": ("Asia/Riyadh",),
    "oman": ("Asia/Muscat",),
    "malaysia": ("Asia/Kuala_Lumpur",),
    "indonesia": ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"),
    "philippines": ("Asia/Manila",),
    "thailand": ("Asia/Bangkok",),
    "vietnam": ("Asia/Ho_Chi_Minh",),
    "china": ("Asia/Shanghai",),
    "south_africa": ("Africa/Johannesburg",),
    "kenya": ("Africa/Nairobi",),
    "nigeria": ("Africa/Lagos",),
    "australia": _AUSTRALIA,
    "new_zealand": ("Pacific/Auckland",),
    "canada": ("America/Toronto", "America/Winnipeg", "America/Edmonton", "America/Vancouver"),
    "brazil": ("America/Sao_Paulo", "America/Manaus"),
    "mexico": ("America/Mexico_City", "America/Tijuana"),
}
"""And large cities whose zone bears another name, in small letters."""

AT_OFFSET: Final[dict[int, str]] = {
    -600: "Pacific/Honolulu",
    -540: "America/Anchorage",
    -480: "America/Los_Angeles",
    -420: "America/Denver",
    -360: "America/Chicago",
    -300: "America/New_York",
    -240: "America/Halifax",
    -210: "America/St_Johns",
    -180: "America/Sao_Paulo",
    60: "Europe/Berlin",
    120: "Africa/Johannesburg",
    180: "Asia/Riyadh",
    210: "Asia/Tehran",
    240: "Asia/Dubai",
    270: "Asia/Kabul",
    300: "Asia/Karachi",
    330: "Asia/Kolkata",
    345: "Asia/Kathmandu",
    360: "Asia/Dhaka",
    390: "Asia/Yangon",
    420: "Asia/Bangkok",
    480: "Asia/Singapore",
    540: "Asia/Tokyo",
    570: "Australia/Adelaide",
    600: "Australia/Sydney",
    720: "Pacific/Auckland",
}
"""Minutes from UTC, in winter where the clocks change -> a zone that has it."""

_OFFSET: Final = re.compile(r"(?:utc|gmt|z)?\s*([+-])\s*(\d{1,2})(?::?(\d\d)|\.(\d{1,2}))?", re.IGNORECASE)
_USUAL: Final = " Zones read like Asia/Kolkata or UTC."
_LONG_CITY: Final = 6
"""Letters of a city's name in which two may be wrong; in a shorter one, just one."""


def zone_advice(written: str) -> str:
    """What is said, behind "there is no such zone", to whoever wrote this; begins with a blank."""
    word = " ".join(written.split())
    near = _misspelt(word)
    if near:
        return f" Did you mean {_either([f'{chr(34)}{zone}{chr(34)}' for zone in near])}?"
    if word.upper() in ABBREVIATIONS:
        return f" Abbreviations mean several zones; name one by its place: {_either(ABBREVIATIONS[word.upper()])}."
    named = COUNTRIES.get(_plain(re.sub(r"(?i) (standard |daylight )?time$", "", word)).rpartition("/")[2])
    if named:
        return f" A zone is named by area and city: {_either(named)}."
    offset = _OFFSET.fullmatch(word.replace("\u2212", "-"))
    return _of_offset(offset) if offset else _USUAL


def _either(names: tuple[str, ...] | list[str]) -> str:
    return " or ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _plain(word: str) -> str:
    """A name without what people write differently: case, blanks, the direction of the stroke."""
    return re.sub(r"[ _-]+", "_", re.sub(r"\s*[/\\]\s*", "/", word)).casefold()


def _misspelt(word: str) -> list[str]:
    plain = _plain(word)
    known = {_plain(zone): zone for zone in zone_names()}
    if plain in known:
        return [known[plain]]
    area, stroke, city = plain.rpartition("/")
    if not stroke:
        return [zone for each, zone in known.items() if city and _city_of(each) == city][:3]
    if area == "etc" or city in COUNTRIES:
        return []
    allowed = 2 if len(city) >= _LONG_CITY else 1
    near = sorted((_distance(plain, each), zone) for each, zone in known.items() if _city_of(each) and "/" in each)
    return [zone for distance, zone in near if distance == near[0][0] <= allowed]


def _city_of(plain: str) -> str:
    """Nothing where a zone has no city: Etc/GMT-5 is five hours ahead of UTC, which nobody means by GMT-5."""
    area, _, city = plain.rpartition("/")
    return "" if area == "etc" else city


def _distance(one: str, other: str) -> int:
    """How many letters have to be put in, taken out or changed to make one of the other."""
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        before, row[0] = row[0], at
        for place, wanted in enumerate(other, 1):
            before, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, before + (letter != wanted))
    return row[-1]


def _of_offset(offset: re.Match[str]) -> str:
    sign, hours, minutes, part = offset.groups()
    ahead = int(hours) * 60 + int(minutes or 0) + round(float(f"0.{part or 0}") * 60)
    if not ahead:
        return ' An offset is no zone; the one of +00:00 is "UTC".'
    zone = AT_OFFSET.get(-ahead if sign == "-" else ahead)
    if zone is None:
        return f" An offset is no zone: it does not tell when clocks change.{_USUAL}"
    shown = f"{sign}{ahead // 60:02}:{ahead % 60:02}"
    return f" An offset is no zone: it does not tell when clocks change. Name your place; {zone} is at {shown}."
