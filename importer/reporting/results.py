"""results.csv: one line for every row of the source, in the source's order."""

from collections.abc import Iterator
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


@dataclass(slots=True)
class ResultsFile:
    """The file while it is being written."""

    target: BinaryIO
    rows: int = 0
    """Rows listed so far."""

    @classmethod
    @contextmanager
    def in_folder(cls, folder: Path) -> Iterator["ResultsFile"]:
        """Opens the file; it appears when everything has been added."""
        with whole_file(folder / RESULTS) as target:
            target.write(record(COLUMNS).encode())
            yield cls(target)

    def add(self, result: RowResult) -> None:
        """Lists one row."""
        self.target.write(record(_fields(result)).encode())
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
