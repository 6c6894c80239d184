"""Faults of reading: what is stored is not seen, or not as it is."""

from typing import Any

from importer.sandbox.seeds import demo_leads
from tests.sandbox.calling import BY_EVENT, BY_LEAD_ID, FIRST_LEAD, RETRIEVE, Api, Start, Time, visit


def filled(api: Api, rows: int = 4) -> Api:
    """The same sandbox with activities of one lead."""
    api.post(BY_LEAD_ID, [visit(ActivityNote=str(number)) for number in range(rows)])
    return api


def read(api: Api, offset: int = 0, count: int = 25) -> Any:
    """A page of the first lead's activities."""
    return api.post(RETRIEVE, {"Paging": {"Offset": offset, "RowCount": count}}, leadId=FIRST_LEAD.id).body


def notes(api: Api, offset: int = 0, count: int = 25) -> list[str]:
    """The notes on that page."""
    entries = read(api, offset, count)["ProspectActivities"]
    return [pair["Value"] for each in entries for pair in each["Data"] if pair["Key"] == "NotableEventDescription"]


def test_nothing_may_be_found(start: Start, time: Time) -> None:
    """By lead, by type and by id alike; what is stored stays, and the next read sees it."""
    api = filled(start(clock=time.clock, faults="read-empty number=1-3"))
    (first, *_) = api.server.store.activities.all()

    assert read(api) == {"RecordCount": 0, "ProspectActivities": []}
    period = {"ActivityEvent": 201, "FromDate": "2026-03-02 00:00:00", "ToDate": "2026-03-03 00:00:00"}
    assert api.post(BY_EVENT, {"Parameter": period}).body == {"RecordCount": 0}
    found = api.get("/v2/ProspectActivity.svc/GetActivityDetails", activityId=first.id)
    assert first.id not in str(found.body)
    assert read(api)["RecordCount"] == 4


def test_what_is_new_may_not_be_seen_yet(start: Start, time: Time) -> None:
    """For `seconds`, as if another server were asked than was written to."""
    api = filled(start(clock=time.clock, faults="read-lag seconds=20"))

    assert read(api)["RecordCount"] == 0
    time.forward(20)
    assert read(api)["RecordCount"] == 4


def test_half_of_a_page_may_be_missing(start: Start) -> None:
    """The count tells of all."""
    api = filled(start(faults="read-partial"))

    assert (len(notes(api)), read(api)["RecordCount"]) == (2, 4)


def test_the_order_may_change(start: Start) -> None:
    """From call to call, and in the same way on the same day again."""
    api = filled(start(faults="read-unstable"), 20)

    seen = [notes(api) for _ in range(3)]
    api.send("POST", "/sandbox/reset")
    again = [notes(filled(api, 20)) for _ in range(1)]

    assert len({tuple(each) for each in seen}) == 3
    assert all(sorted(each) == sorted(seen[0]) for each in seen)
    assert again == seen[:1]


def test_every_page_may_be_the_first(start: Start) -> None:
    """Who stops at an empty page would never stop."""
    api = filled(start(faults="read-repeated"))

    assert notes(api, 0, 2) == notes(api, 1, 2) == notes(api, 7, 2) == ["3", "2"]


def test_the_count_may_be_wrong(start: Start) -> None:
    """Too high or too low, never below none."""
    assert read(filled(start(faults="read-wrong-count")))["RecordCount"] == 5
    assert read(filled(start(faults="read-wrong-count by=-3")))["RecordCount"] == 1
    assert read(filled(start(faults="read-wrong-count by=-30")))["RecordCount"] == 0


def test_the_count_may_be_a_text(start: Start) -> None:
    """A number in quotes."""
    assert read(filled(start(faults="read-text-count")))["RecordCount"] == "4"


def test_some_leads_may_be_hidden(start: Start) -> None:
    """As for a user who may see the leads of one team only: always the same ones, in page and count."""
    api = start(faults="read-restricted")
    leads = [lead.id for lead in demo_leads(20)]
    api.post(BY_LEAD_ID, [visit(lead) for lead in leads])

    counts = [api.post(RETRIEVE, {}, leadId=lead).body for lead in leads]

    assert {each["RecordCount"] for each in counts} == {0, 1}
    assert all(len(each["ProspectActivities"]) == each["RecordCount"] for each in counts)
    assert counts == [api.post(RETRIEVE, {}, leadId=lead).body for lead in leads]


def test_a_read_may_fail_with_status_200(start: Start) -> None:
    """An error of the API that only its body tells."""
    api = start(faults="read-error type=MXTimeout")

    reply = api.post(RETRIEVE, {}, leadId=FIRST_LEAD.id)

    assert (reply.status, reply.body["ExceptionType"]) == (200, "MXTimeout")


def test_writing_goes_on_as_ever(start: Start) -> None:
    """Faults of reading fall on reads alone."""
    assert len(filled(start(faults="read-empty")).server.store.activities.all()) == 4
