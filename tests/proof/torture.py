"""Processes that are killed at random while a quarter of their calls go wrong, until one ends by itself."""

import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

from importer.sandbox.server import SandboxServer

from .checking import Findings, check
from .nursery import ROOT, Nursery, Order
from .world import World, account

SETTLE: Final = 0.8
TIMEOUT: Final = 0.6
LATE: Final = 0.3
BULK_RATE: Final = "5/0.3s"
"""Seconds. What commits late does so well within the settle time, as the promise asks for."""

_WRITING: Final = (
    *("reset-early", "close-early", "reset", "close", "hang", "hang-unread", "continue-only"),
    *("status", "mx-error", "failed", "no-content", "body-html", "body-empty", "body-list", "gzip-bad"),
    *("cut-status-line", "cut-headers", "cut-body", "cut-chunk", "length-too-long", "no-length"),
    *("receipts-missing", "receipts-doubled", "receipts-gap", "receipts-base-0", "receipts-true-text"),
    *("receipts-no-id", "receipts-same-id"),
)
_READING: Final = (
    *("reset", "close", "hang", "status", "cut-body", "body-html", "read-error", "read-empty", "read-partial"),
    *("read-unstable", "read-repeated", "read-wrong-count", "read-text-count"),
)

RULES: Final = (
    # A quarter of the calls that write, and a quarter of those that look whether rows have arrived.
    "rate-limit bulk share=0.02 words=false",
    f"{','.join(_WRITING)} bulk share=0.23 commit=before,after,never,late,partly:9 late={LATE}",
    f"{','.join(_READING)} read share=0.25",
    "reset-at-accept,close-at-accept connection share=0.04",
)

FRESH_EVERY: Final = 5
"""Of the processes that are killed, each so-manieth begins in an interpreter of its own."""

STARTS_AT_MOST: Final = 25
"""After the last kill, so often is the command given once more until it ends with nothing left to do."""


@dataclass(frozen=True, slots=True)
class Torture:
    """What is to be gone through."""

    rows: int
    kills: int
    seed: int
    keyed: bool = True
    fresh_every: int = FRESH_EVERY


@dataclass(slots=True)
class Ordeal:
    """What it came to."""

    torture: Torture
    findings: Findings
    kills: int = 0
    hits: int = 0
    """Calls that went wrong."""
    calls: int = 0
    """Calls that write, whatever became of them."""
    starts_after: int = 0
    """Starts after the last kill."""
    seconds: float = 0.0
    phases: Counter[str] = field(default_factory=Counter)
    """In what the killed processes were."""


class Process(Protocol):
    """A process that can be killed."""

    def kill(self) -> None: ...

    def wait(self, seconds: float) -> int: ...


@dataclass(slots=True)
class Fresh:
    """A process in an interpreter of its own."""

    process: "subprocess.Popen[bytes]"

    def kill(self) -> None:
        """SIGKILL, unless it has ended."""
        self.process.kill()

    def wait(self, seconds: float) -> int:
        """Its exit code."""
        return self.process.wait(seconds)


def torment(torture: Torture, folder: Path, nursery: Nursery, told: Callable[[str], None] = lambda _: None) -> Ordeal:
    """Goes through with it, and checks what is left."""
    world = World.made(folder, torture.rows, keyed=torture.keyed)
    began = time.monotonic()
    with account(*RULES, seed=torture.seed) as server:
        tormentor = Tormentor(torture, world, server, nursery)
        tormentor.kill_again_and_again(told)
        tormentor.let_it_end()
        time.sleep(LATE + SETTLE)  # whatever is on its way has arrived, or never will
        there = server.store.activities.all()
        ordeal = tormentor.ordeal
        ordeal.findings = check(world, there)
        ordeal.findings.wrong += tormentor.wrong
        ordeal.hits = len(server.hits)
        ordeal.calls = _writing_calls(server)
        if ordeal.findings.wrong:
            _write_down(server, folder / "account.json")
    ordeal.seconds = time.monotonic() - began
    return ordeal


def _writing_calls(server: SandboxServer) -> int:
    return sum(1 for call in server.store.calls.latest(1_000_000) if "/Bulk/" in call.path)


def _write_down(server: SandboxServer, path: Path) -> None:
    """What the account knows, for whoever looks for the mistake."""
    told = {
        "activities": [
            [each.number, each.modified_on, each.fields.get("mx_Custom_1"), each.fields.get("mx_Custom_15")]
            for each in server.store.activities.all()
        ],
        "hits": [
            [each.at, each.kind, each.fault.name, str(each.commit), each.stored, each.stored_late, each.late_at]
            for each in server.hits
        ],
        "calls": [[each.at, each.path, each.status, each.created] for each in server.store.calls.latest(1_000_000)],
    }
    path.write_text(json.dumps(told, indent=0), encoding="utf-8")


class Tormentor:
    """Starts processes on one world, and kills them."""

    def __init__(self, torture: Torture, world: World, server: SandboxServer, nursery: Nursery) -> None:
        self.torture = torture
        self.world = world
        self.server = server
        self.nursery = nursery
        self.chance = random.Random(torture.seed)  # noqa: S311
        self.ordeal = Ordeal(torture, Findings())
        self.wrong: list[str] = []
        self._starts = 0

    def kill_again_and_again(self, told: Callable[[str], None]) -> None:
        """Kills process after process, early ones and late ones, so that the rows last about as long as the kills."""
        while self.ordeal.kills < self.torture.kills:
            fresh = self.torture.fresh_every > 0 and self.ordeal.kills % self.torture.fresh_every == 0
            before = self._arrived()
            process = self._start(fresh=fresh)
            share = self._arrived() / len(self.world.remarks)
            ahead = share > self.ordeal.kills / self.torture.kills
            delay = self.chance.uniform(0, 0.4) if ahead else self.chance.uniform(0.2, 3.0)
            time.sleep(delay + (self.chance.uniform(0, 1.2) if fresh else 0))
            process.kill()
            code = process.wait(30)
            if code >= 0:
                self._note_end(code)
                continue
            self.ordeal.kills += 1
            self.ordeal.phases[self._phase(before)] += 1
            told(f"{self.ordeal.kills} kills, {self._arrived()} activities")

    def let_it_end(self) -> None:
        """Gives the command until it has nothing left to do, as somebody does who wants the rows to be there."""
        code = -1
        for _ in range(STARTS_AT_MOST):
            self.ordeal.starts_after += 1
            code = self._start(fresh=False).wait(600)
            self._note_end(code)
            if code in (0, 1, 4) or (code == 3 and not self.torture.keyed and not self.world.waiting):
                return
        self.wrong.append(f"{STARTS_AT_MOST} starts did not bring it to an end, the last exit code was {code}")

    def _note_end(self, code: int) -> None:
        if code not in (0, 1, 3, 5):
            self.wrong.append(f"a process ended with exit code {code}")

    def _start(self, *, fresh: bool) -> Process:
        self._starts += 1
        world, environment = self.world, self.world.environment(self.server)
        arguments = command_line(SETTLE, TIMEOUT, BULK_RATE)
        said = world.logs / f"{self._starts}.txt"
        if not fresh:
            return self.nursery.start(Order(arguments, str(world.folder), environment, str(said)))
        with said.open("ab") as output:
            return Fresh(
                subprocess.Popen(  # noqa: S603
                    [sys.executable, "-m", "importer", *arguments],
                    cwd=world.folder,
                    env=environment | {"PYTHONPATH": str(ROOT)},
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                )
            )

    def _arrived(self) -> int:
        return sum(self.server.store.activities.count_by_event().values())

    def _phase(self, before: int) -> str:
        journal = self.world.state / "ledger.sqlite-journal"
        with suppress(OSError):
            if journal.stat().st_size > 0:
                return "within a transaction of the ledger"
        if not (self.world.state / "ledger.sqlite").exists():
            return "before there was a ledger"
        said = (self.world.logs / f"{self._starts}.txt").read_text(encoding="utf-8")
        if "rows read" in said:
            return "after its last word"
        return "sending" if self._arrived() > before else "starting, reading, planning, or looking rows up"


def command_line(settle: float, timeout: float, bulk_rate: str = "500/1s") -> Sequence[str]:
    """The command that all proofs give, usually at a rate that is no hindrance."""
    return (
        *("run", "visits.csv", "-m", "visits.yaml", "--bulk-rate", bulk_rate, "--rate", "500/1s"),
        *("--settle", str(settle), "--timeout", str(timeout)),
    )


def workers() -> int:
    """How many worlds are gone through side by side; most of the time is spent waiting."""
    return max(2, 2 * (os.cpu_count() or 1))
