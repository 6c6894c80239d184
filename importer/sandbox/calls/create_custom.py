"""`CreateCustom`: a lead, found or made, and one activity on it (page create-lead-and-activity)."""

from importer.sandbox.calls.activity import read_activity, store_activity
from importer.sandbox.calls.lead_details import upsert_lead
from importer.sandbox.errors import InvalidInputError
from importer.sandbox.tenant import Tenant
from importer.sandbox.wire import Answer, Call, as_object


def create_custom(tenant: Tenant, call: Call) -> Answer:
    """Write the lead and the activity, or neither; raises ApiError."""
    body = as_object({} if call.body is None else call.body)
    if body.get("Activity") is None:
        raise InvalidInputError("activity")
    entry = dict(as_object(body["Activity"]))
    entry.setdefault("ValidateDropDownOptions", body.get("ValidateDropDownOptions"))
    new = read_activity(tenant, entry)
    activity_id = store_activity(tenant, upsert_lead(tenant, body.get("LeadDetails")), new)
    return Answer({"Status": "Success", "Message": {"Id": activity_id}}, created=1)
