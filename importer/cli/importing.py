"""What `run` puts together: settings, sources, ledger, the account or the stand-in, signals, and words."""

import json
import os
import random
import shutil
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from importer.chain import scope_of
from importer.cli.destination import SANDBOX, sandbox_account, their_account
from importer.cli.edge import say, tell, utc_now
from importer.cli.signals import halting
from importer.cli.words import Words
from importer.errors import ExitCode, UsageError
from importer.leadsquared.pacing import Window
from importer.leadsquared.posting import Posting
from importer.ledger.entries import Account
from importer.ledger.journal import Journal
from importer.ledger.ledger import Ledger, open_ledger
from importer.ledger.opening import hold
from importer.loading import ReadingOptions
from importer.mapping.parsing import read_mapping
from importer.pipeline import Halt, RunEnd, run_import
from importer.preparing import ImportOrder, PreparedSource, prepare
from importer.records import Outcome
from importer.rehearsal import Memory, dry_run
from importer.reporting.console import closing_table, rehearsal_table
from importer.reporting.progress import ProgressBar
from importer.sending.dispatch import IN_FLIGHT, Dispatcher
from importer.sending.lane import ThreadLane
from importer.settings import Settings, settle_settings


class ConfirmationMissing(UsageError):
    """An act that can't be undone was not confirmed."""

    code = "confirmation-missing"

    def __init__(self, route: str) -> None:
        super().__init__(
            f"The route {route} makes a new lead for every row whose lead is not known; that was not confirmed.",
            "Look at the rows with `lsq-import preview`, then add --yes.",
        )


FROZEN = "frozen"
"""Folder of the copies that sources are read from while they are imported."""


@dataclass(frozen=True, slots=True)
class RunOptions:
    """The command line of `run`."""

    sources: tuple[str, ...]
    mapping: str
    out: Path
    sandbox: bool
    dry_run: bool
    limit: int | None
    stop_on_invalid: bool
    allow_duplicates: bool
    reading: ReadingOptions
    settings: Mapping[str, str | None]
    yes: bool
    as_json: bool
    quiet: bool
    verbose: bool


def import_files(given: RunOptions) -> ExitCode:
    """Imports, or rehearses it, and says how it went.

    :raises ImporterError: it could not start, or its report could not be written.
    """
    settings = settle_settings(given.settings, os.environ)
    order = ImportOrder(
        sources=given.sources,
        document=read_mapping(given.mapping),
        reading=given.reading,
        out=given.out,
        limit=given.limit,
        stop_on_invalid=given.stop_on_invalid,
        allow_duplicates=given.allow_duplicates,
    )
    return _rehearse(given, settings, order) if given.dry_run else _import(given, settings, order)


# ---------------------------------------------------------------------------------------------- sending


def _import(given: RunOptions, settings: Settings, order: ImportOrder) -> ExitCode:
    with ExitStack() as stack:
        stack.enter_context(hold(settings.state, utc_now()))
        sources = prepare(order, stack.enter_context(_copies(settings.state)))
        words = Words(sources, given.quiet)
        words.tell()
        _ask_before_new_leads(given, sources[0])
        reached = sandbox_account(settings) if given.sandbox else nullcontext(their_account(settings))
        destination = stack.enter_context(reached)
        ledger = stack.enter_context(open_ledger(settings.state, utc_now))
        account = ledger.runs.account(*destination.identity)
        halt = Halt()
        lane = stack.enter_context(ThreadLane(destination.client, IN_FLIGHT, time.monotonic))
        bar = ProgressBar(
            sys.stderr,
            _expected(sources, order.limit),
            shown=sys.stderr.isatty() and not given.quiet,
            verbose=given.verbose,
        )
        stack.callback(bar.finished)
        stack.enter_context(halting(halt, lane.wake))

        def dispatcher(posting: Posting, journal: Journal) -> Dispatcher:
            rate = settings.bulk_rate if posting.route.bulk else settings.rate
            return Dispatcher(
                posting=posting,
                lane=lane,
                journal=journal,
                window=Window(rate),
                watcher=bar,
                stopping=lambda: halt.asked is not None,
                jitter=random.Random(),  # noqa: S311  # spreads retries, guards nothing
            )

        end = run_import(order, sources, ledger, account, dispatcher, halt)
        words.tell()
    _conclude(given, end)
    return ExitCode(end.summary.exit_code)


def _expected(sources: list[PreparedSource], limit: int | None) -> int | None:
    """How many rows there will be, about, if that is known of all sources."""
    expected = [prepared.source.expected_rows for prepared in sources]
    if None in expected:
        return limit
    total = sum(rows for rows in expected if rows is not None)
    return total if limit is None else min(total, limit)


@contextmanager
def _copies(state: Path) -> Iterator[Path]:
    """A folder for copies of sources; what a killed run left in it is cleared away first."""
    folder = state / FROZEN
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _ask_before_new_leads(given: RunOptions, prepared: PreparedSource) -> None:
    """A road that makes a lead of every unknown address makes one of every misspelt address, too, for ever."""
    if not prepared.bound.route.creates_leads or given.yes or given.sandbox:
        return
    if sys.stdin.isatty():
        tell(
            f"{prepared.bound.route.name} makes a new lead for every row whose lead is not known; that can't be undone."
        )
        if input("Go on? [y/N] ").strip().lower() in ("y", "yes"):
            return
    raise ConfirmationMissing(prepared.bound.route.name)


def _conclude(given: RunOptions, end: RunEnd) -> None:
    if end.trouble is not None:
        tell(f"{end.trouble} [{end.trouble.code}]")
    if given.as_json:
        say(json.dumps(end.summary.as_json(), ensure_ascii=False))
        return
    for line in closing_table(end.summary, end.folder):
        say(line)
    if given.quiet:
        return
    to_fix = [name for name in end.summary.files if name.startswith("to-fix")]
    if to_fix:
        paths = " ".join(str(end.folder / name) for name in to_fix)
        tell(f"correct the rows in the to-fix file, then: lsq-import run {paths} -m {given.mapping}")
    if end.summary.counts[Outcome.UNKNOWN]:
        tell("rows in doubt are listed in the unknown file; they are not sent again by themselves.")


# -------------------------------------------------------------------------------------------- rehearsing


def _rehearse(given: RunOptions, settings: Settings, order: ImportOrder) -> ExitCode:
    sources = prepare(order)
    words = Words(sources, given.quiet)
    words.tell()
    with open_ledger(settings.state, utc_now) as ledger:
        rehearsed = dry_run(order, sources, _memory(given, settings, ledger), utc_now)
    words.tell()
    if given.as_json:
        say(json.dumps(rehearsed.summary.as_json(), ensure_ascii=False))
    else:
        for line in rehearsal_table(rehearsed.summary, rehearsed.folder, rehearsed.groups.by_weight()):
            say(line)
    return ExitCode(rehearsed.summary.exit_code)


def _memory(given: RunOptions, settings: Settings, ledger: Ledger) -> Memory:
    """What is known of the account that a run would import into; without keys, of none."""
    if given.sandbox:
        account = ledger.runs.account(SANDBOX, SANDBOX)
    elif settings.host and settings.access_key and settings.secret_key:
        account = ledger.runs.account(*their_account(settings).identity)
    else:
        tell("no keys are set, so this dry run can't tell which rows were imported before.")
        account = Account("", "")
    return Memory(ledger.salt, scope_of(account.id, None), account.label, ledger.known)
