"""The to-fix files of a run: one for each source, under names that fit side by side."""

from pathlib import Path

import pytest

from importer.records import Cell, CsvLayout, HeldRow, Place
from importer.reporting.to_fix import TO_FIX, HeldFiles

LAYOUT = CsvLayout("utf-8", byte_order_mark=False, delimiter=",", newline="\n", preamble="", header=("A",))


def write(folder: Path, *sources: str) -> list[str]:
    """The names of the files for rows of these sources."""
    places = [Place(source) for source in sources]
    with HeldFiles(folder, TO_FIX, [(place, LAYOUT) for place in places]) as files:
        for place in places:
            files.add(HeldRow(place, 2, (Cell("x"),), "too-long", "A is longer than allowed"))
    return files.written


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
    (tmp_path / "to-fix.xlsx").mkdir()
    assert write(tmp_path, "visits.csv") == ["to-fix (2).csv"]
    assert {path.name for path in tmp_path.iterdir()} == {"to-fix.csv", "to-fix.xlsx", "to-fix (2).csv"}


def test_of_several_only_the_open_one_gets_another_name(tmp_path: Path) -> None:
    """Names stay in the order of their sources, whatever they had to become."""
    (tmp_path / "to-fix-a.csv").mkdir()
    assert write(tmp_path, "a.csv", "b.csv") == ["to-fix-a (2).csv", "to-fix-b.csv"]
