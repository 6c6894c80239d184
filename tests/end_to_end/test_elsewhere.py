"""Commands on an earlier run, given in another folder than the run was."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Command
from tests.fake_lsq import FakeLsq, error, fake_lsq
from tests.rows import MAPPING, read_csv, visit, write_csv

ROWS = 30


def files_in(folder: Path) -> None:
    """A file with one bad row, and its mapping."""
    folder.mkdir(exist_ok=True)
    write_csv(
        folder / "visits.csv", [visit(number, **({"Remarks": ""} if number == 3 else {})) for number in range(ROWS)]
    )
    (folder / "visits.yaml").write_text(MAPPING, encoding="utf-8")


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """Another folder than that of the run, with nothing in it."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    return folder


def stopped_run(lsq_import: Command, fake: FakeLsq, *options: str) -> dict[str, Any]:
    """A run that has sent nothing yet: its keys were refused."""
    fake.answer = lambda *_: (401, error("MXInvalidKeyException", "revoked"))
    ran = lsq_import("run", "visits.csv", "-m", "visits.yaml", *options, "--json", env=fake.env)
    fake.answer = None
    assert ran.code == 5, ran.err
    summary: dict[str, Any] = json.loads(ran.out)
    return summary


def test_resume_finds_the_files_of_its_run_from_another_folder(
    lsq_import: Command, tmp_path: Path, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The source, the mapping and the folder of reports are those of the run, and are told as they were given."""
    files_in(tmp_path)
    with fake_lsq() as fake:
        stopped = stopped_run(lsq_import, fake)
        monkeypatch.chdir(elsewhere)
        ran = lsq_import("resume", "--json", env=fake.env)
    assert ran.code == 1, ran.err
    done = json.loads(ran.out)
    assert (done["run_id"], done["counts"]["created"]) == (stopped["run_id"], ROWS - 1)
    assert [source["path"] for source in done["sources"]] == ["visits.csv"]
    assert list(elsewhere.iterdir()) == []
    results = read_csv(tmp_path / "import-results" / done["run_id"] / "results.csv")
    assert {row["Source"] for row in results} == {"visits.csv"}


def test_a_report_goes_where_the_run_wrote_and_spares_what_somebody_corrects_there(
    lsq_import: Command, tmp_path: Path, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From another folder too: the edited file to correct stays, and no second folder of reports is made."""
    files_in(tmp_path)
    with fake_lsq() as fake:
        run = json.loads(lsq_import("run", "visits.csv", "-m", "visits.yaml", "--json", env=fake.env).out)["run_id"]
        to_fix = tmp_path / "import-results" / run / "to-fix.csv"
        to_fix.write_text(to_fix.read_text(encoding="utf-8") + "corrected", encoding="utf-8")
        monkeypatch.chdir(elsewhere)
        for command in ("report", "recheck", "retry"):
            ran = lsq_import(command, env=fake.env)
            assert ran.code in (0, 1), ran.err
            assert str(to_fix.parent) in ran.out
    assert list(elsewhere.iterdir()) == []
    assert to_fix.read_text(encoding="utf-8").endswith("corrected")


def test_the_command_for_corrected_rows_can_be_given_where_it_is_shown(
    lsq_import: Command, tmp_path: Path, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It names the mapping and the folder of reports as they are reached from here."""
    files_in(tmp_path)
    with fake_lsq() as fake:
        lsq_import("run", "visits.csv", "-m", "visits.yaml", env=fake.env)
        monkeypatch.chdir(elsewhere)
        ran = lsq_import("recheck", env=fake.env)
    assert f"-m {tmp_path / 'visits.yaml'}" in ran.err
    assert f"--out {tmp_path / 'import-results'}" in ran.err


def test_the_same_command_from_the_folder_of_a_copy_goes_on_there(
    lsq_import: Command, tmp_path: Path, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that goes on in another folder belongs there from then on."""
    files_in(tmp_path)
    files_in(elsewhere)
    with fake_lsq() as fake:
        stopped = stopped_run(lsq_import, fake)
        monkeypatch.chdir(elsewhere)
        ran = lsq_import("run", "visits.csv", "-m", "visits.yaml", "--json", env=fake.env)
        monkeypatch.chdir(tmp_path)
        told = lsq_import("report", env=fake.env)
    assert json.loads(ran.out)["run_id"] == stopped["run_id"]
    assert str(elsewhere / "import-results" / stopped["run_id"]) in told.out


def test_files_of_the_same_name_in_two_folders_are_not_the_same_files(
    lsq_import: Command, tmp_path: Path, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stopped run of one folder's files keeps nobody from sending those of another once more."""
    files_in(tmp_path)
    files_in(elsewhere)
    write_csv(elsewhere / "visits.csv", [visit(100)])
    with fake_lsq() as fake:
        stopped_run(lsq_import, fake)
        monkeypatch.chdir(elsewhere)
        ran = lsq_import("run", "visits.csv", "-m", "visits.yaml", "--allow-duplicates", env=fake.env)
    assert ran.code == 0, ran.err
    assert "was not finished" not in ran.err


def test_a_folder_that_was_moved_is_worked_in_where_it_is(
    lsq_import: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the folder of the run is not there any more, its paths mean what they mean here."""
    files_in(tmp_path / "before")
    monkeypatch.chdir(tmp_path / "before")
    with fake_lsq() as fake:
        stopped = stopped_run(lsq_import, fake)
        monkeypatch.chdir(tmp_path)
        (tmp_path / "before").rename(tmp_path / "after")
        monkeypatch.chdir(tmp_path / "after")
        ran = lsq_import("resume", "--json", env=fake.env)
    assert ran.code == 1, ran.err
    assert (tmp_path / "after" / "import-results" / stopped["run_id"] / "to-fix.csv").exists()


def test_a_source_that_is_gone_is_named_with_the_folder_it_was_in(
    lsq_import: Command, tmp_path: Path, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever resumes from another folder reads where it was looked for."""
    files_in(tmp_path)
    with fake_lsq() as fake:
        stopped_run(lsq_import, fake)
        (tmp_path / "visits.csv").unlink()
        monkeypatch.chdir(elsewhere)
        ran = lsq_import("resume", env=fake.env)
    assert ran.code == 2
    assert str(tmp_path / "visits.csv") in ran.err
