"""Where activities go: the account that the settings name, or a stand-in inside this process."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from importer.errors.base import CredentialsMissing, ExtraMissing, QueueKeysMissing
from importer.leadsquared.client import ApiClient, QueueDoor
from importer.leadsquared.hosts import base_url
from importer.settings import Secret, Settings

SANDBOX = "sandbox"
"""What the stand-in is called where an account has its host."""

SANDBOX_FILE = "sandbox.sqlite"


@dataclass(frozen=True, slots=True)
class Destination:
    """An account that calls can be made to."""

    url: str
    """What the addresses of calls begin with."""
    host: str
    access_key: Secret
    secret_key: Secret
    timeout: float
    queue: QueueDoor | None = None
    """Where async calls go, if that is set."""

    @property
    def identity(self) -> tuple[str, str]:
        """Host and key by which the ledger knows the account; a stand-in has no key worth telling apart."""
        return (SANDBOX, SANDBOX) if self.host == SANDBOX else (self.host, self.access_key.reveal())

    def client(self) -> ApiClient:
        """A client of its own for each thread."""
        return ApiClient(self.url, self.access_key, self.secret_key, self.timeout, queue=self.queue)


def their_account(settings: Settings, *, queued: bool = False) -> Destination:
    """The account of the settings.

    :param queued: whether async calls are going to be made.
    :raises CredentialsMissing: host or keys are not set.
    :raises QueueKeysMissing: the same of the queue, if it is needed.
    :raises HostRefused: the keys would go where they don't belong.
    """
    found = {
        "LSQ_HOST": settings.host,
        "LSQ_ACCESS_KEY": settings.access_key,
        "LSQ_SECRET_KEY": settings.secret_key,
    }
    if settings.host is None or settings.access_key is None or settings.secret_key is None:
        raise CredentialsMissing([name for name, value in found.items() if value is None])
    url = base_url(settings.host, allow_foreign=settings.allow_host)
    host = url.split("://")[1].removesuffix("/v2")
    queue = _queue_door(settings) if queued else None
    return Destination(url, host, settings.access_key, settings.secret_key, settings.timeout, queue)


def _queue_door(settings: Settings) -> QueueDoor:
    found = {"LSQ_ASYNC_HOST": settings.async_host, "LSQ_API_KEY": settings.api_key}
    if settings.async_host is None or settings.api_key is None:
        raise QueueKeysMissing([name for name, value in found.items() if value is None])
    return QueueDoor(base_url(settings.async_host, allow_foreign=settings.allow_host, path=""), settings.api_key)


@contextmanager
def sandbox_account(settings: Settings) -> Iterator[Destination]:
    """A stand-in that runs as long as it is needed, and remembers what it got for the next time.

    :raises ExtraMissing: the extra `sandbox` is not installed.
    """
    try:
        from importer.sandbox.server import SandboxServer
        from importer.sandbox.settings import SandboxSettings
    except ModuleNotFoundError:
        raise ExtraMissing("sandbox", "--sandbox") from None
    settings.state.mkdir(mode=0o700, parents=True, exist_ok=True)
    sandbox = SandboxSettings(
        leads="open", activity_types="open", owners="open", database=settings.state / SANDBOX_FILE
    )
    with SandboxServer(sandbox) as server:
        keys = Secret(sandbox.access_key), Secret(sandbox.secret_key)
        queue = QueueDoor(server.url, Secret(sandbox.api_key))
        yield Destination(f"{server.url}/v2", SANDBOX, *keys, settings.timeout, queue)
