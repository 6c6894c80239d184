"""Numbers that a spreadsheet has shortened before we came: 9.19845E+11 in a column that is posted as text.

Number types refuse them. Text is posted as it stands, so all that can be done is to tell of it, before it is too late.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pyarrow.compute as pc

from importer.blocks import Block
from importer.loading.source import Source, SourceBehind
from importer.mapping.bound import BoundMapping
from importer.mapping.numbers import SHORTENED


@dataclass(slots=True)
class TellingOfShortened(SourceBehind):
    """A source whose notices tell of them; see loading.source.Source.

    Its first block is looked at: what spoils a column spoils it from the start.
    """

    source: Source
    bound: BoundMapping
    _found: dict[str, int] = field(default_factory=dict)
    """By column: in how many rows."""
    _looked_at: int = 0

    @property
    def notices(self) -> tuple[str, ...]:
        """Those of the source, and the columns in which numbers were shortened."""
        return (*self.source.notices, *map(self._notice, self._found))

    def blocks(self) -> Iterator[Block]:
        """Those of the source."""
        blocks = self.source.blocks()
        for first in blocks:
            self._look_at(first)
            yield first
            del first  # or it would lie beside the next one while that is made
            break
        yield from blocks

    def _look_at(self, block: Block) -> None:
        self._looked_at = len(block)
        self._found = {
            block.header.names[position].strip(): count
            for position in sorted(self.bound.used_positions)
            if (count := pc.sum(pc.match_substring_regex(block.columns[position].shown, SHORTENED)).as_py())
        }

    def _notice(self, column: str) -> str:
        count, rows = self._found[column], f"{self._looked_at:,}"
        return (
            f"{self.place.source}: {count:,} of the first {rows} rows have numbers like 9.19845E+11 in {column}: a "
            "spreadsheet has cut off their digits. As text they are posted so; format the column as text or `0` there, "
            "and export the file anew."
        )
