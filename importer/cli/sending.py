"""What every command that sends puts together: the ledger, the account or the stand-in, signals, the lane."""

import random
import shlex
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from importer.cli.accounts import account_behind
from importer.cli.destination import Destination, sandbox_account, their_account
from importer.cli.edge import OutputLost, say, tell, utc_now
from importer.cli.options import setting_words
from importer.cli.signals import halting
from importer.closing import Halt, RunEnd
from importer.errors.base import ExitCode
from importer.leadsquared.routes import CallClass
from importer.ledger.entries import Account
from importer.ledger.ledger import Ledger, open_ledger
from importer.records import Outcome
from importer.reporting.console import closing_table, counted
from importer.reporting.progress import ProgressBar
from importer.reporting.summary import json_text
from importer.reporting.to_fix import TO_FIX
from importer.sending.inquiries import AT_ONCE
from importer.sending.lane import ThreadLane
from importer.sending.pace import allowance, windows_that_remember
from importer.sending.sender import Sender
from importer.sending.width import MOST
from importer.settings import Rate, Settings

QUEUE_RATE: Final = Rate(100, 1.0)
"""The queue takes any load (page async-api); this is only to be polite."""


@dataclass(frozen=True, slots=True)
class Talk:
    """How much a command says, and how."""

    as_json: bool = False
    quiet: bool = False
    verbose: bool = False


@dataclass(frozen=True, slots=True)
class AtWork:
    """Everything that a run needs and that has to be let go afterwards."""

    ledger: Ledger
    destination: Destination
    account: Account
    sender: Sender
    halt: Halt


@contextmanager
def at_work(settings: Settings, talk: Talk, expected: int | None, *, sandbox: bool, queued: bool) -> Iterator[AtWork]:
    """The account, the ledger, and a lane to it, until the command has done its work; signals are heard.

    :param expected: how many rows there will be, if that is known.
    :param queued: whether rows go through the account's queue.
    """
    with ExitStack() as stack:
        reached = sandbox_account(settings) if sandbox else nullcontext(their_account(settings, queued=queued))
        destination = stack.enter_context(reached)
        ledger = stack.enter_context(open_ledger(settings.state, utc_now))
        halt = Halt()
        lane = stack.enter_context(ThreadLane(destination.client, MOST + AT_ONCE, time.monotonic))
        shown = sys.stderr.isatty() and not talk.quiet
        bar = ProgressBar(sys.stderr, expected, shown=shown, verbose=talk.verbose, quiet=talk.quiet)
        stack.callback(bar.finished)
        stack.enter_context(halting(halt, lane.wake))
        account = account_behind(destination, ledger, settings.budget)
        pace = ledger.pace(account)
        rates = rates_of(settings)
        # The stand-in of this process begins with empty windows.
        windows = windows_that_remember(rates, stated_of(settings), pace, lane.now(), same_server=not sandbox)
        allowed = allowance(pace, settings.budget)
        sender = Sender(
            lane=lane,
            rates=rates,
            windows=windows,
            spent=lambda: allowed.spent() if allowed else None,
            settle=settings.settle,
            timeout=settings.timeout,
            watcher=bar,
            stopping=lambda: halt.asked is not None,
            jitter=random.Random(),  # noqa: S311  # spreads retries, guards nothing
            wall=utc_now,
        )
        bar.time_left = sender.seconds_left
        yield AtWork(ledger, destination, account, sender, halt)


def rates_of(settings: Settings) -> dict[CallClass, Rate]:
    """The rates of the settings by class of call."""
    return {CallClass.BULK: settings.bulk_rate, CallClass.SINGLE: settings.rate, CallClass.ASYNC: QUEUE_RATE}


def stated_of(settings: Settings) -> set[CallClass]:
    """The classes whose rate is not just a page's."""
    names = {"bulk_rate": CallClass.BULK, "rate": CallClass.SINGLE}
    return {CallClass.ASYNC, *(call_class for name, call_class in names.items() if name in settings.rates_given)}


def conclude(
    end: RunEnd,
    talk: Talk,
    again: Sequence[str],
    command: Callable[..., list[str]],
    settings: Mapping[str, str | None],
) -> ExitCode:
    """Says how a run ended, and what to do next.

    :param again: the command that goes on with it, in words of a command line.
    :param command: gives the words of a command that imports other files in the same way.
    :param settings: as the command line gives them; other commands are named with the same.
    """
    if end.trouble is not None:
        tell(f"{end.trouble} [{end.trouble.code}]")
    if end.lost is not None:
        tell(f"{end.lost} [{end.lost.code}]")
    exit_code = ExitCode(end.summary.exit_code or 0)
    try:
        _say_result(end, talk)
    except OutputLost as lost:
        again = ["lsq-import", "report", end.run.id, *setting_words(settings, "state", "profile")]
        tell(
            f"{lost.sentence} All is in {end.folder}; make room where standard output goes, then print it again with: "
            f"{shlex.join(again)} [{lost.code}]"
        )
        return ExitCode.STOPPED_EARLY if exit_code in (ExitCode.OK, ExitCode.ROWS_FAILED) else exit_code
    if not (talk.quiet or talk.as_json):
        audit = ["lsq-import", "audit", end.run.id, *setting_words(settings)]
        for line in (*_audit_lines(end, audit), *_what_next(end, again, command)):
            tell(line)
    return exit_code


def _say_result(end: RunEnd, talk: Talk) -> None:
    if talk.as_json:
        say(json_text(end.summary.as_json()))
    elif end.summary.exit_code or not talk.quiet:
        details = ((), None) if talk.quiet else (end.groups.by_weight(), end.reasons)
        for line in closing_table(end.summary, end.folder, *details):
            say(line)


def _what_next(end: RunEnd, again: Sequence[str], command: Callable[..., list[str]]) -> Iterator[str]:
    counts = end.summary.counts
    if counts.get(Outcome.NOT_SENT) and not end.refused_by_order:
        yield f"to go on with what was not sent: {shlex.join(again)}"
    elif counts.get(Outcome.UNKNOWN):
        yield f"rows in doubt are never sent again by themselves; to look them up once more: {shlex.join(again)}"
    same = counts.get(Outcome.DUPLICATE, 0)
    if same and any(Path(source.path).name.startswith(TO_FIX) for source in end.summary.sources):
        yield (
            f"{counted(same, 'corrected row')} {'is' if same == 1 else 'are'} just like rows that are imported "
            "already, and not sent. If they are meant as further ones, leave only them in the file and add "
            "--allow-duplicates."
        )
    to_fix = [str(end.folder / name) for name in end.summary.files if name.startswith("to-fix")]
    if to_fix and end.refused_by_order:
        yield (
            "nothing was sent, the good rows neither: correct the bad ones where they come from (the to-fix file lists "
            f"them), then: {shlex.join(again)}"
        )
    elif to_fix:
        yield f"correct the rows in the to-fix file, then: {shlex.join(command(*to_fix))}"


def _audit_lines(end: RunEnd, again: Sequence[str]) -> Iterator[str]:
    audit = end.audit
    if audit is None:
        return
    if not audit.complete:
        yield f"the audit could not read all that the account holds; try it later with: {shlex.join(again)}"
    elif audit.twice:
        yield f"the audit found {counted(len(audit.twice), 'row')} in the account more than once; see code found-twice."
    elif audit.missing:
        yield (
            f"the audit found {audit.created - audit.missing:,} of {counted(audit.created, 'row')} in the account, "
            f"each once; {audit.missing:,} that LeadSquared had confirmed did not show by their import key: deleted "
            "since, not visible to these keys, or the field that holds the key was changed."
        )
    elif audit.created:
        yield f"the audit found all {counted(audit.created, 'row')} in the account, each once."
    elif not audit.unexpected:
        yield "there was nothing to audit: no row of this run counts as created."
    if audit.unexpected:
        yield f"{counted(len(audit.unexpected), 'row')} turned out to have been created after all."
