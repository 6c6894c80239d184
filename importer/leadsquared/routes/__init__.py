"""The roads into LeadSquared. Adding one means adding a module here and naming it in ROUTES."""

from importer.leadsquared.routes import (
    bulk_by_lead_field,
    bulk_by_lead_id,
    lead_and_activity,
    lead_and_activity_async,
    single_by_email,
    single_by_lead_id,
)
from importer.leadsquared.routes.route import CallClass, Route, RouteName

__all__ = ["ROUTES", "CallClass", "Route", "RouteName"]

ROUTES = {
    module.ROUTE.name: module.ROUTE
    for module in (
        bulk_by_lead_id,
        bulk_by_lead_field,
        single_by_lead_id,
        single_by_email,
        lead_and_activity,
        lead_and_activity_async,
    )
}
