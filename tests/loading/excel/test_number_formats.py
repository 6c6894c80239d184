"""Number formats: what a cell shows, compared with Excel, and laws that hold for any format."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.loading.excel.builtin_formats import builtin_format
from importer.loading.excel.number_formats import number_format
from importer.loading.excel.numerals import number
from importer.loading.excel.serials import Epoch

from .golden_formats import DIGITS, FRACTIONS, GENERAL, MOMENTS, TEXTS, TEXTS_AND_LITERALS

NUMBERS = [*GENERAL, *DIGITS, *TEXTS_AND_LITERALS, *FRACTIONS, *MOMENTS]

DOUBLES = st.floats(allow_subnormal=False, min_value=-9e307, max_value=9e307).map(lambda value: float(f"{value:.15g}"))
"""All that Excel can hold."""


def shown(code: str, value: str, epoch: Epoch = Epoch.EARLY_1900) -> str:
    """What a cell with that format shows for a number."""
    exact = number(value)
    assert exact is not None
    return number_format(code).show(exact, epoch)[0]


@pytest.mark.parametrize(("code", "stored", "expected"), NUMBERS)
def test_golden_number(code: str, stored: str, expected: str) -> None:
    """A number is shown as Excel shows it."""
    assert shown(code, stored) == expected


@pytest.mark.parametrize(("code", "stored", "expected"), TEXTS)
def test_golden_text(code: str, stored: str, expected: str) -> None:
    """A text is shown through the text section, if there is one."""
    assert number_format(code).show_text(stored) == expected


@pytest.mark.parametrize(
    ("identifier", "stored", "expected"),
    [
        (0, "419", "419"),
        (1, "419.6", "420"),
        (4, "1234.5", "1,234.50"),
        (9, "0.12", "12%"),
        (11, "12345", "1.23E+04"),
        (12, "1.5", "1 1/2"),
        (14, "45413", "5/1/2024"),
        (15, "45413", "1-May-24"),
        (16, "45413", "1-May"),
        (17, "45413", "May-24"),
        (18, "0.75", "6:00 PM"),
        (20, "0.75", "18:00"),
        (21, "0.75", "18:00:00"),
        (22, "45413.4375", "5/1/2024 10:30"),
        (27, "45413", "5/1/2024"),
        (37, "-12", "(12)"),
        (44, "12", " $12.00 "),
        (45, "0.0423611111", "01:00"),
        (46, "1.5", "36:00:00"),
        (47, "0.70707", "58:10.8"),
        (48, "12345", "12.3E+3"),
        (49, "419", "419"),
        (58, "45413", "5/1/2024"),
        (163, "419", "419"),
    ],
)
def test_builtin_formats(identifier: int, stored: str, expected: str) -> None:
    """A format that is only named by a number shows what the US edition of Excel shows."""
    assert shown(builtin_format(identifier), stored) == expected


def test_later_epoch() -> None:
    """From 1904, day 0 is 1 January 1904, a Friday."""
    assert shown("ddd yyyy-mm-dd", "0", Epoch.LATE_1904) == "Fri 1904-01-01"
    assert shown("ddd yyyy-mm-dd", "43951", Epoch.LATE_1904) == "Wed 2024-05-01"


def test_weekdays_before_the_day_that_never_was() -> None:
    """Up to 28 February 1900 the weekdays are those that Excel shows, which are one off."""
    assert shown("dddd", "1") == "Sunday"
    assert shown("dddd", "61") == "Thursday"


def test_conditions_that_leave_a_number_out() -> None:
    """A number for which no section is meant is shown as number signs."""
    assert shown("[>=100]0;[<=-100]0", "6") == "########"


def test_second_of_three_sections() -> None:
    """Where only the first of three sections has a condition, the second one is for numbers below zero."""
    code = '[>100]"A"0;"B"0;"C"0'
    assert [shown(code, value) for value in ("500", "-5", "50")] == ["A500", "B5", "C50"]


@pytest.mark.parametrize("code", ["0 general", "General 0", "yyyy#", "#,##0 Rs", "hh:mm 00", "@;@"])
def test_formats_that_nobody_could_show(code: str) -> None:
    """A section that mixes what can't be mixed counts as General."""
    assert shown(code, "1234.5") == "1234.5"


@given(st.integers(min_value=0, max_value=10**15 - 1), st.integers(min_value=1, max_value=20))
def test_zeros_pad(value: int, width: int) -> None:
    """Zeros show a whole number with at least as many digits, and lose none."""
    assert shown("0" * width, str(value)) == str(value).zfill(width)


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**8), max_value=10**8, places=4))
def test_two_decimals_are_the_nearest(value: Decimal) -> None:
    """`0.00` shows the nearest number with two decimals."""
    assert abs(Decimal(shown("0.00", str(value))) - value) <= Decimal("0.005")


@given(st.integers(min_value=-(10**14), max_value=10**14))
def test_grouping_only_adds_commas(value: int) -> None:
    """`#,##0` without its commas is the number, and the commas stand as Python puts them."""
    assert shown("#,##0", str(value)) == f"{value:,}"


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-1000, max_value=1000, places=6))
def test_percent_is_a_hundredfold(value: Decimal) -> None:
    """`0.0000%` shows a hundred times the number, exactly."""
    assert Decimal(shown("0.0000%", str(value)).rstrip("%")) == value * 100


@given(DOUBLES.filter(lambda value: value > 0))
def test_scientific_reads_back(value: float) -> None:
    """`0.00000000000000E+000` shows a number that reads as the same number to 15 digits."""
    assert abs(float(shown("0.00000000000000E+000", repr(value))) - value) <= value * 1e-14


@given(DOUBLES)
def test_general_has_full_digits(value: float) -> None:
    """General never shows an exponent, and what it shows reads as the same number to 15 digits."""
    text = shown("General", repr(value))
    assert "E" not in text.upper()
    assert abs(float(text) - value) <= abs(value) * 1e-14


@given(st.floats(min_value=0, max_value=2_958_465), st.sampled_from(["# ?/?", "# ??/??", "?/?", "# ???/???"]))
def test_fractions_are_near(value: float, code: str) -> None:
    """A fraction is never further from the number than its denominator allows."""
    whole, _, fraction = f" {shown(code, repr(value)).strip()}".rpartition(" ")
    if "/" not in fraction:
        whole, fraction = fraction, "0/1"
    top, bottom = map(int, fraction.split("/"))
    assert abs(float(whole or 0) + top / bottom - value) <= 1 / bottom + 1e-9


SIGNS = st.sampled_from([*'0#?.,%/E+-e@;"\\_*[]$<>=ymdhsaApPgGb: 19x₹', "General", "AM/PM", "[h]", "[$-409]", "[>5]"])


@given(st.lists(SIGNS, max_size=40).map("".join), DOUBLES, st.text(max_size=20))
def test_any_format_shows_something(code: str, value: float, text: str) -> None:
    """No format, however odd, fails on any number or text."""
    exact = number(repr(value))
    assert exact is not None
    for epoch in Epoch:
        assert isinstance(number_format(code).show(exact, epoch)[0], str)
    assert isinstance(number_format(code).show_text(text), str)


@pytest.mark.parametrize(
    "code", ["%" * 500 + "0." + "0" * 500, "0" * 1000, "?/" + "?" * 1000, "0" + "," * 1000, "?/" + "9" * 900]
)
@pytest.mark.parametrize("stored", ["9.99999999999999E+307", "5E-324", "0.1", "9" * 300])
def test_formats_of_a_thousand_signs(code: str, stored: str) -> None:
    """A format as long as any that is let in fails on no number, not even on the largest and smallest."""
    assert len(shown(code, stored)) < 4_000
