"""Stretches of rows: cut where their content says, and marked by it."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from importer.blocks import Cell, CellColumn, CellKind
from importer.recognition.stretches import USUAL, Around, Stretch, cut
from tests.mapping.building import column_of

Table = list[tuple[str | Cell, str | Cell]]

STORED = [Cell("4", CellKind.NUMBER, "4.2", "0"), Cell("4", CellKind.NUMBER, "4.2", "#0"), Cell("4", CellKind.TEXT)]
AROUND = Around(b"secret", b"common", b"header")
CELLS = st.sampled_from(["", "a", "b", "ab", "é", "0419", "long enough to be told by its end", *STORED])
TABLES = st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=12)


def stretches(
    table: Sequence[tuple[str | Cell, str | Cell]], unreadable: Sequence[bool] | None = None
) -> list[Stretch]:
    """The stretches of a table of two columns."""
    flags = np.zeros(len(table), np.bool_) if unreadable is None else np.array(unreadable, np.bool_)
    return cut([column_of([row[place] for row in table]) for place in (0, 1)], [], flags, AROUND)


def long(table: Table) -> Table:
    """A table that is long enough to be remembered."""
    return table * (USUAL.fewest // len(table) + 1)


def many(count: int, first: int = 0) -> Table:
    """Rows of which each is another one."""
    return [(f"lead {number * 7919 % 1_000_003}", f"note {number}") for number in range(first, first + count)]


def marked(table: Table, unreadable: Sequence[bool]) -> dict[bytes, tuple[Table, Sequence[bool], list[bool]]]:
    """What each mark stands for: cells, rows that are none, and which columns store more than they show."""
    found = stretches(table, unreadable)
    stored = [any(isinstance(row[place], Cell) for row in table) for place in (0, 1)]
    return {each.mark: (table[each.rows], unreadable[each.rows], stored) for each in found}


@given(TABLES, TABLES, st.data())
def test_a_mark_stands_for_its_rows_and_no_others(one: Table, other: Table, data: st.DataObject) -> None:
    """Where two tables share a mark they share the rows, cell for cell, what Excel stores behind them as well; and a
    row that could not be read as one is not what it would have been.
    """
    one, other = long(one), long(data.draw(st.sampled_from([one, other])))
    unreadable = data.draw(st.sampled_from([[False] * len(other), [not place % 5 for place in range(len(other))]]))
    before, after = marked(one, [False] * len(one)), marked(other, unreadable)
    assert all(before[mark] == after[mark] for mark in before.keys() & after.keys())
    assert (before == after) == ((one, [False] * len(one)) == (other, unreadable))


def test_a_mark_needs_the_secret_and_what_all_rows_share() -> None:
    """Nobody can compute the mark of a guessed table, and another account or mapping has other marks."""
    columns, none = [column_of([text for text, _ in many(100)])], np.zeros(100, np.bool_)
    around = [Around(secret, common, b"") for secret in (b"a", b"b") for common in (b"x", b"y")]
    assert len({cut(columns, [], none, each)[0].mark for each in around}) == 4


def test_what_is_not_used_has_a_mark_as_well() -> None:
    """Another cell beside, another header or one column more changes the mark of the whole, not that of the rows."""
    used, none = [column_of([text for text, _ in many(100)])], np.zeros(100, np.bool_)
    words = [[f"{word} {number}" for number in range(100)] for word in ("a", "b")]
    sides = [[], [column_of(words[0])], [column_of(words[1])], [column_of(words[0]), column_of(words[1])]]
    found = [
        cut(used, side, none, Around(b"secret", b"common", header))[0] for side in sides for header in (b"A,B", b"A,C")
    ]
    assert len({each.mark for each in found}) == 1
    assert len({each.whole for each in found}) == 8


def test_stretches_follow_each_other() -> None:
    """Together they are the whole block, but for ends that are too short to be remembered."""
    found = stretches(many(20_000))
    assert 8 < len(found) < 40
    assert all(one.end <= two.start for one, two in pairwise(found))
    assert sum(each.end - each.start for each in found) > 20_000 - USUAL.fewest * len(found)


def test_a_change_touches_the_stretches_it_is_in_and_no_others() -> None:
    """Rows added at the top, one changed, one taken away: all other stretches are known by their marks."""
    table = many(30_000)
    before = {each.mark for each in stretches(table)}
    changed = [*many(3, first=900_000), *table]
    changed[10_000] = ("another", "row")
    del changed[20_000]
    after = stretches(changed)
    assert len([each for each in after if each.mark not in before]) <= 3
    assert stretches([]) == stretches(many(USUAL.fewest - 1)) == []


def test_a_part_of_an_array_is_cut_like_an_array_of_its_own() -> None:
    """Arrow shares memory between arrays: what stands before a slice is none of it."""
    table = many(5_000)
    columns = [column_of([row[place] for row in table]) for place in (0, 1)]
    parts = [CellColumn(column.shown[1_000:4_000]) for column in columns]
    part = cut(parts, [], np.zeros(3_000, np.bool_), AROUND)
    assert [each.mark for each in part][1:] == [each.mark for each in stretches(table[1_000:4_000])][1:]
    assert part[-1].end == 3_000
