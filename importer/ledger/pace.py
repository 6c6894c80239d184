"""What the ledger keeps of an account's pace: when the last calls left, the limits that were learned, calls by day.

A run that was killed must not make the next one pass the limit, so each call is noted here before it leaves. Two clocks
tell how long ago that was: the wall's, and the monotonic one, which goes on from process to process until the computer
is started again. The shorter time is believed: a clock that was set can make a run wait for a window, never rush.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Engine, and_, delete, insert, select, update

from importer.ledger.tables import DAYS, LIMITS, STAMPS

STAMPS_KEPT: Final = 256
"""Calls of each class whose departure is remembered: more than any window holds."""

DAYS_KEPT: Final = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class KeptLimit:
    """A limit as an earlier run has learned it."""

    calls: int
    seconds: float
    met: bool
    """Whether a refusal has shown it; otherwise it is what was let through."""
    named: bool
    """Whether the server's words did."""
    age: float
    """Seconds since then."""


@dataclass(slots=True)
class PaceBook:
    """Of one account."""

    engine: Engine
    account: str
    now: Callable[[], datetime]
    monotonic: Callable[[], float] = time.monotonic
    _day: str = ""
    _used: dict[str, int] = field(default_factory=dict)
    _announced: list[Callable[[Connection], None]] = field(default_factory=list)

    def note_call(self, call_class: str) -> None:
        """Notes that a call leaves."""
        self.announce_call(call_class)
        with self.engine.begin() as connection:
            self.write_announced(connection)

    def write_announced(self, connection: Connection) -> None:
        """Writes what was announced, beside whatever else is written."""
        for write in self._announced:
            write(connection)
        self._announced.clear()

    def announce_call(self, call_class: str) -> None:
        """Notes that a call leaves as soon as the next thing is written: one commit less on the way of a call."""
        now = self.now()
        self._turn_to(now)
        number = self._used.get(call_class, 0) + 1
        # Yesterday's last calls keep their slots for a while.
        place = (number + STAMPS_KEPT // 2 * (now.toordinal() % 2)) % STAMPS_KEPT
        stamp = {"wall": now.isoformat(), "monotonic": self.monotonic()}
        day = and_(DAYS.c.account == self.account, DAYS.c.call_class == call_class, DAYS.c.day == self._day)
        slot = and_(STAMPS.c.account == self.account, STAMPS.c.call_class == call_class, STAMPS.c.slot == place)
        key = {"account": self.account, "call_class": call_class}
        of_day = key | {"day": self._day}

        def write(connection: Connection) -> None:
            _put(connection, DAYS, day, of_day, {"calls": number})
            _put(connection, STAMPS, slot, key | {"slot": place}, stamp)

        self._announced.append(write)
        self._used[call_class] = number

    def calls_ago(self, call_class: str, seconds: float) -> list[float]:
        """How many seconds ago the calls of the last so many seconds left, not below nought."""
        wall, monotonic = self.now(), self.monotonic()
        query = select(STAMPS).where(and_(STAMPS.c.account == self.account, STAMPS.c.call_class == call_class))
        with self.engine.begin() as connection:
            stamps = connection.execute(query).all()
        ages = []
        for stamp in stamps:
            age = max(0.0, (wall - datetime.fromisoformat(stamp.wall)).total_seconds())
            if monotonic >= stamp.monotonic:
                age = min(age, monotonic - stamp.monotonic)
            ages.append(age)
        return [age for age in ages if age <= seconds]

    def used_today(self) -> dict[str, int]:
        """Calls of this UTC day, by class."""
        self._turn_to(self.now())
        return dict(self._used)

    def next_day(self) -> datetime:
        """When the next day of calls begins: midnight UTC. No page says when a quota is renewed."""
        return self.now().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)

    def limit(self, call_class: str) -> KeptLimit | None:
        """The limit of a class that earlier runs have learned."""
        query = select(LIMITS).where(and_(LIMITS.c.account == self.account, LIMITS.c.call_class == call_class))
        with self.engine.begin() as connection:
            found = connection.execute(query).one_or_none()
        if found is None:
            return None
        age = max(0.0, (self.now() - datetime.fromisoformat(found.learned_at)).total_seconds())
        return KeptLimit(found.calls, found.seconds, bool(found.met), bool(found.named), age)

    def keep_limit(self, call_class: str, calls: int, seconds: float, *, met: bool = True, named: bool = True) -> None:
        """Keeps a limit in place of the one before."""
        here = and_(LIMITS.c.account == self.account, LIMITS.c.call_class == call_class)
        values = {"calls": calls, "seconds": seconds, "met": int(met), "named": int(named)}
        key = {"account": self.account, "call_class": call_class}
        with self.engine.begin() as connection:
            _put(connection, LIMITS, here, key, values | {"learned_at": self.now().isoformat()})

    def _turn_to(self, now: datetime) -> None:
        """Begins a new day, or the first one; days that are over for long are forgotten."""
        day = now.date().isoformat()
        if day == self._day:
            return
        here = DAYS.c.account == self.account
        with self.engine.begin() as connection:
            over = (now - DAYS_KEPT).date().isoformat()
            connection.execute(delete(DAYS).where(and_(here, DAYS.c.day < over)))
            rows = connection.execute(select(DAYS).where(and_(here, DAYS.c.day == day))).all()
        self._day, self._used = day, {row.call_class: row.calls for row in rows}


def _put(
    connection: Connection, table: Any, here: ColumnElement[bool], key: dict[str, Any], values: dict[str, Any]
) -> None:
    """Changes the row, or makes it."""
    if not connection.execute(update(table).where(here).values(values)).rowcount:
        connection.execute(insert(table).values(key | values))
