"""Files of rows to correct: as the source was, with what is wrong beside each row, ready to be run again."""

from collections.abc import Iterable
from contextlib import AbstractContextManager, ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Protocol, Self

from importer.blocks import CsvLayout, Layout, Place
from importer.records import HeldRow
from importer.reporting.earlier import EarlierFiles, sha256_of
from importer.reporting.to_fix_csv import CsvToFix
from importer.reporting.whole_files import stands_beside, whole_file

TO_FIX: Final = "to-fix"
UNKNOWN: Final = "unknown"

_ENDINGS: Final = (".csv", ".xlsx")


class _Writer(Protocol):
    def add(self, row: HeldRow) -> None: ...


class HeldFiles:
    """Files of one kind for a run's sources; each begins with the first row that goes into it."""

    def __init__(self, folder: Path, stem: str, sources: Iterable[tuple[Place, Layout]]) -> None:
        """:param stem: `to-fix` or `unknown`; with several sources, each file is named after its source as well."""
        self._folder = folder
        self._layouts = dict(sources)
        self._stem = stem
        self._stems = _stems(stem, list(self._layouts))
        self._writers: dict[Place, _Writer] = {}
        self._open = ExitStack()
        self._names: list[str] = []
        self._earlier = EarlierFiles.in_folder(folder)
        self._digests: dict[str, str] = {}

    def add(self, row: HeldRow) -> None:
        """Adds a row to its source's file."""
        if row.place not in self._writers:
            self._writers[row.place] = self._open.enter_context(self._new_file(row.place))
        self._writers[row.place].add(row)

    def _new_file(self, place: Place) -> AbstractContextManager[_Writer]:
        layout = self._layouts[place]
        if isinstance(layout, CsvLayout):
            return CsvToFix.file(self._target(place, ".csv"), layout)
        from importer.reporting.to_fix_excel import ExcelToFix  # noqa: PLC0415  # openpyxl costs 0.2 s

        return ExcelToFix.file(self._target(place, ".xlsx"), layout)

    def _target(self, place: Place, ending: str) -> AbstractContextManager[BinaryIO]:
        return whole_file(self._folder / (self._stems[place] + ending), self._names, self._earlier.are_changed)

    @property
    def digests(self) -> dict[str, str]:
        """The SHA-256 of each file by its name, so that a later report knows whether somebody has changed it."""
        return self._digests

    @property
    def written(self) -> list[str]:
        """Names of the files, in the order of their sources; complete when this has been left."""
        order = {stem: index for index, stem in enumerate(self._stems.values())}
        return sorted(self._names, key=lambda name: order[Path(stands_beside(name) or name).stem])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.__exit__(kind, error, trace)
        if error is None:
            self._digests = {name: sha256_of(self._folder / name) for name in self._names}
            # An earlier report of the same run may have had rows that are settled by now.
            for path in self._folder.glob(f"{self._stem}*"):
                if path.suffix in _ENDINGS and path.name not in self._names and self._earlier.left(path):
                    with suppress(OSError):  # somebody has it open
                        path.unlink()


def _stems(stem: str, places: list[Place]) -> dict[Place, str]:
    if len(places) <= 1:
        return dict.fromkeys(places, stem)
    stems: dict[Place, str] = {}
    for place in places:
        # Nothing but letters, digits and dashes of a name given by somebody gets into the name of a file of ours.
        own = "".join(letter if letter.isalnum() else "-" for letter in Path(place.source).stem)[:60]
        candidate, number = f"{stem}-{own}", 2
        while candidate.casefold() in {taken.casefold() for taken in stems.values()}:  # to some disks case is nothing
            candidate, number = f"{stem}-{own}-{number}", number + 1
        stems[place] = candidate
    return stems
