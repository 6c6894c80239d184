"""Rows of a mapping with two ways to the lead: which way each takes, and whose checks it gets."""

import numpy as np
import pytest

from importer.blocks import Cell, CellKind
from importer.errors.mappings import MappingError
from importer.validation import CheckedBlock, validator_of
from importer.validation.mapping_tests import run_tests
from tests.mapping.building import LEAD, block_of, bound, lines_of, mapping

HEADER = ("Lead ID", "E-mail", "Note", "A")
SECOND = "{route: bulk_by_lead_field, search_by: EmailAddress, value: {column: E-mail}}"


def two_ways(first: str = "id: Lead ID", second: str = SECOND, more: str = "") -> str:
    """A mapping of two ways."""
    return f"version: 1\nlead: {{{first}, otherwise: {second}}}\nactivity: {{event: 201}}\n{more}"


def checked(text: str, ids: list[str], emails: list[str], notes: list[str] | None = None) -> CheckedBlock:
    """Rows, checked."""
    cells = [""] * len(ids)
    columns = {"Lead ID": ids, "E-mail": emails, "Note": notes or cells, "A": cells}
    block = block_of(columns)
    return validator_of(bound(text, HEADER), lambda: iter((block,))).check(block)


def ways_of(block: CheckedBlock) -> list[int]:
    """Of each row 1 for the second way."""
    assert block.otherwise is not None
    return [int(each) for each in block.otherwise]


def codes_of(block: CheckedBlock) -> list[list[str]]:
    """The codes of each row."""
    found = dict(block.faulty_rows())
    return [[issue.code for issue in found.get(offset, ())] for offset in range(len(block.block))]


def test_a_row_without_the_first_key_takes_the_second_way() -> None:
    """An empty cell, or one of blanks; a key that is wrong is an issue, and never a reason to go otherwise."""
    block = checked(two_ways(), [LEAD, "", " \u00a0", "me", ""], ["", "a@b.co", "a@b.co", "a@b.co", "me"])
    assert ways_of(block) == [0, 1, 1, 0, 1]
    assert codes_of(block) == [[], [], [], ["guid-malformed"], ["email-malformed"]]
    assert block.good.tolist() == [True, True, True, False, False]


def test_a_row_without_either_key_names_both_columns() -> None:
    """One issue, for either of the columns can help; and the row goes neither way."""
    block = checked(two_ways(), ["", LEAD, "", ""], ["", "", "a@b.co", "me"])
    assert codes_of(block) == [["lead-missing"], [], [], ["email-malformed"]]
    issue = block.issues[0]
    assert (issue.row, issue.column, issue.header, issue.rule) == (
        2,
        "A, B",
        "Lead ID, E-mail",
        "lead.id or lead.otherwise.value",
    )
    assert issue.message == "Lead ID or E-mail must name the lead, but is empty"
    assert block.leadless is not None
    assert block.leadless.tolist() == [True, False, False, False]


def test_a_key_that_was_never_calculated_is_none_that_lacks() -> None:
    """Nobody knows which lead is meant; so the row does not go otherwise, but has to be put right."""
    cells = (Cell("", CellKind.FORMULA), Cell("a@b.co"), Cell(""), Cell(""))
    columns = {name: [cell] for name, cell in zip(HEADER, cells, strict=True)}
    block = validator_of(bound(two_ways(), HEADER)).check(block_of(columns))
    assert ways_of(block) == [0]
    assert codes_of(block) == [["formula-without-value"]]


def test_what_both_ways_share_is_told_once() -> None:
    """Whichever way a row takes, a value that is wrong is one issue."""
    text = two_ways(more="fields: {X: {column: Note, type: integer, required: true}}\n")
    block = checked(text, [LEAD, "", LEAD, ""], ["", "a@b.co", "", ""], ["x", "x", "1", ""])
    assert codes_of(block)[:3] == [["integer-unreadable"], ["integer-unreadable"], []]
    assert sorted(codes_of(block)[3]) == ["lead-missing", "required-empty"]


def test_rules_look_at_all_rows_whichever_way_they_take() -> None:
    """Two rows that are alike are both told, though one goes by id and one by address."""
    block = checked(two_ways(more="rules: [{unique: [Note]}]\n"), [LEAD, ""], ["", "a@b.co"], ["n", "n"])
    assert codes_of(block) == [["not-unique"], ["not-unique"]]


@pytest.mark.parametrize(
    "first",
    [
        "route: bulk_by_lead_field, search_by: Phone, value: {columns: [A, Lead ID]}",
        "route: bulk_by_lead_field, search_by: Phone, value: {column: Lead ID, map: {x: y}}",
        'route: bulk_by_lead_field, search_by: Phone, value: {template: "{A}{Lead ID}"}',
        "route: single_by_email, email: {column: A}",
    ],
)
def test_the_first_key_may_be_any_value_that_can_lack(first: str) -> None:
    """Joined columns, texts of a table, addresses: empty, they are missing."""
    assert ways_of(checked(two_ways(first), [""], ["a@b.co"])) == [1]


def faults_of(text: str) -> list[str]:
    """The faults of a mapping."""
    with pytest.raises(MappingError) as raised:
        bound(text, HEADER)
    return lines_of(raised.value.faults)


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        ("id: {constant: " + LEAD + "}", SECOND, "lead.id is never empty"),
        ('route: bulk_by_lead_field, search_by: X, value: {template: "x"}', SECOND, "lead.value is never empty"),
        ('route: bulk_by_lead_field, search_by: X, value: {template: "+91{A}"}', SECOND, "lead.value is never empty"),
        ("id: {column: Lead ID, default: " + LEAD + "}", SECOND, "lead.id is never empty"),
        ("id: Lead ID", "{route: bulk_by_lead_field, value: E-mail}", "needs lead.otherwise.search_by"),
        ("id: Lead ID", "{route: single_by_email, id: E-mail}", "has no id; it goes with"),
        ("id: Lead ID", "{route: single_by_mail, email: E-mail}", 'Did you mean "single_by_email"?'),
        ("id: Lead ID", "{id: A, otherwise: {id: A}}", '"otherwise" is not a key of'),
        ("id: Lead ID", "{route: single_by_email, email: Email}", 'no column "Email". Did you mean "E-mail"?'),
        (
            "route: lead_and_activity, search_by: EmailAddress, attributes: {EmailAddress: E-mail}",
            "{id: Lead ID}",
            "makes the leads that it does not find",
        ),
    ],
)
def test_what_is_wrong_with_a_second_way_is_told(first: str, second: str, words: str) -> None:
    """With its line, like any other fault."""
    found = faults_of(two_ways(first, second))
    assert any(words in fault for fault in found), found
    assert all(fault.startswith("2:") for fault in found)


def test_an_owner_has_to_suit_both_ways() -> None:
    """Bulk calls name owners by address, single calls by id; no cell is both."""
    text = two_ways(second="{route: single_by_email, email: E-mail}").replace("201}", "201, owner: A}")
    (fault,) = faults_of(text)
    assert "names an owner by e-mail address and single_by_email by user id" in fault
    assert fault.startswith("3:")
    bound(text.replace("{id: Lead ID", "{route: single_by_lead_id, id: Lead ID"), HEADER)


def test_tests_of_a_mapping_take_the_way_of_their_row() -> None:
    """Under `lead` stands what its way posts."""
    tests = f"""tests:
  - row: {{Lead ID: {LEAD}}}
    lead: {{id: {LEAD}, value: }}
  - row: {{E-mail: a@b.co}}
    lead: {{value: a@b.co, id: }}
  - row: {{Note: n}}
    issues: [lead-missing]
  - row: {{E-mail: a@b.co}}
    lead: {{value: other@b.co}}
"""
    text = two_ways(more="fields: {X: Note}\n" + tests)
    found = [tested.differences for tested in run_tests(mapping(text))]
    assert found == [(), (), (), ('lead.value: expected "other@b.co", got "a@b.co"',)]


def test_one_way_is_checked_as_ever() -> None:
    """Without `otherwise` no row is told apart."""
    block = validator_of(bound("version: 1\nlead: {id: Lead ID}\nactivity: {event: 1}\n", HEADER)).check(
        block_of({"Lead ID": [""], "E-mail": [""], "Note": [""], "A": [""]})
    )
    assert block.otherwise is None
    assert np.array_equal(block.good, [False])
