"""The named points of the write path, and death at one of them.

Nothing in the program knows of them. They are found from outside, in a process that is made to die: by Python's audit
events (files, locks, renames), by SQLAlchemy's (statements, commits), and by standing before the ledger's methods and
the sockets. Death is `os._exit`: nothing is flushed, closed, released or rolled back.
"""

import os
import socket
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

import importer.cli.sending
from importer.ledger.doubts import DoubtBook
from importer.ledger.journal import Journal
from importer.ledger.runs import RunBook
from importer.sending.lane import Ended, ThreadLane

DEAD = 9
"""The exit code of a process that has died at its point."""

STEPS: dict[type, tuple[str, ...]] = {
    RunBook: ("account", "begin", "add_source", "finish", "close"),
    Journal: ("plan", "intend", "settle", "doubt", "withdraw"),
    DoubtBook: ("found", "absent", "rejected", "stays"),
}
"""The transactions of a run."""

_NAMES = {RunBook: "run", Journal: "call", DoubtBook: "doubt"}


class Points:
    """Counts how often each point is reached, writes it down, and dies where it is told to."""

    def __init__(self, fatal: tuple[str, int] | None, trace: str) -> None:
        self._fatal = fatal
        self._trace = os.open(trace, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600) if trace else None
        self._reached: Counter[str] = Counter()
        self._lock = threading.RLock()
        self.local = threading.local()

    def reach(self, name: str) -> None:
        """Here we are."""
        with self._lock:
            self._reached[name] += 1
            if self._trace is not None:
                os.write(self._trace, f"{name}\n".encode())
            if self._fatal == (name, self._reached[name]):
                os._exit(DEAD)

    def is_next(self, name: str) -> bool:
        """Whether the next time that this is reached is the last thing that happens."""
        with self._lock:
            return self._fatal == (name, self._reached[name] + 1)


def prepare(fatal: list[Any] | None, trace: str, hurry: float) -> None:
    """Has this process die at a point, or write down those that it reaches, or hurry."""
    if hurry != 1.0:
        _hurry(hurry)
    if fatal or trace:
        points = Points((fatal[0], fatal[1]) if fatal else None, trace)
        _watch_transactions(points)
        _watch_sockets(points)
        _watch_files(points)


def _hurry(times: float) -> None:
    """Lets a run's clock go faster: its waits are as many seconds as ever, but shorter ones."""

    class Hurried(ThreadLane):
        def __init__(self, new_client: Any, width: int, _: Callable[[], float]) -> None:
            super().__init__(new_client, width, lambda: time.monotonic() * times)

        def wait(self, seconds: float | None) -> list[Ended]:
            return super().wait(None if seconds is None else seconds / times)

    # In a process that is there for this alone.
    setattr(importer.cli.sending, "ThreadLane", Hurried)  # noqa: B010  # it is not exported, only used


def _watch_transactions(points: Points) -> None:
    for owner, names in STEPS.items():
        for name in names:
            setattr(owner, name, _watched(points, f"{_NAMES[owner]}: {name}", getattr(owner, name)))

    def within(where: str) -> Callable[..., None]:
        def reach(*_: Any) -> None:
            step = getattr(points.local, "step", None)
            if step:
                points.reach(f"{step}, {where}")

        return reach

    event.listen(Engine, "after_cursor_execute", within("within"))
    event.listen(Engine, "commit", within("before its commit"))


def _watched(points: Points, step: str, method: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(method)
    def watched(*args: Any, **kwargs: Any) -> Any:
        points.reach(f"{step}, before")
        points.local.step = step
        try:
            return method(*args, **kwargs)
        finally:
            points.local.step = None
            points.reach(f"{step}, after")

    return watched


def _watch_sockets(points: Points) -> None:
    send, receive = socket.socket.sendall, socket.socket.recv_into

    def sendall(self: socket.socket, content: Any, *flags: int) -> None:
        if bytes(content[:5]) == b"POST ":
            points.local.call = "post" if b"/Bulk/" in bytes(content[:200]) else "look"
            points.local.answered = False
            points.reach(f"{points.local.call}: nothing has left")
            send(self, content, *flags)
            points.reach(f"{points.local.call}: its head has left")
            return
        call = getattr(points.local, "call", None)
        if call is None:
            send(self, content, *flags)
            return
        half = f"{call}: half of its body has left"
        if points.is_next(half):
            send(self, content[: len(content) // 2], *flags)
        points.reach(half)
        send(self, content, *flags)
        points.reach(f"{call}: all has left")

    def recv_into(self: socket.socket, buffer: Any, nbytes: int = 0, flags: int = 0) -> int:
        call = getattr(points.local, "call", None)
        if call is None or points.local.answered:
            return receive(self, buffer, nbytes, flags)
        points.local.answered = True
        half = f"{call}: half of the answer is read"
        got = receive(self, buffer, 80 if points.is_next(half) else nbytes, flags)
        points.reach(half)
        points.reach(f"{call}: the answer is read")
        return got

    socket.socket.sendall = sendall  # type: ignore[assignment, method-assign]
    socket.socket.recv_into = recv_into  # type: ignore[assignment, method-assign]


REPORTS = ("results.csv", "summary.json", "to-fix.csv", "unknown.csv")

_OPENED = {
    "ledger.lock": "lock: before it is opened",
    "ledger.holder": "lock: taken, holder not named",
    "ledger.salt": "ledger: before its salt",
    "visits.csv": "loading: before the file is opened",
}


def _report(path: Any) -> str | None:
    """The report that this is the unfinished form of."""
    name = Path(path).name
    return next((report for report in REPORTS if name.startswith(f".{report}.")), None)


def _file_point(what: str, arguments: tuple[Any, ...]) -> str | None:
    """The point at which an audit event happens, if it is one."""
    if what == "open" and isinstance(arguments[0], (str, os.PathLike)):
        return _opening(arguments[0], arguments[2])
    if what == "fcntl.flock":
        return "lock: before it is taken or given back"
    if what == "os.rename" and _report(arguments[0]):
        return f"report: {_report(arguments[0])} synced, not renamed"
    if what == "os.remove" and Path(arguments[0]).name == "ledger.holder":
        return "lock: before it is given back"
    return None


def _opening(path: Any, flags: Any) -> str | None:
    if Path(path).name in _OPENED and ".lsq-import-frozen-" not in str(path):
        return _OPENED[Path(path).name]
    if ".lsq-import-frozen-" in str(path):
        return "loading: before the copy is opened"
    if _report(path):
        return f"report: before {_report(path)} is begun"
    folder = getattr(os, "O_DIRECTORY", 0)
    return "report: renamed, folder not synced" if isinstance(flags, int) and flags & folder else None


def _watch_files(points: Points) -> None:
    fsync = os.fsync

    def hook(what: str, arguments: tuple[Any, ...]) -> None:
        name = _file_point(what, arguments)
        if name is not None:
            points.reach(name)

    def synced(descriptor: Any) -> None:
        points.reach("files: written, not synced")
        fsync(descriptor)
        points.reach("files: synced")

    sys.addaudithook(hook)
    setattr(os, "fsync", synced)  # noqa: B010  # narrower than what it replaces
