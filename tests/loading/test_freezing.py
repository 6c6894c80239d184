"""Freezing: a source is looked through once, before anything else is done with it."""

import hashlib
import os
import socket
import sys
import threading
from pathlib import Path

import pytest

from importer.errors.sources import (
    SourceChanged,
    SourceIsLock,
    SourceMissing,
    SourceNotAFile,
    SourceNotCopied,
    SourceUnreadable,
    Undecodable,
)
from importer.loading import ReadingOptions, freeze, open_source

from .csv_files import Row, rows_of

CSV = b"A,B\n1,2\n"

unix_only = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")


def written(folder: Path, content: bytes = CSV, name: str = "visits.csv") -> Path:
    """A file with this content."""
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("content", [CSV, b"", "\ufeffA\r1\r2\r".encode(), b"A\n" + b"x" * 9_000_000])
def test_what_is_known_of_it(tmp_path: Path, content: bytes) -> None:
    """A frozen file knows its SHA-256 and size, and is called as the user called it."""
    path = written(tmp_path, content)
    frozen = freeze(str(path), None)
    assert frozen.label == str(path)
    assert frozen.path == path
    assert frozen.sha256 == hashlib.sha256(content).hexdigest()
    assert frozen.size == len(content)
    assert frozen.lines == len(content.decode().splitlines()) - (content.endswith(b"x"))


@pytest.mark.parametrize("label", ["https://example.com/visits.csv", "HTTP://x", "s3://bucket/visits.csv", "ftp://x/y"])
def test_addresses(label: str) -> None:
    """Nothing is fetched from a network."""
    with pytest.raises(SourceNotAFile, match="an address on the network; only local files are read"):
        freeze(label, None)


def test_folders(tmp_path: Path) -> None:
    """A folder is no source."""
    with pytest.raises(SourceNotAFile, match="is a folder"):
        freeze(str(tmp_path), None)


@unix_only
def test_pipes_and_sockets(tmp_path: Path) -> None:
    """What can't be read twice is no source, and nobody waits for it."""
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "socket"))
        for name in ("pipe", "socket"):
            with pytest.raises(SourceNotAFile, match="a device or a pipe"):
                freeze(str(tmp_path / name), None)


@unix_only
def test_devices() -> None:
    """A device is no source."""
    with pytest.raises(SourceNotAFile, match="a device or a pipe"):
        freeze("/dev/null", None)


def test_a_missing_file(tmp_path: Path) -> None:
    """A file that is not there is named, and so is the one beside it that is called nearly the same."""
    written(tmp_path, name="Visits 2024.csv")
    with pytest.raises(SourceMissing) as refused:
        freeze(str(tmp_path / "visits_2024.csv"), None)
    assert f'There is no file "{tmp_path / "visits_2024.csv"}".' in str(refused.value)
    assert f'Did you mean "{tmp_path / "Visits 2024.csv"}"?' in str(refused.value)


@pytest.mark.parametrize(("name", "program"), [("~$visits.xlsx", "Excel"), (".~lock.visits.xlsx#", "LibreOffice")])
def test_lock_files(name: str, program: str, tmp_path: Path) -> None:
    """What a program lays beside an open workbook is told as that, and the workbook is named."""
    path = written(tmp_path, b"\x05Asha \0\0\0", name=name)
    with pytest.raises(SourceIsLock) as refused:
        freeze(str(path), None)
    assert f"is {program}'s lock file of visits.xlsx, which is open" in str(refused.value)
    assert "Take visits.xlsx itself" in str(refused.value)


@pytest.mark.parametrize("label", ["nowhere/at/all.csv", "visits.csv/inner.csv", "..."])
def test_a_missing_folder(tmp_path: Path, label: str) -> None:
    """A path through a folder or a file that has nothing in it leads to no file."""
    written(tmp_path)
    with pytest.raises(SourceMissing, match="There is no file"):
        freeze(str(tmp_path / label), None)


@pytest.mark.parametrize("label", ["a\0b.csv", "x" * 5000])
def test_paths_that_can_not_be(label: str) -> None:
    """A path that no file can have is refused like any other mistake."""
    with pytest.raises(SourceUnreadable, match="can't be read"):
        freeze(label, None)


@unix_only
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="the administrator may read everything")
def test_a_file_without_rights(tmp_path: Path) -> None:
    """A file that may not be read is refused with the system's own words."""
    path = written(tmp_path)
    path.chmod(0)
    with pytest.raises(SourceUnreadable, match="Permission denied"):
        freeze(str(path), None)


def test_all_of_it_is_looked_at(tmp_path: Path) -> None:
    """A bad byte in the last line of a large file is found before anything is done."""
    path = written(tmp_path, b"A\n" + b"1234567\n" * 1_200_000 + b"\xff\n")
    with pytest.raises(Undecodable, match="line 1200002"):
        freeze(str(path), None)


def test_a_copy(tmp_path: Path) -> None:
    """A run reads its own copy, so that nobody can change a source while it is imported."""
    path = written(tmp_path)
    frozen = freeze(str(path), None, tmp_path / "copy")
    written(tmp_path, b"X,Y\n3,4\n")
    assert frozen.label == str(path)
    assert frozen.path.read_bytes() == CSV
    assert rows_of(open_source(frozen, ReadingOptions())) == [Row(2, ("1", "2"))]


@unix_only
def test_a_copy_is_private(tmp_path: Path) -> None:
    """Only its owner may read the copy."""
    frozen = freeze(str(written(tmp_path)), None, tmp_path / "copy")
    assert frozen.path.stat().st_mode & 0o777 == 0o600


@unix_only
@pytest.mark.parametrize("change", ["longer", "other", "shorter"])
def test_a_file_that_changes_meanwhile(tmp_path: Path, change: str) -> None:
    """A file that somebody writes into while it is read is refused: half of it would be old and half of it new."""
    content = CSV * 100_000
    path = written(tmp_path, content)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    def meanwhile() -> None:
        with pipe.open("rb") as copied:  # the copy goes on only as fast as it is read here
            copied.read(1)
            with path.open("r+b") as file:
                if change == "shorter":
                    file.truncate(1000)
                else:
                    file.seek(0, os.SEEK_END if change == "longer" else os.SEEK_SET)
                    file.write(b"X")
            os.utime(path, ns=(1, 1))
            while copied.read(1 << 16):
                pass

    somebody = threading.Thread(target=meanwhile)
    somebody.start()
    try:
        with pytest.raises(SourceChanged, match="changed while it was being read"):
            freeze(str(path), None, pipe)
    finally:
        somebody.join()


def test_a_file_that_is_gone_later(tmp_path: Path) -> None:
    """A source that is deleted after it was frozen without a copy is refused, not a crash."""
    path = written(tmp_path)
    frozen = freeze(str(path), None)
    path.unlink()
    with pytest.raises(SourceUnreadable, match="No such file"):
        open_source(frozen, ReadingOptions())


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full")
def test_a_copy_that_finds_no_room(tmp_path: Path) -> None:
    """It is not the source that is at fault, and the folder that is full is named."""
    folder = tmp_path / "state" / "copies"
    folder.mkdir(parents=True)
    (folder / "0").symlink_to("/dev/full")
    with pytest.raises(SourceNotCopied, match=r"state for the time of the run: No space left on device"):
        freeze(str(written(tmp_path)), None, folder / "0")
