"""Suggestions: the nearest of the known words, or none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.blocks import Header
from importer.errors.base import suggestion
from importer.errors.mappings import MappingError
from importer.mapping.binding import bind

from .building import LEAD_AND_EVENT, mapping

COLUMNS = ["Lead ID", "Visit Date", "Store", "Store Code", "Remarks"]


@pytest.mark.parametrize(
    ("word", "near"),
    [
        ("lead id", "Lead ID"),
        (" LEAD ID\u00a0", "Lead ID"),
        ("Leed ID", "Lead ID"),
        ("LeadID", "Lead ID"),
        ("Date of visit", None),
        ("visit_date", "Visit Date"),
        ("store", "Store"),
        ("StoreCode", "Store Code"),
        ("Remark", "Remarks"),
        ("Umsatz", None),
        ("", None),
    ],
)
def test_near_words(word: str, near: str | None) -> None:
    """The nearest word is suggested if one is near; case and white space at the ends are no distance."""
    assert suggestion(word, COLUMNS) == (f' Did you mean "{near}"?' if near else "")


def test_equals() -> None:
    """Of words that differ in case only, the first is suggested."""
    assert suggestion("sTORE", ["Store", "STORE"]) == ' Did you mean "Store"?'
    assert suggestion("x", []) == ""


@pytest.mark.parametrize(
    ("word", "known", "said"),
    [
        ("Lead ID", "Lead\u00a0ID", ", with a no-break space in it"),
        ("Lead\u00a0ID", "Lead ID", ", without the no-break space in it"),
        ("Lead ID", "Lead\nID", ", with a line break in it"),
        ("Lead ID", "Lead\u200b\u00a0ID", ", with a no-break space and a zero-width space in it"),
        ("Lead\u00a0Id", "Lead\u00a0ID", ""),
        ("\u201cLead ID\u201d", "Lead ID", ", without the curly quotation marks"),
    ],
)
def test_what_nobody_sees_is_told(word: str, known: str, said: str) -> None:
    """Where two words look alike, what they differ in is named."""
    assert suggestion(word, [known]) == f' Did you mean "{known}"{said}?'


def test_a_column_with_an_unseen_sign_can_be_written() -> None:
    """The way to write such a name in a mapping is told, and leads there."""
    header = Header(("Lead\u00a0ID",), 1)
    with pytest.raises(MappingError, match="with a no-break space in it") as refused:
        bind(mapping(LEAD_AND_EVENT), header, "visits.csv")
    assert refused.value.faults[0].sentence.endswith(r'it is written "Lead\u00a0ID", in quotation marks.')
    assert bind(mapping(LEAD_AND_EVENT.replace("Lead ID", r'"Lead\u00a0ID"')), header, "visits.csv").lead.positions == (
        0,
    )


@given(st.lists(st.text(min_size=1).filter(str.strip), min_size=1, max_size=5))
def test_case_alone_is_always_near(words: list[str]) -> None:
    """Whatever a word is, the same in other letters is suggested."""
    for word in words:
        found = suggestion(word.strip().casefold(), words)
        assert found.casefold().strip() in {f'did you mean "{other.casefold()}"?' for other in words}
        assert found
