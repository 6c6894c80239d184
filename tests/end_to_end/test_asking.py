"""What commands tell a person to type next asks again wherever new leads would be made."""

from pathlib import Path

import pytest

from tests.conftest import Command
from tests.end_to_end.roads import FAST, ROWS, write
from tests.fake_lsq import fake_lsq

BEGIN = ("run", "visits.csv", "-m", "visits.yaml", *FAST)
BAD = ROWS[2]["E-mail"]


@pytest.mark.parametrize("command", ["retry", "recheck", "audit", "resume"])
def test_nobody_is_told_to_say_yes_who_did_not(command: str, lsq_import: Command, tmp_path: Path) -> None:
    """A corrected address may be misspelt again: the command for the to-fix file asks, unless --yes was typed there."""
    write(tmp_path, "single_by_email", ROWS[:6])
    with (tmp_path / "visits.yaml").open("a", encoding="utf-8") as mapping:
        mapping.write("import_key: {field: mx_Custom_15}\n")  # without one there is nothing to audit
    with fake_lsq(missing_leads={BAD}) as fake:
        options = ("--budget", "4") if command == "resume" else ()
        begun = lsq_import(*BEGIN, "--yes", *options, env=fake.env)
        went_on = lsq_import(command, *FAST, env=fake.env)
    assert begun.code in (1, 5), begun.err
    assert went_on.code == 1, went_on.err
    assert "to-fix.csv" in went_on.err
    assert "--yes" not in went_on.err + went_on.out


def test_whoever_said_yes_is_told_the_command_as_it_was_typed(lsq_import: Command, tmp_path: Path) -> None:
    """The command that goes on with a stopped run is the same one, its --yes with it."""
    write(tmp_path, "single_by_email", ROWS[:6])
    with fake_lsq() as fake:
        begun = lsq_import(*BEGIN, "--yes", "--budget", "4", env=fake.env)
    again = next(line for line in begun.err.splitlines() if "to go on with what was not sent" in line)
    assert again.endswith("--yes")
