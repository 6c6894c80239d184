"""The files of one run, in `DIR/<run-id>/`."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from importer.records import HeldRow, Layout, Place, ResultsAlike
from importer.reporting.results import RESULTS, ResultsFile
from importer.reporting.to_fix import TO_FIX, UNKNOWN, HeldFiles
from importer.reporting.whole_files import new_folder


def write_run_files(
    folder: Path,
    layouts: Sequence[tuple[Place, Layout]],
    results: Iterable[ResultsAlike],
    to_fix: Iterable[HeldRow],
    unknown: Iterable[HeldRow],
    routes: Sequence[str] = (),
) -> tuple[int, list[str]]:
    """Writes results, rows to correct and rows in doubt; all iterables are in source order.

    Returns how many rows results.csv lists, and the names of the files.

    :raises ReportUnwritable: the disk is full, the folder is not writable, or the like.
    """
    new_folder(folder)
    with ResultsFile.in_folder(folder, routes) as file:
        for alike in results:
            file.add_alike(alike)
    files = [RESULTS]
    for stem, rows in ((TO_FIX, to_fix), (UNKNOWN, unknown)):
        with HeldFiles(folder, stem, layouts) as held:
            for row in rows:
                held.add(row)
        files += held.written
    return file.rows, files
