"""Patterns that are given to Arrow: it must find in them what Python finds."""

import re

import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.validation.plain_patterns import is_plain
from tests.mapping.building import became, texts

PLAIN = [
    "[0-9]{4}",
    "LN/20[0-9]{2}/[0-9]{5}",
    r"\+91-[0-9]{10}",
    "(a|bc|)d*",
    "[A-Z]{2,}[0-9a-f]?",
    "x{0}y{1,3}z+",
    r"[a\.\-0-9]*",
    "",
    "won|lost",
]


@pytest.mark.parametrize("pattern", PLAIN)
def test_plain_patterns(pattern: str) -> None:
    """What people write to check codes and numbers is plain."""
    assert is_plain(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        r"\d{4}",
        r"\w+",
        ".*",
        "^x$",
        "[^0]",
        "(?i)x",
        "(?:x)",
        "x+?",
        "x++",
        "(a|aa)+",
        "é",
        r"\1",
        "[0-9]{4}\n",
        "x" * 201,
        "[a-é]",
        "[[:alpha:]]",
        r"x\Z",
        "x{,3}",
    ],
)
def test_patterns_that_are_not_plain(pattern: str) -> None:
    """What the two might read in two ways is left to Python."""
    assert not is_plain(pattern)


ATOMS = st.sampled_from(
    ["a", "B", "0", "9", " ", "-", "/", r"\.", r"\+", "[0-9]", "[a-f]", "[A-Z0-9]", "[ab]", "(a|B)", "()"]
)
TIMES = st.sampled_from(["", "", "", "*", "+", "?", "{2}", "{1,2}", "{0,}"])
PATTERNS = st.lists(st.tuples(ATOMS, TIMES).map("".join), max_size=5).map("".join) | st.lists(ATOMS).map("|".join)
CELLS = st.text(st.sampled_from("aBb09 -/.+\n\u0661é"), max_size=6)


@given(PATTERNS.filter(is_plain), st.lists(CELLS, min_size=1, max_size=8))
def test_both_find_the_same(pattern: str, cells: list[str]) -> None:
    """Under a plain pattern, Arrow and Python accept the same texts."""
    found = pc.match_substring_regex(texts(cells), f"^(?:{pattern})$").to_pylist()
    assert found == [re.fullmatch(pattern, cell) is not None for cell in cells]


@given(st.lists(st.text(st.sampled_from("0123456789a\n\u0661"), max_size=5), min_size=1, max_size=8))
def test_patterns_of_values(cells: list[str]) -> None:
    """A value's pattern fits the whole text, whichever of the two looks at it."""
    for pattern in ("[0-9]{4}", "(?:[0-9]){4}"):
        expected = [
            cell or None if not cell or re.fullmatch(pattern, cell) else ("pattern-mismatch",) for cell in cells
        ]
        assert became(f'{{column: A, pattern: "{pattern}"}}', cells) == expected
