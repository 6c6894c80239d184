"""How an account pages activities; looked at last, when there are some."""

from .account import Account
from .expectation import NotApplicable, expects


@expects(
    "Offset counts pages or rows; the reader finds out which.",
    source="page 004; FACTS 2.6 (contested)",
    code="leadsquared/retrieving.py",
    point="9.4",
)
def offset_of_retrieve(account: Account) -> str:
    """Pages of two: the second begins with the third activity, or with the second."""
    first, second = (account.retrieve(Offset=offset, RowCount="2") for offset in ("0", "1"))
    ids = [each["Id"] for page in (first, second) for each in page.value["ProspectActivities"]]
    if len(ids) < 4:
        raise NotApplicable
    return "row" if ids[1] == ids[2] else "page"


@expects(
    "RecordCount is that of all activities, or of the page.",
    source="page 004; FACTS 2.6 (not documented)",
    code="leadsquared/retrieving.py",
    point="9.4",
)
def record_count(account: Account) -> str:
    """With a page of one."""
    told = account.retrieve(Offset="0", RowCount="1")
    if account.retrieve(Offset="1", RowCount="1").value["ProspectActivities"]:
        return "page" if int(told.value["RecordCount"]) == 1 else "total"
    raise NotApplicable


@expects(
    "A page has as many activities as are asked for, or 25 at most.",
    source="page 004; FACTS 2.6 (not documented)",
    code="leadsquared/retrieving.py (PAGE_ROWS)",
    point="9.4",
)
def page_size(account: Account) -> str:
    """With forty asked for."""
    found = len(account.retrieve(Offset="0", RowCount="40").value["ProspectActivities"])
    if found < 25:
        raise NotApplicable
    return f"{found} of 40"
