"""Post an Activity to a Lead by its id, one row a call: page 002."""

from importer.leadsquared.routes.route import CallClass, Route, RouteName
from importer.leadsquared.shapes import ACTIVITY, Body, Fields, Option, Slot, Text

ROUTE = Route(
    name=RouteName.SINGLE_BY_LEAD_ID,
    path="ProspectActivity.svc/Create",
    rows_per_call=1,
    call_class=CallClass.SINGLE,
    lead_keys={"id": True, "include_score": False},
    body=Body(
        (
            ("RelatedProspectId", Text(Slot.LEAD_ID)),
            *ACTIVITY,
            ("IncludeLeadScore", Option("lead.include_score")),
            ("Fields", Fields(with_owner=True)),
        )
    ),
)
