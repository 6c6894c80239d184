"""Rows cut into the loads of calls."""

from collections.abc import Iterator
from functools import partial
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.blocks import Cell
from importer.records import Activity
from importer.sending.chunker import Cells, chunks

from .simulation import activity


def cells_of(ordinal: int) -> tuple[Cell, ...]:
    return (Cell(str(ordinal)),)


def rows(count: int, taken: list[int] | None = None) -> Iterator[tuple[Activity, Cells]]:
    """So many rows; which of them were taken is noted in `taken`."""
    for ordinal in range(count):
        if taken is not None:
            taken.append(ordinal)
        yield activity(ordinal), partial(cells_of, ordinal)


@given(st.integers(0, 200), st.integers(1, 30))
def test_rows_are_cut_in_order_into_full_chunks(count: int, size: int) -> None:
    """Chunks hold every row once and in order, have no number yet, and only the last one may be short."""
    cut = list(chunks(rows(count), [size]))
    assert [each.ordinal for chunk in cut for each in chunk.activities] == list(range(count))
    assert {chunk.number for chunk in cut} <= {0}
    assert all(len(chunk.activities) == size for chunk in cut[:-1])
    assert not cut or 1 <= len(cut[-1].activities) <= size


@given(st.integers(1, 100), st.integers(1, 30))
def test_each_row_keeps_its_own_cells(count: int, size: int) -> None:
    """The cells that a chunk makes are those of its rows, in the same order."""
    for chunk in chunks(rows(count), [size]):
        assert chunk.cells() == tuple(cells_of(each.ordinal) for each in chunk.activities)


def test_cells_are_made_when_they_are_asked_for() -> None:
    """Cutting rows makes no cells; asking for them twice gives the same."""
    made: list[int] = []

    def cells(ordinal: int) -> tuple[Cell, ...]:
        made.append(ordinal)
        return cells_of(ordinal)

    (chunk,) = chunks(((activity(n), partial(cells, n)) for n in range(3)), [5])
    assert made == []
    assert chunk.cells() == chunk.cells() == tuple(map(cells_of, range(3)))
    assert made == [0, 1, 2, 0, 1, 2]


def test_no_row_is_taken_before_its_chunk_is_asked_for() -> None:
    """The sender's pace is the reader's: a chunk takes its own rows and none of the next."""
    taken: list[int] = []
    cut = chunks(rows(100, taken), [25])
    assert taken == []
    list(islice(cut, 2))
    assert taken == list(range(50))


def test_rows_before_an_error_are_not_sent_in_a_short_chunk() -> None:
    """If reading fails, full chunks have gone and the rest stays behind."""

    def failing() -> Iterator[tuple[Activity, Cells]]:
        yield from rows(7)
        raise ValueError

    cut = chunks(failing(), [5])
    assert len(next(cut).activities) == 5
    with pytest.raises(ValueError):
        next(cut)
    assert list(cut) == []
