"""Whatever a header or a cell holds, a draft is well-formed, and wrong exactly where it says so."""

from hypothesis import given
from hypothesis import strategies as st

from importer.drafting.yaml_text import counted, listed, listed_formats, scalar, shown
from importer.mapping.date_formats import date_format
from importer.mapping.yaml_tree import read_yaml

from .drafts import HALF, draft, faults_of, wishes

texts = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)
awkward = st.sampled_from(
    [
        "null",
        "~",
        "yes",
        "- a",
        "a: b",
        "a #b",
        "#",
        "{a}",
        "[x",
        "'",
        '"',
        "\\",
        "?",
        "a:",
        "UNDECIDED",
        "=1+1",
        "0123",
    ]
)
cells = st.one_of(texts, awkward, st.sampled_from(["", "12", "1,234", "04/10/2026", "a@example.com", "+919845098450"]))
names = st.one_of(texts, awkward, st.sampled_from(["Visit Date", "Email", "Phone", "Remarks", "Owner", "First Name"]))


@given(texts | awkward)
def test_a_text_comes_back_from_yaml(text: str) -> None:
    """As a value, as a key and in a list, a text is read as what was written."""
    assert read_yaml(f"a: {scalar(text)}\n").plain == {"a": text}
    assert read_yaml(f"{scalar(text)}: b\n").plain == {text: "b"}
    assert read_yaml(f"a: {listed((text, text))}\n").plain == {"a": [text, text]}


@given(texts)
def test_a_text_in_a_remark_stays_in_it(text: str) -> None:
    """No text of a file ends the remark that shows it."""
    assert read_yaml(f"a: b  # {shown(text)}\n").plain == {"a": "b"}


@HALF
@given(
    st.dictionaries(names, st.lists(cells, min_size=3, max_size=3), min_size=1, max_size=6),
    st.sampled_from([None, 201]),
    st.sampled_from([None, "Asia/Kolkata"]),
)
def test_a_draft_is_wrong_exactly_where_it_says_so(
    columns: dict[str, list[str]], event: int | None, timezone: str | None
) -> None:
    """The lines that the program refuses are those which the draft names as not decided, and no others."""
    drafted = draft(columns, wishes(event, timezone))
    decisions = {decision.line for decision in drafted.decisions}
    assert set(faults_of(drafted, list(columns))) == decisions
    lines = drafted.text.splitlines()
    assert all("UNDECIDED" in lines[line - 1] for line in decisions)


def test_usual_names_need_no_quotation_marks() -> None:
    """A draft is easy on the eye: only texts that YAML would misread are quoted."""
    for text in ("Visit Date", "Store Code", "E-mail", "Tenure (months)", "Gutschein (€)", "Bestätigt", "0123", "A/B"):
        assert scalar(text) == text


def test_formats_stand_as_people_write_them() -> None:
    """A colon within a time needs no quotation marks; directives do."""
    assert listed_formats(["dd/mm/yyyy HH:MM:SS", "mmm dd, yyyy"]) == '[dd/mm/yyyy HH:MM:SS, "mmm dd, yyyy"]'
    assert listed_formats(["%Y-%m-%dT%H:%M:%S%z"]) == '["%Y-%m-%dT%H:%M:%S%z"]'
    written = read_yaml(f"a: {listed_formats(['dd/mm/yyyy hh:MM AM/PM'])}\n").plain
    assert written == {"a": ["dd/mm/yyyy hh:MM AM/PM"]}
    assert date_format("dd/mm/yyyy hh:MM AM/PM").directives == "%d/%m/%Y %I:%M %p"


def test_counts_are_said_in_words() -> None:
    """One is singular, thousands have marks."""
    assert (counted(1, "row"), counted(1234, "row")) == ("1 row", "1,234 rows")
    assert shown("a\nb" + "c" * 60) == f'"a b{"c" * 36}…"'
