"""JSON built for a whole column at once: the same texts that Python's own json would build row by row."""

import json

from hypothesis import given
from hypothesis import strategies as st

from importer.mapping.json_text import any_present, fixed, joined, quoted, quoted_text

from .building import texts

CELLS = st.none() | st.text() | st.text(st.sampled_from('"\\/\b\f\n\r\t\x00\x1f\x7f\u2028é😀{}[],:'), max_size=8)


@given(st.lists(CELLS, max_size=8))
def test_quoted(cells: list[str | None]) -> None:
    """Every text becomes a JSON string, as Python writes it; what is not there is left out."""
    fragment = quoted(texts(cells))
    found = fragment.written(len(cells)).to_pylist()
    assert found == ["" if cell is None else quoted_text(cell) for cell in cells]
    assert fragment.present is None or fragment.present.tolist() == [cell is not None for cell in cells]


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=5), st.lists(st.sampled_from([0, 1, 2, None])))
def test_joined(rows: list[tuple[str | None, ...]], kinds: list[int | None]) -> None:
    """Members that a row has stand between commas; those that it lacks leave nothing behind, wherever they stand."""
    columns = [texts([row[place] for row in rows]) for place in range(3)]
    members = [
        (fixed("7") if kind is None else quoted(columns[kind])).within(f'"{place}":')
        for place, kind in enumerate(kinds)
    ]
    found = joined(members, "{", "}", len(rows))
    assert found.present is None
    for text, row in zip(found.written(len(rows)).to_pylist(), rows, strict=True):
        expected = {
            str(place): 7 if kind is None else row[kind]
            for place, kind in enumerate(kinds)
            if kind is None or row[kind] is not None
        }
        assert text == json.dumps(expected, ensure_ascii=False, separators=(",", ":"))


def test_nothing_joined() -> None:
    """No members at all make an empty array."""
    assert joined([], "[", "]", 2).written(2).to_pylist() == ["[]", "[]"]


def test_any_present() -> None:
    """A row has one of several if it has the first, or the second."""
    assert any_present([quoted(texts(["a", None, None])), quoted(texts([None, "b", None]))]).tolist() == [
        True,
        True,
        False,
    ]
