"""What is said with -q: nothing when all is well, so that a schedule sends mail only when somebody has to look."""

import json
from pathlib import Path

import pytest

from tests.conftest import Command
from tests.fake_lsq import fake_lsq
from tests.rows import HEADER, MAPPING, visit, write_csv

QUIETLY = ("-m", "visits.yaml", "-q")


@pytest.fixture(autouse=True)
def mapping(tmp_path: Path) -> None:
    """A mapping, a file that is all right, and one with a mistake."""
    mapping = MAPPING + "import_key: {field: mx_Custom_15}\n"  # without a key there is nothing to audit
    (tmp_path / "visits.yaml").write_text(mapping, encoding="utf-8")
    write_csv(tmp_path / "good.csv", [visit(1), visit(2)])
    write_csv(tmp_path / "bad.csv", [visit(1), visit(2, Remarks="x" * 300)])


def test_all_is_well_in_silence(lsq_import: Command) -> None:
    """A run, its repetition, a dry run, a validation and an audit of good rows say nothing at all."""
    with fake_lsq() as fake:
        ran = [
            lsq_import("validate", "good.csv", *QUIETLY),
            lsq_import("run", "good.csv", "--dry-run", *QUIETLY),
            lsq_import("run", "good.csv", *QUIETLY, env=fake.env),
            lsq_import("run", "good.csv", *QUIETLY, env=fake.env),
            lsq_import("audit", "-q", env=fake.env),
        ]
    assert [(each.code, each.out, each.err) for each in ran] == [(0, "", "")] * 5


def test_what_is_not_well_is_told(lsq_import: Command) -> None:
    """With the counts and the files, on standard output."""
    with fake_lsq() as fake:
        ran = [
            lsq_import("validate", "bad.csv", *QUIETLY),
            lsq_import("run", "bad.csv", "--dry-run", *QUIETLY),
            lsq_import("run", "bad.csv", *QUIETLY, env=fake.env),
        ]
    for each in ran:
        assert (each.code, each.err) == (1, "")
        assert "2 rows read" in each.out
        assert "to-fix.csv" in each.out


def test_json_is_printed_however_quiet(lsq_import: Command) -> None:
    """Programs read it."""
    with fake_lsq() as fake:
        ran = [
            lsq_import("validate", "good.csv", *QUIETLY, "--json"),
            lsq_import("run", "good.csv", "--dry-run", *QUIETLY, "--json"),
            lsq_import("run", "good.csv", *QUIETLY, "--json", env=fake.env),
        ]
    assert [(each.code, json.loads(each.out)["counts"]["read"]) for each in ran] == [(0, 2)] * 3


@pytest.mark.parametrize("command", [("validate",), ("run", "--sandbox"), ("run", "--dry-run")])
def test_an_empty_export_is_told_all_the_same(command: tuple[str, ...], lsq_import: Command, tmp_path: Path) -> None:
    """A file with a header only ends with 0, but an export that brings nothing is mostly a mishap."""
    (tmp_path / "header.csv").write_text(",".join(HEADER) + "\n", encoding="utf-8")
    ran = lsq_import(command[0], "good.csv", "header.csv", *command[1:], *QUIETLY)
    assert (ran.code, ran.out) == (0, "")
    assert ran.err == (
        "lsq-import: header.csv: no row was read from it. If that is not meant, look at what exports it; then run the "
        "same command again.\n"
    )


def test_a_file_that_a_limit_leaves_unread_is_not_called_empty(lsq_import: Command) -> None:
    """--limit ends before it."""
    ran = lsq_import("validate", "good.csv", "bad.csv", "--limit", "1", *QUIETLY)
    assert (ran.code, ran.out, ran.err) == (0, "", "")
