"""A real account beside what the importer relies on: `python -m pytest -m live -s tests/conformance`."""

import os
import time
from collections.abc import Iterator

import pytest

from importer.cli.destination import their_account
from importer.leadsquared.client import ApiClient
from importer.leadsquared.pacing import Window
from importer.leadsquared.patience import PatientReader
from importer.settings import Secret, settle_settings

from .account import Account
from .expectation import Expectation
from .looking import EXPECTATIONS, look

NEEDED = ("LSQ_HOST", "LSQ_ACCESS_KEY", "LSQ_SECRET_KEY", "LSQ_CONFORMANCE_LEAD", "LSQ_CONFORMANCE_EVENT")


@pytest.fixture
def account() -> Iterator[Account]:
    """The account that the environment names."""
    missing = [name for name in NEEDED if not os.environ.get(name)]
    if missing:
        pytest.skip(f"not set: {', '.join(missing)}")
    settings = settle_settings({}, os.environ)
    queued = settings.async_host is not None and settings.api_key is not None
    destination = their_account(settings, queued=queued)
    client = destination.client()
    wrong = ApiClient(destination.url, destination.access_key, Secret("wrong"), settings.timeout)
    writing = Window(settings.bulk_rate)  # the slower of both, for every call that writes

    def pace() -> None:
        time.sleep(max(0.0, writing.opens_at(time.monotonic()) - time.monotonic()))
        writing.started(time.monotonic())

    yield Account(
        send=client.send,
        patient=PatientReader(client.send, Window(settings.rate)),
        other_keys=wrong.send,
        event=int(os.environ["LSQ_CONFORMANCE_EVENT"]),
        lead_id=os.environ["LSQ_CONFORMANCE_LEAD"].lower(),
        burst=int(os.environ.get("LSQ_CONFORMANCE_BURST", "0")),
        pace=pace,
        has_queue=queued,
    )
    client.close()
    wrong.close()


@pytest.mark.live
def test_the_account_is_as_the_importer_relies_on(account: Account) -> None:
    """Every expectation that may be looked at holds; which variant the account follows is printed."""
    may_write = os.environ.get("LSQ_CONFORMANCE_WRITE", "").strip().lower() == "yes"
    rows = sum(each.rows for each in EXPECTATIONS)
    where = f"activities of type {account.event} on lead {account.lead_id}"
    if may_write:
        print(f"\nThis creates up to {rows} {where}, with notes that begin with {account.mark('')!r}.")
        print("Stop it now (Ctrl-C) if that is not meant; it begins in ten seconds.")
        time.sleep(10)
    else:
        print(f"\nThis only reads. With LSQ_CONFORMANCE_WRITE=yes it would create up to {rows} {where}.")

    def wanted(each: Expectation) -> bool:
        return may_write or not each.writes

    failed = 0
    for finding in look(account, wanted):
        print(finding, flush=True)
        failed += finding.holds is False
    print(f"{account.posted} rows were sent.")
    assert not failed, f"{failed} expectations do not hold"
