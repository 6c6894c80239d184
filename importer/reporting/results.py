"""results.csv: one line for every row of the source, in the source's order."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from importer.records import RowResult
from importer.reporting.delimited import neutralised, record
from importer.reporting.whole_files import whole_file

RESULTS: Final = "results.csv"
COLUMNS: Final = (
    "Source",
    "Sheet",
    "Row",
    "Chunk",
    "RowNumber",
    "Outcome",
    "ActivityCreated",
    "ProspectActivityId",
    "Lead",
    "Code",
    "Message",
)


ROUTE: Final = "Route"
"""A column more, if the mapping has a second way for rows that lack the key of the first."""


@dataclass(slots=True)
class ResultsFile:
    """The file while it is being written."""

    target: BinaryIO
    routes: tuple[str, ...] = ()
    rows: int = 0
    """Rows listed so far."""

    @classmethod
    @contextmanager
    def in_folder(cls, folder: Path, routes: Sequence[str] = ()) -> Iterator["ResultsFile"]:
        """Opens the file; it appears when everything has been added.

        :param routes: the mapping's roads, if it has more than one; then each line tells which one its row took.
        """
        shown = tuple(routes) if len(routes) > 1 else ()
        with whole_file(folder / RESULTS) as target:
            target.write(record((*COLUMNS, ROUTE) if shown else COLUMNS).encode())
            yield cls(target, shown)

    def add(self, result: RowResult) -> None:
        """Lists one row."""
        route = (self.routes[result.road],) if self.routes else ()
        self.target.write(record((*_fields(result), *route)).encode())
        self.rows += 1


def _fields(result: RowResult) -> tuple[str, ...]:
    return (
        neutralised(result.place.source),
        neutralised(result.place.sheet or ""),
        str(result.row),
        "" if result.chunk is None else str(result.chunk),
        "" if result.row_number is None else str(result.row_number),
        result.outcome,
        result.created,
        result.activity_id,
        neutralised(result.lead),
        result.code,
        neutralised(result.message),
    )
