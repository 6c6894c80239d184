"""Carrying out a call: one transaction, and the answer."""

from dataclasses import replace

from importer.sandbox.calls.queued import carry_out_due
from importer.sandbox.errors import ApiError
from importer.sandbox.routes import Route
from importer.sandbox.tenant import Tenant
from importer.sandbox.wire import Answer, Call, refusal


def carry_out(tenant: Tenant, route: Route, call: Call) -> Answer:
    """Store what the call asks for, or nothing of it if it is refused; what was due before it is done first."""
    carry_out_due(tenant)
    try:
        with tenant.store.database.transaction():
            return route.answer(tenant, call)
    except ApiError as refused:
        return _refused(tenant, route, refused)


def pretend(tenant: Tenant, route: Route, call: Call) -> Answer:
    """The answer that the call would get, without storing anything."""
    try:
        with tenant.store.database.trial():
            return replace(route.answer(tenant, call), created=0)
    except ApiError as refused:
        return _refused(tenant, route, refused)


def _refused(tenant: Tenant, route: Route, error: ApiError) -> Answer:
    answer = refusal(error)
    alone = route.writes and route.limit == "single"
    if alone and answer.status == 500 and tenant.settings.call_errors == "200":
        return replace(answer, status=200)
    return answer
