"""Nasty OpenDocument spreadsheets, in markup."""

from tests.corpus.case import Case
from tests.corpus.packing import moment, number, opendocument, row, table, text

HEAD = row(text("A"), text("B"))
STYLES = (
    """
<number:number-style style:name="N1"><number:number number:decimal-places="0" number:min-integer-digits="4"/>
</number:number-style>
<number:percentage-style style:name="N2"><number:number number:decimal-places="1" number:min-integer-digits="1"/>
<number:text>%</number:text></number:percentage-style>
<number:currency-style style:name="N3"><number:number number:decimal-places="2" number:min-integer-digits="1"
 number:grouping="true"/><number:text> </number:text><number:currency-symbol>€</number:currency-symbol>
</number:currency-style>
<number:date-style style:name="N4"><number:day number:style="long"/><number:text>/</number:text>
<number:month number:style="long"/><number:text>/</number:text><number:year number:style="long"/>
<number:text> </number:text><number:hours/><number:text>:</number:text><number:minutes number:style="long"/>
</number:date-style>
<number:date-style style:name="N5"><number:day/><number:text>. </number:text>
<number:month number:textual="true" number:style="long"/></number:date-style>
<number:time-style style:name="N6" number:truncate-on-overflow="false"><number:hours/><number:text>:</number:text>
<number:minutes number:style="long"/></number:time-style>
"""
    + "".join(
        f'<style:style style:name="c{n}" style:family="table-cell" style:data-style-name="N{n}"/>' for n in range(1, 7)
    )
    + (
        '<style:style style:name="child" style:family="table-cell" style:parent-style-name="c1"/>'
        '<style:style style:name="hidden" style:family="table"><style:table-properties table:display="false"/>'
        "</style:style>"
    )
)


def styled(number: int) -> str:
    """The attribute of a cell with that style."""
    return f'table:style-name="c{number}"'


CASES = [
    Case(
        "formats.ods",
        opendocument(
            table(
                HEAD,
                row(number("419", "0419", styled(1)), number("0.125", "12.5%", styled(2), "percentage")),
                row(number("1234.5", "1,234.50 €", styled(3), "currency"), number("1234.5", "1.234,50 €", styled(3))),
                row(number("919845098450", "9.1984509845E+11"), number("0.3", "0,3")),
                row(number("7", "0007", 'table:style-name="child"'), number("5", "fünf")),
            ),
            STYLES,
        ),
        ["A", "B"],
        {
            2: [("0419", "NUMBER", "419"), ("12.5%", "NUMBER", "0.125")],
            3: [("1,234.50 €", "NUMBER", "1234.5"), ("1.234,50 €", "NUMBER", "1234.5")],
            4: [("919845098450", "NUMBER", "919845098450"), ("0.3", "NUMBER", "0.3")],
            5: [("0007", "NUMBER", "7"), ("fünf", "NUMBER", "5")],
        },
    ),
    Case(
        "moments.ods",
        opendocument(
            table(
                HEAD,
                row(
                    moment("2024-05-01T10:30:00", "01/05/2024 10:30", styled(4)),
                    moment("2024-05-01", "1. Mai", styled(5)),
                ),
                row(moment("PT10H30M00S", "10:30:00"), moment("PT36H00M00S", "36:00", styled(6))),
                row(moment("2024-05-01", "2024-05-01"), moment("1850-01-01", "1850-01-01")),
                row(moment("yesterday", "yesterday"), text("x")),
            ),
            STYLES,
        ),
        ["A", "B"],
        {
            2: [("01/05/2024 10:30", "MOMENT", "2024-05-01T10:30:00"), ("1. Mai", "MOMENT", "2024-05-01T00:00:00")],
            3: [("10:30:00", "MOMENT", "T10:30:00"), ("36:00", "NUMBER", "1.5")],
            4: [("2024-05-01", "MOMENT", "2024-05-01T00:00:00"), ("1850-01-01", "MOMENT", "1850-01-01T00:00:00")],
            5: [("yesterday", "ERROR", ""), "x"],
        },
    ),
    Case(
        "texts.ods",
        opendocument(
            table(
                HEAD,
                row(
                    text('  two<text:s text:c="3"/>blanks\n and  <text:span>a <text:a>link</text:a></text:span>  '),
                    text("tab<text:tab/>line<text:line-break/>end</text:p><text:p>second"),
                ),
                row(
                    '<table:table-cell office:value-type="string"><office:annotation><text:p>a comment</text:p>'
                    "</office:annotation><text:p>=1+1</text:p></table:table-cell>",
                    '<table:table-cell office:value-type="string" office:string-value="0419"/>',
                ),
                row("<table:table-cell><text:p>no type</text:p></table:table-cell>", text("<text:s/>x")),
            )
        ),
        ["A", "B"],
        {
            2: ["two   blanks and a link", "tab\tline\nend\nsecond"],
            3: ["=1+1", "0419"],
            4: ["no type", " x"],
        },
    ),
    Case(
        "errors-and-formulas.ods",
        opendocument(
            table(
                HEAD,
                row(
                    '<table:table-cell table:formula="of:=1/0" office:value-type="string" office:string-value=""'
                    ' calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell>',
                    '<table:table-cell table:formula="of:=1/0" office:value-type="float" office:value="0">'
                    "<text:p>Err:502</text:p></table:table-cell>",
                ),
                row('<table:table-cell table:formula="of:=1+1"/>', number("2", "2", 'table:formula="of:=1+1"')),
                row(
                    '<table:table-cell office:value-type="boolean" office:boolean-value="true"><text:p>WAHR</text:p>'
                    "</table:table-cell>",
                    text("x"),
                ),
            )
        ),
        ["A", "B"],
        {
            2: [("#DIV/0!", "ERROR", ""), ("Err:502", "ERROR", "")],
            3: [("", "FORMULA", ""), ("2", "NUMBER", "2")],
            4: [("TRUE", "TRUTH", ""), "x"],
        },
    ),
    Case(
        "repeated.ods",
        opendocument(
            table(
                row(text("A"), text("B"), text("C"), '<table:table-cell table:number-columns-repeated="16381"/>'),
                row(
                    text("x", 'table:number-columns-repeated="2"'),
                    text("y"),
                    attributes='table:number-rows-repeated="2"',
                ),
                row(
                    '<table:table-cell table:number-columns-repeated="16384"/>',
                    attributes='table:number-rows-repeated="7"',
                ),
                row(number("5", "0005", 'table:number-columns-repeated="3"')),
                row("<table:table-cell/>", attributes='table:number-rows-repeated="1048565"'),
                columns='<table:table-column table:number-columns-repeated="3" table:default-cell-style-name="c1"/>',
            ),
            STYLES,
        ),
        ["A", "B", "C"],
        {2: ["x", "x", "y"], 3: ["x", "x", "y"], 11: [("0005", "NUMBER", "5")] * 3},
    ),
    Case(
        "hidden.ods",
        opendocument(
            table(HEAD, name="Secret", attributes='table:style-name="hidden"')
            + table(
                f"<table:table-header-rows>{HEAD}</table:table-header-rows>",
                row(text("1"), text("2"), attributes='table:visibility="filter"'),
                row(text("x", 'table:number-rows-spanned="2"'), text("3")),
                row("<table:covered-table-cell/>", text("4")),
                name="Visits",
                columns='<table:table-column/><table:table-column table:visibility="collapse"/>',
            ),
            STYLES,
        ),
        ["A", "B"],
        {2: ["1", "2"], 3: ["x", "3"], 4: ["", "4"]},
        notices=[
            'the sheet "Visits" is read; "Secret" (hidden) is not',
            "1 hidden column is read as well: B",
            "1 hidden row is read as well: 2",
            "merged cells among the rows (in row 3)",
        ],
    ),
    Case(
        "encrypted.ods",
        opendocument("", more={"META-INF/manifest.xml": "<manifest:encryption-data/>"}),
        refused=("source-encrypted", "password"),
    ),
    Case(
        "text.odt",
        opendocument("").replace(b"opendocument.spreadsheet", b"opendocument.textdocumen"),
        refused=("source-unsupported", "OpenDocument"),
    ),
]
