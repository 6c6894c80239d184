"""Dates: a whole column is read at once, and exactly as strptime reads each text by itself."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.mapping.date_formats import date_format
from importer.mapping.dates import parse_dates

from .building import texts

# ruff: noqa: DTZ001, DTZ007  # local times are what this is about


def parsed(written: Sequence[str | None], *formats: str) -> list[datetime | None]:
    """What is read from the texts by the formats."""
    found: list[datetime | None] = parse_dates(
        texts(written), [date_format(format_) for format_ in formats]
    ).moments.tolist()
    return found


def ambiguous(text: str, *formats: str) -> bool:
    """Whether the formats read a text as different moments."""
    return bool(parse_dates(texts([text]), [date_format(format_) for format_ in formats]).ambiguous[0])


def by_strptime(text: str, directives: str) -> datetime | None:
    """What Python itself reads, to the second and in UTC if the text names its offset."""
    try:
        moment = datetime.strptime(text, directives)
        if moment.tzinfo:
            moment = moment.astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None
    return moment.replace(microsecond=0)


DAYS = st.permutations(["%d", "%m", "%Y"]) | st.permutations(["%d", "%b", "%Y"]) | st.permutations(["%d", "%m", "%y"])
DAYS |= st.permutations(["%d", "%B", "%Y"])
TIMES = st.sampled_from(
    ["", "%H:%M", "%H:%M:%S", "%H.%M", "%I:%M %p", "%I:%M:%S%p", "%H h %M", "%H:%M:%S.%f", "%H:%M%z"]
)
FORMATS = st.builds(
    lambda parts, between, gap, time: between.join(parts) + (gap + time if time else ""),
    DAYS,
    st.sampled_from(["/", "-", ".", " ", "  ", ", ", "|", "%%", "é"]),
    st.sampled_from([" ", "T", "  ", " at ", "|"]),
    TIMES,
)
MOMENTS = st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31, 23, 59, 59)) | st.sampled_from(
    [
        datetime(2024, 2, 29),
        datetime(1900, 2, 28),
        datetime(2000, 2, 29, 23, 59, 59),
        datetime(1968, 12, 31),
        datetime(1969, 1, 1),
        datetime(2068, 6, 15, 12),
        datetime(1970, 1, 1),
        datetime(1, 1, 1),
        datetime(9999, 12, 31, 23, 59, 59),
    ]
)

FOUR_DIGITS = MOMENTS.filter(lambda moment: moment.year >= 1000)
"""Moments whose year has four digits on every system."""


@st.composite
def written_moments(draw: st.DrawFn, format_: str) -> str:
    """A moment as people write it in a format, or nearly so."""
    text = draw(MOMENTS).strftime(format_.replace("%z", draw(st.sampled_from(["+0530", "-12:00", "Z", "+00:00"]))))
    if draw(st.booleans()):
        text = "".join(part.lstrip("0") or "0" if part.isdigit() and len(part) == 2 else part for part in split(text))
    if draw(st.booleans()):
        text = draw(st.sampled_from([str.upper, str.lower, str.title]))(text)
    for _ in range(draw(st.integers(0, 2))):
        at = draw(st.integers(0, len(text)))
        text = (
            text[:at]
            + draw(st.text(st.sampled_from("0123459/-: .TZ+٣é"), max_size=2))
            + text[at + draw(st.integers(0, 2)) :]
        )
    return text


def split(text: str) -> list[str]:
    """Runs of digits and what stands between them."""
    parts = [""]
    for sign in text:
        if parts[-1] and parts[-1].isdigit() != sign.isdigit():
            parts.append("")
        parts[-1] += sign
    return parts


@given(st.data(), FORMATS)
def test_as_strptime(data: st.DataObject, format_: str) -> None:
    """Texts in, or nearly in, a format are read as strptime reads them: single digits, words, leap days and all."""
    written = data.draw(st.lists(written_moments(format_), min_size=1, max_size=8))
    assert parsed(written, format_) == [by_strptime(text, format_) for text in written]


@given(st.lists(st.text(max_size=12) | st.text(st.sampled_from("0123456789/-: "), max_size=12), max_size=8), FORMATS)
def test_garbage(written: list[str], format_: str) -> None:
    """Texts that are no dates are read as strptime reads them: not at all, and without an exception."""
    assert parsed(written, format_) == [by_strptime(text, format_) for text in written]


@pytest.mark.parametrize(
    "format_", ["%Y%m%d", "%d%m%Y", "%y%m%d", "%Y%m%d%H%M%S", "%Y%m%dT%H%M", "%d%b%Y", "%b%d %Y %I%p"]
)
@given(data=st.data())
def test_digits_side_by_side(data: st.DataObject, format_: str) -> None:
    """Where numbers touch, their full width is asked for: 2024111 could be in January or in November."""
    text = data.draw(FOUR_DIGITS).strftime(format_)
    assert parsed([text], format_) == [by_strptime(text, format_)]
    shorter = text.replace("0", "", 1)
    if shorter != text and "b" not in format_:
        assert parsed([shorter], format_) == [None]


def test_single_digits_beside_words() -> None:
    """A word or a sign between numbers makes single digits clear."""
    assert parsed(["1Jan2024", "01Jan2024"], "%d%b%Y") == [datetime(2024, 1, 1)] * 2
    assert parsed(["1/2/2024", "01/2/2024", "1/02/2024"], "dd/mm/yyyy") == [datetime(2024, 2, 1)] * 3
    assert parsed(["2024111", "111"], "%Y%m%d") == [None, None]
    assert parsed(["20241101 9:05"], "%Y%m%d %H:%M") == [datetime(2024, 11, 1, 9, 5)]


@pytest.mark.parametrize(
    ("text", "format_", "moment"),
    [
        ("29/02/2024", "%d/%m/%Y", datetime(2024, 2, 29)),
        ("29/02/2023", "%d/%m/%Y", None),
        ("29/02/1900", "%d/%m/%Y", None),
        ("29/02/2000", "%d/%m/%Y", datetime(2000, 2, 29)),
        ("31/04/2024", "%d/%m/%Y", None),
        ("00/01/2024", "%d/%m/%Y", None),
        ("01/00/2024", "%d/%m/%Y", None),
        ("01/13/2024", "%d/%m/%Y", None),
        ("01/01/0000", "%d/%m/%Y", None),
        ("01/01/24", "%d/%m/%Y", None),
        ("01/01/2024", "%d/%m/%y", None),
        ("01/01/68", "%d/%m/%y", datetime(2068, 1, 1)),
        ("01/01/69", "%d/%m/%y", datetime(1969, 1, 1)),
        ("12:00 AM 01/01/2024", "%I:%M %p %d/%m/%Y", datetime(2024, 1, 1, 0, 0)),
        ("12:00 pm 01/01/2024", "%I:%M %p %d/%m/%Y", datetime(2024, 1, 1, 12, 0)),
        ("00:30 AM 01/01/2024", "%I:%M %p %d/%m/%Y", None),
        ("13:00 PM 01/01/2024", "%I:%M %p %d/%m/%Y", None),
        ("24:00 01/01/2024", "%H:%M %d/%m/%Y", None),
        ("23:60 01/01/2024", "%H:%M %d/%m/%Y", None),
        ("23:59:60 01/01/2024", "%H:%M:%S %d/%m/%Y", None),
        ("1-JAN-2024", "%d-%b-%Y", datetime(2024, 1, 1)),
        ("1-Sept-2024", "%d-%b-%Y", None),
        ("1 september 2024", "%d %B %Y", datetime(2024, 9, 1)),
        ("2024-060", "%Y-%j", datetime(2024, 2, 29)),
        ("Thu 29.02.2024", "%a %d.%m.%Y", datetime(2024, 2, 29)),
        ("Fri 29.02.2024", "%a %d.%m.%Y", None),
        ("thursday 29.02.2024", "dddd dd.mm.yyyy", datetime(2024, 2, 29)),
        ("Friday, 25 September 2024", "%A, %d %B %Y", None),
        ("4 29.02.2024", "%u %d.%m.%Y", datetime(2024, 2, 29)),
        ("0 03.03.2024", "%w %d.%m.%Y", datetime(2024, 3, 3)),
        ("7 03.03.2024", "%u %d.%m.%Y", datetime(2024, 3, 3)),
        ("1 03.03.2024", "%u %d.%m.%Y", None),
        ("2024-060 Fri", "%Y-%j %a", None),
        ("Wed 2024-05-01 00:30+05:30", "%a %Y-%m-%d %H:%M%z", datetime(2024, 4, 30, 19, 0)),
        ("2026-W05-1", "%G-W%V-%u", datetime(2026, 1, 26)),
        ("2026-W5-7 10:30", "%G-W%V-%u %H:%M", datetime(2026, 2, 1, 10, 30)),
        ("2025W017", "%GW%V%u", datetime(2025, 1, 5)),
        ("2026-W53-7", "%G-W%V-%u", datetime(2027, 1, 3)),
        ("2025-W53-1", "%G-W%V-%u", None),
        ("2026-W00-1", "%G-W%V-%u", None),
        ("2026-W54-1", "%G-W%V-%u", None),
        ("2026-W05-8", "%G-W%V-%u", None),
        ("2026-W05-0", "%G-W%V-%u", None),
        ("Mon 2026-W05", "%a %G-W%V", datetime(2026, 1, 26)),
        ("2024-05-01 10:30:00.999999", "%Y-%m-%d %H:%M:%S.%f", datetime(2024, 5, 1, 10, 30)),
        ("1969-12-31 23:59:59.5", "%Y-%m-%d %H:%M:%S.%f", datetime(1969, 12, 31, 23, 59, 59)),
        ("2024-05-01 10:30+05:30", "%Y-%m-%d %H:%M%z", datetime(2024, 5, 1, 5, 0)),
        ("2024-05-01 10:30Z", "%Y-%m-%d %H:%M%z", datetime(2024, 5, 1, 10, 30)),
        ("0001-01-01 00:30+05:30", "%Y-%m-%d %H:%M%z", None),
        ("9999-12-31 23:30-05:30", "%Y-%m-%d %H:%M%z", None),
        (
            "Wednesday, 25 September 2024 at 10:30:45.123456 +05:30",
            "%A, %d %B %Y at %H:%M:%S.%f %z",
            datetime(2024, 9, 25, 5, 0, 45),
        ),
        (" 01/02/2024", "%d/%m/%Y", None),
        ("01/02/2024\n", "%d/%m/%Y", None),
        ("01/02/2024x", "%d/%m/%Y", None),
        ("", "%d/%m/%Y", None),
    ],
)
def test_single_texts(text: str, format_: str, moment: datetime | None) -> None:
    """Days that are not, hours of two clocks, words, offsets: each text is one moment or none."""
    assert parsed([text], format_) == [moment]


def test_the_first_of_several_formats_that_fits() -> None:
    """Every text is read by the format that it is written in."""
    formats = ("dd/mm/yyyy HH:MM", "dd/mm/yyyy", "yyyy-mm-dd")
    assert parsed(["01/02/2024 10:30", "01/02/2024", "2024-02-01", "1.2.2024"], *formats) == [
        datetime(2024, 2, 1, 10, 30),
        datetime(2024, 2, 1),
        datetime(2024, 2, 1),
        None,
    ]


@pytest.mark.parametrize(
    ("text", "formats", "expected"),
    [
        ("01/02/2024", ("%d/%m/%Y", "%m/%d/%Y"), True),
        ("13/02/2024", ("%d/%m/%Y", "%m/%d/%Y"), False),
        ("02/02/2024", ("%d/%m/%Y", "%m/%d/%Y"), False),
        ("1/2/2024", ("%m/%d/%Y", "%d/%m/%Y"), True),
        ("01/02/03", ("%d/%m/%y", "%y/%m/%d"), True),
        ("01/02/2024", ("%d/%m/%Y", "%d/%m/%Y"), False),
        ("01/02/2024", ("%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y"), True),
        ("nonsense", ("%d/%m/%Y", "%m/%d/%Y"), False),
        ("2024-05-01 10:30Z", ("%Y-%m-%d %H:%MZ", "%Y-%m-%d %H:%M%z"), False),
    ],
)
def test_two_formats_that_disagree(text: str, formats: tuple[str, ...], expected: bool) -> None:  # a table
    """A text that two of the formats read differently is marked: which one is meant is not guessed."""
    assert ambiguous(text, *formats) is expected


@given(FOUR_DIGITS)
def test_day_and_month_are_never_swapped(moment: datetime) -> None:
    """Under both orders of day and month, a text is ambiguous exactly if both could be meant and differ."""
    text = moment.strftime("%d/%m/%Y")
    both = moment.day <= 12 and moment.day != moment.month
    assert ambiguous(text, "%d/%m/%Y", "%m/%d/%Y") == both
    assert ambiguous(text, "%m/%d/%Y", "%d/%m/%Y") == both


def test_offsets_are_told_apart() -> None:
    """A text that names its own offset is known as such, another one is not."""
    found = parse_dates(texts(["2024-05-01 10:30+05:30", "2024-05-01 10:30", ""]), [
        date_format("%Y-%m-%d %H:%M"), date_format("%Y-%m-%d %H:%M%z"),
    ])  # fmt: skip
    assert found.aware.tolist() == [True, False, False]


def test_gaps_and_slices() -> None:
    """Nulls, empty texts, no texts at all and a part of a larger array are read in their places."""
    assert parsed([None, "", "01/02/2024"], "%d/%m/%Y") == [None, None, datetime(2024, 2, 1)]
    assert parsed([], "%d/%m/%Y") == []
    whole = texts(["03/02/2024", None, "x", "01/02/2024", "1/2/2024"])
    part = parse_dates(whole[1:4], [date_format("%d/%m/%Y")]).moments
    assert part.tolist() == [None, None, datetime(2024, 2, 1)]


def test_long_texts_are_no_dates() -> None:
    """A text of megabytes is no date and costs nothing."""
    assert parsed(["0" * 5_000_000, "01/02/2024" * 100_000], "%d/%m/%Y", "%Y-%m-%d %H:%M:%S.%f") == [None, None]


def test_every_day_of_two_centuries() -> None:
    """Every day from 1900 to 2100 is read as itself in the usual formats."""
    first = datetime(1900, 1, 1)
    days = [first + timedelta(days=number) for number in range(201 * 365)]
    for format_ in ("%d/%m/%Y", "%Y-%m-%d", "%d-%b-%Y", "%Y%m%d", "%m/%d/%Y %I:%M %p"):
        found = parse_dates(texts([day.strftime(format_) for day in days]), [date_format(format_)]).moments
        assert np.array_equal(found, np.array(days, "datetime64[s]"))


def test_a_z_at_the_end_says_utc() -> None:
    """An ISO time that ends in Z is UTC, whatever zone the mapping has for others; in words it is written so, too."""
    for written in ("yyyy-mm-ddTHH:MM:SSZ", "%Y-%m-%dT%H:%M:%SZ"):
        parsed = parse_dates(texts(["2024-05-01T10:30:00Z"]), [date_format(written)])
        assert parsed.aware.tolist() == [True]
        assert parsed.moments[0] == np.datetime64("2024-05-01T10:30:00")


def test_every_day_by_its_week() -> None:
    """Every day is read as itself by its week of ISO 8601, and no week is there that its year has not."""
    first = datetime(1999, 12, 25)
    days = [first + timedelta(days=number) for number in range(30 * 365)]
    assert parsed([day.strftime("%G-W%V-%u") for day in days], "%G-W%V-%u") == days
    years = range(2000, 2030)
    last = parsed([f"{year}-W53-7" for year in years], "%G-W%V-%u")
    assert [day is not None for day in last] == [datetime(year, 12, 28).isocalendar().week == 53 for year in years]


def test_day_366_of_a_common_year_is_no_date() -> None:
    """Strptime would make it the first day of the next year."""
    moments = parse_dates(texts(["2023-366", "2024-366"]), [date_format("%Y-%j")]).moments
    assert np.isnat(moments).tolist() == [True, False]
