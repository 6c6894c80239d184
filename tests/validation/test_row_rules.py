"""Rules for rows as a whole: unique among all rows, one or another column filled."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.blocks import Block, Cell, CellKind, RowFault
from importer.codes.rows import Code
from importer.mapping.bound import BoundRule, RuleKind
from importer.validation import CheckedBlock, Validator
from importer.validation.row_rules import _repeats_among, find_repeats
from tests.mapping.building import LEAD, LEAD_AND_EVENT, block_of, bound


def in_blocks(rows: Sequence[tuple[str, str]], size: int) -> list[Block]:
    """Rows of the columns A and B, in blocks of some size."""
    return [
        block_of(
            {
                "Lead ID": [LEAD] * len(rows[start : start + size]),
                "A": [a for a, _ in rows[start : start + size]],
                "B": [b for _, b in rows[start : start + size]],
            },
            start,
        )
        for start in range(0, len(rows), size)
    ]


def checked(rules: str, blocks: list[Block]) -> list[CheckedBlock]:
    """The blocks, checked by the rules."""

    def source() -> Iterator[Block]:
        yield from blocks

    validator = Validator(bound(f"{LEAD_AND_EVENT}rules: {rules}\n", ("Lead ID", "A", "B")), source)
    return [validator.check(block) for block in blocks]


def said(rules: str, rows: Sequence[tuple[str, str]], size: int = 100) -> list[str]:
    """The messages of all issues, behind the numbers of their rows."""
    return [f"{issue.row}: {issue.message}" for one in checked(rules, in_blocks(rows, size)) for issue in one.issues]


@pytest.mark.parametrize("size", [1, 2, 100])
def test_unique(size: int) -> None:
    """Both rows that are alike are issues, wherever they stand, and each names the other."""
    rows = [("1", "x"), ("2", "x"), (" 1 ", "y"), ("", "z"), ("", ""), ("1", "x")]
    meant = "stands in another row as well, but may stand in one only"
    assert said("[{unique: [A]}]", rows, size) == [
        f"2: A {meant} (row 4)",
        f"4: A {meant} (row 2)",
        f"7: A {meant} (row 2)",
    ]
    assert said("[{unique: [A, B]}]", rows, size) == [
        f"2: A, B together {meant} (row 7)",
        f"7: A, B together {meant} (row 2)",
    ]


@given(
    st.lists(st.tuples(st.sampled_from(["", "a", "b", "aa", "1:a"]), st.sampled_from(["", "a", ":"])), max_size=12),
    st.integers(1, 5),
)
def test_unique_is_counting(rows: list[tuple[str, str]], size: int) -> None:
    """In whatever blocks rows come, those are issues that are not alone with their cells."""
    count = Counter(rows)
    expected = [place + 2 for place, row in enumerate(rows) if any(row) and count[row] > 1]
    found = [issue.row for one in checked("[{unique: [A, B]}]", in_blocks(rows, size)) for issue in one.issues]
    assert found == expected


def test_rows_that_are_no_rows_are_like_no_other() -> None:
    """A row that could not be read as one is not compared."""
    first, second = in_blocks([("1", "x"), ("1", "x")], 1)
    broken = replace(second, faults={0: RowFault(Code.TOO_FEW_FIELDS, "x")})
    found = checked("[{unique: [A]}]", [first, broken])
    assert [issue.code for one in found for issue in one.issues] == ["too-few-fields"]


def test_half_a_digest_is_not_enough() -> None:
    """Rows whose digests agree in one half only are different rows."""
    halves = np.array([[1, 1], [1, 2], [3, 3], [1, 2]], np.uint64)
    found = _repeats_among(halves, np.array([0, 1, 5, 9]), np.array([2, 3, 7, 11]))
    assert found.places.tolist() == [1, 9]
    assert found.others.tolist() == [11, 3]


def test_a_source_without_rows() -> None:
    """Where there are no rows, none are alike."""
    assert not len(find_repeats(BoundRule(RuleKind.UNIQUE, (0,)), []).places)


def test_either_or() -> None:
    """At least one, or exactly one of the columns is filled; white space does not fill a cell."""
    rows = [("x", ""), ("", "y"), ("x", "y"), ("", " \u00a0")]
    none, several = "are all empty, but one must be filled", "are filled side by side, but only one may be"
    assert said("[{any_of: [A, B]}]", rows) == [f"5: A, B {none}"]
    assert said("[{one_of: [B, A]}]", rows) == [f"4: B, A {several}", f"5: B, A {none}"]


def test_the_address_of_a_rule() -> None:
    """The issue of a rule names all its columns and what stands in them, and can be told together with its like."""
    (one,) = checked("[{one_of: [B, A]}, {unique: [A]}]", in_blocks([("x", "y"), ("x", "")], 10))
    first, second, third = one.issues
    assert (first.column, first.header, first.value, first.rule) == ("C, B", "B, A", "y, x", "exactly one filled")
    assert (second.row, third.row) == (2, 3)
    assert second.general == third.general != second.message
    assert (second.code, second.rule) == ("not-unique", "unique among all rows")


def test_errors_of_excel_are_no_empty_cells() -> None:
    """A cell that shows an Excel error is filled, as a person sees it."""
    block = block_of({"Lead ID": [LEAD], "A": [Cell("#N/A", CellKind.ERROR)], "B": [Cell("")]})
    assert checked("[{any_of: [A, B]}]", [block])[0].issues == ()


def test_many_alike() -> None:
    """A hundred thousand rows that are all alike are a hundred thousand issues, in seconds."""
    (one,) = checked("[{unique: [A]}]", in_blocks([("same", "")] * 100_000, 100_000))
    assert len(one.issues) == 100_000
    assert one.issues[0].message.endswith("(row 3)")
    assert one.issues[-1].message.endswith("(row 2)")
