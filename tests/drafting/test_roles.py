"""Which column names the lead, the moment, the note and the owner."""

from dataclasses import replace

import pytest

from .drafts import draft, faults_of

GUIDS = ["2bf6a491-c144-4ac9-90f9-f52b6fc44413", "3bf6a491-c144-4ac9-90f9-f52b6fc44413"]
MAILS = ["a@example.com", "b@example.com"]
PHONES = ["+919845098450", "+919845098451"]
DATES = ["25/12/2026 10:00", "26/12/2026 11:00"]


def becomes(columns: dict[str, list[str]]) -> dict[str, str]:
    """What became of each column; the draft has no fault but those it names."""
    drafted = draft(columns)
    assert set(faults_of(drafted, list(columns))) == {decision.line for decision in drafted.decisions}
    return {column.name: column.becomes for column in drafted.columns}


def test_an_id_of_the_lead_beats_its_address() -> None:
    """LeadSquared's own id is the surest way; then comes the e-mail address, then the phone number."""
    columns = {"Phone": PHONES, "Email": MAILS, "Prospect ID": GUIDS}
    assert becomes(columns)["Prospect ID"] == "the lead"
    del columns["Prospect ID"]
    assert becomes(columns)["Email"] == "the lead"
    del columns["Email"]
    assert becomes(columns)["Phone"] == "the lead"


def test_an_id_of_something_else_names_no_lead() -> None:
    """A column of ids is a lead's only if its name says so."""
    assert becomes({"Order GUID": GUIDS, "Email": MAILS})["Email"] == "the lead"


def test_the_owner_is_never_the_lead() -> None:
    """The address of one's own people is the owner's, even if there is no other."""
    found = becomes({"Owner Email": MAILS, "Mobile": PHONES})
    assert found == {"Owner Email": "activity.owner", "Mobile": "the lead"}


def test_owners_by_name_are_offered_as_a_table() -> None:
    """LeadSquared wants addresses: names of owners can be translated, and are until then a field."""
    drafted = draft({"Email": MAILS, "Sales Rep": ["Ravi", "Asha"]})
    assert "  #   map:\n  #     Asha: user1@example.com\n  #     Ravi: user2@example.com\n" in drafted.text
    assert drafted.columns[1].becomes == "mx_Custom_1"


@pytest.mark.parametrize("name", ["Visit Date", "Datum", "Call Time", "Applied On", "createdAt", "CREATED_ON", "When"])
def test_the_moment_is_found_by_its_name(name: str) -> None:
    """Among dates, the one whose name speaks of what happened is the activity's own."""
    found = becomes({"Email": MAILS, "Follow-up": DATES, "Valid until": DATES, name: DATES, "DOB": DATES})
    assert [column for column, became in found.items() if became == "activity.datetime"] == [name]


def test_a_birthday_is_no_moment_of_an_activity() -> None:
    """Without a date of its own the activity gets none, rather than somebody's birthday."""
    assert becomes({"Email": MAILS, "Birthday": DATES})["Birthday"] == "mx_Custom_1"


def test_the_name_of_the_lead_is_no_field_of_the_activity() -> None:
    """First and last names are left out, and offered where leads would be made."""
    drafted = draft({"Email": MAILS, "First Name": ["A", "B"], "Last Name": ["C", "D"], "Notes": ["e", "f"]})
    assert [column.becomes for column in drafted.columns] == ["the lead", "not used", "not used", "activity.note"]
    assert "  # first_name: First Name " in drafted.text
    assert "MAKES A NEW LEAD" in drafted.text


def test_two_columns_that_could_name_the_lead_are_asked_about() -> None:
    """If nothing tells which of two addresses is the lead's, neither is taken."""
    drafted = draft({"Office mail": MAILS, "Home mail": MAILS})
    assert [decision.sentence for decision in drafted.decisions] == ["the column that names the lead"]


def test_without_a_key_the_draft_asks_for_one() -> None:
    """A file in which no column can name a lead gives a draft that says so, and all ways to go on."""
    drafted = draft({"Store": ["x", "y"], "Amount": ["1", "2"]})
    assert [decision.sentence for decision in drafted.decisions] == [
        "which column names the lead, and how it is searched"
    ]
    switched_on = drafted.text.replace("  route: UNDECIDED\n", "").replace("COLUMN", "Store")
    for way in ("  # route: bulk_by_lead_id\n  # id: {column: Store}\n",):
        switched_on = switched_on.replace(way, way.replace("# ", ""))
    drafted = replace(drafted, text=switched_on)
    assert faults_of(drafted, ["Store", "Amount"]) == {}


def test_columns_without_a_name_or_with_one_that_stands_twice_are_left_out() -> None:
    """What a mapping can't name is told as not used; empty columns too."""
    drafted = draft({"Email": MAILS, "": ["x", "y"], "Empty": ["", ""], " Email ": MAILS})
    for sentence in (
        '"Email" (A) has a name that stands twice.',
        "Column (B) has no name.",
        '"Empty" (C) is empty in every row.',
    ):
        assert f"#   {sentence}\n" in drafted.text
