"""Tests in a mapping file: what is as expected passes, and everything else is told with what came instead."""

import pytest

from importer.errors.mappings import MappingError
from importer.validation.mapping_tests import run_tests
from tests.mapping.building import LEAD, mapping

MAPPING = """\
version: 1
lead: {id: Lead ID}
activity: {event: 201, note: {column: Note, required: true}}
when: {column: Kind, is_not: test}
rules: [{unique: [Note]}]
fields:
  X: {column: Amount, type: decimal}
  S: {fields: {Status: Kind}}
  C: {constant: 0419}
tests:
"""
ROW = f"Lead ID: {LEAD}, Note: n"


def differences(test: str) -> list[str]:
    """What is not as one test expects."""
    (tested,) = run_tests(mapping(f"{MAPPING}  - {{{test}}}\n"))
    assert (tested.number, tested.line) == (1, 11)
    return list(tested.differences)


@pytest.mark.parametrize(
    "test",
    [
        f"row: {{{ROW}}}",
        f"row: {{{ROW}}}, fields: {{X: , C: 0419}}, activity: {{note: n}}, lead: {{id: {LEAD}}}",
        f'row: {{{ROW}, Amount: "1.50", Kind: visit}}, fields: {{X: "1.50", S: {{Status: visit}}}}',
        f"row: {{{ROW}}}, fields: {{S: {{Status: }}}}",
        f"row: {{{ROW}, Amount: x}}, issues: [decimal-unreadable]",
        "row: {Amount: x}, issues: [required-empty, decimal-unreadable, lead-missing]",
        "row: {Kind: test}, left_out: true",
        f"row: {{{ROW}}}, left_out: false",
    ],
)
def test_as_expected(test: str) -> None:
    """Values that are named are compared, nothing stands for nothing, issues are all of them in any order."""
    assert differences(test) == []


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        (f"row: {{{ROW}}}, fields: {{X: 1}}", ['fields.X: expected "1", got nothing']),
        (
            f"row: {{{ROW}, Kind: a}}, fields: {{S: {{Status: }}}}, activity: {{note: m}}",
            ['activity.note: expected "m", got "n"', 'fields.S.Status: expected nothing, got "a"'],
        ),
        (
            f"row: {{{ROW}, Amount: x}}, fields: {{X: x}}",
            [
                "expected no issues, got the issues decimal-unreadable",
                '  Amount is not a number (digits, "." before decimals): "x"',
            ],
        ),
        (f"row: {{{ROW}}}, issues: [too-long]", ["expected the issues too-long, got no issues"]),
        (f"row: {{{ROW}}}, left_out: true", ["expected the row to be left out by `when`, but it is not"]),
        ("row: {Kind: test}", ["the row is left out by `when`"]),
        ("row: {Kind: test}, issues: [required-empty]", ["the row is left out by `when`"]),
    ],
)
def test_not_as_expected(test: str, expected: list[str]) -> None:
    """A difference says what was expected, and what came."""
    assert differences(test) == expected


def test_several() -> None:
    """Tests are run by themselves: rows that are alike are no rows of one file."""
    text = MAPPING + f"  - {{name: a, row: {{{ROW}}}}}\n  - {{name: b, row: {{{ROW}}}, fields: {{C: 419}}}}\n"
    found = run_tests(mapping(text))
    assert [(tested.number, tested.name, len(tested.differences)) for tested in found] == [(1, "a", 0), (2, "b", 1)]


def test_a_mapping_that_is_broken() -> None:
    """A mapping with faults is not tested: its faults are told."""
    with pytest.raises(MappingError):
        run_tests(mapping(MAPPING + "  - {row: {Amuont: 1}}\n"))
