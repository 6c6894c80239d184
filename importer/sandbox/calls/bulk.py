"""The two bulk calls: up to 25 activities, each on a lead given by id (page 003) or by one unique field."""

from collections.abc import Callable

from importer.sandbox.calls.activity import read_activity, store_activity
from importer.sandbox.calls.create import lead_by_id
from importer.sandbox.errors import (
    ApiError,
    InvalidInputError,
    LeadNotFoundError,
    MandatoryAttributeError,
    TooManyRowsError,
)
from importer.sandbox.guids import new_guid
from importer.sandbox.tenant import Tenant
from importer.sandbox.wire import Answer, Call, Json, as_list, as_object, as_text

MAX_ROWS = 25

FindLead = Callable[[dict[str, Json]], str]


def add_by_lead_id(tenant: Tenant, call: Call) -> Answer:
    """Post activities on leads by RelatedProspectId; raises ApiError."""

    def find(row: dict[str, Json]) -> str:
        if row.get("RelatedProspectId") is None:
            raise MandatoryAttributeError("RelatedProspectId", "posting activity on lead")
        return lead_by_id(tenant, row)

    return _add(tenant, call, find)


def add_by_lead_field(tenant: Tenant, call: Call) -> Answer:
    """Post activities on leads by SearchByValue, a value of the unique field `searchBy`; raises ApiError.

    No lead is created (page post-activities-to-leads-in-bulk-using-unique-lead-fields), but if leads are open, an
    unknown value counts as an existing lead's.
    """
    search_by = call.query.get("searchby", "")
    tenant.search_field(search_by)

    def find(row: dict[str, Json]) -> str:
        value = as_text(row.get("SearchByValue"))
        if not value.strip():
            raise MandatoryAttributeError("SearchByValue", "posting activity on lead")
        found = tenant.find_lead(search_by, value)
        if found is None and tenant.settings.leads == "open":
            lead_id, attributes = new_guid(), {search_by: value}
            tenant.store.leads.add(lead_id, attributes, tenant.lead_keys(attributes), tenant.now())
            return lead_id
        if found is None:
            raise LeadNotFoundError
        return found.id

    return _add(tenant, call, find)


def _add(tenant: Tenant, call: Call, find: FindLead) -> Answer:
    if call.body is None:
        raise InvalidInputError("activity")
    rows = [as_object(row) for row in as_list(call.body)]
    if not rows:
        raise InvalidInputError("activity")
    if len(rows) > MAX_ROWS:
        raise TooManyRowsError(MAX_ROWS)
    receipts: list[Json] = []
    created = 0
    for number, row in enumerate(rows, start=1):
        try:
            new = read_activity(tenant, row)
            activity_id = store_activity(tenant, find(row), new)
        except ApiError as refused:
            if tenant.settings.bad_row == "call" or refused.status == 400:
                raise
            receipts.append(_failure(tenant, number, refused))
        else:
            created += 1
            receipts.append({"ProspectActivityId": activity_id, "RowNumber": number, "ActivityCreated": True})
    return Answer({"Response": receipts}, created=created)


def _failure(tenant: Tenant, number: int, refused: ApiError) -> Json:
    receipt: dict[str, Json] = {"RowNumber": number, "ActivityCreated": False}
    if tenant.settings.failure_id == "null":
        receipt["ProspectActivityId"] = None
    return {
        **receipt,
        "ExceptionType": refused.exception_type,
        tenant.settings.failure_key: refused.message,
    }
