"""The mapping language from the command line: tests of a mapping, rows that are not meant, rows that are alike."""

import json
from collections import Counter
from pathlib import Path

import pytest

from tests.conftest import Command
from tests.fake_lsq import fake_lsq
from tests.rows import MAPPING, read_csv, visit, write_csv

TESTS = """\
tests:
  - name: a visit
    row: {Lead ID: 2bf6a491-c144-4ac9-90f9-f52b6fc44413, Visit Date: 05/07/2026 10:30, Remarks: ok, Stage: won}
    fields: {mx_Custom_9: Won}
"""


def test_tests_of_a_mapping(lsq_import: Command, tmp_path: Path) -> None:
    """`validate --tests` needs no source; it ends with 0 if all is as expected."""
    (tmp_path / "visits.yaml").write_text(MAPPING + TESTS, encoding="utf-8")
    ran = lsq_import("validate", "-m", "visits.yaml", "--tests")
    assert (ran.code, ran.out, ran.err) == (0, "1 test of the mapping run, all as expected.\n", "")


def test_a_test_that_fails(lsq_import: Command, tmp_path: Path) -> None:
    """A test that fails is shown with its line, what was expected and what came; the exit code is 1."""
    (tmp_path / "visits.yaml").write_text(MAPPING + TESTS.replace(": Won", ": Lost"), encoding="utf-8")
    ran = lsq_import("validate", "-m", "visits.yaml", "--tests")
    assert ran.code == 1
    assert ran.out.splitlines() == [
        "visits.yaml:16: test 1, a visit: not as expected",
        '    fields.mx_Custom_9: expected "Lost", got "Won"',
        "1 test of the mapping run, 1 not as expected.",
    ]
    ran = lsq_import("validate", "-m", "visits.yaml", "--tests", "--json")
    assert json.loads(ran.out) == {
        "tests": {
            "run": 1,
            "failed": [
                {
                    "number": 1,
                    "name": "a visit",
                    "line": 16,
                    "differences": ['fields.mx_Custom_9: expected "Lost", got "Won"'],
                }
            ],
        },
        "exit_code": 1,
    }


def test_tests_and_rows(lsq_import: Command, tmp_path: Path) -> None:
    """With a source the tests are run first, then the rows are checked; either can make the exit code 1."""
    (tmp_path / "visits.yaml").write_text(MAPPING + TESTS, encoding="utf-8")
    write_csv(tmp_path / "visits.csv", [visit(1), visit(2, **{"Lead ID": "x"})])
    ran = lsq_import("validate", "visits.csv", "-m", "visits.yaml", "--tests", "--json")
    found = json.loads(ran.out)
    assert (ran.code, found["exit_code"], found["tests"]) == (1, 1, {"run": 1, "failed": []})
    assert found["counts"]["invalid"] == 1


@pytest.mark.parametrize(
    ("text", "arguments", "words"),
    [
        (MAPPING, ["--tests"], "has no tests"),
        (MAPPING, [], "There is no SOURCE to check"),
        (MAPPING + TESTS.replace("Remarks", "Remark"), ["--tests"], 'Did you mean "Remarks"?'),
    ],
)
def test_what_can_not_be_tested(
    text: str, arguments: list[str], words: str, lsq_import: Command, tmp_path: Path
) -> None:
    """Nothing to test, nothing to check, and a broken mapping: exit code 2."""
    (tmp_path / "visits.yaml").write_text(text, encoding="utf-8")
    ran = lsq_import("validate", "-m", "visits.yaml", *arguments)
    assert ran.code == 2
    assert words in ran.err


def test_rows_that_are_not_meant_are_none_of_the_run(lsq_import: Command, tmp_path: Path) -> None:
    """Outcomes add up to the rows that `when` means; the others are told of, in no report, and never sent."""
    (tmp_path / "visits.yaml").write_text(MAPPING + "when: {column: Stage, is_not: lost}\n", encoding="utf-8")
    rows = [visit(number, Stage="lost" if number % 3 == 0 else "won") for number in range(1, 101)]
    rows[0]["Amount"] = "much"
    write_csv(tmp_path / "visits.csv", rows)
    with fake_lsq() as fake:
        ran = lsq_import("run", "visits.csv", "-m", "visits.yaml", "--out", "out", env=fake.env)
        again = lsq_import("run", "visits.csv", "-m", "visits.yaml", "--out", "again", env=fake.env)
    assert ran.code == again.code == 1
    assert "visits.csv: 33 rows are left out by `when` in the mapping, the first is row 4." in ran.err
    (folder,) = (tmp_path / "out").iterdir()
    results = read_csv(folder / "results.csv")
    assert Counter(result["Outcome"] for result in results) == {"created": 66, "invalid": 1}
    assert [int(result["Row"]) for result in results] == [number for number in range(2, 102) if (number - 1) % 3]
    counts = json.loads((folder / "summary.json").read_text(encoding="utf-8"))["counts"]
    assert counts["read"] == sum(count for name, count in counts.items() if name != "read") == 67
    assert len(fake.activities) == 66


def test_rows_that_are_alike_are_put_right_together(lsq_import: Command, tmp_path: Path) -> None:
    """Both are in the file to correct, and as long as both stand there unchanged, neither is sent."""
    (tmp_path / "visits.yaml").write_text(MAPPING + "rules: [{unique: [Remarks]}]\n", encoding="utf-8")
    rows = [visit(number, Remarks="twice" if number in (2, 9) else f"visit {number}") for number in range(1, 11)]
    write_csv(tmp_path / "visits.csv", rows)
    with fake_lsq() as fake:
        assert lsq_import("run", "visits.csv", "-m", "visits.yaml", "--out", "out", env=fake.env).code == 1
        assert len(fake.activities) == 8
        (folder,) = (tmp_path / "out").iterdir()
        to_fix = folder / "to-fix.csv"
        assert [row["_import_row"] for row in read_csv(to_fix)] == ["3", "10"]
        assert lsq_import("run", to_fix, "-m", "visits.yaml", "--out", "unchanged", env=fake.env).code == 1
        assert len(fake.activities) == 8
        to_fix.write_text(to_fix.read_text(encoding="utf-8").replace("twice", "once", 1), encoding="utf-8")
        assert lsq_import("run", to_fix, "-m", "visits.yaml", "--out", "changed", env=fake.env).code == 0
        assert len(fake.activities) == 10
