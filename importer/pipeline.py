"""The way of a row: loaded, validated, mapped, planned, sent, reported. This is the one place where the stages meet."""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from operator import attrgetter
from typing import Any, Final

from importer.closing import Halt, RunEnd, Sent, audited, close_run
from importer.codes.rows import Code
from importer.given_paths import here
from importer.ledger.entries import Account, NewRow, PlannedRow, RunOrder, SourceEntry
from importer.ledger.journal import Journal
from importer.ledger.ledger import Ledger
from importer.ledger.planning import plan_block
from importer.ledger.stretches import StretchBook
from importer.made_otherwise import sources_now
from importer.preparing.chain import ActivityMappers, any_invalid, loaded_blocks, postings_of, scope_of
from importer.preparing.sources import ImportOrder, PreparedSource
from importer.recognition.recogniser import NoMemory, PartlyKnown, Recogniser
from importer.records import Activity, HeldRow, Issue, Outcome
from importer.reporting.issues import IssueGroups
from importer.reporting.whole_files import new_folder
from importer.sending.chunker import Cells, chunks
from importer.sending.road import Road
from importer.sending.sender import Sender
from importer.sending.stops import Unreachable
from importer.sending.watching import Watcher

SECONDS_AFTER_SIGNAL: Final = 3.0
"""How long a stopped run goes on reading, so that its report covers as much of the source as can be."""


def run_import(
    order: ImportOrder, sources: list[PreparedSource], ledger: Ledger, account: Account, sender: Sender, halt: Halt
) -> RunEnd:
    """Imports the prepared sources: the stages in order, with the ledger and the sender handed in.

    Whatever happens while sending, the run ends with a report on every row that was read.

    :raises LedgerError: the ledger can't be written; nothing more was sent after that.
    :raises ReportUnwritable: the report can have no place; nothing was sent.
    """
    run, continued = ledger.runs.begin(run_order(order, sources, account))
    new_folder(run.reports / run.id)  # a place that can't be written shows before anything is sent
    journal, book, road = ledger.journal(run), ledger.doubts(run), road_of(sources)
    mappers = ActivityMappers(ledger.salt, scope_of(account.id, run.id if order.allow_duplicates else None))
    dispatcher = sender.dispatcher(road, journal, book, journal.last_chunk() + 1)
    sizes = [posting.route.rows_per_call for posting in road.postings]
    if continued:
        sender.take_up(dispatcher, book, journal.created_ids())

    def doubted_before(activities: Sequence[Activity]) -> None:
        queued = book.queued_before(activities)
        for call in queued.values():
            dispatcher.ask_about(call)
        looked_up = ((activity, tuple) for activity in activities if activity.key not in queued)
        for chunk in chunks(looked_up, sizes):
            dispatcher.doubt(sender.doubt_of(book.of_earlier_runs(chunk.activities)))

    nothing = order.stop_on_invalid and any_invalid(sources, order.limit, sender.stopping)
    waiting = Code.HELD_BACK if nothing else Code.RUN_STOPPED
    stretches = ledger.stretches(run)
    # Of a run that goes on, this very run may have created what is remembered: each row is looked at by itself.
    recogniser = Recogniser(mappers, NoMemory() if continued or order.allow_duplicates else stretches)
    # What is sent whatever was there is no measure for later runs.
    remembered = None if order.allow_duplicates else stretches
    feed = _Feed(
        ledger=ledger,
        journal=journal,
        recogniser=recogniser,
        remembered=remembered,
        watcher=sender.watcher,
        sources=sources,
        limit=order.limit,
        continued=continued,
        waiting=waiting,
        doubted_before=doubted_before,
    )
    trouble = dispatcher.send(iter(()) if nothing else chunks(feed.rows, sizes))
    feed.finish(halt, sender.lane.now)
    audit = None
    if dispatcher.anything_in_doubt and not (halt.asked or isinstance(trouble, Unreachable)):
        audit = audited(sender, road, ledger, run)
    sent = Sent(dispatcher.traffic.seconds, trouble, halt.asked, feed.read if feed.whole else None)
    return replace(close_run(ledger, run, sent, audit), refused_by_order=nothing, groups=feed.groups)


def road_of(sources: list[PreparedSource]) -> Road:
    """The road of a mapping; it is the same for all its sources."""
    bound = sources[0].bound
    return Road(postings_of(bound), bound.event, bound.import_key is not None)


def run_order(order: ImportOrder, sources: list[PreparedSource], account: Account) -> RunOrder:
    """What a run is asked to do, as the ledger keeps it; the same command on the same files is the same order."""
    reading = order.how_to_read
    options: dict[str, Any] = {
        "sources": list(order.sources),
        "mapping": order.document.path,
        "sheet": reading.sheet,
        "header_row": reading.header_row,
        "encoding": reading.encoding,
        "delimiter": reading.delimiter,
        **({"quote_char": reading.quote_char} if reading.quote_char else {}),  # runs of earlier versions don't name it
        "limit": order.limit,
        "stop_on_invalid": order.stop_on_invalid,
        "allow_duplicates": order.allow_duplicates,
        "sandbox": order.sandbox,
        "sha256": [source.file.sha256 for source in sources],
        "mapping_sha256": order.document.sha256,
    }
    means_the_same = {name: value for name, value in options.items() if name not in ("sources", "mapping", "sandbox")}
    means_the_same["account"] = account.id
    signature = hashlib.sha256(json.dumps(means_the_same, sort_keys=True).encode()).hexdigest()
    options |= road_of(sources).as_options()
    options |= {"meanings": [each.told for each in sources_now(order, sources)]}
    options["given_in"] = order.given_in or here()
    return RunOrder(account, signature, order.document.name, options, str(order.out))


def _bad(ordinal: int, held: HeldRow, lead: str, road: int = 0) -> PlannedRow:
    """What is noted of a bad row that no passage tells of."""
    return PlannedRow(
        ordinal=ordinal,
        row=held.row,
        outcome=Outcome.INVALID,
        lead=lead,
        code=held.code,
        message=held.message,
        cells=held.cells,
        road=road,
    )


@dataclass(slots=True)
class _Feed:
    """Plans block after block, as fast as the sender asks for rows."""

    ledger: Ledger
    journal: Journal
    recogniser: Recogniser
    remembered: StretchBook | None
    """Where what it meets is remembered for later runs."""
    watcher: Watcher
    sources: list[PreparedSource]
    limit: int | None
    continued: bool
    waiting: Code
    """What rows bear that were not sent in the end."""
    doubted_before: Callable[[Sequence[Activity]], None]
    """Is given the rows that an earlier run has left in doubt."""
    rows: Iterator[tuple[Activity, Cells]] = field(init=False)
    """What is to be sent, with the cells it came from."""
    read: int = 0
    """Rows read so far."""
    whole: bool = False
    """Whether all rows were read."""
    groups: IssueGroups = field(default_factory=IssueGroups)
    """What is wrong with rows, equal faults together."""
    _noted: int = 0

    def __post_init__(self) -> None:
        self.rows = self._walk()

    def _walk(self) -> Iterator[tuple[Activity, Cells]]:
        """Notes and plans the rows, and yields those to be sent."""
        for loaded in loaded_blocks(self.sources, self.limit):
            self._note_sources(loaded.origin.position, int(loaded.ordinals[0]))
            looked_at, rows = self.recogniser.look_at(loaded), len(loaded.block)
            del loaded  # most of its rows may be known
            to_send = self._plan(looked_at)
            self.read += rows
            self.watcher.planned(rows, len(to_send))
            block = looked_at.others.checked.block
            for activity, offset in zip(to_send, looked_at.others.offsets(to_send), strict=True):
                yield activity, partial(block.cells, offset)
            del looked_at, to_send, block  # or they would lie beside the next ones while those are made
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

    def _plan(self, looked_at: PartlyKnown) -> Sequence[Activity]:
        numbered, activities = looked_at.others, looked_at.activities
        block, ordinals = numbered.checked.block, numbered.ordinals
        done = self.journal.outcomes(int(ordinals[0]), int(ordinals[-1])) if self.continued else {}
        invalid = [
            _bad(int(ordinals[offset]), held, numbered.lead(offset), numbered.road(offset))
            for offset, held in looked_at.held
        ]
        told = []
        for passage in looked_at.passages:
            has_lines = not done.keys().isdisjoint(range(passage.first, passage.last + 1))
            if self.remembered is None or has_lines:
                rows = zip(passage.bad_ordinals.tolist(), passage.held_rows(block.place), strict=True)
                invalid += [_bad(ordinal, held, bad.lead) for ordinal, (bad, held) in rows]
            else:
                told.append(passage)
        if self.remembered is not None:
            self.remembered.note(told)
        self._group(looked_at)
        good = [
            NewRow(int(block.rows[offset]), activity, partial(block.cells, offset))
            for activity, offset in zip(activities, numbered.offsets(activities), strict=True)
        ]
        planned = plan_block(self.journal, invalid, good, self.waiting, done)
        self.doubted_before(planned.in_doubt)
        return planned.to_send

    def _group(self, looked_at: PartlyKnown) -> None:
        """Counts what is wrong: what was found now, and what is remembered, in the order of rows."""
        place = looked_at.others.checked.block.place
        issues = list(looked_at.others.checked.issues)
        for passage in looked_at.passages:
            if passage.bad_known:
                for row, bad in zip(passage.bad_rows.tolist(), passage.bad, strict=True):
                    issues += [Issue(place, row, *words) for words in bad.issues]
        for issue in sorted(issues, key=attrgetter("row")):
            self.groups.add(issue)

    def finish(self, halt: Halt, clock: Callable[[], float]) -> None:
        """Reads and plans what the sender left, so that the report covers the whole source; after a signal, briefly."""
        until = clock() + SECONDS_AFTER_SIGNAL
        for _ in self.rows:
            if halt.asked and clock() > until:
                break
        self._note_sources(len(self.sources) - 1, self.read)
