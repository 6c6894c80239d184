"""Each of the six roads with real rows, against a server that is not the sandbox."""

import csv
import io
import json
from pathlib import Path

import pytest

from tests.conftest import Command
from tests.end_to_end.roads import FAST, ROADS, ROWS, expected, run, write
from tests.fake_lsq import FakeLsq, fake_lsq
from tests.rows import read_csv

MAKERS = ("single_by_email", "lead_and_activity", "lead_and_activity_async")
"""Roads that make a lead of whoever is not known."""

PATHS = {
    "bulk_by_lead_id": "/v2/ProspectActivity.svc/Bulk/CustomActivity/Add/ByLeadId",
    "bulk_by_lead_field": "/v2/ProspectActivity.svc/Bulk/CustomActivity/Add/ByLeadField?searchBy=EmailAddress",
    "single_by_lead_id": "/v2/ProspectActivity.svc/Create",
    "single_by_email": "/v2/ProspectActivity.svc/Create",
    "lead_and_activity": "/v2/ProspectActivity.svc/CreateCustom",
    "lead_and_activity_async": "/activity/createcustom",
}


def counts_of(out: str) -> dict[str, int]:
    """The counts of a summary that are not nought."""
    return {name: count for name, count in json.loads(out)["counts"].items() if count}


def results_of(folder: Path, out: str) -> list[dict[str, str]]:
    """The lines of results.csv."""
    return read_csv(folder / "out" / json.loads(out)["run_id"] / "results.csv")


def posts_to(fake: FakeLsq, path: str) -> int:
    """How often something was posted there."""
    return fake.requests.count(("POST", path))


@pytest.mark.parametrize("road", ROADS)
def test_thirty_rows_arrive_once_each_with_every_value_as_it_must_be(
    road: str, lsq_import: Command, tmp_path: Path
) -> None:
    """Posted whole, to the last member; reported row by row; run again, nothing is sent."""
    write(tmp_path, road)
    with fake_lsq() as fake:
        first = run(lsq_import, "--yes", env=fake.queue_env)
        calls = len(fake.calls)
        again = run(lsq_import, "--yes", env=fake.queue_env)
    assert first.code == 0, first.err
    wanted = {row["Code"]: expected(road, row) for row in ROWS}
    arrived = {
        each.get("Activity", each)["Fields"][0]["Value"]: (each, kept["ProspectActivityId"])
        for each, kept in zip(fake.posted(), fake.activities, strict=True)
    }
    assert {code: each for code, (each, _) in arrived.items()} == wanted
    assert len(fake.activities) == len(ROWS)
    results = results_of(tmp_path, first.out)
    assert [each["Outcome"] for each in results] == ["created"] * len(ROWS)
    assert [each["ProspectActivityId"] for each in results] == [arrived[row["Code"]][1] for row in ROWS]
    key = "Lead ID" if road.endswith("lead_id") else "E-mail"
    assert [each["Lead"] for each in results] == [row[key] for row in ROWS]
    assert posts_to(fake, PATHS[road]) == calls == (2 if road.startswith("bulk") else 30)
    assert (again.code, counts_of(again.out), len(fake.calls)) == (0, {"read": 30, "duplicate": 30}, calls)
    assert fake.faux_pas == []


@pytest.mark.parametrize("road", MAKERS[1:])
def test_leads_get_their_attributes(road: str, lsq_import: Command, tmp_path: Path) -> None:
    """A lead that is known is updated, one that is not is made; field sets of leads arrive as such."""
    write(tmp_path, road)
    with fake_lsq(leads={"known": {"EmailAddress": "lead1@example.com", "mx_City": "Delhi"}}) as fake:
        assert run(lsq_import, "--yes", env=fake.queue_env).code == 0
    assert len(fake.leads) == len(ROWS)
    assert fake.leads["known"] == {
        "EmailAddress": "lead1@example.com",
        "FirstName": "Zoë 1",
        "mx_City": "Pune",
        "mx_KYC": {"Status": "Pending", "mx_CustomObject_1": "scan-1.png"},
    }


def test_new_leads_get_their_names_and_known_ones_keep_theirs(lsq_import: Command, tmp_path: Path) -> None:
    """By e-mail address, as page 000 says."""
    write(tmp_path, "single_by_email")
    with fake_lsq(leads={"known": {"EmailAddress": "lead1@example.com", "FirstName": "Asha"}}) as fake:
        assert run(lsq_import, "--yes", env=fake.env).code == 0
    assert fake.leads["known"]["FirstName"] == "Asha"
    assert len(fake.leads) == len(ROWS)
    assert fake.activities[0]["LeadId"] == "known"
    made = next(each for each in fake.leads.values() if each["EmailAddress"] == "lead4@example.com")
    assert made == {"EmailAddress": "lead4@example.com", "FirstName": "Zoë 4", "Phone": ROWS[3]["Phone"]}


def test_the_score_of_a_lead_comes_into_the_report(lsq_import: Command, tmp_path: Path) -> None:
    """Under whatever name it came, beside a row that was created."""
    write(tmp_path, "single_by_lead_id", ROWS[:2])
    with fake_lsq() as fake:
        ran = run(lsq_import, env=fake.env)
    assert [each["Message"] for each in results_of(tmp_path, ran.out)] == ["LeadScore 10"] * 2


@pytest.mark.parametrize("road", MAKERS)
def test_roads_that_make_leads_want_a_word_first(road: str, lsq_import: Command, tmp_path: Path) -> None:
    """Without --yes, and nobody there to be asked, nothing is sent; how many leads are new is told all the same."""
    write(tmp_path, road)
    with fake_lsq() as fake:
        ran = run(lsq_import, env=fake.queue_env)
    assert (ran.code, fake.calls, fake.activities) == (2, [], [])
    assert {method for method, _ in fake.requests} == {"GET"}
    assert "which addresses are new could not be asked." in ran.err
    assert f"The route {road} makes a new lead for every row whose lead is not known" in ran.err
    assert "--yes" in ran.err


@pytest.mark.parametrize("road", ROADS)
def test_a_row_that_is_refused_is_rejected_alone(road: str, lsq_import: Command, tmp_path: Path) -> None:
    """With LeadSquared's own words; the others are created, and `retry` sends just this one."""
    write(tmp_path, road, ROWS[:4])
    bad = ROWS[2]["E-mail"] if "lead_id" not in road else ROWS[2]["Lead ID"]
    words = "Lead does not exist"
    with fake_lsq(missing_leads={bad}, queue_fails={bad: words}) as fake:
        ran = run(lsq_import, "--yes", env=fake.queue_env)
        results = results_of(tmp_path, ran.out)
        fake.missing_leads.clear()
        fake.queue_fails.clear()
        retried = lsq_import("retry", *FAST, "--json", env=fake.queue_env)
    if road == "lead_and_activity":
        assert counts_of(ran.out) == {"read": 4, "created": 4}  # whoever is missing is made
        return
    assert (ran.code, [each["Outcome"] for each in results]) == (1, ["created", "created", "rejected", "created"])
    assert words in results[2]["Message"]
    assert (retried.code, counts_of(retried.out)) == (0, {"read": 4, "created": 4})
    assert len(fake.activities) == 4


@pytest.mark.parametrize("road", ROADS)
def test_lost_answers_are_settled_by_reading_back(road: str, lsq_import: Command, tmp_path: Path) -> None:
    """Connections are cut after the rows were written; with an import key each is found, and none is sent again."""
    write(tmp_path, road, ROWS[:12], "import_key: {field: mx_Custom_15}")
    with fake_lsq(cut=lambda number: number % 4 == 1) as fake:
        ran = run(lsq_import, "--yes", env=fake.queue_env)
        again = run(lsq_import, "--yes", env=fake.queue_env)
    assert (ran.code, counts_of(ran.out)) == (0, {"read": 12, "created": 12}), ran.err
    assert (again.code, counts_of(again.out)) == (0, {"read": 12, "duplicate": 12})
    assert len(fake.activities) == 12
    ids = {each["ProspectActivityId"] for each in fake.activities}
    assert {each["ProspectActivityId"] for each in results_of(tmp_path, ran.out)} == ids


@pytest.mark.parametrize("counts", ["page", "row"])
def test_what_was_imported_is_listed(counts: str, lsq_import: Command, tmp_path: Path) -> None:
    """130 activities of one lead, in pages of 25, whatever Offset counts; field sets unfolded."""
    lead = ROWS[0]["Lead ID"]
    rows = [row | {"Lead ID": lead, "Code": f"{number:04}"} for number, row in enumerate(ROWS * 5)][:130]
    write(tmp_path, "bulk_by_lead_id", rows)
    with fake_lsq(offset_counts=counts) as fake:
        assert run(lsq_import, env=fake.env).code == 0
        listed = lsq_import("activities", lead, "--event", 201, "--format", "json", env=fake.env)
        as_csv = lsq_import("activities", lead, "--format", "csv", env=fake.env)
        none = lsq_import("activities", lead, "--event", 9, env=fake.env)
    found = json.loads(listed.out)
    assert (listed.code, len(found)) == (0, 130)
    assert sorted(each["ActivityFields"]["mx_Custom_1"] for each in found) == [f"{number:04}" for number in range(130)]
    assert found[0]["ActivityFields"]["mx_Custom_10"] == {"Status": "Pending", "mx_CustomObject_1": "scan-1.png"}
    assert {each["Id"] for each in found} == {each["ProspectActivityId"] for each in fake.activities}
    assert len(list(csv.DictReader(io.StringIO(as_csv.out)))) == 130
    assert "no such activities" in none.out


@pytest.mark.parametrize(
    "options", [(), ("process_files_async",), ("process_files_async", "validate_dropdown_options")]
)
@pytest.mark.parametrize("road", ROADS)
def test_options_are_passed_on(options: tuple[str, ...], road: str, lsq_import: Command, tmp_path: Path) -> None:
    """Beside the note and the date of the activity, as JSON's true; absent unless they are asked for."""
    write(tmp_path, road, ROWS[:1])
    text = (tmp_path / "visits.yaml").read_text(encoding="utf-8")
    asked = "".join(f"  {name}: true\n" for name in options)
    (tmp_path / "visits.yaml").write_text(text.replace("  event: 201\n", f"  event: 201\n{asked}"), encoding="utf-8")
    ran = lsq_import("preview", "visits.csv", "-m", "visits.yaml")
    assert ran.code == 0, ran.err
    assert ran.out.count('"ProcessFilesAsync": true') == ("process_files_async" in options)
    assert ran.out.count('"ValidateDropDownOptions": true') == ("validate_dropdown_options" in options)
