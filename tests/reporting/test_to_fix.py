"""The to-fix files of a run: one for each source, under names that fit side by side."""

import hashlib
import json
from pathlib import Path

import pytest

from importer.blocks import Cell, CsvLayout, Place
from importer.records import HeldRow
from importer.reporting.to_fix import TO_FIX, HeldFiles

LAYOUT = CsvLayout("utf-8", byte_order_mark=False, delimiter=",", newline="\n", preamble="", header=("A",))


def write(folder: Path, *sources: str) -> list[str]:
    """The names of the files for rows of these sources."""
    places = [Place(source) for source in sources]
    with HeldFiles(folder, TO_FIX, [(place, LAYOUT) for place in places]) as files:
        for place in places:
            files.add(HeldRow(place, 2, (Cell("x"),), "too-long", "A is longer than allowed"))
    return files.written


def remember(folder: Path, *names: str) -> None:
    """Notes these files as what a report has written."""
    digests = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names}
    (folder / "summary.json").write_text(json.dumps({"files_sha256": digests}), encoding="utf-8")


@pytest.mark.parametrize(
    ("sources", "names"),
    [
        (["visits.csv"], ["to-fix.csv"]),
        (["b.csv", "a.csv"], ["to-fix-b.csv", "to-fix-a.csv"]),
        (["x/a.csv", "y/a.csv", "y/A.csv"], ["to-fix-a.csv", "to-fix-a-2.csv", "to-fix-A-3.csv"]),
        (["../.. x?.csv", "c.csv"], ["to-fix----x-.csv", "to-fix-c.csv"]),
    ],
)
def test_names_follow_the_sources(sources: list[str], names: list[str], tmp_path: Path) -> None:
    """With several sources each file is named after its own, in their order; no two differ in case only."""
    assert write(tmp_path, *sources) == names


def test_a_file_that_is_open_elsewhere_stays_and_the_new_one_is_named(tmp_path: Path) -> None:
    """The rows are written beside what can't be replaced; what is left of an earlier report is cleared away."""
    (tmp_path / "to-fix.csv").mkdir()
    (tmp_path / "to-fix (3).csv").write_bytes(b"from an earlier report")
    remember(tmp_path, "to-fix (3).csv")
    (tmp_path / "to-fix.xlsx").mkdir()
    assert write(tmp_path, "visits.csv") == ["to-fix (2).csv"]
    assert {path.name for path in tmp_path.glob("to-fix*")} == {"to-fix.csv", "to-fix.xlsx", "to-fix (2).csv"}


def test_of_several_only_the_open_one_gets_another_name(tmp_path: Path) -> None:
    """Names stay in the order of their sources, whatever they had to become."""
    (tmp_path / "to-fix-a.csv").mkdir()
    assert write(tmp_path, "a.csv", "b.csv") == ["to-fix-a (2).csv", "to-fix-b.csv"]


def test_what_somebody_has_corrected_stays(tmp_path: Path) -> None:
    """A file that is not as a report left it is neither replaced nor cleared away; one that is, is."""
    assert write(tmp_path, "visits.csv") == ["to-fix.csv"]
    remember(tmp_path, "to-fix.csv")
    assert write(tmp_path, "visits.csv") == ["to-fix.csv"]
    (tmp_path / "to-fix.csv").write_bytes(b"corrected")
    assert write(tmp_path, "visits.csv") == ["to-fix (2).csv"]
    remember(tmp_path, "to-fix (2).csv")
    assert write(tmp_path, "visits.csv") == ["to-fix (2).csv"]
    assert write(tmp_path) == []
    assert (tmp_path / "to-fix.csv").read_bytes() == b"corrected"
    assert not (tmp_path / "to-fix (2).csv").exists()


@pytest.mark.parametrize("summary", ["", "[]", "{}", '{"files_sha256": 5}', '{"files_sha256": {"to-fix.csv": 7}}'])
def test_without_a_word_on_a_file_it_is_somebodys(summary: str, tmp_path: Path) -> None:
    """Where no summary says what was written, a file that differs stays, and one that does not needs no other name."""
    write(tmp_path, "visits.csv")
    (tmp_path / "summary.json").write_text(summary, encoding="utf-8")
    assert write(tmp_path, "visits.csv") == ["to-fix.csv"]
    (tmp_path / "to-fix.csv").write_bytes(b"corrected")
    assert write(tmp_path, "visits.csv") == ["to-fix (2).csv"]
