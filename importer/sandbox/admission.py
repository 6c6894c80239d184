"""Whether a call is carried out: keys, path and method, limits, latency, the reading of its body."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from importer.sandbox.errors import ApiError, InvalidAccessDetailsError, MalformedBodyError, RateLimitError
from importer.sandbox.keys import KeyCheck
from importer.sandbox.limits import DailyQuota, SlidingWindow
from importer.sandbox.moments import stored
from importer.sandbox.routes import ROUTES, Limit, Route
from importer.sandbox.settings import Rate
from importer.sandbox.store.calls import LoggedCall
from importer.sandbox.tenant import Tenant
from importer.sandbox.wire import KEY_NAMES, Answer, Call, Json, json_response, read_json, refusal

_DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Admitted:
    """A call to carry out, and its entry for the log."""

    route: Route
    call: Call
    entry: LoggedCall


@dataclass(frozen=True, slots=True)
class Refused:
    """A call that is not carried out; `answer` is what the response says."""

    answer: Answer
    response: Response
    entry: LoggedCall


class Admission:
    """The door of the API, which counts who comes in."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
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

    async def admit(self, request: Request, raw: bytes) -> Admitted | Refused:
        """Look at a request; waits for the latency."""
        path: str = request.scope["path"]
        query = {name.lower(): value for name, value in parse_qsl(request.url.query, keep_blank_values=True)}
        keys_in_query = not KEY_NAMES.isdisjoint(query)
        entry = LoggedCall(self._tenant.now(), request.method, path, 0, keys_in_query=keys_in_query)
        route = ROUTES.get(path)
        if not self._keys.admits(route.door if route else "account", request.headers, query):
            return _refuse(entry, InvalidAccessDetailsError())
        if route is None:
            return _turn_away(entry, 404, "Endpoint not found.", {})
        if request.method != route.method:
            return _turn_away(entry, 405, "Method not allowed.", {"Allow": route.method})
        over = self._over_limit(route.limit)
        if over is not None:
            return _refuse(replace(entry, throttled=True), over)
        settings = self._tenant.settings
        await self._tenant.clock.pause(settings.latency + settings.jitter * self._random.random())
        try:
            body = _body(request, raw)
        except ApiError as refused:
            return _refuse(entry, refused)
        plain_query = {name: value for name, value in query.items() if name not in KEY_NAMES}
        call = Call(request.method, path, plain_query, body, request.headers.get("host", ""))
        return Admitted(route, call, replace(entry, rows=len(call.rows) if route.writes else 0))

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


def _refuse(entry: LoggedCall, error: ApiError) -> Refused:
    answer = refusal(error)
    return Refused(answer, json_response(answer), replace(entry, status=answer.status))


def _turn_away(entry: LoggedCall, status: int, text: str, headers: Mapping[str, str]) -> Refused:
    # The pages give a status and no body; the vendor's web server answers such calls itself, with a page.
    page = HTMLResponse(f"<html><body><p>{text}</p></body></html>", status, headers)
    return Refused(Answer(None, status=status), page, replace(entry, status=status))


def _body(request: Request, raw: bytes) -> Json:
    """The JSON of a POST; raises EncodingError or MalformedBodyError."""
    if request.method == "GET":
        return None
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if raw and media_type != "application/json":
        raise MalformedBodyError
    return read_json(raw)
