"""Which path is which call: its method, its limit, the keys it needs, and what answers it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from importer.sandbox.calls import activity_types, bulk, by_event, create, create_custom, leads, queued, retrieve, users
from importer.sandbox.keys import Door
from importer.sandbox.kinds import WRITING, Kind
from importer.sandbox.tenant import Tenant
from importer.sandbox.wire import Answer, Call

# Async calls have no limit but their own queue's speed (page async-api).
Limit = Literal["single", "bulk", "none"]

_ACTIVITIES = "/v2/ProspectActivity.svc"
_LEADS = "/v2/LeadManagement.svc"


@dataclass(frozen=True, slots=True)
class Route:
    """One call of the API."""

    method: Literal["GET", "POST"]
    answer: Callable[[Tenant, Call], Answer]
    kind: Kind = "metadata"
    limit: Limit = "single"
    door: Door = "account"

    @property
    def writes(self) -> bool:
        """Whether it makes activities."""
        return self.kind in WRITING


ROUTES: dict[str, Route] = {
    f"{_ACTIVITIES}/Create": Route("POST", create.create, "single"),
    f"{_ACTIVITIES}/CreateCustom": Route("POST", create_custom.create_custom, "single"),
    f"{_ACTIVITIES}/Bulk/CustomActivity/Add/ByLeadId": Route("POST", bulk.add_by_lead_id, "bulk", "bulk"),
    f"{_ACTIVITIES}/Bulk/CustomActivity/Add/ByLeadField": Route("POST", bulk.add_by_lead_field, "bulk", "bulk"),
    f"{_ACTIVITIES}/Retrieve": Route("POST", retrieve.retrieve, "read"),
    f"{_ACTIVITIES}/CustomActivity/RetrieveByActivityEvent": Route("POST", by_event.retrieve_by_event, "read"),
    f"{_ACTIVITIES}/GetActivityDetails": Route("GET", activity_types.activity_details, "read"),
    f"{_ACTIVITIES}/ActivityTypes.Get": Route("GET", activity_types.activity_types),
    f"{_ACTIVITIES}/CustomActivity/GetActivitySetting": Route("GET", activity_types.activity_setting),
    f"{_ACTIVITIES}/ActivityField/Dropdown/Options/Get": Route("POST", activity_types.dropdown_options),
    f"{_LEADS}/Leads.GetById": Route("GET", leads.lead_by_id),
    f"{_LEADS}/Leads.GetByEmailaddress": Route("GET", leads.lead_by_email),
    f"{_LEADS}/RetrieveLeadByPhoneNumber": Route("GET", leads.lead_by_phone),
    f"{_LEADS}/Leads.Get": Route("POST", leads.search_leads),
    f"{_LEADS}/Leads/Retrieve/ByIds": Route("POST", leads.leads_by_ids),
    f"{_LEADS}/LeadsMetaData.Get": Route("GET", leads.lead_metadata),
    "/v2/Authentication.svc/UserByAccessKey.Get": Route("GET", users.user_by_access_key),
    "/v2/UserManagement.svc/Users.Get": Route("GET", users.users),
    queued.CREATE_PATH: Route("POST", queued.accept, "async", "none", "async"),
    f"{queued.CREATE_PATH}/status": Route("GET", queued.status, "read", "none", "status"),
    f"{queued.CREATE_PATH}/metrics": Route("GET", queued.metrics, "metadata", "none", "status"),
    queued.CREATE_CUSTOM_PATH: Route("POST", queued.accept, "async", "none", "async"),
    f"{queued.CREATE_CUSTOM_PATH}/status": Route("GET", queued.status, "read", "none", "status"),
    f"{queued.CREATE_CUSTOM_PATH}/metrics": Route("GET", queued.metrics, "metadata", "none", "status"),
}
