"""Columns find the account's fields by name: the same name is taken, a similar one is offered, nothing is forced."""

from hypothesis import given
from hypothesis import strategies as st

from importer.drafting import AccountField, match_headers
from importer.drafting.account import similarity

from .drafts import HALF, draft, faults_of, wishes

STORE = AccountField("mx_Custom_1", "Store", "String", mandatory=True)
CODE = AccountField("mx_Custom_2", "Store code", "String", max_length=3)
VISITORS = AccountField("mx_Custom_3", "Visitors", "Number")
FOLLOW_UP = AccountField("mx_Custom_5", "Follow-up", "DateTime")
REMARKS = AccountField("mx_Custom_6", "Remarks", "String")
STAGE = AccountField("mx_Custom_10", "Stage", "SearchableDropdown", options=("New", "Won", "Lost"))
AGENT = AccountField("mx_Custom_12", "Accompanied by", "ActiveUsers")
KEY = AccountField("mx_Custom_15", "Import key", "String")
OWNER = AccountField("Owner", "Owner", "ActiveUsers", mandatory=True)
FIELDS = (STORE, CODE, VISITORS, FOLLOW_UP, REMARKS, STAGE, AGENT, KEY, OWNER)

EMAILS = {"Email": ["a@example.com", "b@example.com"]}

names = st.text(st.characters(codec="utf-8"), max_size=15)
fields = st.lists(
    st.builds(AccountField, st.from_regex(r"mx_Custom_[0-9]{1,2}", fullmatch=True), names, st.just("String")),
    max_size=6,
    unique_by=lambda field: field.schema_name,
)


@HALF
@given(st.lists(names, max_size=6), fields)
def test_nothing_is_matched_twice(headers: list[str], known: list[AccountField]) -> None:
    """Each column and each field has one match at most, and scores lie between 0 and 1."""
    matches = match_headers(headers, known)
    assert len({match.position for match in matches}) == len(matches)
    assert len({match.field.schema_name for match in matches}) == len(matches)
    assert all(0 < match.score <= 1 for match in matches)


@given(st.lists(st.sampled_from(["Store", "store", "STORE ", "Store code", "Code", "Stored"]), max_size=4))
def test_certain_means_the_same_name_and_no_other_with_it(headers: list[str]) -> None:
    """A match is certain only if one column alone bears the field's name."""
    for match in match_headers(headers, FIELDS):
        same = [header for header in headers if similarity(header, match.field) == 1]
        assert match.certain == (len(same) == 1 and similarity(headers[match.position], match.field) == 1)


def test_names_are_compared_by_their_letters_and_digits() -> None:
    """Case, blanks, signs and accents do not matter; the schema name serves as well."""
    assert all(similarity(header, FOLLOW_UP) == 1 for header in ("Follow Up", "follow_up", "FollowUp", "mx_Custom_5"))
    assert 0.55 <= similarity("Code of the store", CODE) < 1
    assert similarity("Amount", FOLLOW_UP) < 0.55


def test_two_columns_of_one_name_are_both_in_doubt() -> None:
    """If two columns have a field's name, nobody can tell which is meant."""
    assert [match.certain for match in match_headers(["Store", "store"], [STORE])] == [False]


def test_certain_matches_are_written_and_doubtful_ones_offered() -> None:
    """A draft with the account's fields maps what has the same name, and switches off what has a similar one."""
    columns = {
        **EMAILS,
        "Store": ["Das", "Iyer"],
        "Store Code": ["0419", "0420"],
        "Stage": ["New", "Open"],
        "Visitor": ["1", "2"],
        "App": ["x", "y"],
    }
    drafted = draft(columns, wishes(fields=FIELDS))
    assert faults_of(drafted, list(columns)) == {}
    assert "  mx_Custom_1:\n    column: Store\n    required: true " in drafted.text
    assert "max_length: 3 " in drafted.text
    assert 'Not on LeadSquared\'s list: "Open"' in drafted.text
    assert "  # mx_Custom_3: Visitor " in drafted.text
    assert '#   "App" (F) is like no field of the activity type.' in drafted.text
    assert "# import_key: {field: mx_Custom_15}" in drafted.text
    becomes = {column.name: column.becomes for column in drafted.columns}
    assert becomes == {
        "Email": "the lead",
        "Store": "mx_Custom_1",
        "Store Code": "mx_Custom_2",
        "Stage": "mx_Custom_10",
        "Visitor": "not used",
        "App": "not used",
    }


def test_a_column_of_the_wrong_kind_is_not_taken_for_its_name() -> None:
    """Words do not go into a number, whatever the column is called."""
    columns = {**EMAILS, "Store": ["x", "y"], "Visitors": ["many", "few"]}
    drafted = draft(columns, wishes(fields=FIELDS))
    assert "1.00, but LeadSquared wants numbers here" in drafted.text
    assert faults_of(drafted, list(columns)) == {}


def test_a_mandatory_field_without_a_column_has_to_be_decided() -> None:
    """What LeadSquared insists on is not left out in silence."""
    columns = {**EMAILS, "Store name": ["Das", "Iyer"]}
    drafted = draft(columns, wishes(fields=FIELDS))
    (decision,) = drafted.decisions
    assert decision.sentence == 'the column for "Store"'
    assert 'Perhaps it is "Store name".' in drafted.text
    assert set(faults_of(drafted, list(columns))) == {decision.line}


def test_the_account_settles_whether_a_day_is_a_moment() -> None:
    """Days go as moments into a field that holds moments."""
    columns = {**EMAILS, "Follow-up": ["25/12/2026", "26/12/2026"], "Store": ["x", "y"]}
    drafted = draft(columns, wishes(fields=FIELDS))
    assert "    column: Follow-up\n    type: datetime " in drafted.text


def test_the_note_goes_into_its_field_too() -> None:
    """A column that is the note is also put into a field that has its very name."""
    columns = {**EMAILS, "Remarks": ["good", "bad"], "Store": ["x", "y"]}
    drafted = draft(columns, wishes(fields=FIELDS))
    assert "  note: Remarks\n" in drafted.text
    assert "  mx_Custom_6:\n    column: Remarks\n" in drafted.text
