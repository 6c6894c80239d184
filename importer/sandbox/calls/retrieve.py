"""`Retrieve`: the activities of one lead, page by page (page 004)."""

import json

from importer.sandbox.errors import InvalidInputError, MandatoryAttributeError
from importer.sandbox.guids import read_guid
from importer.sandbox.moments import us_style, whole_seconds
from importer.sandbox.store.activities import FieldValue, StoredActivity, Wanted
from importer.sandbox.tenant import Tenant
from importer.sandbox.wire import Answer, Call, Json, as_number, as_object

DEFAULT_ROWS = 25


def retrieve(tenant: Tenant, call: Call) -> Answer:
    """Give a page of a lead's activities, newest first; an unknown lead has none. Raises ApiError."""
    given = call.query.get("leadid", "")
    if not given:
        raise MandatoryAttributeError("leadId", "retrieving activities of lead")
    lead_id = read_guid(given)
    if lead_id is None:
        raise InvalidInputError("leadId")
    body = as_object({} if call.body is None else call.body)
    parameter, paging = (as_object(body.get(name) or {}) for name in ("Parameter", "Paging"))
    event = _number(parameter, "ActivityEvent", None)
    offset = _number(paging, "Offset", 0) or 0
    count = min(_number(paging, "RowCount", DEFAULT_ROWS) or DEFAULT_ROWS, tenant.settings.retrieve_cap)
    first = offset * count if tenant.settings.offset == "page" else offset

    wanted = Wanted(lead_id, event, visible_until=tenant.visible_until())
    page = tenant.store.activities.page(wanted, first, count)
    total = len(page) if tenant.settings.retrieve_count == "page" else tenant.store.activities.count(wanted)
    return Answer({"RecordCount": total, "ProspectActivities": [_entry(tenant, each) for each in page]})


def _number(source: dict[str, Json], name: str, absent: int | None) -> int | None:
    """Samples send numbers as texts, clients also as numbers."""
    value = source.get(name)
    if value is None or value == "":
        return absent
    number = as_number(value)
    if number is None or number < 0:
        raise InvalidInputError(name)
    return number


def _entry(tenant: Tenant, activity: StoredActivity) -> Json:
    activity_type = tenant.activity_type(activity.event)
    name = activity_type.name if activity_type else ""
    return {
        "Id": activity.id,
        "EventCode": activity.event,
        "EventName": name,
        "ActivityScore": activity_type.score if activity_type else 0,
        "CreatedOn": whole_seconds(activity.created_on),
        "ActivityType": 2,
        "IsEmailType": False,
        "Type": "Inbound",
        "SessionId": activity.id,
        "TrackLocation": 0,
        "Latitude": 0,
        "Longitude": 0,
        "RelatedProspectId": activity.lead_id,
        "Data": [
            {"Key": "CreatedByName", "Value": tenant.key_user.name},
            {"Key": "EventName", "Value": name},
            {"Key": "NotableEventDescription", "Value": activity.note},
            {"Key": "HasAttachments", "Value": "False"},
        ],
        "ActivityFields": {
            **{name: field_text(tenant, value, activity) for name, value in activity.fields.items()},
            "Status": activity.status,
            "Owner": activity.owner_id,
            "ProspectActivityAutoId": activity.number,
            "CreatedOn": us_style(activity.created_on),
        },
        "ModifiedOn": whole_seconds(activity.modified_on),
    }


def field_text(tenant: Tenant, value: FieldValue, activity: StoredActivity) -> str:
    """A field's value as it is read back; a custom field set is a JSON text with who changed it when (page 004)."""
    if isinstance(value, str):
        return value
    changed = {"ModifiedByName": tenant.key_user.name, "ModifiedOn": whole_seconds(activity.modified_on)}
    return json.dumps({"Status": "", **value, **changed}, ensure_ascii=False)
