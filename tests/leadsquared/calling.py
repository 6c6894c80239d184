"""How the tests of this folder make calls."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from importer.leadsquared.calls import Call, Ending
from importer.leadsquared.client import ApiClient
from importer.leadsquared.routes import CallClass
from importer.settings import Secret

ACCESS_KEY = "u$rAKcanary5f0e1d2c3b4a59687"
SECRET_KEY = "SKcanary8e7d6c5b4a39281706f5"
KEYS = (ACCESS_KEY, SECRET_KEY)

BULK = "ProspectActivity.svc/Bulk/CustomActivity/Add/ByLeadId"
BODY = b'[{"RelatedProspectId":"2bf6a491-c144-4ac9-90f9-f52b6fc44413","ActivityEvent":201,"ActivityNote":"%b"}]'
CALL = Call("POST", BULK, CallClass.BULK, body=BODY % b"a note")


@dataclass
class Clock:
    """A clock that only moves when it is told to."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


def client(url: str, timeout: float = 5.0, clock: Callable[[], float] = time.monotonic) -> ApiClient:
    """A client with the keys above."""
    return ApiClient(f"{url}/v2", Secret(ACCESS_KEY), Secret(SECRET_KEY), timeout, clock)


def one_call(url: str, timeout: float = 5.0, call: Call = CALL) -> Ending:
    """The ending of one call by a new client."""
    caller = client(url, timeout)
    try:
        return caller.send(call)
    finally:
        caller.close()
