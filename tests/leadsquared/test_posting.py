"""A chunk of activities as one call of each road."""

import json

import pytest

from importer.leadsquared.calls import Call
from importer.leadsquared.posting import Posting
from importer.leadsquared.routes import ROUTES, CallClass, RouteName
from importer.leadsquared.verdicts import Accepted, Ambiguous, Settled

from .answers import SINGLE, activity_id, answer, created, receipts

ONE, TWO = b'{"ActivityEvent":201,"ActivityNote":"\xc3\xa9"}', b'{"ActivityEvent":201}'

ROADS = (
    # (road, address, rows a call, class, base path), as the contract's table and the pages have them
    ("bulk_by_lead_id", "ProspectActivity.svc/Bulk/CustomActivity/Add/ByLeadId", 25, "bulk", "/v2"),
    ("bulk_by_lead_field", "ProspectActivity.svc/Bulk/CustomActivity/Add/ByLeadField", 25, "bulk", "/v2"),
    ("single_by_lead_id", "ProspectActivity.svc/Create", 1, "single", "/v2"),
    ("single_by_email", "ProspectActivity.svc/Create", 1, "single", "/v2"),
    ("lead_and_activity", "ProspectActivity.svc/CreateCustom", 1, "single", "/v2"),
    ("lead_and_activity_async", "activity/createcustom", 1, "async", ""),
)


@pytest.mark.parametrize(("name", "path", "rows", "call_class", "base"), ROADS)
def test_every_road_of_the_contract_is_there(name: str, path: str, rows: int, call_class: str, base: str) -> None:
    """Each road has the address, the number of rows and the class of calls that its page names."""
    route = ROUTES[RouteName(name)]
    assert (route.path, route.rows_per_call, route.call_class, route.base_path) == (path, rows, call_class, base)
    assert route.bulk == (rows > 1)


def test_there_is_no_other_road() -> None:
    """The roads are those of the contract, and each is known by its own name."""
    assert {str(name) for name in ROUTES} == {road[0] for road in ROADS}
    assert all(route.name == name for name, route in ROUTES.items())


def test_roads_that_may_make_leads_say_so() -> None:
    """A lead is made by e-mail and together with its activity, and by no other road."""
    makers = {str(name) for name, route in ROUTES.items() if route.creates_leads}
    assert makers == {"single_by_email", "lead_and_activity", "lead_and_activity_async"}


def test_a_bulk_call_is_a_list_of_bodies_in_order() -> None:
    """The bodies of a chunk stand in one JSON array, byte for byte."""
    call = Posting(ROUTES[RouteName.BULK_BY_LEAD_ID]).call([ONE, TWO])
    assert call.body == b"[" + ONE + b"," + TWO + b"]"
    assert (call.method, call.query, call.call_class) == ("POST", (), CallClass.BULK)
    assert len(json.loads(call.body)) == 2


def test_a_call_by_lead_field_names_the_field_in_its_query() -> None:
    """One field for the whole call stands under searchBy."""
    call = Posting(ROUTES[RouteName.BULK_BY_LEAD_FIELD], search_by="mx_Code").call([ONE])
    assert call.query == (("searchBy", "mx_Code"),)
    assert call.body == b"[" + ONE + b"]"


def test_a_single_call_is_the_body_alone() -> None:
    """A call for one row carries its object, not a list, and no searchBy even where the mapping has one."""
    call = Posting(ROUTES[RouteName.LEAD_AND_ACTIVITY], search_by="EmailAddress").call([ONE])
    assert call == Call("POST", "ProspectActivity.svc/CreateCustom", CallClass.SINGLE, (), ONE)


def test_an_answer_is_read_as_the_road_has_it() -> None:
    """Receipts of a bulk call prove nothing of a single one, nor the other way round."""
    bulk, single = Posting(ROUTES[RouteName.BULK_BY_LEAD_ID]), Posting(ROUTES[RouteName.SINGLE_BY_LEAD_ID])
    assert isinstance(bulk.verdict(answer(200, receipts(created(1))), 1), Settled)
    assert isinstance(single.verdict(answer(200, receipts(created(1))), 1), Ambiguous)
    assert isinstance(single.verdict(answer(200, SINGLE), 1), Settled)
    assert isinstance(bulk.verdict(answer(200, SINGLE), 1), Ambiguous)


def test_an_accepted_async_call_is_no_receipt() -> None:
    """`Request accepted` (page 001) says nothing of what becomes of the row, but under which number to ask."""
    posting = Posting(ROUTES[RouteName.LEAD_AND_ACTIVITY_ASYNC])
    accepted = {
        "Status": "Request accepted. Please use below request id to check the status",
        "RequestID": f" {activity_id(1)}",
    }
    assert posting.verdict(answer(200, accepted), 1) == Accepted(activity_id(1))
