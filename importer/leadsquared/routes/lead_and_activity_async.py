"""Create a Lead and Activity (Async): page 001. The call is only accepted; a status call tells what became of it."""

from importer.leadsquared.routes.lead_and_activity import LEAD_AND_ACTIVITY
from importer.leadsquared.routes.route import CallClass, Route, RouteName

ROUTE = Route(
    name=RouteName.LEAD_AND_ACTIVITY_ASYNC,
    path="activity/createcustom",
    rows_per_call=1,
    call_class=CallClass.ASYNC,
    lead_keys={"search_by": True, "attributes": True},
    body=LEAD_AND_ACTIVITY,
    creates_leads=True,
)
