"""The picture in the README shows what its command prints today."""

import re
import runpy
import shlex
import sys
from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
PICTURE = (ROOT / "docs" / "run.svg").read_text(encoding="utf-8")

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="it is taken from a terminal as only POSIX has it")


def drawing() -> dict[str, Any]:
    """What docs/picture.py has."""
    return runpy.run_path(str(ROOT / "docs" / "picture.py"))


def timeless(picture: str) -> str:
    """A picture without what every run has of its own: its id, how long it took, and how the bar stood."""
    line_end = r"(?:</text>\n<text [^>]*>)?"  # where the terminal breaks the id
    picture = re.sub(rf"\d{{8}}-\d{{6}}{line_end}-[0-9a-f]{{4}}", "RUN", picture)
    return re.sub(r"calls? in [\d.]+ s\.", "calls.", re.sub(r"\[\d\d:\d\d, left=\d\d:\d\d,", "[", picture))


def test_the_picture_is_that_of_the_program() -> None:
    """docs/run.svg is what `python docs/picture.py` draws today."""
    drawn: Callable[[], str] = drawing()["drawn"]
    assert timeless(PICTURE) == timeless(drawn())


def test_the_picture_is_that_of_the_main_job() -> None:
    """Its command is the one that the README names first, and what it tells to type next is for the sandbox, too."""
    shown = drawing()["SHOWN"]
    assert shown in README
    assert shlex.split(shown)[0] == "lsq-import"
    assert PICTURE.count("--sandbox") == 2
