"""Delimiters: found out from the text, told by the user, or named on the first line as Excel does."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from importer.blocks import CsvLayout, Header
from importer.loading import ReadingOptions

from .csv_files import Row, opened, read, rows_of
from .tables import DELIMITERS, SIGNS, STYLES, Style, is_blank


def delimiter_of(folder: Path, content: str) -> str:
    """The delimiter that is found."""
    layout = opened(folder, content).layout
    assert isinstance(layout, CsvLayout)
    return layout.delimiter


@pytest.mark.parametrize("delimiter", DELIMITERS)
def test_the_four_delimiters(tmp_path: Path, delimiter: str) -> None:
    """Comma, semicolon, tab and bar are recognised without being told."""
    assert read(tmp_path, f"A{delimiter}B{delimiter}C\n1{delimiter}2{delimiter}3\n") == [Row(2, ("1", "2", "3"))]


@pytest.mark.parametrize(
    ("content", "delimiter"),
    [
        ("Name;Amount\nAsha;1,50\nRavi;2,75\n", ";"),
        ("Name;Amount;City\nAsha, Dr;1,50;Pune, MH\nRavi, Mr;2,75;Goa, GA\n", ";"),
        ("Name, first;Amount;City\nAsha;1,50;Pune\nRavi;2,75;Goa\n", ";"),
        ('"Name;nick;alias";Amount\n"a;b;c";1\n', ";"),
        ('"Name;nick;alias",Amount\n"a;b;c",1\n', ","),
        ('"A|B|C","D;E;F;G"\n"1|2|3","4;5;6;7"\n', ","),
        ("Name\tNote\nAsha\ta, b, c\nRavi\td; e\n", "\t"),
        ("Name|Note, long\nAsha|x\nRavi|y, z\n", "|"),
        ("Name,Note\nAsha,see a|b|c\n", ","),
        ("Name;Note\n\n\nAsha;x\n", ";"),
        ("Name,A;B\n1,2\n3,4\n5,6;7\n", ","),
        ("Name\nAsha\n", ","),
        ("Name\n1;2\n3;4\n", ","),
        ("A,B;C\n", ";"),
    ],
)
def test_the_delimiter_that_fits_the_rows(tmp_path: Path, content: str, delimiter: str) -> None:
    """Of several delimiters in the header, the one under which the rows are as wide as the header counts."""
    assert delimiter_of(tmp_path, content) == delimiter


def test_a_few_odd_rows_decide_nothing(tmp_path: Path) -> None:
    """One ragged row among a hundred does not make another delimiter the better one."""
    rows = ["1,2,3;4"] * 99 + ["1,2;3"]
    assert delimiter_of(tmp_path, "A,B,C;D\n" + "\n".join(rows)) == ","


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STYLES, st.lists(st.lists(st.text(SIGNS, max_size=6), min_size=3, max_size=3), max_size=5))
def test_cells_do_not_mislead(tmp_path: Path, style: Style, table: list[list[str]]) -> None:
    """Whatever the cells hold, the delimiter of a header of plain names is found."""
    header = ("Lead ID", "Store", "Remarks")
    found = rows_of(opened(tmp_path, style.text([header, *table])))
    assert [row.cells for row in found] == [tuple(cells) for cells in table if not is_blank(cells)]


@pytest.mark.parametrize("sign", ["~", " ", ":", "^", "\x01", "a", "\\", ".", "*", "'"])
def test_other_delimiters(tmp_path: Path, sign: str) -> None:
    """Any other single sign is a delimiter when the user says so."""
    rows = read(tmp_path, f'X{sign}Y\n1{sign}"2{sign}3"\n', ReadingOptions(delimiter=sign))
    assert rows == [Row(2, ("1", f"2{sign}3"))]


def test_what_is_told_wins(tmp_path: Path) -> None:
    """A delimiter that is told is not questioned."""
    source = opened(tmp_path, "A;B\n1;2\n", ReadingOptions(delimiter=","))
    assert source.header == Header(("A;B",), 1)
    assert rows_of(source) == [Row(2, ("1;2",))]


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize(("line", "delimiter"), [("sep=;", ";"), ("SEP=,", ","), ("sep=\t", "\t"), ("Sep=~", "~")])
def test_a_delimiter_named_as_excel_does(tmp_path: Path, mark: str, line: str, delimiter: str) -> None:
    """`sep=;` on the first line names the delimiter; the header comes after it."""
    source = opened(tmp_path, f"{mark}{line}\r\nA{delimiter}B\r\n1{delimiter}2\r\n")
    assert source.header == Header(("A", "B"), 2)
    assert rows_of(source) == [Row(3, ("1", "2"))]
    assert isinstance(source.layout, CsvLayout)
    assert source.layout.preamble == f"{line}\r\n"


@pytest.mark.parametrize("line", ['sep="', "sep=", "sep=;;", "sep=é", "sep=\0"])
def test_lines_that_name_no_delimiter(tmp_path: Path, line: str) -> None:
    """What only looks like such a line is a header like any other."""
    assert opened(tmp_path, f"{line}\n1\n", ReadingOptions(delimiter=",")).header.row == 1


def test_an_option_beats_the_named_delimiter(tmp_path: Path) -> None:
    """A delimiter that is told beats the one named on the first line, which is no header all the same."""
    assert opened(tmp_path, "sep=;\nA,B\n1,2\n", ReadingOptions(delimiter=",")).header == Header(("A", "B"), 2)


@pytest.mark.parametrize(("ends", "newline"), [("\n", "\n"), ("\r\n", "\r\n"), ("\r", "\r"), ("", "\n")])
def test_line_ends(tmp_path: Path, ends: str, newline: str) -> None:
    """The line end of the header is that of the file's layout."""
    layout = opened(tmp_path, f"A,B{ends}").layout
    assert isinstance(layout, CsvLayout)
    assert layout.newline == newline
