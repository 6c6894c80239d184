"""What `doctor` puts together: this computer, the account or a snapshot of it, a mapping, and one line for each."""

import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from importer.checkup import account as account_checks
from importer.checkup import mapping as mapping_checks
from importer.checkup import surroundings
from importer.checkup.check import Check, Verdict, failed, fine, problem, warning
from importer.cli.destination import SANDBOX, Destination, sandbox_account, their_account
from importer.cli.edge import say, utc_now
from importer.comparing.alone import bound_alone
from importer.comparing.differences import needs_of
from importer.comparing.snapshots import VERSION, Snapshot
from importer.errors.base import ExitCode, ImporterError, UsageError
from importer.errors.mappings import MappingError
from importer.leadsquared.account.facts import AccountFacts, Needs, account_facts
from importer.leadsquared.account.users import key_user
from importer.leadsquared.conversations import held
from importer.leadsquared.pacing import Window
from importer.leadsquared.patience import PatientReader
from importer.mapping.bound import BoundMapping
from importer.mapping.parsing import MappingDocument, read_mapping
from importer.reporting.console import one_line
from importer.settings import Settings, settle_settings

LONGEST_LINE: Final = 600
OLD_SNAPSHOT_DAYS: Final = 30
TRIES: Final = 2
"""Somebody is waiting for the answer."""


@dataclass(frozen=True, slots=True)
class CheckUp:
    """The command line of `doctor`."""

    mapping: str | None
    offline: Path | None
    snapshot: Path | None
    settings: Mapping[str, str | None]
    sandbox: bool
    as_json: bool


@dataclass(frozen=True, slots=True)
class _Mapped:
    """A mapping without faults of its own."""

    document: MappingDocument
    bound: BoundMapping


def check_up(given: CheckUp) -> ExitCode:
    """Makes all checks and tells what came out.

    :raises UsageError: options that contradict each other.
    """
    if given.offline and (given.snapshot or given.sandbox):
        raise UsageError("--offline asks no account.", "Take --snapshot and --sandbox out, or --offline.")
    if given.offline and given.mapping is None:
        raise UsageError("--offline compares a mapping with a snapshot.", "Add the mapping with -m.")
    checks = []
    for check in _checks(given):
        checks.append(check)
        if not given.as_json:
            say(f"{check.verdict:<8} {check.name:<10} {one_line(check.sentence, LONGEST_LINE)}")
            if check.remedy:
                say(f"{'':19} → {one_line(check.remedy, LONGEST_LINE)}")
    sound = all(check.verdict is not Verdict.PROBLEM for check in checks)
    if given.as_json:
        say(json.dumps({"sound": sound, "checks": [asdict(check) for check in checks]}, ensure_ascii=False))
    return ExitCode.OK if sound else ExitCode.NOT_STARTED


def _checks(given: CheckUp) -> Iterator[Check]:
    try:
        settings = settle_settings(given.settings, os.environ)
    except ImporterError as error:
        yield failed("settings", error)
        return
    mapped: _Mapped | None = None
    if given.mapping is not None:
        try:
            document = read_mapping(given.mapping)
            mapped = _Mapped(document, bound_alone(document))
        except MappingError as error:
            yield from mapping_checks.faults(error)
        except ImporterError as error:
            yield failed("mapping", error)
    if given.offline:
        yield from _offline(given.offline, mapped)
        return
    if mapped and not given.sandbox:
        yield from mapping_checks.road(mapped.bound, settings)
    yield from surroundings.variables(os.environ, Path.home())
    yield surroundings.rates(settings)
    yield surroundings.state_folder(settings.state)
    yield surroundings.ledger(settings.state, utc_now)
    try:
        with sandbox_account(settings) if given.sandbox else nullcontext(their_account(settings)) as destination:
            yield from _account(given, settings, destination, mapped)
    except ImporterError as error:
        yield failed("account", error)
        if mapped:
            yield warning("mapping", "it was not compared with the account.", "Mend the keys or the host first.")


def _account(given: CheckUp, settings: Settings, to: Destination, mapped: _Mapped | None) -> Iterator[Check]:
    client = to.client()
    watch = account_checks.ClockWatch(client.send, utc_now)
    reader = PatientReader(watch, Window(settings.rate), pause=time.sleep, tries=TRIES)
    try:
        found = held(key_user(), reader)
        yield account_checks.keys(found)
        if to.host != SANDBOX:
            yield account_checks.host(to.host, found)
            yield from account_checks.async_host(to.host, settings.async_host)
        yield account_checks.clock(watch.ahead)
        zones = mapping_checks.zones(mapped.bound) if mapped else {}
        yield from account_checks.time_zone(found.time_zone, zones, utc_now())
        if given.snapshot is None and mapped is None:
            return
        needs = needs_of(mapped.bound) if mapped and given.snapshot is None else Needs()
        facts = held(account_facts(needs), reader)
    finally:
        client.close()
    if given.snapshot is not None:
        snapshot = Snapshot(VERSION, to.host, found.org, found.time_zone, utc_now(), facts)
        yield from _written(snapshot, given.snapshot)
    if mapped:
        yield from mapping_checks.fit(mapped.document, mapped.bound, facts)
    else:
        yield from mapping_checks.untold(facts)


def _written(snapshot: Snapshot, path: Path) -> Iterator[Check]:
    try:
        snapshot.save(path)
    except ImporterError as error:
        yield failed("snapshot", error)
        return
    facts: AccountFacts = snapshot.facts
    yield fine(
        "snapshot",
        f"{path} holds {len(facts.details)} activity types, {len(facts.lead_fields or ())} lead fields and "
        f"{len(facts.users or ())} users with their e-mail addresses.",
    )


def _offline(path: Path, mapped: _Mapped | None) -> Iterator[Check]:
    try:
        snapshot = Snapshot.load(path)
    except ImporterError as error:
        yield failed("snapshot", error)
        return
    taken = f"{path} shows {snapshot.account} as it was on {snapshot.taken_at:%Y-%m-%d}"
    if (utc_now() - snapshot.taken_at).days > OLD_SNAPSHOT_DAYS:
        yield warning("snapshot", f"{taken}.", "It is old: write another with doctor --snapshot.")
    else:
        yield fine("snapshot", f"{taken}.")
    if mapped is None:
        return
    zones = mapping_checks.zones(mapped.bound)
    yield from account_checks.time_zone(snapshot.time_zone, zones, utc_now())
    if snapshot.facts.activity_type(mapped.bound.event) is None and not snapshot.facts.lacks(mapped.bound.event):
        yield problem("mapping", f"The snapshot holds nothing of activity type {mapped.bound.event}.")
    yield from mapping_checks.fit(mapped.document, mapped.bound, snapshot.facts)
