"""Post Activities to Leads in Bulk by any unique lead field, one field for the whole call.

Source: page post-activities-to-leads-in-bulk-using-unique-lead-fields. It states no number of rows; all of its sister
calls allow 25.
"""

from importer.leadsquared.routes.route import CallClass, Route, RouteName
from importer.leadsquared.shapes import OPTIONS, Body, Event, Fields, Slot, Text

ROUTE = Route(
    name=RouteName.BULK_BY_LEAD_FIELD,
    path="ProspectActivity.svc/Bulk/CustomActivity/Add/ByLeadField",
    rows_per_call=25,
    call_class=CallClass.BULK,
    lead_keys={"search_by": True, "value": True},
    body=Body(
        (
            ("SearchByValue", Text(Slot.LEAD_VALUE)),
            ("ActivityEvent", Event()),
            ("ActivityNote", Text(Slot.NOTE)),
            ("ActivityOwnerEmail", Text(Slot.OWNER)),
            ("ActivityDateTime", Text(Slot.DATETIME)),
            *OPTIONS,
            ("Fields", Fields()),
        )
    ),
)
