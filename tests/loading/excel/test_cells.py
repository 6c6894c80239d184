"""Cells: what each shows and stores, from the markup that Excel and other programs write."""

from pathlib import Path

import pytest

from importer.blocks import CellKind
from importer.errors.sources import SourceDamaged

from .workbooks import Found, RawWorkbook, first_cell, opened, row, text, value

DATE = RawWorkbook(formats=["dd/mm/yyyy hh:mm"])


@pytest.mark.parametrize(
    ("content", "code", "shown", "stored"),
    [
        ("419", "0000", "0419", "419"),
        ("419", "General", "419", "419"),
        ("0419", "General", "419", "419"),
        ("5.0", "General", "5", "5"),
        ("0.12", "0%", "12%", "0.12"),
        ("0.30000000000000004", "General", "0.3", "0.3"),
        ("0.30000000000000004", "0.00", "0.30", "0.3"),
        ("9.1984509845E+11", "General", "919845098450", "919845098450"),
        ("919845098450", '"+"0', "+919845098450", "919845098450"),
        ("1234567890123456789", "0", "1234567890123456789", "1234567890123456789"),
        ("-1234567890123456789", "General", "-1234567890123456789", "-1234567890123456789"),
        ("1E-05", "General", "0.00001", "0.00001"),
        ("-0", "General", "0", "0"),
        ("1234.5", "#,##0.00", "1,234.50", "1234.5"),
        ("1.5", "[h]:mm", "36:00", "1.5"),
        ("419", "@", "419", "419"),
        ("5", ";;;", "", "5"),
    ],
)
def test_numbers(tmp_path: Path, content: str, code: str, shown: str, stored: str) -> None:
    """A number is shown under its format and stored in plain digits; a length of time is a number."""
    found = first_cell(tmp_path, value(content, 's="1"'), RawWorkbook(formats=[code]))
    assert found == Found(shown, CellKind.NUMBER, stored, code)


@pytest.mark.parametrize(
    ("content", "code", "shown", "stored"),
    [
        ("45413.4375", "dd/mm/yyyy hh:mm", "01/05/2024 10:30", "2024-05-01T10:30:00"),
        ("45413.43749999999", "h:mm", "10:30", "2024-05-01T10:30:00"),
        ("45413", "mmm-yy", "May-24", "2024-05-01T00:00:00"),
        ("0.4375", "h:mm AM/PM", "10:30 AM", "T10:30:00"),
        ("0.4375", "dd/mm/yyyy hh:mm", "00/01/1900 10:30", "T10:30:00"),
    ],
)
def test_moments(tmp_path: Path, content: str, code: str, shown: str, stored: str) -> None:
    """A number under a format that shows a date or a time of day is a moment."""
    found = first_cell(tmp_path, value(content, 's="1"'), RawWorkbook(formats=[code]))
    assert found == Found(shown, CellKind.MOMENT, stored, code)


@pytest.mark.parametrize(
    ("content", "code", "shown", "stored"),
    [
        ("45413.999999", "dd/mm/yyyy", "01/05/2024", "2024-05-01T23:59:59.914000"),
        ("45413.999999", "dd/mm/yyyy hh:mm", "02/05/2024 00:00", "2024-05-02T00:00:00"),
        ("45413.999999", "hh:mm dd/mm/yyyy", "00:00 02/05/2024", "2024-05-02T00:00:00"),
        ("45413.999999", "dd/mm/yyyy hh:mm:ss.000", "01/05/2024 23:59:59.914", "2024-05-01T23:59:59.914000"),
        ("45413.437499", "dd/mm/yyyy hh:mm:ss", "01/05/2024 10:30:00", "2024-05-01T10:29:59.914000"),
        ("0.9999999", "hh:mm:ss", "00:00:00", "T23:59:59.991000"),
        ("2958465.9999999", "dd/mm/yyyy", "31/12/9999", "9999-12-31T23:59:59.991000"),
    ],
)
def test_the_last_moment_before_another(tmp_path: Path, content: str, code: str, shown: str, stored: str) -> None:
    """A format without a time shows the day that is stored; one with a time rounds, and what it makes the next day is
    the next day.
    """
    assert first_cell(tmp_path, value(content, 's="1"'), RawWorkbook(formats=[code])) == Found(
        shown, CellKind.MOMENT, stored, code
    )


def test_moments_from_1904(tmp_path: Path) -> None:
    """A workbook may count its days from 1904."""
    book = RawWorkbook(formats=["dd/mm/yyyy hh:mm"], settings='<workbookPr date1904="1"/>')
    found = first_cell(tmp_path, value("43951.4375", 's="1"'), book)
    assert (found.shown, found.stored) == ("01/05/2024 10:30", "2024-05-01T10:30:00")


@pytest.mark.parametrize(
    ("content", "shown"), [("60", "29/02/1900 00:00"), ("-1", "########"), ("2958466", "########")]
)
def test_days_that_are_not(tmp_path: Path, content: str, shown: str) -> None:
    """A day that there is not is told as such; it shows what Excel shows, and the number that is stored is kept."""
    found = first_cell(tmp_path, value(content, 's="1"'), DATE)
    assert found == Found(shown, CellKind.NO_DAY, content, "dd/mm/yyyy hh:mm")


@pytest.mark.parametrize(("content", "code"), [("-0.5", "[h]:mm"), ("5", "[>10]0;[<0]0")])
def test_numbers_that_can_not_be_shown(tmp_path: Path, content: str, code: str) -> None:
    """A number that is shown as number signs is told as such, for nobody means to post those signs."""
    found = first_cell(tmp_path, value(content, 's="1"'), RawWorkbook(formats=[code]))
    assert found == Found("########", CellKind.UNSHOWN, content, code)


@pytest.mark.parametrize("content", ["1.234567890123457E+18", "1.2345678901234568E+17", "-1.2345678901234568E+17"])
def test_numbers_that_have_lost_digits(tmp_path: Path, content: str) -> None:
    """A number of more digits than Excel keeps is told as such, and kept as it is written."""
    assert first_cell(tmp_path, value(content)) == Found(content, CellKind.LONG_NUMBER, content, "General")


def test_section_decides(tmp_path: Path) -> None:
    """Whether a number is a moment depends on the section of the format that shows it."""
    book = RawWorkbook(formats=["[>=1000]dd/mm/yyyy;0.0"])
    assert first_cell(tmp_path, value("45413", 's="1"'), book).kind is CellKind.MOMENT
    assert first_cell(tmp_path, value("12", 's="1"'), book).kind is CellKind.NUMBER


def test_moments_in_words(tmp_path: Path) -> None:
    """A moment in words is shown under its format, or as it is written where the format is General."""
    written = value("2024-05-01T10:30:00", 't="d" s="1"')
    assert first_cell(tmp_path, written, DATE) == Found(
        "01/05/2024 10:30", CellKind.MOMENT, "2024-05-01T10:30:00", "dd/mm/yyyy hh:mm"
    )
    evening = first_cell(tmp_path, value("2024-05-01T23:59:59.9", 't="d" s="1"'), DATE)
    assert (evening.shown, evening.stored) == ("02/05/2024 00:00", "2024-05-02T00:00:00")
    assert first_cell(tmp_path, value("2024-05-01", 't="d"')).shown == "2024-05-01"
    assert first_cell(tmp_path, value("0987-05-01", 't="d" s="1"'), DATE).shown == "0987-05-01"
    assert first_cell(tmp_path, value("tomorrow", 't="d"')).kind is CellKind.ERROR


def test_truths(tmp_path: Path) -> None:
    """A truth value shows TRUE or FALSE, whatever its format."""
    book = RawWorkbook(formats=["0.00"])
    assert first_cell(tmp_path, value("1", 't="b" s="1"'), book) == Found("TRUE", CellKind.TRUTH, "", "0.00")
    assert first_cell(tmp_path, value("0", 't="b"')).shown == "FALSE"


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#DIV/0!", "#VALUE!"])
def test_errors(tmp_path: Path, error: str) -> None:
    """An error cell is an error, and shows its text."""
    assert first_cell(tmp_path, value(error, 't="e"')) == Found(error, CellKind.ERROR, "", "General")


@pytest.mark.parametrize(
    "markup",
    [
        value("NaN"),
        value("12abc"),
        value("0" * 401),
        value("1E+400"),
        value("2", 't="b"'),
    ],
)
def test_values_that_are_none(tmp_path: Path, markup: str) -> None:
    """A value that is not what its cell says it is makes the cell an error; nothing is lost or guessed."""
    assert first_cell(tmp_path, markup).kind is CellKind.ERROR


@pytest.mark.parametrize("code", ["0.00", "@", "dd/mm/yyyy"])
def test_texts_under_number_formats(tmp_path: Path, code: str) -> None:
    """A text stays what it is under any number format."""
    book = RawWorkbook(formats=[code], shared=["<t>0419</t>"])
    assert first_cell(tmp_path, value("0", 't="s" s="1"'), book) == Found("0419", CellKind.TEXT, "", code)


def test_texts_under_text_sections(tmp_path: Path) -> None:
    """A text is shown through the text section of its format."""
    book = RawWorkbook(formats=['0;0;0;"No. "@'], shared=["<t>12</t>"])
    assert first_cell(tmp_path, value("0", 't="s" s="1"'), book).shown == "No. 12"
    assert first_cell(tmp_path, text("12", 's="1"'), book).shown == "No. 12"


@pytest.mark.parametrize(
    "markup",
    [
        "<c><f>A1+1</f></c>",
        "<c><f>A1+1</f><v></v></c>",
        "<c><f>A1+1</f><v/></c>",
        '<c t="str"><f>A1</f></c>',
        '<c><f t="shared" si="0"/></c>',
    ],
)
def test_formulas_without_a_value(tmp_path: Path, markup: str) -> None:
    """A formula whose value was never calculated is known as such, and its row is not blank."""
    assert first_cell(tmp_path, markup) == Found("", CellKind.FORMULA, "", "General")


def test_formulas_with_a_value(tmp_path: Path) -> None:
    """A formula with a value counts as that value."""
    assert first_cell(tmp_path, "<c><f>1+1</f><v>2</v></c>").stored == "2"
    assert first_cell(tmp_path, '<c t="str"><f>A1</f><v>word</v></c>').shown == "word"
    assert first_cell(tmp_path, '<c t="e"><f>A1</f><v>#N/A</v></c>').kind is CellKind.ERROR
    assert first_cell(tmp_path, "<c><f>0</f><v>0</v></c>").kind is CellKind.NUMBER


def test_formulas_that_show_an_empty_text(tmp_path: Path) -> None:
    """A formula that yields the empty text is a calculated, empty cell."""
    rows = row(text("A"), text("B")) + row('<c t="str"><f>IF(1,"")</f><v></v></c>', text("x"))
    block = next(opened(RawWorkbook(rows).write(tmp_path)).blocks())
    assert block.columns[0].shown.to_pylist() == [""]


def test_provisional_zeros(tmp_path: Path) -> None:
    """Where a workbook leaves the calculating to Excel, a formula with 0 counts as not calculated; other values are
    read, and the user is told.
    """
    rows = row(text("A"), text("B"), text("C")) + row(
        "<c><f>X1</f><v>0</v></c>", "<c><f>X1</f><v>7</v></c>", value("0")
    )
    source = opened(RawWorkbook(rows, settings='<calcPr fullCalcOnLoad="1"/>').write(tmp_path))
    columns = next(source.blocks()).columns
    assert [int(column.stored.kinds[0]) for column in columns if column.stored] == [
        CellKind.FORMULA,
        CellKind.NUMBER,
        CellKind.NUMBER,
    ]
    list(source.blocks())
    assert any("1 cell of them is read with the value stored" in notice for notice in source.notices)


def test_formulas_in_a_calculated_workbook_need_no_notice(tmp_path: Path) -> None:
    """Formulas of a workbook that Excel has calculated are read without a word."""
    source = opened(RawWorkbook(row(text("A")) + row("<c><f>X1</f><v>7</v></c>")).write(tmp_path))
    list(source.blocks())
    assert source.notices == ()


@pytest.mark.parametrize(
    "markup",
    [
        value("3", 't="s"'),
        value("-1", 't="s"'),
        value("x", 't="s"'),
        value("9" * 5000, 't="s"'),
        value("1", 's="7"'),
        value("1", 's="-1"'),
        value("1", 't="q"'),
    ],
)
def test_references_to_nothing(tmp_path: Path, markup: str) -> None:
    """A cell that refers to a text, a style or a type that there is not makes the file a damaged one."""
    with pytest.raises(SourceDamaged):
        first_cell(tmp_path, markup, RawWorkbook(shared=["<t>one</t>"]))
