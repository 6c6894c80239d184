"""Activities in file order, cut into the loads of calls."""

from collections.abc import Callable, Iterable, Iterator

from importer.records import Activity, Cell, Chunk

Cells = Callable[[], tuple[Cell, ...]]
"""Makes the source's own cells of one row."""


def chunks(rows: Iterable[tuple[Activity, Cells]], size: int) -> Iterator[Chunk]:
    """Chunks of `size` activities, the last one with what is left. They get their numbers when they leave.

    What is left at the end of a block waits for the next one: only the very last call of a run is short.
    """
    waiting: list[tuple[Activity, Cells]] = []
    for row in rows:
        waiting.append(row)
        if len(waiting) == size:
            yield _chunk(waiting)
            waiting = []
    if waiting:
        yield _chunk(waiting)


def _chunk(rows: list[tuple[Activity, Cells]]) -> Chunk:
    makers = tuple(cells for _, cells in rows)
    return Chunk(0, tuple(activity for activity, _ in rows), lambda: tuple(cells() for cells in makers))
