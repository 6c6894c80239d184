"""Create a Lead and Activity in one call, one row a call: page create-lead-and-activity.

`SearchBy` names the attribute that finds the lead; found, it is updated with the other attributes, else created.
"""

from importer.leadsquared.routes.route import CallClass, Route, RouteName
from importer.leadsquared.shapes import ACTIVITY, Attributes, Body, Fields

LEAD_AND_ACTIVITY = Body(
    (
        ("LeadDetails", Attributes()),
        ("Activity", Body((*ACTIVITY, ("Fields", Fields(with_owner=True))))),
    )
)

ROUTE = Route(
    name=RouteName.LEAD_AND_ACTIVITY,
    path="ProspectActivity.svc/CreateCustom",
    rows_per_call=1,
    call_class=CallClass.SINGLE,
    lead_keys={"search_by": True, "attributes": True},
    body=LEAD_AND_ACTIVITY,
    creates_leads=True,
)
