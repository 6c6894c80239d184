"""Files appear whole or not at all, and are their owner's alone."""

import os
import stat
import sys
import threading
from pathlib import Path

import pytest

from importer.reporting.whole_files import (
    LAST_BESIDE,
    NoPlaceForReports,
    ReportUnwritable,
    make_sure_of_place,
    new_folder,
    stands_beside,
    whole_file,
)


def test_a_file_appears_when_everything_is_written(tmp_path: Path) -> None:
    """Until the last byte is written, the old file stands; then the new one."""
    path = tmp_path / "results.csv"
    path.write_text("old", encoding="utf-8")
    with whole_file(path, []) as file:
        file.write(b"new")
        assert path.read_text(encoding="utf-8") == "old"
    assert path.read_text(encoding="utf-8") == "new"
    assert [entry.name for entry in tmp_path.iterdir()] == ["results.csv"]


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    """An error while writing takes the new file away and leaves what was there."""
    path = tmp_path / "results.csv"
    path.write_text("old", encoding="utf-8")
    with pytest.raises(ZeroDivisionError), whole_file(path, []) as file:
        file.write(b"%d" % (1 / (len(path.name) - len("results.csv"))))
    assert path.read_text(encoding="utf-8") == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["results.csv"]


def test_nobody_ever_sees_half_a_file(tmp_path: Path) -> None:
    """A reader that looks all the time sees an old or a new file, and nothing in between."""
    path = tmp_path / "results.csv"
    contents = [bytes([65 + number]) * 50_000 for number in range(20)]
    path.write_bytes(contents[0])
    seen: set[bytes] = set()
    done = threading.Event()

    def look() -> None:
        while not done.is_set():
            seen.add(path.read_bytes())

    reader = threading.Thread(target=look)
    reader.start()
    for content in contents:
        with whole_file(path, []) as file:
            for at in range(0, len(content), 1000):
                file.write(content[at : at + 1000])
    done.set()
    reader.join()
    assert seen <= set(contents)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such rights")
def test_files_and_folders_are_their_owners_alone(tmp_path: Path) -> None:
    """Whatever the umask, others can't read what was in somebody's rows."""
    before = os.umask(0)
    try:
        new_folder(tmp_path / "out" / "run")
        with whole_file(tmp_path / "out" / "run" / "results.csv", []) as file:
            file.write(b"x")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "out" / "run").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "out" / "run" / "results.csv").stat().st_mode) == 0o600


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_planted_under_the_name_is_replaced_and_not_followed(tmp_path: Path) -> None:
    """A symbolic link to somebody's file can't be used to have that file overwritten."""
    victim = tmp_path / "victim"
    victim.write_text("untouched", encoding="utf-8")
    (tmp_path / "results.csv").symlink_to(victim)
    with whole_file(tmp_path / "results.csv", []) as file:
        file.write(b"new")
    assert victim.read_text(encoding="utf-8") == "untouched"
    assert not (tmp_path / "results.csv").is_symlink()


def test_a_place_that_is_no_folder_is_told(tmp_path: Path) -> None:
    """A report that can't be written says so, and what to do."""
    (tmp_path / "out").write_text("a file", encoding="utf-8")
    with pytest.raises(ReportUnwritable, match="choose another with --out"):
        new_folder(tmp_path / "out" / "run")
    with pytest.raises(ReportUnwritable), whole_file(tmp_path / "out" / "results.csv", []):
        pass


def test_an_error_of_the_disk_is_told(tmp_path: Path) -> None:
    """No space left on the device ends as a sentence, and the old file stays."""
    path = tmp_path / "results.csv"
    path.write_text("old", encoding="utf-8")
    with pytest.raises(ReportUnwritable, match="can't be written"), whole_file(path, []):
        raise OSError(28, "No space left on device")
    assert path.read_text(encoding="utf-8") == "old"


def test_a_file_whose_place_is_taken_is_written_beside_it(tmp_path: Path) -> None:
    """What can't be replaced, as a file that Excel has open on Windows, stays; the new file is told by its number."""
    for name in ("to-fix.csv", "to-fix (2).csv"):
        (tmp_path / name).mkdir()  # nothing takes the place of a folder, on no system
    names: list[str] = []
    for content in (b"one", b"two"):
        with whole_file(tmp_path / "to-fix.csv", names) as file:
            file.write(content)
    assert names == ["to-fix (3).csv", "to-fix (3).csv"]
    assert (tmp_path / "to-fix (3).csv").read_bytes() == b"two"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["to-fix (2).csv", "to-fix (3).csv", "to-fix.csv"]


def test_what_is_somebodys_work_is_written_beside(tmp_path: Path) -> None:
    """A place whose file must stay is passed over like one that can't be taken."""
    (tmp_path / "a.csv").write_bytes(b"corrected")
    names: list[str] = []
    with whole_file(tmp_path / "a.csv", names, lambda _, place: place.name == "a.csv") as file:
        file.write(b"new")
    assert names == ["a (2).csv"]
    assert (tmp_path / "a.csv").read_bytes() == b"corrected"
    with (
        pytest.raises(ReportUnwritable, match="all its places are taken"),
        whole_file(path := tmp_path / "a.csv", [], lambda *_: True),
    ):
        assert path.read_bytes() == b"corrected"


def test_a_file_without_any_place_is_told(tmp_path: Path) -> None:
    """When nothing beside it is free either, it is an error like any other."""
    for name in ("a.csv", *(f"a ({number}).csv" for number in range(2, LAST_BESIDE + 1))):
        (tmp_path / name).mkdir()
    with pytest.raises(ReportUnwritable), whole_file(tmp_path / "a.csv", []):
        pass


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("to-fix (2).csv", "to-fix.csv"),
        ("to-fix-x (9).xlsx", "to-fix-x.xlsx"),
        ("to-fix.csv", None),
        ("a (1).csv", None),
    ],
)
def test_names_beside_are_known_as_such(name: str, meant: str | None) -> None:
    """A name with a number is one that stands beside the name that was meant."""
    assert stands_beside(name) == meant


def test_a_place_is_tried_without_a_trace(tmp_path: Path) -> None:
    """Whether reports can be written is known before the first of them, and a place that is none is named."""
    make_sure_of_place(tmp_path / "not" / "there" / "yet")
    make_sure_of_place(tmp_path)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "file").write_text("x", encoding="utf-8")
    for out in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(NoPlaceForReports, match=r"can't be written into .*file.*Nothing was read or sent"):
            make_sure_of_place(out)
