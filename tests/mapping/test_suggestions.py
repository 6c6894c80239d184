"""Suggestions: the nearest of the known words, or none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.errors import suggestion

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


@given(st.lists(st.text(min_size=1).filter(str.strip), min_size=1, max_size=5))
def test_case_alone_is_always_near(words: list[str]) -> None:
    """Whatever a word is, the same in other letters is suggested."""
    for word in words:
        found = suggestion(word.strip().casefold(), words)
        assert found.casefold().strip() in {f'did you mean "{other.casefold()}"?' for other in words}
        assert found
