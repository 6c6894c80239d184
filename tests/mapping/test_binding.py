"""Binding: a mapping meets the header of a source."""

import pytest

from importer.errors.base import ExitCode
from importer.errors.mappings import MappingError
from importer.errors.sources import ColumnTwice
from importer.leadsquared.shapes import Slot
from importer.mapping.bound import BoundSet, BoundValue
from importer.mapping.model import ValueType

from .building import HEADER, LEAD_AND_EVENT, bound, lines_of

BULK = "version: 1\nlead: {id: Lead ID}\nactivity: {event: 201, owner: Owner Email, datetime: Visit Date}\n"


def faults(text: str, header: tuple[str, ...] = HEADER) -> list[str]:
    """Why a mapping can't be used for a header."""
    with pytest.raises(MappingError) as refused:
        bound(text, header)
    return lines_of(refused.value.faults)


@pytest.mark.parametrize("written", ["Lead ID", " Lead ID", "Lead ID\u00a0", "\tLead ID \u2003"])
@pytest.mark.parametrize("named", ["Lead ID", '" Lead ID "', '"Lead ID\u00a0"'])
def test_white_space_around_names(written: str, named: str) -> None:
    """Names are compared without white space at their ends, no-break spaces included, on both sides."""
    assert bound(LEAD_AND_EVENT.replace("Lead ID", named), (written,)).lead.positions == (0,)


@pytest.mark.parametrize("written", ["lead id", "Lead  ID", "Lead\u00a0ID", "LeadID", "Lead ID.", "\ufeffLead ID"])
def test_anything_else_makes_another_name(written: str) -> None:
    """But for that, names are compared exactly; a near one is suggested."""
    (fault,) = faults(LEAD_AND_EVENT, (written, "B"))
    assert fault.startswith(f'2:12: "visits.csv" has no column "Lead ID". Did you mean "{written}"')


def test_nothing_near() -> None:
    """If no column is near, the columns there are are named, empty ones left out."""
    assert faults(LEAD_AND_EVENT, ("Umsatz", "", " ", "Kunde")) == [
        '2:12: "visits.csv" has no column "Lead ID". Its columns are Umsatz, Kunde.'
    ]


def test_columns_in_every_place() -> None:
    """A missing column is found wherever it is named, each at its own place, and so is all else that is wrong."""
    text = """\
version: 1
lead:
  route: lead_and_activity
  search_by: Phone
  attributes:
    Phone: {column: P, type: phon}
    mx_KYC: {fields: {Status: K}}
activity:
  event: 201
  note: {template: "{N} {N} {M}"}
  datetime: {column: D}
  owner: O
fields:
  X: {column: X, colunm: Z}
  Y: {fields: {Z: {template: "{Y}"}}}
duplicates: {key: [P, Q]}
"""
    found = faults(text, ("a column",))
    places = [fault.split(": ")[0] for fault in found if "has no column" in fault]
    assert places == ["6:21", "7:31", "10:20", "10:20", "11:22", "12:10", "14:15", "15:30", "16:20", "16:23"]
    assert [fault.split(": ")[0] for fault in found if "has no column" not in fault] == ["6:30", "14:18"]


def test_used_columns_that_stand_twice() -> None:
    """A column that the mapping uses and that stands twice stops everything, with the letters of both."""
    for text in (
        LEAD_AND_EVENT,
        LEAD_AND_EVENT + "duplicates: {key: [A]}\n",
        LEAD_AND_EVENT + 'fields: {X: {template: "{A}"}}\n',
    ):
        header = (
            ("Lead ID", "A", "B", " A ")
            if "A" in text.removeprefix(LEAD_AND_EVENT)
            else ("B", "Lead ID", "C", "Lead ID ")
        )
        with pytest.raises(ColumnTwice) as refused:
            bound(text, header)
        assert refused.value.exit_code is ExitCode.NOT_STARTED
        assert "2 times (B, D), and the mapping uses it" in str(refused.value)


def test_unused_columns_that_stand_twice() -> None:
    """Columns that nobody uses may stand twice, or have no name at all."""
    assert bound(LEAD_AND_EVENT, ("A", "Lead ID", "A", "", "", " ")).lead.positions == (1,)


def test_missing_columns_come_before_doubled_ones() -> None:
    """What is wrong with the mapping is said first."""
    assert len(faults(LEAD_AND_EVENT + "fields: {X: Y}\n", ("Lead ID", "Lead ID"))) == 1


def test_types_that_follow_from_the_place() -> None:
    """The place of a value settles its type: ids, moments and addresses need not be told."""
    value = bound(BULK).slots
    assert value[Slot.LEAD_ID].type is ValueType.GUID
    assert value[Slot.DATETIME].type is ValueType.DATETIME
    assert value[Slot.OWNER].type is ValueType.EMAIL
    single = bound(BULK.replace("{id:", "{route: single_by_lead_id, id:")).slots
    assert single[Slot.OWNER].type is ValueType.GUID
    assert (
        bound(LEAD_AND_EVENT + "fields: {X: Store}\n").fields[0][1]
        == bound(LEAD_AND_EVENT + "fields: {X: {column: Store, type: text}}\n").fields[0][1]
    )


@pytest.mark.parametrize(
    ("lead", "type_"),
    [
        ("{route: bulk_by_lead_field, search_by: EmailAddress, value: Store}", ValueType.EMAIL),
        ("{route: bulk_by_lead_field, search_by: Phone, value: Store}", ValueType.TEXT),
        ("{route: bulk_by_lead_field, search_by: Phone, value: {column: Store, type: phone}}", ValueType.PHONE),
        ("{route: single_by_email, email: Store}", ValueType.EMAIL),
        ("{route: lead_and_activity, search_by: EmailAddress, attributes: {EmailAddress: Store}}", ValueType.EMAIL),
        (
            "{route: lead_and_activity, search_by: mx_No, attributes: {mx_No: Store, EmailAddress: Stage}}",
            ValueType.TEXT,
        ),
    ],
)
def test_the_key_of_the_lead(lead: str, type_: ValueType) -> None:
    """By whatever a lead is found, its value is always required, and read without white space at its ends."""
    value = bound(f"version: 1\nlead: {lead}\nactivity: {{event: 201}}\n").lead
    assert (value.type, value.required, value.trimmed) == (type_, True, True)


@pytest.mark.parametrize(
    "lead",
    [
        "{id: {column: Lead ID, required: false}}",
        "{route: bulk_by_lead_field, search_by: Phone, value: {column: Store, required: false}}",
        "{route: single_by_email, email: {column: Store, required: false}}",
        "{route: lead_and_activity, search_by: Phone, attributes: {Phone: {column: Store, required: false}}}",
    ],
)
def test_the_key_of_the_lead_is_never_optional(lead: str) -> None:
    """A lead's key that may be empty is a fault of the mapping."""
    (fault,) = faults(f"version: 1\nlead: {lead}\nactivity: {{event: 201}}\n")
    assert "Without this no lead can be found; it is always required." in fault


def test_what_is_required() -> None:
    """The moment of an activity is required unless the mapping says otherwise; other values if it says so."""
    value = bound(BULK).slots
    assert value[Slot.DATETIME].required
    assert not value[Slot.OWNER].required
    assert (
        not bound(BULK.replace("datetime: Visit Date", "datetime: {column: Visit Date, required: false}"))
        .slots[Slot.DATETIME]
        .required
    )
    text = LEAD_AND_EVENT + "fields: {X: {column: Store, required: true}, Y: Store}\n"
    assert [value.required for value in bound(text).values()] == [True, True, False]


def test_what_is_trimmed() -> None:
    """Keys, numbers, dates, addresses, ids and choices are read without white space at their ends; texts stay."""
    text = """
version: 1
lead:
  {route: single_by_email, email: Owner Email, first_name: Store, last_name: {column: Store, trim: true}, phone: Store}
activity: {event: 201, note: Remarks, datetime: Visit Date, owner: Lead ID}
fields:
  A: Store
  B: {column: Store, type: text, trim: true}
  C: {column: Amount, type: integer}
  D: {column: Amount, type: decimal}
  E: {column: Stage, type: boolean}
  F: {column: Visit Date, type: date}
  G: {column: Stage, type: email}
  H: {column: Stage, type: phone}
  I: {column: Stage, type: guid}
  J: {column: Stage, choices: [Won]}
"""
    kept = {value.address for value in bound(text).values() if not value.trimmed}
    assert kept == {"lead.first_name", "lead.phone", "activity.note", "fields.A"}


def test_addresses() -> None:
    """Every value knows its place in the mapping, by which it is called."""
    text = LEAD_AND_EVENT + "fields: {X: Store, Y: {fields: {Z: Stage}}}\n"
    assert [value.address for value in bound(text).values()] == ["lead.id", "fields.X", "fields.Y.fields.Z"]
    entry = dict(bound(text).fields)["Y"]
    assert isinstance(entry, BoundSet)
    assert isinstance(entry.fields[0][1], BoundValue)


def test_used_columns() -> None:
    """The columns that have a say in what is posted are known, those of the identity included."""
    text = (
        LEAD_AND_EVENT + 'fields: {X: {template: "{Store} {Stage}"}, Y: {constant: x}}\nduplicates: {key: [Amount]}\n'
    )
    assert bound(text).used_positions == {0, 2, 6, 5}


def test_formats_that_are_not_given() -> None:
    """Without formats only dates that begin with the year are read."""
    value = bound(BULK).slots[Slot.DATETIME]
    assert all(format_.directives.startswith("%Y-%m-%d") for format_ in value.formats)


def test_fixed_texts_are_tried_once() -> None:
    """A constant or default that its own value would refuse is a fault of the mapping, at its place."""
    text = (
        LEAD_AND_EVENT
        + "fields:\n  X: {constant: abc, type: integer}\n  Y: {column: Store, max_length: 2, default: abc}\n"
    )
    assert faults(text) == [
        '5:7: The constant "abc" is not a whole number.',
        '6:37: The default "abc" is longer than allowed.',
    ]


def test_a_template_without_columns_is_a_constant() -> None:
    """A template that names no column is the same for every row, and tried like a constant."""
    value = bound(LEAD_AND_EVENT + 'fields: {X: {template: "a {{b}}"}}\n').fields[0][1]
    assert isinstance(value, BoundValue)
    assert value.constant
    (fault,) = faults(LEAD_AND_EVENT + 'fields: {X: {template: "abc", type: integer}}\n')
    assert 'The constant "abc" is not a whole number.' in fault


def test_import_keys() -> None:
    """Where a row's key is stored: in a field, in the note, or nowhere."""
    assert bound(LEAD_AND_EVENT).import_key is None
    assert bound(LEAD_AND_EVENT + "import_key: note\n").import_key == ""
    assert bound(LEAD_AND_EVENT + "import_key: {field: mx_Custom_15}\n").import_key == "mx_Custom_15"
