"""The rows of a source that are meant by the mapping's `when`; the others are none of the import, like blank lines.

They are taken out before rows are counted. So every row that was read still ends as exactly one of the six outcomes,
and no word had to be found for rows that nobody asked to import; how many there are is told among the notices.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from importer.blocks import Block, Flags, RowFault
from importer.codes.rows import meaning_of
from importer.loading.source import Source, SourceBehind
from importer.mapping import unusable
from importer.mapping.bound import BoundMapping
from importer.mapping.conditions import hold, in_doubt


def chosen(source: Source, bound: BoundMapping) -> Source:
    """The source itself, or, if the mapping means only some of its rows, the source with those."""
    return ChosenRows(source, bound) if bound.when else source


@dataclass(slots=True)
class ChosenRows(SourceBehind):
    """A source of which only some rows are meant; see loading.source.Source."""

    source: Source
    bound: BoundMapping
    _left_out: int = 0
    _first: int | None = field(default=None)
    """Row number of the first row that was left out."""

    @property
    def notices(self) -> tuple[str, ...]:
        """Those of the source, and how many rows were left out."""
        if not self._left_out:
            return self.source.notices
        rows = f"{self._left_out:,} {'row is' if self._left_out == 1 else 'rows are'}"
        left_out = f"{self.place.source}: {rows} left out by `when` in the mapping, the first is row {self._first}."
        return (*self.source.notices, left_out)

    def blocks(self) -> Iterator[Block]:
        """The rows that are meant. One whose condition looks at a cell of no use stays, as a row that can't be used."""
        start, left_out, first = 0, 0, None
        for block in self.source.blocks():
            meant, faults = self._meant(block)
            gone = np.flatnonzero(~meant)
            if len(gone):
                left_out += len(gone)
                first = int(block.rows[gone[0]]) if first is None else first
            one = replace(block, faults=faults).only(meant)
            one = replace(one, places=np.arange(start, start + len(one)))
            start += len(one)
            if len(one):
                yield one
        self._left_out, self._first = left_out, first

    def _meant(self, block: Block) -> tuple[Flags, dict[int, RowFault]]:
        meant = hold(self.bound.when, block)
        faults = dict(block.faults)
        for offset, position in in_doubt(self.bound.when, block).items():
            faults.setdefault(offset, _undecided(block, offset, position))
        meant[list(faults)] = True
        return meant, faults


def _undecided(block: Block, offset: int, position: int) -> RowFault:
    code = unusable.CODES[block.columns[position].cell(offset).kind]
    subject = f"{block.header.names[position].strip()} {meaning_of(code)}"
    message = f"{subject}, so nobody knows whether the row is meant by `when`"
    return RowFault(code, message, position, beyond=())
