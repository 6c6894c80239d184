"""`CustomActivity/RetrieveByActivityEvent`: one type's activities over a period (page bulk-retrieve-activities-…)."""

from importer.sandbox.calls.retrieve import field_text
from importer.sandbox.errors import (
    InvalidInputError,
    NoActivityEventError,
    PageSizeError,
    PeriodError,
    ReversedPeriodError,
    UnknownEventError,
)
from importer.sandbox.moments import read_moment, stored, whole_seconds
from importer.sandbox.store.activities import SortColumn, StoredActivity, Wanted
from importer.sandbox.tenant import Tenant
from importer.sandbox.wire import Answer, Call, Json, as_number, as_object

MAX_PAGE = 1000
DEFAULT_PAGE = 25

_COLUMNS: dict[str, SortColumn] = {
    "ProspectActivityId": "id",
    "CreatedOn": "created_on",
    "ModifiedOn": "modified_on",
}


def retrieve_by_event(tenant: Tenant, call: Call) -> Answer:
    """Give a page of a type's activities; `List` is absent if the page is empty. Raises ApiError.

    The window is over ModifiedOn, closed at both ends, in whole seconds against stored sub-seconds (live accounts).
    """
    body = as_object(call.body)
    parameter, paging, sorting = (as_object(body.get(name) or {}) for name in ("Parameter", "Paging", "Sorting"))
    wanted = _wanted(tenant, parameter)
    index, size = _page(tenant, paging)
    column = _COLUMNS.get(str(sorting.get("ColumnName", "ModifiedOn")))
    if column is None:
        raise InvalidInputError("ColumnName")
    newest_first = as_number(sorting.get("Direction", 1)) == 1

    total = tenant.store.activities.count(wanted)
    page = tenant.store.activities.page(wanted, (index - 1) * size, size, column, newest_first=newest_first)
    answer: dict[str, Json] = {"RecordCount": total}
    if page:
        answer["List"] = [_entry(tenant, each, parameter.get("RemoveEmptyValue") is True) for each in page]
    return Answer(answer)


def _wanted(tenant: Tenant, parameter: dict[str, Json]) -> Wanted:
    if parameter.get("ActivityEvent") in (None, ""):
        raise NoActivityEventError
    event = as_number(parameter["ActivityEvent"])
    if event is None or tenant.activity_type(event) is None:
        raise UnknownEventError
    bounds = []
    for name in ("FromDate", "ToDate"):
        moment = read_moment(parameter.get(name))
        if moment is None:
            raise PeriodError(name)
        bounds.append(stored(moment))
    if bounds[0] > bounds[1]:
        raise ReversedPeriodError
    return Wanted(None, event, bounds[0], bounds[1], tenant.visible_until())


def _page(tenant: Tenant, paging: dict[str, Json]) -> tuple[int, int]:
    """PageIndex, which counts from 1, and PageSize."""
    index, size = as_number(paging.get("PageIndex", 1)), as_number(paging.get("PageSize", DEFAULT_PAGE))
    if index is None or index < 1:
        raise InvalidInputError("PageIndex")
    if size is None or size < 1:
        raise InvalidInputError("PageSize")
    if size > MAX_PAGE and tenant.settings.oversized_page == "error":
        raise PageSizeError(MAX_PAGE)
    return index, min(size, MAX_PAGE)


def _entry(tenant: Tenant, activity: StoredActivity, remove_empty: bool) -> Json:
    activity_type = tenant.activity_type(activity.event)
    user = tenant.key_user
    owner = tenant.user(activity.owner_id)
    own = {each.schema_name: "" for each in activity_type.fields} if activity_type else {}
    values = {name: field_text(tenant, value, activity) for name, value in activity.fields.items()}
    texts = {"ActivityEvent_Note": activity.note, **own, **values}
    return {
        "ProspectActivityId": activity.id,
        "ProspectActivityAutoId": str(activity.number),
        "RelatedProspectId": activity.lead_id,
        "ActivityType": "2",
        "ActivityEvent": str(activity.event),
        "Status": activity.status,
        "Owner": activity.owner_id,
        "OwnerName": owner.name if owner else "",
        **{name: text for name, text in texts.items() if text or not remove_empty},
        "CreatedBy": user.id,
        "CreatedByName": user.name,
        "CreatedByEmailAddress": user.email,
        "CreatedOn": whole_seconds(activity.created_on),
        "ModifiedOn": whole_seconds(activity.modified_on),
    }
