"""A server on this computer that takes bulk calls at a rate, late and slowly: what an account is to whoever sends."""

import json
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Loopback:
    """What the server does, and has seen."""

    latency: float
    spread: float = 0.3
    delay: float = 0.2
    """Seconds until a call is counted, at most."""
    calls: int = 25
    seconds: float = 5.0
    url: str = ""
    admitted: list[float] = field(default_factory=list)
    refused: int = 0
    began: float = float("inf")
    ended: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)
    chance: random.Random = field(default_factory=lambda: random.Random(1))  # noqa: S311

    @property
    def makespan(self) -> float:
        """Seconds from the first posting call's arrival to the last answer."""
        return self.ended - self.began

    def take(self, rows: int) -> tuple[int, dict[str, object]]:
        """One bulk call."""
        self.began = min(self.began, time.monotonic())
        time.sleep(self.chance.uniform(0, self.delay))
        with self.lock:
            now = time.monotonic()
            recent = [at for at in self.admitted[-self.calls :] if at > now - self.seconds]
            if len(recent) >= self.calls:
                self.refused += 1
                words = f"API calls exceeded the limit of {self.calls} in {self.seconds:.0f} second(s)"
                return 429, {"ExceptionType": "MXAPIRateLimitExceededException", "ExceptionMessage": words}
            self.admitted.append(now)
            number = len(self.admitted)
        time.sleep(self.latency * self.chance.uniform(1 - self.spread, 1 + self.spread))
        self.ended = max(self.ended, time.monotonic())
        receipts = [
            {"RowNumber": row, "ActivityCreated": True, "ProspectActivityId": f"{number:08x}-51aa-11e2-9e64-{row:012x}"}
            for row in range(1, rows + 1)
        ]
        return 200, {"Response": receipts}


@contextmanager
def serving(loopback: Loopback) -> Iterator[Loopback]:
    """The server, as long as it is needed."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            self._answer(404, {"ExceptionType": "MXNotHere", "ExceptionMessage": "this server only takes bulk calls"})

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if isinstance(body, list):
                self._answer(*loopback.take(len(body)))
            else:
                self.do_GET()

        def _answer(self, status: int, value: dict[str, object]) -> None:
            payload = json.dumps(value).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(payload)))
            self.end_headers()
            self.wfile.write(payload)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 128

    with Server(("127.0.0.1", 0), Handler) as server:
        loopback.url = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield loopback
        server.shutdown()
