"""Small ledgers, runs, rows and chunks for tests."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TypeAlias

from importer.blocks import Cell, CsvLayout, Place
from importer.ledger.entries import NewRow, PlannedRow, Run, RunOrder, SourceEntry
from importer.ledger.journal import Journal
from importer.ledger.ledger import Ledger, open_ledger
from importer.ledger.planning import plan_block
from importer.records import Activity, Chunk, Outcome, Receipt

START = datetime(2026, 3, 2, 10, 0, 0, tzinfo=UTC)
LAYOUT = CsvLayout("utf-8", byte_order_mark=False, delimiter=",", newline="\n", preamble="", header=("Lead", "Note"))

Line: TypeAlias = tuple[int, str, int | None, int | None, str, str]
"""Of results.csv: row, outcome, chunk, row number, activity id, code."""


@dataclass
class Calendar:
    """A time that goes on by a second whenever somebody looks."""

    now: datetime = START

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@contextmanager
def ledger_in(state: Path) -> Iterator[Ledger]:
    """The ledger of this folder."""
    with open_ledger(state, Calendar()) as ledger:
        yield ledger


def order(ledger: Ledger, signature: str = "visits.csv", **options: object) -> RunOrder:
    """The order of a run; the same signature means the same run."""
    return RunOrder(ledger.runs.account("api.leadsquared.com", "AK"), signature, "visits", options, "out")


def a_run(ledger: Ledger, signature: str = "visits.csv", sources: Sequence[int] = (0,)) -> "Work":
    """A run that was begun, or gone on with; `sources` are the ordinals at which its files begin."""
    run, continued = ledger.runs.begin(order(ledger, signature))
    for position, first in enumerate(sources):
        entry = SourceEntry(Place(f"{signature}-{position}"), "00" * 32, first, LAYOUT)
        ledger.runs.add_source(run, position, entry)
    return Work(ledger, run, continued)


def key(word: str | int) -> bytes:
    """The key of an activity, another one for each word."""
    return str(word).encode().rjust(16, b"\0")


def activity(ordinal: int, word: str | int | None = None) -> Activity:
    """The activity of a row; `word` makes its key, else the ordinal does."""
    named = ordinal if word is None else word
    return Activity(ordinal, key(named), b'{"ActivityNote":"body of %s"}' % str(named).encode(), f"lead of {named}")


def cells(ordinal: int) -> tuple[Cell, ...]:
    """The source's cells of a row."""
    return Cell(f"lead of {ordinal}"), Cell(f"note of {ordinal}")


def chunk(number: int, activities: Sequence[Activity]) -> Chunk:
    """A chunk of these activities, with the cells of their rows."""
    return Chunk(number, tuple(activities), lambda: tuple(cells(each.ordinal) for each in activities))


def activity_id(ordinal: int) -> str:
    return f"{ordinal:08x}-51aa-11e2-9e64-12314004ac6b"


def receipts(load: Chunk, refused: Sequence[int] = ()) -> tuple[Receipt, ...]:
    """A receipt for each row of a chunk; `refused` are ordinals."""
    return tuple(
        Receipt(place, created=False, code="lsq-rejected", message="no such lead")
        if each.ordinal in refused
        else Receipt(place, created=True, activity_id=activity_id(each.ordinal))
        for place, each in enumerate(load.activities, start=1)
    )


def invalid(ordinal: int) -> PlannedRow:
    """A row that failed validation."""
    return PlannedRow(ordinal, ordinal + 2, Outcome.INVALID, code="too-long", message="is longer", cells=cells(ordinal))


@dataclass
class Work:
    """A run at work."""

    ledger: Ledger
    run: Run
    continued: bool
    journal: Journal = field(init=False)

    def __post_init__(self) -> None:
        self.journal = self.ledger.journal(self.run)

    def plan(self, activities: Sequence[Activity], faulty: Sequence[PlannedRow] = ()) -> Sequence[Activity]:
        """Plans a block; gives what is to be sent."""
        rows = [NewRow(each.ordinal + 2, each, partial(cells, each.ordinal)) for each in activities]
        ordinals = [row.ordinal for row in activities] + [row.ordinal for row in faulty]
        done = self.journal.outcomes(min(ordinals), max(ordinals)) if self.continued and ordinals else {}
        return plan_block(self.journal, faulty, rows, done=done).to_send

    def planned(self, count: int) -> Sequence[Activity]:
        """Plans so many new rows."""
        return self.plan([activity(ordinal) for ordinal in range(count)])

    def send(self, number: int, activities: Sequence[Activity], refused: Sequence[int] = ()) -> Chunk:
        """A call that came back with its receipts."""
        load = chunk(number, activities)
        self.journal.intend(load, 1)
        self.journal.settle(load, 1, receipts(load, refused))
        return load

    def finish(self, exit_code: int = 0, *, still_open: bool = False) -> Run:
        return self.ledger.runs.finish(self.run, exit_code, 1.5, still_open=still_open)

    def lines(self) -> list[Line]:
        """What results.csv would say."""
        return [
            (each.row, str(each.outcome), each.chunk, each.row_number, each.activity_id, each.code)
            for each in self.ledger.view(self.run).results()
        ]

    def outcomes(self) -> list[str]:
        """The outcomes alone, in source order."""
        return [line[1] for line in self.lines()]

    def held(self, *outcomes: Outcome) -> list[int]:
        """The rows whose cells are kept, of these outcomes or of any."""
        return [each.row for each in self.ledger.view(self.run).held(outcomes or tuple(Outcome))]
