"""Kinds of file: told by the content, never by the ending of the name."""

import bz2
import gzip
import io
import lzma
import zipfile
from pathlib import Path

import pytest

from importer.errors.sources import SourceError, SourceUnsupported
from importer.loading import ReadingOptions, freeze, open_source
from importer.loading.kinds import Kind, kind_of

CSV = b"A,B\n1,2\n"
OLE = bytes.fromhex("d0cf11e0a1b11ae1")


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (gzip.compress(CSV), "a gzip archive"),
        (bz2.compress(CSV), "a bzip2 archive"),
        (lzma.compress(CSV), "an xz archive"),
        (bytes.fromhex("28b52ffd") + CSV, "a Zstandard archive"),
        (b"7z\xbc\xaf\x27\x1c" + CSV, "a 7z archive"),
        (b"Rar!\x1a\x07\x01\x00", "a RAR archive"),
        (b"%PDF-1.7\n", "a PDF document"),
        (b"\x89PNG\r\n\x1a\n\0\0", "a picture (PNG)"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "a picture (JPEG)"),
        (b"GIF89a", "a picture (GIF)"),
        (b"SQLite format 3\0", "an SQLite database"),
        (b"PAR1\0", "a Parquet file"),
        (b"{\\rtf1", "an RTF document"),
        (b"<html><table>", "a web page"),
        (b"\xef\xbb\xbf\r\n <!DOCTYPE HTML>", "a web page"),
        (b'<?xml version="1.0"?><Workbook/>', "an XML document"),
    ],
)
@pytest.mark.parametrize("name", ["visits.csv", "visits.xlsx", "visits"])
def test_refused_kinds(tmp_path: Path, content: bytes, what: str, name: str) -> None:
    """Archives, pictures, documents and web pages are refused for what they are, whatever they are called."""
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(SourceUnsupported) as refused:
        freeze(str(path), None)
    assert what in str(refused.value)
    assert f'"{path}" is ' in str(refused.value)


@pytest.mark.parametrize("name", ["visits.csv", "visits.xlsx", "visits.png", "visits"])
def test_text_under_any_name(tmp_path: Path, name: str) -> None:
    """A CSV file is one under whatever name."""
    path = tmp_path / name
    path.write_bytes(CSV)
    assert open_source(freeze(str(path), None), ReadingOptions()).header.names == ("A", "B")


@pytest.mark.parametrize(
    "content", [b"PK,B\n1,2\n", b"GIF,B\n", b"BZ\n1\n", b"7z,Rar!\n", b"%P,x\n", b"{a},b\n", b"<a>,b\n"]
)
def test_texts_that_only_look_alike(content: bytes) -> None:
    """Names of columns that resemble the beginning of another kind don't make a file of that kind."""
    assert kind_of("visits.csv", content) is Kind.TEXT


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"PK\x05\x06", OLE])
def test_workbooks(content: bytes) -> None:
    """Zip archives and OLE files are the workbook reader's, which can say more about them."""
    assert kind_of("visits.csv", content) is Kind.WORKBOOK


def test_a_zip_that_is_no_workbook(tmp_path: Path) -> None:
    """A CSV file in a zip archive is refused, although a workbook is one too."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("visits.csv", CSV)
    path = tmp_path / "visits.xlsx"
    path.write_bytes(target.getvalue())
    with pytest.raises(SourceError):
        open_source(freeze(str(path), None), ReadingOptions())


def test_nothing_at_all() -> None:
    """An empty file is a text, and refused later, for want of a header."""
    assert kind_of("visits.csv", b"") is Kind.TEXT
