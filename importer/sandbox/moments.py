"""The forms in which the API writes a moment; all of them are UTC.

Stored text keeps microseconds, so that comparing texts compares moments: a whole second given as a bound excludes
what was stored within that second after it, as the live RetrieveByActivityEvent does.
"""

import re
from datetime import UTC, datetime

SECONDS = "%Y-%m-%d %H:%M:%S"
_SECONDS_FORM = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}", re.ASCII)


def read_moment(text: object) -> datetime | None:
    """Read `YYYY-MM-DD HH:MM:SS` (page overview: the only form that is sure to work); None if it is not that."""
    if not isinstance(text, str) or not _SECONDS_FORM.fullmatch(text):
        return None
    try:
        return datetime.strptime(text, SECONDS).replace(tzinfo=UTC)
    except ValueError:
        return None


def stored(moment: datetime) -> str:
    """`YYYY-MM-DD HH:MM:SS.ffffff`, in UTC."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def whole_seconds(stored_moment: str) -> str:
    """The form of nearly all answers: `YYYY-MM-DD HH:MM:SS`."""
    return stored_moment[:19]


def milliseconds(stored_moment: str) -> str:
    """The form of leads: `YYYY-MM-DD HH:MM:SS.mmm`."""
    return stored_moment[:23]


def us_style(stored_moment: str) -> str:
    """The form inside Retrieve's ActivityFields: `M/d/yyyy h:mm:ss AM` (a live account's)."""
    moment = datetime.strptime(stored_moment[:19], SECONDS).replace(tzinfo=UTC)
    half = "AM" if moment.hour < 12 else "PM"  # strftime's %p would follow the locale
    return f"{moment.month}/{moment.day}/{moment.year} {moment.hour % 12 or 12}:{moment:%M:%S} {half}"


def microsoft_json(moment: datetime) -> str:
    r"""The form of metadata: `/Date(ms+0000)/`."""
    return f"/Date({int(moment.timestamp() * 1000)}+0000)/"
