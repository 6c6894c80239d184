"""The way of a row: loaded, validated, mapped, planned, sent, reported. This is the one place where the stages meet."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

from importer.chain import ActivityMappers, NumberedBlock, any_invalid, checked_blocks, scope_of
from importer.errors import CountsDiffer, ExitCode, ImporterError
from importer.leadsquared.posting import Posting
from importer.ledger.entries import Account, PlannedRow, Run, RunOrder, SourceEntry
from importer.ledger.journal import Journal
from importer.ledger.ledger import Ledger
from importer.ledger.planning import NewRow, plan_block
from importer.preparing import ImportOrder, PreparedSource
from importer.records import Activity, Outcome
from importer.reporting.run_files import write_run_files
from importer.reporting.summary import SUMMARY, SourceSummary, Summary, write_summary
from importer.sending.chunker import Cells, chunks
from importer.sending.dispatch import Dispatcher, Traffic, Watcher

SECONDS_AFTER_SIGNAL: Final = 3.0
"""How long a stopped run goes on reading, so that its report covers as much of the source as can be."""


@dataclass(slots=True)
class Halt:
    """A wish to stop, made by a signal."""

    asked: ExitCode | None = None
    """The exit code of the run, if it was asked to stop."""


@dataclass(frozen=True, slots=True)
class RunEnd:
    """How a run ended."""

    run: Run
    summary: Summary
    folder: Path
    """Where its files are."""
    trouble: ImporterError | None
    """Why it stopped before the end, if it did."""


def run_import(
    order: ImportOrder,
    sources: list[PreparedSource],
    ledger: Ledger,
    account: Account,
    new_dispatcher: Callable[[Posting, Journal], Dispatcher],
    halt: Halt,
) -> RunEnd:
    """Imports the prepared sources: the stages in order, with the ledger and the sender handed in.

    Whatever happens while sending, the run ends with a report on every row that was read.

    :raises LedgerError: the ledger can't be written; nothing more was sent after that.
    :raises ReportUnwritable: all is done and safe in the ledger, but the report has no place.
    """
    run, continued = ledger.runs.begin(_run_order(order, sources, account))
    journal = ledger.journal(run)
    mappers = ActivityMappers(ledger.salt, scope_of(account.id, run.id if order.allow_duplicates else None))
    posting = Posting(sources[0].bound.route, sources[0].bound.search_by)
    dispatcher = new_dispatcher(posting, journal)
    feed = _Feed(ledger, journal, mappers, dispatcher.watcher, sources, continued)
    feed.rows = feed.walk(checked_blocks(sources, order.limit))
    trouble = None
    if not (order.stop_on_invalid and any_invalid(sources, order.limit)):
        trouble = dispatcher.send(chunks(feed.rows, posting.route.rows_per_call, journal.last_chunk() + 1))
    feed.finish(halt, dispatcher.lane.now)
    return _close(ledger, run, feed, dispatcher.traffic, trouble, halt)


def _run_order(order: ImportOrder, sources: list[PreparedSource], account: Account) -> RunOrder:
    reading = order.how_to_read
    options = {
        "sources": list(order.sources),
        "mapping": order.document.path,
        "sheet": reading.sheet,
        "header_row": reading.header_row,
        "encoding": reading.encoding,
        "delimiter": reading.delimiter,
        "limit": order.limit,
        "stop_on_invalid": order.stop_on_invalid,
        "allow_duplicates": order.allow_duplicates,
    }
    means_the_same = options | {
        "sources": [source.file.sha256 for source in sources],
        "mapping": order.document.sha256,
        "account": account.id,
    }
    signature = hashlib.sha256(json.dumps(means_the_same, sort_keys=True).encode()).hexdigest()
    return RunOrder(account, signature, order.document.name, options, str(order.out))


@dataclass(slots=True)
class _Feed:
    """Plans block after block, as fast as the sender asks for rows."""

    ledger: Ledger
    journal: Journal
    mappers: ActivityMappers
    watcher: Watcher
    sources: list[PreparedSource]
    continued: bool
    rows: Iterator[tuple[Activity, Cells]] = field(init=False)
    """What is to be sent, with the cells it came from."""
    read: int = 0
    """Rows read so far."""
    whole: bool = False
    """Whether all rows were read."""
    _noted: int = 0

    def walk(self, blocks: Iterator[NumberedBlock]) -> Iterator[tuple[Activity, Cells]]:
        """Notes and plans the rows, and yields those to be sent."""
        for numbered in blocks:
            self._note_sources(numbered.origin.position, numbered.first)
            to_send = self._plan(numbered)
            self.read += len(numbered.checked.block)
            self.watcher.planned(len(numbered.checked.block), len(to_send))
            for activity in to_send:
                yield activity, partial(numbered.checked.block.cells, activity.ordinal - numbered.first)
        self._note_sources(len(self.sources) - 1, self.read)
        self.whole = True
        self.watcher.all_read(self.read)

    def _note_sources(self, position: int, first: int) -> None:
        """Notes the sources up to this one; those without a row begin where the next one does."""
        while self._noted <= position:
            source = self.sources[self._noted]
            entry = SourceEntry(source.source.place, source.file.sha256, first, source.source.layout)
            self.ledger.runs.add_source(self.journal.run, self._noted, entry)
            self._noted += 1

    def _plan(self, numbered: NumberedBlock) -> list[Activity]:
        block = numbered.checked.block
        invalid = [
            PlannedRow(
                ordinal=numbered.first + offset,
                row=held.row,
                outcome=Outcome.INVALID,
                lead=numbered.lead(offset),
                code=held.code,
                message=held.message,
                cells=held.cells,
            )
            for offset, held in numbered.held_rows()
        ]
        good = [
            NewRow(int(block.rows[activity.ordinal - numbered.first]), activity)
            for activity in self.mappers.activities(numbered)
        ]
        return plan_block(self.journal, invalid, good, continued=self.continued)

    def finish(self, halt: Halt, clock: Callable[[], float]) -> None:
        """Reads and plans what the sender left, so that the report covers the whole source; after a signal, briefly."""
        until = clock() + SECONDS_AFTER_SIGNAL
        for _ in self.rows:
            if halt.asked and clock() > until:
                break
        self._note_sources(len(self.sources) - 1, self.read)


def _close(
    ledger: Ledger, run: Run, feed: _Feed, traffic: Traffic, trouble: ImporterError | None, halt: Halt
) -> RunEnd:
    """Makes the run's report and notes how it ended."""
    counts = ledger.view(run).counts()
    total = sum(counts.values())
    stopped = bool(trouble or halt.asked)
    exit_code = exit_code_of(counts, trouble, halt, balanced=total == feed.read or not feed.whole)
    still_open = bool(counts[Outcome.UNKNOWN] or (stopped and counts[Outcome.NOT_SENT]) or not feed.whole)
    run = ledger.runs.finish(run, exit_code, traffic.seconds, still_open=still_open)
    folder, summary = report(ledger, run, Path(run.out))
    return RunEnd(run, summary, folder, trouble)


def exit_code_of(
    counts: Mapping[Outcome, int], trouble: ImporterError | None, halt: Halt, *, balanced: bool
) -> ExitCode:
    """The exit code of a run; the graver one wins."""
    if not balanced:
        return ExitCode.INTEGRITY
    if counts[Outcome.UNKNOWN]:
        return ExitCode.ROWS_UNKNOWN
    if trouble is not None:
        return ExitCode.STOPPED_EARLY
    if halt.asked:
        return halt.asked
    return ExitCode.ROWS_FAILED if counts[Outcome.INVALID] or counts[Outcome.REJECTED] else ExitCode.OK


def report(ledger: Ledger, run: Run, out: Path) -> tuple[Path, Summary]:
    """Writes the files of a run into its folder below `out`, from what the ledger says of it."""
    view = ledger.view(run)
    folder = out / run.id
    layouts = [(source.place, source.layout) for source in view.sources]
    listed, files = write_run_files(
        folder,
        layouts,
        view.results(),
        view.held((Outcome.INVALID, Outcome.REJECTED)),
        view.held((Outcome.UNKNOWN,)),
    )
    counts = view.counts()
    if listed != sum(counts.values()):
        raise CountsDiffer(listed, sum(counts.values()))
    summary = Summary(
        run_id=run.id,
        mapping=run.mapping,
        sources=tuple(
            SourceSummary(source.place.source, source.sha256, view.rows_of(position))
            for position, source in enumerate(view.sources)
        ),
        account=run.account_label,
        started_at=run.started_at,
        finished_at=run.finished_at or run.started_at,
        counts=counts,
        calls=view.calls(),
        throttled=view.throttled(),
        seconds=run.seconds,
        issues=view.codes(),
        exit_code=run.exit_code or 0,
        files=[*files, SUMMARY],
    )
    write_summary(folder, summary)
    return folder, summary
