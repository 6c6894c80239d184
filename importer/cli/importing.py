"""What `run` puts together: settings, sources, the account or the stand-in, and words."""

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from importer.cli.again import ask_before_creating_again, tell_of_rows_made_otherwise
from importer.cli.copies import frozen_copies
from importer.cli.destination import SANDBOX, their_account
from importer.cli.edge import ask, say, tell, utc_now
from importer.cli.new_leads import ASKED, by_address, can_ask, first_addresses, new_leads
from importer.cli.options import setting_words
from importer.cli.planning import cost_line, costs_with, otherwise_line
from importer.cli.preflight import make_sure_it_fits
from importer.cli.sending import AtWork, Talk, at_work, conclude
from importer.cli.words import Words
from importer.errors.base import CantGoOn, ExitCode, UsageError
from importer.given_paths import reached
from importer.ledger.entries import Account
from importer.ledger.holding import hold
from importer.ledger.ledger import Ledger, open_ledger
from importer.loading import ReadingOptions
from importer.made_otherwise import made_otherwise
from importer.mapping.bound import BoundMapping
from importer.mapping.parsing import MappingDocument, read_mapping
from importer.pipeline import road_of, run_import, run_order
from importer.preparing.chain import scope_of
from importer.preparing.sources import ImportOrder, PreparedSource, prepare
from importer.rehearsal import Memory, dry_run
from importer.reporting.console import rehearsal_table
from importer.reporting.summary import json_text
from importer.reporting.whole_files import make_sure_of_place
from importer.settings import Settings, settle_settings


class ConfirmationMissing(UsageError):
    """An act that can't be undone was not confirmed."""

    code = "confirmation-missing"

    def __init__(self, route: str) -> None:
        super().__init__(
            f"The route {route} makes a new lead for every row whose lead is not known; that was not confirmed.",
            "Look at the rows with `lsq-import preview`, then add --yes.",
        )


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
    """Whether --yes was typed."""
    wait: bool
    talk: Talk
    confirmed: bool = False
    """Whether new leads were agreed to when the run was begun: of its own rows, but of no corrected ones."""
    continues: str | None = None
    """The id of the run that this is to go on with, and no other."""
    given_in: str = ""
    """The folder that its paths start from; "" for the one we are in."""

    @property
    def order(self) -> ImportOrder:
        """What is to be imported.

        :raises MappingUnreadable: there is no such mapping file.
        """
        return ImportOrder(
            sources=self.sources,
            document=self.document,
            reading=self.reading,
            out=self.out,
            limit=self.limit,
            stop_on_invalid=self.stop_on_invalid,
            allow_duplicates=self.allow_duplicates,
            sandbox=self.sandbox,
            given_in=self.given_in,
        )

    @property
    def document(self) -> MappingDocument:
        """The mapping file.

        :raises MappingUnreadable: there is none.
        """
        return read_mapping(self.mapping, reached(self.mapping, self.given_in))

    def command(self, *sources: str) -> list[str]:
        """The words of a command that does the same with these sources, or the first words of one."""
        words = ["lsq-import", "run", *sources, "-m", self._from_here(self.mapping)]
        reading = self.reading
        given: list[tuple[str, object]] = [
            ("--sheet", reading.sheet),
            ("--header-row", reading.header_row),
            ("--encoding", reading.encoding),
            ("--delimiter", reading.delimiter),
            ("--quote-char", reading.quote_char),
        ]
        words += [word for option, value in given if value is not None for word in (option, str(value))]
        words += setting_words(self.settings)
        out = self._from_here(str(self.out))
        if out != "import-results":
            words += ["--out", out]
        if self.stop_on_invalid:
            words += ["--on-invalid", "stop"]
        flags = (("--sandbox", self.sandbox), ("--yes", self.yes), ("--allow-duplicates", self.allow_duplicates))
        return words + [flag for flag, is_set in flags if is_set]

    @property
    def again(self) -> list[str]:
        """The words of a command that does the same."""
        words = self.command(*map(self._from_here, self.sources))
        return words if self.limit is None else [*words, "--limit", str(self.limit)]

    def _from_here(self, path: str) -> str:
        """A path as it has to be given in the folder that we are in."""
        found = reached(path, self.given_in)
        return path if found == Path(path) else str(found)


def import_files(given: RunOptions) -> ExitCode:
    """Imports, or rehearses it, and says how it went.

    :raises ImporterError: it could not start, or not go on.
    """
    settings = settle_settings(given.settings, os.environ)
    return _rehearse(given, settings) if given.dry_run else _import(given, settings)


# ---------------------------------------------------------------------------------------------- sending


def _import(given: RunOptions, settings: Settings) -> ExitCode:
    order = given.order
    make_sure_of_place(reached(order.out, order.given_in))
    with ExitStack() as stack:
        stack.enter_context(hold(settings.state, utc_now(), wait=given.wait, told=tell))
        sources = prepare(order, stack.enter_context(frozen_copies(settings.state)))
        words = Words(sources, given.talk.quiet, order.limit)
        words.tell()
        _ask_before_new_leads(given, settings, sources)
        expected = _expected(sources, order.limit)
        queued = road_of(sources).queued
        work = stack.enter_context(at_work(settings, given.talk, expected, sandbox=given.sandbox, queued=queued))
        _make_sure_it_continues(given, work, order, sources)
        if not given.talk.quiet:
            if work.ledger.is_new and not given.sandbox:
                tell(_new_ledger(settings))
            for line in _new_keys(work.ledger, work.account, work.destination.identity[0]):
                tell(line)
            if expected:
                for line in _costs(settings, work, sources[0].bound, expected):
                    tell(line)
        make_sure_it_fits(work, order, sources[0], quiet=given.talk.quiet)
        end = run_import(order, sources, work.ledger, work.account, work.sender, work.halt)
        words.tell()
        words.tell_of_the_empty(end.summary)
    return conclude(end, given.talk, given.again, given.command, given.settings)


def _make_sure_it_continues(given: RunOptions, work: AtWork, order: ImportOrder, sources: list[PreparedSource]) -> None:
    """Tells of a run of the same files that was stopped and can't go on, since a file or the mapping has changed.

    :raises CantGoOn: another run than the one that is meant would go on, or all rows would be sent once more.
    :raises ImportedOtherwise: what is posted for rows that are there has changed.
    """
    wanted = run_order(order, sources, work.account)
    runs = work.ledger.runs
    meant = runs.find(given.continues) if given.continues else None
    continued = runs.to_continue(wanted)
    # A run whose keys were refused has sent nothing: whatever these rows belong to, it goes on with.
    if meant is not None and meant.id != continued and not runs.keys_were_refused(meant):
        raise CantGoOn(meant.id, "it is finished by now, or its files, its mapping or its account have changed")
    for run in runs.left_open(wanted):
        if given.allow_duplicates:
            raise CantGoOn(
                run.id, "a file, the mapping or an option has changed, and --allow-duplicates sends all again"
            )
        if not given.talk.quiet:
            tell(
                f"an earlier run of these files, {run.id}, was not finished, and the file, the mapping or the options "
                "have changed since: this is a new run. Rows for which the same is posted as then are recognised, and "
                "not sent again."
            )
    begun = runs.find(continued) if continued else None
    if (begun is None or runs.keys_were_refused(begun)) and not given.allow_duplicates:
        found = made_otherwise(order, sources, work.ledger, work.account)
        ask_before_creating_again(found, confirmed=given.yes or given.sandbox, quiet=given.talk.quiet)


def _new_ledger(settings: Settings) -> str:
    return (
        f"a new ledger was made in {settings.state}: nothing that was imported earlier is known to it. If there is "
        "another one, stop, and name its folder with --state."
    )


def _new_keys(ledger: Ledger, account: Account, host: str) -> Iterator[str]:
    """Words on keys that the ledger does not know, while it knows others that may open the same account."""
    if ledger.runs.may_be_known(account, host):
        yield (
            "these keys are new to the ledger, which has runs with other keys of the same host, and can't tell whether "
            "they open the same account. If they do, mind that what was imported with the other keys is not recognised."
        )


def _costs(settings: Settings, work: AtWork, bound: BoundMapping, expected: int) -> Iterator[str]:
    """Words on what so many rows cost."""
    pace = work.ledger.pace(work.account)
    yield cost_line(costs_with(settings, pace, {bound.route.name: expected}), expected)
    if bound.otherwise:
        other = bound.otherwise.route.name
        yield otherwise_line(costs_with(settings, pace, {other: expected}), other)


def _expected(sources: Sequence[PreparedSource], limit: int | None) -> int | None:
    """How many rows there will be, about, if that is known of all sources."""
    expected = [prepared.source.expected_rows for prepared in sources]
    if None in expected:
        return limit
    total = sum(rows for rows in expected if rows is not None)
    return total if limit is None else min(total, limit)


def _ask_before_new_leads(given: RunOptions, settings: Settings, sources: list[PreparedSource]) -> None:
    """A road that makes a lead of every unknown address makes one of every misspelt address, too, for ever."""
    making = [way.route.name for way in sources[0].bound.ways if way.route.creates_leads]
    if not making or given.sandbox:
        return
    if not given.talk.quiet:
        tell(f"{making[0]} makes a new lead for every row whose lead is not known; that can't be undone.")
        if by_address(sources[0].bound) and can_ask(settings):
            for line in _new_addresses(given, settings, sources):
                tell(line)
    if given.yes or given.confirmed:
        return
    if sys.stdin.isatty():
        if given.talk.quiet:
            tell(f"{making[0]} makes a new lead for every row whose lead is not known; that can't be undone.")
        if ask("Go on? [y/N] ").lower() in ("y", "yes"):
            return
    raise ConfirmationMissing(making[0])


def _new_addresses(given: RunOptions, settings: Settings, sources: list[PreparedSource]) -> Iterator[str]:
    their_account(settings, queued=road_of(sources).queued)  # what is not set is told before any call
    addresses, every = first_addresses(sources, given.limit)
    if not every:
        yield f"there are more than {ASKED} addresses, too many to ask which are new; `plan` asks for {ASKED}."
    elif addresses:
        found = new_leads(settings, addresses, every=True)
        yield str(found) if found else "which addresses are new could not be asked."


# -------------------------------------------------------------------------------------------- rehearsing


def _rehearse(given: RunOptions, settings: Settings) -> ExitCode:
    order = given.order
    make_sure_of_place(order.out)
    sources = prepare(order)
    words = Words(sources, given.talk.quiet, order.limit)
    words.tell()
    with open_ledger(settings.state, utc_now) as ledger:
        if ledger.is_new and not (given.sandbox or given.talk.quiet):
            tell(_new_ledger(settings))
        rehearsed = dry_run(order, sources, _memory(given, settings, ledger, sources), utc_now)
    words.tell()
    words.tell_of_the_empty(rehearsed.summary)
    if given.talk.as_json:
        say(json_text(rehearsed.summary.as_json()))
    elif rehearsed.summary.exit_code or not given.talk.quiet:
        for line in rehearsal_table(rehearsed.summary, rehearsed.folder, rehearsed.groups.by_weight()):
            say(line)
    if rehearsed.refused:
        tell("nothing would be sent: rows are invalid, and --on-invalid stop is given.")
    return ExitCode(rehearsed.summary.exit_code or 0)


def _memory(given: RunOptions, settings: Settings, ledger: Ledger, sources: list[PreparedSource]) -> Memory:
    """What is known of the account that a run would import into; without keys, of none."""
    if given.sandbox:
        account = ledger.runs.account(SANDBOX, SANDBOX)
    elif settings.host and settings.access_key and settings.secret_key:
        identity = their_account(settings).identity
        account = ledger.runs.account(*identity)
        for line in _new_keys(ledger, account, identity[0]):
            if not given.talk.quiet:
                tell(line)
    else:
        if not given.talk.quiet:
            tell("no keys are set, so this dry run can't tell which rows were imported before.")
            if sources[0].bound.import_key is not None:
                tell("the import keys in payloads.jsonl are examples: the real ones depend on the account.")
        return Memory(ledger.salt, scope_of("", None), "", lambda _: {})
    known = (lambda _: {}) if given.allow_duplicates else ledger.known
    if not (given.allow_duplicates or given.talk.quiet):
        tell_of_rows_made_otherwise(made_otherwise(given.order, sources, ledger, account))
    return Memory(ledger.salt, scope_of(account.id, None), account.label, known)
