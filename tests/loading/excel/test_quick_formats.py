"""The quick ways to show numbers and moments: always what the slow ones show."""

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from importer.loading.excel.digit_sections import DigitSection
from importer.loading.excel.moment_sections import MomentSection
from importer.loading.excel.number_formats import number_format
from importer.loading.excel.numerals import significant
from importer.loading.excel.quick_digits import quick_digits
from importer.loading.excel.quick_moments import quick_moments
from importer.loading.excel.serials import Epoch

PLAINEST = [
    "0", "0000", "#", "##0", "0.00", "#.00", "#,##0", "#,##0.00", "#,###", "0%", "0.0%", "#,##0.000 %", "0.0\\ kg",
    '"Rs. "#,##0.00', "0.000", "00.0", "[Red]0.00", "$#,##0.00", "0.000000000000000", ".00", "#%", "(0)", "\\-0", "0.",
]  # fmt: skip
OTHERS = [
    "?0", "0.0?", "0.0#", "#,##0,", "0.0E+00", "000-0000", "0,000", "0.00;(0.00)", "[>5]0", "# ?/?", "yyyy", '"x"',
    "0%%", "0.0000000000000000",
]  # fmt: skip

NUMBERS = st.one_of(
    st.floats(min_value=-9e307, max_value=9e307).map(repr),
    st.decimals(min_value=-(10**7), max_value=10**7, places=5).map(str),
    st.integers(-(10**20), 10**20).map(str),
    st.sampled_from(
        ["0", "-0", "-0.0", "0.5", "-0.5", "0.005", "2.675", "0.995", "999.995", "-0.004", "1e-5", "0.0001"]
    ),
)


@given(st.sampled_from(PLAINEST), NUMBERS)
@example("0.00", "1.005")
@example("#", "-0.4")
@example("0%", "0.125")
def test_digits(code: str, written: str) -> None:
    """A number under one of the plainest formats is shown as by decimal arithmetic, minus and all."""
    digits, quick = significant(written), number_format(code).quick
    assert quick is not None
    if digits is not None and (shown := quick(digits)) is not None:
        assert shown == number_format(code).show(Decimal(digits))[0]


@pytest.mark.parametrize("code", OTHERS)
def test_other_formats(code: str) -> None:
    """A format that is not one of the plainest has no quick way."""
    section = number_format(code).cases[0].section
    assert number_format(code).quick is None
    assert not isinstance(section, DigitSection) or len(number_format(code).cases) > 1 or quick_digits(section) is None


@given(st.lists(st.sampled_from(["0", "#", "?", ",", ".", "%", "E+", " ", "-", '"x"', "/", ";"]), max_size=12), NUMBERS)
def test_any_digits(signs: list[str], written: str) -> None:
    """Whatever a format is made of, its quick way, if it has one, shows what the slow one shows."""
    digits, compiled = significant(written), number_format("".join(signs))
    if digits is not None and compiled.quick and (shown := compiled.quick(digits)) is not None:
        assert shown == compiled.show(Decimal(digits))[0]


MOMENTS = st.lists(
    st.sampled_from(
        [*"mdhse/-: ", "yyyy", "yy", "mm", "mmm", "dd", "ddd", "hh", "ss", ".0", ".000", "AM/PM", "g", "[h]", '"x"']
    ),
    min_size=1,
    max_size=9,
).map("".join)
SERIALS = st.one_of(
    st.floats(min_value=-5, max_value=2_958_467).map(repr),
    st.builds(lambda days, minutes: repr(days + minutes / 1440), st.integers(0, 80_000), st.integers(0, 1440)),
    st.sampled_from(["0", "0.5", "1", "59.999", "60", "60.5", "61", "2958465.999999999", "2958466", "45413.99999999"]),
)


@given(st.one_of(MOMENTS, st.sampled_from(["dd/mm/yyyy hh:mm", "dd-mmm-yy", "d/m/yy h:mm AM/PM"])), SERIALS)
@example("dd/mm/yyyy hh:mm:ss", "45413.9999999")
@example("dd/mm/yyyy hh:mm:ss.000", "45413.9999999")
@example("dd/mm/yyyy", "45413.999999")
@example("dd/mm/yyyy hh:mm", "45413.437499")
def test_moments(code: str, written: str) -> None:
    """A moment is shown, and told, as by the slow ways."""
    digits, compiled = significant(written), number_format(code)
    section = compiled.cases[0].section
    assert digits is not None
    for epoch in Epoch:
        quick = quick_moments(section, epoch) if isinstance(section, MomentSection) else None
        if quick is not None and isinstance(section, MomentSection) and (both := quick(digits)) is not None:
            value = Decimal(digits)
            assert both == (compiled.show(value, epoch)[0], section.moment(value, epoch))


@pytest.mark.parametrize("code", ["dd/mm/yyyy", "dd/mm/yyyy hh:mm", "dd-mmm-yy", "yyyy-mm-dd hh:mm:ss.000"])
def test_usual_moments_are_quick(code: str) -> None:
    """The usual formats of dates have the quick way."""
    section = number_format(code).cases[0].section
    assert isinstance(section, MomentSection)
    quick = quick_moments(section, Epoch.EARLY_1900)
    assert quick is not None
    assert quick("45413.4375") is not None


@given(NUMBERS)
def test_short_numbers(written: str) -> None:
    """A number that is left as it is written is one that would be written so again."""
    for text in (written, written[:15]):
        if len(text) <= 15 and significant(text) == text:
            assert f"{float(text):.15g}" == text
