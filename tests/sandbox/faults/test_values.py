"""Faults of storing: a field arrives and is stored otherwise, or twice."""

import pytest

from tests.sandbox.calling import BY_LEAD_ID, CREATE, CREATE_CUSTOM, FIRST_LEAD, Start, visit

from .moments import HeldTime, eventually

KEY = "mx_Custom_15"


@pytest.mark.parametrize(
    ("fault", "stored"),
    [
        ("stored-cut", " a<b & som"),
        ("stored-cut characters=2", " a"),
        ("stored-escaped", " a&lt;b &amp; some more "),
        ("stored-trimmed", "a<b & some more"),
        ("stored-upper", " A<B & SOME MORE "),
        ("stored-empty", ""),
    ],
)
def test_a_field_can_be_stored_otherwise(start: Start, fault: str, stored: str) -> None:
    """The answer is right, the other fields are as sent, in bulk and single calls."""
    api = start(faults=fault)
    row = visit(fields={KEY: " a<b & some more "}, ActivityNote="n")

    assert api.post(BY_LEAD_ID, [row]).body["Response"][0]["ActivityCreated"] is True
    assert api.post(CREATE, row).body["Status"] == "Success"

    for each in api.server.store.activities.all():
        assert each.fields.get(KEY, "") == stored
        assert (each.fields["mx_Custom_1"], each.note) == ("Indiranagar", "n")


def test_another_field_or_the_note_can_be_meant(start: Start) -> None:
    """`field` names it; the note is `note`."""
    api = start(faults="stored-upper field=note")
    other = start(faults="stored-upper field=mx_Custom_1")
    row = visit(ActivityNote="note", fields={KEY: "key"})

    api.post(BY_LEAD_ID, [row])
    other.post(BY_LEAD_ID, [row])

    (first,), (second,) = api.server.store.activities.all(), other.server.store.activities.all()
    assert (first.note, first.fields[KEY], first.fields["mx_Custom_1"]) == ("NOTE", "key", "Indiranagar")
    assert (second.note, second.fields[KEY], second.fields["mx_Custom_1"]) == ("note", "key", "INDIRANAGAR")


def test_the_activity_within_a_lead_is_meant_too(start: Start) -> None:
    """CreateCustom and its async sister carry the activity in an object of its own."""
    api = start(faults="stored-empty field=note")
    lead = [{"Attribute": "EmailAddress", "Value": FIRST_LEAD.attributes["EmailAddress"]}]
    lead.append({"Attribute": "SearchBy", "Value": "EmailAddress"})
    body = {"LeadDetails": lead, "Activity": visit(ActivityNote="note")}

    assert api.post(CREATE_CUSTOM, body).status == 200

    assert [each.note for each in api.server.store.activities.all()] == [""]


@pytest.mark.parametrize(
    "body", [None, "x", 7, [None, 7], {"Fields": "x"}, [{"Fields": "x"}, {"Fields": [None, {"SchemaName": 7}]}]]
)
def test_a_body_of_any_shape_is_refused_as_ever(start: Start, body: object) -> None:
    """A fault doesn't stumble over what is no row."""
    api = start(faults="stored-upper")

    reply = api.post(BY_LEAD_ID, body)

    assert reply.body == start().post(BY_LEAD_ID, body).body
    assert api.server.store.activities.all() == []


def test_a_request_can_arrive_twice(start: Start) -> None:
    """The client gets the first answer; the same rows are stored once more, under ids of their own."""
    api = start(faults="delivered-twice bulk 1")

    receipts = api.post(BY_LEAD_ID, [visit(), visit()]).body["Response"]

    ids = [each.id for each in api.server.store.activities.all()]
    assert len(set(ids)) == 4
    assert [each["ProspectActivityId"] for each in receipts] == ids[:2]


@pytest.mark.parametrize("commit", ["after", "late:30"])
def test_the_second_delivery_can_come_later(start: Start, commit: str) -> None:
    """`commit` is about the second one; the first is carried out at once."""
    time = HeldTime()
    api = start(clock=time.clock, faults=f"delivered-twice bulk 1 commit={commit}")

    assert api.post(BY_LEAD_ID, [visit()]).body["Response"][0]["ActivityCreated"] is True
    if commit != "after":
        assert len(api.server.store.activities.all()) == 1
        assert time.has_begun(30)
        time.forward(30)

    assert eventually(lambda: len(api.server.store.activities.all()) == 2)
