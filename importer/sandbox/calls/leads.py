"""Looking leads up: by id, e-mail address, phone number, one criterion, many ids; and what their fields are."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

from importer.sandbox.account import LeadField
from importer.sandbox.errors import (
    InvalidInputError,
    LeadPageSizeError,
    MandatoryAttributeError,
    UnknownAttributeError,
)
from importer.sandbox.guids import read_guid
from importer.sandbox.moments import microsoft_json, milliseconds
from importer.sandbox.store.leads import StoredLead
from importer.sandbox.tenant import Tenant
from importer.sandbox.wire import Answer, Call, Json, as_list, as_number, as_object, as_text

MAX_PAGE = 5000
MAX_IDS = 10_000
DEFAULT_PAGE = 25


def _like(value: str, wanted: str) -> bool:
    pattern = ".*".join(re.escape(part) for part in wanted.split("%"))
    return re.fullmatch(pattern, value, re.DOTALL) is not None


_CHANGED = datetime(2024, 1, 1, tzinfo=UTC)
_OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "=": lambda value, wanted: value == wanted,
    "<>": lambda value, wanted: value != wanted,
    "<": lambda value, wanted: value < wanted,
    ">": lambda value, wanted: value > wanted,
    "<=": lambda value, wanted: value <= wanted,
    ">=": lambda value, wanted: value >= wanted,
    "LIKE": _like,
}


def lead_by_id(tenant: Tenant, call: Call) -> Answer:
    """`Leads.GetById?id=`: an array of one lead or none (a live account)."""
    lead_id = read_guid(call.query.get("id", ""))
    lead = tenant.lead(lead_id) if lead_id else None
    return Answer([_lead(lead)] if lead else [])


def lead_by_email(tenant: Tenant, call: Call) -> Answer:
    """`Leads.GetByEmailaddress?emailaddress=`: an array of one lead or none; so does a wrong parameter name."""
    lead = tenant.find_lead("EmailAddress", call.query.get("emailaddress", ""))
    return Answer([_lead(lead)] if lead else [])


def lead_by_phone(tenant: Tenant, call: Call) -> Answer:
    """`RetrieveLeadByPhoneNumber?phone=`: looks at Phone and Mobile (page get-lead-by-phone)."""
    number = call.query.get("phone", "")
    found = [tenant.find_lead(name, number) for name in ("Phone", "Mobile")] if number.strip() else []
    leads = [
        lead
        for lead in found
        if lead
        and (
            tenant.settings.phone_match == "digits"
            or number in (lead.attributes.get("Phone"), lead.attributes.get("Mobile"))
        )
    ]
    return Answer([_lead(max(leads, key=lambda lead: lead.modified_on))] if leads else [])


def search_leads(tenant: Tenant, call: Call) -> Answer:
    """`Leads.Get`: leads by ONE criterion (page search-by-lead-criteria); without `Parameter` it gives every lead.

    That an unknown wrapper is ignored in silence is what a live account does. Raises ApiError.
    """
    body = as_object(call.body)
    parameter, paging, columns = (as_object(body.get(name) or {}) for name in ("Parameter", "Paging", "Columns"))
    leads = tenant.store.leads.all()
    if parameter:
        leads = _matching(tenant, leads, parameter)
    index, size = as_number(paging.get("PageIndex", 1)), as_number(paging.get("PageSize", DEFAULT_PAGE))
    if index is None or index < 1:
        raise InvalidInputError("PageIndex")
    if size is None or size < 1:
        raise InvalidInputError("PageSize")
    if size > MAX_PAGE:
        raise LeadPageSizeError(MAX_PAGE)
    page = leads[(index - 1) * size : index * size]
    return Answer([_columns(_lead(each), as_text(columns.get("Include_CSV"))) for each in page])


def leads_by_ids(tenant: Tenant, call: Call) -> Answer:
    """`Leads/Retrieve/ByIds`: SearchParameters.LeadIds and Columns.Include_CSV are mandatory; raises ApiError."""
    body = as_object(call.body)
    ids = as_list(as_object(body.get("SearchParameters") or {}).get("LeadIds") or [])
    wanted = as_text(as_object(body.get("Columns") or {}).get("Include_CSV"))
    for name, given in (("LeadIds", ids), ("Include_CSV", wanted)):
        if not given:
            raise MandatoryAttributeError(name, "retrieving leads")
    if len(ids) > MAX_IDS:
        raise LeadPageSizeError(MAX_IDS)
    found = [tenant.lead(each) for each in dict.fromkeys(map(read_guid, map(as_text, ids))) if each]
    leads: list[Json] = [_columns(_lead(each), wanted) for each in found if each]
    return Answer({"RecordCount": len(leads), "Leads": leads})


def lead_metadata(tenant: Tenant, call: Call) -> Answer:
    """`LeadsMetaData.Get`: all lead fields, or the one of `schemaName`; `excludeOptionSets=1` leaves options out."""
    name = call.query.get("schemaname", "")
    fields = [each for each in tenant.seed.lead_fields if name in ("", each.schema_name)]
    return Answer([_metadata(each, with_options=call.query.get("excludeoptionsets") != "1") for each in fields])


def _matching(tenant: Tenant, leads: list[StoredLead], parameter: dict[str, Json]) -> list[StoredLead]:
    name, wanted = as_text(parameter.get("LookupName")), as_text(parameter.get("LookupValue")).casefold()
    compare = _OPERATORS.get(as_text(parameter.get("SqlOperator", "=")).upper())
    if compare is None:
        raise InvalidInputError("SqlOperator")
    if tenant.lead_field(name) is None and name not in _lead_names():
        raise UnknownAttributeError([name])
    return [each for each in leads if compare(as_text(_lead(each).get(name)).casefold(), wanted)]


def _lead_names() -> frozenset[str]:
    return frozenset(_lead(StoredLead("", 0, {}, 0, "", "")))


def _lead(lead: StoredLead) -> dict[str, Json]:
    """A lead as a flat record; everything in it is a text."""
    return {
        "ProspectID": lead.id,
        "ProspectAutoId": str(lead.number),
        **{name: value or None for name, value in lead.attributes.items()},
        "Score": str(lead.score),
        "CreatedOn": milliseconds(lead.created_on),
        "ModifiedOn": milliseconds(lead.modified_on),
        "LeadLastModifiedOn": milliseconds(lead.modified_on),
    }


def _columns(lead: dict[str, Json], wanted: str) -> dict[str, Json]:
    names = [name.strip() for name in wanted.split(",") if name.strip()]
    if not names:
        return lead
    return {name: lead.get(name) for name in dict.fromkeys(("ProspectID", *names))}


def _metadata(field: LeadField, *, with_options: bool) -> Json:
    return {
        "SchemaName": field.schema_name,
        "DisplayName": field.display_name,
        "DataType": field.data_type,
        "IsMandatory": field.mandatory,
        "IsLeadIdentifier": field.unique,
        "MaxLength": str(field.max_length),
        "RenderTypeTextValue": field.data_type,
        "LockAfterCreate": False,
        "Options": [{"Value": each} for each in field.options] if with_options else None,
        "ModifiedOn": microsoft_json(_CHANGED),
    }
