"""Cells that hold dates, moments or times of day, as the texts that are posted for them."""

from collections.abc import Callable
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.blocks import CellKind, Flags, Texts
from importer.codes.rows import Code
from importer.mapping.bound import BoundValue
from importer.mapping.cells import Cells
from importer.mapping.date_formats import ANY_DAY, DateFormat, date_format, on_any_day
from importer.mapping.dates import Moments, parse_dates
from importer.mapping.moments import as_text, is_zone, time_as_text, to_utc
from importer.mapping.texts import filled
from importer.mapping.values import ValueType

_STORED_MOMENT: Final[tuple[DateFormat, ...]] = (date_format("%Y-%m-%dT%H:%M:%S"),)
_LENGTH_OF_STORED: Final = len("2024-05-01T10:30:00")
"""Characters; behind them come a point and the fraction of a second, to which a moment is rounded."""
_NO_CLOCK: Final = r'^(?:"[^"]*"|\\.|\[[^\]]*\]|[^hHsS"\\\[])*$'
"""Number formats (RE2) in which an hour or a second stands nowhere but in quotation marks, brackets or escaped."""
_SECOND: Final = np.timedelta64(1, "s")
_LAST: Final = np.datetime64("9999-12-31T23:59:59", "s")


def read_dated(cells: Cells, value: BoundValue) -> Callable[[], Texts]:
    """Reads a column of dates, and says how to write what is posted for them."""
    if value.type is ValueType.TIME:
        return _read_times(cells, value)
    full = filled(cells.text)
    parsed = parse_dates(_but_moments(cells), value.formats)
    moments, aware = parsed.moments, parsed.aware
    if cells.stored is not None:
        real = cells.are(CellKind.MOMENT)
        moments = np.where(real, _stored_moments(cells.stored, rounded=value.type is not ValueType.DATE), moments)
        # A number that the formats read, 20261121 by yyyymmdd, is a date; any other is Excel's count of days.
        cells.refuse(cells.are(CellKind.NUMBER) & np.isnat(moments) & full, Code.DATE_SERIAL)
        cells.refuse(parsed.ambiguous & ~real, Code.DATE_AMBIGUOUS)
        aware &= ~real
    else:
        cells.refuse(parsed.ambiguous, Code.DATE_AMBIGUOUS)
    cells.refuse(np.isnat(moments) & full, Code.DATE_UNREADABLE)
    if value.type is ValueType.DATE:
        return lambda: as_text(moments, with_time=False)
    local = ~aware & ~np.isnat(moments)
    if local.any():
        moments = _in_utc(cells, value, moments, local)
    return lambda: as_text(moments, with_time=True)


def _but_moments(cells: Cells) -> Texts:
    """The texts, but none where Excel stores a moment: that one counts, and what the cell shows would cost the more to
    read, the less it looks like the formats.
    """
    if cells.stored is None:
        return cells.text
    return pc.if_else(pa.array(cells.are(CellKind.MOMENT)), pa.scalar("", pa.large_string()), cells.text)


def _stored_moments(stored: Texts, *, rounded: bool) -> Moments:
    """What Excel stores, to the second.

    :param rounded: to the nearest one, as a cell that shows seconds shows it; otherwise cut, which is for dates: the
        last moment of a day is of that day.
    """
    moments = parse_dates(pc.utf8_slice_codeunits(stored, 0, _LENGTH_OF_STORED), _STORED_MOMENT).moments
    if rounded:
        tenths = pc.utf8_slice_codeunits(stored, _LENGTH_OF_STORED + 1, _LENGTH_OF_STORED + 2)
        up = pc.greater_equal(tenths, "5").to_numpy(zero_copy_only=False)
        if up.any():
            moments = np.where(up & (moments < _LAST), moments + _SECOND, np.where(up, np.datetime64("NaT"), moments))
    return moments


def _in_utc(cells: Cells, value: BoundValue, moments: Moments, local: Flags) -> Moments:
    """The moments, with those that are by the clock of a zone put into UTC; refuses those that can't be."""
    if cells.zones is not None:
        return _in_utc_by_row(cells, cells.zones, moments, local)
    if not isinstance(value.timezone, str):
        cells.refuse(local, Code.TIMEZONE_MISSING)
        return moments
    return _by_clock(cells, value.timezone, moments, local)


def _in_utc_by_row(cells: Cells, zones: Texts, moments: Moments, local: Flags) -> Moments:
    encoded = zones.dictionary_encode()
    which = encoded.indices.to_numpy(zero_copy_only=False)
    for place, zone in enumerate(encoded.dictionary.to_pylist()):
        here = local & (which == place)
        if not here.any():
            continue
        if is_zone(zone):
            moments = _by_clock(cells, zone, moments, here)
        else:
            cells.refuse(here, Code.TIMEZONE_UNKNOWN if zone else Code.TIMEZONE_MISSING)
    return moments


def _by_clock(cells: Cells, zone: str, moments: Moments, local: Flags) -> Moments:
    utc = to_utc(moments, zone)
    cells.refuse(utc.missing & local, Code.TIME_SKIPPED)
    cells.refuse(utc.twice & local, Code.TIME_TWICE)
    moments = np.where(local, utc.moments, moments)
    cells.refuse(local & np.isnat(moments), Code.DATE_UNREADABLE)
    return moments


def _are_days(cells: Cells) -> Flags:
    """Which cells are a date and nothing else: midnight of a day, under a format that shows no time. Nobody who sees
    them means midnight.
    """
    clockless = pc.and_not(pc.match_substring_regex(cells.formats, _NO_CLOCK), pc.equal(cells.formats, "General"))
    midnight = pc.match_substring_regex(cells.stored, "^[0-9-]+T00:00:00$")
    flags: Flags = pc.and_(clockless, midnight).to_numpy(zero_copy_only=False)
    return flags


def _read_times(cells: Cells, value: BoundValue) -> Callable[[], Texts]:
    """Times of day are read as moments of some day; of a real cell of Excel its time counts, whatever its day,
    unless it is nothing but a date.
    """
    full = filled(cells.text)
    any_day = pa.scalar(ANY_DAY, pa.large_string())
    nothing = pa.scalar("", pa.large_string())
    formats = tuple(map(on_any_day, value.formats))
    parsed = parse_dates(pc.binary_join_element_wise(any_day, _but_moments(cells), nothing), formats)
    moments = parsed.moments
    if cells.stored is not None:
        real = cells.are(CellKind.MOMENT)
        stored = pc.replace_substring_regex(cells.stored, "^T", f"{ANY_DAY.strip()}T")
        found = np.where(_are_days(cells), np.datetime64("NaT"), _stored_moments(stored, rounded=True))
        moments = np.where(real, found, moments)
        cells.refuse(cells.are(CellKind.NUMBER) & np.isnat(moments) & full, Code.TIME_SERIAL)
        cells.refuse(parsed.ambiguous & ~real, Code.DATE_AMBIGUOUS)
    else:
        cells.refuse(parsed.ambiguous, Code.DATE_AMBIGUOUS)
    cells.refuse(np.isnat(moments) & full, Code.TIME_UNREADABLE)
    return lambda: time_as_text(moments)
