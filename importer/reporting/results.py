"""results.csv: one line for every row of the source, in the source's order."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field as attribute
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, Final

from importer.records import NO_ROAD, ResultsAlike, RowResult
from importer.reporting.delimited import harmless_fields, record
from importer.reporting.whole_files import whole_file
from importer.text_files.formulas import neutralised

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
        self.add_alike(ResultsAlike(result, (result.row,), (result.lead,), (result.activity_id,)))

    def add_alike(self, alike: ResultsAlike) -> None:
        """Lists rows of which the same is to be said."""
        self.target.write("".join(self._lines(alike)).encode())

    def _lines(self, alike: ResultsAlike) -> list[str]:
        result = alike.result
        place = _written((result.place.source, result.place.sheet or ""))
        chunk = "" if result.chunk is None else result.chunk
        row_number = "" if result.row_number is None else result.row_number
        between = f"{chunk},{row_number},{result.outcome},{result.created}"
        route = ("" if result.road == NO_ROAD else self.routes[result.road],) if self.routes else ()
        said = _written((result.code, result.message, *route))
        leads = harmless_fields(alike.leads)
        if alike.ids is None:
            lines = [f"{place},{row},{between},,{lead},{said}\n" for row, lead in zip(alike.rows, leads, strict=True)]
        else:
            rows = zip(alike.rows, harmless_fields(alike.ids), leads, strict=True)
            lines = [f"{place},{row},{between},{made},{lead},{said}\n" for row, made, lead in rows]
        self.rows += len(lines)
        if not alike.among:
            return lines
        listed, mixed = 0, []
        for before, other in alike.among:
            mixed += lines[listed:before]
            mixed += self._lines(other)
            listed = before
        return mixed + lines[listed:]


@lru_cache(maxsize=1024)
def _written(texts: tuple[str, ...]) -> str:
    """Fields as they stand in the file; what is said of one row is mostly said of many."""
    return record(map(neutralised, texts), newline="")
