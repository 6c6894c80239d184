"""Faulty mapping files in pairs: what is written, and all that is said about it."""

from pathlib import Path

import pytest

from importer.errors import ExitCode, MappingError
from importer.mapping.binding import bind
from importer.mapping.parsing import read_mapping
from importer.records import Header

from .building import HEADER, SOURCE, lines_of

FOLDER = Path(__file__).parent / "faulty"
FILES = sorted(FOLDER.glob("*.yaml"))


def faults_of(path: Path) -> list[str]:
    """All that is said about a mapping file that is used for a file with a usual header."""
    document = read_mapping(str(path))
    with pytest.raises(MappingError) as refused:
        bind(document, Header(HEADER, 1), SOURCE)
    assert refused.value.exit_code is ExitCode.NOT_STARTED
    return lines_of(refused.value.faults)


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_all_faults_at_once(path: Path) -> None:
    """Everything wrong with a mapping is said at once, each fault with its line and column."""
    assert faults_of(path) == path.with_suffix(".expected").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_faults_point_into_the_file(path: Path) -> None:
    """The line and column of a fault are in the file, and something is written there."""
    lines = path.read_text(encoding="utf-8").splitlines()
    for fault in faults_of(path):
        line, column, _ = fault.split(":", 2)
        if line != "1" or column != "1":
            assert lines[int(line) - 1][int(column) - 1 :].strip() or int(column) == len(lines[int(line) - 1]) + 1, fault


def test_there_are_enough_of_them() -> None:
    """Every file has its counterpart."""
    assert len(FILES) >= 25
    assert {path.stem for path in FILES} == {path.stem for path in FOLDER.glob("*.expected")}
