"""The catalogue as a whole: what it must have, and what holds for every fault in it."""

import re
from collections.abc import Iterator
from typing import get_args

import pytest
import requests

from importer.sandbox.faults import Schedule
from importer.sandbox.faults.catalogue import FAULTS
from importer.sandbox.faults.commits import CommitWord
from importer.sandbox.faults.fault import Entry
from importer.sandbox.faults.targets import CONNECTION
from importer.sandbox.kinds import WRITING
from tests.sandbox.calling import BY_LEAD_ID, CREATE, FIRST_LEAD, RETRIEVE, Api, Start, Time, visit

from .lines import Client
from .moments import eventually

CONNECTIONS = [*(f"F-N{number}" for number in range(2, 13)), "F-N14"]
MEANINGS = ["F-A1", "F-A2", "F-A3", "F-A5", "F-A7"]
SMALL = {"body-huge": " megabytes=1", "gzip-bomb": " megabytes=1", "drip": " seconds=0.00001", "slow": " seconds=0.001"}
MOMENTS = {"late": "late:5", "partly": "partly:1"}
ENDLESS = {"hang", "hang-unread", "continue-only"}


@pytest.mark.parametrize("line", [*CONNECTIONS, *MEANINGS, "F-P7"])
def test_every_line_of_the_matrix_that_a_server_can_play_has_a_fault(line: str) -> None:
    """F-N1 (names, certificates) and F-N15 (proxies) are the client's side; F-A4 and F-A6 are settings."""
    named = {number for entry in FAULTS.values() for number in _lines(entry)}

    assert line in named


def _lines(entry: Entry) -> Iterator[str]:
    for part in entry.matrix.split(", "):
        first, _, last = part.partition(" to ")
        if last:
            low, high = (int(re.sub(r"\D", "", each)) for each in (first, last))
            yield from (f"F-N{number}" for number in range(low, high + 1))
        else:
            yield part


@pytest.mark.parametrize("entry", FAULTS.values(), ids=lambda entry: entry.name)
def test_rows_can_be_stored_at_every_moment_that_makes_sense(entry: Entry) -> None:
    """Before, after, never, late and partly, but for calls that are not read, and answers that are proof."""
    unread = {"reset-at-accept", "close-at-accept", "reset-early", "close-early", "stale"}
    fewer: dict[str, set[str]] = {
        **{name: {"never"} for name in unread},
        "hang-unread": {"never", "after", "late"},
        "delivered-twice": {"before", "after", "late"},
        **{name: {"before"} for name in ("receipts-shuffled", "receipts-extra-keys", "receipts-new-status")},
    }

    assert entry.model.falls_on & (WRITING | CONNECTION | {"read"})
    assert entry.model.commits == fewer.get(entry.name, set(get_args(CommitWord)))
    assert entry.model.usual_commit in entry.model.commits


@pytest.mark.parametrize("fault", [entry.name for entry in FAULTS.values() if "bulk" in entry.model.falls_on])
def test_every_fault_stores_rows_when_the_rule_says_so(start: Start, time: Time, fault: str) -> None:
    """Of three rows all, none or one are stored, and the sandbox answers the next call as ever."""
    words = sorted(FAULTS[fault].model.commits)
    rules = [
        f"{fault} bulk {number} commit={MOMENTS.get(word, word)}{SMALL.get(fault, '')}"
        for number, word in enumerate(words, start=1)
    ]
    api = start(clock=time.clock, faults=Schedule.of(*rules))

    for number, word in enumerate(words, start=1):
        rehearse(api, fault, number, word)

    assert [str(hit.commit) for hit in api.server.hits] == [MOMENTS.get(word, word) for word in words]
    assert {hit.fault.name for hit in api.server.hits} == {fault}


def rehearse(api: Api, fault: str, number: int, word: CommitWord) -> None:
    """Make a bulk call that is hit, as the second call of its connection."""
    assert eventually(lambda: answers(api))
    with Client(api) as client:
        client.send(client.request(visit(), CREATE))
        assert client.see(until=b"}}").status == 200
        client.send(client.request([visit(ActivityNote=word) for _ in range(3)], Connection="close"))
        if fault not in ENDLESS:
            assert client.see().end != "open"
        assert eventually(lambda: api.server.store.calls.counts().by_path.get(BY_LEAD_ID) == number)
    expected = {"never": 0, "partly": 1}.get(word, 3) + (3 if fault == "delivered-twice" else 0)
    assert eventually(lambda: sum(each.note == word for each in api.server.store.activities.all()) == expected)


def answers(api: Api) -> bool:
    """Whether a call is answered; after an outage, the sandbox needs a moment to be back."""
    try:
        return api.post(CREATE, visit()).status == 200
    except requests.ConnectionError:
        return False


@pytest.mark.parametrize("fault", [entry.name for entry in FAULTS.values() if "read" in entry.model.falls_on])
def test_every_fault_on_a_read_leaves_the_account_as_it_is(start: Start, time: Time, fault: str) -> None:
    """Reads can go wrong in all ways but those of rows, and nothing is stored by them."""
    address = f"{RETRIEVE}?leadId={FIRST_LEAD.id}"
    api = start(clock=time.clock, faults=f"{fault} read 2{SMALL.get(fault, '')}")
    with Client(api) as client:
        client.send(client.request({}, address))
        client.see(until=b"}")
        client.send(client.request({}, address, Connection="close"))
        if fault not in ENDLESS:
            assert client.see().end != "open"
        assert eventually(lambda: len(api.server.hits) == 1)

    (hit,) = api.server.hits
    assert (hit.fault.name, hit.commit, hit.stored) == (fault, None, 0)
    assert api.server.store.activities.all() == []
