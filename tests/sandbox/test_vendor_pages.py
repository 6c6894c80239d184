"""The vendor's own examples, posted as they stand."""

import json

import pytest

from importer.sandbox.settings import SandboxSettings

from .calling import BY_LEAD_ID, CREATE, RETRIEVE, Api, Start, Time
from .vendor_pages import PAGE_000, PAGE_001, PAGE_002, PAGE_003, PAGE_004, vendor_seed


@pytest.fixture
def vendor(start: Start, time: Time) -> Api:
    """A sandbox in which the pages' leads, types and owners exist."""
    return start(seed=vendor_seed(), clock=time.clock)


def test_page_000_creates_the_lead_and_the_activity(vendor: Api) -> None:
    """The body of the by-e-mail page makes the lead from its four values and posts the activity on it."""
    reply = vendor.post(CREATE, PAGE_000)

    (activity,) = vendor.server.store.activities.all()
    assert reply.status == 200
    assert reply.body == {"Status": "Success", "Message": {"Id": activity.id}}
    lead = vendor.server.store.leads.get(activity.lead_id)
    assert lead is not None
    assert lead.attributes == {
        "EmailAddress": "john.smith@acmeconsulting.co",
        "FirstName": "John",
        "LastName": "Smith",
        "Phone": "+919845098450",
    }


def test_page_001_is_accepted_and_carried_out(vendor: Api) -> None:
    """The async page's body is accepted, with a blank before the request id, and becomes lead and activity."""
    reply = vendor.post_async("/activity/createcustom", PAGE_001)

    assert reply.status == 200
    assert reply.body["Status"] == "Request accepted. Please use below request id to check the status"
    assert reply.body["RequestID"].startswith(" ")
    status = vendor.get_async("/activity/createcustom/status", RequestID=reply.body["RequestID"].strip())
    assert status.body["TaskStatus"]["Status"] == "Success"
    (activity,) = vendor.server.store.activities.all()
    assert activity.fields == {
        "mx_Custom_1": "123",
        "mx_Custom_2": "2016-07-07 10:55:00",
        "mx_KYC": {"Status": "Pending", "mx_CustomObject_2": "XYZ12345.png", "mx_CustomObject_4": "864563"},
    }
    lead = vendor.server.store.leads.get(activity.lead_id)
    assert lead is not None
    assert lead.attributes["mx_City"] == "Bangalore"
    assert json.loads(lead.attributes["mx_KYC"])["mx_CustomObject_1"] == "XYZ12345.png"


def test_page_002_posts_on_the_lead(vendor: Api) -> None:
    """The body of the by-lead-id page posts one activity with every value that isn't blank."""
    reply = vendor.post(CREATE, PAGE_002)

    (activity,) = vendor.server.store.activities.all()
    assert reply.body == {"Status": "Success", "Message": {"Id": activity.id}}
    assert activity.lead_id == PAGE_002["RelatedProspectId"]
    assert activity.created_on == "2015-10-11 12:13:44.000000"
    assert activity.note == "Your Activity Note"
    assert activity.fields == {each["SchemaName"]: each["Value"] for each in PAGE_002["Fields"] if each["Value"]}


def test_page_003_posts_both_rows(vendor: Api) -> None:
    """The body of the bulk page makes two activities, answered in order and numbered from one."""
    reply = vendor.post(BY_LEAD_ID, PAGE_003)

    first, second = vendor.server.store.activities.all()
    assert reply.status == 200
    assert reply.body == {
        "Response": [
            {"ProspectActivityId": first.id, "RowNumber": 1, "ActivityCreated": True},
            {"ProspectActivityId": second.id, "RowNumber": 2, "ActivityCreated": True},
        ]
    }
    assert [first.lead_id, second.lead_id] == [row["RelatedProspectId"] for row in PAGE_003]
    assert first.fields["mx_Custom_2"] == "0419"
    owners = {user.id: user.email for user in vendor.server.seed.users}
    assert [owners[first.owner_id], owners[second.owner_id]] == ["example@example.com", "example2@example.com"]


def test_page_004_reads_what_was_posted(vendor: Api) -> None:
    """The body of the retrieve page gives the lead's activities of that type with the keys the page shows."""
    created = vendor.post(CREATE, PAGE_002).body["Message"]["Id"]
    vendor.post(BY_LEAD_ID, PAGE_003)

    reply = vendor.post(RETRIEVE, PAGE_004, leadId=PAGE_002["RelatedProspectId"])

    assert reply.body["RecordCount"] == 1
    (activity,) = reply.body["ProspectActivities"]
    owner = vendor.server.seed.users[0]
    assert activity == {
        "Id": created,
        "EventCode": 201,
        "EventName": "Store visit",
        "ActivityScore": 10,
        "CreatedOn": "2015-10-11 12:13:44",
        "ActivityType": 2,
        "IsEmailType": False,
        "Type": "Inbound",
        "SessionId": created,
        "TrackLocation": 0,
        "Latitude": 0,
        "Longitude": 0,
        "RelatedProspectId": PAGE_002["RelatedProspectId"],
        "Data": [
            {"Key": "CreatedByName", "Value": owner.name},
            {"Key": "EventName", "Value": "Store visit"},
            {"Key": "NotableEventDescription", "Value": "Your Activity Note"},
            {"Key": "HasAttachments", "Value": "False"},
        ],
        "ActivityFields": {
            **{each["SchemaName"]: each["Value"] for each in PAGE_002["Fields"] if each["Value"]},
            "Status": "Active",
            "Owner": owner.id,
            "ProspectActivityAutoId": 1,
            "CreatedOn": "10/11/2015 12:13:44 PM",
        },
        "ModifiedOn": "2026-03-02 10:00:00",
    }


def test_the_pages_work_in_an_open_account(start: Start) -> None:
    """With open leads, types and owners the pages' bodies work without any seed of theirs."""
    api = start(SandboxSettings(leads="open", activity_types="open", owners="open", rate=None))

    single = [api.post(CREATE, body) for body in (PAGE_000, PAGE_002)]
    bulk = api.post(BY_LEAD_ID, PAGE_003)
    queued = api.post_async("/activity/createcustom", PAGE_001)
    task = api.get_async("/activity/createcustom/status", RequestID=queued.body["RequestID"].strip())

    assert [reply.status for reply in single] == [200, 200]
    assert [row["ActivityCreated"] for row in bulk.body["Response"]] == [True, True]
    assert task.body["TaskStatus"]["Status"] == "Success"
