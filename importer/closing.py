"""How a run ends: audited if anything was in doubt, counted, reported."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from importer.codes.rows import Code
from importer.errors.base import CountsDiffer, ExitCode, ImporterError, LedgerError
from importer.ledger.entries import Run
from importer.ledger.ledger import Ledger
from importer.records import Outcome
from importer.reporting.issues import IssueGroups
from importer.reporting.reasons import Reasons
from importer.reporting.run_files import write_run_files
from importer.reporting.summary import SourceSummary, Summary, write_summary
from importer.reporting.whole_files import ReportUnwritable
from importer.sending.audit import AuditReport
from importer.sending.road import Road
from importer.sending.sender import LEADS_ONE_BY_ONE, Sender


class ReportLost(ReportUnwritable):
    """The run has ended, but its report has no place."""

    exit_code = ExitCode.STOPPED_EARLY

    def __init__(self, unwritable: ReportUnwritable) -> None:
        ImporterError.__init__(
            self,
            unwritable.sentence,
            "What was imported is safe in the ledger. Free the place, and give the same command again; or write the "
            "files elsewhere with: lsq-import report --out DIR",
        )


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
    trouble: ImporterError | None = None
    """Why it stopped before the end, if it did."""
    audit: AuditReport | None = None
    """What comparing it with the account has shown, if that was done."""
    lost: ReportLost | None = None
    """Why its files are not there, if they are not."""
    groups: IssueGroups = field(default_factory=IssueGroups)
    """What is wrong with its rows, equal faults together, as far as they were read now."""
    reasons: Reasons = field(default_factory=Reasons)
    """Why rows were refused or are in doubt."""
    refused_by_order: bool = False
    """Whether nothing was sent, since rows are invalid and that was asked for."""


def audited(sender: Sender, road: Road, ledger: Ledger, run: Run) -> AuditReport | None:
    """Compares a run with what the account holds, and notes in the ledger where they differ.

    Without an import key nothing can be compared: None.
    """
    if not road.keyed:
        return None
    view, book = ledger.view(run), ledger.doubts(run)
    found = sender.audit(road, view.sent(), view.leads(LEADS_ONE_BY_ONE), run.started_at)
    for ordinal, activity_id in found.unexpected.items():
        book.note_there(ordinal, activity_id)
    for ordinal, ids in found.twice.items():
        book.note_duplicate(ordinal, ids)
    return found


@dataclass(frozen=True, slots=True)
class Sent:
    """What sending has come to."""

    seconds: float
    """During which calls were made."""
    trouble: ImporterError | None = None
    """Why it stopped before the end, if it did."""
    asked: ExitCode | None = None
    """The exit code of a run that a signal has stopped."""
    read: int | None = None
    """Rows read, if all were; then the six outcomes must add up to it."""


def close_run(ledger: Ledger, run: Run, sent: Sent, audit: AuditReport | None = None) -> RunEnd:
    """Notes how a run ended and writes its report. If that has no place, all else is done, and the same order goes on
    with the run: it has nothing to send, and writes the report.
    """
    ledger.stretches(run).learn()
    view = ledger.view(run)
    counts = view.counts()
    sound = sent.read in (None, sum(counts.values())) and Code.FOUND_TWICE not in view.codes()
    whole = run.whole or sent.read is not None
    waiting = counts[Outcome.NOT_SENT] - view.codes().get(Code.HELD_BACK, 0)
    exit_code = exit_code_of(counts, sent.trouble, sent.asked, sound=sound, unfinished=bool(waiting) or not whole)
    # Whoever stopped it, the same command goes on with it, even if all that is left to do is to report.
    stopped = sent.trouble is not None or sent.asked is not None
    still_open = bool(counts[Outcome.UNKNOWN] or waiting) or stopped or not whole
    # Open until its report stands: whoever is stopped before that gets it by giving the same command again.
    run = ledger.runs.finish(run, exit_code, sent.seconds, whole=whole, still_open=True)
    try:
        folder, summary = report(ledger, run, run.reports)
    except ReportUnwritable as unwritable:
        lost = ReportLost(unwritable)
        exit_code = exit_code if exit_code in (ExitCode.INTEGRITY, ExitCode.ROWS_UNKNOWN) else lost.exit_code
        run = replace(run, exit_code=exit_code)
        with suppress(LedgerError):  # its disk may be the same; what is told here must be told all the same
            run = ledger.runs.finish(run, exit_code, 0.0, whole=whole, still_open=True)
        summary, folder = _summary_of(ledger, run, [], {}), run.reports / run.id
        return RunEnd(run, summary, folder, sent.trouble, audit, lost, reasons=reasons_of(ledger, run))
    if not still_open:
        run = ledger.runs.close(run)
    return RunEnd(run, summary, folder, sent.trouble, audit, reasons=reasons_of(ledger, run))


def exit_code_of(
    counts: Mapping[Outcome, int],
    trouble: ImporterError | None,
    asked: ExitCode | None,
    *,
    sound: bool,
    unfinished: bool = False,
) -> ExitCode:
    """The exit code of a run; the graver one wins.

    :param sound: the counts add up, and nothing was found twice.
    :param unfinished: rows have not had their turn, or were not even read, though nobody has stopped it just now.
    """
    if not sound or (trouble is not None and trouble.exit_code is ExitCode.INTEGRITY):
        return ExitCode.INTEGRITY
    if counts[Outcome.UNKNOWN]:
        return ExitCode.ROWS_UNKNOWN
    if trouble is not None:
        return ExitCode.STOPPED_EARLY
    if asked:
        return asked
    if unfinished:
        return ExitCode.STOPPED_EARLY
    return ExitCode.ROWS_FAILED if counts[Outcome.INVALID] or counts[Outcome.REJECTED] else ExitCode.OK


def reasons_of(ledger: Ledger, run: Run) -> Reasons:
    """Why rows of a run were refused or are in doubt, from what the ledger says of it."""
    reasons = Reasons()
    for result in ledger.view(run).sent_in_vain():
        reasons.add(result)
    return reasons


def report(ledger: Ledger, run: Run, out: Path) -> tuple[Path, Summary]:
    """Writes the files of a run into its folder below `out`, from what the ledger says of it."""
    view = ledger.view(run)
    folder = out / run.id
    layouts = [(source.place, source.layout) for source in view.sources]
    written = write_run_files(
        folder,
        layouts,
        view.results_alike(),
        view.held((Outcome.INVALID, Outcome.REJECTED)),
        view.held((Outcome.UNKNOWN,)),
        [name for name, _ in run.options["roads"]],
    )
    counted = sum(view.counts().values())
    if written.rows != counted:
        raise CountsDiffer(written.rows, counted)
    return folder, write_summary(folder, _summary_of(ledger, run, written.names, written.digests))


def _summary_of(ledger: Ledger, run: Run, files: Sequence[str], digests: Mapping[str, str]) -> Summary:
    view = ledger.view(run)
    return Summary(
        run_id=run.id,
        mapping=run.mapping,
        sources=tuple(
            SourceSummary(source.place.source, source.sha256, view.rows_of(position))
            for position, source in enumerate(view.sources)
        ),
        account=run.account_label,
        started_at=run.started_at,
        finished_at=run.finished_at or run.started_at,
        counts=view.counts(),
        calls=view.calls(),
        throttled=view.throttled(),
        seconds=run.seconds,
        issues=view.codes(),
        exit_code=run.exit_code,
        files=files,
        digests=digests,
    )
