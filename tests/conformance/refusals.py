"""What is relied on when the account refuses rows, and how it words that. Rows that it takes after all are created."""

from datetime import timedelta
from typing import Any

from importer.leadsquared.replies import bulk_receipts, is_id, message_of

from .account import NO_LEAD, Account, now
from .expectation import NotApplicable, expects


@expects(
    "A bad row in a bulk call fails alone with ActivityCreated false, or fails the whole call and none is created.",
    source="FACTS 2.2 (not documented)",
    code="leadsquared/replies.py, leadsquared/verdicts.py",
    rows=2,
    point="9.1",
)
def bad_row(account: Account) -> str:
    """What a lead that does not exist does to its neighbours."""
    mark = account.mark("bad row")
    told = account.bulk([account.row(mark), account.row(mark, NO_LEAD), account.row(mark)])
    there = len(account.noted(mark))
    receipts = bulk_receipts(told.value, 3)
    if receipts is not None:
        if all(receipt.created for receipt in receipts):
            raise NotApplicable  # a stand-in that knows every lead
        assert [receipt.created for receipt in receipts] == [True, False, True]
        assert there == 2
        entry = next(each for each in told.receipts if each["RowNumber"] == 2)
        key = next(
            (key for key in ("ExceptionMessage", "ErrorMessage", "Message", "Reason") if entry.get(key)), "no text"
        )
        return f"the row alone, {key}: {message_of(entry)}"
    assert there == 0, f"the call failed ({told.said}), and {there} of its rows are there"
    return f"the whole call, {told.said}"


@expects(
    "A bulk call takes 25 rows and refuses 26, creating none.",
    source="page 003",
    code="leadsquared/routes (rows_per_call)",
    rows=51,
    point="9.5",
)
def rows_of_a_bulk_call(account: Account) -> str:
    """How one row too many is refused."""
    full = account.bulk([account.row(account.mark("full")) for _ in range(25)])
    assert bulk_receipts(full.value, 25) is not None, full.said
    told = account.bulk([account.row(account.mark("over")) for _ in range(26)])
    there = len(account.noted(account.mark("over")))
    if bulk_receipts(told.value, 26) is not None:
        return f"26 are taken, {there} are there"
    assert there == 0
    return told.said


def _refusal(account: Account, name: str, **row: Any) -> str:
    """How a row is refused, and that it was not created; or that it was accepted."""
    told = account.create(account.row(account.mark(name), **row))
    there = len(account.noted(account.mark(name)))
    if is_id(told.created_id):
        assert there == 1
        return "accepted"
    assert there == 0, told.said
    return told.said


@expects(
    "A field that the type lacks is refused, and nothing created.",
    source="FACTS 4 (the text is not documented)",
    code="leadsquared/verdicts.py, comparing/differences.py",
    rows=1,
    point="9.5",
)
def unknown_field(account: Account) -> str:
    """In which words."""
    return _refusal(account, "unknown field", fields={"mx_Custom_999": "x"})


@expects(
    "A text that is none of a drop-down's options is refused, and nothing created.",
    source="FACTS 5 (not documented for activities)",
    code="comparing/fields.py",
    rows=1,
    point="9.5",
)
def unknown_option(account: Account) -> str:
    """In which words."""
    if account.dropdown is None:
        raise NotApplicable
    return _refusal(account, "unknown option", fields={account.dropdown.schema_name: "no such option"})


@expects(
    "ValidateDropDownOptions skips the check of options, as its page says, or asks for it, as its name says.",
    source="FACTS 2.1",
    code="mapping (pass-through)",
    rows=1,
    point="9.9",
)
def validate_flag(account: Account) -> str:
    """Text and name disagree."""
    if account.dropdown is None:
        raise NotApplicable
    fields = {account.dropdown.schema_name: "no such option"}
    said = _refusal(account, "flag", fields=fields, ValidateDropDownOptions=True)
    return "skips" if said == "accepted" else "validates"


@expects(
    "An owner who is no user is refused, and nothing created.",
    source="FACTS 2.2 (not documented)",
    code="comparing/differences.py",
    rows=1,
    point="9.5",
)
def unknown_owner(account: Account) -> str:
    """In which words."""
    mark = account.mark("owner")
    told = account.bulk([account.row(mark, ActivityOwnerEmail=f"nobody-{account.token}@example.com")])
    there = len(account.noted(mark))
    receipts = bulk_receipts(told.value, 1)
    if receipts is not None and receipts[0].created:
        assert there == 1
        return "accepted"
    assert there == 0
    return message_of(told.receipts[0]) if receipts else told.said


@expects(
    "A moment in the future is accepted, or refused with an MX type of its own.",
    source="FACTS 4, live accounts",
    code="leadsquared/verdicts.py",
    rows=1,
)
def future_moment(account: Account) -> str:
    """Some accounts forbid it."""
    return _refusal(account, "future", ActivityDateTime=f"{now() + timedelta(days=2):%Y-%m-%d %H:%M:%S}")
