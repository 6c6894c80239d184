"""The preview shows where each value comes from: what a cell shows, and what it stores where that is something else."""

import json
from pathlib import Path

import openpyxl

from tests.conftest import Command
from tests.rows import HEADER, MAPPING, visit


def test_what_is_shown_and_what_is_stored_stand_side_by_side(lsq_import: Command, tmp_path: Path) -> None:
    """A code, an amount and a date whose formats change what is seen are shown both ways; plain texts once."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(HEADER)
    row = visit(1)
    sheet.append([row[name] for name in HEADER])
    for name, value, code in (("Store Code", 419, "0000"), ("Amount", 1234.5, "[$₹-4009]#,##0.00")):
        cell = sheet.cell(2, HEADER.index(name) + 1, value)
        cell.number_format = code
    book.save(tmp_path / "visits.xlsx")
    (tmp_path / "visits.yaml").write_text(MAPPING, encoding="utf-8")
    ran = lsq_import("preview", "visits.xlsx", "-m", "visits.yaml")
    assert ran.code == 0
    assert 'C Store Code: "0419" (stored: 419)' in ran.out
    assert 'F Amount: "₹1,234.50" (stored: 1234.5)' in ran.out
    assert f'B Visit Date: "{row["Visit Date"]}"\n' in ran.out
    assert '"mx_Custom_2"' in ran.out


def test_numbers_that_are_of_no_use_are_told(lsq_import: Command, tmp_path: Path) -> None:
    """A number that has lost digits, and a day that never was, are said to be that, by preview and by what is to be
    put right; and there they are numbers again.
    """
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(HEADER)
    row = visit(1)
    sheet.append([row[name] for name in HEADER])
    sheet.cell(2, HEADER.index("Store Code") + 1, 1.2345678901234568e17)
    sheet.cell(2, HEADER.index("Visit Date") + 1, 60).number_format = "dd/mm/yyyy"
    book.save(tmp_path / "visits.xlsx")
    (tmp_path / "visits.yaml").write_text(MAPPING, encoding="utf-8")
    ran = lsq_import("preview", "visits.xlsx", "-m", "visits.yaml")
    assert "(a number that has lost digits)" in ran.out
    assert '"29/02/1900" (no day of the calendar) (stored: 60)' in ran.out
    assert "an Excel error" not in ran.out
    assert lsq_import("validate", "visits.xlsx", "-m", "visits.yaml").code == 1
    (to_fix,) = tmp_path.glob("import-results/*/to-fix.xlsx")
    again = lsq_import("validate", str(to_fix), "-m", "visits.yaml", "--json")
    assert json.loads(again.out)["issues"] == {"date-impossible": 1, "number-too-long": 1}
