"""What a column is taken for: the type that reads it, or text where a type would lose something."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.blocks import Cell, CellKind
from importer.drafting.kinds import Kind, Marks, Verdict, verdict_on
from importer.drafting.values import misfits_told
from tests.mapping.building import moment, number

from .drafts import HALF, column, draft, faults_of

GUID = "2bf6a491-c144-4ac9-90f9-f52b6fc44413"


def verdict(cells: list[str] | list[Cell], name: str = "Column") -> Verdict:
    """What a column is taken for."""
    return verdict_on(column(cells, name))


@pytest.mark.parametrize(
    ("name", "cells", "kind"),
    [
        ("Lead", [GUID, GUID.upper()], Kind.GUID),
        ("Mail", ["a@example.com", "b@example.org"], Kind.EMAIL),
        ("Visitors", ["12", "0", "-3"], Kind.INTEGER),
        ("Ratio", ["1.5", "2"], Kind.DECIMAL),
        ("Salaried", ["Y", "n", "Yes"], Kind.BOOLEAN),
        ("Flag", ["0", "1"], Kind.INTEGER),
        ("Mobile", ["98450 98450", "9845098451"], Kind.PHONE),
        ("Called", ["+91 98450 98450", "+919845098451"], Kind.PHONE),
        ("Visited", ["25/12/2026 10:30"], Kind.DATETIME),
        ("Visited", ["25/12/2026"], Kind.DATE),
        ("City", ["Pune", "Goa"], Kind.TEXT),
        ("Nothing", ["", "  "], Kind.EMPTY),
        ("Store Code", ["0419", "1310"], Kind.TEXT),
        ("Account", ["1234567890123456789"], Kind.TEXT),
        ("PIN", ["411001", "411002"], Kind.TEXT),
        ("Invoice No", ["4339", "4340"], Kind.TEXT),
        ("No of visitors", ["12", "13"], Kind.INTEGER),
        ("Phone", ["9.19845E+11", "9.19845E+11"], Kind.TEXT),
        ("Duration", ["0:26:10", "1:00:00"], Kind.TEXT),
    ],
)
def test_kinds(name: str, cells: list[str], kind: Kind) -> None:
    """Each column is taken for what reads all of its cells and loses nothing."""
    assert verdict(cells, name).kind is kind


def test_times_of_excel() -> None:
    """A column of Excel's own times of day is one of times, though a cell or two be something else."""
    times = [Cell(f"{hour:02}:30", CellKind.MOMENT, f"T{hour:02}:30:00", "hh:mm") for hour in range(10)]
    assert verdict(times, "Call Time") == Verdict(Kind.TIME)
    assert verdict([*times, Cell("later")], "Call Time").misfits.count == 1
    text = draft({"Call Time": times}).text
    assert "    type: time" in text
    assert "sent as 08:30:00" in text


def test_zeros_in_front_are_the_reason_for_text() -> None:
    """The draft says why a column of digits stays text, with a cell that shows it."""
    assert '2 cells begin with 0, like "0419"' in verdict(["1310", "0419", "0007"]).reason
    assert "lost digits" in verdict(["9.19845E+11"]).reason


def test_numbers_of_excel_count_as_they_are_stored() -> None:
    """Excel may show thousands marks and currency: the number types take what is stored."""
    amounts = [Cell(f"₹ {thousands},000.00", CellKind.NUMBER, f"{thousands}000") for thousands in range(1, 9)]
    assert verdict(amounts, "Amount") == Verdict(Kind.INTEGER)
    codes = [Cell("0043", CellKind.NUMBER, "43", "0000"), Cell("1310", CellKind.NUMBER, "1310", "0000")]
    assert verdict(codes, "Extension").kind is Kind.TEXT


def test_days_without_a_date_format_are_no_numbers() -> None:
    """A column of dates that Excel shows as 46208 is told as such, and not mapped."""
    days = [Cell("46208", CellKind.NUMBER, "46208"), Cell("46209", CellKind.NUMBER, "46209")]
    assert verdict(days, "Visit Date").kind is Kind.SERIALS
    drafted = draft({"Email": ["a@example.com", "b@example.com"], "Visit Date": days})
    assert "column: Visit Date" not in drafted.text
    assert any("numbers of days" in caution for caution in drafted.cautions)


@pytest.mark.parametrize(
    ("cells", "marks"),
    [
        (["1,234.50", "12,34,567.00"], (Marks(",", "."),)),
        (["1.234,50", "7,00"], (Marks(".", ","),)),
        (["12,50", "1250,00"], (Marks(None, ","),)),
        (["1 234,50", "7,00"], (Marks(" ", ","),)),
        (["1'234.50"], (Marks("'", "."),)),
        (["12.5", "1250.25"], ()),
        (["1,234", "5,678"], (Marks(",", "."), Marks(None, ","))),
        (["1.234", "5.678"], (Marks(None, "."), Marks(".", ","))),
    ],
)
def test_marks_within_numbers(cells: list[str], marks: tuple[Marks, ...]) -> None:
    """The marks that read every cell are taken; where the point and the comma both could be the decimal mark, both."""
    found = verdict(cells)
    assert (found.kind, found.marks) == (Kind.DECIMAL, marks)


@HALF
@given(st.lists(st.integers(1_000, 999_999), min_size=1, max_size=20))
def test_no_decimal_mark_is_picked_where_two_fit(numbers: list[int]) -> None:
    """Numbers of four to six digits with commas can be thousands or thousandths: the draft asks."""
    drafted = draft({"Email": ["a@example.com"] * len(numbers), "Amount": [f"{number:,}" for number in numbers]})
    assert [decision.sentence for decision in drafted.decisions] == [
        "whether the point or the comma stands before decimals"
    ]


def test_a_few_mistakes_do_not_change_the_type() -> None:
    """One cell in ten may be wrong: it is named, for validation will report it."""
    found = verdict(["1"] * 18 + ["10-12", "2"], "Visitors")
    assert (found.kind, found.misfits.count) == (Kind.INTEGER, 1)
    assert found.misfits.first is not None
    assert found.misfits.first.row == 20
    assert verdict(["1", "2", "3", "many"], "Visitors").kind is Kind.TEXT


def test_a_short_list_is_offered_as_choices() -> None:
    """Few texts that come again and again look like a list to pick from; remarks do not."""
    assert verdict(["Won", "Lost", "New"] * 3, "Stage").choices == ("Lost", "New", "Won")
    assert verdict(["Won", "Lost", "New"] * 3, "Remarks").choices == ()
    assert verdict(["Won", "Lost", "New"], "Stage").choices == ()


def test_words_for_yes_and_no_are_offered() -> None:
    """Ja and nein stay texts, but how they become 1 and 0 is shown; so is the country of phone numbers."""
    drafted = draft(
        {"Email": ["a@example.com", "b@example.com"], "Offen": ["ja", "Nein"], "Mobile": ["9845098450"] * 2}
    )
    assert "    # words: {true: [ja], false: [nein]}\n" in drafted.text
    assert "    # country_code: 91 " in drafted.text
    switched_on = drafted.text.replace("# type", "type").replace("# words", "words").replace("# country", "country")
    switched_on = switched_on.replace("# national", "national")
    assert faults_of(replace(drafted, text=switched_on), ["Email", "Offen", "Mobile"]) == {}


def test_a_day_number_among_dates_is_told_as_one_thing() -> None:
    """A cell that has lost its date format is no wrong date as well; beside it, a wrong date is told by itself."""
    days = [moment(f"0{day}/10/2025", f"2025-10-0{day}T00:00:00") for day in range(1, 10)] * 30
    cells: list[str | Cell] = [*days, number("45950", "45950")]
    told = misfits_told(verdict_on(column(cells, "Visit Date")))
    assert told == '1 cell is a number of days, which has lost its date format (row 272: "45950") and will be reported.'
    both = misfits_told(verdict_on(column([*cells, "31/02/2025"], "Visit Date")))
    assert both == f'{told} 1 cell is no such date (row 273: "31/02/2025") and will be reported.'
