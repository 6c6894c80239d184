"""Slips of people who never read what YAML is: each told in plain words, where it has to be mended."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.mapping.parsing import parse_mapping
from importer.mapping.yaml_tree import read_yaml

from .building import lines_of

REST = "activity: {event: 1}\n"

SLIPS = {
    "deeper than its table": (
        "lead:\n  id: {column: A}\n   route: x\n",
        "3:4: This line is indented by 3, as no line above is that it can belong to",
    ),
    "less deep than its table": (
        "lead:\n  id: {column: A}\n route: x\n",
        "3:2: This line is indented by 1, as no line above is",
    ),
    "a list that is less deep": ("rules:\n  - unique: [A]\n - any_of: [B]\n", "3:2: This line is indented by 1"),
    "deeper than a value": (
        "lead:\n  id: A\n   route: x\n",
        "3:4: This line is indented deeper than line 2, which has its value already",
    ),
    "no blank behind a colon": (
        "lead:\n  route:x\n  id: A\n",
        '2:8: This line has no blank behind its colon. Behind a colon there must be a blank: "route: x".',
    ),
    "no blank in the first line": ("version:1\nlead: {id: A}\n", "1:8: This line has no blank behind its colon."),
    "no blank in braces": ("lead: {id:A}\n", '1:8: "id:A" is taken for a key without a value. Behind a colon'),
    "no blank in the only line": (
        "version: 1\nlead: {id: A}\nactivity:\n  event:999\n",
        '4:3: activity must be a table of keys and values, not "event:999". Behind a colon there must be a blank',
    ),
    "a quotation mark that closes late": (
        'name: "visits\nlead: {id: A}\nactivity:\n  note: {template: "{A}: {B}"}\n',
        "1:7: The quotation mark that opens here is closed only on line 4; one is missing between.",
    ),
    "an apostrophe that closes late": (
        "name: 'visits\nlead: {id: A}\nnote: 'x'\n",
        "1:7: The quotation mark that opens",
    ),
    "a quotation mark in braces": (
        'lead: {id: "A}\nfields:\n  x: {column: "B"}\n',
        "1:12: The quotation mark that opens",
    ),
    "a quotation mark that never closes": (
        'name: "visits\nlead: {id: A}\n',
        "1:7: The quotation mark that opens here is",
    ),
    "a brace that is never closed": (
        "lead: {id: {column: A}\nx: y\n",
        "1:7: The { that opens here is not closed by a }.",
    ),
    "a bracket before a brace": (
        "x: {formats: [a, zone: b}\n",
        "1:14: The [ that opens here is not closed before the }",
    ),
    "a brace too many": ("lead: {id: A}}\n", "1:14: This } closes nothing; there is one too many."),
    "curly quotation marks": (
        "note: {template: \u201c{A}\u201d}\n",
        "1:18: This \u201c is a letter to YAML; write straight",
    ),
    "a no-break space behind a colon": (
        "version:\u00a01\nx: y\n",
        "1:9: This is a no-break space, which is a letter to",
    ),
    "a no-break space in the way": ("fields:\n  x:\u00a0\n    column: A\n", "2:5: This is a no-break space"),
    "a path of Windows": (
        'x: "tables\\codes.csv"\n',
        "1:12: In double quotation marks, \\c means nothing. In paths write /",
    ),
    "a second colon": (
        "name: Visits: May\n",
        '1:13: There is a second colon here; a text with ": " in it needs quotation',
    ),
    "a second colon in braces": (
        "x: {note: Store: x}\n",
        "1:16: A comma is missing before this; or a text with braces",
    ),
    "a missing comma": ("x: {event: 1 note: B}\n", "1:18: A comma is missing before this"),
    "a missing colon": ("activity\n  event: 1\n", '1:1: Behind "activity" a colon is missing.'),
    "a missing colon at the end": ("x: y\nactivity\nlead: z\n", '2:1: Behind "activity" a colon is missing.'),
    "a tab": ("lead:\n\tid: A\n", "2:1: This is a tab; YAML is indented with blanks, not tabs."),
    "a bare directive": ("formats: [%d/%m/%Y]\n", "1:11: A text that begins with % needs quotation marks."),
    "text behind a quoted text": (
        'name: "visits" of May\n',
        "1:16: There is more text behind the closing quotation mark.",
    ),
    "text behind a brace": ("lead: {id: A};\nx: y\n", "1:14: There is more text behind the } that closes the table."),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_slips(slip: str) -> None:
    """The usual slips are told in plain words, at the place where they were made, in no term of the parser."""
    text, expected = SLIPS[slip]
    found = lines_of(sorted(parse_mapping(text, "m.yaml").faults))
    assert any(line.startswith(expected) for line in found), found
    assert not any(term in line for line in found for term in ("<", "scalar", "token", "mapping values", "stream"))


@pytest.mark.parametrize("place", ["lead:\n\u00a0\u00a0id: A\n", "lead:\n  id:\u00a0A\n", "lead: {\u00a0id: A}\n"])
def test_no_break_spaces_that_are_yaml(place: str) -> None:
    """Where a no-break space makes another key of a key, the faults that come of it are explained."""
    found = lines_of(parse_mapping(f"version: 1\n{place}{REST}", "m.yaml").faults)
    assert any("This is a no-break space, which is a letter to YAML; type a blank." in line for line in found)


def test_no_break_spaces_that_do_no_harm() -> None:
    """Within texts, and in a mapping that is right, nothing is said of them."""
    text = f"version: 1\nname: May:\u00a02026 \u00a0\nlead: {{id: Lead\u00a0ID}}\n{REST}"
    assert parse_mapping(text, "m.yaml").faults == ()


def test_words_with_colons_are_texts() -> None:
    """A text such as 1:30 or a path is no key that lacks a blank."""
    assert read_yaml("a: [1:30, C:/x, http://x]\nb: {1:30: x, k:v: y}\n").faults == ()


def test_paths_of_tables(tmp_path: Path) -> None:
    """A table's path as Windows writes it is answered with how paths are written in mappings."""
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "codes.csv").write_text("A,B\n1,2\n", encoding="utf-8")
    for written in (r"tables\missing.csv", r'"tables\tissing.csv"'):
        value = f"{{column: B, map_file: {{file: {written}, from: A, to: B}}}}"
        text = f"version: 1\nlead: {{id: A}}\n{REST}fields: {{x: {value}}}\n"
        (fault,) = parse_mapping(text, str(tmp_path / "m.yaml")).faults
        assert "In paths write / instead of \\, such as tables/codes.csv." in fault.sentence


@given(st.data())
def test_every_text_has_its_words(data: st.DataObject) -> None:
    """However slips are put together, the fault has a place in the text."""
    pieces = [text for text, _ in SLIPS.values()] + ["\u00a0", "\t", " ", "\n", ":", '"', "'", "{", "]", "\\", "\u201c"]
    text = "".join(data.draw(st.lists(st.sampled_from(pieces), max_size=4)))
    lines = text.count("\n") + 1
    for fault in read_yaml(text).faults:
        assert 1 <= fault.line <= lines + 1
        assert fault.column >= 1
