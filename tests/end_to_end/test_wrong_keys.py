"""A mistyped key: nothing was sent under it, so nothing of it stays once the right one is there."""

import json
from pathlib import Path

import pytest

from tests.conftest import Command, Ran
from tests.fake_lsq import fake_lsq
from tests.rows import MAPPING, visit, write_csv

WRONG = {"LSQ_ACCESS_KEY": "wrong"}
RUN = ("run", "visits.csv", "-m", "visits.yaml")


@pytest.fixture(autouse=True)
def visits(tmp_path: Path) -> Path:
    """A good file and a good mapping."""
    (tmp_path / "visits.yaml").write_text(MAPPING, encoding="utf-8")
    return write_csv(tmp_path / "visits.csv", [visit(number) for number in range(30)])


def runs_of(ran: Ran) -> list[dict[str, object]]:
    """The runs that were listed."""
    listed: list[dict[str, object]] = json.loads(ran.out)
    return listed


@pytest.mark.parametrize("command", ["run", "resume"])
def test_the_right_key_goes_on_with_the_run(command: str, lsq_import: Command) -> None:
    """The same command, or `resume`, begins the run anew under its own id, and nobody is warned of other keys."""
    with fake_lsq() as fake:
        wrong = lsq_import(*RUN, env=fake.env | WRONG)
        assert (wrong.code, "to go on with what was not sent" in wrong.err) == (5, True)
        right = lsq_import(*(RUN if command == "run" else ("resume",)), "--json", env=fake.env)
        assert (right.code, len(fake.activities)) == (0, 30)
        again = lsq_import(*RUN, "--json", env=fake.env)
        listed = runs_of(lsq_import("runs", "--json"))
        doctor = lsq_import("doctor", env=fake.env)
    assert "keys are new" not in right.err + again.err
    assert json.loads(right.out)["counts"] == {
        "read": 30, "created": 30, "duplicate": 0, "invalid": 0, "rejected": 0, "unknown": 0, "not_sent": 0
    }  # fmt: skip
    assert json.loads(again.out)["counts"]["duplicate"] == 30
    assert [(run["exit_code"], run["open"]) for run in listed] == [(0, False), (0, False)]
    assert "is not finished" not in doctor.out


def test_a_changed_file_takes_the_place_of_the_refused_run(lsq_import: Command, visits: Path) -> None:
    """What was never sent is not told of as imported, and is nothing to go on with."""
    with fake_lsq() as fake:
        assert lsq_import(*RUN, env=fake.env | WRONG).code == 5
        assert "is not finished" not in lsq_import("doctor", env=fake.env).out
        write_csv(visits, [visit(number) for number in range(31)])
        right = lsq_import(*RUN, env=fake.env)
        assert (right.code, len(fake.activities)) == (0, 31)
        assert "was not finished" not in right.err
        assert [run["open"] for run in runs_of(lsq_import("runs", "--json"))] == [False, False]


def test_a_key_that_is_mistyped_on_the_way_hides_no_run(lsq_import: Command, visits: Path) -> None:
    """A run that was stopped is still the one to go on with after somebody has tried with a wrong key."""
    write_csv(visits, [visit(number) for number in range(100)])
    with fake_lsq() as fake:
        fake.limit = None
        assert lsq_import(*RUN, "--budget", "4", env=fake.env).code == 5
        sent = len(fake.activities)
        assert 0 < sent < 100
        first = runs_of(lsq_import("runs", "--json"))[0]["run_id"]
        assert lsq_import(*RUN, env=fake.env | WRONG).code == 5
        went_on = lsq_import("resume", "--json", env=fake.env)
    assert (went_on.code, len(fake.activities)) == (0, 100)
    assert json.loads(went_on.out)["run_id"] == first


def test_a_changed_mapping_is_asked_about_with_the_right_key_too(lsq_import: Command, tmp_path: Path) -> None:
    """A try with a wrong key in between takes nothing from the question whether all is to be created once more."""
    with fake_lsq() as fake:
        assert lsq_import(*RUN, env=fake.env).code == 0
        (tmp_path / "visits.yaml").write_text(MAPPING.replace("Store Code}: {", "Store Code} - {"), encoding="utf-8")
        assert lsq_import(*RUN, env=fake.env | WRONG).code == 5
        right = lsq_import(*RUN, env=fake.env)
        assert (right.code, len(fake.activities)) == (2, 30)
    assert "[imported-otherwise]" in right.err
