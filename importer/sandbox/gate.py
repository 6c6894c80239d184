"""The way of a call: counted, admitted, carried out, answered; or hit by a fault somewhere on that way."""

from collections.abc import Callable
from dataclasses import replace

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from importer.sandbox.admission import Admission, Refused
from importer.sandbox.carrying import carry_out
from importer.sandbox.faults.fault import Scene
from importer.sandbox.faults.late import LateCommits
from importer.sandbox.faults.line import line_of
from importer.sandbox.faults.progress import Progress
from importer.sandbox.mishaps import Mishaps
from importer.sandbox.routes import ROUTES
from importer.sandbox.tenant import Tenant
from importer.sandbox.wire import json_response


class Gate:
    """The API as an ASGI application."""

    def __init__(
        self, tenant: Tenant, progress: Progress, late: LateCommits, shut_door: Callable[[float], None]
    ) -> None:
        self._tenant = tenant
        self._progress = progress
        self._late = late
        self._shut_door = shut_door
        self._admission = Admission(tenant)
        self._mishaps = Mishaps(tenant, self._admission, progress, late)

    def forget_calls(self) -> None:
        """Begin counting for windows, quota and faults anew; what was to be stored late is dropped."""
        self._admission.forget_calls()
        self._late.cancel()
        self._progress.forget()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request, or don't, as the schedule says."""
        request, line = Request(scope, receive), line_of(scope)
        path: str = scope["path"]
        route = ROUTES.get(path)
        hit = self._progress.call(route.kind, path, kept=line.answered > 0) if route else None
        if hit is not None:
            scene = Scene(request, send, line, self._tenant.clock, hit.luck, self._shut_door)
            await self._mishaps.happen(hit, scene)
            return
        try:
            raw = await request.body()
        except ClientDisconnect:
            return  # nobody is left to be answered
        response = await self._respond(request, raw)
        await response(scope, receive, send)

    async def _respond(self, request: Request, raw: bytes) -> Response:
        admitted = await self._admission.admit(request, raw)
        log = self._tenant.store.calls
        if isinstance(admitted, Refused):
            log.add(admitted.entry)
            return admitted.response
        answer = carry_out(self._tenant, admitted.route, admitted.call)
        log.add(replace(admitted.entry, status=answer.status, created=answer.created))
        return json_response(answer)
