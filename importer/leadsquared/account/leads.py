"""Looking leads up, and what the fields of leads are.

Sources: pages get-leads-in-bulk-by-ids, meta-data, and fixtures for the look-up by e-mail
address (FACTS 2.9).
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any, Final

from importer.leadsquared.account.asking import AccountUnreadable, asked, count_of, flag_of, records_of, text_of
from importer.leadsquared.account.values import LeadField
from importer.leadsquared.calls import Call
from importer.leadsquared.conversations import Conversation
from importer.leadsquared.routes.route import CallClass

BY_IDS: Final = "LeadManagement.svc/Leads/Retrieve/ByIds"
BY_EMAIL: Final = "LeadManagement.svc/Leads.GetByEmailaddress"
FIELDS: Final = "LeadManagement.svc/LeadsMetaData.Get"

IDS_PER_CALL: Final = 1000
"""The page allows 10,000; a thousand keep an answer small enough to be read at once."""


def leads_by_ids(ids: Sequence[str], columns: Sequence[str] = ()) -> Conversation[dict[str, dict[str, Any]]]:
    """The leads that there are of these ids, by id in lower case; unknown ones are missing.

    :param columns: schema names that each lead is to come with; ProspectID always does.
    :raises AccountUnreadable: the account does not tell.
    """
    what = "which leads there are"
    found: dict[str, dict[str, Any]] = {}
    wanted = ",".join(dict.fromkeys(("ProspectID", *columns)))
    asked_for = list(dict.fromkeys(lead_id.lower() for lead_id in ids))
    for first in range(0, len(asked_for), IDS_PER_CALL):
        these = asked_for[first : first + IDS_PER_CALL]
        body = {
            "SearchParameters": {"LeadIds": these},
            "Columns": {"Include_CSV": wanted},
            "Paging": {"PageIndex": 1, "PageSize": IDS_PER_CALL},
        }
        value = yield from asked(Call("POST", BY_IDS, CallClass.SINGLE, body=json.dumps(body).encode()), what)
        leads = value.get("Leads") if isinstance(value, dict) else None
        if not isinstance(leads, list) and not (isinstance(value, dict) and value.get("RecordCount") == 0):
            raise AccountUnreadable(what, "the answer lists no leads")
        by_id = {text_of(lead, "ProspectID", "ProspectId", "Id").lower(): lead for lead in _leads_of(leads)}
        found |= {lead_id: by_id[lead_id] for lead_id in these if lead_id in by_id}
    return found


def lead_by_email(address: str) -> Conversation[dict[str, Any] | None]:
    """The lead with this e-mail address, if there is one.

    :raises AccountUnreadable: the account does not tell.
    """
    what = "whether an e-mail address is known"
    value = yield from asked(Call("GET", BY_EMAIL, CallClass.SINGLE, (("emailaddress", address),)), what)
    return _first_with("EmailAddress", address, value, what)


def known_addresses(addresses: Iterable[str]) -> Conversation[frozenset[str]]:
    """Which of these e-mail addresses belong to leads, in lower case: a call for each, since no call takes several.

    :raises AccountUnreadable: the account does not tell.
    """
    known: set[str] = set()
    for address in dict.fromkeys(each.strip().lower() for each in addresses):
        if address and (yield from lead_by_email(address)) is not None:
            known.add(address)
    return frozenset(known)


def lead_fields() -> Conversation[tuple[LeadField, ...]]:
    """All fields of leads.

    :raises AccountUnreadable: the account does not tell.
    """
    what = "the fields of leads"
    value = yield from asked(Call("GET", FIELDS, CallClass.SINGLE), what)
    if not isinstance(value, list):
        raise AccountUnreadable(what, "the answer is not a list")
    return tuple(_lead_field(record) for record in records_of(value) if text_of(record, "SchemaName"))


def _lead_field(record: dict[str, Any]) -> LeadField:
    options = (option.get("Value") for option in records_of(record.get("Options")))
    return LeadField(
        schema_name=text_of(record, "SchemaName"),
        display_name=text_of(record, "DisplayName") or text_of(record, "SchemaName"),
        data_type=text_of(record, "DataType"),
        mandatory=flag_of(record, "IsMandatory"),
        options=tuple(dict.fromkeys(option for option in options if isinstance(option, str) and option)),
        max_length=count_of(record, "MaxLength"),
    )


def _first_with(schema_name: str, wanted: str, value: Any, what: str) -> dict[str, Any] | None:
    if not isinstance(value, list):
        raise AccountUnreadable(what, "the answer is not a list")
    return next((lead for lead in _leads_of(value) if _same(text_of(lead, schema_name), wanted)), None)


def _leads_of(value: Any) -> list[dict[str, Any]]:
    """Leads as flat records; some calls list a lead's values as `LeadPropertyList` of Attribute and Value."""
    return [
        {text_of(pair, "Attribute"): pair.get("Value") for pair in records_of(lead["LeadPropertyList"])}
        if isinstance(lead.get("LeadPropertyList"), list)
        else lead
        for lead in records_of(value)
    ]


def _same(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()
