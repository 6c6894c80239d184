"""The way of a call: body, keys, path and method, limits, latency, checks and one transaction, answer."""

import json
import random
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, Response
from starlette.types import Receive, Scope, Send

from importer.sandbox.calls.queued import carry_out_due
from importer.sandbox.errors import ApiError, InvalidAccessDetailsError, MalformedBodyError, RateLimitError
from importer.sandbox.faults import FaultSchedule
from importer.sandbox.keys import KeyCheck
from importer.sandbox.limits import DailyQuota, SlidingWindow
from importer.sandbox.moments import stored
from importer.sandbox.routes import ROUTES, Limit, Route
from importer.sandbox.settings import Rate
from importer.sandbox.store.calls import LoggedCall
from importer.sandbox.tenant import Tenant
from importer.sandbox.wire import KEY_NAMES, Answer, Call, Json, read_json, refusal

_DAY_SECONDS = 86_400


class Gate:
    """The API as an ASGI application."""

    def __init__(self, tenant: Tenant, faults: FaultSchedule) -> None:
        self._tenant = tenant
        self._faults = faults
        self._keys = KeyCheck(tenant.settings)
        self._random = random.Random(0)  # noqa: S311 jitter, the same in every run
        self._windows: dict[Limit, SlidingWindow] = {}
        self._quota: DailyQuota | None = None
        self.forget_calls()

    def forget_calls(self) -> None:
        """Begin counting for windows and quota anew."""
        settings, clock = self._tenant.settings, self._tenant.clock
        rates: dict[Limit, Rate | None] = {"single": settings.rate, "bulk": settings.bulk_rate}
        self._windows = {limit: SlidingWindow(rate, clock.monotonic) for limit, rate in rates.items() if rate}
        if settings.daily_quota is not None:
            log = self._tenant.store.calls
            self._quota = DailyQuota(settings.daily_quota, clock.now, lambda day: log.admitted_since(stored(day)))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        request = Request(scope, receive)
        try:
            raw = await request.body()
        except ClientDisconnect:
            return  # nobody is left to be answered
        response = await self._respond(request, raw)
        await response(scope, receive, send)

    async def _respond(self, request: Request, raw: bytes) -> Response:
        path: str = request.scope["path"]
        query = {name.lower(): value for name, value in parse_qsl(request.url.query, keep_blank_values=True)}
        keys_in_query = not KEY_NAMES.isdisjoint(query)
        entry = LoggedCall(self._tenant.now(), request.method, path, 0, keys_in_query=keys_in_query)
        route = ROUTES.get(path)
        if not self._keys.admits(route.door if route else "account", request.headers, query):
            return self._refuse(entry, InvalidAccessDetailsError())
        if route is None:
            return self._turn_away(entry, 404, "Endpoint not found.", {})
        if request.method != route.method:
            return self._turn_away(entry, 405, "Method not allowed.", {"Allow": route.method})
        over = self._over_limit(route.limit)
        if over is not None:
            return self._refuse(replace(entry, throttled=True), over)
        settings = self._tenant.settings
        await self._tenant.clock.pause(settings.latency + settings.jitter * self._random.random())
        try:
            body = _body(request, raw)
        except ApiError as refused:
            return self._refuse(entry, refused)
        plain_query = {name: value for name, value in query.items() if name not in KEY_NAMES}
        call = Call(request.method, path, plain_query, body, request.headers.get("host", ""))
        return await self._carry_out(route, call, entry)

    async def _carry_out(self, route: Route, call: Call, entry: LoggedCall) -> Response:
        entry = replace(entry, rows=len(call.rows) if route.writes else 0)
        asked = await self._faults.before_commit(call)
        if isinstance(asked, Response):
            self._log(replace(entry, status=asked.status_code))
            return asked
        carry_out_due(self._tenant)
        answer = self._answer(route, asked)
        self._log(replace(entry, status=answer.status, created=answer.created))
        await self._faults.after_commit(asked, answer)
        return self._faults.instead_of_answer(asked, answer) or _response(answer)

    def _answer(self, route: Route, call: Call) -> Answer:
        try:
            with self._tenant.store.database.transaction():
                return route.answer(self._tenant, call)
        except ApiError as refused:
            answer = refusal(refused)
        alone = route.writes and route.limit == "single"
        if alone and answer.status == 500 and self._tenant.settings.call_errors == "200":
            return replace(answer, status=200)
        return answer

    def _over_limit(self, limit: Limit) -> RateLimitError | None:
        if limit == "none":
            return None
        status = int(self._tenant.settings.throttle)
        window = self._windows.get(limit)
        if window is not None and not window.admits():
            return RateLimitError(window.rate.calls, window.rate.seconds, status)
        if self._quota is not None and not self._quota.admits():
            return RateLimitError(self._quota.limit, _DAY_SECONDS, status)
        return None

    def _refuse(self, entry: LoggedCall, error: ApiError) -> Response:
        self._log(replace(entry, status=error.http_status))
        return _response(refusal(error))

    def _turn_away(self, entry: LoggedCall, status: int, text: str, headers: Mapping[str, str]) -> Response:
        # The pages give a status and no body; the vendor's web server answers such calls itself, with a page.
        self._log(replace(entry, status=status))
        return HTMLResponse(f"<html><body><p>{text}</p></body></html>", status, headers)

    def _log(self, entry: LoggedCall) -> None:
        self._tenant.store.calls.add(entry)


def _body(request: Request, raw: bytes) -> Json:
    """The JSON of a POST; raises EncodingError or MalformedBodyError."""
    if request.method == "GET":
        return None
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if raw and media_type != "application/json":
        raise MalformedBodyError
    return read_json(raw)


def _response(answer: Answer) -> Response:
    content = json.dumps(answer.body, ensure_ascii=False, separators=(",", ":")).encode()
    return Response(content, answer.status, media_type="application/json; charset=utf-8")
