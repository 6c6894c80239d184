"""`Retrieve`: the activities of a lead, page by page."""

import json
from typing import Any

import pytest

from importer.sandbox.seeds import deleted_leads, demo_users
from importer.sandbox.settings import SandboxSettings

from .calling import BY_LEAD_ID, CREATE, FIRST_LEAD, RETRIEVE, SECOND_LEAD, Api, Start, Time, failure, visit


def post_many(api: Api, number: int) -> list[str]:
    """Post activities on the first lead, a minute apart; gives their ids, newest first."""
    ids: list[str] = []
    for first in range(0, number, 25):
        rows = [
            visit(ActivityDateTime=f"2026-01-31 {n // 60:02d}:{n % 60:02d}:00")
            for n in range(first, min(first + 25, number))
        ]
        ids += [row["ProspectActivityId"] for row in api.post(BY_LEAD_ID, rows).body["Response"]]
    return ids[::-1]


def page(api: Api, offset: object, count: object) -> dict[str, Any]:
    """One page of the first lead's activities."""
    body = {"Paging": {"Offset": offset, "RowCount": count}}
    answer: dict[str, Any] = api.post(RETRIEVE, body, leadId=FIRST_LEAD.id).body
    return answer


def ids_of(answer: dict[str, Any]) -> list[str]:
    """The ids on a page."""
    return [each["Id"] for each in answer["ProspectActivities"]]


def test_without_a_body_25_activities_come_newest_first(api: Api) -> None:
    """No body, an empty object and empty texts all give the latest 25 of all activities."""
    ids = post_many(api, 30)

    for body in (None, {}, {"Paging": {"Offset": "", "RowCount": ""}}, {"Parameter": None, "Paging": None}):
        reply = api.send("POST", RETRIEVE, json=body, params={"leadId": FIRST_LEAD.id})
        assert reply.body["RecordCount"] == 30
        assert ids_of(reply.body) == ids[:25]


def test_130_activities_are_walked_by_page_number(start: Start) -> None:
    """With Offset as page number and a cap of 25, pages 0 to 5 give every activity once, whatever RowCount asks for."""
    api = start(SandboxSettings(offset="page", retrieve_cap=25, bulk_rate=None))
    ids = post_many(api, 130)

    pages = [page(api, str(number), "100") for number in range(7)]

    assert [len(ids_of(each)) for each in pages] == [25, 25, 25, 25, 25, 5, 0]
    assert [each for answer in pages for each in ids_of(answer)] == ids
    assert {each["RecordCount"] for each in pages} == {130}


def test_130_activities_are_walked_by_row_number(start: Start) -> None:
    """With Offset as row number and a cap of 25, steps of 25 give every activity once; steps of 1 overlap."""
    api = start(SandboxSettings(offset="row", retrieve_cap=25, bulk_rate=None))
    ids = post_many(api, 130)

    steps = [ids_of(page(api, first, 100)) for first in range(0, 150, 25)]

    assert [each for step in steps for each in step] == ids
    assert ids_of(page(api, 1, 25)) == ids[1:26]


def test_one_page_can_have_a_thousand_rows_by_default(api: Api) -> None:
    """Without a special cap one call gives all 130, asked for as a number or as a text."""
    ids = post_many(api, 130)

    assert ids_of(page(api, 0, 1000)) == ids_of(page(api, "0", "5000")) == ids


def test_the_count_can_be_the_page_s(start: Start) -> None:
    """With retrieve_count `page`, RecordCount is the number of activities on the page."""
    api = start(SandboxSettings(retrieve_count="page"))
    post_many(api, 13)

    assert [page(api, number, 10)["RecordCount"] for number in (0, 1, 2)] == [10, 3, 0]


def test_activities_of_the_same_moment_are_paged_by_arrival(api: Api) -> None:
    """Activities with equal dates come in the order of arrival, the last one first, and each on one page only."""
    reply = api.post(BY_LEAD_ID, [visit(ActivityDateTime="2026-01-31 09:15:00")] * 20)

    pages = [ids_of(page(api, number, 7)) for number in range(3)]

    arrived = [row["ProspectActivityId"] for row in reply.body["Response"]]
    assert [each for ids in pages for each in ids] == arrived[::-1]


def test_activities_of_one_type_or_another_lead(api: Api) -> None:
    """ActivityEvent chooses a type, and other leads' activities never show."""
    api.post(CREATE, visit())
    api.post(CREATE, visit(SECOND_LEAD.id))

    for event, number in ((201, 1), ("201", 1), (202, 0), (999, 0)):
        reply = api.post(RETRIEVE, {"Parameter": {"ActivityEvent": event}}, leadId=FIRST_LEAD.id)
        assert reply.body["RecordCount"] == number


def test_a_lead_without_activities_has_an_empty_list(api: Api) -> None:
    """No activity, and no such lead, both give a count of 0 and an empty list."""
    for lead_id in (SECOND_LEAD.id, deleted_leads()[0]):
        assert api.post(RETRIEVE, {}, leadId=lead_id).body == {"RecordCount": 0, "ProspectActivities": []}


def test_the_lead_must_be_named(api: Api) -> None:
    """Without leadId it is called mandatory; a malformed one is invalid; the parameter's case doesn't matter."""
    missing = api.post(RETRIEVE, {})

    expected = failure(
        "MXMandatoryAttributeMissingException", "'leadId' is mandatory for retrieving activities of lead"
    )
    assert (missing.status, missing.body) == (500, expected)
    assert api.post(RETRIEVE, {}, leadId="123").body["ExceptionType"] == "MXInvalidInputException"
    assert api.post(RETRIEVE, {}, LeadId=FIRST_LEAD.id).status == 200


@pytest.mark.parametrize(
    "paging", [{"Offset": -1}, {"RowCount": "-5"}, {"Offset": "x"}, {"RowCount": 1.5}, {"Offset": True}]
)
def test_paging_must_be_whole_numbers(api: Api, paging: dict[str, object]) -> None:
    """What is no whole number from 0 on is an invalid input."""
    reply = api.post(RETRIEVE, {"Paging": paging}, leadId=FIRST_LEAD.id)

    name = next(iter(paging))
    assert reply.body == failure("MXInvalidInputException", f"Invalid Input! Parameter Name: {name}")


def test_a_field_set_is_read_back_as_a_json_text(start: Start, time: Time) -> None:
    """A custom field set comes as a JSON text with its parts, and with who changed it when."""
    api = start(clock=time.clock)
    fields = [
        {"SchemaName": "mx_Custom_1", "Value": "A-1"},
        {"SchemaName": "mx_Custom_2", "Value": "Home"},
        {"SchemaName": "mx_Custom_3", "Value": "5"},
        {"SchemaName": "mx_Custom_10", "Value": "", "Fields": [{"Attribute": "mx_CustomObject_1", "Value": "é.png"}]},
    ]
    api.post(CREATE, {"RelatedProspectId": FIRST_LEAD.id, "ActivityEvent": 204, "Fields": fields})

    (activity,) = api.post(RETRIEVE, {}, leadId=FIRST_LEAD.id).body["ProspectActivities"]

    assert json.loads(activity["ActivityFields"]["mx_Custom_10"]) == {
        "Status": "",
        "mx_CustomObject_1": "é.png",
        "ModifiedByName": demo_users()[0].name,
        "ModifiedOn": "2026-03-02 10:00:00",
    }


@pytest.mark.parametrize(
    ("date", "shown"),
    [
        ("2026-07-31 05:33:50", "7/31/2026 5:33:50 AM"),
        ("2026-12-01 00:00:00", "12/1/2026 12:00:00 AM"),
        ("2026-01-09 23:59:59", "1/9/2026 11:59:59 PM"),
    ],
)
def test_the_inner_date_is_in_the_american_style(api: Api, date: str, shown: str) -> None:
    """ActivityFields.CreatedOn has the twelve-hour form that a live account shows, CreatedOn the plain one."""
    api.post(CREATE, visit(ActivityDateTime=date))

    (activity,) = api.post(RETRIEVE, {}, leadId=FIRST_LEAD.id).body["ProspectActivities"]

    assert (activity["CreatedOn"], activity["ActivityFields"]["CreatedOn"]) == (date, shown)


def test_reading_can_lag_behind(start: Start, time: Time) -> None:
    """With a read lag of 20 seconds an activity can be read 20 seconds after it was posted, not before."""
    api = start(SandboxSettings(read_lag=20), clock=time.clock)
    api.post(CREATE, visit())

    counts = []
    for seconds in (0, 19, 1):
        time.forward(seconds)
        counts.append(api.post(RETRIEVE, {}, leadId=FIRST_LEAD.id).body["RecordCount"])

    assert counts == [0, 0, 1]
