"""Rows that came before in the same company: known a thousand at a time, so that each needs no look of its own.

What is remembered of a stretch follows from the activities that this ledger knows to be created, and those stay so:
nothing here ever has to be taken back.
"""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, compress
from typing import Any, Final

import numpy as np
from sqlalchemy import Connection, Engine, Row, and_, func, insert, or_, select, update

from importer.blocks import Flags, RowNumbers
from importer.fingerprints import KEY_BYTES
from importer.ledger.entries import Run
from importer.ledger.tables import PASSAGES, ROWS, STRETCHES
from importer.recognition.passages import Passage, Remembered
from importer.records import Outcome

_PAGE: Final = 64
"""Passages that are read at a time."""


@dataclass(frozen=True, slots=True)
class RowsThere:
    """Rows of one passage that were there before the run, in source order; lists of one length."""

    ordinals: RowNumbers
    rows: RowNumbers
    leads: list[str]
    ids: list[str]


@dataclass(frozen=True, slots=True)
class StretchBook:
    """The stretches that one run meets."""

    engine: Engine
    run: Run

    def known(self, marks: Sequence[bytes]) -> dict[bytes, Remembered]:
        """What is remembered of these stretches; new ones are missing from the answer."""
        query = select(STRETCHES.c.mark, STRETCHES.c.created, STRETCHES.c.numbers, STRETCHES.c.identities).where(
            STRETCHES.c.mark.in_(marks)
        )
        with self.engine.begin() as connection:
            found = connection.execute(query).all() if marks else []
        return {row.mark: _remembered(row) for row in found}

    def note(self, passages: Sequence[Passage]) -> None:
        """Notes where stretches stand in this run; those that have been noted stay as they are."""
        if not passages:
            return
        new = [
            {
                "mark": passage.mark,
                "created": _packed_states(passage.good, np.zeros(len(passage.leads), np.bool_)),
                "numbers": _packed(passage.numbers),
                "identities": passage.identities.tobytes(),
                "leads": list(passage.leads),
                "ids": [None] * len(passage.leads),
            }
            for passage in passages
            if passage.leads is not None
        ]
        with self.engine.begin() as connection:
            if new:
                connection.execute(insert(STRETCHES).prefix_with("OR IGNORE"), new)
            connection.execute(insert(PASSAGES).prefix_with("OR IGNORE"), [self._values(each) for each in passages])

    def learn(self) -> None:
        """Remembers what has been created since the passages of this run were noted."""
        incomplete = PASSAGES.c.there_rows < PASSAGES.c.all_rows
        query = select(PASSAGES).where(and_(PASSAGES.c.run == self.run.number, incomplete))
        for page in self._pages(query):
            with self.engine.begin() as connection:
                for passage in page:
                    self._learn(connection, passage)

    def _learn(self, connection: Connection, passage: Row[Any]) -> None:
        surely = or_(
            ROWS.c.outcome == Outcome.CREATED,
            # A row whose equal is on its way in this very run is a duplicate without an id.
            and_(ROWS.c.outcome == Outcome.DUPLICATE, ROWS.c.activity_id != ""),
        )
        span = and_(ROWS.c.run == self.run.number, ROWS.c.ordinal.between(passage.first, passage.last), surely)
        found = {row.ordinal: row.activity_id for row in connection.execute(select(ROWS).where(span))}
        if not found:
            return
        here = STRETCHES.c.mark == passage.mark
        columns = STRETCHES.c.created, STRETCHES.c.ids, STRETCHES.c.numbers
        stretch = connection.execute(select(*columns).where(here)).one()
        # The same texts further down in a source are other activities: what is learned of them is not of these.
        same = (_unpacked(passage.numbers) == _unpacked(stretch.numbers)).tolist()
        learned = [
            (found[ordinal] or "") if known is None and ordinal in found and is_same else known
            for ordinal, known, is_same in zip(_unpacked(passage.ordinals).tolist(), stretch.ids, same, strict=True)
        ]
        if learned != stretch.ids:
            good, _ = _unpacked_states(stretch.created)
            states = _packed_states(good, np.array([each is not None for each in learned], np.bool_))
            connection.execute(update(STRETCHES).where(here).values(ids=learned, created=states))

    # ----------------------------------------------------------------------------------- for who reads a run

    def count(self, first: int = 0, end: int | None = None) -> int:
        """How many rows were there already and are told of here, of all or of those from one ordinal to another."""
        query = select(func.coalesce(func.sum(PASSAGES.c.there_rows), 0)).where(
            and_(PASSAGES.c.run == self.run.number, PASSAGES.c.first >= first)
        )
        with self.engine.begin() as connection:
            # A passage never reaches from one source into the next.
            return int(connection.execute(query if end is None else query.where(PASSAGES.c.first < end)).scalar_one())

    def there(self, first: int = 0, last: int | None = None) -> Iterator[RowsThere]:
        """Those rows, passage by passage, of passages that touch the span."""
        touching = and_(PASSAGES.c.run == self.run.number, PASSAGES.c.there_rows > 0, PASSAGES.c.last >= first)
        query = (
            select(PASSAGES, STRETCHES.c.leads, STRETCHES.c.ids)
            .join(STRETCHES, STRETCHES.c.mark == PASSAGES.c.mark)
            .where(touching if last is None else and_(touching, PASSAGES.c.first <= last))
        )
        for passage in self._in_order(query):
            there = _unpacked_flags(passage.there)
            ordinals, rows = _unpacked(passage.ordinals), _unpacked(passage.rows)
            if there.all():
                yield RowsThere(ordinals, rows, passage.leads, passage.ids)
            else:
                leads, ids = list(compress(passage.leads, there)), list(compress(passage.ids, there))
                yield RowsThere(ordinals[there], rows[there], leads, ids)

    def _in_order(self, query: Any) -> Iterator[Row[Any]]:
        return chain.from_iterable(self._pages(query))

    def _pages(self, query: Any) -> Iterator[Sequence[Row[Any]]]:
        """Passages in source order, some at a time, so that no transaction stays open while they are worked on."""
        last = -1
        while True:
            with self.engine.begin() as connection:
                ordered = query.where(PASSAGES.c.first > last).order_by(PASSAGES.c.first).limit(_PAGE)
                page = connection.execute(ordered).all()
            yield page
            if len(page) < _PAGE:
                return
            last = page[-1].first

    def _values(self, passage: Passage) -> dict[str, Any]:
        return {
            "run": self.run.number,
            "first": int(passage.ordinals[0]),
            "last": int(passage.ordinals[-1]),
            "mark": passage.mark,
            "ordinals": _packed(passage.ordinals),
            "rows": _packed(passage.rows),
            "numbers": _packed(passage.numbers),
            "there": _packed_flags(passage.there),
            "there_rows": int(passage.there.sum()),
            "all_rows": len(passage.there),
        }


def _remembered(row: Any) -> Remembered:
    identities = np.frombuffer(row.identities, np.uint8).reshape(-1, KEY_BYTES)
    good, created = _unpacked_states(row.created)
    return Remembered(good, identities, _unpacked(row.numbers), created)


def _packed_states(good: Flags, created: Flags) -> bytes:
    """:param created: of the good rows."""
    states = good.astype(np.uint8)
    states[good] += created
    return zlib.compress(states.tobytes(), 1)


def _unpacked_states(packed: bytes) -> tuple[Flags, Flags]:
    """Which rows are good, and which of the good ones are created."""
    states = np.frombuffer(zlib.decompress(packed), np.uint8)
    good: Flags = states > 0
    return good, states[good] > 1


def _packed_flags(flags: Flags) -> bytes:
    return zlib.compress(flags.tobytes(), 1)


def _unpacked_flags(packed: bytes) -> Flags:
    return np.frombuffer(zlib.decompress(packed), np.bool_)


def _packed(numbers: RowNumbers) -> bytes:
    """Numbers that mostly grow by one, or stay: their differences are nothing but repetition."""
    return zlib.compress(np.diff(numbers, prepend=0).tobytes(), 1)


def _unpacked(packed: bytes) -> RowNumbers:
    return np.cumsum(np.frombuffer(zlib.decompress(packed), np.int64))
