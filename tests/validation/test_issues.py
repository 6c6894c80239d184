"""Issues: every code a row can bear, with the exact address of its cell and what to do about it."""

from dataclasses import replace

import pytest

from importer.blocks import Block, Cell, CellKind, Place, RowFault
from importer.codes.rows import EXPLANATIONS, Code
from importer.records import Issue
from importer.reporting.issues import IssueGroups
from importer.validation import Validator
from tests.mapping.building import LEAD, LEAD_AND_EVENT, block_of, bound, moment, number

PLACE = Place("visits.xlsx", "Visits")
ROW_CODES = {
    Code.TOO_FEW_FIELDS,
    Code.TOO_MANY_FIELDS,
    Code.ROW_NOT_CORRECTED,
    Code.QUOTE_UNCLOSED,
    Code.QUOTE_MISPLACED,
    Code.NUL_CHARACTER,
}
RULE_CODES = {Code.NOT_UNIQUE, Code.NONE_FILLED, Code.SEVERAL_FILLED}
"""Those of rules for rows; test_row_rules.py is about them."""
CELL_CODES = (
    {code for code in Code if list(Code).index(code) <= list(Code).index(Code.TOO_LONG)}
    - ROW_CODES
    - RULE_CODES
    - {Code.LEAD_MISSING}
)


def issues_of(value: str, *cells: str | Cell) -> tuple[Issue, ...]:
    """The issues of a column C, between two good ones, in the third sheet row and below."""
    columns = {"Lead ID": [LEAD] * len(cells), "B": ["b"] * len(cells), "C": cells, "D": ["0"] * len(cells)}
    text = f"{LEAD_AND_EVENT}fields: {{X: {value}}}\n"
    block = replace(block_of(columns, start=1), place=PLACE)
    return Validator(bound(text, tuple(columns))).check(block).issues


USABLE = "a cell with a value of use"
CASES: list[tuple[Code, str, str | Cell, str, str]] = [
    (
        Code.EXCEL_ERROR,
        "C",
        Cell("#N/A", CellKind.ERROR),
        USABLE,
        "C shows an Excel error such as #N/A",
    ),
    (
        Code.FORMULA_WITHOUT_VALUE,
        "C",
        Cell("", CellKind.FORMULA),
        USABLE,
        "C is a formula whose value was never calculated",
    ),
    (
        Code.NUMBER_TOO_LONG,
        "C",
        Cell("1.2345678901234568E+17", CellKind.LONG_NUMBER, "1.2345678901234568E+17"),
        USABLE,
        "C is a number with more digits than Excel keeps, so that its last ones are lost",
    ),
    (
        Code.NUMBER_NOT_SHOWN,
        "C",
        Cell("########", CellKind.UNSHOWN, "-0.5", "[h]:mm"),
        USABLE,
        "C is a number that Excel can't show under the cell's format (########)",
    ),
    (
        Code.DATE_IMPOSSIBLE,
        "C",
        Cell("29/02/1900", CellKind.NO_DAY, "60", "dd/mm/yyyy"),
        USABLE,
        "C has a number in it for which there is no day",
    ),
    (
        Code.TIME_SERIAL,
        "{column: C, type: time}",
        Cell("30:00:00", CellKind.NUMBER, "1.25", "[h]:mm:ss"),
        "type: time",
        "C is a plain number or a length of time, where a time of day is expected",
    ),
    (Code.REQUIRED_EMPTY, "{column: C, required: true}", "", "required: true", "C is empty, but required"),
    (
        Code.INTEGER_UNREADABLE,
        '{column: C, type: integer, number: {thousands: ","}}',
        "1.5",
        'digits, "," between thousands',
        'C is not a whole number (digits, "," between thousands)',
    ),
    (
        Code.DECIMAL_UNREADABLE,
        "{column: C, type: decimal}",
        "1,5",
        'digits, "." before decimals',
        'C is not a number (digits, "." before decimals)',
    ),
    (Code.BOOLEAN_UNREADABLE, "{column: C, type: boolean}", "maybe", "type: boolean", "C is neither yes nor no"),
    (
        Code.DATE_UNREADABLE,
        '{column: C, type: date, formats: [dd/mm/yyyy, "%d.%m.%y"]}',
        "31/02/2024",
        "date dd/mm/yyyy or dd.mm.yy",
        "C is not a date in the format of the mapping (date dd/mm/yyyy or dd.mm.yy)",
    ),
    (
        Code.DATE_AMBIGUOUS,
        "{column: C, type: date, formats: [dd/mm/yyyy, mm/dd/yyyy]}",
        "01/02/2024",
        "date dd/mm/yyyy or mm/dd/yyyy",
        "C is a different date under two of the formats (date dd/mm/yyyy or mm/dd/yyyy)",
    ),
    (
        Code.DATE_SERIAL,
        "{column: C, type: date}",
        number("45413", "45413"),
        "type: date",
        "C is a plain number where a date is expected",
    ),
    (
        Code.TIMEZONE_MISSING,
        "{column: C, type: datetime}",
        moment("01/05/2024", "2024-05-01T00:00:00"),
        "timezone",
        "C is a local time, and no time zone is known for it",
    ),
    (
        Code.TIME_UNREADABLE,
        "{column: C, type: time}",
        "25:00",
        "a time cell, or a text like HH:MM:SS",
        "C is not a time of day in the format of the mapping (a time cell, or a text like HH:MM:SS)",
    ),
    (
        Code.TIMEZONE_UNKNOWN,
        '{template: "2024-05-01 12:0{D}", type: datetime, timezone: {column: C}}',
        "XST",
        "timezone",
        "C is no time zone that is known",
    ),
    (
        Code.TIME_SKIPPED,
        "{column: C, type: datetime, timezone: Europe/Berlin}",
        "2024-03-31 02:30",
        "time zone Europe/Berlin",
        "C is a time that never was: the clocks were put forward over it (time zone Europe/Berlin)",
    ),
    (
        Code.TIME_TWICE,
        "{column: C, type: datetime, timezone: Europe/Berlin}",
        "2024-10-27 02:30",
        "time zone Europe/Berlin",
        f"C {EXPLANATIONS[Code.TIME_TWICE].meaning} (time zone Europe/Berlin)",
    ),
    (Code.EMAIL_MALFORMED, "{column: C, type: email}", "asha@", "type: email", "C is not an e-mail address"),
    (Code.PHONE_MALFORMED, "{column: C, type: phone}", "123", "type: phone", "C is not a phone number"),
    (
        Code.PHONE_AMBIGUOUS,
        "{column: C, type: phone, country_code: 91}",
        "919845098450",
        "a number of +91, or one with + and its country code",
        f"C {EXPLANATIONS[Code.PHONE_AMBIGUOUS].meaning} (a number of +91, or one with + and its country code)",
    ),
    (Code.GUID_MALFORMED, "{column: C, type: guid}", "123", "type: guid", "C is not an id"),
    (
        Code.CHOICE_UNLISTED,
        "{column: C, choices: [Won, Lost]}",
        "won",
        "one of Won, Lost",
        "C is not one of the choices (one of Won, Lost)",
    ),
    (
        Code.MAP_UNLISTED,
        "{column: C, map: {won: Won, lost: Lost}}",
        "Won",
        "one of won, lost",
        "C is not listed in the mapping's `map` (one of won, lost)",
    ),
    (
        Code.PATTERN_MISMATCH,
        '{column: C, pattern: "[0-9]{4}"}',
        "419",
        "pattern [0-9]{4}",
        "C does not have the form that the mapping asks for (pattern [0-9]{4})",
    ),
    (
        Code.TOO_LONG,
        "{column: C, max_length: 3}",
        "abcd",
        "at most 3 characters",
        "C is longer than allowed (at most 3 characters)",
    ),
]


@pytest.mark.parametrize(("code", "value", "cell", "rule", "message"), CASES, ids=[case[0] for case in CASES])
def test_every_code_of_a_cell(code: Code, value: str, cell: str | Cell, rule: str, message: str) -> None:
    """An issue names file, sheet, row, column, header, value, rule and code, and says in words what is wrong."""
    shown = cell if isinstance(cell, str) else cell.shown
    assert issues_of(value, cell) == (Issue(PLACE, 3, "C", "C", shown, rule, code, message),)


def test_a_lead_that_is_not_named() -> None:
    """A row without the key of its lead is told so, in words that suit a lead: no default can stand for one."""
    (issue,) = Validator(bound(LEAD_AND_EVENT, ("Lead ID",))).check(block_of({"Lead ID": [" "]})).issues
    assert (issue.code, issue.message) == ("lead-missing", "Lead ID must name the lead, but is empty")
    assert "default" not in EXPLANATIONS[issue.code].remedy


def test_all_codes_are_looked_at() -> None:
    """No code of a cell is left out above, and each has a meaning and a remedy."""
    assert {case[0] for case in CASES} == CELL_CODES
    for code in Code:
        assert EXPLANATIONS[code].meaning
        assert EXPLANATIONS[code].remedy.endswith(".")


@pytest.mark.parametrize("code", sorted(ROW_CODES))
@pytest.mark.parametrize(("column", "letter"), [(None, ""), (2, "C"), (27, "AB")])
def test_every_code_of_a_row(code: Code, column: int | None, letter: str) -> None:
    """A row that is no row has one issue, with the column if one can be named; its cells are not looked at."""
    block = replace(block_of({"Lead ID": ["bad", "bad"]}), faults={1: RowFault(code, "what is wrong", column)})
    checked = Validator(bound(LEAD_AND_EVENT, ("Lead ID",))).check(block)
    assert [issue.code for issue in checked.issues] == ["guid-malformed", code]
    issue = checked.issues[1]
    assert (issue.row, issue.column, issue.header, issue.value, issue.message) == (3, letter, "", "", "what is wrong")
    assert checked.good.tolist() == [False, False]


def test_templates() -> None:
    """The issue of a template names all its columns, and shows what they make together."""
    (issue,) = issues_of('{template: "{B}-{C}-{B}", max_length: 3}', "xyz")
    assert (issue.column, issue.header, issue.value) == ("B, C", "{B}-{C}-{B}", "b-xyz-b")
    assert issue.message == "{B}-{C}-{B} is longer than allowed (at most 3 characters)"


def test_long_lists() -> None:
    """Of many choices the first ten are named, and how many more there are."""
    choices = ", ".join(f"c{position}" for position in range(12))
    (issue,) = issues_of(f"{{column: C, choices: [{choices}]}}", "x")
    assert issue.rule == "one of c0, c1, c2, c3, c4, c5, c6, c7, c8, c9 and 2 more"


def test_values_stand_as_they_are() -> None:
    """The value of an issue is the cell as it stands, white space, default and map aside."""
    assert issues_of("{column: C, type: integer}", " x\n")[0].value == " x\n"
    assert issues_of("{column: C, map: {a: b}, max_length: 0x}".replace("0x", "1"), "aa")[0].value == "aa"
    assert issues_of("{column: C, map: {a: bbb}, max_length: 2}", "a")[0].value == "a"


def test_columns_without_a_name() -> None:
    """A column is called by its letter if white space is all its name."""
    text = LEAD_AND_EVENT + 'fields: {X: {column: " ", required: true}}\n'
    (issue,) = Validator(bound(text, ("Lead ID", ""))).check(block_of({"Lead ID": [LEAD], "": [""]})).issues
    assert (issue.column, issue.message) == ("B", "column B is empty, but required")


def test_rows_are_those_that_a_person_sees() -> None:
    """An issue bears the row number of its block, wherever the block begins."""
    block: Block = block_of({"Lead ID": ["bad"] * 3}, start=1_000_000)
    rows = [issue.row for issue in Validator(bound(LEAD_AND_EVENT, ("Lead ID",))).check(block).issues]
    assert rows == [1_000_002, 1_000_003, 1_000_004]


def issues_of_two(first: str, second: str, *cells: str | Cell) -> list[Issue]:
    """The issues of a column C from which two values are made."""
    text = f"{LEAD_AND_EVENT}fields: {{X: {first}, Y: {second}}}\n"
    block = block_of({"Lead ID": [LEAD] * len(cells), "B": ["b"] * len(cells), "C": cells})
    return list(Validator(bound(text, ("Lead ID", "B", "C"))).check(block).issues)


def test_a_cell_of_two_values_has_one_fault() -> None:
    """A cell that two values are made from is told once, as it has one fault; each row anew."""
    error = Cell("#N/A", CellKind.ERROR)
    found = issues_of_two("C", '{template: "{B}: {C}"}', error, "fine", error)
    assert [(issue.row, issue.column, issue.code) for issue in found] == [
        (2, "C", "excel-error"),
        (4, "C", "excel-error"),
    ]


def test_different_rules_for_one_cell_are_both_told() -> None:
    """What two values ask of one cell differs: both are told."""
    found = issues_of_two("{column: C, max_length: 2}", "{column: C, max_length: 3}", "abcd")
    assert [issue.rule for issue in found] == ["at most 2 characters", "at most 3 characters"]


def test_a_row_counts_once_for_each_code() -> None:
    """Issues are counted by rows: a row with two issues of a code is one row with this code."""
    groups = IssueGroups()
    for issue in issues_of_two("{column: C, max_length: 2}", "{column: C, max_length: 3}", "abcd", "abc", "ab"):
        groups.add(issue)
    assert groups.codes() == {"too-long": 2}
    assert [group.count for group in groups.by_weight()] == [2, 1]
