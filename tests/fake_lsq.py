"""A LeadSquared of the tests' own, written without a look at the sandbox: plain http.server, lists and counters.

It takes the bulk calls of page 003 and its sister, keeps what it committed, and notes everything that a well-behaved
importer must not do: keys in a URL, more than 25 rows, more calls than the limit in any window. What it committed can
be read back, by type and time.
"""

import json
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

ACCESS_KEY = "u$rAK-canary-1f0c"
SECRET_KEY = "SK-canary-77d2"


@dataclass
class FakeLsq:
    """What the server has seen."""

    url: str = ""
    activities: list[dict[str, Any]] = field(default_factory=list)
    """Committed, in order: the posted object plus `ProspectActivityId`, `Call`, `RowNumber` and `At`."""
    calls: list[float] = field(default_factory=list)
    """When each bulk call arrived."""
    requests: list[tuple[str, str]] = field(default_factory=list)
    """Method and path, with query, of everything."""
    missing_leads: set[str] = field(default_factory=set)
    throttled: int = 0
    limit: tuple[int, float] | None = (25, 5.0)
    answer: Callable[[int, list[dict[str, Any]]], tuple[int, bytes] | None] | None = None
    """Answers a call (number from 1, rows) in its own way; None lets it be done as usual."""
    latency: float = 0.0
    """Seconds that the answer of a posting call takes after its rows are committed."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def env(self) -> dict[str, str]:
        """The environment that points the importer here."""
        keys = {"LSQ_HOST": self.url, "LSQ_ACCESS_KEY": ACCESS_KEY, "LSQ_SECRET_KEY": SECRET_KEY}
        return keys | {"LSQ_SETTLE": "1"}  # it commits at once or never

    def post(self, rows: list[dict[str, Any]], by: str) -> tuple[int, bytes]:
        with self.lock:
            now = time.monotonic()
            recent = [at for at in self.calls if self.limit and now - at < self.limit[1]]
            if self.limit and len(recent) >= self.limit[0]:
                self.throttled += 1
                text = f"API calls exceeded the limit of {self.limit[0]} in {self.limit[1]:g} second(s)"
                return 429, _error("MXAPIRateLimitExceededException", text)
            self.calls.append(now)
            number = len(self.calls)
            own = self.answer(number, rows) if self.answer else None
            if own is not None:
                return own
            if len(rows) > 25:
                return 500, _error("MXInvalidInputException", "too many rows")
            return 200, json.dumps({"Response": list(self.commit(rows, by, number))}).encode()

    def commit(self, rows: list[dict[str, Any]], by: str, call: int) -> Iterator[dict[str, Any]]:
        """Commits rows and gives their receipts."""
        for place, row in enumerate(rows, start=1):
            if row.get(by) in self.missing_leads:
                yield {"RowNumber": place, "ActivityCreated": False, "ExceptionMessage": "Lead does not exist"}
                continue
            activity_id = str(uuid.uuid4())
            facts = {"ProspectActivityId": activity_id, "Call": call, "RowNumber": place, "At": _now()}
            self.activities.append(row | facts)
            yield {"ProspectActivityId": activity_id, "RowNumber": place, "ActivityCreated": True}

    def of_type(self, asked: dict[str, Any]) -> dict[str, Any]:
        """A page of the activities that were written within a period."""
        period, paging = asked["Parameter"], asked["Paging"]
        with self.lock:
            found = [row for row in self.activities if period["FromDate"] <= row["At"] <= period["ToDate"]]
        found.sort(key=lambda row: str(row["ProspectActivityId"]))
        first = (paging["PageIndex"] - 1) * paging["PageSize"]
        page = [
            {
                "ProspectActivityId": row["ProspectActivityId"],
                "RelatedProspectId": row.get("RelatedProspectId", ""),
                "ActivityEvent": str(row["ActivityEvent"]),
                "ActivityEvent_Note": row.get("ActivityNote", ""),
                "CreatedOn": row.get("ActivityDateTime", row["At"]),
                "ModifiedOn": row["At"],
                **{each["SchemaName"]: each["Value"] for each in row.get("Fields", ())},
            }
            for row in found[first : first + paging["PageSize"]]
        ]
        return {"RecordCount": len(found), "List": page} if page else {"RecordCount": len(found)}


def _now() -> str:
    return f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}"


def _error(kind: str, message: str) -> bytes:
    return json.dumps({"Status": "Error", "ExceptionType": kind, "ExceptionMessage": message}).encode()


@contextmanager
def fake_lsq(**facts: Any) -> Iterator[FakeLsq]:
    """A running server; `facts` set the fields of FakeLsq."""
    fake = FakeLsq(**facts)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            fake.requests.append(("POST", self.path))
            parts = urlsplit(self.path)
            query = parse_qs(parts.query)
            if (self.headers["x-LSQ-AccessKey"], self.headers["x-LSQ-SecretKey"]) != (ACCESS_KEY, SECRET_KEY):
                self._answer(401, _error("MXInvalidAccessDetailsException", "Invalid Access Details provided."))
            elif parts.path == "/v2/ProspectActivity.svc/Bulk/CustomActivity/Add/ByLeadId":
                self._answer(*fake.post(json.loads(body), "RelatedProspectId"), seconds=fake.latency)
            elif parts.path == "/v2/ProspectActivity.svc/Bulk/CustomActivity/Add/ByLeadField" and "searchBy" in query:
                self._answer(*fake.post(json.loads(body), "SearchByValue"), seconds=fake.latency)
            elif parts.path == "/v2/ProspectActivity.svc/CustomActivity/RetrieveByActivityEvent":
                self._answer(200, json.dumps(fake.of_type(json.loads(body))).encode())
            else:
                self._answer(404, b"")

        def do_GET(self) -> None:
            fake.requests.append(("GET", self.path))
            self._answer(404, b"")

        def _answer(self, status: int, body: bytes, seconds: float = 0.0) -> None:
            time.sleep(seconds)
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Keeps the tests' output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    fake.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
