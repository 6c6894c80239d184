"""What the ledger says of one run: the source of every report."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from heapq import merge
from operator import itemgetter
from typing import Any, Final

import numpy as np
from sqlalchemy import Engine, Row, and_, func, select

from importer.blocks import Place
from importer.codes.rows import Code
from importer.in_doubt import AuditedRow
from importer.ledger.entries import NewRow, Run, SourceEntry
from importer.ledger.layouts import cells_from_json
from importer.ledger.stretches import RowsThere, StretchBook
from importer.ledger.tables import CALLS, HELD, ROWS
from importer.records import Activity, HeldRow, Outcome, ResultsAlike, RowResult, Withdrawn

_PAGE: Final = 5000
"""Rows that are read at a time, so that no transaction stays open while a file is written."""

_NO_MORE: Final = (None, None)


@dataclass(frozen=True, slots=True)
class RunView:
    """Reads one run."""

    engine: Engine
    run: Run
    sources: tuple[SourceEntry, ...]
    """In order."""

    def counts(self) -> dict[Outcome, int]:
        """How many rows have each outcome; 0 for one that no row has."""
        query = select(ROWS.c.outcome, func.count()).where(ROWS.c.run == self.run.number).group_by(ROWS.c.outcome)
        with self.engine.begin() as connection:
            counted = {Outcome(outcome): count for outcome, count in connection.execute(query)}
        there = {
            Outcome.DUPLICATE: self._stretches.count(),
            Outcome.INVALID: self._stretches.bad_codes().total(),
        }
        return {outcome: counted.get(outcome, 0) + there.get(outcome, 0) for outcome in Outcome}

    def rows_of(self, position: int) -> int:
        """How many rows of a source were read."""
        first, end = self.sources[position].first, None
        query = select(func.count()).where(and_(ROWS.c.run == self.run.number, ROWS.c.ordinal >= first))
        if position + 1 < len(self.sources):
            end = self.sources[position + 1].first
            query = query.where(ROWS.c.ordinal < end)
        with self.engine.begin() as connection:
            counted = int(connection.execute(query).scalar_one())
        return counted + self._stretches.count(first, end) + self._stretches.bad_codes(first, end).total()

    def codes(self) -> dict[str, int]:
        """How many rows bear each code."""
        query = select(ROWS.c.code, func.count()).where(ROWS.c.run == self.run.number).group_by(ROWS.c.code)
        listed = self._stretches.bad_codes()
        with self.engine.begin() as connection:
            for codes, count in connection.execute(query):
                listed[codes] += count
        counted: Counter[str] = Counter()
        for codes, count in listed.items():
            for code in set(filter(None, codes.split(";"))):
                counted[code] += count
        there = self._stretches.count()
        if there:
            counted[Code.ALREADY_IMPORTED] += there
        return dict(sorted(counted.items()))

    def calls(self) -> int:
        """How many posting calls left this computer, refused ones included."""
        query = select(func.count()).where(CALLS.c.run == self.run.number)
        with self.engine.begin() as connection:
            return int(connection.execute(query).scalar_one())

    def throttled(self) -> int:
        """How many of them were refused for going too fast."""
        refused = CALLS.c.verdict.startswith(Withdrawn.THROTTLED)
        query = select(func.count()).where(and_(CALLS.c.run == self.run.number, refused))
        with self.engine.begin() as connection:
            return int(connection.execute(query).scalar_one())

    @property
    def _stretches(self) -> StretchBook:
        return StretchBook(self.engine, self.run)

    def results(self) -> Iterator[RowResult]:
        """Every row, in source order."""
        for alike in self.results_alike():
            yield from alike.each()

    def results_alike(self) -> Iterator[ResultsAlike]:
        """The same, rows together that were known together."""
        singles = merge(self._singles(), self._bad(), key=itemgetter(0))
        ordinal, single = next(singles, _NO_MORE)
        for place, there in self._there():
            while single is not None and ordinal is not None and ordinal < there.ordinals[0]:
                yield single
                ordinal, single = next(singles, _NO_MORE)
            among: list[tuple[int, ResultsAlike]] = []
            while single is not None and ordinal is not None and ordinal < there.ordinals[-1]:
                among.append((ordinal, single))
                ordinal, single = next(singles, _NO_MORE)
            before = np.searchsorted(there.ordinals, [ordinal for ordinal, _ in among]).tolist()
            yield ResultsAlike(
                RowResult(place, 0, Outcome.DUPLICATE, code=Code.ALREADY_IMPORTED),
                there.rows.tolist(),
                there.leads,
                there.ids,
                [(rows, alike) for rows, (_, alike) in zip(before, among, strict=True)],
            )
        if single is not None:
            yield single
            yield from (alike for _, alike in singles)

    def sent_in_vain(self) -> Iterator[RowResult]:
        """The rows that were refused or are in doubt, in source order, without their leads."""
        outcomes = (Outcome.REJECTED, Outcome.UNKNOWN)  # of such rows none is told of by a passage
        wanted = and_(ROWS.c.run == self.run.number, ROWS.c.outcome.in_(outcomes))
        for place, row in self._in_order(select(ROWS).where(wanted)):
            yield _result(place, row)

    def _singles(self) -> Iterator[tuple[int, ResultsAlike]]:
        """The rows that have a line of their own in the ledger."""
        for place, row in self._in_order(select(ROWS).where(ROWS.c.run == self.run.number)):
            yield row.ordinal, ResultsAlike(_result(place, row), (row.row,), (row.lead,), (row.activity_id or "",))

    def _bad(self) -> Iterator[tuple[int, ResultsAlike]]:
        """The bad rows that have none, since they came before in the same company."""
        place_of = self._places()
        for ordinal, row, bad in self._stretches.bad():
            result = RowResult(place_of(ordinal), row, Outcome.INVALID, code=bad.code, message=bad.message)
            yield ordinal, ResultsAlike(result, (row,), (bad.lead,), ("",))

    def _there(self) -> Iterator[tuple[Place, RowsThere]]:
        """The rows that were there before the run and have none."""
        place_of = self._places()
        for there in self._stretches.there():
            yield place_of(there.ordinals[0]), there

    def _places(self) -> Callable[[int], Place]:
        """Tells where rows are from; to be asked in source order."""
        sources = list(self.sources)

        def place_of(ordinal: int) -> Place:
            while len(sources) > 1 and ordinal >= sources[1].first:
                sources.pop(0)
            return sources[0].place

        return place_of

    def sent(self) -> Iterator[AuditedRow]:
        """Every row that was to be sent, in source order: what an audit compares with the account."""
        keyed = and_(ROWS.c.run == self.run.number, ROWS.c.key.is_not(None), ROWS.c.outcome != Outcome.DUPLICATE)
        for _, row in self._in_order(
            select(ROWS.c.ordinal, ROWS.c.key, ROWS.c.outcome, ROWS.c.activity_id).where(keyed)
        ):
            there = row.outcome == Outcome.CREATED
            yield AuditedRow(row.ordinal, row.key, (row.activity_id or "") if there else "")

    def leads(self, most: int) -> list[str]:
        """The leads of the rows that were created; none if they are more than `most` rows."""
        created = and_(ROWS.c.run == self.run.number, ROWS.c.outcome == Outcome.CREATED)
        with self.engine.begin() as connection:
            leads = list(connection.execute(select(ROWS.c.lead).where(created).limit(most + 1)).scalars())
        return leads if len(leads) <= most else []

    def rejected(self) -> Iterator[NewRow]:
        """The rows that LeadSquared has refused, as they were posted, in source order."""
        query = (
            select(ROWS, HELD.c.cells, HELD.c.body)
            .join(HELD, and_(HELD.c.run == ROWS.c.run, HELD.c.ordinal == ROWS.c.ordinal))
            .where(and_(ROWS.c.run == self.run.number, ROWS.c.outcome == Outcome.REJECTED, ROWS.c.key.is_not(None)))
        )
        for _, row in self._in_order(query):
            cells = cells_from_json(row.cells)
            yield NewRow(row.row, Activity(row.ordinal, row.key, row.body, row.lead, row.road), partial(tuple, cells))

    def held(self, outcomes: Iterable[Outcome]) -> Iterator[HeldRow]:
        """The rows with these outcomes, with their cells, in source order."""
        wanted = list(outcomes)
        bad = self._held_bad() if Outcome.INVALID in wanted else ()
        for _, row in merge(self._held(wanted), bad, key=itemgetter(0)):
            yield row

    def _held(self, outcomes: list[Outcome]) -> Iterator[tuple[int, HeldRow]]:
        query = (
            select(ROWS, HELD.c.cells)
            .join(HELD, and_(HELD.c.run == ROWS.c.run, HELD.c.ordinal == ROWS.c.ordinal))
            .where(and_(ROWS.c.run == self.run.number, ROWS.c.outcome.in_(outcomes)))
        )
        for place, row in self._in_order(query):
            yield row.ordinal, HeldRow(place, row.row, cells_from_json(row.cells), row.code, row.message)

    def _held_bad(self) -> Iterator[tuple[int, HeldRow]]:
        place_of = self._places()
        for ordinal, row, bad in self._stretches.bad(cells=True):
            yield ordinal, HeldRow(place_of(ordinal), row, bad.cells, bad.code, bad.message)

    def _in_order(self, query: Any) -> Iterator[tuple[Place, Row[Any]]]:
        place_of = self._places()
        last = -1
        while True:
            with self.engine.begin() as connection:
                page = connection.execute(
                    query.where(ROWS.c.ordinal > last).order_by(ROWS.c.ordinal).limit(_PAGE)
                ).all()
            for row in page:
                yield place_of(row.ordinal), row
            if len(page) < _PAGE:
                return
            last = page[-1].ordinal


def _result(place: Place, row: Row[Any]) -> RowResult:
    return RowResult(
        place=place,
        row=row.row,
        outcome=Outcome(row.outcome),
        chunk=row.chunk,
        row_number=row.row_number,
        code=row.code,
        message=row.message,
        road=row.road,
    )
