"""Post Activities on Leads in Bulk (Using Lead Id): page 003. The main road, 25 rows a call."""

from importer.leadsquared.routes.route import CallClass, Route, RouteName
from importer.leadsquared.shapes import OPTIONS, Body, Event, Fields, Slot, Text

ROUTE = Route(
    name=RouteName.BULK_BY_LEAD_ID,
    path="ProspectActivity.svc/Bulk/CustomActivity/Add/ByLeadId",
    rows_per_call=25,
    call_class=CallClass.BULK,
    lead_keys={"id": True},
    body=Body(
        (
            ("RelatedProspectId", Text(Slot.LEAD_ID)),
            ("ActivityEvent", Event()),
            ("ActivityNote", Text(Slot.NOTE)),
            ("ActivityOwnerEmail", Text(Slot.OWNER)),
            ("ActivityDateTime", Text(Slot.DATETIME)),
            *OPTIONS,
            ("Fields", Fields()),
        )
    ),
)
