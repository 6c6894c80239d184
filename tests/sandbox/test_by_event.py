"""`CustomActivity/RetrieveByActivityEvent`: one type's activities over a period."""

from typing import Any

import pytest

from importer.sandbox.seeds import demo_users
from importer.sandbox.settings import SandboxSettings

from .calling import BY_EVENT, BY_LEAD_ID, CREATE, FIRST_LEAD, Api, Reply, Start, Time, failure, visit

DAY = {"FromDate": "2026-03-02 00:00:00", "ToDate": "2026-03-03 00:00:00"}


def search(api: Api, paging: object = None, sorting: object = None, **parameter: object) -> Reply:
    """Search type 201 on the day on which the tests' time stands."""
    body = {"Parameter": {"ActivityEvent": 201, **DAY, **parameter}, "Paging": paging, "Sorting": sorting}
    return api.post(BY_EVENT, body)


@pytest.fixture
def still(start: Start, time: Time) -> Api:
    """A sandbox on the tests' time."""
    return start(clock=time.clock)


def test_an_activity_is_a_flat_record_of_texts(still: Api) -> None:
    """An entry has the activity's own fields beside ids, note, owner, status and dates; numbers are texts."""
    owner, user = demo_users()[2], demo_users()[0]
    row = visit(
        fields={"mx_Custom_3": "4"},
        ActivityOwnerEmail=owner.email,
        ActivityNote="Sofas",
        ActivityDateTime="2026-01-31 09:15:00",
    )
    (receipt,) = still.post(BY_LEAD_ID, [row]).body["Response"]

    reply = search(still, RemoveEmptyValue=True)

    assert reply.body == {
        "RecordCount": 1,
        "List": [
            {
                "ProspectActivityId": receipt["ProspectActivityId"],
                "ProspectActivityAutoId": "1",
                "RelatedProspectId": FIRST_LEAD.id,
                "ActivityType": "2",
                "ActivityEvent": "201",
                "Status": "Active",
                "Owner": owner.id,
                "OwnerName": owner.name,
                "ActivityEvent_Note": "Sofas",
                "mx_Custom_1": "Indiranagar",
                "mx_Custom_3": "4",
                "CreatedBy": user.id,
                "CreatedByName": user.name,
                "CreatedByEmailAddress": user.email,
                "CreatedOn": "2026-01-31 09:15:00",
                "ModifiedOn": "2026-03-02 10:00:00",
            }
        ],
    }


def test_empty_values_come_unless_removed(still: Api) -> None:
    """Without RemoveEmptyValue every field of the type is there, the blank ones empty."""
    still.post(CREATE, visit())

    (entry,) = search(still).body["List"]

    assert (entry["mx_Custom_15"], entry["ActivityEvent_Note"]) == ("", "")


def test_an_empty_window_has_no_list(still: Api) -> None:
    """If nothing is found, `List` is absent, on a page after the last one too."""
    assert search(still).body == {"RecordCount": 0}
    still.post(CREATE, visit())
    assert search(still, {"PageIndex": 2, "PageSize": 10}).body == {"RecordCount": 1}


def test_the_window_is_over_modified_on(still: Api) -> None:
    """A back-dated activity is found by when it arrived, not by its own date."""
    still.post(CREATE, visit(ActivityDateTime="2020-01-01 00:00:00"))

    assert search(still).body["RecordCount"] == 1
    old = {"FromDate": "2020-01-01 00:00:00", "ToDate": "2020-01-02 00:00:00"}
    assert search(still, **old).body["RecordCount"] == 0


def test_the_window_is_closed_in_whole_seconds(still: Api, time: Time) -> None:
    """A whole second belongs to windows on both its sides; what came half a second later only to the later one."""
    still.post(CREATE, visit())
    time.forward(0.5)
    still.post(CREATE, visit())

    def count(first: str, last: str) -> int:
        number: int = search(still, FromDate=first, ToDate=last).body["RecordCount"]
        return number

    assert count("2026-03-02 09:00:00", "2026-03-02 10:00:00") == 1
    assert count("2026-03-02 10:00:00", "2026-03-02 11:00:00") == 2
    assert count("2026-03-02 10:00:01", "2026-03-02 11:00:00") == 0


def test_pages_count_from_one(still: Api, time: Time) -> None:
    """60 activities are three pages of 25, newest first, and every page knows the whole number."""
    for _ in range(60):
        still.post(CREATE, visit())
        time.forward(1)

    pages = [search(still, {"PageIndex": index, "PageSize": "25"}).body for index in (1, 2, 3)]
    asked = search(still, {"PageIndex": 1, "PageSize": 1000}, {"ColumnName": "ModifiedOn", "Direction": 0}).body

    assert [len(each["List"]) for each in pages] == [25, 25, 10]
    assert {each["RecordCount"] for each in pages} == {60}
    newest_first = [entry["ProspectActivityId"] for each in pages for entry in each["List"]]
    assert newest_first == [each.id for each in still.server.store.activities.all()][::-1]
    assert [entry["ProspectActivityId"] for entry in asked["List"]] == newest_first[::-1]


def test_it_sorts_by_id_and_by_date(still: Api) -> None:
    """ColumnName ProspectActivityId and CreatedOn order the list; an unknown column is refused."""
    for day in (3, 1, 2):
        still.post(CREATE, visit(ActivityDateTime=f"2026-01-0{day} 00:00:00"))

    def column(name: str, sort_by: str) -> list[str]:
        answer: list[dict[str, Any]] = search(still, sorting={"ColumnName": sort_by, "Direction": 0}).body["List"]
        return [entry[name] for entry in answer]

    ids = column("ProspectActivityId", "ProspectActivityId")
    assert ids == sorted(ids)
    assert [date[8:10] for date in column("CreatedOn", "CreatedOn")] == ["01", "02", "03"]
    assert search(still, sorting={"ColumnName": "Score"}).status == 500


def test_a_page_has_at_most_1000(start: Start) -> None:
    """A PageSize above 1000 is refused by default, and silently cut if the settings say so."""
    strict, lenient = start(), start(SandboxSettings(oversized_page="clamp"))

    message = "Invalid Input! Parameter Name: PageSize can not be more than 1000."
    reply = search(strict, {"PageIndex": 1, "PageSize": 1001})
    assert (reply.status, reply.body) == (500, failure("MXInvalidInputException", message))
    assert search(strict, {"PageIndex": 1, "PageSize": 1000}).status == 200
    assert search(lenient, {"PageIndex": 1, "PageSize": 5000}).status == 200


@pytest.mark.parametrize(
    ("parameter", "text"),
    [
        ({"ActivityEvent": None}, "You have not passed any ActivityEvent."),
        ({"ActivityEvent": ""}, "You have not passed any ActivityEvent."),
        ({"FromDate": "2026-03-02"}, "FromDate value is not correct."),
        ({"FromDate": None}, "FromDate value is not correct."),
        ({"ToDate": "soon"}, "ToDate value is not correct."),
        ({"ToDate": "2026-03-01 23:59:59"}, "FromDate can't be greater than ToDate."),
    ],
)
def test_a_wrong_parameter_is_told(api: Api, parameter: dict[str, object], text: str) -> None:
    """A missing type, a wrong date or a reversed period gives the text that live accounts give."""
    reply = search(api, **parameter)

    expected = failure("MXInvalidInputException", f"Invalid Input! Parameter Name: {text}")
    assert (reply.status, reply.body) == (500, expected)


def test_an_unknown_type_is_refused(api: Api) -> None:
    """A code that is no type's is an invalid event."""
    assert search(api, ActivityEvent=999).body["ExceptionType"] == "MXInvalidActivityException"


@pytest.mark.parametrize("paging", [{"PageIndex": 0}, {"PageIndex": "x"}, {"PageSize": 0}, {"PageSize": None}])
def test_paging_must_be_numbers_from_one(api: Api, paging: dict[str, object]) -> None:
    """PageIndex and PageSize below 1, or no numbers, are refused."""
    reply = search(api, paging)

    name = next(iter(paging))
    assert reply.body == failure("MXInvalidInputException", f"Invalid Input! Parameter Name: {name}")


def test_reading_lags_here_too(start: Start, time: Time) -> None:
    """A read lag hides a fresh activity from the search and from its details."""
    api = start(SandboxSettings(read_lag=5), clock=time.clock)
    activity_id = api.post(CREATE, visit()).body["Message"]["Id"]
    details = "/v2/ProspectActivity.svc/GetActivityDetails"

    early = (search(api).body["RecordCount"], api.get(details, activityId=activity_id).status)
    time.forward(5)
    late = (search(api).body["RecordCount"], api.get(details, activityId=activity_id).status)

    assert (early, late) == ((0, 500), (1, 200))
