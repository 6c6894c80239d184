"""Activities in file order, cut into the loads of calls."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from importer.blocks import Cell
from importer.records import Activity, Chunk

Cells = Callable[[], tuple[Cell, ...]]
"""Makes the source's own cells of one row."""


def chunks(rows: Iterable[tuple[Activity, Cells]], sizes: Sequence[int]) -> Iterator[Chunk]:
    """Full chunks for each road, the last one with what is left. They get their numbers when they leave.

    What is left at the end of a block waits for the next one: only the very last call on a road is short.

    :param sizes: the most activities that a call carries, by road.
    """
    waiting: list[list[tuple[Activity, Cells]]] = [[] for _ in sizes]
    for row in rows:
        road = row[0].road
        waiting[road].append(row)
        if len(waiting[road]) == sizes[road]:
            yield _chunk(waiting[road])
            waiting[road] = []
    for left in waiting:
        if left:
            yield _chunk(left)


def _chunk(rows: list[tuple[Activity, Cells]]) -> Chunk:
    makers = tuple(cells for _, cells in rows)
    return Chunk(0, tuple(activity for activity, _ in rows), lambda: tuple(cells() for cells in makers))
