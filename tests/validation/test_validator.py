"""Validation: all faults of all rows in one pass, each with its row."""

import time
from collections import Counter
from dataclasses import replace

import pandera.pandas as pandera
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importer.blocks import CellColumn, RowFault
from importer.codes.rows import Code
from importer.mapping.reading import read_value
from importer.validation import Validator
from importer.validation.schema import REASON, frame_of, schema_of
from tests.mapping.building import LEAD, LEAD_AND_EVENT, block_of, bound, checked, texts

MANY = """
version: 1
lead: {id: Lead ID}
activity: {event: 201, note: {column: Note, required: true, max_length: 5}}
fields:
  A: {column: Number, type: integer, required: true}
  B: {column: Stage, choices: [Won, Lost]}
  C: {column: Code, pattern: "[0-9]{4}", max_length: 4}
  D: {fields: {Status: {column: Stage, max_length: 1}}}
  E: {constant: x}
"""
GOOD = {"Lead ID": LEAD, "Note": "ok", "Number": "1", "Stage": "", "Code": "0419"}
BAD = {"Lead ID": "x", "Note": "", "Number": "one", "Stage": "Open", "Code": "12345"}


def columns_of(*rows: dict[str, str]) -> dict[str, list[str]]:
    """Rows, column by column."""
    return {name: [row[name] for row in rows] for name in GOOD}


def test_several_issues_on_one_row() -> None:
    """A row has all its issues at once, in the order of the mapping, and the rows around it have none."""
    found = checked(MANY, columns_of(GOOD, BAD, GOOD))
    assert found.good.tolist() == [True, False, True]
    assert {issue.row for issue in found.issues} == {3}
    assert [(issue.column, issue.code) for issue in found.issues] == [
        ("A", "guid-malformed"),
        ("B", "required-empty"),
        ("C", "integer-unreadable"),
        ("D", "choice-unlisted"),
        ("E", "too-long"),
        ("E", "pattern-mismatch"),
        ("D", "too-long"),
    ]


def test_issues_in_row_order() -> None:
    """Issues come in the order of the rows, whatever check found them, and group by row."""
    found = checked(MANY, columns_of(BAD, GOOD, GOOD | {"Code": "x"}, BAD))
    assert [issue.row for issue in found.issues] == [2] * 7 + [4] + [5] * 7
    assert [(offset, len(issues)) for offset, issues in found.faulty_rows()] == [(0, 7), (2, 1), (3, 7)]


def test_rows_that_are_no_rows() -> None:
    """A row that could not be read as one bears that issue only, among those of the other rows."""
    block = replace(block_of(columns_of(BAD, BAD, GOOD)), faults={1: RowFault(Code.TOO_FEW_FIELDS, "x")})
    found = Validator(bound(MANY, tuple(GOOD))).check(block)
    assert [issue.code for issue in found.issues if issue.row == 3] == ["too-few-fields"]
    assert found.good.tolist() == [False, False, True]
    assert len([issue for issue in found.issues if issue.row == 2]) == 7


ROWS = st.fixed_dictionaries({name: st.sampled_from([GOOD[name], BAD[name], "", "  "]) for name in GOOD})


@settings(max_examples=25)
@given(st.lists(ROWS, min_size=1, max_size=4))
def test_rows_do_not_disturb_each_other(rows: list[dict[str, str]]) -> None:
    """What is found in a row is the same whether it is looked at among others or by itself."""
    together = checked(MANY, columns_of(*rows))
    for offset, row in enumerate(rows):
        alone = checked(MANY, columns_of(row))
        found = [issue for issue in together.issues if issue.row == offset + 2]
        assert [replace(issue, row=2) for issue in found] == list(alone.issues)
        assert together.good[offset] == alone.good[0] == (not found)


def test_every_row_failing() -> None:
    """A hundred thousand bad rows have all their issues, in seconds: none is left out after the first thousand."""
    count = 100_000
    lead_ids = [f"bad {number}" for number in range(count)]
    begun = time.perf_counter()
    found = checked(
        LEAD_AND_EVENT + "fields: {X: {column: A, required: true}}\n", {"Lead ID": lead_ids, "A": [""] * count}
    )
    assert time.perf_counter() - begun < 30, "seconds; measured: 2"
    assert Counter(issue.code for issue in found.issues) == {"guid-malformed": count, "required-empty": count}
    assert [issue.value for issue in found.issues[::2]] == lead_ids
    assert not found.good.any()


def test_columns_that_are_empty() -> None:
    """A column whose cells are all empty breaks no rule but that it is required."""
    empty = dict.fromkeys(GOOD, "") | {"Lead ID": LEAD}
    assert [issue.code for issue in checked(MANY, columns_of(empty, empty)).issues] == ["required-empty"] * 4


def test_no_issues() -> None:
    """Good rows have no issues."""
    found = checked(MANY, columns_of(GOOD, GOOD))
    assert found.issues == ()
    assert found.good.all()


def test_readings() -> None:
    """What was read is handed on by the value's place in the mapping, constants left out."""
    found = checked(MANY, columns_of(GOOD))
    assert set(found.readings) == {
        "lead.id",
        "activity.note",
        "fields.A",
        "fields.B",
        "fields.C",
        "fields.D.fields.Status",
    }


def test_a_mapping_of_constants_only() -> None:
    """Rows of which nothing is looked at are good."""
    text = LEAD_AND_EVENT.replace("id: Lead ID", f"id: {{constant: {LEAD}}}")
    assert checked(text, {"A": ["1", "2"]}).good.tolist() == [True, True]


CELLS = st.text(max_size=6) | st.text(st.sampled_from("0123456789/-: .,+@aexn\n\0\u00a0é😀"), max_size=10)


@pytest.mark.parametrize(
    "value",
    [
        "A",
        "{column: A, type: integer}",
        '{column: A, type: decimal, number: {thousands: ".", decimal: ","}}',
        "{column: A, type: boolean}",
        "{column: A, type: date, formats: [dd/mm/yyyy, mm/dd/yyyy, yyyymmdd]}",
        "{column: A, type: datetime, timezone: Europe/Berlin}",
        "{column: A, type: email}",
        "{column: A, type: phone}",
        "{column: A, type: guid}",
        "{column: A, choices: [a, '']}",
        "{column: A, map: {a: b, '': c}, default: ''}",
        '{column: A, pattern: "(a|aa)+", max_length: 3, trim: true, required: true}',
        '{template: "{A}{A}", max_length: 4, pattern: "[^0]*"}',
    ],
)
@settings(max_examples=40)
@given(cells=st.lists(CELLS, min_size=1, max_size=10))
def test_checks_never_raise(value: str, cells: list[str]) -> None:
    """Whatever cells hold, every row is good or has an issue, and no check ever raises."""
    found = checked(f"{LEAD_AND_EVENT}fields: {{X: {value}}}\n", {"Lead ID": [LEAD] * len(cells), "A": cells})
    assert {issue.row - 2 for issue in found.issues} == {offset for offset, good in enumerate(found.good) if not good}


def test_pandera_does_the_work() -> None:
    """The rules are a pandera schema: a column for each value of which something is asked, with its checks."""
    schema = schema_of(bound(MANY, tuple(GOOD)))
    assert isinstance(schema, pandera.DataFrameSchema)
    rules = {
        name: (column.nullable, [check.error for check in column.checks])
        for name, column in schema.columns.items()
        if not name.startswith(REASON)
    }
    assert rules == {
        "activity.note": (True, ["too-long"]),
        "fields.B": (True, ["choice-unlisted"]),
        "fields.C": (True, ["too-long", "pattern-mismatch"]),
        "fields.D.fields.Status": (True, ["too-long"]),
    }
    reasons = [column for name, column in schema.columns.items() if name.startswith(REASON)]
    assert len(reasons) == 6, "as many as a row can have"
    assert not any(column.required for column in reasons)


def test_pandera_finds_the_faults() -> None:
    """The schema refuses the frame of bad rows by itself, and accepts that of good ones."""
    mapping = bound(MANY, tuple(GOOD))
    schema = schema_of(mapping)

    def frame(*rows: dict[str, str]) -> object:
        block = block_of(columns_of(*rows))
        return schema.validate(
            frame_of([read_value(value, block) for value in mapping.values() if not value.constant], [], schema),
            lazy=True,
        )

    frame(GOOD, GOOD)
    with pytest.raises(pandera.errors.SchemaErrors) as refused:
        frame(GOOD, BAD)
    assert set(refused.value.failure_cases["index"]) == {1}
    assert len(refused.value.failure_cases) == 7


def test_a_part_of_a_block() -> None:
    """The first rows of a block are checked like a block of their own."""
    block = block_of(columns_of(BAD, GOOD, BAD))
    validator = Validator(bound(MANY, tuple(GOOD)))
    assert [issue.row for issue in validator.check(block.head(2)).issues] == [2] * 7
    sliced = replace(
        block, columns=tuple(CellColumn(column.shown[1:]) for column in block.columns), rows=block.rows[1:]
    )
    assert [issue.row for issue in validator.check(sliced).issues] == [4] * 7
    assert (
        validator.check(
            replace(block, columns=tuple(CellColumn(texts([])) for _ in block.columns), rows=block.rows[:0])
        ).issues
        == ()
    )
