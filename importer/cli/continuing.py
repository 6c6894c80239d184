"""What `resume`, `retry`, `recheck` and `audit` put together: a run of the ledger, and the account that it went to."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from importer.aftercare import audit_run, recheck_run, retry_run
from importer.cli.accounts import account_behind
from importer.cli.destination import SANDBOX, their_account
from importer.cli.edge import tell, utc_now
from importer.cli.importing import RunOptions, import_files
from importer.cli.options import setting_words
from importer.cli.sending import AtWork, Talk, at_work, conclude
from importer.closing import RunEnd
from importer.errors.base import CantGoOn, ExitCode, UsageError
from importer.given_paths import reached
from importer.ledger.entries import Run
from importer.ledger.holding import hold
from importer.ledger.ledger import open_ledger
from importer.ledger.place import has_ledger
from importer.loading import ReadingOptions, freeze
from importer.reporting.whole_files import make_sure_of_place
from importer.sending.road import Road
from importer.settings import Settings, settle_settings


class NoSuchRun(UsageError):
    """The ledger knows no such run."""

    code = "no-such-run"

    def __init__(self, run_id: str | None) -> None:
        what = f'There is no run "{run_id}".' if run_id else "There is no run yet."
        super().__init__(what, "List them with: lsq-import runs")


class OtherAccount(UsageError):
    """The settings name another account than the run went to."""

    code = "other-account"

    def __init__(self, run: Run, account: str) -> None:
        super().__init__(
            f"The run {run.id} went to {run.account_label}, but the settings name {account}.",
            "Set LSQ_HOST and the keys of the run's account.",
        )


class NoImportKey(UsageError):
    """An audit of a run whose activities bear nothing to know them by."""

    code = "no-import-key"

    def __init__(self, run: Run) -> None:
        super().__init__(
            f"The run {run.id} has no import key, so it can't be compared with the account: its activities can't be "
            "told from others.",
            "Put an import_key into the mapping, and later runs can be audited. Of this one, results.csv lists the id "
            "of each activity that LeadSquared has confirmed.",
        )


@dataclass(frozen=True, slots=True)
class RunToContinue:
    """The command line of a command on an earlier run."""

    run_id: str | None
    settings: Mapping[str, str | None]
    wait: bool
    talk: Talk


def resume(given: RunToContinue) -> ExitCode:
    """Goes on with an interrupted run, as the same `run` command would."""
    settings = settle_settings(given.settings, os.environ)
    run = found_run(settings, given.run_id)
    if not run.open:
        if not given.talk.quiet:
            tell(f"the run {run.id} is finished; there is nothing to go on with.")
        return ExitCode(run.exit_code or 0)
    _make_sure_of_account(settings, run)
    order = replace(_order_of(run, given), continues=run.id)
    _make_sure_nothing_has_changed(run, order)
    return import_files(order)


def retry(given: RunToContinue) -> ExitCode:
    """Sends the refused rows of a run again."""
    return _continue(given, lambda work, run: retry_run(work.ledger, run, work.sender, work.halt))


def recheck(given: RunToContinue) -> ExitCode:
    """Looks up the rows in doubt of a run."""
    return _continue(given, lambda work, run: recheck_run(work.ledger, run, work.sender, work.halt))


def audit(given: RunToContinue) -> ExitCode:
    """Compares a run with what the account holds."""
    run = found_run(settle_settings(given.settings, os.environ), given.run_id)
    if not Road.from_options(run.options).keyed:
        raise NoImportKey(run)
    return _continue(given, lambda work, run: audit_run(work.ledger, run, work.sender, work.halt))


def _continue(given: RunToContinue, work_on: Callable[[AtWork, Run], RunEnd]) -> ExitCode:
    settings = settle_settings(given.settings, os.environ)
    with _held(settings, given) as run:
        make_sure_of_place(run.reports)
        queued = Road.from_options(run.options).queued
        with at_work(settings, given.talk, None, sandbox=run.options["sandbox"], queued=queued) as work:
            if work.account.id != run.account_id:
                raise OtherAccount(run, work.account.label)
            end = work_on(work, run)
        order = _order_of(run, given)
    again = ["lsq-import", "resume", run.id, *setting_words(given.settings)]
    return conclude(end, given.talk, again, order.command, given.settings)


@contextmanager
def _held(settings: Settings, given: RunToContinue) -> Iterator[Run]:
    run = found_run(settings, given.run_id, taken=True)
    with ExitStack() as stack:
        stack.enter_context(hold(settings.state, utc_now(), wait=given.wait, told=tell))
        yield run


def found_run(settings: Settings, run_id: str | None, *, taken: bool = False) -> Run:
    """The run of this id, or the latest.

    :param taken: of several, the latest whose keys were not refused: of others, there is nothing to look at.

    :raises NoSuchRun: there is none.
    """
    if not has_ledger(settings.state):
        raise NoSuchRun(run_id)
    with open_ledger(settings.state, utc_now, only_read=True) as ledger:
        run = ledger.runs.latest_taken() if taken and run_id is None else ledger.runs.find(run_id)
    if run is None:
        raise NoSuchRun(run_id)
    return run


def _order_of(run: Run, given: RunToContinue) -> RunOptions:
    """The command line that the run was begun with."""
    options: Mapping[str, Any] = run.options
    return RunOptions(
        sources=tuple(options["sources"]),
        mapping=options["mapping"],
        out=Path(run.out),
        sandbox=options["sandbox"],
        dry_run=False,
        limit=options["limit"],
        stop_on_invalid=options["stop_on_invalid"],
        allow_duplicates=options["allow_duplicates"],
        reading=ReadingOptions(
            *(options.get(name) for name in ("sheet", "header_row", "encoding", "delimiter", "quote_char"))
        ),
        settings=given.settings,
        yes=False,
        confirmed=True,
        wait=given.wait,
        talk=given.talk,
        given_in=run.given_in,
    )


def _make_sure_of_account(settings: Settings, run: Run) -> None:
    """Raises OtherAccount if the settings name another one than the run went to, if it was let in at all."""
    with open_ledger(settings.state, utc_now) as ledger:
        if run.options["sandbox"]:
            account = ledger.runs.account(SANDBOX, SANDBOX)
        else:
            account = account_behind(their_account(settings), ledger, settings.budget)
        goes_there = ledger.runs.may_go_to(run, account)
    if not goes_there:
        raise OtherAccount(run, account.label)


def _make_sure_nothing_has_changed(run: Run, order: RunOptions) -> None:
    """Raises CantGoOn if a source or the mapping is not what it was; what is not there at all says so by itself."""
    if order.document.sha256 != run.options["mapping_sha256"]:
        raise CantGoOn(run.id, f'the mapping "{order.mapping}" has changed')
    for source, sha256 in zip(order.sources, run.options["sha256"], strict=True):
        if freeze(source, order.reading.encoding, path=reached(source, order.given_in)).sha256 != sha256:
            raise CantGoOn(run.id, f'"{source}" has changed')
