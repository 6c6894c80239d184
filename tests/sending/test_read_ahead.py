"""Chunks made ahead: the same ones in the same order, and an error in its place."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.records import Chunk
from importer.sending.read_ahead import ReadAhead


class UnreadableError(Exception):
    """What making a chunk may raise."""


def numbered(count: int, *, fails: bool, made: list[int]) -> Iterator[Chunk]:
    """So many chunks, and an error behind them."""
    for number in range(count):
        made.append(number)
        yield Chunk(number, ())
    if fails:
        raise UnreadableError


@given(st.integers(0, 12), st.booleans(), st.lists(st.one_of(st.none(), st.integers(0, 5)), max_size=40))
def test_making_ahead_changes_nothing_but_the_moment(count: int, fails: bool, steps: list[int | None]) -> None:
    """However taking (None) and making take turns: no chunk is lost, doubled or moved, and none more is made ahead."""
    made: list[int] = []
    taken: list[int] = []
    ahead, failures = ReadAhead(numbered(count, fails=fails, made=made)), 0
    for most in (*steps, *[None] * (count + 2)):
        if most is not None:
            before = len(made) - len(taken)
            ahead.make(most)
            assert len(made) - len(taken) <= max(before, most)
            continue
        try:
            taken += [chunk.number for chunk in (next(ahead, None),) if chunk is not None]
        except UnreadableError:
            assert taken == list(range(count))
            failures += 1
    assert taken == made == list(range(count))
    assert failures == fails


def test_it_tells_whether_there_was_anything_to_make() -> None:
    """As many as are wanted, and then no more; nor when there are no more."""
    ahead = ReadAhead(numbered(3, fails=False, made=[]))
    assert [ahead.make(2) for _ in range(3)] == [True, True, False]
    assert [next(ahead).number for _ in range(3)] == [0, 1, 2]
    assert [ahead.make(2) for _ in range(2)] == [False, False]
    with pytest.raises(StopIteration):
        next(ahead)
