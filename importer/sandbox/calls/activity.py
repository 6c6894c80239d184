"""One activity: from the JSON of a call or a row to what is stored."""

from importer.sandbox.calls.fields import FieldCheck
from importer.sandbox.errors import FutureDateError, InvalidInputError, UnknownEventError
from importer.sandbox.guids import new_guid, read_guid
from importer.sandbox.moments import read_moment, stored
from importer.sandbox.store.activities import NewActivity
from importer.sandbox.tenant import Tenant
from importer.sandbox.wire import Json, as_number, as_text


def read_activity(tenant: Tenant, entry: dict[str, Json]) -> NewActivity:
    """Check an activity's event, note, date, owner and fields; raises the ApiError that fits."""
    activity_type = tenant.activity_type(as_number(entry.get("ActivityEvent")))
    if activity_type is None:
        raise UnknownEventError
    check = FieldCheck(tenant, activity_type, dropdown_flag=entry.get("ValidateDropDownOptions") is True)
    fields = check.read(entry.get("Fields"))
    note = fields.pop("ActivityEvent_Note", "")
    status = fields.pop("Status", "")
    owner = fields.pop("Owner", "")
    return NewActivity(
        event=activity_type.code,
        note=as_text(entry.get("ActivityNote")) or str(note),
        created_on=_moment(tenant, entry.get("ActivityDateTime")),
        owner_id=_owner(tenant, as_text(entry.get("ActivityOwnerEmail")), str(owner)),
        status=str(status) or "Active",
        fields=fields,
    )


def store_activity(tenant: Tenant, lead_id: str, new: NewActivity) -> str:
    """Store the activity of a lead, who gets the type's score; gives the new id. A lead not stored yet is stored."""
    now = tenant.now()
    activity_id = new_guid()
    if tenant.store.leads.get(lead_id) is None:
        tenant.store.leads.add(lead_id, {}, (), now)
    tenant.store.activities.add(activity_id, lead_id, new, now)
    activity_type = tenant.activity_type(new.event)
    tenant.store.leads.add_score(lead_id, activity_type.score if activity_type else 0, now)
    return activity_id


def _moment(tenant: Tenant, value: Json) -> str:
    """CreatedOn: ActivityDateTime if it is given (page 004 shows whole minutes), else now."""
    if value is None:
        return tenant.now()
    moment = read_moment(value)
    if moment is None:
        raise InvalidInputError("ActivityDateTime")
    if not tenant.settings.future_dates_allowed and tenant.is_future(moment):
        raise FutureDateError
    return stored(moment)


def _owner(tenant: Tenant, email: str, user_id: str) -> str:
    """The owner's id: bulk rows name an e-mail address, single calls have a field `Owner` (page update-activity)."""
    if user_id:
        wanted = read_guid(user_id)
        if wanted is None or (tenant.user(wanted) is None and tenant.settings.owners == "seeded"):
            raise InvalidInputError("Owner")
        return wanted
    if not email.strip():
        return tenant.key_user.id
    owner = tenant.owner(email)
    if owner is None:
        raise InvalidInputError("ActivityOwnerEmail")
    return owner.id
