"""Cells of a sheet: numbers and dates take what is stored, texts what is shown."""

import pytest

from importer.blocks import Cell, CellKind

from .building import Became, became, moment, number

TRUE = Cell("TRUE", CellKind.TRUTH)
ERROR = Cell("#N/A", CellKind.ERROR)
FORMULA = Cell("", CellKind.FORMULA)
DAMAGED = Cell("1.2345678901234568E+17", CellKind.LONG_NUMBER, "1.2345678901234568E+17")
NO_DAY = Cell("29/02/1900", CellKind.NO_DAY, "60", "dd/mm/yyyy")
UNSHOWN = Cell("########", CellKind.UNSHOWN, "-0.5", "[h]:mm")
CODE = number("0419", "419", "0000")
SHARE = number("12%", "0.12", "0%")
AMOUNT = number("₹ 1,250.50", "1250.5", '"₹ "#,##0.00')
LONG = number("919845098450", "919845098450")
NOTHING_SHOWN = number("", "0", "0;-0;")
DAY = moment("01/05/2024", "2024-05-01T00:00:00")
TIME = moment("01-May 10:30 AM", "2024-05-01T10:30:00", "dd-mmm hh:mm AM/PM")
PRECISE = moment("10:30", "2024-05-01T10:30:00.500000", "hh:mm")
HOUR_ONLY = moment("10:30", "T10:30:00", "hh:mm")
HIDDEN_DAY = moment("", "2024-05-01T00:00:00", ";;;")
SERIAL = number("45413", "45413")


def check(value: str, table: list[tuple[Cell | str, Became]]) -> None:
    """Looks at all cells of a table at once."""
    cells = [cell if isinstance(cell, Cell) else Cell(cell) for cell, _ in table]
    assert became(value, cells) == [result for _, result in table]


def test_texts_take_what_is_shown() -> None:
    """A text is what a person sees in the cell."""
    table: list[tuple[Cell | str, Became]] = [
        (CODE, "0419"),
        (SHARE, "12%"),
        (AMOUNT, "₹ 1,250.50"),
        (LONG, "919845098450"),
        (TRUE, "TRUE"),
        (DAY, "01/05/2024"),
        (TIME, "01-May 10:30 AM"),
        (NOTHING_SHOWN, None),
        ("0419", "0419"),
        ("", None),
    ]
    check("A", table)
    check('{template: "{A}"}', [(CODE, "0419"), (DAY, "01/05/2024")])


def test_numbers_take_what_is_stored() -> None:
    """A number is what the cell stores, whatever its format shows; a text in the column is read by the marks."""
    check(
        '{column: A, type: decimal, number: {thousands: ","}}',
        [
            (SHARE, "0.12"),
            (AMOUNT, "1250.5"),
            (CODE, "419"),
            (NOTHING_SHOWN, "0"),
            (number("1.2E+03", "1234.5", "0.0E+00"), "1234.5"),
            (number("1234.50", "1234.5", "0.00"), "1234.5"),
            ("1,250.50", "1250.50"),
            ("", None),
            (TRUE, ("decimal-unreadable",)),
            (DAY, ("decimal-unreadable",)),
        ],
    )
    check(
        "{column: A, type: integer}",
        [
            (CODE, "419"),
            (LONG, "919845098450"),
            (SHARE, ("integer-unreadable",)),
            (number("5", "4.6", "0"), ("integer-unreadable",)),
        ],
    )


def test_marks_do_not_apply_to_what_is_stored() -> None:
    """Marks of the mapping are those of texts; a stored number always has a point."""
    check(
        '{column: A, type: decimal, number: {thousands: ".", decimal: ","}}',
        [(number("1.250,50", "1250.5", "#,##0.00"), "1250.5"), ("1.250,50", "1250.50")],
    )


def test_real_dates_need_no_format() -> None:
    """A date cell is the date it stores, in whatever format it is shown and whatever formats the mapping names."""
    for formats in ("", ", formats: [mm/dd/yyyy]", ", formats: [dd/mm/yyyy, mm/dd/yyyy]"):
        check(
            f"{{column: A, type: date{formats}}}",
            [(DAY, "2024-05-01"), (TIME, "2024-05-01"), (HIDDEN_DAY, "2024-05-01")],
        )
    check(
        "{column: A, type: datetime, timezone: Asia/Kolkata}",
        [
            (DAY, "2024-04-30 18:30:00"),
            (TIME, "2024-05-01 05:00:00"),
            (PRECISE, "2024-05-01 05:00:01"),
            (HOUR_ONLY, ("date-unreadable",)),
            ("2024-05-01 10:30", "2024-05-01 05:00:00"),
            ("01/05/2024", ("date-unreadable",)),
            ("", None),
        ],
    )


def test_dates_are_no_times() -> None:
    """A cell that is a date and shows nothing else is no midnight; one that shows or has a time of day is that time."""
    morning = "2024-05-01T00:00:00"
    check(
        "{column: A, type: time}",
        [
            (DAY, ("time-unreadable",)),
            (moment("1. Mai hss", morning, '[$-407]d. mmm "hs"\\s;@'), ("time-unreadable",)),
            (moment("01/05/2024 00:00", morning, "dd/mm/yyyy hh:mm"), "00:00:00"),
            (moment("12 AM", morning, "h AM/PM"), "00:00:00"),
            (moment("00:00", "T00:00:00", "hh:mm"), "00:00:00"),
            (moment("01/05/2024", "2024-05-01T10:30:00"), "10:30:00"),
        ],
    )


def test_fractions_of_a_second() -> None:
    """A moment or a time is posted to the nearest second, into the next minute or day if need be; a date is not."""
    evening = moment("01/05/2024", "2024-05-01T23:59:59.914000")
    check("{column: A, type: date}", [(evening, "2024-05-01"), (PRECISE, "2024-05-01")])
    last = moment("31/12/9999", "9999-12-31T23:59:59.900000")
    check(
        "{column: A, type: datetime, timezone: UTC}",
        [
            (evening, "2024-05-02 00:00:00"),
            (moment("10:29:59", "2024-05-01T10:29:59.499000"), "2024-05-01 10:29:59"),
            (moment("10:30:00", "2024-05-01T10:29:59.957000"), "2024-05-01 10:30:00"),
            (last, ("date-unreadable",)),
        ],
    )
    check(
        "{column: A, type: time}",
        [(moment("00:00:00", "T23:59:59.991000", "hh:mm:ss"), "00:00:00"), (PRECISE, "10:30:01")],
    )


def test_dates_in_a_zone() -> None:
    """A date cell is a local time like any other: it needs a zone, and may fall into a gap of the clocks."""
    check("{column: A, type: datetime}", [(TIME, ("timezone-missing",))])
    shown_with_offset = moment("2024-05-01 10:30Z", "2024-05-01T10:30:00")
    value = '{column: A, type: datetime, timezone: Asia/Kolkata, formats: ["%Y-%m-%d %H:%M%z"]}'
    check(value, [(shown_with_offset, "2024-05-01 05:00:00"), ("2024-05-01 10:30Z", "2024-05-01 10:30:00")])
    gap = moment("x", "2024-03-31T02:30:00")
    check("{column: A, type: datetime, timezone: Europe/Berlin}", [(gap, ("time-skipped",))])


def test_plain_numbers_are_no_dates() -> None:
    """A number where a date is expected is an issue of its own: it may be Excel's day number, or anything."""
    check("{column: A, type: date}", [(SERIAL, ("date-serial",)), (SHARE, ("date-serial",)), (DAY, "2024-05-01")])
    check("{column: A, type: datetime, timezone: UTC}", [(SERIAL, ("date-serial",))])
    written = Cell("20240501", CellKind.NUMBER, "20240501")
    check("{column: A, type: date, formats: [yyyymmdd]}", [(written, "2024-05-01"), (SERIAL, ("date-serial",))])


def test_plain_numbers_are_no_times() -> None:
    """A number, or a length of time, where a time of day is expected is told in words of times."""
    duration = number("30:00:00", "1.25", "[h]:mm:ss")
    check(
        "{column: A, type: time}",
        [(duration, ("time-serial",)), (SHARE, ("time-serial",)), (HOUR_ONLY, "10:30:00")],
    )


def test_booleans() -> None:
    """Excel's own TRUE and FALSE are read, and so are 1 and 0."""
    check(
        "{column: A, type: boolean}",
        [
            (TRUE, "1"),
            (Cell("FALSE", CellKind.TRUTH), "0"),
            (number("1", "1"), "1"),
            (number("2", "2"), ("boolean-unreadable",)),
        ],
    )


@pytest.mark.parametrize(
    "type_", ["text", "integer", "decimal", "boolean", "date", "datetime", "email", "phone", "guid"]
)
def test_errors_and_formulas(type_: str) -> None:
    """An error, or a formula that was never calculated, is an issue in every mapped column, whatever its type."""
    value = f"{{column: A, type: {type_}}}"
    found = became(value, [ERROR, FORMULA])
    assert [codes[0] for codes in found if isinstance(codes, tuple)] == ["excel-error", "formula-without-value"]
    assert found[1] == ("formula-without-value",)


@pytest.mark.parametrize("type_", ["text", "integer", "decimal", "date", "datetime", "time", "phone"])
def test_numbers_that_are_of_no_use(type_: str) -> None:
    """A number that has lost digits, a day that never was and number signs each have a code that says so."""
    assert became(f"{{column: A, type: {type_}}}", [DAMAGED, NO_DAY, UNSHOWN]) == [
        ("number-too-long",),
        ("date-impossible",),
        ("number-not-shown",),
    ]


def test_nothing_fills_errors_and_formulas() -> None:
    """A default stands for an empty cell, and a map for a text; neither stands for a cell that went wrong."""
    for value in (
        "{column: A, default: x}",
        "{column: A, map: {a: b}, default: x}",
        "{column: A, map: {'#N/A': none, '': none}}",
    ):
        assert became(value, [ERROR, FORMULA]) == [("excel-error",), ("formula-without-value",)]


def test_a_required_formula_without_a_value() -> None:
    """A formula without a value is said to be that, and not an empty cell besides."""
    assert became("{column: A, required: true}", [FORMULA]) == [("formula-without-value",)]


def test_errors_in_templates() -> None:
    """A template into which an error would go is an issue."""
    assert became('{template: "{B}: {A}"}', [ERROR, FORMULA, Cell("x")]) == [
        ("excel-error",),
        ("formula-without-value",),
        "b: x",
    ]


def test_errors_in_columns_that_nobody_maps() -> None:
    """An error in a column that is not mapped does not matter."""
    assert became("B", [ERROR, FORMULA, Cell("x")]) == ["b", "b", "b"]


def test_what_map_and_default_give_is_a_text() -> None:
    """What `map` or `default` puts in is read as a text, not as what the cell stored."""
    check("{column: A, type: integer, map: {0419: 7, x: 8}}", [(CODE, "7"), ("x", "8")])
    check("{column: A, type: date, map: {01/05/2024: 2025-01-01}}", [(DAY, "2025-01-01")])
    check('{column: A, type: integer, default: "9"}', [("", "9"), (NOTHING_SHOWN, "0"), (CODE, "419")])
