"""Encodings: a mark wins, then what is told, then UTF-8; bytes that don't decode are refused with their line."""

import codecs
import sys
from pathlib import Path

import pytest

from importer.errors.base import UsageError
from importer.errors.sources import EncodingMistaken, Undecodable
from importer.loading import ReadingOptions, freeze
from importer.loading.encodings import CHUNK_BYTES, text_encoding
from importer.text_files.encoding_names import known_encoding

from .csv_files import Row, opened, read

TEXT = "Name,Ort\nJürgen,Köln\n😀,नमस्ते\n"
LATIN = "Name,Ort\nJürgen,Köln\n"


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
@pytest.mark.parametrize("told", [None, "cp1252", "utf-8"])
def test_a_mark_wins(tmp_path: Path, mark: bytes, encoding: str, told: str | None) -> None:
    """A byte-order mark says the encoding, whatever was told, and is no part of the first name."""
    source = opened(tmp_path, mark + TEXT.encode(encoding), ReadingOptions(encoding=told))
    assert source.header.names == ("Name", "Ort")
    block = next(source.blocks())
    assert [column.shown.to_pylist() for column in block.columns] == [["Jürgen", "😀"], ["Köln", "नमस्ते"]]


@pytest.mark.parametrize(
    ("told", "encoding"),
    [
        (None, "utf-8"),
        ("UTF8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("windows-1252", "cp1252"),
        ("latin-1", "latin-1"),
        ("mac-roman", "mac-roman"),
        ("utf-16", "utf-16-le"),
        ("utf-16-le", "utf-16-le"),
        ("UTF-16BE", "utf-16-be"),
        ("utf-32", "utf-32-le"),
    ],
)
def test_without_a_mark(tmp_path: Path, told: str | None, encoding: str) -> None:
    """Without a mark the encoding is the one that is told, else UTF-8."""
    assert read(tmp_path, LATIN.encode(encoding), ReadingOptions(encoding=told)) == [Row(2, ("Jürgen", "Köln"))]


@pytest.mark.parametrize("told", ["utf-9", "", "hex", "rot13", "base64", "utf\0-8", "idna", "utf-7", "unicode_escape"])
def test_what_is_no_encoding(tmp_path: Path, told: str) -> None:
    """A name that is no encoding of texts is refused."""
    with pytest.raises(UsageError, match="There is no encoding"):
        opened(tmp_path, LATIN, ReadingOptions(encoding=told))


def test_every_encoding_there_is() -> None:
    """No encoding that is accepted can decode to what UTF-8 has no bytes for, or fails in a way of its own."""
    names = {known_encoding(alias) for alias in set(codecs_of_python())} - {None}
    assert {"utf-8", "cp1252", "utf-16", "gb18030", "shift_jis"} <= names
    for name in sorted(filter(None, names)):
        decoder = codecs.getincrementaldecoder(text_encoding(b"", name)[0])()
        for content in (b"A,B\n", bytes(range(256)), b"\\ud800", b"+2AA-", b"\xd8\x00", b"\xed\xa0\x80"):
            try:
                decoder.decode(content, final=True).encode()
            except UnicodeDecodeError:
                decoder.reset()


def codecs_of_python() -> list[str]:
    """All encodings that Python has on every system, by name."""
    from encodings.aliases import aliases  # noqa: PLC0415  # nobody else needs it

    return [name for name in aliases.values() if name not in {"mbcs", "oem"} or sys.platform == "win32"]


@pytest.mark.parametrize(
    ("content", "told", "line", "probably"),
    [
        (LATIN.encode("cp1252"), None, 2, "cp1252"),
        (b"Name\n\n\r\nJ\xfcrgen\n", None, 4, "cp1252"),
        (b"Name\rx\r\ny\nJ\xfcrgen", None, 4, "cp1252"),
        (b"\xfcName\n", None, 1, "cp1252"),
        (b"Name\n\x81\n", None, 2, None),
        (b"Name\nx\xc3", None, 2, "cp1252"),
        (b"Name\nx\x81\xc3", None, 2, None),
        (TEXT.encode("utf-16-le"), None, 1, "utf-16-le"),
        (TEXT.encode("utf-16-be"), None, 1, "utf-16-be"),
        (TEXT.encode(), "ascii", 2, "utf-8"),
        (b"Name\nx\x81\xc3\xa4\n", "cp1252", 2, None),
        (codecs.BOM_UTF16_LE + "A\nB\n".encode("utf-16-le") + b"\x00\xd8A\x00", None, 3, None),
        (codecs.BOM_UTF16_LE + "A\nB\n".encode("utf-16-le") + b"\x41", None, 3, None),
        (codecs.BOM_UTF8 + b"A\nB\nC\xff", None, 3, None),
    ],
)
def test_bytes_that_are_no_text(
    tmp_path: Path, content: bytes, told: str | None, line: int, probably: str | None
) -> None:
    """Bytes that don't decode are refused with their line, and with the encoding they probably are in, if any."""
    with pytest.raises(Undecodable) as refused:
        opened(tmp_path, content, ReadingOptions(encoding=told))
    assert f", line {line}: the bytes are not " in str(refused.value)
    if probably:
        assert f"It is probably {probably}: add --encoding {probably}" in str(refused.value)
    else:
        assert "probably" not in str(refused.value)


@pytest.mark.parametrize("told", ["cp1252", "latin-1", "cp1251", "cp437", "mac_roman", "koi8-r"])
def test_a_file_that_was_saved_anew_as_utf_8(tmp_path: Path, told: str) -> None:
    """An encoding in which any bytes are text would make rubbish of it, and other activities of the same rows."""
    with pytest.raises(EncodingMistaken, match="line 3: it is UTF-8 text, but"):
        opened(tmp_path, "Name,Town\nJo,Ulm\nJürgen,Köln\n".encode(), ReadingOptions(encoding=told))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Name\nJo\n", "cp1252"),
        ("Name\nJürgen 5 €\n", "cp1252"),
        ("Name\nÂ\n", "latin-1"),
        ("Name\nЖдём\n", "cp1251"),
        ("Name\nJürgen\n", "utf-8"),
        ("Name\n山田\n", "shift_jis"),
        ("Name\n山田\n", "gbk"),
        ("Name\nJürgen\n", "utf-16-le"),
        ("Name\nJo\n", "ascii"),
    ],
)
def test_a_file_that_is_what_it_is_said_to_be(tmp_path: Path, text: str, told: str) -> None:
    """What is not UTF-8, or is plain ASCII, is read as it is asked for."""
    source = opened(tmp_path, text.encode(told), ReadingOptions(encoding=told))
    (block,) = source.blocks()
    assert block.columns[0].shown.to_pylist() == text.split("\n")[1:-1]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
def test_the_line_of_a_bad_byte_far_down(tmp_path: Path, newline: str, encoding: str) -> None:
    """The line of a bad byte is right behind megabytes of text, even if a line end is cut in two between them."""
    mark, bad = (codecs.BOM_UTF16_LE, b"\x00\xd8A\x00") if encoding == "utf-16-le" else (b"", b"\xff")
    first = newline[0].encode(encoding)
    lines = f"A,B{newline}" + f"x,{'y' * 60}{newline}" * 20_000
    room = CHUNK_BYTES - len(mark + lines.encode(encoding) + first)
    above = lines + "z" * (room // len(first)) + newline + f"1,2{newline}" * 3
    content = mark + above.encode(encoding)
    assert content[:CHUNK_BYTES].endswith(first), "the first piece that is read ends within the line end"
    with pytest.raises(Undecodable, match=f", line {20_000 + 2 + 3 + 1}:"):
        opened(tmp_path, content + bad)


def test_a_text_that_ends_within_a_character(tmp_path: Path) -> None:
    """A text that breaks off within a character is told as one that may be cut off or not finished."""
    path = tmp_path / "visits.csv"
    path.write_bytes("A,B\n1,\u20ac".encode()[:-1])
    with pytest.raises(Undecodable, match=r"line 2: .*cut off, or still being written.*cp1252"):
        freeze(str(path), None)
