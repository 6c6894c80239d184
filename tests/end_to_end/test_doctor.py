"""doctor, over HTTP against the stand-in as an account."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from importer.sandbox.server import SandboxServer
from importer.sandbox.settings import SandboxSettings
from tests.conftest import Command, Ran

SETTINGS = SandboxSettings(rate=None)
FITTING = (
    "version: 1\nlead: {id: Lead}\nactivity: {event: 201, note: Note}\n"
    "fields:\n  mx_Custom_1: {column: Store, required: true}\n"
)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """The address of a stand-in."""
    with SandboxServer(SETTINGS) as server:
        yield server.url


@pytest.fixture
def env(url: str, tmp_path: Path) -> dict[str, str]:
    """The environment that points there, without anything of this computer's."""
    return {
        "LSQ_HOST": url,
        "LSQ_ACCESS_KEY": SETTINGS.access_key,
        "LSQ_SECRET_KEY": SETTINGS.secret_key,
        "HOME": str(tmp_path),
    }


def verdicts(ran: Ran) -> dict[str, list[str]]:
    """The verdicts of `--json` by name."""
    found: dict[str, list[str]] = {}
    for check in json.loads(ran.out)["checks"]:
        found.setdefault(check["name"], []).append(check["verdict"])
    return found


def test_an_account_that_is_well_is_told_line_by_line(lsq_import: Command, env: dict[str, str], tmp_path: Path) -> None:
    """Rates, state, ledger, keys, host, clock, time zone: one line each, and nothing is left behind."""
    ran = lsq_import("doctor", "--json", env=env)
    assert ran.code == 0, ran.out
    found = verdicts(ran)
    found.pop("variables", None)
    assert found == {name: ["ok"] for name in ("rates", "state", "ledger", "keys", "host", "clock", "time zone")}
    assert not (tmp_path / "state").exists()
    plain = lsq_import("doctor", env=env)
    assert "ok       keys       they belong to Asha Menon, Administrator of SANDBOX." in plain.out
    assert SETTINGS.secret_key not in plain.out + plain.err


def test_a_mapping_is_compared_with_the_account(lsq_import: Command, env: dict[str, str], tmp_path: Path) -> None:
    """What fits is told to fit; what does not is told with its line, and exit code 2."""
    (tmp_path / "visits.yaml").write_text(FITTING, encoding="utf-8")
    good = lsq_import("doctor", "-m", "visits.yaml", env=env)
    assert (good.code, "visits.yaml fits activity type 201 (Store visit)" in good.out) == (0, True), good.out
    (tmp_path / "visits.yaml").write_text(f"{FITTING}  mx_Custom_77: Store\n", encoding="utf-8")
    bad = lsq_import("doctor", "-m", "visits.yaml", env=env)
    assert bad.code == 2
    assert 'visits.yaml:6:3: Activity type 201 (Store visit) has no field "mx_Custom_77"' in bad.out
    (tmp_path / "visits.yaml").write_text(FITTING.replace("event: 201", "evnt: 201"), encoding="utf-8")
    faulty = lsq_import("doctor", "-m", "visits.yaml", "--json", env=env)
    assert (faulty.code, verdicts(faulty)["keys"]) == (2, ["ok"])
    assert set(verdicts(faulty)["mapping"]) == {"problem"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"LSQ_SECRET_KEY": "wrong"}, "refused the keys"),
        ({"LSQ_SECRET_KEY": ""}, "LSQ_SECRET_KEY is not set"),
        ({"LSQ_HOST": "http://127.0.0.1:9"}, "connection was refused"),
        ({"LSQ_HOST": "api.example.com"}, "outside leadsquared.com"),
        ({"LSQ_RATE": "fast"}, '"fast" is not a rate'),
    ],
)
def test_what_is_wrong_is_told_with_what_to_do(
    change: dict[str, str], words: str, lsq_import: Command, env: dict[str, str], tmp_path: Path
) -> None:
    """The other checks are made all the same, and the mapping is said not to be compared."""
    (tmp_path / "visits.yaml").write_text(FITTING, encoding="utf-8")
    ran = lsq_import("doctor", "-m", "visits.yaml", "--json", env=env | change)
    assert ran.code == 2
    problems = [check for check in json.loads(ran.out)["checks"] if check["verdict"] == "problem"]
    assert len(problems) == 1
    assert words in problems[0]["sentence"]
    assert problems[0]["remedy"]


def test_a_snapshot_serves_offline(lsq_import: Command, env: dict[str, str], tmp_path: Path) -> None:
    """Written once with keys, it is compared with where there are none."""
    written = lsq_import("doctor", "--snapshot", "account.json", env=env)
    assert written.code == 0
    assert "account.json holds 4 activity types, 11 lead fields and 6 users" in written.out
    nowhere = dict.fromkeys(("LSQ_HOST", "LSQ_ACCESS_KEY", "LSQ_SECRET_KEY"), "")
    (tmp_path / "visits.yaml").write_text(FITTING, encoding="utf-8")
    good = lsq_import("doctor", "-m", "visits.yaml", "--offline", "account.json", env=nowhere)
    assert good.code == 0, good.out
    (tmp_path / "visits.yaml").write_text(FITTING.replace("201", "909"), encoding="utf-8")
    bad = lsq_import("doctor", "-m", "visits.yaml", "--offline", "account.json", env=nowhere)
    assert (bad.code, "no activity type 909" in bad.out) == (2, True)


@pytest.mark.parametrize("options", [["--offline", "x"], ["-m", "m", "--offline", "x", "--sandbox"]])
def test_options_that_contradict_each_other_are_refused(options: list[str], lsq_import: Command) -> None:
    """Nothing is checked then."""
    assert lsq_import("doctor", *options).code == 2


def test_the_stand_in_can_be_looked_at(lsq_import: Command, tmp_path: Path) -> None:
    """Without any keys."""
    ran = lsq_import("doctor", "--sandbox", "--json", env={"HOME": str(tmp_path)})
    assert (ran.code, verdicts(ran)["keys"]) == (0, ["ok"])


def test_an_asynchronous_road_needs_its_own_host_and_key(
    lsq_import: Command, env: dict[str, str], tmp_path: Path
) -> None:
    """Which are told if they are missing."""
    text = (
        "version: 1\nlead: {route: lead_and_activity_async, search_by: EmailAddress, attributes: {EmailAddress: A}}\n"
        "activity: {event: 201}\nfields: {mx_Custom_1: {column: B, required: true}}\n"
    )
    (tmp_path / "visits.yaml").write_text(text, encoding="utf-8")
    ran = lsq_import("doctor", "-m", "visits.yaml", env=env)
    assert (ran.code, "LSQ_ASYNC_HOST and LSQ_API_KEY are not set" in ran.out) == (2, True)


def test_doctor_only_reads(lsq_import: Command, env: dict[str, str], tmp_path: Path) -> None:
    """Every call that the stand-in gets is a GET."""
    with SandboxServer(SETTINGS) as server:
        (tmp_path / "visits.yaml").write_text(FITTING, encoding="utf-8")
        here: dict[str, Any] = env | {"LSQ_HOST": server.url}
        assert lsq_import("doctor", "-m", "visits.yaml", "--snapshot", "a.json", env=here).code == 0
        calls = server.store.calls.latest(100)
    assert {call.method for call in calls} == {"GET"}
