"""Writing leads: from LeadDetails, or from the few values of a call by e-mail."""

import json
import re
from collections.abc import Mapping

from importer.sandbox.errors import (
    DuplicateEntryError,
    InvalidInputError,
    InvalidSearchByError,
    LeadNotFoundError,
    MalformedBodyError,
    MandatoryAttributeError,
    UnknownAttributeError,
)
from importer.sandbox.guids import new_guid, read_guid
from importer.sandbox.store.leads import StoredLead
from importer.sandbox.tenant import Tenant
from importer.sandbox.wire import Json, as_list, as_object, as_text

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
# How the texts of live accounts name these fields.
_CLASH_NAMES = {"EmailAddress": "Email", "Phone": "Phone Number", "Mobile": "Mobile Number"}


def add_lead(tenant: Tenant, attributes: Mapping[str, str]) -> str:
    """Add a lead and give its id; raises ApiError for unknown, missing, malformed or taken values."""
    _check(tenant, attributes)
    for each in tenant.seed.lead_fields:
        if each.mandatory and not attributes.get(each.schema_name, "").strip():
            raise MandatoryAttributeError(each.schema_name, "creating lead")
    lead_id = new_guid()
    _refuse_taken(tenant, lead_id, attributes)
    tenant.store.leads.add(lead_id, attributes, tenant.lead_keys(attributes), tenant.now())
    return lead_id


def update_lead(tenant: Tenant, lead: StoredLead, attributes: Mapping[str, str]) -> str:
    """Give a lead these values and leave the others; raises ApiError."""
    _check(tenant, attributes)
    _refuse_taken(tenant, lead.id, attributes)
    merged = {**lead.attributes, **attributes}
    if tenant.store.leads.get(lead.id) is None:
        tenant.store.leads.add(lead.id, {}, (), tenant.now())
    tenant.store.leads.replace(lead.id, merged, tenant.lead_keys(merged), tenant.now())
    return lead.id


def upsert_lead(tenant: Tenant, details: Json) -> str:
    """LeadDetails with SearchBy (page create-lead-and-activity): update the lead it finds, else create one."""
    attributes = _attributes(details)
    search_by = attributes.pop("SearchBy", "") or _default_search(attributes)
    lead_id = attributes.pop("ProspectID", "")
    if search_by == "ProspectId":
        # The live quirk: the attribute is ProspectID, the value of SearchBy ProspectId.
        wanted = read_guid(lead_id)
        found = tenant.lead(wanted) if wanted else None
        if found is None:
            raise LeadNotFoundError
        return update_lead(tenant, found, attributes)
    tenant.search_field(search_by)
    if not attributes.get(search_by, "").strip():
        raise MandatoryAttributeError(search_by, "searching lead")
    found = tenant.find_lead(search_by, attributes[search_by])
    return update_lead(tenant, found, attributes) if found else add_lead(tenant, attributes)


def _default_search(attributes: Mapping[str, str]) -> str:
    for name in ("EmailAddress", "Phone"):
        if attributes.get(name, "").strip():
            return name
    raise InvalidSearchByError


def _attributes(details: Json) -> dict[str, str]:
    values: dict[str, str] = {}
    for entry in map(as_object, as_list(details)):
        name = entry.get("Attribute", entry.get("SchemaName"))
        if not isinstance(name, str):
            raise MalformedBodyError
        parts = entry.get("Fields")
        values[name] = as_text(entry.get("Value")) if parts is None else json.dumps(_attributes(parts))
    return values


def _check(tenant: Tenant, attributes: Mapping[str, str]) -> None:
    unknown = [name for name in attributes if tenant.lead_field(name) is None]
    if unknown:
        raise UnknownAttributeError(unknown)
    for name, value in attributes.items():
        lead_field = tenant.lead_field(name)
        if lead_field and lead_field.data_type == "Email" and value and not _EMAIL.fullmatch(value.strip()):
            raise InvalidInputError(name)


def _refuse_taken(tenant: Tenant, lead_id: str, attributes: Mapping[str, str]) -> None:
    for key in tenant.lead_keys(attributes):
        lead_field = tenant.search_field(key.schema_name)
        holder = tenant.store.leads.find(key)
        if lead_field.unique and holder is not None and holder.id != lead_id:
            raise DuplicateEntryError(_CLASH_NAMES.get(key.schema_name, lead_field.display_name))
