"""The sandbox as one web application: its own page and switches, and the API for everything else."""

from collections.abc import Callable
from dataclasses import asdict

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse

from importer.sandbox.faults.late import LateCommits
from importer.sandbox.faults.progress import Hit, Progress
from importer.sandbox.gate import Gate
from importer.sandbox.page import CONTENT_POLICY, render
from importer.sandbox.tenant import Tenant


def build_app(tenant: Tenant, progress: Progress, late: LateCommits, shut_door: Callable[[float], None]) -> FastAPI:
    """The application: `/` for people, `/sandbox/state` and `/sandbox/reset` for programs, the API below."""
    app = FastAPI(title="LeadSquared sandbox", openapi_url=None, docs_url=None, redoc_url=None)
    gate = Gate(tenant, progress, late, shut_door)

    @app.get("/")
    async def page(request: Request) -> HTMLResponse:
        headers = {"Content-Security-Policy": CONTENT_POLICY, "Cache-Control": "no-store"}
        return HTMLResponse(render(tenant, progress, str(request.base_url).rstrip("/")), headers=headers)

    @app.get("/sandbox/state")
    async def state() -> JSONResponse:
        return JSONResponse(sandbox_state(tenant, progress, late), headers={"Cache-Control": "no-store"})

    @app.post("/sandbox/reset")
    async def reset() -> JSONResponse:
        tenant.store.clear()
        tenant.plant()
        gate.forget_calls()
        return JSONResponse(sandbox_state(tenant, progress, late))

    app.mount("/", gate)
    return app


def sandbox_state(tenant: Tenant, progress: Progress, late: LateCommits) -> dict[str, object]:
    """The counters: activities, by type, leads, waiting async requests, the counts of calls, and the faults."""
    store = tenant.store
    return {
        "activities": sum(store.activities.count_by_event().values()),
        "activities_by_type": {str(event): number for event, number in store.activities.count_by_event().items()},
        "leads": store.leads.count(),
        "waiting": len(store.queue.waiting()),
        **asdict(store.calls.counts()),
        "faults": {
            "seed": progress.schedule.seed,
            "counted": progress.counted,
            "rules": [
                {"rule": str(rule), "hits": progress.hits_of(place)}
                for place, rule in enumerate(progress.schedule.rules, start=1)
            ],
            "late": late.waiting,
            "hits": [_hit(each) for each in progress.hits],
        },
    }


def _hit(hit: Hit) -> dict[str, object]:
    return {
        "at": hit.at,
        "calls": hit.kind,
        "number": hit.number,
        "path": hit.path,
        "rule": hit.rule,
        "fault": hit.fault.name,
        "commit": str(hit.commit) if hit.commit else None,
        "stored": hit.stored,
        "stored_late": hit.stored_late,
        "late_at": hit.late_at,
    }
