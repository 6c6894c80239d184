"""Nasty workbooks of Excel, in markup."""

from collections.abc import Sequence
from typing import Any

from tests.corpus.case import Case, Shown
from tests.corpus.packing import packed
from tests.loading.excel.workbooks import MAIN, RawWorkbook, row, text, value

HEAD = row(text("A"), text("B"))
MAY_1 = "2024-05-01T00:00:00"


def book(rows: str, **facts: Any) -> bytes:
    """The bytes of a workbook."""
    return packed(RawWorkbook(rows, **facts).markup())


def formatted(name: str, *cells: tuple[str, str, Shown], settings: str = "") -> Case:
    """A workbook with one cell a row in column A: number format, value, and how it is read."""
    formats = [code for code, _, _ in cells]
    rows = "".join(row(value(content, f's="{style}"')) for style, (_, content, _) in enumerate(cells, 1))
    expected: dict[int, Sequence[Shown]] = {number: [cell] for number, (_, _, cell) in enumerate(cells, 2)}
    return Case(name, book(row(text("A")) + rows, formats=formats, settings=settings), ["A"], expected)


CASES = [
    formatted(
        "digits.xlsx",
        ("0000", "419", ("0419", "NUMBER", "419")),
        ("0%", "0.12", ("12%", "NUMBER", "0.12")),
        ("#,##0.00", "1234567.891", ("1,234,567.89", "NUMBER", "1234567.891")),
        ("[$₹-4009]#,##0.00", "1234.5", ("₹1,234.50", "NUMBER", "1234.5")),
        ("0.00E+00", "919845098450", ("9.20E+11", "NUMBER", "919845098450")),
        ("# ?/?", "0.5", (" 1/2", "NUMBER", "0.5")),
        ('"STORE-"0000', "419", ("STORE-0419", "NUMBER", "419")),
        ("0;-0;;@", "0", ("", "NUMBER", "0")),
        ("[<=9999999]###-####;(###) ###-####", "2018675309", ("(201) 867-5309", "NUMBER", "2018675309")),
    ),
    formatted(
        "general.xlsx",
        ("General", "919845098450", ("919845098450", "NUMBER", "919845098450")),
        ("General", "9.1984509845E+11", ("919845098450", "NUMBER", "919845098450")),
        ("General", "0.30000000000000004", ("0.3", "NUMBER", "0.3")),
        ("General", "1234567890123456789", ("1234567890123456789", "NUMBER", "1234567890123456789")),
        ("General", "1.2345678901234567E+18", ("1.2345678901234567E+18", "LONG_NUMBER", "1.2345678901234567E+18")),
        ("General", "1E-05", ("0.00001", "NUMBER", "0.00001")),
        ("General", "45413", ("45413", "NUMBER", "45413")),
    ),
    formatted(
        "dates-1900.xlsx",
        ("dd/mm/yyyy", "45413", ("01/05/2024", "MOMENT", MAY_1)),
        ("m/d/yyyy h:mm", "45413.4375", ("5/1/2024 10:30", "MOMENT", "2024-05-01T10:30:00")),
        ("[$-409]d-mmm-yyyy;@", "45413", ("1-May-2024", "MOMENT", MAY_1)),
        ("h:mm AM/PM", "0.7", ("4:48 PM", "MOMENT", "T16:48:00")),
        ("[h]:mm", "1.5", ("36:00", "NUMBER", "1.5")),
        ("yyyy-mm-dd", "60", ("1900-02-29", "NO_DAY", "60")),
        ("yyyy-mm-dd", "59", ("1900-02-28", "MOMENT", "1900-02-28T00:00:00")),
        ("yyyy-mm-dd", "-1", ("########", "NO_DAY", "-1")),
        ("yyyy-mm-dd", "2958466", ("########", "NO_DAY", "2958466")),
        ("yyyy-mm-dd hh:mm:ss", "45413.999999999", ("2024-05-02 00:00:00", "MOMENT", "2024-05-02T00:00:00")),
    ),
    formatted(
        "dates-1904.xlsx",
        ("dd/mm/yyyy", "43951", ("01/05/2024", "MOMENT", MAY_1)),
        ("yyyy-mm-dd", "0", ("1904-01-01", "MOMENT", "1904-01-01T00:00:00")),
        ("h:mm", "0.5", ("12:00", "MOMENT", "T12:00:00")),
        settings='<workbookPr date1904="1"/>',
    ),
    Case(
        "texts.xlsx",
        book(
            HEAD
            + row(value("0", 't="s"'), text("  inline  "))
            + row(value("1", 't="s" s="1"'), value("=1+1", 't="str"'))
            + row(value("2", 't="s"'), value("3", 't="s"')),
            shared=[
                "<t>0419</t>",
                "<t>'x</t>",
                '<r><t>rich</t></r><r><t xml:space="preserve"> text</t></r><rPh sb="0" eb="1"><t>reading</t></rPh>',
                "<t>a_x000D_b_x005F_x0041_</t>",
            ],
            formats=["@"],
        ),
        ["A", "B"],
        {2: ["0419", "  inline  "], 3: ["'x", "=1+1"], 4: ["rich text", "a\rb_x0041_"]},
    ),
    Case(
        "quote-prefix.xlsx",
        book(
            HEAD + row(value("0", 't="s" s="1"'), value("1", 't="s" s="1"')),
            shared=["<t>=1+1</t>", "<t>0419</t>"],
            parts={
                "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><cellXfs><xf numFmtId="0"/>'
                '<xf numFmtId="0" quotePrefix="1"/></cellXfs></styleSheet>'
            },
        ),
        ["A", "B"],
        {2: ["=1+1", "0419"]},
    ),
    Case(
        "truths-and-errors.xlsx",
        book(
            HEAD
            + row(value("1", 't="b"'), value("0", 't="b"'))
            + row(value("#N/A", 't="e"'), value("#DIV/0!", 't="e"'))
            + row(value("word"), text("x"))
        ),
        ["A", "B"],
        {
            2: [("TRUE", "TRUTH", ""), ("FALSE", "TRUTH", "")],
            3: [("#N/A", "ERROR", ""), ("#DIV/0!", "ERROR", "")],
            4: [("word", "ERROR", ""), "x"],
        },
    ),
    Case(
        "formulas.xlsx",
        book(
            HEAD
            + row("<c><f>A1</f><v>5</v></c>", '<c t="str"><f>A1</f><v>x</v></c>')
            + row("<c><f>A1</f></c>", text("x"))
            + row('<c t="str"><f>A1</f><v></v></c>', text("x"))
        ),
        ["A", "B"],
        {2: [("5", "NUMBER", "5"), "x"], 3: [("", "FORMULA", ""), "x"], 4: ["", "x"]},
    ),
    Case(
        "formulas-never-calculated.xlsx",
        book(
            HEAD + row("<c><f>A1</f><v>0</v></c>", "<c><f>A1</f><v>7</v></c>"),
            settings="",
            parts={
                "xl/workbook.xml": RawWorkbook()
                .markup()["xl/workbook.xml"]
                .replace("</sheets>", '</sheets><calcPr fullCalcOnLoad="1"/>')  # type: ignore[arg-type]
            },
        ),
        ["A", "B"],
        {2: [("", "FORMULA", ""), ("7", "NUMBER", "7")]},
        notices=["calculated anew"],
    ),
    Case(
        "iso-dates.xlsx",
        book(
            HEAD + row(value("2024-05-01T10:30:00", 't="d" s="1"'), value("10:30:00", 't="d" s="2"')),
            formats=["dd/mm/yyyy", "h:mm"],
        ),
        ["A", "B"],
        {2: [("01/05/2024", "MOMENT", "2024-05-01T10:30:00"), ("10:30", "MOMENT", "T10:30:00")]},
    ),
    Case(
        "merged.xlsx",
        book(
            HEAD + row(text("x"), "<c/>") + row("<c/>", text("y")),
            after='<mergeCells><mergeCell ref="A2:A3"/></mergeCells>',
        ),
        ["A", "B"],
        {2: ["x", ""], 3: ["", "y"]},
        notices=["merged cells among the rows (A2:A3)"],
    ),
    Case(
        "merged-title.xlsx",
        book(
            row(text("Visits of May")) + row() + HEAD + row(text("1"), text("2")),
            after='<mergeCells><mergeCell ref="A1:B1"/></mergeCells>',
        ),
        ["Visits of May"],
        {3: ["A"], 4: ["1"]},
        {3: ("too-many-fields", "B"), 4: ("too-many-fields", "B")},
        notices=["If the header is row 3 (A, B), add --header-row 3"],
    ),
    Case(
        "hidden.xlsx",
        book(
            HEAD + row(text("1"), text("2"), attributes='hidden="1"') + row(text("3"), text("4")),
            before='<cols><col min="2" max="2" hidden="1" width="0"/></cols>',
        ),
        ["A", "B"],
        {2: ["1", "2"], 3: ["3", "4"]},
        notices=["1 hidden column is read as well: B", "1 hidden row is read as well: 2"],
    ),
    Case(
        "sheets.xlsx",
        book(
            HEAD + row(text("1"), text("2")),
            sheets=[
                ("Secret", "veryHidden", "worksheet"),
                ("Chart", "visible", "chartsheet"),
                ("Visits", "visible", "worksheet"),
            ],
        ),
        ["A", "B"],
        {2: ["1", "2"]},
        notices=['the sheet "Visits" is read; "Secret" (hidden) is not'],
    ),
    Case(
        "sheet-by-number.xlsx",
        book(HEAD, sheets=[("One", "visible", "worksheet"), ("2", "visible", "worksheet")]),
        ["A", "B"],
        options={"sheet": "1"},
        notices=["no row below it"],
    ),
    Case(
        "no-such-sheet.xlsx",
        book(HEAD),
        refused=("sheet-missing", 'Did you mean "Sheet1"'),
        options={"sheet": "Sheet 1"},
    ),
    Case(
        "ghost-dimension.xlsx",
        book(
            HEAD + row(text("1"), '<c s="0"/>') + "".join(row('<c s="0"/>') for _ in range(50)),
            before='<dimension ref="A1:XFD1048576"/>',
        ),
        ["A", "B"],
        {2: ["1", ""]},
    ),
    Case(
        "blank-rows.xlsx",
        book(row() + HEAD + row(text(" "), text("\u00a0")) + row(text("1"), attributes='r="9"')),
        ["A", "B"],
        {9: ["1", ""]},
        header_row=2,
    ),
    Case(
        "cells-without-references.xlsx",
        book(HEAD + row("<c/>", value("2")) + row(value("1", 'r="B3"'))),
        ["A", "B"],
        {2: ["", ("2", "NUMBER", "2")], 3: ["", ("1", "NUMBER", "1")]},
    ),
    Case(
        "beyond-the-header.xlsx",
        book(HEAD + row(text("1"), text("2"), "<c/>", text("x")) + row(text("3"), text("4"), text(" "))),
        ["A", "B"],
        {2: ["1", "2"], 3: ["3", "4"]},
        {2: ("too-many-fields", "D")},
    ),
    Case(
        "strict.xlsx",
        packed(
            {
                name: content.replace(MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main")
                if isinstance(content, str)
                else content
                for name, content in RawWorkbook(HEAD + row(text("1"), value("2"))).markup().items()
            }
        ),
        ["A", "B"],
        {2: ["1", ("2", "NUMBER", "2")]},
    ),
    Case(
        "macros.xlsm",
        book(HEAD + row(text("1"), text("2")), parts={"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"}),
        ["A", "B"],
        {2: ["1", "2"]},
    ),
    Case("workbook-called.csv", book(HEAD + row(text("0419"), text("2"))), ["A", "B"], {2: ["0419", "2"]}),
    Case("cut.xlsx", book(HEAD + row(text("1"), text("2")) * 50)[:900], refused=("source-damaged", "cut off")),
    Case(
        "half-a-sheet.xlsx",
        book("", parts={"xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>'}),
        refused=("source-damaged", "no element found"),
    ),
    Case(
        "entities.xlsx",
        book(
            "", parts={"xl/worksheets/sheet1.xml": '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'}
        ),
        refused=("source-damaged", "document type"),
    ),
    Case("archive.xlsx", packed({"table.csv": "A,B"}), refused=("source-unsupported", "a ZIP archive")),
    Case("word.xlsx", packed({"word/document.xml": "<x/>"}), refused=("source-unsupported", "a Word document")),
    Case("binary.xlsb", packed({"xl/workbook.bin": "x"}), refused=("source-unsupported", "binary Excel workbook")),
    Case(
        "scattered.xlsx",
        book(HEAD + row(value("1", 'r="XFD1048576"'), attributes='r="1048576"')),
        refused=("source-too-large", "scattered"),
    ),
]
