"""The sandbox conforms to what the importer relies on, in each of its settings, over HTTP."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from importer.leadsquared.client import ApiClient, QueueDoor
from importer.leadsquared.pacing import Window
from importer.leadsquared.patience import PatientReader
from importer.sandbox.seeds import demo_leads
from importer.sandbox.server import SandboxServer
from importer.sandbox.settings import Rate, SandboxSettings
from importer.settings import Rate as OurRate
from importer.settings import Secret
from tests.conftest import ROOT

from .account import Account
from .expectation import Expectation
from .looking import EXPECTATIONS, look

LIMIT = "rate-limit-is-named"
USUAL = {
    "keys-in-headers": "tells its host",
    "wrong-keys": "MXInvalidAccessDetailsException",
    "types-are-listed": "codes are texts",
    "type-tells-its-fields": "tells lengths",
    "unknown-type": "500 MXInvalidActivityException: Event Code is invalid or empty",
    "activities-of-no-lead": "an empty list",
    "lead-score": "",
    "lead-and-activity": "Message.Id",
    "moment-of-an-activity": "as posted",
    "queued-request": "Message in TaskStatus",
    "empty-value": "left out when read",
    "validate-flag": "skips",
    "future-moment": "accepted",
    "offset-of-retrieve": "page",
    "record-count": "total",
    "page-size": "40 of 40",
}
"""The variants that the sandbox follows if nothing else is asked of it."""

SETTINGS: dict[str, tuple[SandboxSettings, dict[str, str]]] = {
    "usual": (
        SandboxSettings(rate=None, bulk_rate=None),
        {"bad-row": "the row alone, ExceptionMessage: Lead does not"},
    ),
    "other words for a bad row": (
        SandboxSettings(rate=None, bulk_rate=None, failure_key="Reason", failure_id="absent"),
        {"bad-row": "the row alone, Reason: Lead does not"},
    ),
    "bad_row call": (
        SandboxSettings(rate=None, bulk_rate=None, bad_row="call"),
        {"bad-row": "the whole call, 500 MXInvalidInputException: "},
    ),
    "errors under 200": (
        SandboxSettings(rate=None, bulk_rate=None, call_errors="200"),
        {"unknown-field": "200 MXInvalidActivityFieldsException: "},
    ),
    "offset row": (SandboxSettings(rate=None, bulk_rate=None, offset="row"), {"offset-of-retrieve": "row"}),
    "small pages": (
        SandboxSettings(rate=None, bulk_rate=None, retrieve_cap=25, retrieve_count="page"),
        {"record-count": "page", "page-size": "25 of 40"},
    ),
    "small pages, offset row": (
        SandboxSettings(rate=None, bulk_rate=None, retrieve_cap=25, offset="row"),
        {"offset-of-retrieve": "row", "page-size": "25 of 40"},
    ),
    "dropdown flag validates": (
        SandboxSettings(rate=None, bulk_rate=None, dropdown_flag="validates"),
        {"validate-flag": "validates", "unknown-option": "accepted"},
    ),
    "no future": (
        SandboxSettings(rate=None, bulk_rate=None, future_dates_allowed=False),
        {"future-moment": "500 MXFutureDateTimeActivityNotAllowedException"},
    ),
    "everything is known": (
        SandboxSettings(rate=None, bulk_rate=None, leads="open", activity_types="open", owners="open"),
        {"unknown-owner": "accepted"},
    ),
}


@contextmanager
def account_of(settings: SandboxSettings, burst: int = 0) -> Iterator[Account]:
    """A sandbox with the first lead and the store visit of the demonstration account."""
    with SandboxServer(settings) as server:
        url = f"{server.url}/v2"
        door = QueueDoor(server.url, Secret(settings.api_key))
        right = ApiClient(url, Secret(settings.access_key), Secret(settings.secret_key), 5.0, queue=door)
        wrong = ApiClient(url, Secret(settings.access_key), Secret("wrong"), 5.0)
        patient = PatientReader(right.send, Window(OurRate(10_000, 1.0)), pause=lambda _: None, tries=1)
        yield Account(right.send, patient, wrong.send, 201, demo_leads(1)[0].id, burst, has_queue=True)
        right.close()
        wrong.close()


@pytest.mark.parametrize("name", SETTINGS)
def test_the_sandbox_conforms_in_every_setting(name: str) -> None:
    """Every expectation holds, and the variant is the one that the setting asks for."""
    settings, variants = SETTINGS[name]
    with account_of(settings) as account:
        found = {each.name: each for each in look(account, lambda each: each.name != LIMIT)}
        promised = sum(each.rows for each in EXPECTATIONS)
        assert account.posted <= promised + 26 + 1  # rows that are refused are sent, but not created
        assert [str(each) for each in found.values() if each.holds is False] == []
    for expectation, variant in (USUAL | variants).items():
        if found[expectation].holds:
            assert found[expectation].variant.startswith(variant), found[expectation]
    untried = {each.name for each in found.values() if each.holds is None}
    opened = {"unknown-type", "leads-by-their-ids", "bad-row"}
    assert untried == (opened if settings.leads == "open" else set())


@pytest.mark.parametrize("throttle", ["429", "403", "200"])
def test_a_call_too_many_is_recognised_whatever_its_status(throttle: str) -> None:
    """The limit is read out of the words."""
    settings = SandboxSettings(rate=Rate(5, 2), throttle=throttle)  # type: ignore[arg-type]  # one of its three words
    with account_of(settings, burst=20) as account:
        (found,) = look(account, lambda each: each.name == LIMIT)
    assert (found.holds, found.variant) == (True, f"{throttle}, 5 in 2 s")


def test_no_more_is_created_than_is_announced() -> None:
    """What is said before holds: the sandbox counts what each expectation created."""
    settings = SandboxSettings(rate=None, bulk_rate=None)
    with SandboxServer(settings) as server:
        door = QueueDoor(server.url, Secret(settings.api_key))
        keys = Secret(settings.access_key), Secret(settings.secret_key)
        client = ApiClient(f"{server.url}/v2", *keys, 5.0, queue=door)
        patient = PatientReader(client.send, Window(OurRate(10_000, 1.0)), pause=time.sleep, tries=1)
        account = Account(client.send, patient, client.send, 201, demo_leads(1)[0].id, has_queue=True)
        created = 0
        for each in EXPECTATIONS:
            list(look(account, lambda other, each=each: other.name == each.name))  # type: ignore[misc]
            now = sum(call.created for call in server.store.calls.all())
            assert now - created <= each.rows, each.name
            created = now
        client.close()


def test_what_does_not_hold_is_told() -> None:
    """A server that answers in another way fails, and is said to."""
    with account_of(SandboxSettings(rate=None)) as account:
        account.lead_id = "11111111-2222-4333-8444-555555555555"
        found = {each.name: each for each in look(account)}
    assert found["leads-by-their-ids"].holds is False
    assert "FAILS" in str(found["single-receipt"])


def test_a_live_account_is_only_read_unless_more_is_asked_for() -> None:
    """`pytest -m live` says what it would create, prints the variants, and sends nothing."""
    settings = SandboxSettings(rate=None)
    with SandboxServer(settings) as server:
        env = os.environ | {
            "LSQ_HOST": server.url,
            "LSQ_ACCESS_KEY": settings.access_key,
            "LSQ_SECRET_KEY": settings.secret_key,
            "LSQ_CONFORMANCE_LEAD": demo_leads(1)[0].id,
            "LSQ_CONFORMANCE_EVENT": "201",
            "LSQ_RATE": "1000/1s",
        }
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-m",
            "live",
            "-s",
            "-q",
            "-p",
            "no:cacheprovider",
            "tests/conformance",
        ]
        ran = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)  # noqa: S603
        assert ran.returncode == 0, ran.stdout
        assert sum(call.created for call in server.store.calls.all()) == 0
    assert "This only reads. With LSQ_CONFORMANCE_WRITE=yes it would create up to" in ran.stdout
    assert "0 rows were sent." in ran.stdout
    assert "types-are-listed               holds      codes are texts" in ran.stdout


@pytest.mark.parametrize("expectation", EXPECTATIONS, ids=lambda each: each.name)
def test_the_code_that_relies_on_it_is_there(expectation: Expectation) -> None:
    """Every module that the table names exists."""
    for named in re.findall(r"[a-z_]+(?:/[a-z_]+)*(?:\.py)?", re.sub(r"\(.*?\)", "", expectation.code)):
        assert (ROOT / "importer" / named).exists(), named
