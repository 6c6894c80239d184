"""What is relied on when activities are posted and read back. Everything here creates activities on the lead."""

from datetime import timedelta

from importer.leadsquared.replies import bulk_receipts, is_id

from .account import BY_FIELD, Account, note_of, now
from .expectation import NotApplicable, expects

CREATE_CUSTOM = "ProspectActivity.svc/CreateCustom"


@expects(
    "One activity by lead id is answered with Status Success and its id.",
    source="page 002",
    code="leadsquared/replies.py (single_receipt)",
    rows=1,
)
def single_receipt(account: Account) -> str:
    """The shape of the page."""
    told = account.create(account.row(account.mark("single")))
    assert (told.status, told.value["Status"]) == (200, "Success"), told.said
    assert is_id(told.created_id)
    assert [each["Id"].lower() for each in account.noted(account.mark("single"))] == [told.created_id.lower()]
    return ""


@expects(
    "IncludeLeadScore is answered with the lead's score beside the receipt.",
    source="page 002; FACTS 2.1 (the key is not documented)",
    code="leadsquared/routes/single_by_lead_id.py",
    rows=1,
)
def lead_score(account: Account) -> str:
    """Under which key."""
    told = account.create(account.row(account.mark("score"), IncludeLeadScore=True))
    assert is_id(told.created_id), told.said
    found = {**told.value, **told.value["Message"]}
    return ", ".join(sorted(key for key in found if "score" in key.lower())) or "no key"


@expects(
    "One activity by the e-mail address of a lead goes to that lead.",
    source="page 000",
    code="leadsquared/routes/single_by_email.py",
    rows=1,
)
def single_by_email(account: Account) -> str:
    """No other lead is made."""
    if not account.email:
        raise NotApplicable
    told = account.create(account.row(account.mark("email"), "", EmailAddress=account.email))
    assert is_id(told.created_id), told.said
    assert len(account.noted(account.mark("email"))) == 1
    return ""


@expects(
    "Lead and activity in one call are answered like a single activity.",
    source="FACTS 2.4 (the answer is not documented)",
    code="leadsquared/replies.py (single_receipt)",
    rows=1,
)
def lead_and_activity(account: Account) -> str:
    """The lead is found by its e-mail address; nothing else of it is changed."""
    if not account.email:
        raise NotApplicable
    details = [
        {"Attribute": "EmailAddress", "Value": account.email},
        {"Attribute": "SearchBy", "Value": "EmailAddress"},
    ]
    row = account.row(account.mark("custom"), "")
    told = account.create({"LeadDetails": details, "Activity": row}, CREATE_CUSTOM)
    assert told.status == 200, told.said
    assert len(account.noted(account.mark("custom"))) == 1
    return "Message.Id" if is_id(told.created_id) else f"another shape: {sorted(told.value)}"


@expects(
    "A bulk call is answered with one receipt for each row, numbered from 1 in its order.",
    source="page 003",
    code="leadsquared/replies.py (bulk_receipts)",
    rows=3,
)
def bulk_receipts_by_row_number(account: Account) -> str:
    """Each id belongs to the row of its number."""
    marks = [account.mark(f"bulk {number}") for number in (1, 2, 3)]
    told = account.bulk([account.row(mark) for mark in marks])
    receipts = bulk_receipts(told.value, 3)
    assert receipts is not None, told.said
    assert all(receipt.created for receipt in receipts)
    found = {note_of(each): each["Id"].lower() for each in account.noted(account.mark("bulk "))}
    assert found == {mark: (each.activity_id or "").lower() for mark, each in zip(marks, receipts, strict=True)}
    return ""


@expects(
    "A bulk call by a unique lead field is answered the same way.",
    source="FACTS 2.2; page post-activities-to-leads-in-bulk-using-unique-lead-fields",
    code="leadsquared/routes/bulk_by_lead_field.py",
    rows=2,
)
def bulk_by_lead_field(account: Account) -> str:
    """One field for the whole call, named in the query."""
    if not account.email:
        raise NotApplicable
    rows = [account.row(account.mark("field"), "", SearchByValue=account.email) for _ in range(2)]
    told = account.bulk(rows, BY_FIELD, searchBy="EmailAddress")
    assert bulk_receipts(told.value, 2) is not None, told.said
    assert len(account.noted(account.mark("field"))) == 2
    return ""


@expects(
    "The same row posted twice makes two activities: nothing but the ledger prevents it.",
    source="FACTS 6",
    code="ledger, sending",
    rows=2,
)
def no_idempotency(account: Account) -> str:
    """The reason of all care."""
    row = account.row(account.mark("twice"), ActivityDateTime=f"{now() - timedelta(days=1):%Y-%m-%d %H:%M:%S}")
    account.bulk([row])
    account.bulk([row])
    assert len(account.noted(account.mark("twice"))) == 2
    return ""


@expects(
    "ActivityDateTime is UTC and is read back as CreatedOn, from single and from bulk calls.",
    source="FACTS 5 and 9.8; pages 000 to 003",
    code="mapping/moments.py",
    rows=2,
    point="9.8",
)
def moment_of_an_activity(account: Account) -> str:
    """To the second."""
    moment = now() - timedelta(days=3, hours=5, minutes=7, seconds=11)
    written = f"{moment:%Y-%m-%d %H:%M:%S}"
    account.create(account.row(account.mark("moment"), ActivityDateTime=written))
    account.bulk([account.row(account.mark("moment"), ActivityDateTime=written)])
    read = [str(each["CreatedOn"])[:19] for each in account.noted(account.mark("moment"))]
    assert len(read) == 2
    return "as posted" if set(read) == {written} else f"posted {written}, read {sorted(read)}"


@expects(
    "A text comes back as it was posted: zeros in front, blanks, quotation marks, other scripts.",
    source="page 003 (0419), page 004",
    code="mapping/bodies.py, loading",
    rows=1,
)
def texts_come_back(account: Account) -> str:
    """In note and field."""
    name = account.text_field.schema_name
    text = 'NA 0419 "दिल्ली" Zürich 你好 🙂 a & b'
    account.bulk([account.row(account.mark("text") + text, fields={name: text})])
    (found,) = account.noted(account.mark("text"))
    assert note_of(found) == account.mark("text") + text
    assert found["ActivityFields"][name] == text
    return ""


@expects(
    "A field with an empty value is accepted, as on the pages.",
    source="pages 000 and 002",
    code="mapping/bodies.py",
    rows=1,
    point="9.6",
)
def empty_value(account: Account) -> str:
    """Whether it is read back."""
    name = account.text_field.schema_name
    told = account.create(account.row(account.mark("empty"), fields={name: ""}))
    assert is_id(told.created_id), told.said
    (found,) = account.noted(account.mark("empty"))
    return "left out when read" if name not in (found.get("ActivityFields") or {}) else "read back empty"
