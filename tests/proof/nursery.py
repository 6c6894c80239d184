"""Processes of the importer in quick succession.

Starting Python and importing pandas takes a second, in which there is nothing to be learned. So one process imports
everything and does nothing else; each run is a fork of it, with everything that makes it a process: its own memory,
files and locks, and a death that nothing in it notices. Runs in an interpreter of their own are made beside them.
"""

import faulthandler
import importlib
import json
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]

SUPPORTED = hasattr(os, "fork") and sys.platform.startswith("linux")
"""Elsewhere a fork of a process with libraries like ours is not safe."""


@dataclass(frozen=True, slots=True)
class Order:
    """A process to be started."""

    arguments: Sequence[str]
    folder: str
    environment: Mapping[str, str]
    said: str
    """The file that takes its standard output and its standard error."""
    point: tuple[str, int] | None = None
    """Where it is to die: the name of a point, and the how-manieth time that it is reached."""
    trace: str = ""
    """The file that takes the names of the points which it reaches."""
    hurry: float = 1.0
    """How many times faster its waits are than those of a real run."""


@dataclass(slots=True)
class Child:
    """A process of the importer, running or ended."""

    pid: int = 0
    code: int | None = None
    """Its exit code; negative for the signal that has ended it."""
    began: threading.Event = field(default_factory=threading.Event)
    ended: threading.Event = field(default_factory=threading.Event)

    def kill(self) -> None:
        """SIGKILL, unless it has ended."""
        self._send(signal.SIGKILL)

    def wait(self, seconds: float) -> int:
        """Its exit code; what does not end in time is asked where it is, and killed."""
        if not self.ended.wait(seconds):
            self._send(signal.SIGUSR1)
            time.sleep(0.2)
            self.kill()
            self.ended.wait(20)
        assert self.code is not None
        return self.code

    def _send(self, number: signal.Signals) -> None:
        if not self.ended.is_set():
            with suppress(ProcessLookupError):  # it has ended, and we are about to hear of it
                os.kill(self.pid, number)


class Nursery:
    """Starts processes; may be used by several threads."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.proof.nursery"],
            cwd=ROOT,
            env=os.environ | {"OPENBLAS_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._children: dict[int, Child] = {}
        self._lock = threading.Lock()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def start(self, order: Order) -> Child:
        """Starts a process; returns when it is there."""
        child = Child()
        assert self._process.stdin is not None
        with self._lock:
            number = len(self._children)
            self._children[number] = child
            self._process.stdin.write(json.dumps({"number": number} | asdict(order)) + "\n")
            self._process.stdin.flush()
        if not child.began.wait(60):
            raise TimeoutError("no process was started")
        return child

    def close(self) -> None:
        """Ends the process that starts the others."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(20)
        self._reader.join(20)
        assert self._process.stdout is not None
        self._process.stdout.close()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            number, what, value = json.loads(line)
            child = self._children[number]
            if what == "began":
                child.pid = value
                child.began.set()
            else:
                child.code = os.waitstatus_to_exitcode(value)
                child.ended.set()


@contextmanager
def nursery() -> Iterator[Nursery]:
    """A nursery, closed afterwards."""
    made = Nursery()
    try:
        yield made
    finally:
        made.close()


# ------------------------------------------------------------------------- in the process that forks the others


def _import_everything() -> None:
    """Imports what a run imports, which a run that is thrown away tells us."""
    reader, writer = os.pipe()
    if (pid := os.fork()) == 0:
        os.dup2(os.open(os.devnull, os.O_RDWR), 1)
        os.dup2(1, 2)
        with tempfile.TemporaryDirectory() as folder, os.fdopen(writer, "w") as pipe:
            os.environ["LSQ_STATE_DIR"] = folder
            sample = ("sample_data/store_visits.csv", "-m", "mappings/store-visits.yaml")
            _run(["run", *sample, "--dry-run", "--limit", "30", "--out", folder])
            pipe.write("\n".join(sys.modules))
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        names = pipe.read().split("\n")
    os.waitpid(pid, 0)
    for name in (*names, "importer.cli.importing", "importer.pipeline", "requests", "urllib3"):
        if name not in sys.modules:
            with suppress(Exception):  # one that only exists in the middle of another one
                importlib.import_module(name)


def _run(arguments: Sequence[str]) -> int:
    from importer.__main__ import main  # noqa: PLC0415  # not needed by those who only talk to this process

    sys.argv = ["lsq-import", *arguments]
    try:
        main()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    return 0


def _be_born(order: dict[str, Any]) -> None:
    """What a fork does: it becomes the process that was ordered, and never returns."""
    for number in (signal.SIGCHLD, signal.SIGINT):
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
    signal.set_wakeup_fd(-1)
    said = os.open(order["said"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(said, 1)
    os.dup2(said, 2)
    faulthandler.register(signal.SIGUSR1, file=said, all_threads=True)
    os.chdir(order["folder"])
    os.environ.clear()
    os.environ.update(order["environment"])
    code = 70
    try:
        from tests.proof.points import prepare  # noqa: PLC0415  # patches what it names, in this process alone

        prepare(order["point"], order["trace"], order["hurry"])
        code = _run(order["arguments"])
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)


def _serve() -> None:
    _import_everything()
    from tests.proof import points  # noqa: PLC0415, F401  # imported once, not in each fork

    waking, waker = os.pipe()
    os.set_blocking(waker, False)
    os.set_blocking(waking, False)
    signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    numbers: dict[int, int] = {}
    selector = selectors.DefaultSelector()
    selector.register(waking, selectors.EVENT_READ)
    selector.register(0, selectors.EVENT_READ)
    pending = b""
    while True:
        for key, _ in selector.select():
            if key.fd == waking:
                _drain(waking)
                _bury(numbers)
                continue
            piece = os.read(0, 1 << 16)
            if not piece:
                return
            *lines, pending = (pending + piece).split(b"\n")
            for line in lines:
                order = json.loads(line)
                if (pid := os.fork()) == 0:
                    _be_born(order)
                numbers[pid] = order["number"]
                _tell(order["number"], "began", pid)


def _drain(descriptor: int) -> None:
    try:
        while os.read(descriptor, 512):
            pass
    except BlockingIOError:
        return


def _bury(numbers: dict[int, int]) -> None:
    while numbers:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == 0:
            return
        _tell(numbers.pop(pid), "ended", status)


def _tell(number: int, what: str, value: int) -> None:
    os.write(1, (json.dumps([number, what, value]) + "\n").encode())


if __name__ == "__main__":
    _serve()
