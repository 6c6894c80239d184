"""Files and the drafts that are made of them, in pairs."""

from pathlib import Path

import pytest

from importer.drafting import Wishes, draft_mapping
from importer.drafting.columns import profile_of
from importer.loading import ReadingOptions, freeze, open_source

FOLDER = Path(__file__).parent / "examples"
FILES = sorted(FOLDER.glob("*.csv"))


def drafted(path: Path) -> str:
    """The draft of a file by somebody who has said nothing besides."""
    reading = ReadingOptions()
    source = open_source(freeze(str(path), None), reading)
    command = f"lsq-import validate {path.name} -m {path.stem}.yaml"
    return draft_mapping(profile_of(source), Wishes(str(path), path.stem, reading, command)).text


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_a_file_and_its_draft(path: Path) -> None:
    """The draft of each file is the one that lies beside it, to the letter."""
    assert drafted(path) == path.with_suffix(".yaml").read_text(encoding="utf-8")


def test_every_file_has_its_draft() -> None:
    """No draft lies about without its file."""
    assert {path.stem for path in FILES} == {path.stem for path in FOLDER.glob("*.yaml")}
