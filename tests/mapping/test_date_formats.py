"""Date formats: strptime directives, or the same in words."""

from datetime import datetime

import pytest

from importer.mapping.date_formats import ISO_FORMATS, FormatFault, date_format, in_words


@pytest.mark.parametrize(
    ("words", "directives"),
    [
        ("dd/mm/yyyy", "%d/%m/%Y"),
        ("dd/mm/yyyy HH:MM", "%d/%m/%Y %H:%M"),
        ("dd/mm/yyyy hh:mm:ss", "%d/%m/%Y %H:%M:%S"),
        ("dd/mm/yyyy hh:mm AM/PM", "%d/%m/%Y %I:%M %p"),
        ("d.m.yy", "%d.%m.%y"),
        ("D.M.YYYY", "%d.%m.%Y"),
        ("yyyy-mm-ddTHH:MM:SS", "%Y-%m-%dT%H:%M:%S"),
        ("yyyy-mm-ddTHH:MM:SSZ", "%Y-%m-%dT%H:%M:%S%z"),
        ("MM/dd/yyyy HH:mm", "%m/%d/%Y %H:%M"),
        ("mm/dd/yyyy h:m:s am/pm", "%m/%d/%Y %I:%M:%S %p"),
        ("dd-mmm-yyyy", "%d-%b-%Y"),
        ("dd mmmm yyyy", "%d %B %Y"),
        ("ddd, dd mmm yyyy", "%a, %d %b %Y"),
        ("dddd dd.mm.yyyy", "%A %d.%m.%Y"),
        ("yyyymmdd", "%Y%m%d"),
        ("yyyymmddHHMMSS", "%Y%m%d%H%M%S"),
        ("HH:MM dd/mm/yyyy", "%H:%M %d/%m/%Y"),
        ("mm:ss yyyy-mm-dd", "%M:%S %Y-%m-%d"),
    ],
)
def test_words(words: str, directives: str) -> None:
    """Words stand for directives; `mm` is minutes after hours or before seconds, else the month."""
    found = date_format(words)
    assert found.directives == directives
    assert found.written == words


@pytest.mark.parametrize("directive", "dmYyHIMSpbBaAfzjGVuw")
def test_directives(directive: str) -> None:
    """Every directive of strptime that says something by itself can be used as it is."""
    needed = "%Y %j" if directive == "j" else "%Y %m %d"
    if directive in "mY":
        written = needed
    elif directive in "bB":
        written = f"%Y %{directive} %d"
    elif directive == "d":
        written = "%d %m %Y"
    elif directive == "y":
        written = "%y %m %d"
    elif directive in "pI":
        written = f"{needed} %I %p"
    elif directive == "j":
        written = needed
    elif directive in "GV":
        written = "%G-W%V-%u"
    else:
        written = f"{needed} %{directive}"
    found = date_format(written)
    assert found.directives == written
    assert directive in found.parts
    assert found.has_offset == (directive == "z")
    moment = datetime(2024, 2, 29, 13, 5, 9)  # noqa: DTZ001  # only its text is wanted
    read = datetime.strptime(moment.strftime(written.replace("%z", "+0000")), written)  # noqa: DTZ007
    assert (read.year, read.month, read.day) == (2024, 2, 29)


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("%d/%m", "has no year"),
        ("dd/mm HH:MM", "has no year"),
        ("%Y-%m", "has no day"),
        ("%Y-%d", "has no month"),
        ("%H:%M", "has no year"),
        ("%c", "depends on the computer's language"),
        ("%x %X", "depends on the computer's language"),
        ("%d/%m/%Y %Z", "would read the name of a zone and forget it"),
        ("%G-%V", "those are written %G-W%V-%u"),
        ("%G-%u", "those are written %G-W%V-%u"),
        ("%Y-W%V-%u", "those are written %G-W%V-%u"),
        ("%G-W%V-%u %d", "parts of another date"),
        ("%Y-%W-%u", '"%W" is not supported; of weeks, those of ISO 8601 are'),
        ("%U", '"%U" is not supported'),
        ("%a %u %d/%m/%Y", "has the day of the week twice"),
        ("%u", "has no year"),
        ("%-d/%m/%Y", "is not a date directive"),
        ("%d/%m/%Y %", "is not a date directive"),
        ("%d/%m/%Y %\n", "is not a date directive"),
        ("%d/%m/%Y %H %H", "has %H twice"),
        ("dd/mm/yyyy dd", "has %d twice"),
        ("%d/%m/%Y %I:%M", "12-hour %I without %p"),
        ("%d/%m/%Y %H:%M %p", "24-hour %H with AM/PM"),
        ("dd/mm/yyy", '"yyy" says nothing'),
        ("yyyy-mm-dd o'clock", '"o" says nothing'),
        ("dd/mm/yyyy hh:mm AM/PM foo", '"foo" says nothing'),
        ("", "is not a date format"),
        ("/", "is not a date format"),
        ("tt.mm.jjjj", '"tt" says nothing'),
    ],
)
def test_formats_that_can_not_be_used(written: str, why: str) -> None:
    """A format that says too little, or the same twice, or that depends on the computer, is refused with the reason."""
    with pytest.raises(FormatFault) as refused:
        date_format(written)
    assert why in str(refused.value)


@pytest.mark.parametrize(
    ("directives", "words"),
    [
        ("%d/%m/%Y %H:%M", "dd/mm/yyyy HH:MM"),
        ("%d-%b-%y %I:%M %p", "dd-mmm-yy hh:MM AM/PM"),
        ("%A %d %B %Y", "dddd dd mmmm yyyy"),
        ("%Y-%j", "yyyy-%j"),
        ("%d%%%m%%%Y", "dd%mm%yyyy"),
    ],
)
def test_in_words(directives: str, words: str) -> None:
    """A format is said in words to people, as far as there are words."""
    assert in_words(date_format(directives)) == words


def test_what_is_read_without_being_told() -> None:
    """The formats that need not be named begin with the year in four digits, so nothing else can be meant."""
    assert all(date_format(written).directives.startswith("%Y-%m-%d") for written in ISO_FORMATS)


def test_a_per_cent_sign_in_words() -> None:
    """A per cent sign makes directives of the whole; doubled, it is itself."""
    assert date_format("%d%%%m %Y").parts == ("d", "m", "Y")
