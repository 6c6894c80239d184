"""Formats of dates are found over the whole column, and never picked where the cells leave two open."""

from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.blocks import Cell, CellKind
from importer.drafting.date_reading import DateReading
from importer.drafting.date_shapes import DAY_SHAPES, as_written
from importer.mapping.date_formats import date_format
from importer.mapping.dates import parse_dates

from .drafts import HALF, column, profile

CLOCKS = ("", " %H:%M", " %H:%M:%S", "T%H:%M:%S", " %I:%M %p", " %I:%M:%S%p", ", %H:%M", "T%H:%M:%S.%f", "T%H:%M:%S%z")

formats = st.builds(
    str.__add__, st.sampled_from([text for shape in DAY_SHAPES for text in shape.formats]), st.sampled_from(CLOCKS)
)
moments = st.datetimes(datetime(1970, 1, 2), datetime(2067, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001  # it asks so
"""Years that two digits can say."""
columns_of_moments = st.lists(moments, min_size=1, max_size=30)


def reading(cells: list[str], name: str = "Visit Date") -> DateReading:
    """How a column of dates is read."""
    found = column(cells, name).dates
    assert found is not None, cells
    return found


def offered(found: DateReading) -> set[str]:
    """All formats that are taken or asked about."""
    return {*found.formats, *(text for question in found.questions for one in question.readings for text in one)}


@given(formats, columns_of_moments)
def test_the_format_of_a_column_is_among_those_found(directives: str, written: list[datetime]) -> None:
    """Whatever format the dates of a column are written in is taken, or asked about."""
    found = reading([moment.strftime(directives) for moment in written])
    # All of May reads the same by short and by full names.
    assert offered(found) & {as_written(directives), as_written(directives.replace("%B", "%b"))}
    assert found.misfits.count == 0


@given(formats, columns_of_moments)
def test_a_format_that_is_taken_reads_what_was_written(directives: str, written: list[datetime]) -> None:
    """If nothing is asked, the formats read each cell as the day that was meant."""
    cells = [moment.strftime(directives) for moment in written]
    found = reading(cells)
    if found.questions:
        return
    parsed = parse_dates(pa.array(cells, pa.large_string()), [date_format(text) for text in found.formats])
    meant = parse_dates(pa.array(cells, pa.large_string()), [date_format(directives)])
    assert parsed.moments.tolist() == meant.moments.tolist()
    assert not parsed.ambiguous.any()


@given(st.sampled_from("/-."), columns_of_moments)
def test_nothing_is_picked_where_two_readings_fit(sign: str, written: list[datetime]) -> None:
    """As long as no day is beyond the twelfth, the draft asks; one day beyond it settles the matter."""
    cells = [moment.strftime(f"%d{sign}%m{sign}%Y") for moment in written]
    found = reading(cells)
    if all(moment.day <= 12 for moment in written):
        assert found.formats == ()
        assert found.questions[0].differ == sum(moment.day != moment.month for moment in written)
    else:
        assert (found.formats, found.questions) == ((f"dd{sign}mm{sign}yyyy",), ())


@HALF
@given(st.lists(st.tuples(formats, moments), min_size=1, max_size=20))
def test_formats_that_are_taken_together_never_contradict(written: list[tuple[str, datetime]]) -> None:
    """Of a column that mixes formats, no cell is read as two different moments by those that are taken."""
    cells = [moment.strftime(directives) for directives, moment in written]
    found = reading(cells)
    parsed = parse_dates(pa.array(cells, pa.large_string()), [date_format(text) for text in found.formats])
    assert not parsed.ambiguous.any()


@HALF
@given(columns_of_moments, formats, st.integers(1, 7))
def test_blocks_make_no_difference(written: list[datetime], directives: str, size: int) -> None:
    """A file read in small pieces says the same as one read at once."""
    cells = {"Visit Date": [moment.strftime(directives) for moment in written]}
    assert profile(cells, rows_per_block=size) == profile(cells)


def test_a_question_shows_a_cell_read_both_ways() -> None:
    """Where two readings fit, a cell with two different days is shown, and how many differ."""
    (question,) = reading(["05/05/2026", "04/10/2026", "03/11/2026"]).questions
    assert question.readings == (("dd/mm/yyyy",), ("mm/dd/yyyy",))
    assert (question.cells, question.differ) == (3, 2)
    assert question.shown is not None
    assert question.shown.example.row == 3
    assert question.shown.days == (datetime(2026, 10, 4), datetime(2026, 4, 10))  # noqa: DTZ001  # as written


def test_one_cell_late_in_the_file_settles_it() -> None:
    """The last row counts as much as the first."""
    found = reading(["04/10/2026"] * 999 + ["09/25/2026"])
    assert (found.formats, found.questions) == (("mm/dd/yyyy",), ())


def test_formats_that_mix_are_listed() -> None:
    """Several formats that together read every cell are all taken, the most frequent first."""
    found = reading(["25/12/2026 10:30", "26/12/2026 11:30", "27/12/2026", "2026-12-28"])
    assert found.formats == ("dd/mm/yyyy HH:MM", "dd/mm/yyyy", "yyyy-mm-dd")


def test_a_clear_shape_does_not_answer_for_another() -> None:
    """That dates with slashes have the day first says nothing of those with dashes."""
    found = reading(["25/12/2026", "04-10-2026"])
    assert found.formats == ("dd/mm/yyyy",)
    assert found.questions[0].readings == (("dd-mm-yyyy",), ("mm-dd-yyyy",))


def test_a_column_that_contradicts_itself_is_asked_about() -> None:
    """If some cells can only have the day first and others only the month, both are shown."""
    (question,) = reading(["25/12/2026", "12/25/2026", "04/10/2026"]).questions
    assert question.contradiction is not None
    assert [example.row for example in question.contradiction] == [2, 3]


def test_a_mistake_among_many_is_no_second_format() -> None:
    """One cell in hundreds with day and month swapped is a mistake that validation will report."""
    found = reading([f"{day:02}/09/2026" for day in range(1, 29)] * 5 + ["09/28/2026"])
    assert (found.formats, found.misfits.count) == (("dd/mm/yyyy",), 1)
    assert found.misfits.first is not None
    assert found.misfits.first.text == "09/28/2026"


@pytest.mark.parametrize(
    ("cells", "name"),
    [
        (["10.12.14", "10.12.15", "10.13.1"], "Version"),
        (["20260705", "20260706"], "Order No"),
        (["25:00", "10:30"], "Time"),
        (["31/02/2026", "32/01/2026"], "Date"),
        (["2026", "2027"], "Date"),
        (["05/07", "06/07"], "Date"),
        (["tomorrow", "05/07/2026"], "Date"),
        (["05/07/2026 25:00"], "Date"),
    ],
)
def test_what_is_no_date_is_taken_for_none(cells: list[str], name: str) -> None:
    """Versions, numbers, times without a day and days that never were are not read as dates."""
    assert column(cells, name).dates is None


def test_digits_are_dates_only_under_a_name_that_says_so() -> None:
    """20261231 under "Visit Date" is a day; as an order number it is none."""
    assert reading(["20261231", "20261130"]).formats == ("yyyymmdd",)
    assert column(["20261231", "20261130"], "Order No").dates is None


def test_months_by_name_need_no_question() -> None:
    """Short and full names of months are told apart; where both occur, both are listed."""
    assert reading(["05-Jul-2026", "6-Aug-2026"]).formats == ("dd-mmm-yyyy",)
    assert reading(["July 5, 2026", "May 6, 2026"]).formats == ("mmmm dd, yyyy",)
    assert reading(["5 Jul 2026", "6 August 2026"]).formats == ("dd mmm yyyy", "dd mmmm yyyy")


def test_two_digits_of_a_year_leave_three_readings() -> None:
    """05/07/06 has three readings, and all are named."""
    (question,) = reading(["05/07/06"]).questions
    assert question.readings == (("dd/mm/yy",), ("mm/dd/yy",), ("yy/mm/dd",))


def test_real_dates_of_excel_need_no_format() -> None:
    """Cells that Excel stores as dates are read whatever they show."""
    cells = [Cell("05/07/26", CellKind.MOMENT, "2026-07-05T00:00:00", "dd/mm/yy")] * 3
    found = column(cells, "Visited").dates
    assert found is not None
    assert (found.formats, found.questions, found.real, found.with_clock) == ((), (), 3, False)


def test_numbers_that_were_dates_are_noticed() -> None:
    """Dates that have lost their format are counted, and are not read as dates."""
    days = [Cell(f"{46_000 + day}", CellKind.NUMBER, f"{46_000 + day}") for day in range(20)]
    found = column(days, "Visit Date")
    assert (found.dates, found.serials.count) == (None, 20)


def test_times_that_name_their_zone_are_known_as_such() -> None:
    """Where each cell says its offset from UTC, no zone is needed."""
    moment = datetime(2026, 7, 25, 10, 30, tzinfo=UTC) + timedelta(days=1)
    assert reading([moment.isoformat(), "2026-07-05T10:30:00Z"]).names_zone
    assert not reading([moment.isoformat(), "2026-07-05T10:30:00"]).names_zone
