"""The documents on faults tell the truth: what they show can be ordered."""

import re
import runpy
import shlex
from pathlib import Path

import pytest

from importer.sandbox.faults import Rule, Schedule
from importer.sandbox.faults.targets import GROUPS
from tests.conftest import ROOT

DOCS = ROOT / "docs"
PAGE = (DOCS / "sandbox.md").read_text(encoding="utf-8")


def test_the_page_of_faults_is_that_of_the_program() -> None:
    """docs/faults.md is what `python docs/pages.py` writes today."""
    assert (DOCS / "faults.md").read_text(encoding="utf-8") == runpy.run_path(str(DOCS / "pages.py"))["faults"]()


@pytest.mark.parametrize("text", re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL))
def test_every_schedule_shown_is_one(tmp_path: Path, text: str) -> None:
    """What is shown can be copied."""
    path = tmp_path / "bad-day.yaml"
    path.write_text(text, encoding="utf-8")

    assert Schedule.load(path).rules


@pytest.mark.parametrize("line", re.findall(r"^lsq-import sandbox .*--fault .*$", PAGE, re.MULTILINE))
def test_every_rule_of_a_command_shown_is_one(line: str) -> None:
    """So can commands."""
    words = shlex.split(line)

    assert all(Rule.read(words[place + 1]) for place, word in enumerate(words) if word == "--fault")


@pytest.mark.parametrize("word", [*GROUPS, *(name for name in Rule.model_fields if name != "fault")])
def test_every_word_of_a_rule_is_told(word: str) -> None:
    """Each kind of call and each key has a line of its own."""
    assert f"\n| `{word}` |" in PAGE


def test_the_bad_day_waits_longer_than_its_rows_are_late_and_not_much() -> None:
    """A shorter --settle would send rows twice, and the usual one would keep whoever tries it waiting for minutes."""
    day = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)[0]
    late = max(float(seconds) for seconds in re.findall(r"late:(\d+)", day))
    run = next(line for line in PAGE.splitlines() if line.startswith("lsq-import run") and "rehearsal" in line)
    settle = re.search(r"--settle (\d+)", run)
    assert settle
    assert late + 5 <= float(settle[1]) <= 60
