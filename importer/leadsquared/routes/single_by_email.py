"""Post an Activity with a Lead's Email Address, one row a call: page 000. An unknown address makes a new lead."""

from importer.leadsquared.routes.route import CallClass, Route, RouteName
from importer.leadsquared.shapes import ACTIVITY, Body, Fields, Slot, Text

ROUTE = Route(
    name=RouteName.SINGLE_BY_EMAIL,
    path="ProspectActivity.svc/Create",
    rows_per_call=1,
    call_class=CallClass.SINGLE,
    lead_keys={"email": True, "first_name": False, "last_name": False, "phone": False},
    body=Body(
        (
            ("EmailAddress", Text(Slot.LEAD_EMAIL)),
            *ACTIVITY,
            ("FirstName", Text(Slot.LEAD_FIRST_NAME)),
            ("LastName", Text(Slot.LEAD_LAST_NAME)),
            ("Phone", Text(Slot.LEAD_PHONE)),
            ("Fields", Fields(with_owner=True)),
        )
    ),
    creates_leads=True,
)
