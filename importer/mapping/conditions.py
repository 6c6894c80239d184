"""What `when` asks of rows, for all rows of a block at once."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.blocks import Block, Flags
from importer.mapping.unusable import are_unusable


@dataclass(frozen=True, slots=True)
class BoundCondition:
    """What a row must say in one column. Texts are compared exactly, but for white space at their ends."""

    position: int
    texts: tuple[str, ...] | None
    """The texts in question; None: whether the cell is filled."""
    wanted: bool
    """Whether the cell must be one of the texts, or filled; else it must not."""


def hold(conditions: Sequence[BoundCondition], block: Block) -> Flags:
    """Which rows say all that is asked."""
    holding = np.ones(len(block), np.bool_)
    for condition in conditions:
        cells = pc.utf8_trim_whitespace(block.columns[condition.position].shown)
        if condition.texts is None:
            said = pc.not_equal(cells, "")
        else:
            said = pc.is_in(cells, pa.array([text.strip() for text in condition.texts], pa.large_string()))
        holding &= said.to_numpy(zero_copy_only=False) == condition.wanted
    return holding


def in_doubt(conditions: Sequence[BoundCondition], block: Block) -> dict[int, int]:
    """Rows of which nobody can say, because nobody can use what Excel stores there: an error, or its like.

    Offset of the row -> position of that cell.
    """
    doubtful: dict[int, int] = {}
    for condition in conditions:
        stored = block.columns[condition.position].stored
        if stored is not None:
            doubtful.update(dict.fromkeys(np.flatnonzero(are_unusable(stored.kinds)).tolist(), condition.position))
    return doubtful
