"""What a client sees of a connection, byte by byte, which HTTP libraries hide."""

import json
import socket
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal, Self
from urllib.parse import urlsplit

from tests.sandbox.calling import BY_LEAD_ID, Api

End = Literal["closed", "reset", "open"]


@dataclass(frozen=True)
class Seen:
    """All that came, and how the connection ended; `open`: it did not, for as long as the client listened."""

    came: bytes
    end: End

    @property
    def status(self) -> int:
        """The status of the first answer, 0 if none came."""
        words = self.came.split(b" ", 2)
        return int(words[1]) if len(words) > 2 else 0

    @property
    def headers(self) -> dict[str, str]:
        """The answer's headers, in small letters."""
        lines = self.came.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")[1:]
        return {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}

    @property
    def body(self) -> bytes:
        """What follows the headers."""
        return self.came.partition(b"\r\n\r\n")[2]


class Client:
    """One connection to a sandbox."""

    def __init__(self, api: Api) -> None:
        self._api = api
        address = urlsplit(api.server.url)
        assert address.hostname
        assert address.port
        self._socket = socket.create_connection((address.hostname, address.port), timeout=5)
        self._was_reset = False
        """Whether sending has shown it; a reset is told once, and who listens afterwards hears of an ordinary end."""

    def request(self, body: object, path: str = BY_LEAD_ID, **headers: str) -> bytes:
        """A POST as it travels."""
        content = json.dumps(body).encode()
        head = {"Host": "sandbox", "Content-Type": "application/json", "Content-Length": str(len(content))}
        head |= headers | self._api.keys
        lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in head.items())]
        return "\r\n".join([*lines, "", ""]).encode() + content

    def send(self, content: bytes) -> None:
        """Send bytes; the other side may be gone already."""
        with suppress(BrokenPipeError, ConnectionAbortedError):
            try:
                self._socket.sendall(content)
            except ConnectionResetError:
                self._was_reset = True

    def see(self, patience: float = 5, until: bytes | None = None) -> Seen:
        """Listen until the connection ends, or `until` has come, or patience (seconds) has."""
        self._socket.settimeout(patience)
        came = b""
        try:
            while until is None or until not in came:
                part = self._socket.recv(65536)
                if not part:
                    return Seen(came, "reset" if self._was_reset else "closed")
                came += part
        except ConnectionError:
            return Seen(came, "reset")
        except TimeoutError:
            pass
        return Seen(came, "open")

    def close(self) -> None:
        """Leave."""
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def call(api: Api, body: object, path: str = BY_LEAD_ID, patience: float = 5) -> Seen:
    """One POST on a connection of its own."""
    with Client(api) as client:
        client.send(client.request(body, path, Connection="close"))
        return client.see(patience)
