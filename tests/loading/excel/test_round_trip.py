"""What openpyxl writes comes back cell for cell, on the rows where it was written."""

from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

import openpyxl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from importer.blocks import CellKind

from .workbooks import Found, cell, opened

Value = str | int | float | bool | datetime | date | time | None

TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff_"), max_size=20
)
"""Without control signs, which no workbook holds, and underscores, which openpyxl does not escape."""

VALUES: st.SearchStrategy[Value] = st.one_of(
    st.none(),
    TEXTS,
    TEXTS.map(lambda text: f" {text}\n"),
    st.integers(min_value=-(10**15) + 1, max_value=10**15 - 1),
    st.floats(min_value=-9e307, max_value=9e307, allow_subnormal=False).map(lambda value: float(f"{value:.15g}")),
    st.booleans(),
    st.datetimes(min_value=datetime(1905, 1, 1), max_value=datetime(2999, 12, 30)),  # noqa: DTZ001  # a sheet knows no time zones
    st.dates(min_value=date(1905, 1, 1)),
    st.times().map(lambda at: at.replace(microsecond=0)),
)


def matches(value: Value, found: Found) -> bool:
    """Whether a cell was read as what was written into it."""
    match value:
        case None:
            return found == Found("", CellKind.TEXT, "", "General")
        case str() if not value.strip():  # openpyxl does not say that such white space is to be kept
            return found.kind is CellKind.TEXT and not found.shown.strip()
        case str():
            return found == Found(value, CellKind.TEXT, "", "General")
        case bool():
            return found == Found(str(value).upper(), CellKind.TRUTH, "", "General")
        case int():
            return found == Found(str(value), CellKind.NUMBER, str(value), "General")
        case float():
            near = abs(Decimal(found.stored) - Decimal(value)) <= abs(Decimal(value)) * Decimal("1e-14")
            return near and found.kind is CellKind.NUMBER and found.shown == found.stored
        case datetime():
            near_moment = abs((datetime.fromisoformat(found.stored) - value).total_seconds()) <= 0.0006
            return near_moment and found.kind is CellKind.MOMENT
        case date():
            return found == Found(str(value), CellKind.MOMENT, f"{value}T00:00:00", "yyyy-mm-dd")
        case time():
            shown = f"{value.hour}:{value:%M:%S}"
            return found == Found(shown, CellKind.MOMENT, f"T{value:%H:%M:%S}", "h:mm:ss")


def blank(row: list[Value]) -> bool:
    """Whether a row is no row."""
    return all(value is None or (isinstance(value, str) and not value.strip()) for value in row)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
    max_examples=settings().max_examples * 3 // 2,
)
@given(
    st.lists(st.lists(VALUES, min_size=3, max_size=3), max_size=8), st.booleans(), st.integers(min_value=1, max_value=4)
)
def test_what_openpyxl_writes(tmp_path: Path, rows: list[list[Value]], later_epoch: bool, top: int) -> None:
    """Any table of texts, numbers, truths, dates and times comes back cell for cell, with the numbers of its rows."""
    workbook = openpyxl.Workbook()
    if later_epoch:
        workbook.epoch = CALENDAR_MAC_1904
    sheet = workbook.worksheets[0]
    for position in range(3):
        sheet.cell(top, position + 1, f"Column {position}")
    for offset, row in enumerate(rows, 1):
        for position, value in enumerate(row, 1):
            written = sheet.cell(top + offset, position, value)
            if isinstance(value, str):
                written.data_type = "s"  # openpyxl takes "=…" for a formula
    path = tmp_path / "book.xlsx"
    workbook.save(path)

    blocks = list(opened(path).blocks())
    expected = {top + offset: row for offset, row in enumerate(rows, 1) if not blank(row)}
    assert [int(number) for block in blocks for number in block.rows] == list(expected)
    for block in blocks:
        for offset, number in enumerate(block.rows):
            for position, value in enumerate(expected[int(number)]):
                assert matches(value, cell(block, offset, position)), (value, cell(block, offset, position))


def test_what_openpyxl_streams(tmp_path: Path) -> None:
    """A workbook that openpyxl writes as a stream, with inline texts, comes back as well."""
    workbook = openpyxl.Workbook(write_only=True)
    sheet = workbook.create_sheet("Visits")
    sheet.append(["Name", "When", "Amount"])
    sheet.append(["  Asha ", datetime(2024, 5, 1, 10, 30), 12.5])  # noqa: DTZ001  # a sheet knows no time zones
    workbook.save(tmp_path / "book.xlsx")
    block = next(opened(tmp_path / "book.xlsx").blocks())
    assert cell(block, 0, 0).shown == "  Asha "
    assert cell(block, 0, 1) == Found(
        "2024-05-01 10:30:00", CellKind.MOMENT, "2024-05-01T10:30:00", "yyyy-mm-dd h:mm:ss"
    )
    assert cell(block, 0, 2).stored == "12.5"


def test_what_openpyxl_hides_and_merges(tmp_path: Path) -> None:
    """Hidden rows and columns, merged cells, formulas and a second sheet of openpyxl are known as such."""
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    sheet.append(["A", "B"])
    sheet.append(["x", "=1+1"])
    sheet.append(["y", 2])
    sheet.merge_cells("A2:A3")
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["B"].hidden = True
    workbook.create_sheet("Other")
    workbook.save(tmp_path / "book.xlsx")
    source = opened(tmp_path / "book.xlsx")
    block = next(source.blocks())
    assert cell(block, 0, 1).kind is CellKind.FORMULA
    list(source.blocks())
    assert [notice.split(":")[1].split()[:3] for notice in source.notices] == [
        ["the", "sheet", '"Sheet"'],
        ["1", "hidden", "column"],
        ["1", "hidden", "row"],
        ["there", "are", "merged"],
    ]
