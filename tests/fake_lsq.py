"""A LeadSquared of the tests' own, written without a look at the sandbox: plain http.server, lists and counters.

It takes activities on every road, keeps what it committed, shows it to whoever reads, and notes everything that a
well-behaved importer must not do: keys in a URL, the queue's key at the wrong door, more than 25 rows in a call, more
calls than the limit in any window. The queue has a door of its own, on another port.
"""

import json
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.fake_account import FakeAccount

ACCESS_KEY = "u$rAK-canary-1f0c"
SECRET_KEY = "SK-canary-77d2"
API_KEY = "QK-canary-90ab"

Reply = tuple[int, bytes]
SYNC, QUEUE = "/v2/", "/"
"""What the paths of the two doors begin with."""


@dataclass
class QueuedRequest:
    """What was accepted into the queue."""

    id: str
    body: dict[str, Any]
    due_at: float
    asked: int = 0
    """How often somebody wanted to know how it stands."""
    answer: dict[str, Any] | None = None
    """The task's Message once it was carried out."""
    failure: str = ""

    @property
    def email(self) -> str:
        """The address of its lead."""
        details = {each["Attribute"]: each["Value"] for each in self.body["LeadDetails"]}
        return str(details["EmailAddress"])


@dataclass
class FakeLsq(FakeAccount):
    """What the server has seen."""

    url: str = ""
    async_url: str = ""
    calls: list[float] = field(default_factory=list)
    """When each posting call arrived."""
    requests: list[tuple[str, str]] = field(default_factory=list)
    """Method and path, with query, of everything."""
    keys: list[tuple[str, str]] = field(default_factory=lambda: [(ACCESS_KEY, SECRET_KEY)])
    """Access and secret keys that open the account."""
    org: str = ""
    """What the account calls itself; "" for one that does not tell."""
    faux_pas: list[str] = field(default_factory=list)
    """What no importer should do."""
    throttled: int = 0
    limit: tuple[int, float] | None = (25, 5.0)
    """Of the bulk calls."""
    answer: Callable[[int, list[dict[str, Any]]], Reply | None] | None = None
    """Answers a bulk call (number from 1, rows) in its own way; None lets it be done as usual."""
    latency: float = 0.0
    """Seconds that the answer of a posting call takes after its rows are committed."""
    cut: Callable[[int], bool] = lambda _: False
    """Whether the connection is cut after the posting call of this number was done."""
    queue: list[QueuedRequest] = field(default_factory=list)
    queue_seconds: float = 0.0
    """How long a request waits in the queue."""
    queue_fails: dict[str, str] = field(default_factory=dict)
    """E-mail address -> why its request fails."""
    status: Callable[[QueuedRequest], Reply | None] = lambda _: None
    """Answers a status call in its own way."""
    request_id: Callable[[str], str] = lambda number: f" {number}"
    """How a request's number is written when it is accepted: page 001 has a blank in front of it."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def env(self) -> dict[str, str]:
        """The environment that points the importer here."""
        keys = {"LSQ_HOST": self.url, "LSQ_ACCESS_KEY": ACCESS_KEY, "LSQ_SECRET_KEY": SECRET_KEY}
        return keys | {"LSQ_SETTLE": "1"}  # it commits at once or never

    @property
    def queue_env(self) -> dict[str, str]:
        """The same with the queue's door."""
        return self.env | {"LSQ_ASYNC_HOST": self.async_url, "LSQ_API_KEY": API_KEY}

    # ------------------------------------------------------------------------------------------- posting

    def post(self, rows: list[dict[str, Any]], by: str, field_name: str) -> Reply:
        """A bulk call."""
        now = time.monotonic()
        recent = [at for at in self.calls if self.limit and now - at < self.limit[1]]
        if self.limit and len(recent) >= self.limit[0]:
            self.throttled += 1
            text = f"API calls exceeded the limit of {self.limit[0]} in {self.limit[1]:g} second(s)"
            return 429, error("MXAPIRateLimitExceededException", text)
        self.calls.append(now)
        own = self.answer(len(self.calls), rows) if self.answer else None
        if own is not None:
            return own
        if len(rows) > 25:
            self.faux_pas.append(f"{len(rows)} rows in a call")
            return 500, error("MXInvalidInputException", "too many rows")
        return 200, json.dumps({"Response": list(self.commit(rows, by, len(self.calls), field_name))}).encode()

    def create(self, body: dict[str, Any]) -> Reply:
        """A call for one activity, by lead id or by e-mail address."""
        self.calls.append(time.monotonic())
        if "EmailAddress" in body:
            asked = {"FirstName", "LastName", "Phone", "EmailAddress"}
            lead = self.upserted("EmailAddress", {name: body[name] for name in asked if name in body}, update=False)
        else:
            lead = body["RelatedProspectId"].lower()
        return self._created(body, lead)

    def create_custom(self, body: dict[str, Any]) -> Reply:
        """A call for a lead and an activity."""
        self.calls.append(time.monotonic())
        return self._created(body, self.lead_of_details(body["LeadDetails"]))

    def _created(self, body: dict[str, Any], lead: str) -> Reply:
        if {lead, body.get("EmailAddress"), body.get("RelatedProspectId")} & self.missing_leads:
            return 500, error("MXUnknownProspectException", "Lead does not exist")
        told: dict[str, Any] = {"Id": self.keep(body, lead, len(self.calls), 1)}
        if body.get("IncludeLeadScore") is True:
            told["LeadScore"] = 10 * sum(each["LeadId"] == lead for each in self.activities)
        return 200, json.dumps({"Status": "Success", "Message": told}).encode()

    # ----------------------------------------------------------------------------------------- the queue

    def accept(self, body: dict[str, Any]) -> Reply:
        """A call that is put into the queue (page 001)."""
        self.calls.append(time.monotonic())
        request = QueuedRequest(str(uuid.uuid4()), body, time.monotonic() + self.queue_seconds)
        self.queue.append(request)
        said = "Request accepted. Please use below request id to check the status"
        return 200, json.dumps({"Status": said, "RequestID": self.request_id(request.id)}).encode()

    def work_off(self) -> None:
        """Carries out what is due."""
        for request in self.queue:
            if request.due_at > time.monotonic() or request.answer or request.failure:
                continue
            request.failure = self.queue_fails.get(request.email, "")
            if not request.failure:
                lead = self.lead_of_details(request.body["LeadDetails"])
                activity_id = self.keep(request.body, lead, len(self.calls), 1)
                request.answer = {"Status": "Success", "Message": {"Id": activity_id}}

    def status_of(self, request_id: str) -> Reply:
        """How a request stands."""
        request = next((each for each in self.queue if each.id == request_id), None)
        if request is None:
            return 404, error("MXInvalidInputException", "Invalid RequestID")
        request.asked += 1
        return self.status(request) or (200, status_body(request))

    def metrics(self) -> Reply:
        """How long the queue is."""
        waiting = sum(not (each.answer or each.failure) for each in self.queue)
        told = {"PendingMessages": waiting, "MaxDelayInSeconds": 0, "ProcessingratePerMinute": 24.8}
        return 200, json.dumps(told).encode()


def status_body(request: QueuedRequest, word: str = "", *, beside: bool = False) -> bytes:
    """The body of a status answer, in the shape of the page create-lead-and-activity-status-api."""
    usual = "Success" if request.answer else "Error" if request.failure else "In-Queue"
    task: dict[str, Any] = {
        "TaskType": "Activity Create Custom",
        "Status": word or usual,
        "StatusReason": "Request was successfully completed" if request.answer else request.failure or None,
        "TaskCurrentStep": None,
        "TaskLastStep": "In-Process-Queue",
        "RequestBody": json.dumps(request.body),
    }
    whole: dict[str, Any] = {"RequestId": request.id, "TaskStatus": task}
    (whole if beside else task)["Message"] = request.answer
    return json.dumps(whole).encode()


def error(kind: str, message: str) -> bytes:
    """The body of an error of the application."""
    return json.dumps({"Status": "Error", "ExceptionType": kind, "ExceptionMessage": message}).encode()


# ------------------------------------------------------------------------------------------------- HTTP


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    fake: FakeLsq
    door: str

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        self._serve("POST", json.loads(body) if body else None)

    def do_GET(self) -> None:
        self._serve("GET", None)

    def _serve(self, method: str, body: Any) -> None:
        fake, parts = self.fake, urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        with fake.lock:
            fake.requests.append((method, self.path))
            self._watch_manners()
            calls = len(fake.calls)
            fake.work_off()
            path = parts.path.removeprefix(self.door)
            reply = self._refused() or self._key_user(path) or self._reply(method, path, query, body)
            number = len(fake.calls)
        if number > calls:
            time.sleep(fake.latency)
            if fake.cut(number):
                self.close_connection = True
                return
        self.send_response(reply[0])
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(reply[1])))
        self.end_headers()
        self.wfile.write(reply[1])

    def _watch_manners(self) -> None:
        if any(key in self.path for key in (ACCESS_KEY, SECRET_KEY, API_KEY)) or "ecretKey" in self.path:
            self.fake.faux_pas.append(f"a key in {self.path}")
        if self.door == SYNC and "x-api-key" in self.headers:
            self.fake.faux_pas.append(f"the queue's key at {self.path}")

    def _refused(self) -> Reply | None:
        if (self.headers["x-LSQ-AccessKey"], self.headers["x-LSQ-SecretKey"]) not in self.fake.keys:
            return 401, error("MXInvalidAccessDetailsException", "Invalid Access Details provided.")
        if self.door == QUEUE and self.headers["x-api-key"] != API_KEY:
            return 403, b'{"message":"Forbidden"}'
        return None

    def _key_user(self, path: str) -> Reply | None:
        if path == "Authentication.svc/UserByAccessKey.Get" and self.fake.org:
            return 200, json.dumps([{"ID": "1", "OrgShortCode": self.fake.org}]).encode()
        return None

    def _reply(self, method: str, path: str, query: dict[str, str], body: Any) -> Reply:
        fake = self.fake
        match method, self.door, path:
            case "POST", "/v2/", "ProspectActivity.svc/Bulk/CustomActivity/Add/ByLeadId":
                return fake.post(body, "RelatedProspectId", "")
            case "POST", "/v2/", "ProspectActivity.svc/Bulk/CustomActivity/Add/ByLeadField" if "searchBy" in query:
                return fake.post(body, "SearchByValue", query["searchBy"])
            case "POST", "/v2/", "ProspectActivity.svc/Create":
                return fake.create(body)
            case "POST", "/v2/", "ProspectActivity.svc/CreateCustom":
                return fake.create_custom(body)
            case "POST", "/v2/", "ProspectActivity.svc/Retrieve":
                return 200, fake.of_lead(query["leadId"], body or {})
            case "POST", "/v2/", "ProspectActivity.svc/CustomActivity/RetrieveByActivityEvent":
                return 200, fake.of_type(body)
            case "POST", "/", "activity/createcustom":
                return fake.accept(body)
            case "GET", "/", "activity/createcustom/status" if "RequestID" in query:
                return fake.status_of(query["RequestID"])
            case "GET", "/", "activity/createcustom/metrics":
                return fake.metrics()
            case _:
                return 404, b""

    def log_message(self, *_: object) -> None:
        """Keeps the tests' output clean."""


class _Patient(ThreadingHTTPServer):
    """Takes no offence at clients that are killed before their answer comes."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def fake_lsq(**facts: Any) -> Iterator[FakeLsq]:
    """A running server; `facts` set the fields of FakeLsq."""
    fake = FakeLsq(**facts)
    with ExitStack() as stack:
        fake.url = stack.enter_context(_open_door(fake, SYNC))
        fake.async_url = stack.enter_context(_open_door(fake, QUEUE))
        yield fake


@contextmanager
def _open_door(fake: FakeLsq, door: str) -> Iterator[str]:
    handler = type("Handler", (_Handler,), {"fake": fake, "door": door})
    server = _Patient(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
