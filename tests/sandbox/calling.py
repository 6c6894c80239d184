"""How tests call a sandbox, and the time they hand to it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import requests

from importer.sandbox.account import Seed
from importer.sandbox.clock import Clock
from importer.sandbox.faults import Schedule
from importer.sandbox.seeds import demo_leads
from importer.sandbox.server import SandboxServer
from importer.sandbox.settings import SandboxSettings

ACTIVITIES = "/v2/ProspectActivity.svc"
LEADS = "/v2/LeadManagement.svc"
CREATE = f"{ACTIVITIES}/Create"
CREATE_CUSTOM = f"{ACTIVITIES}/CreateCustom"
BY_LEAD_ID = f"{ACTIVITIES}/Bulk/CustomActivity/Add/ByLeadId"
BY_LEAD_FIELD = f"{ACTIVITIES}/Bulk/CustomActivity/Add/ByLeadField"
RETRIEVE = f"{ACTIVITIES}/Retrieve"
BY_EVENT = f"{ACTIVITIES}/CustomActivity/RetrieveByActivityEvent"
SETTING = f"{ACTIVITIES}/CustomActivity/GetActivitySetting"
TYPES = f"{ACTIVITIES}/ActivityTypes.Get"

FIRST_LEAD, SECOND_LEAD = demo_leads(2)
START = datetime(2026, 3, 2, 10, 0, 0, tzinfo=UTC)

Start = Callable[..., "Api"]


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    body: Any
    headers: Mapping[str, str]


class Api:
    """One sandbox and the keys to it."""

    def __init__(
        self,
        settings: SandboxSettings,
        seed: Seed | None = None,
        clock: Clock | None = None,
        faults: Schedule | str | None = None,
    ) -> None:
        schedule = Schedule.of(faults) if isinstance(faults, str) else faults
        self.server = SandboxServer(settings, seed, clock=clock, faults=schedule)
        self.server.start()
        self.settings = settings
        self.keys = {"x-LSQ-AccessKey": settings.access_key, "x-LSQ-SecretKey": settings.secret_key}
        self.session = requests.Session()
        self.session.trust_env = False

    def get(self, path: str, **query: str) -> Reply:
        """A GET with the keys in the headers."""
        return self.send("GET", path, params=query)

    def post(self, path: str, body: object, **query: str) -> Reply:
        """A POST of JSON with the keys in the headers."""
        return self.send("POST", path, json=body, params=query)

    def post_async(self, path: str, body: object) -> Reply:
        """A POST that an async host accepts."""
        return self.send("POST", path, json=body, headers={**self.keys, "x-api-key": self.settings.api_key})

    def get_async(self, path: str, **query: str) -> Reply:
        """A GET of an async request's status, or of metrics."""
        return self.send("GET", path, params=query, headers={"x-api-key": self.settings.api_key})

    def send(self, method: str, path: str, **options: Any) -> Reply:
        """Any request; the keys go along unless `headers` are given."""
        options.setdefault("headers", self.keys)
        answer = self.session.request(method, self.server.url + path, timeout=10, **options)
        is_json = answer.headers.get("content-type", "").startswith("application/json")
        return Reply(answer.status_code, answer.json() if is_json else answer.text, answer.headers)

    def stop(self) -> None:
        """Close the session and the sandbox."""
        self.session.close()
        self.server.stop()


class Time:
    """A clock that only moves when it is told to, or when somebody pauses."""

    def __init__(self, start: datetime = START) -> None:
        self.now = start
        self.seconds = 0.0
        self.pauses: list[float] = []

    def forward(self, seconds: float) -> None:
        """Let time go by."""
        self.now += timedelta(seconds=seconds)
        self.seconds += seconds

    async def pause(self, seconds: float) -> None:
        """Take note of a pause; the time goes by at once."""
        self.pauses.append(seconds)
        self.forward(seconds)

    @property
    def clock(self) -> Clock:
        """The same time, as the sandbox takes it."""
        return Clock(now=lambda: self.now, monotonic=lambda: self.seconds, pause=self.pause)


def visit(lead_id: str = FIRST_LEAD.id, /, **more: object) -> dict[str, Any]:
    """A store visit, as a row or a single call has it; `fields` adds to the one mandatory field."""
    fields = more.pop("fields", {})
    assert isinstance(fields, dict)
    values = {"mx_Custom_1": "Indiranagar", **fields}
    entries = [{"SchemaName": name, "Value": value} for name, value in values.items()]
    return {"RelatedProspectId": lead_id, "ActivityEvent": 201, "Fields": entries, **more}


def failure(kind: str, message: str) -> dict[str, str]:
    """The JSON of a refusal."""
    return {"Status": "Error", "ExceptionType": kind, "ExceptionMessage": message}
