"""What of a block is there already: whole stretches of its rows are recognised by their cells, and need no checking.

What becomes of a row follows from its cells, the mapping and this program, and from what the source holds elsewhere:
rows that are alike are numbered, and a rule may want a value to be unique. The first three are told by a stretch's
mark; so a row is numbered whether it is recognised or not, and rows that repeat such a value are never recognised.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from importer.blocks import Flags, RowNumbers
from importer.chain import ActivityMappers, LoadedBlock, NumberedBlock
from importer.fingerprints import KEY_BYTES, Identities, keyed_digest
from importer.mapping.activities import NamedRows
from importer.mapping.meaning import meaning_of
from importer.recognition.passages import Passage, Remembered
from importer.recognition.stretches import Stretch, cut
from importer.records import Activity

Known: TypeAlias = Sequence[tuple[Stretch, Remembered]]


@dataclass(frozen=True, slots=True)
class PartlyKnown:
    """A block, without the rows that an earlier run is known to have created."""

    others: NumberedBlock
    """All other rows, checked: bad ones, and those that have to be looked at one by one."""
    activities: list[Activity]
    """Those of their good rows."""
    passages: list[Passage] = field(default_factory=list)
    """The stretches of the block, as far as they are worth remembering."""


@dataclass(slots=True)
class Recogniser:
    """Looks at the blocks of a run, in order."""

    mappers: ActivityMappers
    known: Callable[[Sequence[bytes]], Mapping[bytes, Remembered]]
    """Gives what is remembered of stretches, by their marks."""
    _common: dict[int, bytes] = field(default_factory=dict)
    """By source: what its marks begin with."""

    def look_at(self, loaded: LoadedBlock) -> PartlyKnown:
        """Recognises what can be recognised, and has the rest checked and mapped."""
        if loaded.origin.bound.otherwise is not None:
            # A stretch would have to know which way each of its rows went.
            numbered = loaded.checked()
            return PartlyKnown(numbered, self.mappers.activities(numbered))
        stretches = self._stretches(loaded)
        found = self.known([stretch.mark for stretch in stretches])
        known: Known = [(stretch, found[stretch.mark]) for stretch in stretches if stretch.mark in found]
        rows = _Rows.of(loaded, known)
        others = loaded.only(~rows.there).checked()
        if not rows.are_as_good_as(known, others):
            # Something has a say in what is a good row that no mark tells of. Nothing is lost: all rows are checked.
            rows, stretches, known = _Rows.of(loaded, ()), [each for each in stretches if each.mark not in found], ()
            others = loaded.checked()
            rows.are_as_good_as(known, others)
        return self._named(loaded, stretches, known, rows, others)

    def _named(
        self, loaded: LoadedBlock, stretches: list[Stretch], known: Known, rows: "_Rows", others: NumberedBlock
    ) -> PartlyKnown:
        mapper, readings = self.mappers.mapper(loaded.origin), others.checked.readings
        good = np.flatnonzero(others.checked.good)
        rows.identities[rows.good & ~rows.there] = mapper.identities(others.checked.block, readings, good)
        numbers = np.zeros_like(rows.numbers)
        numbers[rows.good] = mapper.numbers(rows.identities[rows.good])
        moved = rows.there & (numbers != rows.numbers)
        if moved.any():
            # A row that has come before in this very source is another activity than it was then.
            rows.there &= ~moved
            others = loaded.only(~rows.there).checked()
            readings, good = others.checked.readings, np.flatnonzero(others.checked.good)
        sent = rows.good & ~rows.there
        named = NamedRows(good, rows.identities[sent], numbers[sent])
        activities = list(chain.from_iterable(mapper.written(readings, named, others.ordinals)))
        leads = np.full(len(loaded.block), None, object)
        if len(known) < len(stretches):
            leads[sent] = mapper.leads(readings, good)
        rows.numbers = numbers
        marks = {stretch.mark for stretch, _ in known}
        passages = (rows.passage(each, loaded, None if each.mark in marks else leads) for each in stretches)
        return PartlyKnown(others, activities, [passage for passage in passages if len(passage.ordinals)])

    def _stretches(self, loaded: LoadedBlock) -> list[Stretch]:
        block = loaded.block
        unreadable = np.zeros(len(block), np.bool_)
        unreadable[list(block.faults)] = True
        columns = [block.columns[position] for position in sorted(loaded.origin.bound.used_positions)]
        stretches = cut(columns, unreadable, self.mappers.salt, self._common_of(loaded))
        repeated = loaded.checks.repeated(block)
        if repeated is None:
            return stretches
        return [stretch for stretch in stretches if not repeated[stretch.rows].any()]

    def _common_of(self, loaded: LoadedBlock) -> bytes:
        origin = loaded.origin
        if origin.position not in self._common:
            parts = b"cells", self.mappers.scope, meaning_of(origin.bound)
            self._common[origin.position] = keyed_digest(self.mappers.salt, *parts)
        return self._common[origin.position]


@dataclass(slots=True)
class _Rows:
    """What is known of all rows of a block."""

    good: Flags
    there: Flags
    identities: Identities
    numbers: RowNumbers
    """Of good rows: which of their equals they are; at first, which they were."""

    @classmethod
    def of(cls, loaded: LoadedBlock, known: Known) -> "_Rows":
        count = len(loaded.block)
        flags, more_flags = np.zeros(count, np.bool_), np.zeros(count, np.bool_)
        rows = cls(flags, more_flags, np.zeros((count, KEY_BYTES), np.uint8), np.zeros(count, np.int64))
        for stretch, remembered in known:
            places = np.flatnonzero(remembered.good) + stretch.start
            rows.there[places] = remembered.created
            rows.identities[places] = remembered.identities
            rows.numbers[places] = remembered.numbers
        return rows

    def are_as_good_as(self, known: Known, others: NumberedBlock) -> bool:
        """Takes over which rows are good; whether it is those that were good in stretches that are known."""
        self.good = self.there.copy()
        self.good[~self.there] = others.checked.good
        return all(np.array_equal(self.good[stretch.rows], remembered.good) for stretch, remembered in known)

    def passage(self, stretch: Stretch, loaded: LoadedBlock, leads: npt.NDArray[np.object_] | None) -> Passage:
        """Where a stretch stands in this run.

        :param leads: of all rows of the block; None if the ledger knows the stretch.
        """
        good = self.good[stretch.rows]
        places = np.flatnonzero(good) + stretch.start
        return Passage(
            mark=stretch.mark,
            good=good,
            ordinals=loaded.ordinals[places],
            rows=loaded.block.rows[places],
            identities=self.identities[places],
            numbers=self.numbers[places],
            there=self.there[places],
            leads=None if leads is None else leads[places].tolist(),
        )
