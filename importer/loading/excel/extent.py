"""How much of a sheet is used, watched while it is read."""

from importer.blocks import column_letter
from importer.errors.sources import SourceTooLarge
from importer.loading.excel.limits import AREA, MEBIBYTE, REPEATED, SHOWN, SHOWN_ANYWAY, SPARSE
from importer.loading.excel.sheet import SheetRow
from importer.loading.source import FrozenFile


class Extent:
    """How much of a sheet is used, watched: a single cell in the last corner makes a sheet of 17 billion."""

    def __init__(self, file: FrozenFile) -> None:
        self._label = file.label
        self._most_shown = min(SHOWN, max(SHOWN_ANYWAY, file.size * REPEATED))
        self._cells = 0
        self._width = 0
        self._characters = 0

    def grow(self, row: SheetRow) -> None:
        """Counts the next row with its cells.

        :raises SourceTooLarge: hardly any cell of a very large area is used.
        """
        self._cells += len(row.cells)
        self._width = max(self._width, row.cells[-1][0] + 1)
        area = self._width * row.number
        if area > AREA and self._cells * SPARSE < area:
            what = f"its {self._cells:,} cells lie scattered as far as {column_letter(self._width - 1)}{row.number}"
            raise SourceTooLarge(self._label, what, f"an area of {AREA:,} cells")

    def show(self, characters: int) -> None:
        """Counts the characters that a row shows.

        :raises SourceTooLarge: they are more than any honest sheet has.
        """
        self._characters += characters
        if self._characters > self._most_shown:
            limit = f"{self._most_shown // MEBIBYTE:,} million characters for a file of this size"
            raise SourceTooLarge(self._label, "its cells show more text than any sheet has", limit)
