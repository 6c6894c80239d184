"""A file that comes every night, most of it known: quickly recognised, and told exactly as row by row."""

import json
import shutil
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Command
from tests.fake_lsq import FakeLsq, error, fake_lsq
from tests.rows import HEADER, MAPPING, read_csv, visit, write_csv

FAST = ("--bulk-rate", "10000/1s")


def first_night(path: Path) -> list[dict[str, str]]:
    """Some thousand rows; a few are bad, two are alike. What is changed later leaves the last of them as they are."""
    rows = [visit(number, **({"Remarks": ""} if number % 90 == 0 else {})) for number in range(6_000)]
    rows[2_000] = rows[1_000]
    write_csv(path, rows)
    return rows


def lines(state: Path) -> int:
    """How many rows of the last run the ledger has a line for."""
    with closing(sqlite3.connect(state / "ledger.sqlite")) as ledger:
        query = "SELECT count(*) FROM rows WHERE run = (SELECT max(number) FROM runs)"
        return int(ledger.execute(query).fetchone()[0])


def forget_stretches(state: Path) -> None:
    """As if the ledger knew each row by itself only."""
    with closing(sqlite3.connect(state / "ledger.sqlite")) as ledger, ledger:
        ledger.execute("DELETE FROM stretches")


def changed(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Rows added on top, within and below, changed, mended, taken away and moved, and all of them once more."""
    before, rows = rows, [visit(number) for number in range(9_000, 9_007)] + rows
    rows[500] = visit(500, Remarks="changed")
    rows[97] = visit(90)
    del rows[1_500]
    rows[1_700:1_700] = [visit(9_100)]
    return [*rows[:2_500], *rows[2_600:], *rows[2_500:2_600], *before, visit(9_200)]


@pytest.mark.parametrize("mapping", [MAPPING, MAPPING + "duplicates: {key: [Lead ID, Visit Date]}\n"])
def test_stretches_change_nothing_but_the_time(lsq_import: Command, tmp_path: Path, mapping: str) -> None:
    """The same rows are sent and the same lines reported, with what is known of stretches and without, night after
    night, though LeadSquared refuses some rows each time.
    """
    (tmp_path / "visits.yaml").write_text(mapping, encoding="utf-8")
    rows = first_night(tmp_path / "visits.csv")

    def run(fake: FakeLsq, state: str, out: str) -> tuple[int, str]:
        ran = lsq_import("run", "visits.csv", "-m", "visits.yaml", "--out", out, *FAST, "--state", state, env=fake.env)
        assert ran.code == 1
        (folder,) = (tmp_path / out).iterdir()
        return len(fake.activities), (folder / "results.csv").read_text(encoding="utf-8")

    with fake_lsq() as fake:
        fake.limit = None
        fake.missing_leads = {rows[number]["Lead ID"] for number in (7, 1_234, 2_345)}
        before, _ = run(fake, "known", "first")
        shutil.copytree(tmp_path / "known", tmp_path / "unknown")
        forget_stretches(tmp_path / "unknown")
        assert run(fake, "known", "same")[0] == before, "nothing was sent again"
        write_csv(tmp_path / "visits.csv", changed(rows))
        by_row, told_by_row = run(fake, "unknown", "by-row")
        by_stretch, told = run(fake, "known", "by-stretch")
        assert lines(tmp_path / "known") < lines(tmp_path / "unknown") - 1_000
        assert without_ids_of_new(told) == without_ids_of_new(told_by_row)
        assert by_stretch - by_row == by_row - before > 0
        again, told_again = run(fake, "known", "again")
        assert again == by_stretch
        assert told_again.count(",duplicate,") == told.count(",duplicate,") + told.count(",created,")


def test_a_stopped_night_goes_on(lsq_import: Command, tmp_path: Path) -> None:
    """Keys that are refused in the middle of the second night stop the run; given again, the same command does the rest
    under its id, and every row is told once.
    """
    (tmp_path / "visits.yaml").write_text(MAPPING, encoding="utf-8")
    rows = first_night(tmp_path / "visits.csv")

    def run(fake: FakeLsq) -> tuple[int, dict[str, Any]]:
        ran = lsq_import("run", "visits.csv", "-m", "visits.yaml", *FAST, "--json", env=fake.env)
        return ran.code, json.loads(ran.out)

    with fake_lsq() as fake:
        fake.limit = None
        run(fake)
        night = changed(rows)
        write_csv(tmp_path / "visits.csv", night)
        last = len(fake.calls) + 30
        fake.answer = lambda number, _: (401, error("MXInvalidKeyException", "revoked")) if number > last else None
        code, stopped = run(fake)
        assert code == 5
        assert stopped["counts"]["not_sent"] > 0 < stopped["counts"]["duplicate"]
        fake.answer = None
        code, whole = run(fake)
    assert (code, whole["run_id"]) == (1, stopped["run_id"])
    assert whole["counts"]["read"] == len(night) == sum(whole["counts"].values()) - len(night)
    assert whole["counts"]["created"] + whole["counts"]["duplicate"] + whole["counts"]["invalid"] == len(night)
    # Whatever was there in the first night is there once, and what came twice in the second night is there twice.
    created = [row["ProspectActivityId"] for row in fake.activities]
    told = read_csv(tmp_path / "import-results" / whole["run_id"] / "results.csv")
    assert [row["Row"] for row in told] == sorted({row["Row"] for row in told}, key=int)
    assert len(told) == len(night)
    assert {row["ProspectActivityId"] for row in told if row["Outcome"] == "created"} <= set(created)
    good = Counter(tuple(row.values()) for row in night if row["Remarks"])
    good |= Counter(tuple(row.values()) for row in rows if row["Remarks"])
    assert len(created) == len(set(created)) == sum(good.values())


COMMENTS = {
    "the same": ("Comment", "as before"),
    "another text": ("Comment", "of today"),
    "another name": ("Remark", "as before"),
    "no such column": ("", ""),
}


@pytest.mark.parametrize("change", COMMENTS)
def test_files_to_correct_show_what_stands_there_tonight(lsq_import: Command, tmp_path: Path, change: str) -> None:
    """A bad row that comes again may hold other words where the mapping does not look, or stand under another header:
    the file to correct has them as they are, each night and in each of two sources.
    """
    (tmp_path / "visits.yaml").write_text(MAPPING, encoding="utf-8")
    rows = [visit(number, **({"Remarks": ""} if number % 9 == 0 else {})) for number in range(120)]

    def written(name: str, column: str, text: str) -> None:
        more = {column: text} if column else {}
        write_csv(tmp_path / name, [row | more for row in rows], [*HEADER, *more])

    def run(fake: FakeLsq, *names: str) -> tuple[list[list[dict[str, str]]], Any]:
        ran = lsq_import("run", *names, "-m", "visits.yaml", *FAST, "--json", env=fake.env)
        assert ran.code == 1
        told = json.loads(ran.out)
        folder = tmp_path / "import-results" / told["run_id"]
        return [read_csv(path) for path in sorted(folder.glob("to-fix*.csv"))], told

    with fake_lsq() as fake:
        fake.limit = None
        written("a.csv", "Comment", "as before")
        written("b.csv", *COMMENTS[change])
        (first, second), _ = run(fake, "a.csv", "b.csv")
        ((again,), told) = run(fake, "b.csv")
    column, text = COMMENTS[change]
    assert [row["Comment"] for row in first] == ["as before"] * 14
    for found in (second, again):
        assert [row["Lead ID"] for row in found] == [row["Lead ID"] for row in rows[::9]]
        assert [row["_import_row"] for row in found] == [str(number + 2) for number in range(0, 120, 9)]
        assert [row.get(column, "") for row in found] == [text] * 14
    assert told["counts"]["duplicate"] == len(fake.activities) == 106


@pytest.mark.parametrize(
    ("before", "after", "recognised"), [("ORG1", "ORG1", True), ("", "", False), ("", "ORG1", False)]
)
def test_new_keys_open_the_old_account(
    lsq_import: Command, tmp_path: Path, before: str, after: str, recognised: bool
) -> None:
    """After a change of keys everything is recognised, if the account tells its name; if not, that is said."""
    (tmp_path / "visits.yaml").write_text(MAPPING, encoding="utf-8")
    write_csv(tmp_path / "visits.csv", [visit(number) for number in range(40)])
    with fake_lsq() as fake:
        fake.org = before
        first = lsq_import("run", "visits.csv", "-m", "visits.yaml", env=fake.env)
        assert (first.code, len(fake.activities)) == (0, 40)
        fake.keys, fake.org = [("AK2", "SK2")], after
        keys = {"LSQ_ACCESS_KEY": "AK2", "LSQ_SECRET_KEY": "SK2"}
        for turn in ("first", "second"):
            again = lsq_import("run", "visits.csv", "-m", "visits.yaml", env=fake.env | keys)
            assert (again.code, len(fake.activities)) == (0, 40 if recognised else 80), turn
            assert ("these keys are new" in again.err) == (turn == "first" and not recognised)
    asked = [path for method, path in fake.requests if "UserByAccessKey" in path]
    assert len(asked) == (2 if after else 3), "each pair of keys asks once, or until it is told"
    assert fake.faux_pas == []


@pytest.mark.parametrize(("one", "other"), [("mx_Custom_6", "mx_Custom_7"), ("mx_Custom_7", "mx_Custom_6")])
def test_another_mapping_makes_other_activities(lsq_import: Command, tmp_path: Path, one: str, other: str) -> None:
    """An empty constant and a column that change places are other activities, though the rows' texts are the same."""
    fields = (
        MAPPING.replace("{", "{{").replace("}", "}}")
        + "  {constant}: {{constant: ''}}\n  {column}: {{column: Stage}}\n"
    )
    (tmp_path / "one.yaml").write_text(fields.format(constant=one, column=other), encoding="utf-8")
    (tmp_path / "other.yaml").write_text(fields.format(constant=other, column=one), encoding="utf-8")
    write_csv(tmp_path / "visits.csv", [visit(number) for number in range(200)])
    with fake_lsq() as fake:
        fake.limit = None
        for mapping, activities in (("one.yaml", 200), ("one.yaml", 200), ("other.yaml", 400)):
            lsq_import("run", "visits.csv", "-m", mapping, *FAST, env=fake.env)
            assert len(fake.activities) == activities


def without_ids_of_new(results: str) -> list[str]:
    """The lines; those of rows that were created now without what the server has made up, and in which call."""
    lines = [line.split(",") for line in results.splitlines()]
    return [
        ",".join([*line[:3], *line[5:7], *line[8:]] if line[5] in ("created", "rejected") else line) for line in lines
    ]
