"""The API's five pages: what a mapping makes of a row is the page's request, and the page's answer is understood.

`NNN.request.json` and `NNN.response.json` are the pages' own examples, word for word; `NNN.yaml` and `NNN.csv` are how
somebody would ask for them with a spreadsheet.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from importer.cli.listing import unfolded
from importer.leadsquared.calls import Answer, Call, Ending
from importer.leadsquared.conversations import held
from importer.leadsquared.retrieving import activities_of
from importer.leadsquared.routes import CallClass
from importer.leadsquared.verdicts import Accepted, Settled, verdict_of
from tests.conftest import Command

HERE = Path(__file__).parent

PATHS = {
    "000": "/v2/ProspectActivity.svc/Create",
    "001": "/activity/createcustom",
    "002": "/v2/ProspectActivity.svc/Create",
    "003": "/v2/ProspectActivity.svc/Bulk/CustomActivity/Add/ByLeadId",
}
"""The address that each page gives, below its host."""


def page(name: str) -> Any:
    """One of the pages' examples."""
    return json.loads((HERE / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("number", PATHS)
def test_the_request_of_a_page_is_what_its_mapping_makes(number: str, lsq_import: Command, tmp_path: Path) -> None:
    """Method, address and body, member for member and in order, by a dry run over a spreadsheet."""
    options = ("--dry-run", "--sandbox", "--out", "out")
    ran = lsq_import("run", HERE / f"{number}.csv", "-m", HERE / f"{number}.yaml", *options)
    assert ran.code == 0, ran.err
    (written,) = tmp_path.rglob("payloads.jsonl")
    (line,) = written.read_text(encoding="utf-8").splitlines()
    call = json.loads(line)
    wanted = page(f"{number}.request.json")
    if number == "001":
        # Where the date belongs, the page writes its form.
        assert wanted["Activity"]["ActivityDateTime"] == "yyyy-MM-dd HH:mm:ss"
        wanted["Activity"]["ActivityDateTime"] = "2016-07-07 10:55:00"
    assert (call["method"], call["path"]) == ("POST", PATHS[number])
    assert json.dumps(call["body"]) == json.dumps(wanted)


@pytest.mark.parametrize("number", ["000", "002", "003"])
def test_the_answer_of_a_page_is_understood(number: str) -> None:
    """Every row of the example was created, under the id that the page shows."""
    answer = page(f"{number}.response.json")
    request = page(f"{number}.request.json")
    bulk = isinstance(request, list)
    ids = [row["ProspectActivityId"] for row in answer["Response"]] if bulk else [answer["Message"]["Id"]]
    rows = len(request) if bulk else 1
    verdict = verdict_of(Answer(200, json.dumps(answer).encode()), rows, CallClass.BULK if bulk else CallClass.SINGLE)
    assert isinstance(verdict, Settled)
    assert [(receipt.created, receipt.activity_id) for receipt in verdict.receipts] == [(True, each) for each in ids]


def test_the_answer_of_the_queue_is_understood() -> None:
    """Page 001: accepted, which is not created; the number is kept without the blank that the page has before it."""
    answer = page("001.response.json")
    assert answer["RequestID"].startswith(" ")
    verdict = verdict_of(Answer(200, json.dumps(answer).encode()), 1, CallClass.ASYNC)
    assert verdict == Accepted("571dfc10-d3e6-4511-8d33-c7a7ad8c236c")


def test_the_activities_of_a_lead_are_read_as_the_page_shows_them() -> None:
    """Page 004: lead in the query, type and paging in the body; fields of custom objects come unfolded."""
    calls: list[Call] = []

    def send(call: Call) -> Ending:
        calls.append(call)
        first = len(calls) == 1
        body = page("004.response.json") if first else {"RecordCount": 2, "ProspectActivities": []}
        return Answer(200, json.dumps(body).encode())

    lead = "3a6d5ea2-400e-4a2f-a728-fbfa0b0c1ddf"
    found = held(activities_of(lead, 201), send)
    asked = json.loads(calls[0].body or b"")
    wanted = page("004.request.json")
    assert (calls[0].method, calls[0].path, calls[0].query) == (
        "POST",
        "ProspectActivity.svc/Retrieve",
        (("leadId", lead),),
    )
    assert (asked["Parameter"], asked["Paging"]["Offset"]) == (wanted["Parameter"], wanted["Paging"]["Offset"])
    assert asked["Paging"].keys() == wanted["Paging"].keys()
    assert found == page("004.response.json")["ProspectActivities"]
    fields = unfolded(found[1])["ActivityFields"]
    assert fields["mx_Custom_1"] == {
        "mx_CustomObject_1": "b35f52a3.png,8c06d158.png",
        "mx_CustomObject_2": "3bf3b3ff.png",
        "ModifiedByName": "Mangesh V. Devikar ",
        "ModifiedOn": "2018-11-28 03:49:51",
        "Status": "Pending",
    }
    assert (fields["Status"], fields["Owner"]) == ("Active", "bf8ce802-836f-11e7-8758-0a106ee76b21")
