"""`audit`, `recheck`, `retry` and `resume`: what they say when they can't do it, and what they say comes next."""

from pathlib import Path

import pytest

from tests.conftest import Command
from tests.fake_lsq import FakeLsq, error, fake_lsq
from tests.rows import MAPPING, visit, write_csv


def files_in(folder: Path, mapping: str = MAPPING) -> None:
    """A file of some rows, and its mapping."""
    write_csv(folder / "visits.csv", [visit(number) for number in range(30)])
    (folder / "visits.yaml").write_text(mapping, encoding="utf-8")


def test_without_an_import_key_there_is_nothing_to_audit(lsq_import: Command, tmp_path: Path) -> None:
    """It says so, says what to do, asks the account nothing, and does not end as if all were well."""
    files_in(tmp_path)
    with fake_lsq() as fake:
        assert lsq_import("run", "visits.csv", "-m", "visits.yaml", env=fake.env).code == 0
        asked = len(fake.requests)
        ran = lsq_import("audit", env=fake.env)
        assert len(fake.requests) == asked
    assert ran.code == 2
    assert "has no import key, so it can't be compared with the account" in ran.err
    assert "import_key" in ran.err
    assert "[no-import-key]" in ran.err
    assert "counts" not in ran.err


def stopped(lsq_import: Command, fake: FakeLsq, *options: str) -> None:
    """A run that has sent nothing yet: its keys were refused."""
    fake.answer = lambda *_: (401, error("MXInvalidKeyException", "revoked"))
    assert lsq_import("run", "visits.csv", "-m", "visits.yaml", *options, env=fake.env).code == 5
    fake.answer = None


@pytest.mark.parametrize("command", ["recheck", "retry"])
def test_the_command_that_comes_next_finds_the_run(lsq_import: Command, tmp_path: Path, command: str) -> None:
    """It names the folder of the ledger and the other settings, as they were given to this command."""
    files_in(tmp_path)
    given = ("--state", "st 3", "--bulk-rate", "25/5s")
    with fake_lsq() as fake:
        stopped(lsq_import, fake, *given)
        ran = lsq_import(command, *given, env=fake.env)
        (line,) = (line for line in ran.err.splitlines() if "to go on with what was not sent" in line)
        assert "lsq-import resume" in line
        assert line.endswith("--state 'st 3' --bulk-rate 25/5s")


def test_an_audit_that_saw_too_little_is_tried_again_with_the_same_settings(
    lsq_import: Command, tmp_path: Path
) -> None:
    """The command that it names has the run and the settings in it."""
    files_in(tmp_path, MAPPING + "import_key: {field: mx_Custom_15}\n")
    with fake_lsq() as fake:
        assert lsq_import("run", "visits.csv", "-m", "visits.yaml", "--state", "st3", env=fake.env).code == 0
        fake.activities.clear()
        ran = lsq_import("audit", "--state", "st3", env=fake.env)
    (line,) = (line for line in ran.err.splitlines() if "try it later with: lsq-import audit 20" in line)
    assert line.endswith("--state st3")
