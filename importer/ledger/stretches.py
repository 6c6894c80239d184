"""Rows that came before in the same company: known a thousand at a time, so that each needs no look of its own.

What is remembered of a stretch follows from its cells, and from the activities that this ledger knows to be created,
and those stay so: nothing here ever has to be taken back.
"""

import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, compress, repeat
from typing import Any, Final

import numpy as np
from sqlalchemy import Connection, Engine, Row, and_, func, insert, or_, select, update

from importer.blocks import Cell, Flags, RowNumbers
from importer.fingerprints import KEY_BYTES
from importer.ledger.entries import Run
from importer.ledger.layouts import cells_from_json, cells_to_json
from importer.ledger.tables import BAD_ROWS, PASSAGES, ROWS, STRETCHES
from importer.passages import BadRow, Passage, Remembered
from importer.records import Outcome

_PAGE: Final = 16
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
        columns = ("mark", "created", "good", "numbers", "identities")
        query = select(*(STRETCHES.c[name] for name in columns)).where(STRETCHES.c.mark.in_(marks))
        with self.engine.begin() as connection:
            found = connection.execute(query).all() if marks else []
        return {row.mark: _remembered(row) for row in found}

    def known_bad(self, wholes: Sequence[bytes]) -> dict[bytes, list[BadRow]]:
        """What is remembered of their bad rows, without cells."""
        query = select(BAD_ROWS.c.mark, BAD_ROWS.c.said).where(BAD_ROWS.c.mark.in_(wholes))
        with self.engine.begin() as connection:
            found = connection.execute(query).all() if wholes else []
        return {row.mark: list(map(_bad_row, row.said)) for row in found}

    def note(self, passages: Sequence[Passage]) -> None:
        """Notes where stretches stand in this run; those that have been noted stay as they are."""
        if not passages:
            return
        new = [
            {
                "mark": passage.mark,
                "created": _packed_flags(np.zeros(len(passage.leads), np.bool_)),
                "good": _packed_flags(passage.good),
                "numbers": _packed(passage.numbers),
                "identities": passage.identities.tobytes(),
                "leads": list(passage.leads),
                "ids": [None] * len(passage.leads),
            }
            for passage in passages
            if not passage.known
        ]
        bad = [
            {
                "mark": passage.whole,
                "said": [(bad.offset, bad.lead, bad.code, bad.message, bad.issues) for bad in passage.bad],
                "cells": [cells_to_json(bad.cells) for bad in passage.bad],
            }
            for passage in passages
            if passage.bad and not passage.bad_known
        ]
        with self.engine.begin() as connection:
            if new:
                connection.execute(insert(STRETCHES).prefix_with("OR IGNORE"), new)
            if bad:
                connection.execute(insert(BAD_ROWS).prefix_with("OR IGNORE"), bad)
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
        stretch = connection.execute(select(STRETCHES.c.ids, STRETCHES.c.numbers).where(here)).one()
        # The same texts further down in a source are other activities: what is learned of them is not of these.
        same = (_unpacked(passage.numbers) == _unpacked(stretch.numbers)).tolist()
        learned = [
            (found[ordinal] or "") if known is None and ordinal in found and is_same else known
            for ordinal, known, is_same in zip(_unpacked(passage.ordinals).tolist(), stretch.ids, same, strict=True)
        ]
        if learned != stretch.ids:
            created = np.array([each is not None for each in learned], np.bool_)
            connection.execute(update(STRETCHES).where(here).values(ids=learned, created=_packed_flags(created)))

    # ----------------------------------------------------------------------------------- for who reads a run

    def count(self, first: int = 0, end: int | None = None) -> int:
        """How many rows were there already and are told of here, of all or of those from one ordinal to another."""
        query = select(func.coalesce(func.sum(PASSAGES.c.there_rows), 0)).where(
            and_(PASSAGES.c.run == self.run.number, PASSAGES.c.first >= first)
        )
        with self.engine.begin() as connection:
            # A passage never reaches from one source into the next.
            return int(connection.execute(query if end is None else query.where(PASSAGES.c.first < end)).scalar_one())

    def bad_codes(self, first: int = 0, end: int | None = None) -> Counter[str]:
        """How many bad rows that are told of here bear each code, or list of codes."""
        query = select(PASSAGES.c.bad_codes).where(
            and_(PASSAGES.c.run == self.run.number, PASSAGES.c.first >= first, PASSAGES.c.bad_ordinals.is_not(None))
        )
        counted: Counter[str] = Counter()
        with self.engine.begin() as connection:
            for codes in connection.execute(query if end is None else query.where(PASSAGES.c.first < end)).scalars():
                counted.update(codes)
        return counted

    def there(self, first: int = 0, last: int | None = None) -> Iterator[RowsThere]:
        """Those rows, passage by passage, of passages that touch the span."""
        told = select(PASSAGES, STRETCHES.c.leads, STRETCHES.c.ids).join(STRETCHES, STRETCHES.c.mark == PASSAGES.c.mark)
        for passage in self._touching(told.where(PASSAGES.c.there_rows > 0), first, last):
            there = _unpacked_flags(passage.there)
            ordinals, rows = _unpacked(passage.ordinals), _unpacked(passage.rows)
            if there.all():
                yield RowsThere(ordinals, rows, passage.leads, passage.ids)
            else:
                leads, ids = list(compress(passage.leads, there)), list(compress(passage.ids, there))
                yield RowsThere(ordinals[there], rows[there], leads, ids)

    def bad(self, first: int = 0, last: int | None = None, *, cells: bool = False) -> Iterator[tuple[int, int, BadRow]]:
        """Ordinal, row number and content of bad rows, in passages that touch the span; with their cells if wanted."""
        columns = (BAD_ROWS.c.said, BAD_ROWS.c.cells) if cells else (BAD_ROWS.c.said,)
        told = select(PASSAGES, *columns).join(BAD_ROWS, BAD_ROWS.c.mark == PASSAGES.c.bad_mark)
        for passage in self._touching(told, first, last):
            ordinals, rows = _unpacked(passage.bad_ordinals).tolist(), _unpacked(passage.bad_rows).tolist()
            shown = map(cells_from_json, passage.cells) if cells else repeat(())
            yield from zip(ordinals, rows, map(_bad_row, passage.said, shown), strict=True)

    def _touching(self, query: Any, first: int, last: int | None) -> Iterator[Row[Any]]:
        touching = query.where(and_(PASSAGES.c.run == self.run.number, PASSAGES.c.last >= first))
        return chain.from_iterable(self._pages(touching if last is None else touching.where(PASSAGES.c.first <= last)))

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
        any_bad = len(passage.bad) > 0
        return {
            "run": self.run.number,
            "first": passage.first,
            "last": passage.last,
            "mark": passage.mark,
            "ordinals": _packed(passage.ordinals),
            "rows": _packed(passage.rows),
            "numbers": _packed(passage.numbers),
            "there": _packed_flags(passage.there),
            "there_rows": int(passage.there.sum()),
            "all_rows": len(passage.there),
            "bad_mark": passage.whole if any_bad else None,
            "bad_ordinals": _packed(passage.bad_ordinals) if any_bad else None,
            "bad_rows": _packed(passage.bad_rows) if any_bad else None,
            "bad_codes": dict(Counter(bad.code for bad in passage.bad)),
        }


def _remembered(row: Any) -> Remembered:
    identities = np.frombuffer(row.identities, np.uint8).reshape(-1, KEY_BYTES)
    return Remembered(_unpacked_flags(row.good), identities, _unpacked(row.numbers), _unpacked_flags(row.created))


def _bad_row(values: list[Any], cells: tuple[Cell, ...] = ()) -> BadRow:
    offset, lead, code, message, issues = values
    return BadRow(offset, lead, code, message, tuple(map(tuple, issues)), cells)


def _packed_flags(flags: Flags) -> bytes:
    return zlib.compress(flags.tobytes(), 1)


def _unpacked_flags(packed: bytes) -> Flags:
    return np.frombuffer(zlib.decompress(packed), np.bool_)


def _packed(numbers: RowNumbers) -> bytes:
    """Numbers that mostly grow by one, or stay: their differences are nothing but repetition."""
    return zlib.compress(np.diff(numbers, prepend=0).tobytes(), 1)


def _unpacked(packed: bytes) -> RowNumbers:
    return np.cumsum(np.frombuffer(zlib.decompress(packed), np.int64))
