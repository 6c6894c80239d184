"""Everything before sending, for all rows: `validate` reports the issues, a dry run the exact calls as well."""

import secrets
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from importer.codes.rows import Code
from importer.errors.base import ExitCode
from importer.ledger.entries import ActivityState, Known
from importer.preparing.chain import ActivityMappers, NumberedBlock, any_invalid, checked_blocks, postings_of
from importer.preparing.sources import ImportOrder, PreparedSource
from importer.records import Activity, Outcome, ResultsAlike, RowResult
from importer.reporting.issues import IssueGroups, IssuesFile
from importer.reporting.results import ResultsFile
from importer.reporting.summary import SourceSummary, Summary, write_summary
from importer.reporting.to_fix import TO_FIX, HeldFiles
from importer.reporting.whole_files import ReportUnwritable, new_folder, whole_file
from importer.sending.chunker import Cells, chunks

PAYLOADS: Final = "payloads.jsonl"


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What a rehearsal found."""

    summary: Summary
    folder: Path
    """Where its files are."""
    groups: IssueGroups
    """The issues of all rows, equal ones together."""
    refused: bool = False
    """Whether nothing would be sent, since rows are invalid and that was asked for."""
    unwritten: ReportUnwritable | None = None
    """Why its files are not there, if they are not."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What a dry run knows of earlier imports."""

    salt: bytes
    scope: bytes
    account: str
    """For people."""
    known: Callable[[Sequence[bytes]], dict[bytes, Known]]


def validate(order: ImportOrder, sources: list[PreparedSource], now: Callable[[], datetime]) -> Rehearsed:
    """Reads and checks all rows; writes issues.csv, the to-fix files and summary.json.

    What is wrong with rows is known without any file: if those can't be written, all the rest is told.
    """
    try:
        return _validate_into_files(_Tally.begin(order, sources, "validate", now))
    except ReportUnwritable as unwritable:
        tally = _Tally.begin(order, sources, "validate", now)
        for numbered in checked_blocks(sources, order.limit):
            tally.count(numbered)
            tally.outcomes[Outcome.NOT_SENT] += int(numbered.checked.good.sum())
            del numbered  # or it would lie beside the next one while that is made
        return Rehearsed(tally.summary("", []), tally.folder, tally.groups, unwritten=unwritable)


def _validate_into_files(tally: "_Tally") -> Rehearsed:
    new_folder(tally.folder)
    with ExitStack() as files:
        issues = files.enter_context(IssuesFile.in_folder(tally.folder))
        to_fix = files.enter_context(tally.to_fix())
        for numbered in checked_blocks(tally.sources, tally.order.limit):
            tally.count(numbered)
            for issue in numbered.checked.issues:
                issues.add(issue)
            for _, held, _ in numbered.held_rows():
                to_fix.add(held)
            tally.outcomes[Outcome.NOT_SENT] += int(numbered.checked.good.sum())
            del numbered  # or it would lie beside the next one while that is made
    return tally.rehearsed("", [*issues.written, *to_fix.written])


def dry_run(
    order: ImportOrder, sources: list[PreparedSource], memory: Memory, now: Callable[[], datetime]
) -> Rehearsed:
    """Does all that a run does but sending; writes payloads.jsonl besides results.csv and the to-fix files."""
    tally = _Tally.begin(order, sources, "dry-run", now)
    new_folder(tally.folder)
    postings = postings_of(sources[0].bound)
    refused = order.stop_on_invalid and any_invalid(sources, order.limit)
    names: list[str] = []
    with ExitStack() as files:
        results = files.enter_context(ResultsFile.in_folder(tally.folder, [posting.route.name for posting in postings]))
        to_fix = files.enter_context(tally.to_fix())
        payloads = files.enter_context(whole_file(tally.folder / PAYLOADS, names))
        if len(sources) > 1:
            memory = _remembering(memory)
        rows = _foreseen_activities(checked_blocks(sources, order.limit), memory, tally, results, to_fix)
        for chunk in chunks(rows, [posting.route.rows_per_call for posting in postings]):
            if not refused:
                posting = postings[chunk.road]
                call = posting.call([activity.body for activity in chunk.activities])
                payloads.write(call.as_json_line(posting.route.base_path))
    return replace(tally.rehearsed(memory.account, [*results.written, *to_fix.written, *names]), refused=refused)


def _remembering(memory: Memory) -> Memory:
    """A memory that knows the rows of earlier sources as well: they will have been sent when later ones are."""
    sent: set[bytes] = set()
    there = Known(ActivityState.CREATED, "", 0, 0)

    def known(keys: Sequence[bytes]) -> dict[bytes, Known]:
        found = memory.known(keys)
        # What a stopped run has left planned is sent with the first source that has it, like a row nobody knows.
        waiting = (key for key in keys if key not in found or found[key].state is ActivityState.PLANNED)
        found |= {key: there for key in waiting if key in sent}
        sent.update(keys)
        return found

    return replace(memory, known=known)


def _foreseen_activities(
    blocks: Iterator[NumberedBlock], memory: Memory, tally: "_Tally", results: ResultsFile, to_fix: HeldFiles
) -> Iterator[tuple[Activity, Cells]]:
    """Reports the rows of block after block, and yields what a run would send of them."""
    mappers = ActivityMappers(memory.salt, memory.scope)
    for numbered in blocks:
        tally.count(numbered)
        held: dict[int, RowResult] = {}
        for offset, row, _ in numbered.held_rows():
            to_fix.add(row)
            held[offset] = RowResult(
                row.place,
                row.row,
                Outcome.INVALID,
                lead=numbered.lead(offset),
                code=row.code,
                message=row.message,
                road=numbered.road(offset),
            )
        for activities in mappers.in_parts(numbered):
            known = memory.known([activity.key for activity in activities])
            offsets = numbered.offsets(activities)
            there = {
                offset: _foreseen(numbered, offset, activity, known.get(activity.key))
                for offset, activity in zip(offsets, activities, strict=True)
                if activity.key in known or activity.road
            }
            _list_rows(results, numbered, activities, offsets, held, there)
            for result in there.values():
                tally.outcomes[result.outcome] += 1
                if result.outcome is not Outcome.NOT_SENT:
                    tally.codes[result.code] += 1
            tally.outcomes[Outcome.NOT_SENT] += len(activities) - len(there)
            for offset, activity in zip(offsets, activities, strict=True):
                if offset not in there or there[offset].outcome is Outcome.NOT_SENT:
                    yield activity, tuple
            del activities, activity, known, there  # or they would lie beside the next ones while those are made
        for offset in sorted(held):
            results.add(held[offset])
        del numbered  # or it would lie beside the next one while that is made


def _list_rows(
    results: ResultsFile,
    numbered: NumberedBlock,
    activities: list[Activity],
    offsets: list[int],
    held: dict[int, RowResult],
    there: dict[int, RowResult],
) -> None:
    """Lists rows up to the last of these activities: those of them that would be sent, and in their places the others.

    :param offsets: of the activities.
    :param held: rows that were not listed yet; those that are now are taken out.
    """
    block = numbered.checked.block
    rows, leads = block.rows[offsets].tolist(), [activity.lead for activity in activities]
    new = RowResult(block.place, 0, Outcome.NOT_SENT, code=Code.DRY_RUN)
    others = there | {offset: held.pop(offset) for offset in list(held) if offset < offsets[-1]}
    listed = 0
    for offset in sorted(others):
        place = bisect_left(offsets, offset)
        results.add_alike(ResultsAlike(new, rows[listed:place], leads[listed:place]))
        results.add(others[offset])
        listed = place + (offset in there)
    results.add_alike(ResultsAlike(new, rows[listed:], leads[listed:]))


def _foreseen(numbered: NumberedBlock, offset: int, activity: Activity, known: Known | None) -> RowResult:
    """What a run would make of a good row that it knows from before, or that goes another way than most."""
    outcome, code = Outcome.NOT_SENT, Code.DRY_RUN
    if known is not None and known.state is ActivityState.CREATED:
        outcome, code = Outcome.DUPLICATE, Code.ALREADY_IMPORTED
    elif known is not None and known.state is not ActivityState.PLANNED:
        outcome, code = Outcome.UNKNOWN, Code.IN_DOUBT_BEFORE
    block = numbered.checked.block
    return RowResult(
        place=block.place,
        row=int(block.rows[offset]),
        outcome=outcome,
        activity_id=known.activity_id if known else "",
        lead=activity.lead,
        code=code,
        road=activity.road,
    )


@dataclass(slots=True)
class _Tally:
    """Counts a rehearsal and knows where its files go."""

    order: ImportOrder
    sources: list[PreparedSource]
    now: Callable[[], datetime]
    run_id: str
    started_at: datetime
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    rows: Counter[int] = field(default_factory=Counter)
    """Rows read of each source, by its position."""
    groups: IssueGroups = field(default_factory=IssueGroups)

    @classmethod
    def begin(
        cls, order: ImportOrder, sources: list[PreparedSource], kind: str, now: Callable[[], datetime]
    ) -> "_Tally":
        started = now()
        return cls(order, sources, now, f"{started:%Y%m%d-%H%M%S}-{kind}-{secrets.token_hex(2)}", started)

    @property
    def folder(self) -> Path:
        return self.order.out / self.run_id

    def to_fix(self) -> HeldFiles:
        layouts = [(prepared.source.place, prepared.source.layout) for prepared in self.sources]
        return HeldFiles(self.folder, TO_FIX, layouts)

    def count(self, numbered: NumberedBlock) -> None:
        checked = numbered.checked
        self.rows[numbered.origin.position] += len(checked.block)
        self.outcomes[Outcome.INVALID] += int((~checked.good).sum())
        for issue in checked.issues:
            self.groups.add(issue)

    def rehearsed(self, account: str, files: list[str]) -> Rehearsed:
        """What was found, and the last of its files."""
        return Rehearsed(write_summary(self.folder, self.summary(account, files)), self.folder, self.groups)

    def summary(self, account: str, files: list[str]) -> Summary:
        """What was counted."""
        exit_code = ExitCode.ROWS_FAILED if self.outcomes[Outcome.INVALID] else ExitCode.OK
        if self.outcomes[Outcome.UNKNOWN]:
            exit_code = ExitCode.ROWS_UNKNOWN
        codes = Counter(self.groups.codes()) + self.codes
        return Summary(
            run_id=self.run_id,
            mapping=self.order.document.name,
            sources=tuple(
                SourceSummary(prepared.file.label, prepared.file.sha256, self.rows[prepared.position])
                for prepared in self.sources
            ),
            account=account,
            started_at=self.started_at,
            finished_at=self.now(),
            counts=self.outcomes,
            calls=0,
            throttled=0,
            seconds=0.0,
            issues=dict(sorted(codes.items())),
            exit_code=exit_code,
            files=files,
        )
