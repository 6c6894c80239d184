"""The files of one run, in `DIR/<run-id>/`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from importer.blocks import Layout, Place
from importer.records import HeldRow, ResultsAlike
from importer.reporting.results import ResultsFile
from importer.reporting.to_fix import TO_FIX, UNKNOWN, HeldFiles
from importer.reporting.whole_files import new_folder


@dataclass(frozen=True, slots=True)
class WrittenFiles:
    """What was written."""

    rows: int
    """As many as results.csv lists."""
    names: list[str]
    digests: dict[str, str]
    """The SHA-256 of the files that people correct, by name."""


def write_run_files(
    folder: Path,
    layouts: Sequence[tuple[Place, Layout]],
    results: Iterable[ResultsAlike],
    to_fix: Iterable[HeldRow],
    unknown: Iterable[HeldRow],
    routes: Sequence[str] = (),
) -> WrittenFiles:
    """Writes results, rows to correct and rows in doubt; all iterables are in source order.

    :raises ReportUnwritable: the disk is full, the folder is not writable, or the like.
    """
    new_folder(folder)
    with ResultsFile.in_folder(folder, routes) as file:
        for alike in results:
            file.add_alike(alike)
    files = list(file.written)
    digests: dict[str, str] = {}
    for stem, rows in ((TO_FIX, to_fix), (UNKNOWN, unknown)):
        with HeldFiles(folder, stem, layouts) as held:
            for row in rows:
                held.add(row)
        files += held.written
        digests |= held.digests
    return WrittenFiles(file.rows, files, digests)
