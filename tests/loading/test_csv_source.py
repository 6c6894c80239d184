"""CSV files: every cell as it stands, every row with the number of the physical line on which it starts."""

import sys
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from importer.blocks import CsvLayout, Header
from importer.errors.sources import HeaderBroken, HeaderMissing
from importer.loading import ReadingOptions, freeze, open_source

from .csv_files import Row, opened, read, rows_of
from .tables import NEWLINES, STYLES, Style, is_blank, physical_lines, tables

IN_A_FOLDER = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@IN_A_FOLDER
@given(st.data(), STYLES)
def test_any_table(tmp_path: Path, data: st.DataObject, style: Style) -> None:
    """Any table of texts comes back cell for cell, with the line on which each row starts; blank rows are no rows."""
    width = data.draw(st.integers(1, 5))
    header = [f"Column {position}" for position in range(width)]
    table = data.draw(tables(width))
    text = style.record(header)
    expected = []
    for cells in table:
        if not is_blank(cells):
            expected.append(Row(physical_lines(text) + 1, tuple(cells)))
        text += style.record(cells)
    told = ReadingOptions(delimiter=style.delimiter) if width == 1 else ReadingOptions()
    source = opened(tmp_path, text, told)
    assert source.header == Header(tuple(header), 1)
    assert rows_of(source) == expected


@IN_A_FOLDER
@given(st.text(st.sampled_from('a1" ,;\n\r\0\u00a0é'), max_size=60))
def test_any_text(tmp_path: Path, text: str) -> None:
    """Any text at all below a header is read without an exception, and no line with something in it is lost."""
    found = {row.number: row for row in read(tmp_path, "A,B\n" + text)}
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    numbers = [*found, len(lines) + 2]
    for number, line in enumerate(lines, 2):
        start = max((begin for begin in numbers if begin <= number), default=0)
        if number not in found and line.strip(' ,"\u00a0'):
            assert start in found, (number, line)
            spans_lines = {"\n", "\r"} & set("".join(found[start].cells))
            assert spans_lines or found[start].fault == "too-many-fields", "it is inside a quoted cell"


@pytest.mark.parametrize(
    "cell",
    [
        "0419",
        "00501",
        "NA",
        "N/A",
        "None",
        "null",
        "NULL",
        "nan",
        "TRUE",
        "1E5",
        "9.19845E+11",
        "1234567890123456789",
        "+919845098450",
        "-5",
        "=1+1",
        "'x",
        "1,234",
        "01/02/2024",
        "  two blanks  ",
        "\ttab\t",
        "\u00a0hard\u00a0",
        "line\nline",
        "line\r\nline",
        "line\rline",
        'a "quoted" word',
        "\ufeffmarked",
        "e\u0301 stays two signs",
        "नमस्ते 😀 \u200f\u202e",
        "\x01\x1f\x7f\x85\u2028",
        "x" * 100_000,
    ],
)
def test_cells_stay_as_they_stand(tmp_path: Path, cell: str) -> None:
    """A cell comes through sign for sign: no zero, no blank, no NA is lost, and nothing is taken for a number."""
    text = Style(quoted=True).text([["A", "B"], [cell, "1"], ["2", cell]])
    first, second = read(tmp_path, text)
    assert (first.cells, second.cells) == ((cell, "1"), ("2", cell))


def test_a_mark_that_begins_a_row_stays(tmp_path: Path) -> None:
    """A byte-order mark is left out at the beginning of the file and nowhere else."""
    assert read(tmp_path, "\ufeffA,B\n\ufeff1,2\n\ufeff3,4\n") == [
        Row(2, ("\ufeff1", "2")),
        Row(3, ("\ufeff3", "4")),
    ]


@pytest.mark.parametrize("newline", NEWLINES)
def test_row_numbers(tmp_path: Path, newline: str) -> None:
    """Rows bear the number of the physical line on which they start: blank lines and lines within cells count."""
    lines = ["", "A,B", "1,2", "", ' ," "', '3,"x', "y", 'z"', ",", "4,5", "", ""]
    assert read(tmp_path, newline.join(lines)) == [
        Row(3, ("1", "2")),
        Row(6, ("3", newline.join("xyz"))),
        Row(10, ("4", "5")),
    ]


def test_a_header_of_several_lines(tmp_path: Path) -> None:
    """A name may hold a line end; the rows below are counted from the top of the file all the same."""
    source = opened(tmp_path, 'A,"B\n(two\nlines)"\n1,2\n')
    assert source.header == Header(("A", "B\n(two\nlines)"), 1)
    assert rows_of(source) == [Row(4, ("1", "2"))]


TITLED = "Visits of May\n\nA,B\n1,2\n"


def test_title_rows(tmp_path: Path) -> None:
    """`header_row` is a physical line, and rows are counted from the top of the file whatever stands above it."""
    source = opened(tmp_path, TITLED, ReadingOptions(header_row=3))
    assert source.header == Header(("A", "B"), 3)
    assert rows_of(source) == [Row(4, ("1", "2"))]


def test_quotes_above_the_header(tmp_path: Path) -> None:
    """What stands above the header is not taken apart, broken quotation marks included."""
    source = opened(tmp_path, '"Visits\nA,B\n1,2\n', ReadingOptions(header_row=2))
    assert rows_of(source) == [Row(3, ("1", "2"))]


@pytest.mark.parametrize("header_row", [2, 6])
def test_a_header_that_is_not_there(tmp_path: Path, header_row: int) -> None:
    """A `header_row` that is empty or beyond the end is refused."""
    with pytest.raises(HeaderMissing, match=f"row {header_row} is empty or not there"):
        opened(tmp_path, TITLED, ReadingOptions(header_row=header_row))


@pytest.mark.parametrize("content", ["", "\n\r\n", " \t\n", '\ufeff""\n', ",,,\n"])
def test_no_header_at_all(tmp_path: Path, content: str) -> None:
    """A file in which nothing is written is refused."""
    with pytest.raises(HeaderMissing):
        opened(tmp_path, content)


@pytest.mark.parametrize("above", ["", "\n", ",,\n", '"","",""\n \n', ";;\n\t\n|\n"])
def test_blank_lines_above_the_header(tmp_path: Path, above: str) -> None:
    """Lines whose cells are all blank are no rows above the header either: it is the first line that says something."""
    source = opened(tmp_path, above + "A,B,C\n1,2,3\n")
    line = physical_lines(above) + 1
    assert source.header == Header(("A", "B", "C"), line)
    assert rows_of(source) == [Row(line + 1, ("1", "2", "3"))]


def test_a_name_that_begins_with_a_line_end(tmp_path: Path) -> None:
    """A single quotation mark on the first line is no blank line but the beginning of a name."""
    assert opened(tmp_path, '"\nA",B\n1,2\n').header == Header(("\nA", "B"), 1)


@pytest.mark.parametrize("content", ["A,B", "A,B\n", "A,B\r\n\r\n", 'A,B\n,\n" ",\n'])
def test_a_header_without_rows(tmp_path: Path, content: str) -> None:
    """A file with a header and no row is read, and a notice says that it has no rows."""
    source = opened(tmp_path, content)
    assert source.header == Header(("A", "B"), 1)
    assert list(source.blocks()) == []
    assert source.notices[-1] == f"{source.place.source}: there is a header, but no row below it."


@pytest.mark.parametrize("content", ['"A,B\n1,2\n', '"A"x,B\n1,2\n'])
def test_a_broken_header(tmp_path: Path, content: str) -> None:
    """A header whose quotation marks don't fit together is refused."""
    with pytest.raises(HeaderBroken, match="line 1"):
        opened(tmp_path, content)


def test_a_header_without_an_end(tmp_path: Path) -> None:
    """A header that does not end within the first megabyte is refused."""
    with pytest.raises(HeaderBroken):
        opened(tmp_path, 'A,"' + "B\n" * 700_000 + '"\n1,2\n')


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("1,2", Row(2, ("1", "2", ""), "too-few-fields")),
        ("1", Row(2, ("1", "", ""), "too-few-fields")),
        ("1,2,3,4", Row(2, ("1", "2", "3"), "too-many-fields")),
        (",,,4", Row(2, ("", "", ""), "too-many-fields")),
        ("1,2,3,,4", Row(2, ("1", "2", "3"), "too-many-fields")),
        ("1,2,3,", Row(2, ("1", "2", "3"))),
        ('1,2,3,," "', Row(2, ("1", "2", "3"))),
        ("1,2,\0", Row(2, ("1", "2", "\0"), "nul-character")),
        ("\0", Row(2, ("\0", "", ""), "nul-character")),
        ('1,"2,3', Row(2, ("1", '"2', "3"), "quote-unclosed")),
        ('1,"2"x,3', Row(2, ("1", '"2"x', "3"), "quote-misplaced")),
        ('"', Row(2, ('"', "", ""), "quote-unclosed")),
        ('1,2",3', Row(2, ("1", '2"', "3"))),
    ],
)
@pytest.mark.parametrize("after", ["", "\n", "\n4,5,6\n", "\n\n\n4,5,6\n,,\n", '\n\n4,"5",6'])
def test_ragged_rows(tmp_path: Path, line: str, expected: Row, after: str) -> None:
    """A row that is not as wide as the header, or is broken, is an issue of its own and never shifts another."""
    rows = read(tmp_path, "A,B,C\n" + line + after)
    assert rows[0] == expected
    assert [row.cells for row in rows[1:]] == [("4", "5", "6")] * after.count("4")
    assert not any(row.fault for row in rows[1:])


def test_the_first_row_is_as_ragged_as_any(tmp_path: Path) -> None:
    """A first row with one field too many does not make the first column an index, as it does elsewhere."""
    assert read(tmp_path, "A,B\n1,2,3\n4,5\n") == [
        Row(2, ("1", "2"), "too-many-fields"),
        Row(3, ("4", "5")),
    ]


def test_faults_after_blank_rows(tmp_path: Path) -> None:
    """Faults stay with their rows, however many blank rows before them are dropped."""
    lines = ["A,B", "1,2", ",", "x", "", " , ", "3,4", '5,"6', "", ",,z", "7,8"]
    assert read(tmp_path, "\n".join(lines)) == [
        Row(2, ("1", "2")),
        Row(4, ("x", ""), "too-few-fields"),
        Row(7, ("3", "4")),
        Row(8, ("5", '"6'), "quote-unclosed"),
        Row(10, ("", ""), "too-many-fields"),
        Row(11, ("7", "8")),
    ]


@pytest.mark.parametrize(
    ("line", "beyond"),
    [
        ("1,2,x,,y", ("x", "", "y")),
        ('1,"2,x', ("(put this row right, then empty this cell)", "x")),
        ('1,"2"3,x', ("(put this row right, then empty this cell)", "x")),
        ("1,2\0,x", ("(put this row right, then empty this cell)", "x")),
        ("1", ("(put this row right, then empty this cell)",)),
    ],
)
def test_nothing_of_a_faulty_row_is_lost(tmp_path: Path, line: str, beyond: tuple[str, ...]) -> None:
    """What a faulty row holds beyond the header's columns is kept for the file to correct."""
    block = next(opened(tmp_path, f"A,B\n{line}\n").blocks())
    assert block.faults[0].beyond == beyond


def test_fault_messages(tmp_path: Path) -> None:
    """The message of a row of the wrong width names both widths, where it ends, and what is beyond the header."""
    block = next(opened(tmp_path, "A, Visit Date\n1\n1,2,,x,y\n").blocks())
    assert block.faults[0].message == 'the row has 1 field, the header has 2; it ends before column B "Visit Date"'
    assert block.faults[1].message == 'the row has 5 fields, the header has 2; beyond it: "x", "y"'
    assert [block.faults[offset].column for offset in range(2)] == [1, 3]


@pytest.mark.parametrize(
    ("line", "code", "column"),
    [
        ('1,"2', "quote-unclosed", 1),
        ('"1,2', "quote-unclosed", 0),
        ('"a,b","""c"",",x,"2', "quote-unclosed", 3),
        ('1,"2"3', "quote-misplaced", 1),
        ('"1" ,2', "quote-misplaced", 0),
        ('"1","2""', "quote-unclosed", 1),
        ("1,2,,3", "too-many-fields", 3),
        ("1,2,3\0", "nul-character", None),
    ],
)
def test_where_a_row_went_wrong(tmp_path: Path, line: str, code: str, column: int | None) -> None:
    """The column of a fault is the one in which its quotation mark opens, or the first that has no name."""
    block = next(opened(tmp_path, f"A,B\n{line}\n").blocks())
    assert (block.faults[0].code, block.faults[0].column) == (code, column)


def test_white_space_is_what_unicode_says(tmp_path: Path) -> None:
    """A row is blank exactly if all its cells are white space, of whatever script."""
    signs = [
        sign
        for sign in map(chr, range(1, sys.maxunicode + 1))
        if sign.isspace() or sign in "\u200b\u200c\u180e\u2060\ufeff\x1b"
    ]
    text = "A,B\n" + "".join(f'"{sign}","{sign * 2}"\n' for sign in signs)
    assert [row.cells[0] for row in read(tmp_path, text)] == [sign for sign in signs if not sign.isspace()]


def test_headers_keep_their_white_space(tmp_path: Path) -> None:
    """Names stand in the header as they are written, and are found without white space at their ends."""
    header = opened(tmp_path, '" Lead ID\u00a0",Store,\n1,2,3\n').header
    assert header.names == (" Lead ID\u00a0", "Store", "")
    assert header.positions("Lead ID") == header.positions("\u2003Lead ID") == [0]
    assert header.positions("lead id") == []


def test_duplicate_and_empty_names_do_no_harm(tmp_path: Path) -> None:
    """Columns of the same name, or of none, are all read, by position."""
    source = opened(tmp_path, "A,A,,,A \n1,2,3,4,5\n")
    assert source.header.names == ("A", "A", "", "", "A ")
    assert source.header.positions("A") == [0, 1, 4]
    assert rows_of(source) == [Row(2, ("1", "2", "3", "4", "5"))]


def test_a_single_column(tmp_path: Path) -> None:
    """A file of one column is read; its empty lines are no rows."""
    assert read(tmp_path, 'Lead ID\n\nx\n""\n" "\n"y"\n') == [Row(3, ("x",)), Row(6, ("y",))]


def test_very_many_columns(tmp_path: Path) -> None:
    """As many columns as a sheet can have are read."""
    names = [f"c{position}" for position in range(16_384)]
    source = opened(tmp_path, ",".join(names) + "\n" + ",".join(reversed(names)) + "\n")
    assert list(source.header.names) == names
    assert rows_of(source) == [Row(2, tuple(reversed(names)))]


def test_blocks_are_of_flat_size(tmp_path: Path) -> None:
    """The first block is small, so that the first call leaves soon; the others are larger but bounded."""
    content = "A,B\n" + "".join(f"{number},x\n" for number in range(110_000))
    sizes = [len(block) for block in opened(tmp_path, content).blocks()]
    assert sizes == [2_000, 50_000, 50_000, 8_000]


def test_a_source_can_be_read_again(tmp_path: Path) -> None:
    """Reading the blocks once more gives the same rows."""
    source = opened(tmp_path, "A,B\n1,2\n")
    assert rows_of(source) == rows_of(source) == [Row(2, ("1", "2"))]


def test_layout(tmp_path: Path) -> None:
    """The layout holds all that is needed to write a file that reads the same way."""
    content = "\ufefftitle\r\n\r\nA;B\r\n1;2\r\n".encode("utf-16-le")
    layout = opened(tmp_path, content, ReadingOptions(header_row=3)).layout
    assert isinstance(layout, CsvLayout)
    assert (layout.encoding, layout.byte_order_mark) == ("utf-16-le", True)
    assert (layout.delimiter, layout.newline, layout.preamble) == (";", "\r\n", "title\r\n\r\n")
    assert layout.header == ("A", "B")


def test_how_it_is_read_is_said(tmp_path: Path) -> None:
    """A notice says in what encoding, by what delimiter and from what header the file is read."""
    source = opened(tmp_path, "\n\nA\tB\n1\t2\n")
    (notice,) = source.notices
    assert notice == f"{source.place.source}: read as utf-8, separated by tab, header on line 3."
    source = opened(tmp_path, 'A;B\n1;"2"\n')
    assert source.notices == (f"{source.place.source}: read as utf-8, separated by semicolon, with quotation marks.",)


TITLED_FILES = [
    "Visits of May\n\nA;B;C\n1;2;3\n",
    "Visits of May;;\n;;\nA;B;C\n1;2;3\n",
    '"Visits, of ""May"""\n\nA;B;C\n1;2;3\n',
    "Visits of May\nA,B,C\n",
    "Visits of May\nfor all\nA\tB\tC\n1\t2\t3\n1\t\t\n",
]


@pytest.mark.parametrize("content", TITLED_FILES)
def test_a_title_is_told_from_a_header(tmp_path: Path, content: str) -> None:
    """Where the first line holds far fewer names than a later one cells, a notice says which line to name."""
    line = 1 + next(number for number, text in enumerate(content.splitlines()) if text[0:1] == "A" and text[2:3] == "B")
    source = opened(tmp_path, content)
    (doubt,) = (notice for notice in source.notices if "is taken for the header" in notice)
    assert f"If the header is line {line} (A, B, C), add --header-row {line}" in doubt
    again = opened(tmp_path, content, ReadingOptions(header_row=line))
    assert again.header.names == ("A", "B", "C")
    assert len(again.notices) - (not rows_of(again)) == 1


@pytest.mark.parametrize(
    "content", ["A,B\n1,2\n", "A\n1\n", "A,B,C\n1,,\n,,3\n", "A\n", "A,B\n1,2,3\n", "Name\na\nb\n"]
)
def test_a_header_is_not_doubted_without_need(tmp_path: Path, content: str) -> None:
    """A header with as many names as there are cells, or nearly so, is one."""
    assert not any("is taken for the header" in notice for notice in opened(tmp_path, content).notices)


@IN_A_FOLDER
@given(st.data(), STYLES, st.sampled_from("'~^`"))
def test_any_sign_may_enclose_texts(tmp_path: Path, data: st.DataObject, style: Style, quote: str) -> None:
    """A table whose texts are enclosed by another sign is read like any other, marks of all kinds within its cells."""
    width = data.draw(st.integers(1, 4))
    header = [f"Column {position}" for position in range(width)]
    table = [cells for cells in data.draw(tables(width)) if not is_blank(cells)]
    swap = str.maketrans(f'{quote}"', f'"{quote}')
    usual = "".join(style.record([cell.translate(swap) for cell in cells]) for cells in [header, *table])
    source = opened(tmp_path, usual.translate(swap), ReadingOptions(delimiter=style.delimiter, quote_char=quote))
    assert source.header == Header(tuple(header), 1)
    assert [row.cells for row in rows_of(source)] == [tuple(cells) for cells in table]
    assert isinstance(source.layout, CsvLayout)
    assert source.layout.quote == quote


def test_faults_of_texts_in_apostrophes(tmp_path: Path) -> None:
    """What is wrong with a row is found and shown as it stands, whatever encloses the texts."""
    text = "'A','B'\n'it''s','5\" pipe'\n'open,x\n'a','b','say \"c\"'\n"
    source = opened(tmp_path, text, ReadingOptions(quote_char="'"))
    *_, block = source.blocks()
    assert source.header.names == ("A", "B")
    assert rows_of(source)[0].cells == ("it's", '5" pipe')
    assert [row.fault for row in rows_of(source)] == ["", "quote-unclosed", "too-many-fields"]
    assert block.faults[len(block) - 1].beyond == ('say "c"',)
    assert any("with ' around texts" in notice for notice in source.notices)


def test_apostrophes_enclose_nothing(tmp_path: Path) -> None:
    """A file that encloses its texts in apostrophes is read as it stands, unless an option says what they are; a notice
    says so.
    """
    source = opened(tmp_path, "'A','B'\n'1','2'\n")
    assert source.header.names == ("'A'", "'B'")
    assert any("apostrophes" in notice for notice in source.notices)


def test_a_file_that_may_not_be_finished(tmp_path: Path) -> None:
    """A text without a last line end that was written to a moment ago may still be written; a notice says so."""
    for content, told in ((b"A,B\n1,2", True), (b"A,B\n1,2\n", False), ("A,B\r\n1,2\r\n".encode("utf-16"), False)):
        path = tmp_path / "visits.csv"
        path.write_bytes(content)
        at = path.stat().st_mtime
        for clock, unfinished in ((at + 59, told), (at + 61, False)):
            file = freeze(str(path), None, None, partial(float, clock))
            assert file.unfinished == unfinished
            assert (
                any("still writing" in notice for notice in open_source(file, ReadingOptions()).notices) == unfinished
            )


def test_expected_rows(tmp_path: Path) -> None:
    """About how many rows there will be is known before they are read."""
    assert opened(tmp_path, "title\nA,B\n1,2\n3,4\n", ReadingOptions(header_row=2)).expected_rows == 2


IN_APOSTROPHES = [
    "Lead ID;Note\n1;'it''s; ok'\n2;fine\n",
    "Lead ID,Note,Store\n1,'one, two',0419\n2,'it''s','a, b'\n3,x,y\n",
    "Lead ID;Note\n1;'first\nsecond'\n2;fine\n3;fine\n",
    "'Lead ID';'Note'\n'1';'it''s; ok'\n",
    "'Lead; ID'\t'Note, of it'\n'1'\t'it''s; ok\n'\n",
]


@pytest.mark.parametrize("content", IN_APOSTROPHES)
def test_texts_in_apostrophes_are_noticed(tmp_path: Path, content: str) -> None:
    """Where rows have the header's width only if apostrophes enclose texts, a notice names the option, and with it the
    file is read without a fault; without it, nothing is read in another way than it stands.
    """
    source = opened(tmp_path, content)
    assert source.apostrophes is not None
    assert source.apostrophes.certain
    assert sum("--quote-char apostrophe" in notice for notice in source.notices) == 1
    again = opened(tmp_path, content, ReadingOptions(quote_char="'"))
    assert not any("--quote-char" in notice for notice in again.notices)
    assert not any(row.fault for row in rows_of(again))


@pytest.mark.parametrize(
    "content",
    [
        "Lead ID,Note\n1,it's fine\n2,'tis\n",
        "Lead ID,Note\n1,it's fine,really\n2,'tis\n3\n",
        "Lead ID,Note\n1,\"it's, you know\"\n2,'x'\n3\n",
        "Lead ID,Note\n1,'open, for ever\n2,b\n",
        "Lead ID,Note\n1,2\n",
    ],
)
def test_apostrophes_that_explain_nothing_are_not_noticed(tmp_path: Path, content: str) -> None:
    """Where no more rows would fit the header, there is nothing to say."""
    assert opened(tmp_path, content).apostrophes is None


def test_a_row_of_the_wrong_width_names_the_apostrophes(tmp_path: Path) -> None:
    """Where apostrophes would explain it, the message says what to do about them."""
    *_, block = opened(tmp_path, "A;B\n1;'it''s; ok'\n2;'first\nsecond'\n").blocks()
    assert all("--quote-char apostrophe" in fault.message for fault in block.faults.values())


def test_a_sheet_of_a_csv_file(tmp_path: Path) -> None:
    """A sheet that was asked for is not passed over in silence where there are none."""
    source = opened(tmp_path, "A,B\n1,2\n", ReadingOptions(sheet="Data"))
    assert source.notices[1].endswith('a CSV file has no sheets; that "Data" was asked for makes no difference.')
    assert len(opened(tmp_path, "A,B\n1,2\n", ReadingOptions()).notices) == 1
