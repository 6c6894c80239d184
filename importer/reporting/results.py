"""results.csv: one line for every row of the source, in the source's order."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

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


def write_results(folder: Path, results: Iterable[RowResult]) -> int:
    """Writes the file and returns how many rows it lists."""
    count = 0
    with whole_file(folder / RESULTS) as file:
        file.write(record(COLUMNS).encode())
        for result in results:
            file.write(record(_fields(result)).encode())
            count += 1
    return count


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
