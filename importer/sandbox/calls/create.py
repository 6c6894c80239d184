"""`Create`: one activity, on a lead given by its id (page 002) or by its e-mail address (page 000)."""

from importer.sandbox.calls.activity import read_activity, store_activity
from importer.sandbox.calls.lead_details import add_lead
from importer.sandbox.errors import InvalidInputError, LeadNotFoundError, MandatoryAttributeError
from importer.sandbox.guids import read_guid
from importer.sandbox.tenant import Tenant
from importer.sandbox.wire import Answer, Call, Json, as_object, as_text

# The values from which an unknown e-mail address makes a lead (page 000).
_NEW_LEAD = ("EmailAddress", "FirstName", "LastName", "Phone")


def create(tenant: Tenant, call: Call) -> Answer:
    """Post one activity; raises ApiError."""
    if call.body is None:
        raise InvalidInputError("activity")
    entry = as_object(call.body)
    new = read_activity(tenant, entry)
    lead_id = lead_by_id(tenant, entry) if entry.get("RelatedProspectId") is not None else _lead_by_email(tenant, entry)
    message: dict[str, Json] = {"Id": store_activity(tenant, lead_id, new)}
    if entry.get("IncludeLeadScore") is True:
        lead = tenant.lead(lead_id)
        message["LeadScore"] = str(lead.score) if lead else "0"
    return Answer({"Status": "Success", "Message": message}, created=1)


def lead_by_id(tenant: Tenant, entry: dict[str, Json]) -> str:
    """The id of an existing lead; raises InvalidInputError or LeadNotFoundError."""
    lead_id = read_guid(entry.get("RelatedProspectId"))
    if lead_id is None:
        raise InvalidInputError("RelatedProspectId")
    if tenant.lead(lead_id) is None:
        raise LeadNotFoundError
    return lead_id


def _lead_by_email(tenant: Tenant, entry: dict[str, Json]) -> str:
    email = as_text(entry.get("EmailAddress"))
    if not email.strip():
        raise MandatoryAttributeError("RelatedProspectId", "posting activity on lead")
    known = tenant.find_lead("EmailAddress", email)
    if known is not None:
        return known.id
    given = {name: as_text(entry.get(name)) for name in _NEW_LEAD}
    return add_lead(tenant, {name: value for name, value in given.items() if value})
