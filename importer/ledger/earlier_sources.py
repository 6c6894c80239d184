"""What earlier runs have created of a file: whoever changes the mapping must hear of it before all is created again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Engine, Row, and_, func, or_, select

from importer.ledger.entries import Account
from importer.ledger.tables import ROWS, RUNS, SOURCES
from importer.records import Outcome

LATEST: Final = 50
"""Runs on a file that are looked at."""


@dataclass(frozen=True, slots=True)
class EarlierSource:
    """A file as an earlier run has met it, and created rows of it."""

    run_id: str
    same_file: bool
    """Whether it was the very same file; else one of the same name."""
    same_mapping: bool
    """Whether it was the mapping file of today, as far as its name tells."""
    created: int
    """Rows of it that the run has created."""
    leads: Mapping[int, str]
    """Leads of those among its first rows, by their places in the file, from 0."""


@dataclass(frozen=True, slots=True)
class SourceNow:
    """A file that is to be imported."""

    sha256: str
    path: str
    mapping: str
    """Path of the mapping file."""
    event: int
    """Code of the activity type."""
    meaning: str
    """What its rows are taken for."""


def earlier_sources(engine: Engine, account: Account, now: SourceNow, first_rows: int) -> list[EarlierSource]:
    """Runs into the same account that have created rows of this file, or of one of the same name, as activities of the
    same type, and took them for something else; the latest first. None if the last one took them for the same: then
    nothing has changed.

    :param first_rows: how many of a file's rows count as its first ones.
    """
    query = (
        select(SOURCES, RUNS.c.id.label("run_id"), RUNS.c.options)
        .join(RUNS, RUNS.c.number == SOURCES.c.run)
        .where(and_(RUNS.c.account == account.id, or_(SOURCES.c.sha256 == now.sha256, SOURCES.c.path == now.path)))
        .order_by(SOURCES.c.run.desc(), SOURCES.c.position)
        .limit(LATEST)
    )
    with engine.begin() as connection:
        met = [row for row in connection.execute(query) if row.options["event"] == now.event]
        if met and _meaning(met[0]) == now.meaning:
            return []
        others = [row for row in met if _meaning(row) != now.meaning]
        created = [(row, *_created_of(connection, row, first_rows)) for row in others]
    return [
        EarlierSource(row.run_id, row.sha256 == now.sha256, row.options["mapping"] == now.mapping, count, leads)
        for row, count, leads in created
        if count
    ]


def _meaning(source: Row[Any]) -> str:
    """What a run took the rows of a source for; "" in ledgers that don't tell."""
    meanings = source.options.get("meanings", [])
    return str(meanings[source.position]) if source.position < len(meanings) else ""


def _created_of(connection: Connection, source: Row[Any], first_rows: int) -> tuple[int, dict[int, str]]:
    """How many rows of a source its run has created, and the leads of the first ones."""
    here = and_(ROWS.c.run == source.run, ROWS.c.ordinal >= source.first, ROWS.c.outcome == Outcome.CREATED)
    behind = select(func.min(SOURCES.c.first)).where(
        and_(SOURCES.c.run == source.run, SOURCES.c.position > source.position)
    )
    next_first = connection.execute(behind).scalar()
    if next_first is not None:
        here = and_(here, ROWS.c.ordinal < next_first)
    created = connection.execute(select(func.count()).select_from(ROWS).where(here)).scalar() or 0
    first = select(ROWS.c.ordinal, ROWS.c.lead).where(and_(here, ROWS.c.ordinal < source.first + first_rows))
    return created, {row.ordinal - source.first: row.lead for row in connection.execute(first)}
