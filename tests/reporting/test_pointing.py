"""Messages point at cells: what `validate` says of a row tells which of its cells are to be coloured."""

from pathlib import Path

import pytest

from importer.codes.rows import EXPLANATIONS, Code
from importer.loading import ReadingOptions
from importer.mapping.parsing import read_mapping
from importer.preparing.chain import checked_blocks
from importer.preparing.sources import ImportOrder, prepare
from importer.reporting.pointing import faults_of_cells

NAMES = (" Lead ID ", "Store", "Store Code", "", "Note | old", "A")


@pytest.mark.parametrize(
    ("codes", "messages", "columns"),
    [
        ("guid-malformed", "Lead ID is not an id", [0]),
        ("too-long", "Store Code is longer than allowed (at most 5 characters)", [2]),
        ("too-long", "{Store}: {A} is longer than allowed (at most 5 characters)", [1, 5]),
        ("required-empty", "column D is empty, but must not be", [3]),
        (
            "guid-malformed;too-long;date-unreadable",
            "Lead ID is not an id | Store is longer than allowed | A is not a date in the format of the mapping",
            [0, 1, 5],
        ),
        ("too-long;too-long", "Store is longer than allowed (x) | Store Code is longer than allowed (y)", [1, 2]),
        ("pattern-mismatch", "A does not have the form that the mapping asks for (pattern a | b)", [5]),
        ("lead-missing", "Lead ID or A must name the lead, but is empty", [0, 5]),
        ("none-filled", "Store, A are all empty, but one must be filled", [1, 5]),
        ("not-unique", "Store, A together stands in another row as well, but may stand in one only (row 7)", [1, 5]),
        ("none-filled", "Store, B are all empty, but one must be filled", []),
        ("date-unreadable", "Note | old is not a date in the format of the mapping", [4]),
        ("guid-malformed;too-long", "Lead ID is not an id | {Note | old}: {A} is longer than allowed (x)", [0, 4, 5]),
        ("none-filled", "Note | old, A are all empty, but one must be filled", [4, 5]),
        ("guid-malformed;too-long", "{Store} is not an id | old is longer than allowed (x)", [1]),
        ("lsq-rejected", "Lead not found", []),
        ("too-many-fields", "the row has 7 fields, the header has 6", []),
        ("", "", []),
        ("server-made-it-up", "Store is longer than allowed", []),
    ],
)
def test_the_cells_a_message_speaks_of(codes: str, messages: str, columns: list[int]) -> None:
    """A message names its column, its template with columns in braces, or its letters; a message of the server none."""
    meaning = EXPLANATIONS[Code.REQUIRED_EMPTY].meaning
    messages = messages.replace("is empty, but must not be", meaning)
    assert sorted(faults_of_cells(NAMES, codes, messages)) == columns


def test_a_fault_says_what_to_do() -> None:
    """What is put beside a cell is the message of this cell alone, and the remedy of its code."""
    faults = faults_of_cells(NAMES, "guid-malformed;too-long", "Lead ID is not an id | A is longer than allowed (x)")
    assert faults[5] == [f"A is longer than allowed (x). {EXPLANATIONS[Code.TOO_LONG].remedy}"]


def test_every_issue_of_a_cell_points_at_its_columns(tmp_path: Path) -> None:
    """The messages that validation makes are understood: each issue's own columns are found again."""
    (tmp_path / "visits.yaml").write_text(
        """\
version: 1
lead: {id: Lead ID}
activity:
  event: 201
  note: {template: "{Store}: {Remarks}", max_length: 5}
  datetime: {column: Visit Date, formats: ["%d/%m/%Y"], timezone: UTC}
fields:
  mx_Custom_1: {column: Remarks, required: true, pattern: "[a-c] | x"}
  mx_Custom_2: {column: Amount, type: decimal}
  mx_Custom_3: {column: Stage, choices: [Won, Lost]}
""",
        encoding="utf-8",
    )
    (tmp_path / "visits.csv").write_text(
        "Lead ID,Store,Remarks,Visit Date,Amount,Stage\nx,Park Street,,31/31/2026,ten,Open\ny,S,d | y,,1,Won\n", "utf-8"
    )
    order = ImportOrder(
        (str(tmp_path / "visits.csv"),), read_mapping(str(tmp_path / "visits.yaml")), ReadingOptions(), tmp_path
    )
    (numbered,) = checked_blocks(prepare(order))
    names = numbered.origin.source.header.names
    pointed = [faults_of_cells(names, held.code, held.message) for _, held, _ in numbered.held_rows()]
    assert [sorted(faults) for faults in pointed] == [[0, 1, 2, 3, 4, 5], [0, 1, 2, 3]]
