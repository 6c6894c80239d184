"""Every fault of the network and of HTTP, at the first, a middle and the last call, with its rows there, not there, or
there later.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from importer.sandbox.faults.catalogue import FAULTS, SECTIONS
from importer.sandbox.faults.targets import CONNECTION
from importer.sandbox.server import SandboxServer

from .checking import Findings, check
from .nursery import Nursery, Order
from .torture import command_line, workers
from .world import ROWS_PER_CALL, World, account

ROWS: Final = 75
PLACES: Final = {"first": 1, "middle": 2, "last": 3}
"""Of the three calls that carry the rows."""

LATE_SECONDS: Final = 0.4
LATE: Final = f"late:{LATE_SECONDS}"
COMMITS: Final = ("before", "never", LATE)

HURRY: Final = 10.0
SETTLE: Final = 8.0
TIMEOUT: Final = 0.4
"""Seconds; those of a settle time pass ten times faster than ours, those of a call do not."""

STARTS_AT_MOST: Final = 6

OPTIONS: Final = {
    "outage": "seconds=0.3",
    "slow": "seconds=1",
    "drip": "seconds=0.05",
    "body-huge": "megabytes=8",
    "gzip-bomb": "megabytes=16",
}
"""So that nothing lasts longer than it has to."""

AMBIGUOUS: Final = (301, 302, 303, 307, 308, 408, 418, 500, 502, 503, 504, 520)
REFUSED: Final = (400, 401, 403, 404, 405, 413, 414, 415)
"""Statuses by which a server says that it has done nothing; that it lies is nobody's promise."""

RETRY_AFTER: Final = ("1", "0", "-5", "soon", "date+1")

GROUPS: Final = {
    "The connection": "connections",
    "The way of the answer": "answers",
    "Another body": "bodies",
    "Receipts": "receipts",
}
ALL_GROUPS: Final = (*GROUPS.values(), "statuses", "looks")

READS: Final = tuple(entry.name for entry in SECTIONS["Reading"] if entry.name != "read-restricted")
"""Not: keys that see the activities of some leads only. That keys can read what they write is what is asked of them."""


@dataclass(frozen=True, slots=True)
class Case:
    """One fault at one call."""

    rules: tuple[str, ...]
    group: str
    rows: int = ROWS
    settles: bool = True
    """Whether all rows get settled; else some may stay unknown."""

    def __str__(self) -> str:
        return " + ".join(self.rules)


@dataclass(frozen=True, slots=True)
class Result:
    """What became of it."""

    case: Case
    hit: bool
    codes: tuple[int, ...]
    """Exit codes, one for each start."""
    findings: Findings


def faults() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """A group, a fault in a rule's words with a blank for the number of the call, and when its rows may be stored."""
    for section, group in GROUPS.items():
        for entry in SECTIONS[section]:
            if entry.model.kept_only:
                continue  # not before a second call on a connection, so at no call of three; see below
            counted = "connection" if entry.model.falls_on == CONNECTION else "bulk"
            possible = [each for each in COMMITS if each.partition(":")[0] in entry.model.commits]
            commits = ("",) if counted == "connection" else tuple(possible)
            yield group, f"{entry.name} {counted} {{}} {OPTIONS.get(entry.name, '')}".rstrip(), commits
    for status in AMBIGUOUS:
        yield "statuses", f"status bulk {{}} status={status}", COMMITS
    for status in REFUSED:
        yield "statuses", f"status bulk {{}} status={status}", ("never",)
    for status in (429, 403, 200):
        yield "statuses", f"rate-limit bulk {{}} status={status}", ("never",)
    for wait in RETRY_AFTER:
        yield "statuses", f"rate-limit bulk {{}} words=false retry_after={wait}", ("never",)
    for name in ("no-content", "mx-error", "failed"):
        yield "statuses", f"{name} bulk {{}}", COMMITS


def all_cases() -> Iterator[Case]:
    """Every fault at every place with every commit, and server errors after every number of rows."""
    for group, rule, commits in faults():
        for commit in commits:
            yield from (_case(group, rule, place, commit) for place in PLACES.values())
    for rows in range(26):
        yield Case((f"mx-error bulk 2 commit=partly:{rows}",), "statuses")
        yield Case((f"status bulk 2 status=500 commit=partly:{rows}",), "statuses")
    yield from more_cases()


def some_cases() -> Iterator[Case]:
    """The same with each fault at each place and with each commit, but not with all pairs of these."""
    for number, (group, rule, commits) in enumerate(faults()):
        for turn, place in enumerate(PLACES.values()):
            yield _case(group, rule, place, commits[(number + turn) % len(commits)])
    for rows in (0, 1, 13, 24, 25):
        yield Case((f"mx-error bulk 2 commit=partly:{rows}",), "statuses")
    stale, *looks = more_cases()
    yield stale
    # Of each fault of looks either the case in which some go wrong, or the one in which all do.
    yield from (case for number, case in enumerate(looks[1:]) if (number + number // 2) % 2)


def more_cases() -> Iterator[Case]:
    """Kept connections that end, and faults of the calls that look whether rows are there: of some, or of all."""
    for times in (1, 2):
        yield Case((f"stale bulk times={times}",), "connections", rows=14 * ROWS_PER_CALL)
    for number, name in enumerate((*READS, "reset", "hang", "status", "cut-body", "body-html")):
        commit = COMMITS[number % len(COMMITS)]
        yield Case((f"reset bulk 2 commit={commit}", f"{name} read 1-2"), "looks")
        yield Case((f"reset bulk 2 commit={commit}", f"{name} read"), "looks", settles=False)


def _case(group: str, rule: str, number: int, commit: str) -> Case:
    words = rule.format(number)
    # Three calls may share two connections; of fourteen, more leave at once than connections are kept.
    rows = 14 * ROWS_PER_CALL if " connection " in words else ROWS
    return Case((f"{words} commit={commit}" if commit else words,), group, rows)


def go_through(case: Case, folder: Path, nursery: Nursery) -> Result:
    """Imports with this fault, again and again until a run ends by itself, and compares."""
    world = World.made(folder, case.rows, keyed=True)
    codes: list[int] = []
    with account(*case.rules) as server:
        while len(codes) < STARTS_AT_MOST and (not codes or codes[-1] not in (0, 1)):
            codes.append(_start(world, server, nursery))
            if codes[-1] == 3 and not case.settles:
                break
        _wait_for_late_rows(server)
        found = check(world, server.store.activities.all(), whole=case.settles)
        hit = bool(server.hits)
    if min(codes) < 0:
        found.wrong.append("a process did not end by itself")
    if codes[-1] != 0 and (case.settles or codes[-1] != 3):
        found.wrong.append(f"exit codes {codes}")
    if found.rejected:
        found.wrong.append(f"{found.rejected} good rows were refused")
    # How many connections there are depends on the machine: on a slow one, a kept one may serve all calls.
    if not hit and not any(" connection " in rule and not rule.endswith(" connection 1") for rule in case.rules):
        found.wrong.append("the fault did not happen")
    return Result(case, hit, tuple(codes), found)


def _wait_for_late_rows(server: SandboxServer) -> None:
    """Waits until the account holds all that it ever will: a run that ends before that would look right too early."""
    until = time.monotonic() + 10 * LATE_SECONDS
    while time.monotonic() < until and any(
        hit.commit is not None and hit.commit.word == "late" and hit.late_at is None for hit in server.hits
    ):
        time.sleep(0.02)


def _start(world: World, server: SandboxServer, nursery: Nursery) -> int:
    arguments = command_line(SETTLE, TIMEOUT)
    environment = world.environment(server)
    order = Order(arguments, str(world.folder), environment, str(world.logs / "said.txt"), hurry=HURRY)
    return nursery.start(order).wait(60)


def go_through_all(
    cases: Sequence[Case], folder: Path, nursery: Nursery, told: Callable[[str], None] = lambda _: None
) -> list[Result]:
    """Goes through all of them, some side by side."""

    def one(numbered: tuple[int, Case]) -> Result:
        number, case = numbered
        result = go_through(case, folder / str(number), nursery)
        told(f"{number + 1} of {len(cases)}: {case}: {result.findings.wrong or 'as it should be'}")
        return result

    with ThreadPoolExecutor(workers() * 2) as pool:
        return list(pool.map(one, enumerate(cases)))


def names_covered(cases: Sequence[Case]) -> set[str]:
    """The faults that are in these cases."""
    return {rule.split(" ", 1)[0] for case in cases for rule in case.rules} & set(FAULTS)
