"""The account: keys, host, clock and time zone. Nothing is asked that could change it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from importer.checkup.check import Check, fine, problem, warning
from importer.leadsquared.account.values import KeyUser
from importer.leadsquared.calls import Answer, Call, Ending

TOLERATED: Final = timedelta(seconds=30)
"""A clock that is further off makes the times in reports and look-ups wrong; the Date header has whole seconds."""


@dataclass(slots=True)
class ClockWatch:
    """Makes calls, and notes how far this computer's clock is from the server's."""

    send: Callable[[Call], Ending]
    now: Callable[[], datetime]
    ahead: timedelta | None = None
    """How far this computer is ahead of the server; None while no answer has told."""

    def __call__(self, call: Call) -> Ending:
        """Makes one call."""
        before = self.now()
        ending = self.send(call)
        if isinstance(ending, Answer) and self.ahead is None:
            try:
                theirs = parsedate_to_datetime(ending.headers["date"])
            except (KeyError, ValueError, TypeError):
                return ending
            ours = before + (self.now() - before) / 2
            self.ahead = ours - (theirs if theirs.tzinfo else theirs.replace(tzinfo=UTC))
        return ending


def keys(found: KeyUser) -> Check:
    """Whose keys these are."""
    role = f", {found.user.role}" if found.user.role else ""
    org = f" of {found.org}" if found.org else ""
    said = f"they belong to {found.user.name or found.user.email or found.user.id}{role}{org}"
    if not found.user.active:
        return problem("keys", f"{said}, who is not active.", "Use the keys of an active user.")
    return fine("keys", f"{said}.")


def host(configured: str, found: KeyUser) -> Check:
    """Whether this is the account's own host. Any host answers whose keys these are, but only the right one the rest.

    :param configured: host name, with its port if it has one.
    """
    wanted = found.api_host.removeprefix("https://").removeprefix("http://").split("/")[0]
    if not wanted:
        return fine("host", f"{configured} answers; the account does not say which host is its own.")
    if wanted == configured:
        return fine("host", f"{configured} is the account's own.")
    say = problem if configured.endswith(".leadsquared.com") and wanted.endswith(".leadsquared.com") else warning
    return say("host", f"{configured} is not the account's host, which is {wanted}.", f"Set LSQ_HOST={wanted}")


def async_host(sync_host: str, given: str | None) -> Iterator[Check]:
    """Whether the host of asynchronous calls is in the same region (page async-api)."""
    if given and sync_host.endswith(".leadsquared.com"):
        name = given.split("://")[-1].split("/")[0].lower()
        expected = sync_host.replace("api", "asyncapi", 1)
        if name != expected:
            yield warning("host", f"LSQ_ASYNC_HOST is {name}, and the account's region suggests {expected}.")


def clock(ahead: timedelta | None) -> Check:
    """Whether this computer's clock goes right."""
    if ahead is None:
        return warning("clock", "no answer told the server's time, so this computer's clock was not compared.")
    if abs(ahead) <= TOLERATED:
        return fine("clock", "it goes with the server's.")
    way = "ahead of" if ahead > timedelta() else "behind"
    return warning(
        "clock",
        f"this computer is {_told(abs(ahead))} {way} the server.",
        "Set the clock, or switch on that it is set by the network: times in reports would be wrong.",
    )


def time_zone(account: str, mapped: dict[str, str], now: datetime) -> Iterator[Check]:
    """The account's time zone beside those of a mapping.

    :param mapped: address of a value -> the zone that it is read in.
    """
    if not account:
        yield warning("time zone", "the account does not tell its own.")
        return
    if _zone(account) is None:
        yield warning("time zone", f'the account is in "{account}", a name that is not known here.')
        return
    other = {zone: address for address, zone in reversed(mapped.items()) if not same_zone(zone, account, now)}
    if not other:
        what = "and the mapping's times are read in it" if mapped else "and LeadSquared shows times in it"
        yield fine("time zone", f"the account is in {account}, {what}.")
    for zone, address in sorted(other.items()):
        yield warning(
            "time zone",
            f"{address} is read as {zone}, and the account is in {account}.",
            f"If the file's times are {account} times, correct timezone in the mapping; else all is well.",
        )


def same_zone(one: str, other: str, now: datetime) -> bool:
    """Whether two zones show the same time all year: Asia/Calcutta is Asia/Kolkata."""
    first, second = _zone(one), _zone(other)
    if first is None or second is None:
        return one == other
    months = [now + timedelta(days=30 * month) for month in range(13)]
    return all(moment.astimezone(first).utcoffset() == moment.astimezone(second).utcoffset() for moment in months)


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _told(span: timedelta) -> str:
    seconds = span.total_seconds()
    if seconds < 120:
        return f"{seconds:.0f} seconds"
    return f"{seconds / 60:.0f} minutes" if seconds < 7200 else f"{seconds / 3600:.1f} hours"
