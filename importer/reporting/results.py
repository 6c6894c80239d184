"""results.csv: one line for every row of the source, in the source's order."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field as attribute
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, Final

from importer.records import NO_ROAD, RowResult
from importer.reporting.delimited import field, neutralised, record
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
    written: list[str] = attribute(default_factory=list)
    """Its name, when this has been left."""

    @classmethod
    @contextmanager
    def in_folder(cls, folder: Path, routes: Sequence[str] = ()) -> Iterator["ResultsFile"]:
        """Opens the file; it appears when everything has been added.

        :param routes: the mapping's roads, if it has more than one; then each line tells which one its row took.
        """
        shown = tuple(routes) if len(routes) > 1 else ()
        names: list[str] = []
        with whole_file(folder / RESULTS, names) as target:
            target.write(record((*COLUMNS, ROUTE) if shown else COLUMNS).encode())
            yield cls(target, shown, written=names)

    def add(self, result: RowResult) -> None:
        """Lists one row."""
        self.add_alike(result, (result.row,), (result.lead,))

    def add_alike(self, result: RowResult, rows: Sequence[int], leads: Sequence[str]) -> None:
        """Lists rows that have the same result, but for their numbers and leads."""
        place = _written((result.place.source, result.place.sheet or ""))
        chunk = "" if result.chunk is None else result.chunk
        row_number = "" if result.row_number is None else result.row_number
        between = f"{chunk},{row_number},{result.outcome},{result.created},{field(result.activity_id)}"
        route = ("" if result.road == NO_ROAD else self.routes[result.road],) if self.routes else ()
        said = _written((result.code, result.message, *route))
        lines = [
            f"{place},{row},{between},{field(neutralised(lead))},{said}\n"
            for row, lead in zip(rows, leads, strict=True)
        ]
        self.target.write("".join(lines).encode())
        self.rows += len(lines)


@lru_cache(maxsize=1024)
def _written(texts: tuple[str, ...]) -> str:
    """Fields as they stand in the file; what is said of one row is mostly said of many."""
    return record(map(neutralised, texts), newline="")
