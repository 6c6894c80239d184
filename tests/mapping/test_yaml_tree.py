"""YAML: scalars mean what is written, every key knows its place, and no file can do harm."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.blocks import Header
from importer.errors.mappings import MappingError, MappingFault
from importer.mapping.binding import bind
from importer.mapping.yaml_tree import DEEPEST, LARGEST, read_yaml

from .building import HEADER, SOURCE, mapping

WHOLE = """\
version: 1
name: site-visits
source: {sheet: Visits, header_row: 1, encoding: utf-8, delimiter: ","}
lead:
  route: bulk_by_lead_id
  id: {column: Lead ID}
activity:
  event: 201
  note: {template: "{Store}: {Remarks}"}
  datetime: {column: Visit Date, formats: ["%d/%m/%Y %H:%M"], timezone: Asia/Kolkata}
  owner: {column: Owner Email}
fields:
  mx_Custom_1: {column: Store, required: true}
  mx_Custom_2: Store Code
  mx_Custom_3: {column: Amount, type: decimal, number: {thousands: ",", decimal: "."}}
  mx_Custom_8: {constant: "1"}
  mx_Custom_9: {column: Stage, map: {won: Won, lost: Lost}, default: Open}
  mx_Custom_10:
    fields: {Status: {constant: Pending}, mx_CustomObject_1: {column: Remarks, max_length: 20}}
import_key: {field: mx_Custom_15}
duplicates: {key: [Lead ID, Visit Date]}
"""


@pytest.mark.parametrize(
    "scalar",
    [
        "0123",
        "0o17",
        "0x1F",
        "NO",
        "no",
        "Yes",
        "on",
        "off",
        "true",
        "1:30",
        "12:30:45",
        "+919845098450",
        "1e5",
        "1_000",
        "1.10",
        ".inf",
        ".NaN",
        "2024-01-01",
        "2024-01-01T10:30:00Z",
        "<<",
        "=",
        "Null and void",
        "None",
        "NA",
        "नमस्ते",
    ],
)
def test_scalars_mean_what_is_written(scalar: str) -> None:
    """A plain scalar is its own text: nothing is taken for a number, a date or a yes."""
    assert read_yaml(f"a: {scalar}\nb: [{scalar}]\n{scalar}: c\n").plain == {"a": scalar, "b": [scalar], scalar: "c"}
    assert read_yaml(f"a: '{scalar}'").plain == {"a": scalar}


@pytest.mark.parametrize("scalar", ["", "~", "null", "Null", "NULL", " # a comment"])
def test_nothing(scalar: str) -> None:
    """A key without a value has none; in quotation marks the same word is a text."""
    assert read_yaml(f"a: {scalar}").plain == {"a": None}
    assert read_yaml(f'a: "{scalar}"').plain == {"a": scalar}


def test_texts_in_all_styles() -> None:
    """Quoted, folded and literal texts are read as YAML says."""
    text = """\
a: 'it''s'
b: "tab\\there \\u20ac \\"x\\""
c: |
  two
  lines
d: >-
  one
  line
e: >
  two

  lines
f: plain # not this
g: 'folded
  too'
"""
    assert read_yaml(text).plain == {
        "a": "it's",
        "b": 'tab\there € "x"',
        "c": "two\nlines\n",
        "d": "one line",
        "e": "two\nlines\n",
        "f": "plain",
        "g": "folded too",
    }


def test_positions() -> None:
    """Every key, list item and value knows the line and column on which it is written."""
    tree = read_yaml("a: 1\nb:\n  - x\n  - {c: y,  d: [z]}\n")
    assert tree.positions == {
        ("a",): (1, 1),
        ("b",): (2, 1),
        ("b", 0): (3, 5),
        ("b", 1): (4, 5),
        ("b", 1, "c"): (4, 6),
        ("b", 1, "d"): (4, 13),
        ("b", 1, "d", 0): (4, 17),
    }
    assert tree.value_at(("a",)) == (1, 4)
    assert tree.value_at(("b", 1, "c")) == (4, 9)
    assert tree.key_at(("b", 1, "missing", "deeper")) == (4, 5)
    assert tree.value_at(("nothing",)) == (1, 1)


def test_windows_files() -> None:
    """Line ends of Windows and a byte-order mark don't shift what is said about a line."""
    tree = read_yaml("a: 1\r\nb: 2\r\n")
    assert (tree.plain, tree.positions[("b",)]) == ({"a": "1", "b": "2"}, (2, 1))


HOSTILE = {
    "aliases that blow up": "a: &a [x,x]\n"
    + "".join(f"{n}: &{n} [*{p},*{p}]\n" for p, n in zip("abcdef", "bcdefg", strict=True)),
    "an alias of itself": "a: &a [*a]\n",
    "a tag that runs code": 'a: !!python/object/apply:os.system ["exit 1"]\n',
    "a tag that opens a file": "a: !include /etc/passwd\n",
    "a merge key": "base: &b {x: 1}\na: {<<: *b}\n",
    "deep flow": "a: " + "[" * 100_000,
    "deep tables": "{a: " * 60_000,
    "deep blocks": "".join(" " * depth + "a:\n" for depth in range(500)),
    "deep dashes": "- " * 100_000,
    "deep questions": "? " * 100_000,
    "only comments": "#\n" * 130_000,
    "only exclamation marks": "!" * 200_000,
    "only anchors": "&a " * 80_000,
    "only tabs": "\t" * 200_000,
    "only line ends": "\n" * 250_000,
    "only commas": "{" + "," * 200_000,
    "one key again and again": "a: 1\n" * 50_000,
    "one long text": 'a: "' + "\\x41" * 60_000 + '"',
    "tag handles": "%TAG ! x\n" * 20_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_texts(text: str) -> None:
    """A text made to do harm runs nothing, grows nothing, and is done with in seconds."""
    assert len(text) <= LARGEST
    begun = time.perf_counter()
    document = mapping(text)
    assert document.model is None
    assert document.faults
    assert len(str(document.tree.plain)) <= 2 * len(text)
    assert time.perf_counter() - begun < 20, "seconds; measured: up to 5"


def test_size() -> None:
    """A file of more than 256 KiB is no mapping."""
    assert read_yaml("#" * LARGEST).faults == ()
    (fault,) = read_yaml("#" * (LARGEST + 1)).faults
    assert fault.sentence == "The file is larger than 256 KiB."


def test_depth() -> None:
    """Twenty levels are allowed, which is far more than a mapping needs, and not one more."""
    assert read_yaml("[" * DEEPEST + "]" * DEEPEST).faults == ()
    assert read_yaml("[" * DEEPEST + "x" + "]" * DEEPEST).faults == ()
    (fault,) = read_yaml("[" * (DEEPEST + 1) + "x" + "]" * (DEEPEST + 1)).faults
    assert "deeper than 20 levels" in fault.sentence


def test_the_whole_mapping() -> None:
    """The mapping that the next tests spoil is right."""
    assert bind(mapping(WHOLE), Header(HEADER, 1), SOURCE).event == 201


def faults_of(text: str) -> tuple[MappingFault, ...]:
    """All that is wrong with a mapping; nothing if it can be used."""
    try:
        bind(mapping(text), Header(HEADER, 1), SOURCE)
    except MappingError as refused:
        return refused.faults or (MappingFault(0, 0, "refused without a reason"),)
    return ()


@given(st.data())
def test_spoilt_mappings(data: st.DataObject) -> None:
    """However a mapping is spoilt, it is used or refused with faults that have places in it; it never crashes."""
    text = WHOLE
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(text)))
        gone = data.draw(st.integers(0, 12))
        new = data.draw(
            st.one_of(st.text(st.sampled_from("{}[]:,\"'\n &*!#-?|>%@`~0a\t"), max_size=3), st.text(max_size=2))
        )
        text = text[:at] + new + text[at + gone :]
    lines = len(text.splitlines()) + 1
    assert all(1 <= fault.line <= lines and fault.column >= 1 for fault in faults_of(text))


NODES = st.recursive(
    st.sampled_from(["", "x", "1", "Lead ID", "Store", "{Store}", "date", "dd/mm/yyyy", "UTC", "note", None]),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                ["column", "constant", "template", "type", "fields", "formats", "map", "choices", "number", "key", "id"]
            ),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=12,
)


def flow(node: object) -> str:
    """A value as YAML."""
    if isinstance(node, dict):
        return "{" + ", ".join(f"{key}: {flow(value)}" for key, value in node.items()) + "}"
    if isinstance(node, list):
        return "[" + ", ".join(map(flow, node)) + "]"
    return "~" if node is None else f'"{node}"'


@given(
    st.dictionaries(
        st.sampled_from(
            ["version", "name", "source", "lead", "activity", "fields", "import_key", "duplicates", "lead.id",
             "lead.route", "lead.search_by", "lead.attributes", "activity.event", "activity.datetime", "activity.owner",
             "fields.X", "source.encoding", "source.header_row", "duplicates.key", "import_key.field"]
        ),
        NODES,
        max_size=6,
    )
)  # fmt: skip
def test_anything_anywhere(nodes: dict[str, object]) -> None:
    """Whatever stands in whatever place of a mapping, it is refused with faults or used, and never crashes."""
    tree: dict[str, object] = {"version": "1", "lead": {"id": "Lead ID"}, "activity": {"event": "201"}}
    for path, node in nodes.items():
        section, _, key = path.partition(".")
        if not key:
            tree[section] = node
        else:
            table = tree.setdefault(section, {})
            if isinstance(table, dict):
                table[key] = node
    text = flow(tree)
    assert all(fault.line == 1 and 1 <= fault.column <= len(text) for fault in faults_of(text))
