"""Files larger than the pieces in which they are read: what lies across a border comes through whole."""

import codecs
import csv
import io
import random
from pathlib import Path

import pytest

from importer.blocks import Block
from importer.loading.encodings import CHUNK_BYTES

from .csv_files import opened, rows_of

WORDS = (
    "0419",
    "Pune, MH",
    'the "old" shop',
    "two\nlines",
    "two\r\nlines",
    "😀 नमस्ते",
    "",
    " x ",
    "+919845098450",
    "NA",
)


def test_eight_megabytes(tmp_path: Path) -> None:
    """A file of more than eight megabytes comes back as the csv module reads it, with the line of every row."""
    choice = random.Random(419)  # noqa: S311
    target = io.StringIO(newline="")
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow(["Number", "A", "B", "C", "D", "E"])
    for number in range(150_000):
        writer.writerow([number, *choice.choices(WORDS, k=5)])
        if number % 1000 == 0:
            target.write("\r\n,,,,,\r\n")
    text = target.getvalue()
    assert len(text.encode()) > CHUNK_BYTES
    found = rows_of(opened(tmp_path, text))
    reader = csv.reader(io.StringIO(text, newline=""))
    line, at = 1, 0
    for fields in reader:
        if line > 1 and any(fields):
            assert (found[at].number, list(found[at].cells), found[at].fault) == (line, fields, "")
            at += 1
        line = reader.line_num + 1
    assert at == len(found) == 150_000


@pytest.mark.parametrize(("mark", "encoding"), [(b"", "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le")])
@pytest.mark.parametrize("cut", range(21))
def test_every_sign_on_the_border(tmp_path: Path, mark: bytes, encoding: str, cut: int) -> None:
    """A line end, a doubled quotation mark, an emoji or a cell of two lines may be cut in two by the end of a piece."""
    unit = len("x".encode(encoding))
    above, tail = "A,B,C\r\n".encode(encoding), ",1,2\r\n".encode(encoding)
    room = (CHUNK_BYTES - len(mark + above + tail)) // unit - cut
    content = mark + above + "z".encode(encoding) * room + tail
    assert CHUNK_BYTES - len(content) == cut * unit, "the border lies so many signs further on"
    content += ('"x""y",😀,"1\r\n2"\r\n' * 3 + "4,5,6").encode(encoding)
    found = rows_of(opened(tmp_path, content))
    assert [row.number for row in found] == [2, 3, 5, 7, 9]
    assert [row.cells for row in found[1:]] == [('x"y', "😀", "1\r\n2")] * 3 + [("4", "5", "6")]


def test_a_cell_of_ten_megabytes(tmp_path: Path) -> None:
    """A cell of ten megabytes is read like any other, quoted or not."""
    huge = "x" * 10_000_000
    found = rows_of(opened(tmp_path, f'A,B\n1,2\n{huge},3\n"{huge}",4\n5,6\n'))
    assert [(row.number, row.fault) for row in found] == [(2, ""), (3, ""), (4, ""), (5, "")]
    assert found[1].cells == (huge, "3")
    assert found[2].cells == (huge, "4")


def test_an_open_quote_in_a_large_file(tmp_path: Path) -> None:
    """A quotation mark that nobody closes costs its own row and none of the hundred thousand after it."""
    rows = [f"{number},visit number {number} of this year" for number in range(100_000)]
    rows[10] = '10,"never closed'
    found = rows_of(opened(tmp_path, "A,B\n" + "\n".join(rows)))
    assert len(found) == len(rows)
    assert [row.number for row in found if row.fault] == [12]
    assert found[10].fault == "quote-unclosed"


def test_rows_travel_in_order(tmp_path: Path) -> None:
    """Row numbers rise from block to block, and each block says how many rows stand before it."""
    content = "A,B\n" + "\n".join(f"{number},{'x' * 90}\n" for number in range(60_000))
    blocks: list[Block] = list(opened(tmp_path, content).blocks())
    assert sum(len(block) for block in blocks) == 60_000
    numbers = [int(number) for block in blocks for number in block.rows]
    assert numbers == list(range(2, 120_002, 2))
    assert [block.places[0] for block in blocks] == [sum(map(len, blocks[:index])) for index in range(len(blocks))]
