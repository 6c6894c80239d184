"""JSON built for a whole column at once: the same texts that Python's own json would build row by row."""

import json

from hypothesis import given
from hypothesis import strategies as st

from importer.mapping.json_text import joined, prefixed, quoted

from .building import texts

CELLS = st.none() | st.text() | st.text(st.sampled_from('"\\/\b\f\n\r\t\x00\x1f\x7f\u2028é😀{}[],:'), max_size=8)


@given(st.lists(CELLS, max_size=8))
def test_quoted(cells: list[str | None]) -> None:
    """Every text becomes a JSON string that means the same text; what is not there stays away."""
    found = quoted(texts(cells)).to_pylist()
    assert [None if cell is None else json.loads(cell) for cell in found] == cells


@given(st.lists(CELLS, min_size=1, max_size=5), st.lists(st.sampled_from([0, 1]), min_size=1, max_size=5))
def test_joined(cells: list[str | None], kinds: list[int]) -> None:
    """Members that a row has stand between commas; those that it lacks leave nothing behind."""
    column = quoted(texts(cells))
    parts = [prefixed(f'"{place}":', column) if kind else f'"{place}":{place}' for place, kind in enumerate(kinds)]
    found = joined(parts, "{", "}")
    written = [found] * len(cells) if isinstance(found, str) else found.to_pylist()
    for text, cell in zip(written, cells, strict=True):
        expected = {
            str(place): cell if kind else place for place, kind in enumerate(kinds) if not kind or cell is not None
        }
        assert json.loads(text) == expected


def test_nothing_joined() -> None:
    """No members at all make an empty array."""
    assert joined([], "[", "]") == "[]"
