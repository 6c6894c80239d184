"""Workbooks: which sheet is read, and where its parts are found."""

from pathlib import Path
from zipfile import ZipFile

import pytest

from importer.errors.sources import SheetMissing, SourceDamaged

from .workbooks import PACKAGE, RELATIONS, RawWorkbook, opened, row, table, text, value

ROWS = row(text("A")) + row(text("x"))
THREE = (("Notes", "hidden", "worksheet"), ("Visits", "visible", "worksheet"), ("Old", "visible", "worksheet"))


def test_the_first_sheet_that_can_be_seen(tmp_path: Path) -> None:
    """Without a word the first sheet that can be seen is read, and the others are named."""
    source = opened(RawWorkbook(ROWS, sheets=THREE).write(tmp_path))
    assert source.place.sheet == "Visits"
    assert source.notices == (
        'book.xlsx: the sheet "Visits" is read; "Notes" (hidden), "Old" are not. Name another one with --sheet.',
    )


def test_a_single_sheet_needs_no_word(tmp_path: Path) -> None:
    """There is nothing to say of a workbook with one sheet."""
    assert opened(RawWorkbook(ROWS).write(tmp_path)).notices == ()


@pytest.mark.parametrize(("wanted", "found"), [("Old", "Old"), ("3", "Old"), ("1", "Notes"), ("2", "Visits")])
def test_a_sheet_by_name_or_number(tmp_path: Path, wanted: str, found: str) -> None:
    """A sheet is found by its name, else by its place among all sheets, from 1."""
    assert opened(RawWorkbook(ROWS, sheets=THREE).write(tmp_path), sheet=wanted).place.sheet == found


def test_a_name_beats_a_number(tmp_path: Path) -> None:
    """A sheet that is called 1 is found by that name, wherever it stands."""
    sheets = (("Notes", "visible", "worksheet"), ("1", "visible", "worksheet"))
    assert opened(RawWorkbook(ROWS, sheets=sheets).write(tmp_path), sheet="1").place.sheet == "1"


def test_a_hidden_sheet_that_was_named(tmp_path: Path) -> None:
    """A hidden sheet is read when it is named, and the user is told that it is hidden."""
    source = opened(RawWorkbook(ROWS, sheets=THREE).write(tmp_path), sheet="Notes")
    assert source.notices == ('book.xlsx: the sheet "Notes" is hidden in Excel; it is read all the same.',)


def test_a_workbook_whose_sheets_are_all_hidden(tmp_path: Path) -> None:
    """Where no sheet can be seen, the first one is read."""
    sheets = (("A", "veryHidden", "worksheet"), ("B", "hidden", "worksheet"))
    assert opened(RawWorkbook(ROWS, sheets=sheets).write(tmp_path)).place.sheet == "A"


@pytest.mark.parametrize("wanted", ["visit", "0", "4", "-1", "", "99999999999999999999", "0000000002"])
def test_a_sheet_that_is_not_there(tmp_path: Path, wanted: str) -> None:
    """A sheet that is not there is refused with the names of all that are."""
    path = RawWorkbook(ROWS, sheets=THREE).write(tmp_path)
    with pytest.raises(SheetMissing, match='it has "Notes", "Visits", "Old"') as error:
        opened(path, sheet=wanted)
    assert ('Did you mean "Visits"?' in str(error.value)) == (wanted == "visit")


def test_chart_sheets_are_no_sheets(tmp_path: Path) -> None:
    """A chart sheet is neither read nor counted; a workbook of nothing else is refused."""
    chart = ("Chart", "visible", "chartsheet")
    source = opened(RawWorkbook(ROWS, sheets=(chart, ("Visits", "visible", "worksheet"))).write(tmp_path), sheet="1")
    assert source.place.sheet == "Visits"
    with pytest.raises(SourceDamaged, match="no sheet with cells"):
        opened(RawWorkbook(ROWS, sheets=(chart,)).write(tmp_path))


def relations(*targets: tuple[str, str, str]) -> str:
    """The references of a workbook: id, kind, and the rest of the markup."""
    entries = "".join(f'<Relationship Id="{i}" Type="{RELATIONS}/{kind}" {rest}/>' for i, kind, rest in targets)
    return f'<Relationships xmlns="{PACKAGE}">{entries}</Relationships>'


@pytest.mark.parametrize(
    "target",
    [
        'Target="../../etc/sheet1.xml"',
        'Target="/../sheet1.xml"',
        'Target="http://example.com/sheet1.xml"',
        'Target="http://example.com/sheet1.xml" TargetMode="External"',
        'Target="worksheets/sheet1.xml" TargetMode="External"',
        'Target="file:///c:/sheet1.xml"',
        'Target="..\\..\\sheet1.xml"',
    ],
)
@pytest.mark.parametrize("kind", ["worksheet", "sharedStrings", "styles"])
def test_references_to_the_outside(tmp_path: Path, target: str, kind: str) -> None:
    """A part of the workbook that would lie outside of the file makes it a damaged one."""
    targets = {"worksheet": 'Target="worksheets/sheet1.xml"', kind: target}
    listing = relations(*((f"rId{n}", kind, rest) for n, (kind, rest) in enumerate(targets.items(), 1)))
    path = RawWorkbook(ROWS, parts={"xl/_rels/workbook.xml.rels": listing}).write(tmp_path)
    with pytest.raises(SourceDamaged, match="outside of the file"):
        opened(path)


@pytest.mark.parametrize(
    "target", ["/xl/worksheets/sheet1.xml", "worksheets/sheet1.xml", "./worksheets/../worksheets/SHEET1.xml"]
)
def test_ways_to_write_a_reference(tmp_path: Path, target: str) -> None:
    """A part is found by its path from the workbook or from the top, in any case."""
    listing = relations(("rId1", "worksheet", f'Target="{target}"'))
    path = RawWorkbook(ROWS, parts={"xl/_rels/workbook.xml.rels": listing}).write(tmp_path)
    assert table(opened(path)) == {2: ["x"]}


def test_other_references_do_not_matter(tmp_path: Path) -> None:
    """Links to the web and to other workbooks are not followed and do no harm."""
    listing = relations(
        ("rId1", "worksheet", 'Target="worksheets/sheet1.xml"'),
        ("rId2", "hyperlink", 'Target="http://example.com/" TargetMode="External"'),
        ("rId3", "externalLink", 'Target="externalLinks/externalLink1.xml"'),
    )
    path = RawWorkbook(ROWS, parts={"xl/_rels/workbook.xml.rels": listing}).write(tmp_path)
    assert table(opened(path)) == {2: ["x"]}


def test_a_workbook_of_few_parts(tmp_path: Path) -> None:
    """Styles, shared texts and content types may be left out; the workbook may go by another name."""
    book = RawWorkbook(ROWS).markup()
    path = tmp_path / "small.xlsx"
    listing = relations(("rId1", "worksheet", 'Target="sheets/one.xml"'))
    with ZipFile(path, "w") as archive:
        archive.writestr("_rels/.rels", relations(("a", "officeDocument", 'Target="xl/book2.xml"')))
        archive.writestr("xl/book2.xml", book["xl/workbook.xml"])
        archive.writestr("xl/_rels/book2.xml.rels", listing)
        archive.writestr("xl\\sheets\\one.xml", book["xl/worksheets/sheet1.xml"])
    assert table(opened(path)) == {2: ["x"]}


def test_a_sheet_without_a_part(tmp_path: Path) -> None:
    """A sheet that is listed but has no part makes the file a damaged one."""
    with pytest.raises(SourceDamaged, match=r"sheet1\.xml is missing"):
        opened(RawWorkbook(ROWS, parts={"xl/worksheets/sheet1.xml": None}).write(tmp_path))
    with pytest.raises(SourceDamaged, match='names "Sheet1"'):
        opened(RawWorkbook(ROWS, parts={"xl/_rels/workbook.xml.rels": relations()}).write(tmp_path))


def test_builtin_formats_are_looked_up(tmp_path: Path) -> None:
    """A style may name one of Excel's own formats; what the workbook defines itself comes first."""
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    styles = f"""<styleSheet {main}><numFmts><numFmt numFmtId="4" formatCode="0000"/></numFmts>
        <cellXfs><xf/><xf numFmtId="14"/><xf numFmtId="4"/></cellXfs></styleSheet>"""
    rows = row(text("A"), text("B")) + row(value("45413", 's="1"'), value("419", 's="2"'))
    path = RawWorkbook(rows, parts={"xl/styles.xml": styles}).write(tmp_path)
    assert table(opened(path)) == {2: ["5/1/2024", "0419"]}


@pytest.mark.parametrize("identifier", ["x", "-1", "1" * 5000])
def test_styles_that_mean_nothing(tmp_path: Path, identifier: str) -> None:
    """A style with a format that is no number makes the file a damaged one."""
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    styles = f'<styleSheet {main}><cellXfs><xf numFmtId="{identifier}"/></cellXfs></styleSheet>'
    with pytest.raises(SourceDamaged):
        opened(RawWorkbook(ROWS, parts={"xl/styles.xml": styles}).write(tmp_path))
