"""Phone numbers in the account's form, `+CC-NUMBER`: what can be meant in two ways is an issue, never a guess."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.mapping.country_codes import SHORT_CODES, is_country_code

from .building import Became, became

WRONG, UNCLEAR = ("phone-malformed",), ("phone-ambiguous",)


@pytest.mark.parametrize(
    ("form", "cells"),
    [
        (
            "country_code: 91, national_digits: 10, trunk_prefix: 0",
            {
                "9845098450": "+91-9845098450",
                "098450 98450": "+91-9845098450",
                "+919845098450": "+91-9845098450",
                "+91-98450-98450": "+91-9845098450",
                "+91 098450 98450": "+91-9845098450",
                "0091 98450 98450": "+91-9845098450",
                "919845098450": "+91-9845098450",
                "9198450984": "+91-9198450984",
                "(022) 2345-6789": "+91-2223456789",
                "+1 (555) 123-4567": "+1-5551234567",
                "+971 50 123 4567": "+971-501234567",
                "+44 (0)20 7946 0958": "+44-2079460958",
                "0044 (0)20 7946 0958": "+44-2079460958",
                "984509845": WRONG,
                "98450984501": WRONG,
                "+91 98450": WRONG,
                "0": WRONG,
                "+": WRONG,
                "+0123456789": WRONG,
                "call me": WRONG,
                "": None,
            },
        ),
        (
            "country_code: 91",
            {
                "9845098450": "+91-9845098450",
                "+919845098450": "+91-9845098450",
                "09845098450": UNCLEAR,
                "919845098450": UNCLEAR,
                "9198450984": UNCLEAR,
                "123456": "+91-123456",
                "1234": WRONG,
                "98450984509845": WRONG,
            },
        ),
        ("country_code: 91, trunk_prefix: 0", {"09845098450": "+91-9845098450", "0919845098": "+91-919845098"}),
        ("country_code: 39, trunk_prefix: ''", {"06 1234 5678": "+39-0612345678", "+39 06 1234": "+39-061234"}),
        ("country_code: +7, national_digits: 10, trunk_prefix: 8", {"8 912 345-67-89": "+7-9123456789"}),
        ("country_code: 1, national_digits: 10, trunk_prefix: 1", {"1-555-123-4567": "+1-5551234567"}),
    ],
)
def test_forms(form: str, cells: dict[str, Became]) -> None:
    """Each number becomes what it can only mean, or is an issue."""
    assert dict(zip(cells, became(f"{{column: A, type: phone, {form}}}", list(cells)), strict=True)) == cells


def test_without_a_country() -> None:
    """Without a country code numbers are posted as they stand."""
    assert became("{column: A, type: phone}", ["098450 98450", "+91-98450"]) == ["098450 98450", "+91-98450"]


def test_constants_and_defaults() -> None:
    """A number in the mapping itself is understood like one in a cell."""
    form = "type: phone, country_code: 91, national_digits: 10"
    assert became(f"{{constant: 98450 98450, {form}}}", [""]) == ["+91-9845098450"]
    assert became(f"{{column: A, default: 98450 98450, {form}}}", ["", "9845098451"]) == [
        "+91-9845098450",
        "+91-9845098451",
    ]


FORMS = st.sampled_from(
    [
        "country_code: 91",
        "country_code: 91, trunk_prefix: 0",
        "country_code: 1, national_digits: 10",
        "country_code: 49, trunk_prefix: 0",
        "country_code: 971, national_digits: 9, trunk_prefix: 0",
    ]
)
NUMBERS = st.from_regex(r"\+?0{0,2}[0-9]{4,14}", fullmatch=True) | st.text(st.sampled_from("+0123 -()/."), max_size=18)


@given(FORMS, st.lists(NUMBERS, min_size=1, max_size=8))
def test_laws(form: str, cells: list[str]) -> None:
    """What is posted keeps the digits of the cell, has a real country code, and is posted unchanged when read again."""
    value = f"{{column: A, type: phone, {form}}}"
    found = became(value, cells)
    for cell, number in zip(cells, found, strict=True):
        if isinstance(number, str):
            code, _, rest = number.removeprefix("+").partition("-")
            assert is_country_code(code)
            assert 7 <= len(code + rest) <= 15
            assert "".join(filter(str.isdigit, cell)).replace("0", "").endswith(rest.replace("0", ""))
            assert became(value, [number]) == [number] or "trunk_prefix" in form


def test_country_codes() -> None:
    """No country code is the beginning of another, so a number begins with one at most."""
    codes = [str(code) for code in range(1000) if is_country_code(str(code))]
    assert set(codes) >= SHORT_CODES
    assert not any(one != other and one.startswith(other) for one in codes for other in SHORT_CODES)
    assert not any(is_country_code(text) for text in ("", "0", "0091", "915", "12", "9999", "9a"))
