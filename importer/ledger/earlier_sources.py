"""What earlier runs have created of a file: whoever changes the mapping must hear of it before all is created again."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Engine, Row, and_, func, select

from importer.ledger.entries import Account
from importer.ledger.tables import ROWS, RUNS, SOURCES
from importer.records import Outcome

LATEST: Final = 200
"""Sources of earlier runs that are looked at."""


@dataclass(frozen=True, slots=True)
class SourceNow:
    """A file, or a sheet of it, that is to be imported."""

    sha256: str
    path: str
    sheet: str | None
    mapping: str
    """Path of the mapping file."""
    given_in: str
    """The folder from which these paths lead on."""
    event: int
    """Code of the activity type."""
    meaning: str
    """What its rows are taken for."""
    encoding: str
    """How its bytes are read; "" for workbooks."""

    @property
    def told(self) -> list[str]:
        """As the ledger keeps it with a run."""
        return [self.meaning, self.encoding]


@dataclass(frozen=True, slots=True)
class EarlierSource:
    """A file as an earlier run has met it, and created rows of it."""

    run_id: str
    same_mapping: bool
    """Whether it was the mapping file of today, as far as its path tells."""
    created: int
    """Rows of it that the run has created."""
    leads: Mapping[int, str]
    """Leads of those among its first rows, by their places in the file, from 0."""


@dataclass(frozen=True, slots=True)
class EarlierSources:
    """Runs that have created rows of a file, as activities of the same type, and took them for something else; the
    latest first. None if the last of them took them for what they are taken for now: then nothing has changed.
    """

    of_this_file: Sequence[EarlierSource]
    of_its_name: Sequence[EarlierSource]
    """Of another file at the same place, by the same mapping file."""


def earlier_sources(engine: Engine, account: Account, now: SourceNow, first_rows: int) -> EarlierSources:
    """What earlier runs into the same account have created of a file.

    :param first_rows: how many of a file's rows count as its first ones.
    """
    query = (
        select(SOURCES, RUNS.c.id.label("run_id"), RUNS.c.options)
        .join(RUNS, RUNS.c.number == SOURCES.c.run)
        .where(and_(RUNS.c.account == account.id, SOURCES.c.sheet.is_not_distinct_from(now.sheet)))
        .order_by(SOURCES.c.run.desc(), SOURCES.c.position)
        .limit(LATEST)
    )
    with engine.begin() as connection:
        met = [row for row in connection.execute(query) if row.options["event"] == now.event]
        same = [row for row in met if row.sha256 == now.sha256]
        others = [row for row in met if row.sha256 != now.sha256 and _is_at_its_place(row, now)]
        # Who can't tell what a run took other rows for can't tell that this has changed.
        others = [row for row in others if _told(row)[0]]

        def earlier(rows: list[Row[Any]], changed: Callable[[Row[Any]], bool]) -> list[EarlierSource]:
            return [
                EarlierSource(row.run_id, _path(row, row.options["mapping"]) == _now(now, now.mapping), *created)
                for row in _until_the_same(connection, rows, changed)
                if (created := _created_of(connection, row, first_rows))[0]
            ]

        return EarlierSources(
            earlier(same, lambda row: _told(row) != now.told), earlier(others, lambda row: _told(row)[0] != now.meaning)
        )


def _until_the_same(
    connection: Connection, rows: list[Row[Any]], changed: Callable[[Row[Any]], bool]
) -> Iterator[Row[Any]]:
    """Those for which something has changed since, up to one that has created rows and for which nothing has."""
    for row in rows:
        if changed(row):
            yield row
        elif connection.execute(select(ROWS.c.row).where(_rows_created(connection, row)).limit(1)).first():
            return


def _told(source: Row[Any]) -> list[str]:
    """What a run took the rows of a source for, and how it has read them; not all ledgers tell."""
    meanings = source.options.get("meanings", [])
    return list(meanings[source.position]) if source.position < len(meanings) else ["", ""]


def _is_at_its_place(source: Row[Any], now: SourceNow) -> bool:
    same_path = _path(source, source.path) == _now(now, now.path)
    return same_path and _path(source, source.options["mapping"]) == _now(now, now.mapping)


def _path(source: Row[Any], path: str) -> str:
    return os.path.normpath(Path(source.options.get("given_in", ""), path))


def _now(now: SourceNow, path: str) -> str:
    return os.path.normpath(Path(now.given_in, path))


def _rows_created(connection: Connection, source: Row[Any]) -> ColumnElement[bool]:
    """The rows of a source that its run has created."""
    here = and_(ROWS.c.run == source.run, ROWS.c.ordinal >= source.first, ROWS.c.outcome == Outcome.CREATED)
    behind = and_(SOURCES.c.run == source.run, SOURCES.c.position > source.position)
    next_first = connection.execute(select(func.min(SOURCES.c.first)).where(behind)).scalar()
    return here if next_first is None else and_(here, ROWS.c.ordinal < next_first)


def _created_of(connection: Connection, source: Row[Any], first_rows: int) -> tuple[int, dict[int, str]]:
    """How many rows of a source its run has created, and the leads of the first ones."""
    here = _rows_created(connection, source)
    created = connection.execute(select(func.count()).select_from(ROWS).where(here)).scalar() or 0
    first = select(ROWS.c.ordinal, ROWS.c.lead).where(and_(here, ROWS.c.ordinal < source.first + first_rows))
    return created, {row.ordinal - source.first: row.lead for row in connection.execute(first)}
