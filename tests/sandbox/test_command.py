"""`lsq-import sandbox` and its options for faults."""

import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import requests
from typer.testing import CliRunner

from importer.cli import app
from importer.errors.base import UsageError

from .calling import BY_LEAD_ID, visit

KEYS = {"x-LSQ-AccessKey": "sandbox-access-key", "x-LSQ-SecretKey": "sandbox-secret-key"}


def refused(*arguments: str) -> str:
    """Why the command doesn't start."""
    error = CliRunner().invoke(app, ["sandbox", "--port", "0", *arguments]).exception
    assert isinstance(error, UsageError)
    assert error.exit_code == 2
    return str(error)


def test_a_rule_that_cant_be_followed_stops_the_command() -> None:
    """The message has the rule, what is wrong with it, and what may be meant."""
    said = refused("--fault", "reset bulk 3", "--fault", "rset bulk 4")

    assert "--fault 'rset bulk 4': there is no fault 'rset'; did you mean reset?" in said


def test_a_file_that_is_no_schedule_stops_the_command(tmp_path: Path) -> None:
    """The message has the file and the line."""
    path = tmp_path / "bad-day.yaml"
    path.write_text("rules:\n  - reset bluk", encoding="utf-8")

    said = refused("--faults", str(path))

    assert f"{path}: not a schedule of faults: line 2, rule 1: 'bluk' is neither calls" in said


@pytest.mark.parametrize("port", ["99999", "-1"])
def test_a_port_that_no_computer_has_stops_the_command(port: str) -> None:
    """The message tells which ports there are."""
    said = refused("--port", port)

    assert f"There is no port {port}" in said
    assert "0 to 65535" in said


def test_a_port_that_is_taken_stops_the_command() -> None:
    """The message tells what that means and what to do."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        said = refused("--port", str(port))

    assert said == (
        f"The sandbox can't start: another program, perhaps another sandbox, answers on port {port}. "
        "Stop it, or choose another port with --port; --port 0 takes a free one."
    )


@pytest.mark.parametrize("name", ["missing.yaml", "."])
def test_a_file_that_cant_be_read_stops_the_command(tmp_path: Path, name: str) -> None:
    """A missing file, or a folder."""
    assert "can't be read" in refused("--faults", str(tmp_path / name))


def test_the_command_plays_rules_of_line_and_file(tmp_path: Path) -> None:
    """Rules of the command line come first; it says how many there are, and ends when it is interrupted."""
    path = tmp_path / "bad-day.yaml"
    path.write_text("seed: 1\nrules:\n  - status bulk 1-2 status=503\n", encoding="utf-8")
    command = [sys.executable, "-m", "importer", "sandbox", "--port", "0", "--faults", str(path), "--fault-seed", "9"]
    program = subprocess.Popen(  # noqa: S603 our own text
        [*command, "--fault", "status bulk 1 status=504"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert program.stdout
    try:
        lines = [program.stdout.readline()]
        while "Ctrl-C" not in lines[-1]:
            lines.append(program.stdout.readline())
        found = re.search(r"LSQ_HOST=(\S+)", "".join(lines))
        assert found
        url = found[1]
        statuses = [
            requests.post(url + BY_LEAD_ID, json=[visit()], headers=KEYS, timeout=5).status_code for _ in range(3)
        ]
        seed = requests.get(f"{url}/sandbox/state", timeout=5).json()["faults"]["seed"]
        program.send_signal(signal.SIGINT)
        program.communicate(timeout=10)
    finally:
        program.kill()

    assert statuses == [504, 503, 200]
    assert seed == 9
    assert "Rules for faults: 2" in "".join(lines)
    assert program.returncode in (0, 130)
