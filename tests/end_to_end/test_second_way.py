"""Rows that lack the key of the first way take the second one; each row's road stands in results.csv."""

import json
from pathlib import Path

import pytest

from tests.conftest import Command
from tests.end_to_end.roads import HEADER, ROWS, details, expected, mapping_of, row, run
from tests.end_to_end.test_roads import counts_of, results_of
from tests.fake_lsq import fake_lsq
from tests.rows import write_csv

FIELD = "{route: bulk_by_lead_field, search_by: EmailAddress, value: {column: E-mail, type: email}}"
KYC = "{fields: {Status: {constant: Pending}, mx_CustomObject_1: File}}"
ATTRIBUTES = f"{{EmailAddress: E-mail, FirstName: First, mx_City: City, mx_KYC: {KYC}}}"
SECONDS = {
    "bulk_by_lead_field": FIELD,
    "single_by_email": "{route: single_by_email, email: E-mail, first_name: First, last_name: Last, phone: Phone}",
    "lead_and_activity": f"{{route: lead_and_activity, search_by: EmailAddress, attributes: {ATTRIBUTES}}}",
    "lead_and_activity_async": f"{{route: lead_and_activity_async, search_by: EmailAddress, attributes: {ATTRIBUTES}}}",
}


def write(folder: Path, rows: list[dict[str, str]], first: str, second: str, more: str = "") -> None:
    """Rows and a mapping of two ways."""
    write_csv(folder / "visits.csv", rows, HEADER)
    text = mapping_of(first, more).replace("activity:\n", f"  otherwise: {SECONDS[second]}\nactivity:\n", 1)
    (folder / "visits.yaml").write_text(text, encoding="utf-8")


MIXED = [each | ({"Lead ID": " "} if number % 3 == 0 else {}) for number, each in enumerate(ROWS, start=1)]
"""Every third row has no lead id."""


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("bulk_by_lead_id", "bulk_by_lead_field"),
        ("single_by_lead_id", "single_by_email"),
        ("single_by_lead_id", "lead_and_activity_async"),
    ],
)
def test_each_row_takes_its_own_road(first: str, second: str, lsq_import: Command, tmp_path: Path) -> None:
    """Thirty rows, every value as it must be on its road; run again, nothing is sent."""
    write(tmp_path, MIXED, first, second)
    with fake_lsq() as fake:
        ran = run(lsq_import, "--yes", env=fake.queue_env)
        calls = len(fake.calls)
        again = run(lsq_import, "--yes", env=fake.queue_env)
    assert ran.code == 0, ran.err
    assert f"rows that lack the key of that way go by {second}; if all of them do, that is " in ran.err
    roads = [second if each["Lead ID"] == " " else first for each in MIXED]
    wanted = {each["Code"]: expected(road, each) for each, road in zip(MIXED, roads, strict=True)}
    arrived = {each.get("Activity", each)["Fields"][0]["Value"]: each for each in fake.posted()}
    assert arrived == wanted
    results = results_of(tmp_path, ran.out)
    assert [(each["Outcome"], each["Route"]) for each in results] == [("created", road) for road in roads]
    leads = [each["E-mail"] if road == second else each["Lead ID"] for each, road in zip(MIXED, roads, strict=True)]
    assert [each["Lead"] for each in results] == leads
    assert calls == (2 if first.startswith("bulk") else 30)
    assert (again.code, counts_of(again.out), len(fake.calls)) == (0, {"read": 30, "duplicate": 30}, calls)
    assert fake.faux_pas == []


def test_a_row_that_fits_neither_way_is_an_issue(lsq_import: Command, tmp_path: Path) -> None:
    """As is one whose first key is there and wrong: it is never sent the other way instead."""
    rows = [row(1), row(2) | {"Lead ID": "", "E-mail": ""}, row(3) | {"Lead ID": "me"}, row(4) | {"Lead ID": ""}]
    rows.append(row(5) | {"Lead ID": "", "E-mail": "me"})
    write(tmp_path, rows, "bulk_by_lead_id", "bulk_by_lead_field")
    with fake_lsq() as fake:
        ran = run(lsq_import, env=fake.env)
        results = results_of(tmp_path, ran.out)
        to_fix = tmp_path / "out" / json.loads(ran.out)["run_id"] / "to-fix.csv"
        fixed = to_fix.read_text(encoding="utf-8").replace(",me,", ",fixed@example.com,", 2)
        fixed = fixed.replace("\nme,", f"\n{ROWS[6]['Lead ID']},", 1).replace("\n,,", "\n,other@example.com,", 1)
        to_fix.write_text(fixed, encoding="utf-8")
        last = lsq_import("run", to_fix, "-m", "visits.yaml", "--out", "fixed", "--json", env=fake.env)
    assert [each["Outcome"] for each in results] == ["created", "invalid", "invalid", "created", "invalid"]
    ways = ["bulk_by_lead_id", "", "bulk_by_lead_id", "bulk_by_lead_field", "bulk_by_lead_field"]
    assert [each["Route"] for each in results] == ways
    assert [each["Code"] for each in results] == ["", "lead-missing", "guid-malformed", "", "email-malformed"]
    assert (last.code, counts_of(last.out)) == (0, {"read": 3, "created": 3}), last.err
    assert len(fake.activities) == 5


def test_rows_that_are_the_same_by_their_columns_are_counted_across_both_ways(
    lsq_import: Command, tmp_path: Path
) -> None:
    """Two rows of one note, one by id and one by address, are two activities, and are recognised again."""
    alike = [row(1), row(1) | {"Lead ID": ""}, row(2) | {"Lead ID": ""}, row(2)]
    write(tmp_path, alike, "bulk_by_lead_id", "bulk_by_lead_field", "duplicates: {key: [Note]}")
    with fake_lsq() as fake:
        ran = run(lsq_import, env=fake.env)
        again = run(lsq_import, env=fake.env)
    assert (ran.code, counts_of(ran.out)) == (0, {"read": 4, "created": 4}), ran.err
    assert (again.code, counts_of(again.out)) == (0, {"read": 4, "duplicate": 4})
    assert len(fake.activities) == 4


@pytest.mark.parametrize("second", ["bulk_by_lead_field", "lead_and_activity"])
def test_lost_answers_are_settled_on_both_ways(second: str, lsq_import: Command, tmp_path: Path) -> None:
    """Every answer of the second half is lost; each row is found by its key, and none is there twice."""
    first = "bulk_by_lead_id" if second.startswith("bulk") else "single_by_lead_id"
    write(tmp_path, MIXED[:12], first, second, "import_key: {field: mx_Custom_15}")
    with fake_lsq(cut=lambda number: number % 2 == 0) as fake:
        ran = run(lsq_import, "--yes", env=fake.env)
    assert (ran.code, counts_of(ran.out)) == (0, {"read": 12, "created": 12}), ran.err
    assert len(fake.activities) == 12


def test_a_second_way_that_makes_leads_wants_a_word_first(lsq_import: Command, tmp_path: Path) -> None:
    """And one through the queue wants its keys: nothing is sent before either."""
    write(tmp_path, MIXED, "single_by_lead_id", "single_by_email")
    with fake_lsq() as fake:
        ran = run(lsq_import, env=fake.env)
        write(tmp_path, MIXED, "single_by_lead_id", "lead_and_activity_async")
        keyless = run(lsq_import, "--yes", env=fake.env)
    assert (ran.code, keyless.code, fake.calls, fake.activities) == (2, 2, [], [])
    assert "which addresses are new could not be asked." in ran.err
    assert "The route single_by_email makes a new lead" in ran.err
    assert "LSQ_ASYNC_HOST and LSQ_API_KEY are not set" in keyless.err


def test_previews_and_dry_runs_show_both_roads(lsq_import: Command, tmp_path: Path) -> None:
    """Each call with the address of its road."""
    write(tmp_path, [row(1), row(2) | {"Lead ID": ""}], "single_by_lead_id", "lead_and_activity")
    seen = lsq_import("preview", "visits.csv", "-m", "visits.yaml")
    assert seen.code == 0, seen.err
    assert '"RelatedProspectId"' in seen.out
    assert '"LeadDetails"' in seen.out
    assert run(lsq_import, "--dry-run", "--yes", env={}).code == 0
    (written,) = tmp_path.rglob("payloads.jsonl")
    calls = [json.loads(line) for line in written.read_text(encoding="utf-8").splitlines()]
    assert {call["path"]: call["body"] for call in calls} == {
        "/v2/ProspectActivity.svc/Create": expected("single_by_lead_id", row(1)),
        "/v2/ProspectActivity.svc/CreateCustom": {
            "LeadDetails": details(row(2)),
            "Activity": expected("lead_and_activity", row(2))["Activity"],
        },
    }
