"""`Create`: one activity by lead id or by e-mail address."""

import pytest

from importer.sandbox.seeds import deleted_leads, demo_users
from importer.sandbox.settings import SandboxSettings

from .calling import CREATE, FIRST_LEAD, SECOND_LEAD, Api, Start, Time, failure, visit

NO_LEAD = "Lead does not exist in the system or You do not have permission to update the lead"


def by_email(email: str, **more: object) -> dict[str, object]:
    """A call by e-mail address."""
    body = visit(EmailAddress=email, **more)
    del body["RelatedProspectId"]
    return body


def test_a_lead_id_may_be_written_in_capitals(api: Api) -> None:
    """A lead is found by its id in any case."""
    assert api.post(CREATE, visit(FIRST_LEAD.id.upper())).status == 200
    assert api.server.store.activities.all()[0].lead_id == FIRST_LEAD.id


def test_an_unknown_lead_is_refused(api: Api) -> None:
    """A well-formed id that no lead has gives an MX error, and nothing is stored."""
    reply = api.post(CREATE, visit(deleted_leads()[0]))

    assert (reply.status, reply.body) == (500, failure("MXInvalidInputException", NO_LEAD))
    assert api.server.store.activities.all() == []


def test_a_malformed_lead_id_is_refused(api: Api) -> None:
    """An id that is no GUID is an invalid input."""
    reply = api.post(CREATE, visit("12345"))

    assert reply.body == failure("MXInvalidInputException", "Invalid Input! Parameter Name: RelatedProspectId")


def test_a_call_must_name_a_lead(api: Api) -> None:
    """Without lead id and e-mail address the lead id is called mandatory."""
    body = visit()
    del body["RelatedProspectId"]

    reply = api.post(CREATE, body)

    assert reply.status == 500
    assert reply.body["ExceptionType"] == "MXMandatoryAttributeMissingException"


def test_a_known_email_posts_on_its_lead(api: Api) -> None:
    """An e-mail address, in any case, posts on the lead that has it, and leaves that lead's name alone."""
    before = api.server.store.leads.count()

    reply = api.post(CREATE, by_email(FIRST_LEAD.email.upper(), FirstName="Other"))

    assert reply.status == 200
    assert api.server.store.leads.count() == before
    assert api.server.store.activities.all()[0].lead_id == FIRST_LEAD.id
    lead = api.server.store.leads.get(FIRST_LEAD.id)
    assert lead is not None
    assert lead.attributes["FirstName"] == FIRST_LEAD.attributes["FirstName"]


def test_an_unknown_email_makes_one_lead(api: Api) -> None:
    """Two calls with the same new e-mail address make one lead with two activities."""
    for _ in range(2):
        assert api.post(CREATE, by_email("new.person@example.com", LastName="Person")).status == 200

    first, second = api.server.store.activities.all()
    assert first.lead_id == second.lead_id
    assert api.server.store.leads.count() == 401


def test_a_taken_phone_number_refuses_the_new_lead(api: Api) -> None:
    """A new lead with another lead's phone number, however it is written, is a duplicate; nothing is stored."""
    national = FIRST_LEAD.phone.removeprefix("+91-")

    reply = api.post(CREATE, by_email("new.person@example.com", Phone=national))

    assert reply.status == 500
    assert reply.body == failure("MXDuplicateEntryException", "A Lead with same Phone Number already exists.")
    assert api.server.store.leads.count() == 400
    assert api.server.store.activities.all() == []


@pytest.mark.parametrize("email", ["nobody", "a@b@c", "a b@c"])
def test_a_malformed_email_makes_no_lead(api: Api, email: str) -> None:
    """What is no e-mail address doesn't become a lead's."""
    assert api.post(CREATE, by_email(email)).body["ExceptionType"] == "MXInvalidInputException"
    assert api.server.store.leads.count() == 400


@pytest.mark.parametrize("event", [None, "", "abc", 999, 0, -201, True, 2.5, "२०१"])
def test_a_wrong_event_is_refused(api: Api, event: object) -> None:
    """An ActivityEvent that is no type's is refused."""
    reply = api.post(CREATE, visit(ActivityEvent=event))

    assert (reply.status, reply.body) == (500, failure("MXInvalidActivityException", "Event Code is invalid or empty"))


def test_an_event_may_be_written_as_text(api: Api) -> None:
    """The event code counts as a text too."""
    assert api.post(CREATE, visit(ActivityEvent="201")).status == 200


def test_without_a_date_the_activity_is_created_now(start: Start, time: Time) -> None:
    """Without ActivityDateTime, CreatedOn is the server's present; with it, ModifiedOn still is."""
    api = start(clock=time.clock)
    api.post(CREATE, visit())
    api.post(CREATE, visit(ActivityDateTime="2026-01-31 09:15:00"))

    now, dated = api.server.store.activities.all()
    assert now.created_on == now.modified_on == dated.modified_on == "2026-03-02 10:00:00.000000"
    assert dated.created_on == "2026-01-31 09:15:00.000000"


@pytest.mark.parametrize(
    "date", ["31/01/2026 09:15", "2026-01-31", "2026-01-31T09:15:00", "2026-02-30 09:15:00", "2026-1-31 9:15:00", "", 5]
)
def test_a_date_in_another_form_is_refused(api: Api, date: object) -> None:
    """Only YYYY-MM-DD HH:MM:SS is an ActivityDateTime."""
    reply = api.post(CREATE, visit(ActivityDateTime=date))

    assert reply.body == failure("MXInvalidInputException", "Invalid Input! Parameter Name: ActivityDateTime")


def test_future_dates_are_refused_if_the_account_says_so(start: Start, time: Time) -> None:
    """One second after now is in the future, now is not; an account that allows it takes both."""
    strict = start(SandboxSettings(future_dates_allowed=False), clock=time.clock)
    lenient = start(clock=time.clock)

    future = strict.post(CREATE, visit(ActivityDateTime="2026-03-02 10:00:01"))

    assert (future.status, future.body["ExceptionType"]) == (500, "MXFutureDateTimeActivityNotAllowedException")
    assert strict.post(CREATE, visit(ActivityDateTime="2026-03-02 10:00:00")).status == 200
    assert lenient.post(CREATE, visit(ActivityDateTime="2027-03-02 10:00:00")).status == 200


def test_the_lead_score_comes_when_asked_for(api: Api) -> None:
    """Every activity adds its type's score to the lead, and IncludeLeadScore shows the sum."""
    api.post(CREATE, visit(SECOND_LEAD.id))

    reply = api.post(CREATE, visit(SECOND_LEAD.id, IncludeLeadScore=True))

    assert reply.body["Message"]["LeadScore"] == "20"


def test_a_field_owner_names_the_owner_by_id(api: Api) -> None:
    """A field `Owner` gives the activity to that user; an unknown id is refused; without it the key's user owns it."""
    owner = demo_users()[2]
    api.post(CREATE, visit(fields={"Owner": owner.id}))
    api.post(CREATE, visit())

    unknown = api.post(CREATE, visit(fields={"Owner": FIRST_LEAD.id}))

    assert [each.owner_id for each in api.server.store.activities.all()] == [owner.id, demo_users()[0].id]
    assert unknown.body == failure("MXInvalidInputException", "Invalid Input! Parameter Name: Owner")


def test_status_and_note_can_come_as_fields(api: Api) -> None:
    """The fields Status and ActivityEvent_Note, which every type has, set status and note."""
    api.post(CREATE, visit(fields={"Status": "Inactive", "ActivityEvent_Note": "From a field"}))

    (activity,) = api.server.store.activities.all()
    assert (activity.status, activity.note, dict(activity.fields)) == (
        "Inactive",
        "From a field",
        {"mx_Custom_1": "Indiranagar"},
    )


def test_errors_of_single_calls_can_come_with_status_200(start: Start) -> None:
    """With call_errors 200, a refused single call has status 200 and the same body; a bulk call keeps its 500."""
    api = start(SandboxSettings(call_errors="200"))

    single = api.post(CREATE, visit("12345"))
    bulk = api.post("/v2/ProspectActivity.svc/Bulk/CustomActivity/Add/ByLeadId", [])

    assert (single.status, single.body["Status"]) == (200, "Error")
    assert bulk.status == 500


def test_an_empty_body_is_no_activity(api: Api) -> None:
    """Without a body the parameter `activity` is called invalid."""
    reply = api.send("POST", CREATE)

    assert (reply.status, reply.body) == (
        500,
        failure("MXInvalidInputException", "Invalid Input! Parameter Name: activity"),
    )
