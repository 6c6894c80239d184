"""Numbers as a workbook writes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.loading.excel.numerals import number, plain


@pytest.mark.parametrize(
    ("written", "digits"),
    [
        ("0", "0"),
        ("-0", "0"),
        ("+5", "5"),
        ("0419", "419"),
        (" 12 ", "12"),
        (".5", "0.5"),
        ("5.", "5"),
        ("0.30000000000000004", "0.3"),
        ("1.1000000000000001", "1.1"),
        ("9.1984509845E+11", "919845098450"),
        ("9.1984509845e11", "919845098450"),
        ("1E-7", "0.0000001"),
        ("1E-320", "0"),
        ("-4.9406564584124654E-324", "0"),
        ("1.23456789012345E+18", "1234567890123450000"),
        ("1234567890123456789", "1234567890123456789"),
        ("+1234567890123456789", "1234567890123456789"),
        ("-1234567890123456789.0", "-1234567890123456789"),
        ("0000000000000000000419", "419"),
        ("123456789012345.6", "123456789012346"),
        ("9.379316167080721e+20", "937931616708072000000"),  # the same double as without the last digit
    ],
)
def test_digits_of_a_number(written: str, digits: str) -> None:
    """A number has 15 significant digits, a whole number written in full has all that are written."""
    exact = number(written)
    assert exact is not None
    assert plain(exact) == digits


@pytest.mark.parametrize(
    "written",
    [
        "",
        "abc",
        "NaN",
        "INF",
        "1_000",
        "1,5",
        "0x10",
        "٣",
        "1e",
        "1E+400",
        "1.7976931348623157E+308",
        "9" * 400,
        "--1",
        "1.234567890123457E+18",
    ],
)
def test_what_is_no_number(written: str) -> None:
    """What Excel could not hold as a number, or not with all the digits that are written, is none."""
    assert number(written) is None


@given(st.integers(min_value=-(10**300), max_value=10**300))
def test_whole_numbers_are_never_altered(value: int) -> None:
    """A whole number written in full keeps every digit, however many there are."""
    exact = number(str(value))
    assert exact is not None
    assert plain(exact) == str(value)


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=5))
def test_decimals_survive_a_double(value: object) -> None:
    """A number of up to 15 digits that went through a double, as any program writes it, comes back as it was."""
    exact = number(repr(float(str(value))))
    assert exact is not None
    assert exact == value
