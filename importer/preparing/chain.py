"""The part of a row's way that needs no ledger and no network: loaded, validated, mapped."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np

from importer.blocks import Block, Cell, Flags, RowNumbers
from importer.fingerprints import Occurrences
from importer.leadsquared.posting import Posting
from importer.mapping.activities import ActivityMapper
from importer.mapping.bound import BoundMapping
from importer.mapping.reading import constant_text
from importer.preparing.sources import PreparedSource
from importer.records import NO_ROAD, Activity, HeldRow, Issue
from importer.validation import CheckedBlock, Checks, validator_of


@dataclass(frozen=True, slots=True)
class NumberedBlock:
    """A checked block, the places of its rows among those of all sources, and the source it is from."""

    origin: PreparedSource
    ordinals: RowNumbers
    """Of its rows; growing."""
    checked: CheckedBlock

    def offsets(self, activities: Sequence[Activity]) -> list[int]:
        """Where in the block the rows of these activities stand."""
        offsets: list[int] = np.searchsorted(self.ordinals, [activity.ordinal for activity in activities]).tolist()
        return offsets

    def lead(self, offset: int) -> str:
        """The lead that a row names, right or wrong."""
        value = self._way(offset).lead
        if value.constant:
            return constant_text(value) or ""
        return str(self.checked.readings[value.address].text[offset].as_py() or "")

    def road(self, offset: int) -> int:
        """Which of the mapping's roads a row takes: 1 for the second, if it lacks the key of the first; or NO_ROAD."""
        if self.checked.leadless is not None and self.checked.leadless[offset]:
            return NO_ROAD
        return 0 if self.checked.otherwise is None else int(self.checked.otherwise[offset])

    def _way(self, offset: int) -> BoundMapping:
        bound = self.origin.bound
        return bound.otherwise if bound.otherwise and self.road(offset) else bound

    def held_rows(self) -> Iterator[tuple[int, HeldRow, tuple[Issue, ...]]]:
        """Offset and content of every row that is to be corrected, and what is wrong with it."""
        block = self.checked.block
        offsets = np.flatnonzero(~self.checked.good)
        faulty = zip(self.checked.faulty_rows(), block.cells_of(offsets), strict=True)
        for (offset, issues), cells in faulty:
            codes, messages = said_of(issues)
            beyond = block.faults[offset].beyond if offset in block.faults else ()
            yield offset, HeldRow(block.place, issues[0].row, (*cells, *map(Cell, beyond)), codes, messages), issues


def said_of(issues: Iterable[Issue]) -> tuple[str, str]:
    """Code and Message of a row with these issues: one code each, and as many messages."""
    listed = list(issues)
    if len(listed) == 1:
        return listed[0].code, listed[0].message
    return ";".join(issue.code for issue in listed), " | ".join(issue.message for issue in listed)


@dataclass(frozen=True, slots=True)
class LoadedBlock:
    """A block, the places of its rows among those of all sources, and what is to be asked of them."""

    origin: PreparedSource
    ordinals: RowNumbers
    """Of its rows; growing."""
    block: Block
    checks: Checks

    def checked(self) -> NumberedBlock:
        """Checks its rows."""
        return NumberedBlock(self.origin, self.ordinals, self.checks.check(self.block))

    def only(self, which: Flags) -> "LoadedBlock":
        """Some of its rows."""
        return replace(self, ordinals=self.ordinals[which], block=self.block.only(which))


def loaded_blocks(sources: Iterable[PreparedSource], limit: int | None = None) -> Iterator[LoadedBlock]:
    """Loads all rows of all sources, in order, up to a limit."""
    before = 0
    for origin in sources:
        checks = validator_of(origin.bound, origin.source.blocks)
        read = 0
        for block in origin.source.blocks():
            if limit is not None and before + read >= limit:
                return
            if not len(block):
                continue
            left = len(block) if limit is None else min(len(block), limit - before - read)
            yield LoadedBlock(origin, before + block.places[:left], block.head(left), checks)
            read += left
            del block  # or it would lie beside the next one while that is made
        before += read


def checked_blocks(sources: Iterable[PreparedSource], limit: int | None = None) -> Iterator[NumberedBlock]:
    """Loads and validates all rows of all sources, in order, up to a limit."""
    for loaded in loaded_blocks(sources, limit):
        yield loaded.checked()
        del loaded  # or it would lie beside the next one while that is made


@dataclass(slots=True)
class ActivityMappers:
    """The mapper of each source: equal rows are counted within a source, and across its blocks."""

    salt: bytes
    scope: bytes
    """What two activities must share to be the same."""
    _mappers: dict[tuple[int, int], ActivityMapper] = field(default_factory=dict)
    _occurrences: defaultdict[int, Occurrences] = field(default_factory=lambda: defaultdict(Occurrences))
    """By source: rows that are the same may go different ways."""

    def activities(self, numbered: NumberedBlock) -> list[Activity]:
        """The activities of a block's good rows."""
        return [activity for activities in self.in_parts(numbered) for activity in activities]

    def in_parts(self, numbered: NumberedBlock) -> Iterator[list[Activity]]:
        """The same, some thousands at a time: what is posted for all rows of a block weighs more than they do."""
        checked, bound, ordinals = numbered.checked, numbered.origin.bound, numbered.ordinals
        if bound.otherwise is None or checked.otherwise is None:
            yield from self.mapper(numbered.origin).activities(checked.block, checked.readings, checked.good, ordinals)
            return
        mapper = partial(self._mapper, numbered.origin)
        ways = ((0, bound, checked.good & ~checked.otherwise), (1, bound.otherwise, checked.good & checked.otherwise))
        activities = [
            replace(activity, road=road)
            for road, way, rows in ways
            for part in mapper(road, way).activities(checked.block, checked.readings, rows, ordinals)
            for activity in part
        ]
        if activities:
            yield sorted(activities, key=lambda activity: activity.ordinal)

    def mapper(self, origin: PreparedSource) -> ActivityMapper:
        """The mapper of a source by the first of its ways."""
        return self._mapper(origin, 0, origin.bound)

    def _mapper(self, origin: PreparedSource, road: int, way: BoundMapping) -> ActivityMapper:
        if (origin.position, road) not in self._mappers:
            occurrences = self._occurrences[origin.position]
            self._mappers[origin.position, road] = ActivityMapper(way, self.salt, self.scope, occurrences)
        return self._mappers[origin.position, road]


def postings_of(bound: BoundMapping) -> tuple[Posting, ...]:
    """How activities are posted, by their road."""
    return tuple(Posting(way.route, way.search_by) for way in bound.ways)


def scope_of(account: str, run_id: str | None) -> bytes:
    """The account, and the run too when rows that are there already are wanted once more."""
    return f"{account}|{run_id or ''}".encode()


def any_invalid(sources: list[PreparedSource], limit: int | None, stopping: Callable[[], bool] = lambda: False) -> bool:
    """Whether a row of all sources, up to the limit, is invalid; reads them all if none is.

    Once it is to stop it reads no further, and has found none: who stops sends nothing anyway.
    """
    for numbered in checked_blocks(sources, limit):
        if numbered.checked.issues:
            return True
        if stopping():
            return False
    return False
