"""Framing: every record with its bytes, its physical line and its width, and nothing read over."""

import csv
import io
from collections.abc import Iterator
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.loading.framing import LONGEST_QUOTED_RECORD, frame, join, split

from .grammar import Record, behind_line_end, lines_of, records_of
from .tables import STYLES, Style, Table, tables

SIGNS = 'a",\n\r'
RAW = st.text(st.sampled_from(SIGNS + "é;"), max_size=40)


def framed(text: bytes, delimiter: str = ",") -> list[Record]:
    """What `frame` finds in a whole text."""
    return list(framed_in_pieces([text], delimiter))


def framed_in_pieces(pieces: list[bytes], delimiter: str = ",") -> Iterator[Record]:
    """What `frame` finds in a text that comes piece by piece, as a file does."""
    rest, line, before = b"", 1, 0
    for number, piece in enumerate([*pieces, b""]):
        text = rest + piece
        found = frame(text, delimiter, line, final=number == len(pieces))
        for index, (start, end) in enumerate(zip(found.starts.tolist(), found.ends.tolist(), strict=True)):
            fields = split(text[start:end], delimiter)
            trouble = found.broken.get(index, "")
            assert trouble or found.widths[index] == len(fields)
            yield Record(
                int(found.lines[index]),
                before + start,
                before + end,
                () if trouble else tuple(fields),
                trouble,
            )
        rest, line, before = text[found.consumed :], found.next_line, before + found.consumed


def expected(text: str, delimiter: str = ",") -> list[Record]:
    """What the grammar says, places counted in bytes."""
    return [
        Record(
            record.line,
            len(text[: record.start].encode()),
            len(text[: record.end].encode()),
            record.fields,
            record.trouble,
        )
        for record in records_of(text, delimiter)
    ]


@pytest.mark.parametrize("length", range(7))
def test_every_short_text(length: int) -> None:
    """Every text of up to six signs, however odd, is framed as the grammar says."""
    for signs in product(SIGNS, repeat=length):
        text = "".join(signs)
        assert framed(text.encode()) == expected(text), repr(text)


@pytest.mark.parametrize("length", range(2, 6))
def test_every_cut_of_every_short_text(length: int) -> None:
    """Where a short text is cut in two makes no difference to what is found in it."""
    for signs in product(SIGNS, repeat=length):
        text = "".join(signs).encode()
        whole = framed(text)
        for cut in range(1, length):
            assert list(framed_in_pieces([text[:cut], text[cut:]])) == whole, (text, cut)


@given(RAW, st.sampled_from(",;"))
def test_any_text(text: str, delimiter: str) -> None:
    """Any text is framed as the grammar says."""
    assert framed(text.encode(), delimiter) == expected(text, delimiter)


@given(RAW, st.lists(st.integers(0, 80), max_size=5))
def test_any_cuts(text: str, cuts: list[int]) -> None:
    """In how many pieces a text comes, and of what size, makes no difference to what is found in it."""
    content = text.encode()
    borders = [0, *sorted(min(cut, len(content)) for cut in cuts), len(content)]
    pieces = [content[begin:end] for begin, end in pairwise(borders)]
    assert list(framed_in_pieces(pieces)) == framed(content)


@given(RAW)
def test_nothing_is_swallowed(text: str) -> None:
    """The records and their line ends are the whole text: every physical line is in exactly one record."""
    at, line = 0, 1
    content = text.encode()
    for record in framed(content):
        assert (record.start, record.line) == (at, line)
        at = behind_line_end(content.decode("latin-1"), record.end)
        line += len(list(lines_of(content[record.start : at].decode("latin-1"))))
        assert not record.trouble or not set(content[record.start : record.end]) & set(b"\r\n")
    assert at == len(content)


@given(st.data(), STYLES)
def test_well_formed_tables(data: st.DataObject, style: Style) -> None:
    """Any table comes back field for field, and as the csv module reads it, with the line of each record."""
    rows = data.draw(st.integers(1, 4).flatmap(tables))
    text = style.text(rows)
    found = framed(text.encode(), style.delimiter)
    assert [list(record.fields) for record in found] == rows
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=style.delimiter)
    line = 1
    for record, fields in zip(found, reader, strict=True):
        assert (record.line, list(record.fields)) == (line, fields or [""])
        line = reader.line_num + 1


@given(st.data(), STYLES)
def test_both_ways_of_reading_agree(data: st.DataObject, style: Style) -> None:
    """A quotation mark in an odd place, which calls for a closer look, changes nothing about the records before it."""
    rows: Table = data.draw(st.integers(1, 4).flatmap(tables))
    text = style.text(rows).encode()
    regular = framed(text, style.delimiter)
    for odd in (b'5" pipe\n', b'"a"b\n', b'"a\n'):
        assert framed(text + odd, style.delimiter)[:-1] == regular


@pytest.mark.parametrize(
    ("text", "troubles"),
    [
        ('a,"b\nc,d\ne,"f\n', ["unclosed", "", "unclosed"]),
        ('a,"b\nc,d\n', ["unclosed", ""]),
        ('a,"b"c\nd,e\n', ["misplaced", ""]),
        ('"a" ,b\nc,d\n', ["misplaced", ""]),
        ('a,b"c"\n', [""]),
        ('a, "b"\n', [""]),
        ('5",6"\n7",8"\n', ["", ""]),
        ('""",\n1,2\n', ["unclosed", ""]),
        ('"a""\nb\n', ["unclosed", ""]),
    ],
)
def test_broken_quotes_spoil_only_their_line(text: str, troubles: list[str]) -> None:
    """A quotation mark that is not closed properly spoils its own physical line and none after it."""
    assert [record.trouble for record in framed(text.encode())] == troubles


@pytest.mark.parametrize("piece", [1 << 18, 1 << 24])
@pytest.mark.parametrize("short", [0, 1, 2])
def test_quotes_that_stay_open_too_long(piece: int, short: int) -> None:
    """A quoted field may span lines for a mebibyte; one that goes on longer spoils its first line, however it comes."""
    inside = b"x" * 99 + b"\n"
    content = inside * (LONGEST_QUOTED_RECORD // len(inside) + 1)
    fitting = content[: LONGEST_QUOTED_RECORD - short]
    text = b'a,b\n1,2\n"' + fitting + b'",2\n3,4\n' + (b"5," + b"6" * 997 + b"\n") * 1100
    pieces = [text[at : at + piece] for at in range(0, len(text), piece)]
    found = list(framed_in_pieces(pieces))
    if short == 2:
        assert [record.fields[1] for record in found[:4]] == ["b", "2", "2", "4"]
        assert found[2].fields[0].encode() == fitting
    else:
        assert (found[2].line, found[2].trouble) == (3, "unclosed")
        assert found[3].fields == ("x" * 99,)
    assert found[-1].fields[0] == "5"


def test_an_open_quote_holds_little_back() -> None:
    """Of a text that goes on, no more than a mebibyte waits for a quotation mark to be closed."""
    text = b'1,"open\n' + b"2,3\n" * LONGEST_QUOTED_RECORD
    found = frame(text, ",", 1, final=False)
    assert found.consumed == len(text)
    assert dict(found.broken) == {0: "unclosed"}


def test_one_long_line_is_no_open_quote() -> None:
    """A quoted field on one line may be of any length."""
    text = b'"' + b"x" * (2 * LONGEST_QUOTED_RECORD) + b'",1\n2,3\n'
    assert [(record.line, len(record.fields), record.trouble) for record in framed(text)] == [(1, 2, ""), (2, 2, "")]


@given(st.lists(st.text(), min_size=1, max_size=5), st.sampled_from(",;\t|~"))
def test_join_and_split(fields: list[str], delimiter: str) -> None:
    """What is joined to a record is split into the same fields."""
    assert split(join(fields, delimiter).removesuffix(b"\n"), delimiter) == fields


@pytest.mark.parametrize(
    ("record", "fields"),
    [
        (b'a,"b', ["a", '"b']),
        (b'a,"b,c', ["a", '"b', "c"]),
        (b'"a"b,c', ['"a"b', "c"]),
        (b'"a""b",c', ['a"b', "c"]),
        (b'"a,b"c,d', ['"a', 'b"c', "d"]),
        (b"", [""]),
        (b",", ["", ""]),
        (b'"",""', ["", ""]),
    ],
)
def test_splitting_broken_records(record: bytes, fields: list[str]) -> None:
    """In a broken record, a quotation mark that is not closed properly is taken as itself."""
    assert split(record, ",") == fields


@pytest.mark.parametrize("text", [b"", b"\n", b"\r\n\r\n", b"a", b'"'])
def test_small_texts(text: bytes) -> None:
    """Texts without a proper record are framed like all others."""
    assert framed(text) == expected(text.decode())
