"""What people write for a time zone, and what they are told: never a zone that is hours away."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from importer.mapping.moments import is_zone
from importer.mapping.parsing import parse_mapping
from importer.mapping.zone_words import ABBREVIATIONS, AT_OFFSET, COUNTRIES, zone_advice
from tests.conftest import Command


@pytest.mark.parametrize(
    ("written", "named"),
    [
        ("IST", "Asia/Kolkata (India)"),
        ("ist", "Asia/Kolkata (India)"),
        ("PST", "America/Los_Angeles (US Pacific)"),
        ("BST", "Europe/London (United Kingdom)"),
        ("CST", "America/Chicago (US Central)"),
        ("JST", "Asia/Tokyo (Japan)"),
    ],
)
def test_abbreviations(written: str, named: str) -> None:
    """An abbreviation is answered with the zones it stands for, each with its place; it can mean several."""
    advice = zone_advice(written)
    assert named in advice
    assert "Abbreviations mean several zones" in advice
    assert "Did you mean" not in advice


def test_an_abbreviation_of_several_zones_names_them_all() -> None:
    """Who writes IST may sit in India, Ireland or Israel; nobody but they can tell."""
    assert zone_advice("IST") == (
        " Abbreviations mean several zones; name one by its place: Asia/Kolkata (India), Europe/Dublin (Ireland) or "
        "Asia/Jerusalem (Israel)."
    )


@pytest.mark.parametrize("written", ["India", "INDIA", "India Standard Time", "Mumbai", "Asia/Mumbai", "New Delhi"])
def test_countries_and_cities(written: str) -> None:
    """A country, or a large city that has no zone of its own name, is answered with its zone."""
    assert "Asia/Kolkata" in zone_advice(written)


@pytest.mark.parametrize(
    ("written", "named"),
    [
        ("GMT+5:30", "Asia/Kolkata"),
        ("UTC+05:30", "Asia/Kolkata"),
        ("+0530", "Asia/Kolkata"),
        ("+5.5", "Asia/Kolkata"),
        ("utc +8", "Asia/Singapore"),
        ("GMT-5", "America/New_York"),
        ("GMT\u22125", "America/New_York"),
        ("+00:00", "UTC"),
        ("+17:20", "Asia/Kolkata"),
    ],
)
def test_offsets(written: str, named: str) -> None:
    """An offset is answered with a zone that has it; one that no place has, with how zones read."""
    assert named in zone_advice(written)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("asia/kolkata", "Asia/Kolkata"),
        ("Asia/Kolkatta", "Asia/Kolkata"),
        ("Asia\\Kolkata", "Asia/Kolkata"),
        ("Asia / Kolkata", "Asia/Kolkata"),
        ("America/New York", "America/New_York"),
        ("america/new-york", "America/New_York"),
        ("Europ/Berlin", "Europe/Berlin"),
        ("Kolkata", "Asia/Kolkata"),
        ("utc", "UTC"),
    ],
)
def test_misspelt_names(written: str, meant: str) -> None:
    """Another case, a blank or one or two wrong letters in a name of area and city are a misspelling."""
    assert zone_advice(written) == f' Did you mean "{meant}"?'


@pytest.mark.parametrize("written", ["", "XST", "LST", "Indya", "Local", "Asia/Pun", "Etc/GMT+15", "A/B", "GMY", "/"])
def test_nothing_is_guessed(written: str) -> None:
    """What is no misspelling is answered with how zones read."""
    assert zone_advice(written) == " Zones read like Asia/Kolkata or UTC."


def test_the_tables_name_real_zones() -> None:
    """Every zone of the tables is there, and has the offset that it stands for in winter."""
    zones = [zone for table in (ABBREVIATIONS, COUNTRIES) for pairs in table.values() for zone in pairs]
    assert all(is_zone(zone.split(" ")[0]) for zone in zones)
    for minutes, zone in AT_OFFSET.items():
        offsets = {datetime(2026, month, 10, tzinfo=ZoneInfo(zone)).utcoffset() for month in (1, 7)}
        assert minutes in {offset.total_seconds() / 60 for offset in offsets if offset is not None}, zone


def test_a_mapping_is_told_so() -> None:
    """The fault of a mapping names the zone that may be meant."""
    text = "version: 1\nlead: {id: L}\nactivity: {event: 1, datetime: {column: D, timezone: IST}}\n"
    (fault,) = parse_mapping(text, "m.yaml").faults
    assert fault.sentence.startswith('There is no time zone "IST". Abbreviations mean several zones')


def test_a_draft_is_told_so(lsq_import: Command) -> None:
    """`init --timezone IST` says the same."""
    ran = lsq_import("init", "visits.csv", "--timezone", "IST")
    assert ran.code == 2
    assert 'There is no time zone "IST".' in ran.err
    assert "Asia/Kolkata (India)" in ran.err
