"""The sandbox as one web application: its own page and switches, and the API for everything else."""

from dataclasses import asdict

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse

from importer.sandbox.faults import FaultSchedule
from importer.sandbox.gate import Gate
from importer.sandbox.page import CONTENT_POLICY, render
from importer.sandbox.tenant import Tenant


def build_app(tenant: Tenant, faults: FaultSchedule) -> FastAPI:
    """The application: `/` for people, `/sandbox/state` and `/sandbox/reset` for programs, the API below."""
    app = FastAPI(title="LeadSquared sandbox", openapi_url=None, docs_url=None, redoc_url=None)
    gate = Gate(tenant, faults)

    @app.get("/")
    async def page(request: Request) -> HTMLResponse:
        headers = {"Content-Security-Policy": CONTENT_POLICY, "Cache-Control": "no-store"}
        return HTMLResponse(render(tenant, str(request.base_url).rstrip("/")), headers=headers)

    @app.get("/sandbox/state")
    async def state() -> JSONResponse:
        return JSONResponse(sandbox_state(tenant), headers={"Cache-Control": "no-store"})

    @app.post("/sandbox/reset")
    async def reset() -> JSONResponse:
        tenant.store.clear()
        tenant.plant()
        gate.forget_calls()
        return JSONResponse(sandbox_state(tenant))

    app.mount("/", gate)
    return app


def sandbox_state(tenant: Tenant) -> dict[str, object]:
    """The counters: activities, by type, leads, waiting async requests, and the counts of calls."""
    store = tenant.store
    return {
        "activities": sum(store.activities.count_by_event().values()),
        "activities_by_type": {str(event): number for event, number in store.activities.count_by_event().items()},
        "leads": store.leads.count(),
        "waiting": len(store.queue.waiting()),
        **asdict(store.calls.counts()),
    }
