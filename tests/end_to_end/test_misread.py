"""A source that is read otherwise than it was meant: the cause comes first, once, and the faults follow briefly."""

from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest

from tests.conftest import Command, Ran
from tests.rows import HEADER, MAPPING, visit, write_csv

ALL = "has all 8 columns that the mapping names"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a mapping that names eight columns."""
    (tmp_path / "visits.yaml").write_text(MAPPING, encoding="utf-8")
    return tmp_path


def workbook(path: Path, **sheets: Sequence[Sequence[str]]) -> None:
    """A workbook with these sheets."""
    book = openpyxl.Workbook()
    del book["Sheet"]
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.save(path)


def table(*above: Sequence[str]) -> list[Sequence[str]]:
    """Rows of visits, with these rows above the header."""
    return [*above, HEADER, *(list(visit(number).values()) for number in (1, 2))]


def causes(ran: Ran) -> list[str]:
    """The lines before the faults."""
    lines = ran.err.splitlines()
    at = next(at for at, line in enumerate(lines) if line.startswith("Read as it was"))
    faults = [line for line in lines if line.startswith("visits.yaml:")]
    assert lines[at] == f"Read as it was, the mapping has {len(faults)} faults; nothing was sent."
    assert all(line.endswith('".') and "Its columns are" not in line for line in faults)
    assert (ran.code, ran.out) == (2, "")
    return lines[:at]


def test_another_sheet(folder: Path, lsq_import: Command) -> None:
    """Where another sheet has all columns, it is named with the option that takes it; and it goes."""
    workbook(folder / "visits.xlsx", Notes=[["Read me"], ["x"]], Data=table())
    (cause,) = causes(lsq_import("validate", "visits.xlsx", "-m", "visits.yaml"))
    assert cause == (
        f'lsq-import: Probably visits.xlsx: the sheet "Data" {ALL}, and "Notes" was read. Say --sheet Data, or correct '
        "source.sheet in the mapping. [mapping]"
    )
    assert lsq_import("validate", "visits.xlsx", "-m", "visits.yaml", "--sheet", "Data").code == 0


def test_another_sheet_with_a_title(folder: Path, lsq_import: Command) -> None:
    """A sheet and the row of its header are told together."""
    workbook(folder / "visits.xlsx", Notes=[["Read me"], ["x"]], **{"My Data": table(["Visits of May"], [])})
    (cause,) = causes(lsq_import("validate", "visits.xlsx", "-m", "visits.yaml"))
    assert f'row 3 of the sheet "My Data" looks like the header: it {ALL}' in cause
    assert 'Say --sheet "My Data" --header-row 3, or correct source.sheet and source.header_row' in cause
    again = lsq_import("validate", "visits.xlsx", "-m", "visits.yaml", "--sheet", "My Data", "--header-row", "3")
    assert again.code == 0


def test_a_title_above_the_header(folder: Path, lsq_import: Command) -> None:
    """A file whose header stands below a title ends with the way to name its line, and goes when it is named."""
    path = write_csv(folder / "visits.csv", [visit(1)])
    path.write_text("Visits of May\n\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    ran = lsq_import("validate", "visits.csv", "-m", "visits.yaml")
    (cause,) = causes(ran)
    assert f"line 3 looks like the header, not line 1: it {ALL}. Say --header-row 3, or" in cause
    assert ran.err.count("--header-row") == 1
    assert "visits.csv: read as utf-8" in ran.err
    assert lsq_import("validate", "visits.csv", "-m", "visits.yaml", "--header-row", "3").code == 0


@pytest.mark.parametrize(
    ("options", "cause"),
    [
        (("--delimiter", ";"), f"the delimiter seems to be the comma, not the semicolon: with it, the header {ALL}."),
        (("--header-row", "2"), f"line 1 looks like the header, not line 2: it {ALL}."),
        (
            ("--header-row", "2", "--delimiter", "|"),
            f"comma, not the bar: with it, line 1 {ALL}. Say --header-row 1 --del",
        ),
    ],
)
def test_wrong_options(options: tuple[str, ...], cause: str, folder: Path, lsq_import: Command) -> None:
    """A delimiter or a header's row that was named wrongly is told as that."""
    write_csv(folder / "visits.csv", [visit(1), visit(2)])
    (found,) = causes(lsq_import("validate", "visits.csv", "-m", "visits.yaml", *options))
    assert cause in found
    more = found.partition("Say ")[2].partition(",")[0].split()
    assert lsq_import("validate", "visits.csv", "-m", "visits.yaml", *options, *more).code == 0


def test_most_of_the_columns_are_enough(folder: Path, lsq_import: Command) -> None:
    """A sheet that has most of the columns, where the one that was read has hardly any, is named with how many."""
    workbook(folder / "visits.xlsx", Notes=[["Stage"], ["x"]], Data=[HEADER[:-1], list(visit(1).values())[:-1]])
    (cause,) = causes(lsq_import("validate", "visits.xlsx", "-m", "visits.yaml"))
    assert 'the sheet "Data" has 7 of the 8 columns that the mapping names' in cause


def test_each_of_several_sources_has_its_cause(folder: Path, lsq_import: Command) -> None:
    """Two files that are both read in the wrong way are both told."""
    for name in ("a.csv", "b.csv"):
        write_csv(folder / name, [visit(1)])
    found = causes(lsq_import("validate", "a.csv", "b.csv", "-m", "visits.yaml", "--delimiter", ";"))
    assert [cause.removeprefix("lsq-import: Probably ")[:5] for cause in found] == ["a.csv", "b.csv"]


def test_no_cause_is_made_up(folder: Path, lsq_import: Command) -> None:
    """Where no other way to read the file gives the columns, the faults stand alone, with what is near."""
    write_csv(folder / "visits.csv", [visit(1)])
    text = MAPPING.replace("Amount", "Amuont").replace("Phone", "Mobile")
    (folder / "visits.yaml").write_text(text, encoding="utf-8")
    ran = lsq_import("validate", "visits.csv", "-m", "visits.yaml")
    assert ran.err.startswith("lsq-import: The mapping has 2 faults; nothing was read or sent. [mapping]\n")
    assert 'Did you mean "Amount"?' in ran.err


def test_an_empty_sheet_is_no_cause(folder: Path, lsq_import: Command) -> None:
    """A sheet that is empty is passed over while the right one is looked for."""
    workbook(folder / "visits.xlsx", Notes=[["Read me"], ["x"]], Empty=[], Other=[["A", "B"], ["1", "2"]])
    ran = lsq_import("validate", "visits.xlsx", "-m", "visits.yaml")
    assert "The mapping has 10 faults" in ran.err
