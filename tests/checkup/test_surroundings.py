"""The computer, as doctor looks at it."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from importer.checkup.check import Verdict
from importer.checkup.surroundings import ledger, rates, state_folder, variables
from importer.ledger.ledger import open_ledger
from importer.ledger.place import LEDGER, SALT
from importer.settings import settle_settings


def now() -> datetime:
    """The same time always."""
    return datetime(2026, 11, 20, tzinfo=UTC)


def test_variables_that_are_not_heeded_are_named_without_their_values(tmp_path: Path) -> None:
    """A proxy may hold a password; its name is enough. Those of one kind are one line."""
    environ = {"https_proxy": "http://me:secret@proxy", "ALL_PROXY": "x", "SSL_CERT_FILE": "x.pem", "HTTP_PROXY": " "}
    found = list(variables(environ | {"PATH": "/bin"}, tmp_path))
    assert [check.sentence.split(" set,")[0] for check in found] == [
        "ALL_PROXY, https_proxy are",
        "SSL_CERT_FILE is",
    ]
    assert {check.verdict for check in found} == {Verdict.WARNING}
    assert "secret" not in str(found)


def test_a_netrc_file_is_named(tmp_path: Path) -> None:
    """Somebody may think that keys are read from it."""
    (tmp_path / ".netrc").write_text("default login me password x", encoding="utf-8")
    (check,) = variables({}, tmp_path)
    assert check.sentence.startswith(".netrc in the home folder is not read")


def test_a_misspelt_variable_is_noticed(tmp_path: Path) -> None:
    """LSQ_SECRETKEY does nothing, and is close to what was meant."""
    (check,) = variables({"LSQ_SECRETKEY": "k", "LSQ_HOST": "h"}, tmp_path)
    assert "LSQ_SECRETKEY is set, but no such variable" in check.sentence
    assert 'Did you mean "LSQ_SECRET_KEY"?' in check.sentence


def test_rates_are_told() -> None:
    """The usual ones, and those that were set."""
    assert "single calls 25/5s, bulk calls 25/5s: what the pages name" in rates(settle_settings({}, {})).sentence
    assert "bulk calls 1/5s, as set" in rates(settle_settings({"bulk_rate": "1/5s"}, {})).sentence


def test_nothing_is_made_where_nothing_is(tmp_path: Path) -> None:
    """Neither the folder nor the ledger: looking leaves no trace."""
    state = tmp_path / "a" / "b"
    assert state_folder(state).verdict is Verdict.OK
    assert "the first run makes it" in ledger(state, now).sentence
    assert list(tmp_path.iterdir()) == []


def test_a_state_that_is_a_file_is_a_problem(tmp_path: Path) -> None:
    """It can't hold a ledger."""
    (tmp_path / "state").write_text("", encoding="utf-8")
    assert state_folder(tmp_path / "state").verdict is Verdict.PROBLEM


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_a_state_that_others_can_read_is_told(tmp_path: Path) -> None:
    """A ledger is nobody else's business."""
    state = tmp_path / "state"
    state.mkdir(mode=0o755)
    assert state_folder(state).verdict is Verdict.WARNING
    state.chmod(0o700)
    assert state_folder(state).verdict is Verdict.OK


def test_a_sound_ledger_is_told_with_its_runs(tmp_path: Path) -> None:
    """An empty one is sound."""
    with open_ledger(tmp_path, now):
        pass
    check = ledger(tmp_path, now)
    assert (check.verdict, "is sound and knows 0 runs" in check.sentence) == (Verdict.OK, True)


def test_a_damaged_ledger_is_a_problem(tmp_path: Path) -> None:
    """A ledger without its salt, or that is none, is told with what to do."""
    with open_ledger(tmp_path, now):
        pass
    (tmp_path / SALT).unlink()
    assert "ledger.salt" in ledger(tmp_path, now).sentence
    (tmp_path / LEDGER).write_bytes(b"no database" * 100)
    check = ledger(tmp_path, now)
    assert (check.verdict, "damaged" in check.sentence, bool(check.remedy)) == (Verdict.PROBLEM, True, True)
