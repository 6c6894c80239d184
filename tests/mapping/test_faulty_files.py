"""Faulty mapping files in pairs: what is written, and all that is said about it."""

from pathlib import Path

import pytest

from importer.blocks import Header
from importer.errors.base import ExitCode
from importer.errors.mappings import MappingError
from importer.mapping.binding import bind
from importer.mapping.parsing import read_mapping

from .building import HEADER, SOURCE, lines_of

FOLDER = Path(__file__).parent / "faulty"
FILES = sorted(FOLDER.glob("*.yaml"))


def refusal_of(path: Path) -> MappingError:
    """How a mapping file is refused when it is used for a file with a usual header."""
    document = read_mapping(str(path))
    with pytest.raises(MappingError) as refused:
        bind(document, Header(HEADER, 1), SOURCE)
    return refused.value


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_all_faults_at_once(path: Path) -> None:
    """Everything wrong with a mapping is said at once, each fault with its line and column."""
    expected = path.with_suffix(".expected").read_text(encoding="utf-8").splitlines()
    refusal = refusal_of(path)
    assert lines_of(refusal.faults) == expected
    assert str(refusal).splitlines()[1:] == [f"{path}:{line}" for line in expected]
    assert refusal.exit_code is ExitCode.NOT_STARTED


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_faults_point_into_the_file(path: Path) -> None:
    """Where a fault is said to be, something is written."""
    lines = path.read_text(encoding="utf-8").splitlines()
    for fault in refusal_of(path).faults:
        assert lines[fault.line - 1][fault.column - 1 :].strip(), fault


def test_every_file_has_its_counterpart() -> None:
    """What is said about a file stands beside it."""
    assert len(FILES) >= 25
    assert {path.stem for path in FILES} == {path.stem for path in FOLDER.glob("*.expected")}
