"""The marks that are named for a number nobody can read: those that read it, and what each makes of it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.codes.number_marks import marks_of, posted, remedy_of, written
from importer.codes.rows import EXPLANATIONS, Code
from importer.reporting.issues import IssueGroups
from tests.conftest import Command
from tests.mapping.building import number
from tests.mapping.test_values import check
from tests.rows import MAPPING, read_csv, visit, write_csv
from tests.validation.test_issues import issues_of

ENGLISH = 'number: {thousands: ",", decimal: "."}'
GERMAN = 'number: {thousands: ".", decimal: ","}'


def remedies(*cells: str, type_: str = "decimal") -> tuple[str, list[str]]:
    """What is said of all cells together, and of each."""
    issues = issues_of(f"{{column: C, type: {type_}}}", *cells)
    groups = IssueGroups()
    for issue in issues:
        groups.add(issue)
    (group,) = groups.by_weight()
    return group.remedy, [remedy_of(issue) for issue in issues]


@pytest.mark.parametrize(
    ("cell", "named", "other"),
    [
        ("12,500.50", ENGLISH, GERMAN),
        ("12,34,567", ENGLISH, GERMAN),
        ("1.250,50", GERMAN, ENGLISH),
        ("12,5", GERMAN, ENGLISH),
        ("0,123", GERMAN, ENGLISH),
        ("1.250.000", GERMAN, ENGLISH),
        ("1\u00a0250,50", 'number: {thousands: " ", decimal: ","}', GERMAN),
        ("1'250.50", 'number: {thousands: "\'", decimal: "."}', ENGLISH),
    ],
)
def test_the_example_suits_the_cell(cell: str, named: str, other: str) -> None:
    """Where a cell can be read in one way only, the marks of that way are named, and no others."""
    together, (alone,) = remedies(cell)
    assert together == alone
    assert named in alone
    assert other not in alone


def test_where_both_readings_are_possible_both_are_said() -> None:
    """1,250 alone is one number or another, a thousand times as large; what each would be is told."""
    together, (alone,) = remedies("1,250")
    assert together == alone
    assert f"{ENGLISH}, which makes 1250 of it" in alone
    assert f"{GERMAN}, which makes 1.250 of it" in alone


def test_one_cell_decides_for_its_column() -> None:
    """Beside 12,500.50 in the same column, 1,250 is no question any more."""
    together, (first, second) = remedies("1,250", "12,500.50")
    assert GERMAN not in together + second
    assert ENGLISH in together
    assert GERMAN in first


def test_a_column_written_in_two_ways_is_not_mended_by_marks() -> None:
    """No marks read both 1,250.50 and 1.250,50."""
    together, _ = remedies("1,250.50", "1.250,50")
    assert "different marks" in together


def test_what_is_no_number_by_any_marks() -> None:
    """For such a cell the remedy is that of its code, which names both ways with what they make of a number."""
    together, (alone,) = remedies("12 pieces")
    assert together == alone == EXPLANATIONS[Code.DECIMAL_UNREADABLE].remedy
    assert "as 1250" in alone
    assert "as 1.250" in alone


def test_whole_numbers() -> None:
    """Of a whole number only thousands can be marked."""
    told = f"Name its marks in the mapping, by which it is a number: {ENGLISH}."
    assert remedies("1,250", type_="integer") == (told, [told])
    assert GERMAN in remedies("1.250", type_="integer")[0]


def test_what_excel_stores_is_no_matter_of_marks() -> None:
    """A cell that shows 1,250 and stores 1250.4 is told as what it is."""
    (issue,) = issues_of("{column: C, type: integer}", number("1,250", "1250.4"))
    assert issue.message == "C is not a whole number (digits); Excel stores 1250.4"
    assert remedy_of(issue) == EXPLANATIONS[Code.INTEGER_UNREADABLE].remedy


@given(st.integers(-10_000_000, 10_000_000), st.integers(0, 3), st.sampled_from([(",", "."), (".", ","), (" ", ",")]))
def test_marks_that_are_named_read_the_cell_as_was_said(whole: int, places: int, marks: tuple[str, str]) -> None:
    """Put into the mapping, they post just what the remedy told."""
    thousands, decimal = marks
    text = f"{whole:,.{places}f}".translate({ord(","): thousands, ord("."): decimal})
    for each in marks_of(text, whole=False):
        check(f"{{column: A, type: decimal, {written(each)}}}", [(text, posted(text, each))])
    assert marks in marks_of(text, whole=False)


def test_the_terminal_and_issues_csv_say_so(lsq_import: Command, tmp_path: Path) -> None:
    """`validate` prints the remedy of all cells, and lists that of each."""
    write_csv(tmp_path / "visits.csv", [visit(1, Amount="1,250"), visit(2, Amount="12,500.50")])
    (tmp_path / "visits.yaml").write_text(MAPPING, encoding="utf-8")
    ran = lsq_import("validate", "visits.csv", "-m", "visits.yaml")
    assert ran.code == 1
    assert (ENGLISH in ran.out, GERMAN in ran.out) == (True, False)
    (listed,) = (tmp_path / "import-results").glob("*/issues.csv")
    first, second = read_csv(listed)
    assert "1.250" in first["Remedy"]
    assert "1.250" not in second["Remedy"]
