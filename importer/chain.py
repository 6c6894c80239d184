"""The part of a row's way that needs no ledger and no network: loaded, validated, mapped."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

import numpy as np

from importer.blocks import Cell
from importer.fingerprints import Occurrences
from importer.leadsquared.posting import Posting
from importer.mapping.activities import ActivityMapper, Recognised
from importer.mapping.bound import BoundMapping
from importer.mapping.reading import constant_text
from importer.preparing import PreparedSource
from importer.records import NO_ROAD, Activity, HeldRow, Issue
from importer.stretches import Passage, Remembered
from importer.validation import CheckedBlock, validator_of


@dataclass(frozen=True, slots=True)
class NumberedBlock:
    """A checked block, its place among the rows of all sources, and the source it is from."""

    origin: PreparedSource
    first: int
    """Ordinal of its first row."""
    checked: CheckedBlock

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

    def held_rows(self) -> Iterator[tuple[int, HeldRow]]:
        """Offset and content of every row that is to be corrected."""
        block = self.checked.block
        offsets = np.flatnonzero(~self.checked.good)
        faulty = zip(self.checked.faulty_rows(), block.cells_of(offsets), strict=True)
        for (offset, issues), cells in faulty:
            codes, messages = said_of(issues)
            beyond = block.faults[offset].beyond if offset in block.faults else ()
            yield offset, HeldRow(block.place, issues[0].row, (*cells, *map(Cell, beyond)), codes, messages)


def said_of(issues: Iterable[Issue]) -> tuple[str, str]:
    """Code and Message of a row with these issues: one code each, and as many messages."""
    listed = list(issues)
    if len(listed) == 1:
        return listed[0].code, listed[0].message
    return ";".join(issue.code for issue in listed), " | ".join(issue.message for issue in listed)


def checked_blocks(sources: Iterable[PreparedSource], limit: int | None = None) -> Iterator[NumberedBlock]:
    """Loads and validates all rows of all sources, in order, up to a limit."""
    first = 0
    for origin in sources:
        validator = validator_of(origin.bound, origin.source.blocks)
        for block in origin.source.blocks():
            left = len(block) if limit is None else min(len(block), limit - first)
            if left <= 0:
                return
            yield NumberedBlock(origin, first, validator.check(block.head(left)))
            first += left
            del block  # or it would lie beside the next one while that is made


@dataclass(slots=True)
class ActivityMappers:
    """The mapper of each source: equal rows are counted within a source, and across its blocks."""

    salt: bytes
    scope: bytes
    """What two activities must share to be the same."""
    _mappers: dict[tuple[int, int], ActivityMapper] = field(default_factory=dict)
    _occurrences: dict[int, Occurrences] = field(default_factory=dict)
    """By source: rows that are the same may go different ways."""

    def activities(self, numbered: NumberedBlock) -> list[Activity]:
        """The activities of a block's good rows."""
        return [activity for activities in self.in_parts(numbered) for activity in activities]

    def in_parts(self, numbered: NumberedBlock) -> Iterator[list[Activity]]:
        """The same, some thousands at a time: what is posted for all rows of a block weighs more than they do."""
        checked, bound = numbered.checked, numbered.origin.bound
        ordinals = np.arange(numbered.first, numbered.first + len(checked.block))
        if bound.otherwise is None or checked.otherwise is None:
            mapper = self._mapper(numbered, 0, bound)
            yield from mapper.activities(checked.block, checked.readings, checked.good, ordinals)
            return
        ways = ((0, bound, checked.good & ~checked.otherwise), (1, bound.otherwise, checked.good & checked.otherwise))
        activities = [
            replace(activity, road=road)
            for road, way, rows in ways
            for part in self._mapper(numbered, road, way).activities(checked.block, checked.readings, rows, ordinals)
            for activity in part
        ]
        if activities:
            yield sorted(activities, key=lambda activity: activity.ordinal)

    def beside_passages(
        self, numbered: NumberedBlock, known: Callable[[Sequence[bytes]], Mapping[bytes, Remembered]]
    ) -> tuple[list[Activity], list[Passage]]:
        """The activities of a block's good rows but for those that are there already, as far as whole stretches of rows
        can be recognised; and the stretches, with the rows that are there.

        :param known: gives what is remembered of stretches, by their marks.
        """
        checked, bound = numbered.checked, numbered.origin.bound
        if bound.otherwise is not None:
            return self.activities(numbered), []  # a stretch would have to know which way each of its rows went
        block, readings, rows = checked.block, checked.readings, np.flatnonzero(checked.good)
        ordinals = np.arange(numbered.first, numbered.first + len(block))
        mapper = self._mapper(numbered, 0, bound)
        places = [
            (stretch.mark, slice(*np.searchsorted(rows, (stretch.start, stretch.end)).tolist()))
            for stretch in mapper.stretches(block, readings, checked.good)
        ]
        found = known([mark for mark, _ in places])
        recognised = [Recognised(part.start, found[mark].identities) for mark, part in places if mark in found]
        named = mapper.named(block, readings, rows, recognised)
        there = np.zeros(len(rows), np.bool_)
        for mark, part in places:
            if mark in found:
                # A row that has come before in this very source is another activity than it was then.
                there[part] = found[mark].created & (named.numbers[part] == found[mark].numbers)
        activities = list(chain.from_iterable(mapper.written(readings, named.some(~there), ordinals)))
        leads = mapper.leads(readings, rows) if len(found) < len(places) else []
        passages = [
            Passage(
                mark,
                ordinals[rows[part]],
                block.rows[rows[part]],
                named.identities[part],
                named.numbers[part],
                there[part],
                None if mark in found else leads[part],
            )
            for mark, part in places
            if part.start < part.stop
        ]
        return activities, passages

    def _mapper(self, numbered: NumberedBlock, road: int, way: BoundMapping) -> ActivityMapper:
        position = numbered.origin.position
        occurrences = self._occurrences.setdefault(position, Occurrences())
        mapper = ActivityMapper(way, self.salt, self.scope, occurrences)
        return self._mappers.setdefault((position, road), mapper)


def postings_of(bound: BoundMapping) -> tuple[Posting, ...]:
    """How activities are posted, by their road."""
    return tuple(Posting(way.route, way.search_by) for way in bound.ways)


def scope_of(account: str, run_id: str | None) -> bytes:
    """The account, and the run too when rows that are there already are wanted once more."""
    return f"{account}|{run_id or ''}".encode()


def any_invalid(sources: list[PreparedSource], limit: int | None, stopping: Callable[[], bool] = lambda: False) -> bool:
    """Whether a row of all sources, up to the limit, is invalid; reads them all if none is, unless it is to stop."""
    return any(numbered.checked.issues or stopping() for numbered in checked_blocks(sources, limit))
