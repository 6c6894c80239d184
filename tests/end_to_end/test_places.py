"""Folders that are full, locked or not where they were meant: the ledger's and the reports'."""

import json
import os
from pathlib import Path

import pytest

from importer.ledger.holding import HOLDER
from tests.conftest import Command
from tests.fake_lsq import fake_lsq
from tests.rights import without_rights_in
from tests.rows import MAPPING, visit, write_csv

FULL = pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full")
POSIX = pytest.mark.skipif(os.name != "posix", reason="rights of files are kept otherwise elsewhere")


@pytest.fixture
def visits(tmp_path: Path) -> Path:
    """A good file and a good mapping."""
    (tmp_path / "visits.yaml").write_text(MAPPING, encoding="utf-8")
    return write_csv(tmp_path / "visits.csv", [visit(1), visit(2)])


RUN = ("run", "visits.csv", "-m", "visits.yaml")


# -------------------------------------------------------------------------------------------------- the ledger


@FULL
@pytest.mark.usefixtures("visits")
def test_a_full_disk_is_told_in_a_sentence(lsq_import: Command, tmp_path: Path) -> None:
    """The next run on a disk that has become full says so, and what not to do about it."""
    assert lsq_import(*RUN, "--sandbox").code == 0
    (tmp_path / "state" / HOLDER).symlink_to("/dev/full")
    ran = lsq_import(*RUN, "--sandbox")
    assert ran.code == 2
    assert "No space left on device" in ran.err
    assert "[ledger-unwritable]" in ran.err
    assert "should not have happened" not in ran.err
    assert "--state" not in ran.err


@POSIX
@pytest.mark.usefixtures("visits")
def test_what_only_reads_reads_a_locked_ledger(lsq_import: Command, tmp_path: Path) -> None:
    """`runs`, `report` and `doctor` need no right to write to the ledger; `run` says what is wrong."""
    assert lsq_import(*RUN, "--sandbox").code == 0
    listed = lsq_import("runs")
    (tmp_path / "visits.csv").chmod(0o644)
    (tmp_path / "visits.yaml").chmod(0o644)
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports").chmod(0o777)
    with without_rights_in(tmp_path / "state"):
        ran = lsq_import(*RUN, "--sandbox", "--out", "reports")
        runs = lsq_import("runs")
        report = lsq_import("report", "--out", tmp_path / "reports")
        doctor = lsq_import("doctor", "--sandbox", env={"HOME": str(tmp_path)})
    assert ran.code == 2
    assert "can't be written: Permission denied" in ran.err
    assert "does not know what was imported" in ran.err
    assert (runs.code, runs.out) == (0, listed.out)
    assert (report.code, "2 rows read" in report.out) == (0, True)
    assert "ledger.sqlite is sound and knows 1 run." in doctor.out


@pytest.mark.usefixtures("visits")
def test_a_new_ledger_is_told_once(lsq_import: Command, tmp_path: Path) -> None:
    """Whoever has named the wrong folder learns it before everything is there twice; nobody is told a second time."""
    with fake_lsq() as fake:
        first = lsq_import(*RUN, "--state", "here", env=fake.env)
        again = lsq_import(*RUN, "--state", "here", env=fake.env)
        quiet = lsq_import(*RUN, "--state", "there", "-q", env=fake.env)
        dry = lsq_import(*RUN, "--state", "elsewhere", "--dry-run", env=fake.env)
    sandbox = lsq_import(*RUN, "--state", "stand-in", "--sandbox")
    words = f"a new ledger was made in {tmp_path / 'here'}: nothing that was imported earlier is known to it."
    assert (first.code, first.err.count(words)) == (0, 1)
    assert f"a new ledger was made in {tmp_path / 'elsewhere'}" in dry.err
    for other in (again, quiet, sandbox):
        assert (other.code, "new ledger" in other.err) == (0, False)


@pytest.mark.skipif(os.name == "nt", reason="home folders are told otherwise there")
@pytest.mark.usefixtures("visits")
def test_no_folder_is_called_tilde(lsq_import: Command, tmp_path: Path) -> None:
    """Ledger and reports go to the home folder, from wherever it is named."""
    (tmp_path / "home").mkdir()
    env = {"HOME": str(tmp_path / "home"), "LSQ_STATE_DIR": "~/st"}
    assert lsq_import(*RUN, "--sandbox", "--out=~/reports", env=env).code == 0
    assert lsq_import("report", "--out=~/again").code == 0
    assert {path.name for path in (tmp_path / "home").iterdir()} == {"st", "reports", "again"}
    assert not (tmp_path / "~").exists()


@pytest.mark.usefixtures("visits")
def test_a_report_stays_where_the_run_was_started(
    lsq_import: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Written again from another folder, it goes where the first one went."""
    ran = lsq_import(*RUN, "--sandbox")
    assert "Files: import-results" in ran.out
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    report = lsq_import("report")
    assert f"Files: {tmp_path / 'import-results'}" in report.out
    assert list((tmp_path / "elsewhere").iterdir()) == []


# ------------------------------------------------------------------------------------------------- the reports


@pytest.mark.parametrize("more", [(), ("--dry-run",)])
@pytest.mark.usefixtures("visits")
def test_a_place_for_no_report_is_told_before_anything_is_done(
    more: tuple[str, ...], lsq_import: Command, tmp_path: Path
) -> None:
    """Nothing is sent, nothing is said to be safe that was not imported, and no run is left behind."""
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with fake_lsq() as fake:
        ran = lsq_import(*RUN, "--out", "file/x", *more, env=fake.env)
        assert fake.requests == []
    assert ran.code == 2
    assert "Nothing was read or sent. Free the place, or choose another with --out" in ran.err
    assert "safe in the ledger" not in ran.err
    assert "No run yet" in lsq_import("runs").out


@pytest.mark.parametrize("as_json", [False, True])
def test_what_is_wrong_with_rows_is_told_without_files(
    as_json: bool, lsq_import: Command, visits: Path, tmp_path: Path
) -> None:
    """`validate` tells its issues and counts even where it can't write them down."""
    write_csv(visits, [visit(1), visit(2, Amount="much")])
    (tmp_path / "file").write_text("x", encoding="utf-8")
    ran = lsq_import("validate", *RUN[1:], "--out", "file/x", *(("--json",) if as_json else ()))
    assert ran.code == 2
    assert "choose another with --out" in ran.err
    assert "lsq-import report" not in ran.err
    if as_json:
        told = json.loads(ran.out)
        assert (told["counts"]["invalid"], told["exit_code"], told["files"]) == (1, 2, [])
    else:
        assert "2 rows read: 1 can be sent, 1 has mistakes." in ran.out
        assert 'visits.csv, row 3, column F: "much"' in ran.out
        assert "Files:" not in ran.out


@pytest.mark.parametrize("as_json", [False, True])
@pytest.mark.usefixtures("visits")
def test_a_report_that_is_lost_at_the_end_hides_no_counts(as_json: bool, lsq_import: Command, tmp_path: Path) -> None:
    """What became of the rows is told, and the ledger, the exit code and the same command again all agree."""
    out = tmp_path / "out"
    more = ("--json",) if as_json else ()

    def take_the_place(*_: object) -> None:
        if out.is_dir():
            for folder in out.iterdir():
                folder.rmdir()
            out.rmdir()
            out.write_text("x", encoding="utf-8")

    with fake_lsq() as fake:
        fake.answer = take_the_place
        lost = lsq_import(*RUN, "--out", "out", *more, env=fake.env)
        listed = json.loads(lsq_import("runs", "--json").out)
        out.unlink()
        again = lsq_import(*RUN, "--out", "out", *more, env=fake.env)
        assert len(fake.activities) == 2
    assert (lost.code, again.code) == (5, 0)
    assert "What was imported is safe in the ledger." in lost.err
    assert [(run["exit_code"], run["open"]) for run in listed] == [(5, True)]
    for ran in (lost, again):
        if as_json:
            told = json.loads(ran.out)
            assert (told["run_id"], told["counts"]["created"]) == (listed[0]["run_id"], 2)
            assert told["exit_code"] == ran.code
        else:
            assert "2 rows read" in ran.out
            assert "created   2" in ran.out
    assert (out / str(listed[0]["run_id"]) / "results.csv").is_file()
