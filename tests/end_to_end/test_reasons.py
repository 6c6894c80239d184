"""Why rows were refused, or are in doubt, is on the screen: after a run, and after whatever is done for it later."""

import re
from pathlib import Path

import pytest

from tests.conftest import Command
from tests.fake_lsq import fake_lsq
from tests.rows import MAPPING, visit, write_csv

FAST = ("--rate", "500/1s", "--bulk-rate", "500/1s", "--settle", "0.3", "--timeout", "1")
ROWS = [visit(number) for number in range(1, 61)]


@pytest.fixture
def files(tmp_path: Path) -> None:
    """Sixty rows and their mapping, without an import key."""
    write_csv(tmp_path / "visits.csv", ROWS)
    (tmp_path / "visits.yaml").write_text(MAPPING, encoding="utf-8")


@pytest.mark.usefixtures("files")
def test_refused_rows_are_told_in_leadsquareds_words(lsq_import: Command, tmp_path: Path) -> None:
    """By `run`, by `retry` of rows that are refused again, by `audit` and by `report`, with where they stand."""
    keyed = MAPPING + "import_key: {field: mx_Custom_15}\n"
    (tmp_path / "visits.yaml").write_text(keyed, encoding="utf-8")
    bad = [ROWS[number]["Lead ID"] for number in (2, 7, 30, 31)]
    with fake_lsq(missing_leads=set(bad)) as fake:
        first = lsq_import("run", "visits.csv", "-m", "visits.yaml", *FAST, env=fake.env)
        later = [lsq_import(command, *FAST, env=fake.env) for command in ("retry", "audit")]
        later.append(lsq_import("report"))
    assert [ran.code for ran in (first, *later)] == [1, 1, 1, 0], first.err
    for ran in (first, *later):
        assert re.search(r"^  4 rows: .*Lead does not exist", ran.out, re.MULTILINE), ran.out
        assert "      visits.csv, row 4\n" in ran.out
        assert "and 1 more, all in results.csv" in ran.out
        assert "→ The message is LeadSquared's own." in ran.out


@pytest.mark.usefixtures("files")
def test_rows_in_doubt_are_told_with_the_cause(lsq_import: Command) -> None:
    """How the answer was lost, for all rows of that call together; and again by `report`."""
    with fake_lsq(answer=lambda number, _: (500, b"oops") if number == 2 else None) as fake:
        ran = lsq_import("run", "visits.csv", "-m", "visits.yaml", *FAST, env=fake.env)
        report = lsq_import("report")
    assert ran.code == 3, ran.err
    for out in (ran.out, report.out):
        assert re.search(r"^  25 rows in doubt: \S.*", out, re.MULTILINE), out
        assert "      visits.csv, row 27\n" in out


@pytest.mark.usefixtures("files")
def test_a_quiet_run_shows_counts_only(lsq_import: Command) -> None:
    """Nothing of a row's text goes into the mail of a schedule."""
    with fake_lsq(missing_leads={ROWS[2]["Lead ID"]}) as fake:
        ran = lsq_import("run", "visits.csv", "-m", "visits.yaml", *FAST, "-q", env=fake.env)
    assert ran.code == 1
    assert "rejected" in ran.out
    assert "does not exist" not in ran.out + ran.err
