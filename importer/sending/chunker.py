"""Activities in file order, cut into the loads of calls."""

from collections.abc import Callable, Iterable, Iterator

from importer.records import Activity, Cell, Chunk

Cells = Callable[[], tuple[Cell, ...]]
"""Makes the source's own cells of one row."""


def chunks(rows: Iterable[tuple[Activity, Cells]], size: int, first_number: int) -> Iterator[Chunk]:
    """Chunks of `size` activities, the last one with what is left; numbered from `first_number`.

    What is left at the end of a block waits for the next one: only the very last call of a run is short.
    """
    waiting: list[tuple[Activity, Cells]] = []
    number = first_number
    for row in rows:
        waiting.append(row)
        if len(waiting) == size:
            yield _chunk(number, waiting)
            number += 1
            waiting = []
    if waiting:
        yield _chunk(number, waiting)


def _chunk(number: int, rows: list[tuple[Activity, Cells]]) -> Chunk:
    makers = tuple(cells for _, cells in rows)
    return Chunk(number, tuple(activity for activity, _ in rows), lambda: tuple(cells() for cells in makers))
