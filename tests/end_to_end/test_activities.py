"""Reading activities: of one lead, and of the leads of a file."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from importer.cli.listing import CsvListing, TableListing
from importer.sandbox.seeds import demo_leads
from importer.sandbox.server import SandboxServer
from importer.sandbox.settings import Rate, SandboxSettings
from tests.conftest import Command
from tests.sandbox.calling import CREATE, Api, visit

LEADS = demo_leads(4)
SETTINGS = SandboxSettings(rate=None, retrieve_cap=25)


@pytest.fixture(scope="module", params=["page", "row"])
def server(request: pytest.FixtureRequest) -> Iterator[SandboxServer]:
    """An account in which the first lead has 30 activities, the second one, the third none."""
    settings = SandboxSettings(rate=None, retrieve_cap=25, offset=request.param)
    api = Api(settings)
    for number in range(30):
        body = visit(LEADS[0].id, ActivityNote=f"=note {number}")
        assert api.post(CREATE, body).status == 200
    api.post(CREATE, visit(LEADS[1].id, ActivityNote="one"))
    yield api.server
    api.stop()


def env_of(server: SandboxServer) -> dict[str, str]:
    """The environment that points there."""
    return {"LSQ_HOST": server.url, "LSQ_ACCESS_KEY": SETTINGS.access_key, "LSQ_SECRET_KEY": SETTINGS.secret_key}


def rows_of(text: str) -> list[dict[str, str]]:
    """The lines of a CSV text."""
    return list(csv.DictReader(io.StringIO(text)))


def write(path: Path, *cells: str) -> None:
    """A CSV file with a column of leads."""
    path.write_text("\n".join(["Name,Lead ID", *(f"x,{cell}" for cell in cells)]) + "\n", encoding="utf-8")


def test_all_pages_of_one_lead_are_listed(lsq_import: Command, server: SandboxServer) -> None:
    """Thirty activities in pages of twenty-five, whatever Offset counts, in each format."""
    env = env_of(server)
    listed = lsq_import("activities", LEADS[0].id.upper(), "--format", "json", env=env)
    assert listed.code == 0
    assert len({activity["Id"] for activity in json.loads(listed.out)}) == 30
    as_csv = rows_of(lsq_import("activities", LEADS[0].id, "--format", "csv", "--event", 201, env=env).out)
    assert sorted(row["Note"] for row in as_csv) == sorted(f"'=note {number}" for number in range(30))
    assert lsq_import("activities", LEADS[2].id, "--format", "json", env=env).out.split() == ["[", "]"]
    assert "no such activities" in lsq_import("activities", LEADS[2].id, env=env).out


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_leads_of_a_file_are_read_each_once(
    kind: str, lsq_import: Command, server: SandboxServer, tmp_path: Path
) -> None:
    """A CSV file and a workbook; a lead that stands there twice is read once."""
    ids = [LEADS[0].id, LEADS[1].id, LEADS[0].id.upper(), LEADS[2].id]
    if kind == "csv":
        write(tmp_path / "leads.csv", *ids)
    else:
        book = openpyxl.Workbook()
        for row in (("Name", "Lead ID"), *(("x", each) for each in ids)):
            book.worksheets[0].append(row)
        book.save(tmp_path / "leads.xlsx")
    asked = ("activities", "--from", f"leads.{kind}", "--column", "Lead ID")
    listed = lsq_import(*asked, "--format", "csv", env=env_of(server))
    assert listed.code == 0, listed.err
    rows = rows_of(listed.out)
    assert [row["Lead"] for row in rows] == [LEADS[0].id] * 30 + [LEADS[1].id]
    assert len({row["Id"] for row in rows}) == 31
    assert "31 activities of 3 leads; 1 row named a lead again." in listed.err
    as_json = lsq_import(*asked, "--format", "json", env=env_of(server))
    assert [each["RelatedProspectId"] for each in json.loads(as_json.out)] == [row["Lead"] for row in rows]
    table = lsq_import(*asked, env=env_of(server)).out
    assert f"{LEADS[1].id}: 1 activity\n" in table
    assert f"{LEADS[2].id}: 0 activities\n" in table


def test_rows_without_a_lead_id_are_named(lsq_import: Command, server: SandboxServer, tmp_path: Path) -> None:
    """With their row numbers; the others are read all the same, and the exit code is 1."""
    write(tmp_path / "leads.csv", LEADS[1].id, "", "not-an-id", f"{LEADS[0].id},beyond", f" {LEADS[2].id} ")
    listed = lsq_import(
        "activities", "--from", "leads.csv", "--column", "Lead ID", "--format", "json", env=env_of(server)
    )
    assert listed.code == 1
    assert len(json.loads(listed.out)) == 1
    assert "leads.csv, row 3: there is no lead id." in listed.err
    assert 'leads.csv, row 4: "not-an-id" is not a lead id.' in listed.err
    assert "leads.csv, row 5: " in listed.err
    assert "1 activity of 2 leads; 0 leads not read, 3 rows without a lead id." in listed.err


def test_refused_keys_stop_at_once(lsq_import: Command, server: SandboxServer, tmp_path: Path) -> None:
    """Exit code 5, and no second lead is asked for."""
    write(tmp_path / "leads.csv", *(lead.id for lead in LEADS))
    before = len(server.store.calls.all())
    wrong = env_of(server) | {"LSQ_SECRET_KEY": "wrong"}
    listed = lsq_import("activities", "--from", "leads.csv", "--column", "Lead ID", env=wrong)
    assert (listed.code, len(server.store.calls.all()) - before) == (5, 1)
    assert "refused the keys" in listed.err
    assert lsq_import("activities", LEADS[0].id, env=wrong).code == 5


def test_leads_are_read_at_the_account_s_rate(lsq_import: Command, tmp_path: Path) -> None:
    """An account that allows three calls in a short while is never asked too fast, once it has said so."""
    with SandboxServer(SandboxSettings(rate=Rate(3, 0.5))) as server:
        write(tmp_path / "leads.csv", LEADS[2].id, LEADS[3].id)
        env = env_of(server) | {"LSQ_RATE": "3/0.5s"}
        listed = lsq_import("activities", "--from", "leads.csv", "--column", "Lead ID", env=env)
        assert (listed.code, {call.throttled for call in server.store.calls.all()}) == (0, {False})


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "Neither a lead id nor a file"),
        ((LEADS[0].id, "--from", "leads.csv"), "A lead id and a file"),
        ((LEADS[0].id, "--column", "Lead ID"), "--column goes with --from"),
        (("me",), '"me" is not a lead id'),
        (("--from", "leads.csv"), "The columns of the file are Name, Lead ID."),
        (("--from", "leads.csv", "--column", "Lead id"), 'Did you mean "Lead ID"?'),
        (("--from", "nowhere.csv", "--column", "Lead ID"), "no file"),
    ],
)
def test_what_can_t_be_meant_is_told(
    arguments: tuple[Any, ...], words: str, lsq_import: Command, server: SandboxServer, tmp_path: Path
) -> None:
    """Exit code 2, with what to write."""
    write(tmp_path / "leads.csv", LEADS[0].id)
    ran = lsq_import("activities", *arguments, env=env_of(server))
    assert (ran.code, words in ran.err) == (2, True), ran.err


KYC = json.dumps({"Status": "Pending", "mx_CustomObject_1": "a;b.pdf"})
LISTED: list[dict[str, Any]] = [
    {"Id": "1", "EventCode": 201, "ActivityFields": {"mx_Custom_10": "ten", "mx_Custom_2": "=2", "CreatedOn": "x"}},
    {"Id": "2", "EventCode": 201, "ActivityFields": {"mx_Custom_2": None, "mx_KYC": KYC}},
    {"Id": "3", "EventCode": 201, "ActivityFields": None, "Data": [{"Key": "NotableEventDescription", "Value": "n"}]},
]


def test_csv_has_a_column_for_each_field() -> None:
    """Whichever activity has it, in natural order; those of a field set by themselves, and nothing run together."""
    listing = CsvListing(several_leads=True)
    lines = [*listing.begin(), *listing.lead("a", LISTED[:2]), *listing.lead("b", LISTED[2:]), *listing.end()]
    rows = rows_of("\n".join(lines))
    facts = ["Lead", "Id", "EventCode", "EventName", "CreatedOn", "ModifiedOn", "Note"]
    fields = ["Fields.CreatedOn", "mx_Custom_2", "mx_Custom_10", "mx_KYC.Status", "mx_KYC.mx_CustomObject_1"]
    assert list(rows[0]) == facts + fields
    assert [[row[name] for name in fields] for row in rows] == [
        ["x", "'=2", "ten", "", ""],
        ["", "", "", "Pending", "a;b.pdf"],
        [""] * 5,
    ]
    assert [(row["Lead"], row["EventCode"], row["Note"]) for row in rows] == [
        ("a", "201", ""),
        ("a", "201", ""),
        ("b", "201", "n"),
    ]


def test_the_table_is_for_people() -> None:
    """Fields are shown by name, empty ones not at all."""
    shown = "\n".join(TableListing(several_leads=False).lead("a", LISTED[1:2]))
    assert "mx_KYC.Status: Pending, mx_KYC.mx_CustomObject_1: a;b.pdf" in shown
    assert "{" not in shown
    assert "mx_Custom_2" not in shown
