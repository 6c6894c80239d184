"""Looking leads up, and the fields of leads."""

import json
from typing import Any

import pytest

from importer.leadsquared.account.asking import AccountUnreadable
from importer.leadsquared.account.leads import (
    BY_EMAIL,
    BY_IDS,
    FIELDS,
    known_addresses,
    lead_by_email,
    lead_fields,
    leads_by_ids,
)
from importer.leadsquared.account.values import LeadField
from importer.leadsquared.calls import Call, Ending
from importer.leadsquared.conversations import held

from ..answers import activity_id, answer
from .told import Told


def test_leads_are_found_by_their_ids_whatever_the_case() -> None:
    """Each id is asked for once, unknown ones are missing, and the answer's own order does not matter."""
    one, two, three = (activity_id(number) for number in (1, 2, 3))
    account = Told({BY_IDS: {"RecordCount": 2, "Leads": [{"ProspectID": two.upper()}, {"ProspectID": one}, None]}})
    found = held(leads_by_ids([one, two.upper(), three, one], ["EmailAddress"]), account)
    assert list(found) == [one, two]
    body = json.loads(account.calls[0].body or b"")
    assert body["SearchParameters"] == {"LeadIds": [one, two, three]}
    assert body["Columns"] == {"Include_CSV": "ProspectID,EmailAddress"}


def test_many_ids_are_asked_for_in_several_calls() -> None:
    """2,500 ids are three calls, and all of them are found."""
    ids = [activity_id(number) for number in range(2500)]

    def send(call: Call) -> Ending:
        wanted = json.loads(call.body or b"")["SearchParameters"]["LeadIds"]
        assert len(wanted) <= 1000
        return answer(200, {"Leads": [{"LeadPropertyList": [{"Attribute": "ProspectID", "Value": i}]} for i in wanted]})

    assert list(held(leads_by_ids(ids), send)) == ids


@pytest.mark.parametrize(
    ("told", "known"), [([], False), ([{"EmailAddress": "A@b.co"}], True), ([{"EmailAddress": "other@b.co"}], False)]
)
def test_an_address_is_known_if_a_lead_with_it_comes(told: list[Any], known: bool) -> None:
    """A lead with another address is no proof that this one is known."""
    account = Told({BY_EMAIL: told})
    assert (held(lead_by_email("a@b.co"), account) is not None) is known
    assert account.calls[0].query == (("emailaddress", "a@b.co"),)


def test_addresses_are_asked_for_once_each() -> None:
    """Equal addresses cost one call, empty ones none."""
    account = Told({BY_EMAIL: ([{"EmailAddress": "a@b.co"}], [])})
    assert held(known_addresses(["a@b.co", "A@B.co ", "", "c@d.co"]), account) == {"a@b.co"}
    assert len(account.calls) == 2


def test_fields_of_leads_are_read() -> None:
    """MaxLength comes as a text, options as records of a Value (page meta-data)."""
    told = [
        {"SchemaName": "Phone", "DisplayName": "Phone Number", "DataType": "Phone", "MaxLength": "10", "Options": None},
        {"SchemaName": "Source", "DataType": "Select", "IsMandatory": True, "Options": [{"Value": "Web"}, {}, "x"]},
        {"DisplayName": "no schema name"},
    ]
    assert held(lead_fields(), Told({FIELDS: told})) == (
        LeadField("Phone", "Phone Number", "Phone", max_length=10),
        LeadField("Source", "Source", "Select", mandatory=True, options=("Web",)),
    )


@pytest.mark.parametrize(
    ("question", "path"),
    [
        (lambda: leads_by_ids([activity_id(1)]), BY_IDS),
        (lambda: lead_by_email("a@b.co"), BY_EMAIL),
        (lead_fields, FIELDS),
    ],
)
def test_an_answer_of_another_shape_is_no_empty_answer(question: Any, path: str) -> None:
    """That there are no leads is believed only if a list says so."""
    with pytest.raises(AccountUnreadable):
        held(question(), Told({path: {"Message": "?"}}))
