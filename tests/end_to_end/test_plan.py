"""What an import costs, told before; and budgets of calls, kept to by the whole command."""

import json
from pathlib import Path

import pytest

from importer.sandbox.server import SandboxServer
from importer.sandbox.settings import SandboxSettings
from tests.conftest import Command
from tests.fake_lsq import FakeLsq, fake_lsq
from tests.rows import MAPPING, visit, write_csv

BY_EMAIL = MAPPING.replace("lead: {id: Lead ID}", "lead: {route: single_by_email, email: Owner Email}").replace(
    "  owner: {column: Owner Email}\n", ""
)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """260 visits, ten of them without a campaign."""
    rows = [visit(number, **({"Remarks": ""} if number % 26 == 0 else {})) for number in range(1, 261)]
    write_csv(tmp_path / "visits.csv", rows)
    (tmp_path / "visits.yaml").write_text(MAPPING, encoding="utf-8")
    (tmp_path / "by-email.yaml").write_text(BY_EMAIL, encoding="utf-8")
    return tmp_path


PLAN = ("plan", "visits.csv", "-m", "visits.yaml", "--state", "state")
RUN = ("run", "visits.csv", "-m", "visits.yaml", "--state", "state", "--json")


def test_a_plan_counts_calls_time_and_share(lsq_import: Command, files: Path) -> None:
    """250 good rows are 10 bulk calls: two windows at 5 in 5 seconds, a thousandth of the smallest quota."""
    assert files.exists()
    told = json.loads(lsq_import(*PLAN, "--bulk-rate", "5/5s", "--json").out)
    assert (told["rows"], told["good"], told["calls"]) == (260, 250, 10)
    assert told["calls_by_class"] == {"bulk": 10}
    assert told["seconds"] == pytest.approx(5.5, abs=0.1)
    assert (told["daily_calls"], told["daily_share"]) == (10_000, 0.001)
    assert told["rate_known"]
    assert "10 calls" in lsq_import(*PLAN).out


def test_a_plan_names_the_road_that_needs_a_25th_of_the_calls(lsq_import: Command, files: Path) -> None:
    """Rows by e-mail, one a call: in bulk by the same field it is ten calls, if all leads exist."""
    assert files.exists()
    command = ("plan", "visits.csv", "-m", "by-email.yaml", "--state", "state")
    told = json.loads(lsq_import(*command, "--json").out)
    assert told["cheaper"] == {"route": "bulk_by_lead_field", "calls": 10}
    assert told["new_addresses"] is None, "there are no keys to ask with"
    said = lsq_import(*command).out
    assert "bulk_by_lead_field would need 10 calls" in said
    assert "if all leads exist" in said


def test_what_a_run_has_learned_is_what_the_next_plan_reckons_with(lsq_import: Command, files: Path) -> None:
    """An account that refuses the third call names its limit once; plan and the next run know it."""
    assert files.exists()
    with fake_lsq(limit=(2, 1.0)) as fake:
        ran = lsq_import(*RUN, env=fake.env)
        told = json.loads(lsq_import(*PLAN, "--json", env=fake.env).out)
    assert ran.code == 1, ran.err
    assert fake.throttled <= 3
    assert (told["rate"], told["rate_known"]) == ("2/1s", True)
    assert told["used_today"] >= 10


def test_a_budget_stops_the_run_and_the_same_command_goes_on(lsq_import: Command, files: Path) -> None:
    """Exit code 5, never a call more, words on when to go on; with a larger budget, it goes on under its id."""
    assert files.exists()
    with fake_lsq() as fake:
        stopped = lsq_import(*RUN, "--budget", "6", env=fake.env)
        first = all_calls(fake)
        still = lsq_import(*RUN, "--budget", "6", env=fake.env)
        second = all_calls(fake)
        ended = lsq_import(*RUN, env=fake.env | {"LSQ_BUDGET": "50%"})
    assert stopped.code == still.code == 5
    assert "budget-spent" in stopped.err
    assert "00:00 UTC" in stopped.err
    assert first == second == 6
    assert ended.code == 1, "ten rows are invalid"
    assert json.loads(ended.out)["run_id"] == json.loads(stopped.out)["run_id"]
    assert len(fake.activities) == 250


def test_a_plan_asks_which_addresses_are_new_up_to_a_hundred(lsq_import: Command, files: Path) -> None:
    """Each costs a call, which is counted; what a budget does not leave is not asked."""
    rows = [visit(number, **{"Owner Email": f"user{number}@example.com"}) for number in range(1, 131)]
    write_csv(files / "many.csv", rows)
    command = ("plan", "many.csv", "-m", "by-email.yaml", "--state", "state", "--json")
    account = SandboxSettings(leads="open", activity_types="open", owners="open", rate=None)
    with SandboxServer(account) as server:
        keys = {"LSQ_ACCESS_KEY": account.access_key, "LSQ_SECRET_KEY": account.secret_key}
        env = {"LSQ_HOST": server.url, "LSQ_RATE": "1000/1s"} | keys
        told = json.loads(lsq_import(*command, env=env).out)
        again = json.loads(lsq_import(*command, "--budget", "150", env=env).out)
    assert told["new_addresses"] == {"asked": 100, "unknown": 100, "all": False}
    assert (again["used_today"], again["new_addresses"]) == (100, None)


@pytest.mark.parametrize("yes", [(), ("--yes",)])
def test_a_run_tells_how_many_addresses_are_new(yes: tuple[str, ...], lsq_import: Command, tmp_path: Path) -> None:
    """Whether it goes on by itself or stops for want of a word; and once they are known, that none is new."""
    write_csv(tmp_path / "visits.csv", [visit(1, Phone="a@example.com"), visit(2, Phone="b@example.com")])
    text = BY_EMAIL.replace("email: Owner Email", "email: Phone").replace("  mx_Custom_4: {column: Phone}\n", "")
    (tmp_path / "by-email.yaml").write_text(text, encoding="utf-8")
    command = ("run", "visits.csv", "-m", "by-email.yaml", "--state", "state", *yes)
    account = SandboxSettings(leads="open", activity_types="open", owners="open", rate=None)
    keys = {"LSQ_ACCESS_KEY": account.access_key, "LSQ_SECRET_KEY": account.secret_key}
    with SandboxServer(account) as server:
        env = {"LSQ_HOST": server.url, "LSQ_RATE": "1000/1s"} | keys
        first = lsq_import(*command, env=env)
        again = lsq_import(*command, env=env)
    assert (first.code, again.code) == ((0, 0) if yes else (2, 2)), first.err
    assert "2 of 2 different addresses belong to no lead yet; each makes a new lead." in first.err
    known = "No new lead is made: all of 2 different addresses belong to leads."
    assert (known in again.err) == bool(yes)


def all_calls(fake: FakeLsq) -> int:
    """Everything that was asked of the account, reading and posting."""
    return len(fake.requests)


@pytest.mark.parametrize("budget", ["-1", "many", "101%", "5.5"])
def test_a_budget_that_is_none_is_refused(lsq_import: Command, files: Path, budget: str) -> None:
    """A number of calls, or a part of the quota; nothing else."""
    assert files.exists()
    refused = lsq_import(*PLAN, f"--budget={budget}")
    assert refused.code == 2
    assert "is not a budget" in refused.err
