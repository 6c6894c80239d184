"""What activity types look like: list, settings, options, and the same with the values of one activity."""

import json

from importer.sandbox.account import ActivityField
from importer.sandbox.calls.retrieve import field_text
from importer.sandbox.errors import (
    InvalidInputError,
    MandatoryAttributeError,
    NotADropdownError,
    UnknownActivityError,
    UnknownEventError,
)
from importer.sandbox.guids import read_guid
from importer.sandbox.tenant import Tenant
from importer.sandbox.wire import Answer, Call, Json, as_number, as_object, as_text

_SYSTEM_FIELDS = (
    ActivityField("ActivityEvent_Note", "Notes", max_length=2000),
    ActivityField("Status", "Status", "SearchableDropdown", options=("Active", "Inactive")),
    ActivityField("Owner", "Owner", "ActiveUsers"),
)


def activity_types(tenant: Tenant, call: Call) -> Answer:  # noqa: ARG001 every call has this shape
    """`ActivityTypes.Get`: all types; the code is a text, so that clients learn to read both."""
    return Answer(
        [
            {
                "ActivityEvent": str(each.code),
                "ActivityEventName": each.name,
                "DisplayName": each.name,
                "EventType": 2,
                "Score": each.score,
            }
            for each in tenant.activity_types
        ]
    )


def activity_setting(tenant: Tenant, call: Call) -> Answer:
    """`CustomActivity/GetActivitySetting?code=`: one type (page get-details-of-activity-type); raises ApiError."""
    activity_type = tenant.activity_type(as_number(call.query.get("code", "")))
    if activity_type is None:
        raise UnknownEventError
    fields = (*_SYSTEM_FIELDS, *activity_type.fields)
    return Answer(
        {
            "ID": str(activity_type.code),
            "Name": activity_type.name,
            "DisplayName": activity_type.name,
            "Score": activity_type.score,
            "Fields": [_field(each, None, place) for place, each in enumerate(fields, start=1)],
        }
    )


def dropdown_options(tenant: Tenant, call: Call) -> Answer:
    """`ActivityField/Dropdown/Options/Get`: the options of one field; raises ApiError."""
    parameter = as_object(as_object(call.body).get("Parameter"))
    activity_type = tenant.activity_type(as_number(parameter.get("ActivityEventCode")))
    if activity_type is None:
        raise UnknownEventError
    wanted = activity_type.field(as_text(parameter.get("SchemaName")))
    if wanted is None:
        raise InvalidInputError("SchemaName")
    if wanted.data_type != "SearchableDropdown":
        raise NotADropdownError
    return Answer({"Options": _options(wanted)})


def activity_details(tenant: Tenant, call: Call) -> Answer:
    """`GetActivityDetails?activityId=`: one activity's fields with their values (page get-activity-details)."""
    given = call.query.get("activityid", "")
    if not given:
        raise MandatoryAttributeError("activityId", "retrieving activity")
    activity = tenant.store.activities.get(read_guid(given) or "")
    visible_until = tenant.visible_until()
    if activity is None or (visible_until and activity.modified_on > visible_until):
        raise UnknownActivityError
    activity_type = tenant.activity_type(activity.event)
    known = activity_type.fields if activity_type else ()
    system = {"ActivityEvent_Note": activity.note, "Status": activity.status, "Owner": activity.owner_id}
    values = {**system, **{name: field_text(tenant, value, activity) for name, value in activity.fields.items()}}
    names = {each.schema_name for each in (*_SYSTEM_FIELDS, *known)}
    others = tuple(ActivityField(name, name) for name in values if name not in names)
    fields = [
        _field(each, values.get(each.schema_name, ""), place)
        for place, each in enumerate((*_SYSTEM_FIELDS, *known, *others), start=1)
    ]
    name = activity_type.name if activity_type else ""
    return Answer({"ID": activity.id, "Name": name, "DisplayName": name, "Fields": list[Json](fields)})


def _field(field: ActivityField, value: str | None, place: int) -> Json:
    options = _options(field)
    return {
        "SchemaName": field.schema_name,
        "InternalName": field.schema_name,
        "DisplayName": field.display_name,
        "Value": value,
        "DataType": field.data_type,
        "IsMandatory": field.mandatory,
        "ShowInForm": True,
        "Sequence": place,
        "ParentField": "",
        "OptionSet": json.dumps(options, ensure_ascii=False) if options else "",
        "DependentOptionSet": "",
        "IsDefault": field in _SYSTEM_FIELDS,
        "IsReadOnly": False,
        "IsMultiSelectDropdown": False,
        "IncludeOthersOption": False,
        "BehaviorOnMissingDropdownOption": 0,
        "MaxFieldLength": field.max_length,
        "IsSortable": True,
        "IsEncrypted": False,
        "IsMasked": False,
    }


def _options(field: ActivityField) -> list[Json]:
    last = len(field.options) - 1
    return [
        {
            "IsDefault": False,
            "Text": "",
            "Value": value,
            "Order": place,
            "CanEdit": 1,
            "CanDelete": 1,
            "IsLastOption": int(place == last),
        }
        for place, value in enumerate(field.options)
    ]
