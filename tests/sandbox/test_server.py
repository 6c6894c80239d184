"""The server: start, stop, and what is kept between two runs."""

import signal
import socket
import sqlite3
import subprocess
import sys
import time as real_time
from pathlib import Path

import pytest
import requests

import importer
from importer.sandbox.server import NotRunningError, SandboxServer
from importer.sandbox.settings import SandboxSettings
from importer.sandbox.store.database import UnusableStoreError

from .calling import BY_LEAD_FIELD, CREATE, FIRST_LEAD, RETRIEVE, TYPES, Start, visit

ROOT = Path(importer.__file__).parents[1]


def run(program: str) -> subprocess.CompletedProcess[str]:
    """Run a program in a Python of its own in which every warning is an error."""
    return subprocess.run(  # noqa: S603 our own text
        [sys.executable, "-W", "error", "-X", "dev", "-c", program],
        cwd=ROOT, capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip


def test_a_second_run_sees_what_the_first_one_posted(start: Start, tmp_path: Path) -> None:
    """With a database file, activities and new leads are there after a restart, and the seed is not doubled."""
    settings = SandboxSettings(database=tmp_path / "box.db")
    first = start(settings)
    body = visit(EmailAddress="new@example.com")
    del body["RelatedProspectId"]
    first.post(CREATE, body)
    first.post(CREATE, visit())
    first.stop()

    second = start(settings)

    assert second.post(RETRIEVE, {}, leadId=FIRST_LEAD.id).body["RecordCount"] == 1
    row = visit(SearchByValue="new@example.com")
    receipts = second.post(BY_LEAD_FIELD, [row], searchBy="EmailAddress").body["Response"]
    assert receipts[0]["ActivityCreated"] is True
    assert second.server.store.leads.count() == 401


def test_requests_in_the_queue_survive_a_restart(start: Start, tmp_path: Path) -> None:
    """An async request that was accepted before a restart is carried out after it."""
    path = tmp_path / "box.db"
    first = start(SandboxSettings(database=path, async_delay=3600))
    request_id = first.post_async("/activity/create", visit()).body["RequestID"].strip()
    first.stop()

    second = start(SandboxSettings(database=path))
    with second.server.store.database.transaction():
        second.server.store.database.write("UPDATE requests SET due_at = received_at")
    task = second.get_async("/activity/create/status", RequestID=request_id).body["TaskStatus"]

    assert task["Status"] == "Success"


def test_a_killed_sandbox_keeps_what_it_answered(start: Start, tmp_path: Path) -> None:
    """An activity whose answer was sent is in the file even if the process dies the next moment."""
    program = f"""
import os, requests
from pathlib import Path
from importer.sandbox.server import SandboxServer
from importer.sandbox.settings import SandboxSettings
server = SandboxServer(SandboxSettings(database=Path({str(tmp_path / "box.db")!r})))
server.start()
keys = {{"x-LSQ-AccessKey": "sandbox-access-key", "x-LSQ-SecretKey": "sandbox-secret-key"}}
answer = requests.post(server.url + {CREATE!r}, json={visit()!r}, headers=keys, timeout=5)
print(answer.json()["Message"]["Id"], flush=True)
os._exit(9)
"""
    died = run(program)

    api = start(SandboxSettings(database=tmp_path / "box.db"))
    assert died.returncode == 9
    assert [each.id for each in api.server.store.activities.all()] == [died.stdout.strip()]


def test_the_database_belongs_to_its_owner(start: Start, tmp_path: Path) -> None:
    """The file can be read by nobody else."""
    start(SandboxSettings(database=tmp_path / "box.db"))

    if sys.platform != "win32":
        assert {path.stat().st_mode & 0o077 for path in tmp_path.iterdir()} == {0}


@pytest.mark.parametrize("content", [b"not a database at all, only text", b"SQLite format 3\x00garbage"])
def test_another_file_is_not_used(tmp_path: Path, content: bytes) -> None:
    """A file that is no sandbox's database is refused and left as it was, and the port is free again."""
    path = tmp_path / "notes.txt"
    path.write_bytes(content)
    server = SandboxServer(SandboxSettings(database=path))

    with pytest.raises(UnusableStoreError, match=r"notes\.txt"):
        server.start()

    assert path.read_bytes() == content


@pytest.mark.parametrize("statement", ["CREATE TABLE invoices (number)", "PRAGMA user_version = 7"])
def test_another_program_s_database_is_not_used(tmp_path: Path, statement: str) -> None:
    """A SQLite file that some other program made, or another release of the sandbox, is refused unchanged."""
    path = tmp_path / "other.db"
    connection = sqlite3.connect(path)
    connection.execute(statement)
    connection.close()
    content = path.read_bytes()

    with pytest.raises(UnusableStoreError, match="made by something else"):
        SandboxServer(SandboxSettings(database=path)).start()

    assert path.read_bytes() == content


def test_stopping_is_quick_and_can_be_done_twice() -> None:
    """A server with an open connection stops within a second, closes its port and can be started again."""
    server = SandboxServer()
    server.start()
    session = requests.Session()
    session.get(server.url, timeout=5)
    address = server.url.removeprefix("http://").split(":")

    began = real_time.monotonic()
    server.stop()
    server.stop()

    assert real_time.monotonic() - began < 1
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((address[0], int(address[1])), timeout=1)
    with server:
        assert session.get(server.url, timeout=5).status_code == 200
    session.close()


def test_a_stopped_server_has_no_url() -> None:
    """URL and store exist while the server runs."""
    server = SandboxServer()
    with pytest.raises(NotRunningError):
        _ = server.url
    with pytest.raises(NotRunningError):
        _ = server.store


def test_a_taken_port_is_told_at_once() -> None:
    """Starting on a port that is taken raises OSError in the caller."""
    with SandboxServer() as first:
        port = int(first.url.rsplit(":", 1)[1])
        with pytest.raises(OSError, match=r"[Aa]ddress|socket"):
            SandboxServer(port=port).start()
        assert first.async_url == first.url == f"http://127.0.0.1:{port}"


def test_answers_come_without_delay(start: Start) -> None:
    """Small answers on a kept connection don't wait for the acknowledgement of what went before."""
    api = start()
    api.get(TYPES)

    began = real_time.monotonic()
    for _ in range(20):
        api.get(TYPES)

    assert real_time.monotonic() - began < 0.4


def test_it_is_silent_and_leaves_signals_alone() -> None:
    """A program's own signal functions stay in place, and neither a good nor a bad end writes to standard error."""
    program = f"""
import signal, sys, requests
from importer.sandbox.server import SandboxServer
from importer.sandbox.settings import SandboxSettings
def own(number, frame): print("signal", number)
for number in (signal.SIGINT, signal.SIGTERM): signal.signal(number, own)
with SandboxServer(SandboxSettings(rate=None)) as server:
    assert signal.getsignal(signal.SIGINT) is own and signal.getsignal(signal.SIGTERM) is own
    signal.raise_signal(signal.SIGTERM)
    for path in ("/", "/nothing", {TYPES!r}):
        print(requests.get(server.url + path, timeout=5).status_code)
slow = SandboxServer(SandboxSettings(latency=60))
slow.start()
try:
    keys = {{"x-LSQ-AccessKey": "sandbox-access-key", "x-LSQ-SecretKey": "sandbox-secret-key"}}
    requests.get(slow.url + {TYPES!r}, headers=keys, timeout=0.2)
except requests.Timeout:
    print("timeout")
slow.stop()
"""
    ended = run(program)

    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.split() == ["signal", str(int(signal.SIGTERM)), "200", "401", "401", "timeout"]


@pytest.mark.skipif(sys.platform == "win32", reason="a process can't interrupt another one there")
def test_serve_answers_until_it_is_interrupted() -> None:
    """`serve` announces the running server and returns on Ctrl+C, or when another thread stops it."""
    program = """
import os, signal, threading, requests
from importer.sandbox.server import SandboxServer, serve
def announce(server):
    print(requests.get(server.url, timeout=5).status_code)
    threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGINT)).start()
serve(SandboxServer(), announce)
print("interrupted")
serve(SandboxServer(), lambda server: threading.Timer(0.1, server.stop).start())
print("stopped")
"""
    ended = run(program)

    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.split() == ["200", "interrupted", "stopped"]


@pytest.mark.parametrize("port", [-1, 65536, 99999])
def test_a_port_that_no_computer_has_is_an_error_of_the_port(port: int) -> None:
    """As one that is taken: whoever starts a sandbox minds one kind of error."""
    with pytest.raises(OSError, match=r"assign requested address|not valid"):
        SandboxServer(port=port).start()
