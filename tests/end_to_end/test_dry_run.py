"""A dry run foresees what a run would make of every row, and lists the rows in source order, however many there are."""

import json
from collections import Counter
from pathlib import Path

from tests.conftest import Command
from tests.fake_lsq import error, fake_lsq
from tests.rows import MAPPING, read_csv, visit, write_csv

ROWS = 9_000
"""More than are made into activities at once."""


def expected_of(number: int) -> tuple[str, str]:
    """What becomes of the row of this number, and why."""
    if number % 50 == 0:
        return "invalid", "guid-malformed"
    return ("duplicate", "already-imported") if number % 90 == 7 else ("not_sent", "dry-run")


def test_rows_of_all_kinds(lsq_import: Command, tmp_path: Path) -> None:
    """Invalid rows, rows that are there already and rows that would be sent stand in the order of the source."""
    (tmp_path / "visits.yaml").write_text(MAPPING, encoding="utf-8")
    numbers = range(1, ROWS + 1)
    write_csv(tmp_path / "before.csv", [visit(number) for number in numbers if expected_of(number)[0] == "duplicate"])
    write_csv(
        tmp_path / "visits.csv",
        [visit(number, **({"Lead ID": "x"} if number % 50 == 0 else {})) for number in numbers],
    )
    with fake_lsq() as fake:
        assert lsq_import("run", "before.csv", "-m", "visits.yaml", "--out", "before", env=fake.env).code == 0
        calls = len(fake.calls)
        ran = lsq_import("run", "visits.csv", "-m", "visits.yaml", "--out", "out", "--dry-run", env=fake.env)
        assert len(fake.calls) == calls
    assert ran.code == 1
    (folder,) = (tmp_path / "out").iterdir()
    results = read_csv(folder / "results.csv")
    assert [int(result["Row"]) for result in results] == [number + 1 for number in numbers]
    assert [(result["Outcome"], result["Code"]) for result in results] == [expected_of(number) for number in numbers]
    assert all(bool(result["ProspectActivityId"]) == (result["Outcome"] == "duplicate") for result in results)
    counts = json.loads((folder / "summary.json").read_text(encoding="utf-8"))["counts"]
    outcomes = Counter(expected_of(number)[0] for number in numbers)
    assert {name: count for name, count in counts.items() if count} == {"read": ROWS, **outcomes}
    bodies = [json.loads(line)["body"] for line in (folder / "payloads.jsonl").read_bytes().splitlines()]
    assert [len(body) for body in bodies[:-1]] == [25] * (len(bodies) - 1)
    assert sum(map(len, bodies)) == outcomes["not_sent"]


def test_sources_with_the_same_rows_after_a_stopped_run(lsq_import: Command, tmp_path: Path) -> None:
    """What a stopped run has left planned is sent once, with the first source that holds it, as the run itself does."""
    (tmp_path / "visits.yaml").write_text(MAPPING, encoding="utf-8")
    for name in ("a.csv", "b.csv"):
        write_csv(tmp_path / name, [visit(number) for number in range(11)])
    command = ("run", "a.csv", "b.csv", "-m", "visits.yaml", "--json")
    with fake_lsq() as fake:
        fake.answer = lambda *_: (401, error("MXInvalidKeyException", "revoked"))
        assert lsq_import(*command, env=fake.env).code == 5
        fake.answer = None
        rehearsed = json.loads(lsq_import(*command, "--dry-run", env=fake.env).out)["counts"]
        done = json.loads(lsq_import(*command, env=fake.env).out)["counts"]
    assert (rehearsed["not_sent"], rehearsed["duplicate"]) == (11, 11)
    assert (done["created"], done["duplicate"]) == (11, 11)
