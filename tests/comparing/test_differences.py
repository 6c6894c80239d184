"""A mapping beside an account: each kind of difference, and that nothing else counts as one."""

from dataclasses import replace

import pytest

from importer.comparing.alone import bound_alone
from importer.comparing.difference import AccountDiffers, Kind, require_fit
from importer.comparing.differences import differences, key_field_fault, needs_of
from importer.leadsquared.account.facts import AccountFacts, Needs
from importer.leadsquared.account.values import ActivityField

from .accounts import ASHA_ID, FACTS, VISIT, compared, document, mandatory

GOOD = (
    "{mx_Custom_1: Store, mx_Custom_2: {column: N, type: integer}, mx_Custom_3: {column: D, type: datetime, timezone: "
    "UTC}, mx_Custom_4: {column: S, map: {a: New, b: Won}, default: Follow-Up Visit}, mx_Custom_6: {column: B, type: "
    "date}, mx_Custom_7: {column: R, type: boolean}, mx_Custom_8: {column: U, type: guid}, mx_Custom_10: {fields: "
    "{Status: {constant: Pending}}}, mx_Custom_11: {column: O, type: phone}}"
)


def test_a_mapping_that_fits_has_no_differences() -> None:
    """Every type of field with a value that it takes, an owner that is known, a key where it can be."""
    activity = "event: 201, note: Note, owner: {constant: Asha.Menon@example.com}"
    assert compared(GOOD, activity=activity, import_key="{field: mx_Custom_15}") == []


@pytest.mark.parametrize(
    ("fields", "kind", "words"),
    [
        # a field that is not there, and what may be meant
        ("{mx_Custom_12: A}", Kind.FIELD_GONE, 'has no field "mx_Custom_12". It has mx_Custom_1 (Store), '),
        ("{mx_custom_1: A}", Kind.FIELD_GONE, 'Did you mean "mx_Custom_1"?'),
        ("{Store: A}", Kind.FIELD_GONE, 'Did you mean "mx_Custom_1", which is called "Store"?'),
        # options: a target of a map, a default, a constant, a choice
        ("{mx_Custom_4: {column: A, map: {x: won}}}", Kind.OPTION_GONE, '"won" is not an option.*Did you mean "Won"?'),
        ("{mx_Custom_4: {column: A, default: Zz}}", Kind.OPTION_GONE, "Its options are New, Follow-Up Visit, Won."),
        ("{mx_Custom_4: {constant: Follow-up Visit}}", Kind.OPTION_GONE, 'Did you mean "Follow-Up Visit"?'),
        ("{mx_Custom_4: {column: A, choices: [New, Lost]}}", Kind.OPTION_GONE, '"Lost" is not an option'),
        # lengths
        ("{mx_Custom_1: {constant: 123456789012345678901}}", Kind.TOO_LONG, "20 characters, and the constant has 21"),
        ("{mx_Custom_1: {column: A, max_length: 21}}", Kind.TOO_LONG, "write max_length: 20"),
        # types
        ("{mx_Custom_2: {column: A, type: date}}", Kind.TYPE_CLASH, "of type Number, and the mapping gives it a date"),
        ("{mx_Custom_2: {constant: many}}", Kind.TYPE_CLASH, '"many" is none; it takes numbers'),
        ("{mx_Custom_2: {column: A, map: {x: 1, y: two}}}", Kind.TYPE_CLASH, '"two" is none'),
        ("{mx_Custom_3: {column: A, type: integer}}", Kind.TYPE_CLASH, "type: datetime, with its formats"),
        ("{mx_Custom_6: {column: A, type: email}}", Kind.TYPE_CLASH, "type: date"),
        ("{mx_Custom_7: {constant: maybe}}", Kind.TYPE_CLASH, "yes and no"),
        ("{mx_Custom_8: {column: A, type: integer}}", Kind.TYPE_CLASH, "a user's id"),
        ("{mx_Custom_10: A}", Kind.TYPE_CLASH, "custom field set; give its parts under fields.mx_Custom_10.fields"),
        ("{mx_Custom_1: {fields: {Status: {constant: x}}}}", Kind.TYPE_CLASH, "no custom field set"),
    ],
)
def test_a_value_that_the_account_would_refuse_is_a_difference(fields: str, kind: Kind, words: str) -> None:
    """It names the field, what is wrong, and what to do; and it stops an import."""
    (found,) = compared(fields)
    assert (found.kind, found.stops) == (kind, True)
    assert found.address.startswith("fields.")
    for part in words.split(".*"):
        assert part in found.sentence


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ("{mx_Custom_3: A}", "UTC times"),
        ("{mx_Custom_3: {column: A, type: date}}", "UTC times"),
        ("{mx_Custom_6: {column: A, type: datetime, timezone: UTC}}", "dates"),
        ("{mx_Custom_8: {column: A, type: email}}", "a user's id"),
    ],
)
def test_what_can_be_meant_is_told_and_stops_nothing(fields: str, words: str) -> None:
    """A text for a time may be one in the right form."""
    (found,) = compared(fields)
    assert (found.kind, found.stops) == (Kind.TYPE_CLASH, False)
    assert words in found.sentence


@pytest.mark.parametrize(
    "fields",
    [
        "{mx_Custom_1: {column: A, max_length: 20}}",
        "{mx_Custom_3: {constant: 2026-11-20 10:00:00}}",
        "{mx_Custom_3: {constant: '20/11/2026', type: datetime, formats: [dd/mm/yyyy], timezone: Asia/Kolkata}}",
        "{mx_Custom_4: A}",
        "{mx_Custom_4: {constant: ''}}",
        "{mx_Custom_5: {constant: 'A;B'}}",
        "{mx_Custom_7: {constant: 'yes', type: boolean}}",
        "{mx_Custom_11: {column: A, type: integer}}",
        "{Status: {constant: Active}, Owner: A}",
    ],
)
def test_what_the_account_may_take_is_no_difference(fields: str) -> None:
    """Columns are judged row by row, several options and unknown data types not at all."""
    assert compared(fields) == []


def test_an_unknown_activity_type_is_named_with_those_that_there_are() -> None:
    """The nearest code comes with its name; nothing else is compared."""
    (found,) = compared("{mx_Nope: A}", activity="event: 2011")
    assert (found.kind, found.address) == (Kind.TYPE_UNKNOWN, "activity.event")
    assert "Did you mean 201 (Store visit)?" in found.sentence
    (far,) = compared(activity="event: 210")
    assert "It has 201 (Store visit), 202 (Phone call)." in far.sentence
    (blind,) = compared(activity="event: 9", facts=AccountFacts(types=()))
    assert "no activity type 9. Correct the number." in blind.sentence


def test_what_was_not_told_is_not_compared() -> None:
    """Without types, users and lead fields there is nothing to say."""
    assert compared("{mx_Nope: A}", facts=AccountFacts(), activity="event: 9, owner: {constant: a@b.co}") == []


@pytest.mark.parametrize("name", ["mx_Custom_1", "mx_Custom_10"])
def test_a_newly_mandatory_field_needs_a_value(name: str) -> None:
    """A mapping without it does not fit; with it, it does."""
    (found,) = compared(facts=mandatory(name))
    assert (found.kind, found.address, found.stops) == (Kind.FIELD_MISSING, f"fields.{name}", True)
    assert "is mandatory for activity type 201 (Store visit)" in found.sentence
    value = "{fields: {Status: {constant: P}}}" if name == "mx_Custom_10" else "{column: A, required: true}"
    assert compared(f"{{{name}: {value}}}", mandatory(name)) == []


def test_a_mandatory_field_that_can_stay_empty_is_told() -> None:
    """A column that may be empty stops nothing: its rows are refused one by one; a default makes it whole."""
    (found,) = compared("{mx_Custom_1: A}", mandatory("mx_Custom_1"))
    assert (found.stops, "required: true" in found.sentence) == (False, True)
    assert compared("{mx_Custom_1: {column: A, default: x}}", mandatory("mx_Custom_1")) == []
    assert compared("{mx_Custom_1: {constant: x}}", mandatory("mx_Custom_1")) == []
    (empty,) = compared("{mx_Custom_1: {constant: ''}}", mandatory("mx_Custom_1"))
    assert not empty.stops


def test_a_value_that_some_rows_don_t_have_can_be_empty() -> None:
    """A condition leaves the field out of other rows."""
    value = "{column: A, required: true, when: {column: B, is: x}}"
    (found,) = compared(f"{{mx_Custom_1: {value}}}", mandatory("mx_Custom_1"))
    assert (found.kind, found.stops) == (Kind.FIELD_MISSING, False)


def test_a_table_with_many_texts_is_told_in_short() -> None:
    """Ten of them are named, the others counted."""
    table = ", ".join(f"k{number}: v{number}" for number in range(25))
    found = compared(f"{{mx_Custom_4: {{column: A, map: {{{table}}}}}}}")
    assert len(found) == 11
    assert "15 more texts are not options" in found[-1].sentence


def test_a_mandatory_note_is_the_activity_s_note() -> None:
    """The note is mapped under activity, or made by the import key."""
    facts = mandatory("ActivityEvent_Note")
    (found,) = compared(facts=facts)
    assert found.address == "activity.note"
    assert compared(facts=facts, activity="event: 201, note: {column: N, required: true}") == []
    assert compared(facts=facts, import_key="note") == []
    assert compared(facts=mandatory("mx_Custom_15"), import_key="{field: mx_Custom_15}") == []


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("mx_Custom_4", "takes nothing but its options"),
        ("mx_Custom_2", "is of type Number"),
        ("mx_Custom_9", 'no field "mx_Custom_9" for the import key'),
        ("Import key", 'Did you mean "mx_Custom_15", which is called "Import key"?'),
    ],
)
def test_the_import_key_needs_a_text_field(field: str, words: str) -> None:
    """A drop-down, a number and a field that is not there can't hold a key."""
    (found,) = compared(import_key=f"{{field: {field}}}")
    assert (found.kind, found.address, found.stops) == (Kind.KEY_FIELD, "import_key.field", True)
    assert words in found.sentence


@pytest.mark.parametrize(("length", "fits"), [(19, False), (20, True), (None, True)])
def test_a_key_needs_twenty_characters(length: int | None, fits: bool) -> None:
    """A shorter field can't hold a key; one whose length is unknown may."""
    short = replace(VISIT, fields=(ActivityField("mx_Custom_15", "Key", "String", max_length=length),))
    assert (key_field_fault("mx_Custom_15", short) is None) is fits


def test_a_constant_owner_must_be_a_user() -> None:
    """By e-mail address on bulk roads, by id on the others; one who left is told."""
    (found,) = compared(activity="event: 201, owner: {constant: asha.menom@example.com}")
    assert (found.kind, found.address, found.stops) == (Kind.OWNER_UNKNOWN, "activity.owner", True)
    assert 'Did you mean "asha.menon@example.com"?' in found.sentence
    (left,) = compared(activity="event: 201, owner: {column: O, default: suresh.babu@example.com}")
    assert (left.stops, "not active" in left.sentence) == (False, True)
    single = "{route: single_by_lead_id, id: Lead}"
    assert compared(lead=single, activity=f"event: 201, owner: {{constant: {ASHA_ID}}}") == []
    (unknown,) = compared(lead=single, activity=f"event: 201, owner: {{constant: {ASHA_ID[:-1]}0}}")
    assert "has the id" in unknown.sentence


def test_lead_fields_are_compared_as_well() -> None:
    """The searched field, attributes, their options and lengths."""
    (found,) = compared(lead="{route: bulk_by_lead_field, search_by: Emailaddress, value: A}")
    assert (found.address, 'Did you mean "EmailAddress"?' in found.sentence) == ("lead.search_by", True)
    lead = (
        "{route: lead_and_activity, search_by: EmailAddress, attributes: {EmailAddress: A, City: B, "
        "Source: {constant: Web}, mx_City: {constant: Thiruvananthapuram}}}"
    )
    kinds = {(found.kind, found.address) for found in compared(lead=lead)}
    assert kinds == {
        (Kind.FIELD_GONE, "lead.attributes.City"),
        (Kind.OPTION_GONE, "lead.attributes.Source"),
        (Kind.TOO_LONG, "lead.attributes.mx_City"),
    }


def test_differences_are_told_at_their_lines_all_at_once() -> None:
    """What stops an import is listed with line and column, in the order of the file."""
    mapping = document(
        "\n  mx_Custom_4: {column: A, map: {x: won}}\n  mx_Custom_99: B\n  mx_Custom_3: C",
        activity="event: 201, owner: {constant: nobody@example.com}",
    )
    found = differences(bound_alone(mapping), FACTS)
    with pytest.raises(AccountDiffers) as error:
        require_fit(found, mapping, "api-in21.leadsquared.com")
    lines = str(error.value).strip().splitlines()
    assert lines[0] == "The mapping does not fit the account api-in21.leadsquared.com; nothing was sent."
    assert [line.split(": ")[0] for line in lines[1:]] == ["visits.yaml:3:24", "visits.yaml:5:3", "visits.yaml:6:3"]
    assert error.value.exit_code == 2


def test_what_is_missing_is_told_where_it_belongs() -> None:
    """A field that the mapping lacks has no line; it is told at the table where it belongs."""
    mapping = document("\n  mx_Custom_2: A")
    with pytest.raises(AccountDiffers, match=r"visits\.yaml:4:1: .*mandatory"):
        require_fit(differences(bound_alone(mapping), mandatory("mx_Custom_1")), mapping, "sandbox")


def test_a_mapping_that_fits_passes() -> None:
    """Doubts alone stop nothing."""
    mapping = document("{mx_Custom_3: A}")
    require_fit(differences(bound_alone(mapping), FACTS), mapping, "sandbox")


@pytest.mark.parametrize(
    ("more", "needs"),
    [
        ({}, Needs(201, users=False, lead_fields=False)),
        ({"activity": "event: 201, owner: O"}, Needs(201, users=False, lead_fields=False)),
        ({"activity": "event: 201, owner: {constant: a@b.co}"}, Needs(201, users=True, lead_fields=False)),
        (
            {"lead": "{route: bulk_by_lead_field, search_by: Phone, value: P}"},
            Needs(201, users=False, lead_fields=True),
        ),
    ],
)
def test_no_more_is_asked_than_is_needed(more: dict[str, str], needs: Needs) -> None:
    """One call for the usual mapping."""
    assert needs_of(bound_alone(document(**more))) == needs
