"""Local moments to UTC and to the text that the API takes."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

import numpy as np
import pandas as pd
import pyarrow as pa

from importer.blocks import Flags, Texts
from importer.mapping.dates import Moments

_EARLIEST: Final = np.datetime64("0001-01-03", "s")
_LATEST: Final = np.datetime64("9999-12-30", "s")
"""Between these, no zone leads out of the calendar: 9999-12-31 is written for "for ever"."""


@lru_cache(maxsize=1)
def zone_names() -> tuple[str, ...]:
    """All time zones that this computer knows."""
    return tuple(sorted(available_timezones()))


def is_zone(name: str) -> bool:
    """Whether there is such a time zone, written exactly so: names differ in case on some systems only."""
    return name in zone_names()


@dataclass(frozen=True, slots=True)
class UtcMoments:
    """Moments in UTC, NaT where the local one has none, two of them, or one outside the years 1 to 9999."""

    moments: Moments
    missing: Flags
    """Local times that the clocks skipped."""
    twice: Flags
    """Local times that the clocks showed twice."""


def to_utc(local: Moments, zone: str) -> UtcMoments:
    """Moments of the wall clock in a zone, as UTC."""
    if zone == "UTC":
        nowhere = np.zeros(len(local), np.bool_)
        return UtcMoments(local, nowhere, nowhere)
    at_the_end = (local < _EARLIEST) | (local >= _LATEST)
    index = pd.DatetimeIndex(np.where(at_the_end, np.datetime64("NaT"), local))
    utc = _as_numpy(index.tz_localize(ZoneInfo(zone), ambiguous="NaT", nonexistent="NaT"))
    lost = np.isnat(utc) & ~np.isnat(local) & ~at_the_end
    missing = np.zeros(len(local), np.bool_)
    if lost.any():
        # Only what the clocks skipped is moved by "shift_forward"; what they showed twice stays without a moment.
        shifted = index[lost].tz_localize(ZoneInfo(zone), ambiguous="NaT", nonexistent="shift_forward")
        missing[lost] = ~np.isnat(_as_numpy(shifted))
    if at_the_end.any():
        utc[at_the_end] = [_within_the_calendar(moment, ZoneInfo(zone)) for moment in local[at_the_end].tolist()]
    return UtcMoments(utc, missing, lost & ~missing)


def _within_the_calendar(local: datetime, zone: ZoneInfo) -> datetime | None:
    """One moment in UTC, if that is in the years that can be written; pandas raises beyond them."""
    try:
        return local.replace(tzinfo=zone).astimezone(UTC).replace(tzinfo=None)
    except OverflowError:
        return None


def _as_numpy(located: pd.DatetimeIndex) -> Moments:
    return located.tz_convert(UTC).tz_localize(None).to_numpy().astype("datetime64[s]")


def as_text(moments: Moments, *, with_time: bool) -> Texts:
    """`YYYY-MM-DD HH:MM:SS`, or `YYYY-MM-DD`; null for NaT. The only forms that the API takes (overview page)."""
    present = ~np.isnat(moments)
    filled = np.where(present, moments, np.datetime64(0, "s"))
    days = filled.astype("datetime64[D]")
    months = days.astype("datetime64[M]")
    month_number = months.astype(np.int64)
    seconds = (filled - days).astype(np.int64)
    parts = [
        (month_number // 12 + 1970, 4),
        (month_number % 12 + 1, 2),
        ((days - months.astype("datetime64[D]")).astype(np.int64) + 1, 2),
    ]
    separators = "--"
    if with_time:
        parts += [(seconds // 3600, 2), (seconds // 60 % 60, 2), (seconds % 60, 2)]
        separators = "-- ::"
    width = sum(digits for _, digits in parts) + len(separators)
    matrix = np.empty((len(moments), width), np.uint8)
    at = 0
    for (numbers, digits), separator in zip(parts, [*separators, ""], strict=True):
        for place in range(at + digits - 1, at - 1, -1):
            matrix[:, place] = numbers % 10 + ord("0")
            numbers = numbers // 10  # noqa: PLW2901  # digit by digit from the right
        at += digits
        if separator:
            matrix[:, at] = ord(separator)
            at += 1
    offsets = np.arange(0, width * (len(moments) + 1), width, dtype=np.int64)
    texts = pa.LargeStringArray.from_buffers(len(moments), pa.py_buffer(offsets), pa.py_buffer(matrix))
    return texts if present.all() else pa.compute.if_else(pa.array(present), texts, None)


def time_as_text(moments: Moments) -> Texts:
    """`HH:MM:SS`, the second half of the API's form of a moment; null for NaT."""
    return pa.compute.utf8_slice_codeunits(as_text(moments, with_time=True), len("YYYY-MM-DD "))
