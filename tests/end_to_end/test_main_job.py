"""The main job over HTTP, against a server that is not the sandbox."""

import json
from collections import Counter
from pathlib import Path

import pytest

from tests.conftest import Command
from tests.fake_lsq import ACCESS_KEY, SECRET_KEY, fake_lsq
from tests.rows import MAPPING, read_csv, visit, write_csv

BAD = {"Lead ID": "not-an-id"}


def run_folder(out: Path) -> Path:
    """The folder of the only run below `out`."""
    (folder,) = out.iterdir()
    return folder


def thousand_rows(path: Path) -> list[dict[str, str]]:
    """A thousand rows, every twentieth of them bad."""
    rows = [visit(number, **(BAD if number % 20 == 0 else {})) for number in range(1, 1001)]
    write_csv(path / "visits.csv", rows)
    (path / "visits.yaml").write_text(MAPPING, encoding="utf-8")
    return rows


def test_a_thousand_rows_arrive_once_each_and_every_line_is_paired_with_its_own_activity(
    lsq_import: Command, tmp_path: Path
) -> None:
    """950 good rows of 1,000 are there exactly once, in 38 calls, without a refusal, each with its own id."""
    rows = thousand_rows(tmp_path)
    with fake_lsq() as fake:
        ran = lsq_import("run", "visits.csv", "-m", "visits.yaml", "--out", "out", env=fake.env)
    assert ran.code == 1
    results = read_csv(run_folder(tmp_path / "out") / "results.csv")
    assert len(results) == len(rows)
    assert Counter(result["Outcome"] for result in results) == {"created": 950, "invalid": 50}
    assert len(fake.calls) == 38
    assert fake.throttled == 0
    calls: dict[str, set[int]] = {}  # chunk -> the calls that brought its rows; calls under way may overtake each other
    arrived = {activity["ProspectActivityId"]: activity for activity in fake.activities}
    assert len(fake.activities) == len(arrived) == 950
    for number, (row, result) in enumerate(zip(rows, results, strict=True), start=1):
        assert result["Row"] == str(number + 1)
        if result["Outcome"] == "created":
            activity = arrived.pop(result["ProspectActivityId"])
            assert activity["RelatedProspectId"] == row["Lead ID"] == result["Lead"]
            assert activity["ActivityNote"] == f"{row['Store Code']}: {row['Remarks']}"
            assert activity["RowNumber"] == int(result["RowNumber"])
            calls.setdefault(result["Chunk"], set()).add(activity["Call"])
            assert result["ActivityCreated"] == "true"
        else:
            assert (result["ActivityCreated"], result["Code"]) == ("", "guid-malformed")
    assert not arrived
    assert sorted(call for (call,) in calls.values()) == sorted(map(int, calls)) == list(range(1, 39))


def test_no_key_is_in_any_address_output_report_or_ledger(lsq_import: Command, tmp_path: Path) -> None:
    """Access and secret key leave this computer in headers and nowhere else."""
    thousand_rows(tmp_path)
    with fake_lsq() as fake:
        ran = lsq_import("run", "visits.csv", "-m", "visits.yaml", "--out", "out", "-v", env=fake.env)
    written = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    seen = [ran.out.encode(), ran.err.encode(), json.dumps(fake.requests).encode(), *written]
    for key in (ACCESS_KEY, SECRET_KEY):
        assert not any(key.encode() in text for text in seen)


def test_the_same_command_again_sends_nothing(lsq_import: Command, tmp_path: Path) -> None:
    """A file that was imported is recognised row by row, and no call is made."""
    thousand_rows(tmp_path)
    with fake_lsq() as fake:
        lsq_import("run", "visits.csv", "-m", "visits.yaml", "--out", "first", env=fake.env)
        calls = len(fake.calls)
        again = lsq_import("run", "visits.csv", "-m", "visits.yaml", "--out", "again", "--json", env=fake.env)
    assert len(fake.calls) == calls
    counts = json.loads(again.out)["counts"]
    assert counts == {
        "read": 1000,
        "created": 0,
        "duplicate": 950,
        "invalid": 50,
        "rejected": 0,
        "unknown": 0,
        "not_sent": 0,
    }


def test_two_honest_equal_rows_are_two_activities_and_none_when_run_again(lsq_import: Command, tmp_path: Path) -> None:
    """Rows that look alike in one file are counted, and recognised by their count the next time."""
    write_csv(tmp_path / "visits.csv", [visit(1), visit(2), visit(1), visit(1)])
    (tmp_path / "visits.yaml").write_text(MAPPING, encoding="utf-8")
    with fake_lsq() as fake:
        first = lsq_import("run", "visits.csv", "-m", "visits.yaml", env=fake.env)
        again = lsq_import("run", "visits.csv", "-m", "visits.yaml", "--json", env=fake.env)
    assert (first.code, len(fake.activities)) == (0, 4)
    assert (again.code, json.loads(again.out)["counts"]["duplicate"]) == (0, 4)


def test_duplicates_are_sent_when_they_are_asked_for(lsq_import: Command, tmp_path: Path) -> None:
    """--allow-duplicates posts rows once more that are there already."""
    write_csv(tmp_path / "visits.csv", [visit(1), visit(2)])
    (tmp_path / "visits.yaml").write_text(MAPPING, encoding="utf-8")
    with fake_lsq() as fake:
        lsq_import("run", "visits.csv", "-m", "visits.yaml", env=fake.env)
        again = lsq_import("run", "visits.csv", "-m", "visits.yaml", "--allow-duplicates", env=fake.env)
    assert (again.code, len(fake.activities)) == (0, 4)


def test_rejected_rows_go_through_the_to_fix_file(lsq_import: Command, tmp_path: Path) -> None:
    """Invalid and rejected rows, corrected in the to-fix file, are just the ones that go when it is run."""
    rows = [visit(1), visit(2, **BAD), visit(3), visit(4)]
    write_csv(tmp_path / "visits.csv", rows)
    (tmp_path / "visits.yaml").write_text(MAPPING, encoding="utf-8")
    with fake_lsq(missing_leads={rows[2]["Lead ID"]}) as fake:
        first = lsq_import("run", "visits.csv", "-m", "visits.yaml", "--out", "out", env=fake.env)
        to_fix = run_folder(tmp_path / "out") / "to-fix.csv"
        listed = read_csv(to_fix)
        assert first.code == 1
        assert [(row["_import_row"], row["_import_code"]) for row in listed] == [
            ("3", "guid-malformed"),
            ("4", "lsq-rejected"),
        ]
        assert "Lead does not exist" in listed[1]["_import_message"]
        assert listed[0]["Phone"] == "'" + rows[1]["Phone"]
        fake.missing_leads.clear()
        to_fix.write_text(
            to_fix.read_text(encoding="utf-8").replace("not-an-id", visit(2)["Lead ID"]), encoding="utf-8"
        )
        second = lsq_import("run", str(to_fix), "-m", "visits.yaml", "--json", env=fake.env)
    assert (second.code, json.loads(second.out)["counts"]["created"]) == (0, 2)
    leads = [activity["RelatedProspectId"] for activity in fake.activities]
    assert leads == [visit(number)["Lead ID"] for number in (1, 4, 2, 3)]
    phones = {
        field["Value"] for row in fake.activities for field in row["Fields"] if field["SchemaName"] == "mx_Custom_4"
    }
    assert phones == {visit(number)["Phone"] for number in (1, 2, 3, 4)}


def test_a_ragged_row_that_nobody_put_right_stays_a_ragged_row(lsq_import: Command, tmp_path: Path) -> None:
    """A to-fix file that is run uncorrected sends nothing, however well its cells would fit when moved."""
    good = ",".join(["{}"] * 3)
    lead = visit(1)["Lead ID"]
    rows = [f"{lead},a,paid half, rest later", f"{lead},a", f'{lead},"a" b,c', f'{lead},"a,b']
    (tmp_path / "x.csv").write_text(
        "\n".join(["Lead,Note,Stage", *rows, good.format(lead, "x", "y")]), encoding="utf-8"
    )
    (tmp_path / "x.yaml").write_text(
        "version: 1\nlead: {id: Lead}\nactivity: {event: 201, note: Note}\nfields: {mx_Custom_1: Stage}\n",
        encoding="utf-8",
    )
    with fake_lsq() as fake:
        first = lsq_import("run", "x.csv", "-m", "x.yaml", "--out", "one", env=fake.env)
        to_fix = run_folder(tmp_path / "one") / "to-fix.csv"
        again = lsq_import("run", to_fix, "-m", "x.yaml", "--out", "two", "--json", env=fake.env)
        assert (first.code, again.code, len(fake.activities)) == (1, 1, 1)
        assert json.loads(again.out)["counts"]["invalid"] == 4
        text = to_fix.read_text(encoding="utf-8")
        corrected = text.replace("(put this row right, then empty this cell)", "").replace('" rest later"\n', "\n")
        to_fix.write_text(corrected, encoding="utf-8")
        last = lsq_import("run", to_fix, "-m", "x.yaml", "--json", env=fake.env)
    assert last.code == 0, last.err
    assert (last.code, json.loads(last.out)["counts"]["created"]) == (0, 4)


def broken_answers() -> dict[str, tuple[int, bytes]]:
    """Answers that prove nothing."""
    return {
        "server error": (500, b"<html>oops</html>"),
        "bad gateway": (502, b""),
        "empty": (200, b""),
        "html": (200, b"<html>login</html>"),
        "no receipts": (200, b'{"Status":"Success"}'),
        "receipts short": (200, b'{"Response":[]}'),
        "failed": (200, b'{"Status":"Failed","Message":{"Message":"no"}}'),
        "an exception": (500, b'{"Status":"Error","ExceptionType":"MXInvalidInputException","ExceptionMessage":"x"}'),
    }


@pytest.mark.parametrize("name", broken_answers())
def test_an_answer_that_proves_nothing_leaves_its_rows_unknown(name: str, lsq_import: Command, tmp_path: Path) -> None:
    """Rows without an import key whose answer is no proof stay unknown, are listed, and are never sent again."""
    write_csv(tmp_path / "visits.csv", [visit(number) for number in range(1, 61)])
    (tmp_path / "visits.yaml").write_text(MAPPING, encoding="utf-8")

    def second_call_is_odd(_: int, rows: list[dict[str, str]]) -> tuple[int, bytes] | None:
        return broken_answers()[name] if rows[0]["RelatedProspectId"] == visit(26)["Lead ID"] else None

    with fake_lsq(answer=second_call_is_odd) as fake:
        first = lsq_import("run", "visits.csv", "-m", "visits.yaml", "--out", "out", env=fake.env)
        calls = len(fake.calls)
        again = lsq_import("run", "visits.csv", "-m", "visits.yaml", "--out", "out", "--json", env=fake.env)
    assert (first.code, again.code) == (3, 3)
    assert len(fake.calls) == calls == 3
    folder = run_folder(tmp_path / "out")
    assert len(read_csv(folder / "unknown.csv")) == 25
    counts = json.loads(again.out)["counts"]
    assert (counts["created"], counts["unknown"], counts["duplicate"]) == (35, 25, 0)
    unknown = [result for result in read_csv(folder / "results.csv") if result["Outcome"] == "unknown"]
    assert {result["Chunk"] for result in unknown} == {"2"}
    assert {result["ActivityCreated"] for result in unknown} == {""}


def test_refused_keys_stop_the_run_with_a_word_on_what_to_do(lsq_import: Command, tmp_path: Path) -> None:
    """A wrong key ends the run with exit code 5 before a row is burnt, and the next run sends everything."""
    write_csv(tmp_path / "visits.csv", [visit(number) for number in range(1, 101)])
    (tmp_path / "visits.yaml").write_text(MAPPING, encoding="utf-8")
    with fake_lsq() as fake:
        wrong = lsq_import(
            "run", "visits.csv", "-m", "visits.yaml", "--out", "out", env=fake.env | {"LSQ_SECRET_KEY": "wrong"}
        )
        assert wrong.code == 5
        assert "refused the keys" in wrong.err
        assert "LSQ_SECRET_KEY" in wrong.err
        assert "Traceback" not in wrong.err
        outcomes = {result["Outcome"] for result in read_csv(run_folder(tmp_path / "out") / "results.csv")}
        assert outcomes == {"not_sent"}
        right = lsq_import("run", "visits.csv", "-m", "visits.yaml", "--out", "out", env=fake.env)
    assert (right.code, len(fake.activities)) == (0, 100)
    run_folder(tmp_path / "out")  # the same run went on, under its own id


def test_a_throttled_call_goes_again_after_a_pause(lsq_import: Command, tmp_path: Path) -> None:
    """A call refused for going too fast was not executed; it is made again, and nothing is lost or doubled."""
    write_csv(tmp_path / "visits.csv", [visit(number) for number in range(1, 101)])
    (tmp_path / "visits.yaml").write_text(MAPPING, encoding="utf-8")
    with fake_lsq(limit=(2, 0.5)) as fake:
        fast = ("--bulk-rate", "25/0.5s")
        ran = lsq_import("run", "visits.csv", "-m", "visits.yaml", "--json", *fast, env=fake.env)
    summary = json.loads(ran.out)
    assert (ran.code, summary["counts"]["created"], len(fake.activities)) == (0, 100, 100)
    assert fake.throttled == summary["api"]["throttled"] > 0


def test_stop_on_invalid_sends_nothing_if_any_row_is_bad(lsq_import: Command, tmp_path: Path) -> None:
    """--on-invalid stop makes no call when a single row is invalid, wherever it is."""
    write_csv(tmp_path / "visits.csv", [visit(number) for number in range(1, 2500)] + [visit(2500, **BAD)])
    (tmp_path / "visits.yaml").write_text(MAPPING, encoding="utf-8")
    with fake_lsq() as fake:
        ran = lsq_import("run", "visits.csv", "-m", "visits.yaml", "--on-invalid", "stop", "--json", env=fake.env)
    assert (ran.code, fake.calls, fake.activities) == (1, [], [])
    assert json.loads(ran.out)["counts"]["not_sent"] == 2499


def test_stop_on_invalid_says_how_all_rows_get_there(lsq_import: Command, tmp_path: Path) -> None:
    """The to-fix file holds the bad rows only: whoever imported nothing but that would lose the good ones."""
    write_csv(tmp_path / "visits.csv", [visit(1), visit(2, **BAD), visit(3)])
    (tmp_path / "visits.yaml").write_text(MAPPING, encoding="utf-8")
    command = ("run", "visits.csv", "-m", "visits.yaml", "--on-invalid", "stop")
    with fake_lsq() as fake:
        ran = lsq_import(*command, env=fake.env)
    assert "nothing was sent, the good rows neither" in ran.err
    assert f"lsq-import {' '.join(command)}" in ran.err
    assert "to-fix.csv -m" not in ran.err


def test_limit_reads_only_the_first_rows(lsq_import: Command, tmp_path: Path) -> None:
    """--limit counts the rows of all sources together, and the rest is not read."""
    write_csv(tmp_path / "a.csv", [visit(number) for number in range(1, 4)])
    write_csv(tmp_path / "b.csv", [visit(number) for number in range(4, 9)])
    (tmp_path / "visits.yaml").write_text(MAPPING, encoding="utf-8")
    with fake_lsq() as fake:
        ran = lsq_import("run", "a.csv", "b.csv", "-m", "visits.yaml", "--limit", "5", "--json", env=fake.env)
    assert (ran.code, json.loads(ran.out)["counts"]["read"], len(fake.activities)) == (0, 5, 5)
    assert [source["rows"] for source in json.loads(ran.out)["sources"]] == [3, 2]


def test_a_dry_run_sends_nothing_and_writes_the_exact_bodies(lsq_import: Command, tmp_path: Path) -> None:
    """What --dry-run writes is, byte for byte, what the run after it sends."""
    thousand_rows(tmp_path)
    with fake_lsq() as fake:
        dry = lsq_import("run", "visits.csv", "-m", "visits.yaml", "--dry-run", "--out", "dry", env=fake.env)
        assert (dry.code, fake.requests) == (1, [])
        lines = (run_folder(tmp_path / "dry") / "payloads.jsonl").read_bytes().splitlines()
        lsq_import("run", "visits.csv", "-m", "visits.yaml", "--out", "wet", env=fake.env)
    payloads = [json.loads(line) for line in lines]
    assert {(payload["method"], payload["path"]) for payload in payloads} == {
        ("POST", "/v2/ProspectActivity.svc/Bulk/CustomActivity/Add/ByLeadId")
    }
    own = ("ProspectActivityId", "LeadId", "Call", "RowNumber", "At")
    sent = [{key: value for key, value in row.items() if key not in own} for row in fake.activities]
    assert sorted(map(json.dumps, sent)) == sorted(json.dumps(row) for payload in payloads for row in payload["body"])


def test_several_sources_make_one_run_with_a_to_fix_file_each(lsq_import: Command, tmp_path: Path) -> None:
    """Rows of two files are imported in order, and each file's bad rows are listed in a file named after it."""
    write_csv(tmp_path / "north.csv", [visit(1), visit(2, **BAD)])
    write_csv(tmp_path / "south.csv", [visit(3, **BAD), visit(4)])
    (tmp_path / "visits.yaml").write_text(MAPPING, encoding="utf-8")
    with fake_lsq() as fake:
        lsq_import("run", "north.csv", "south.csv", "-m", "visits.yaml", "--out", "out", env=fake.env)
    folder = run_folder(tmp_path / "out")
    assert {path.name for path in folder.iterdir()} == {
        "results.csv",
        "summary.json",
        "to-fix-north.csv",
        "to-fix-south.csv",
    }
    results = [(result["Source"], result["Row"], result["Outcome"]) for result in read_csv(folder / "results.csv")]
    assert results == [
        ("north.csv", "2", "created"),
        ("north.csv", "3", "invalid"),
        ("south.csv", "2", "invalid"),
        ("south.csv", "3", "created"),
    ]


def test_the_report_can_be_written_again_from_the_ledger(lsq_import: Command, tmp_path: Path) -> None:
    """`report` writes the same files, byte for byte, that the run wrote."""
    thousand_rows(tmp_path)
    with fake_lsq() as fake:
        lsq_import("run", "visits.csv", "-m", "visits.yaml", "--out", "out", env=fake.env)
    folder = run_folder(tmp_path / "out")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    for path in folder.iterdir():
        path.unlink()
    assert lsq_import("report").code == 0
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
