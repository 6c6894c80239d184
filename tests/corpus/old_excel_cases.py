"""Nasty workbooks of Excel as it was until 2003, written by xlwt: `pip install xlwt` to change them."""

import io
from collections.abc import Callable
from datetime import datetime
from importlib import import_module
from typing import Any

from tests.corpus.case import Case

xlwt: Any = import_module("xlwt")  # it has no types, and is not among what tests need


def old_book(fill: Callable[[Any], None], *, late: bool = False) -> bytes:
    """An .xls workbook."""
    book = xlwt.Workbook()
    book.dates_1904 = late
    fill(book)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def fill_formats(book: Any) -> None:
    """A sheet of formats."""
    sheet = book.add_sheet("Visits")
    values: list[tuple[Any, str]] = [
        ("A", "General"),
        (419, "0000"),
        (0.1 + 0.2, "General"),
        (919845098450, "General"),
        (0.12, "0%"),
        (datetime(2024, 5, 1, 10, 30), "dd/mm/yyyy hh:mm"),  # noqa: DTZ001  # a sheet knows no zones
        (datetime(2024, 5, 1), "M/D/YY"),  # noqa: DTZ001
        ("=1+1", "General"),
        ("0419", "@"),
        ("_x0041_", "General"),
        (True, "General"),
    ]
    for place, (value, code) in enumerate(values):
        sheet.write(place, 0, value, xlwt.easyxf(num_format_str=code))


def fill_hidden(book: Any) -> None:
    """A hidden sheet, and one with a hidden row and column and merged cells."""
    book.add_sheet("Secret").visibility = 1
    sheet = book.add_sheet("Visits")
    for place, cells in enumerate([("A", "B"), ("1", "2"), (" ", "\u00a0"), ("3", "4")]):
        for position, shown in enumerate(cells):
            sheet.write(place, position, shown)
    sheet.row(1).hidden = True
    sheet.col(1).hidden = True
    sheet.write_merge(5, 6, 0, 0, "x")
    book.active_sheet = 1


def fill_epoch(book: Any) -> None:
    """A date, of which only the number of days is stored."""
    sheet = book.add_sheet("Visits")
    sheet.write(0, 0, "A")
    sheet.write(1, 0, 43951, xlwt.easyxf(num_format_str="dd/mm/yyyy"))


CASES = [
    Case(
        "formats.xls",
        old_book(fill_formats),
        ["A"],
        {
            2: [("0419", "NUMBER", "419")],
            3: [("0.3", "NUMBER", "0.3")],
            4: [("919845098450", "NUMBER", "919845098450")],
            5: [("12%", "NUMBER", "0.12")],
            6: [("01/05/2024 10:30", "MOMENT", "2024-05-01T10:30:00")],
            7: [("5/1/2024", "MOMENT", "2024-05-01T00:00:00")],
            8: ["=1+1"],
            9: ["0419"],
            10: ["_x0041_"],
            11: [("TRUE", "TRUTH", "")],
        },
    ),
    Case(
        "hidden.xls",
        old_book(fill_hidden),
        ["A", "B"],
        {2: ["1", "2"], 4: ["3", "4"], 6: ["x", ""]},
        notices=[
            'the sheet "Visits" is read; "Secret" (hidden) is not',
            "1 hidden column is read as well: B",
            "1 hidden row is read as well: 2",
            "merged cells among the rows (rows 6-7)",
        ],
    ),
    Case(
        "dates-1904.xls", old_book(fill_epoch, late=True), ["A"], {2: [("01/05/2024", "MOMENT", "2024-05-01T00:00:00")]}
    ),
    Case(
        "workbook-called.xlsx",
        old_book(fill_epoch, late=True),
        ["A"],
        {2: [("01/05/2024", "MOMENT", "2024-05-01T00:00:00")]},
    ),
]
