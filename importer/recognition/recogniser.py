"""What of a block is known already: whole stretches of its rows are recognised by their cells, and need no checking.

What becomes of a row follows from its cells, the mapping and this program, and from what the source holds elsewhere:
rows that are alike are numbered, and a rule may want a value to be unique. The first three are told by a stretch's
mark. So a row is numbered whether it is recognised or not, and rows that repeat such a value are never recognised.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from importer.blocks import Flags, RowNumbers
from importer.fingerprints import KEY_BYTES, Identities, keyed_digest
from importer.mapping.activities import NamedRows
from importer.mapping.meaning import meaning_of
from importer.passages import BadRow, Passage, Remembered
from importer.preparing.chain import ActivityMappers, LoadedBlock, NumberedBlock
from importer.preparing.sources import PreparedSource
from importer.recognition.stretches import USUAL, Around, Lengths, Stretch, cut
from importer.records import Activity, HeldRow

Known: TypeAlias = Mapping[bytes, Remembered]
"""What is remembered of stretches, by their marks."""

KnownBad: TypeAlias = Mapping[bytes, Sequence[BadRow]]
"""Their bad rows, by the marks of all that stands in them: a file to correct shows what no mapping uses as well."""


class Memory(Protocol):
    """What earlier runs have left."""

    def known(self, marks: Sequence[bytes]) -> Known:
        """What is remembered of stretches with these marks."""

    def known_bad(self, wholes: Sequence[bytes]) -> KnownBad:
        """What is remembered of their bad rows."""


class NoMemory:
    """For who is to look at each row by itself."""

    def known(self, _: Sequence[bytes]) -> Known:
        """Nothing."""
        return {}

    def known_bad(self, _: Sequence[bytes]) -> KnownBad:
        """Nothing."""
        return {}


@dataclass(frozen=True, slots=True)
class PartlyKnown:
    """A block of which some rows may have been recognised: those that an earlier run has created, and bad ones."""

    others: NumberedBlock
    """All other rows, checked."""
    activities: list[Activity]
    """Those of their good rows."""
    held: list[tuple[int, HeldRow]]
    """Those of their bad rows that are in no passage, and where in `others` they stand."""
    passages: list[Passage] = field(default_factory=list)
    """The stretches of the block that are worth remembering, or are remembered."""


@dataclass(slots=True)
class Recogniser:
    """Looks at the blocks of a run, in order."""

    mappers: ActivityMappers
    memory: Memory
    lengths: Lengths = USUAL
    _arounds: dict[int, Around] = field(default_factory=dict)
    """By source."""

    def look_at(self, loaded: LoadedBlock) -> PartlyKnown:
        """Recognises what can be recognised, and has the rest checked and mapped."""
        if loaded.origin.bound.otherwise is not None:
            # A stretch would have to know which way each of its rows went.
            numbered = loaded.checked()
            held = [(offset, row) for offset, row, _ in numbered.held_rows()]
            return PartlyKnown(numbered, self.mappers.activities(numbered), held)
        stretches = self._stretches(loaded)
        known = self.memory.known([stretch.mark for stretch in stretches])
        known_bad = self.memory.known_bad([stretch.whole for stretch in stretches])
        rows = _Rows.of(loaded, stretches, known, known_bad)
        if not rows.are_as_they_were(stretches, known):
            # Something has a say in what is a good row that no mark tells of. Nothing is lost: all rows are checked.
            stretches = [stretch for stretch in stretches if stretch.mark not in known]
            rows, known, known_bad = _Rows.of(loaded, stretches, {}, {}), {}, {}
        self._name(rows)
        held, passages = self._noted(rows, stretches, known, known_bad)
        return PartlyKnown(rows.others, self._activities(rows), held, passages)

    def _name(self, rows: "_Rows") -> None:
        """Finds out which activity each good row is."""
        mapper = self.mappers.mapper(rows.loaded.origin)
        checked = rows.others.checked
        good = np.flatnonzero(checked.good)
        rows.identities[rows.sent] = mapper.identities(checked.block, checked.readings, good)
        were, rows.numbers = rows.numbers, np.zeros_like(rows.numbers)
        rows.numbers[rows.good] = mapper.numbers(rows.identities[rows.good])
        moved = rows.there & (rows.numbers != were)
        if moved.any():
            # A row that has come before in this very source is another activity than it was then.
            rows.there &= ~moved
            rows.check_others()

    def _activities(self, rows: "_Rows") -> list[Activity]:
        checked = rows.others.checked
        named = NamedRows(np.flatnonzero(checked.good), rows.identities[rows.sent], rows.numbers[rows.sent])
        written = self.mappers.mapper(rows.loaded.origin).written(checked.readings, named, rows.others.ordinals)
        return list(chain.from_iterable(written))

    def _noted(
        self, rows: "_Rows", stretches: Sequence[Stretch], known: Known, known_bad: KnownBad
    ) -> tuple[list[tuple[int, HeldRow]], list[Passage]]:
        """The bad rows that are in no passage, and the passages."""
        leads: npt.NDArray[np.object_] = np.full(len(rows.good), "", object)
        if any(stretch.mark not in known for stretch in stretches):
            checked = rows.others.checked
            mapper = self.mappers.mapper(rows.loaded.origin)
            leads[rows.sent] = mapper.leads(checked.readings, np.flatnonzero(checked.good))
        found, held = rows.bad_rows([stretch for stretch in stretches if stretch.whole not in known_bad])
        passages = []
        for stretch in stretches:
            bad = known_bad.get(stretch.whole)
            passage = rows.passage(stretch, known.get(stretch.mark), leads, found.get(stretch.start, ()), bad)
            if len(passage.ordinals) or passage.bad:
                passages.append(passage)
        return held, passages

    def _stretches(self, loaded: LoadedBlock) -> list[Stretch]:
        block = loaded.block
        used = loaded.origin.bound.used_positions
        columns = [column for position, column in enumerate(block.columns) if position in used]
        beside = [column for position, column in enumerate(block.columns) if position not in used]
        stretches = cut(columns, beside, _unreadable(loaded), self._around(loaded.origin), self.lengths)
        repeated = loaded.checks.repeated(block)
        if repeated is None:
            return stretches
        return [stretch for stretch in stretches if not repeated[stretch.rows].any()]

    def _around(self, origin: PreparedSource) -> Around:
        if origin.position not in self._arounds:
            salt = self.mappers.salt
            common = keyed_digest(salt, b"cells", self.mappers.scope, meaning_of(origin.bound))
            header = keyed_digest(salt, *(name.encode("utf-8", "surrogatepass") for name in origin.bound.header.names))
            self._arounds[origin.position] = Around(salt, common, header)
        return self._arounds[origin.position]


def _unreadable(loaded: LoadedBlock) -> Flags:
    flags = np.zeros(len(loaded.block), np.bool_)
    flags[list(loaded.block.faults)] = True
    return flags


@dataclass(slots=True)
class _Rows:
    """All rows of a block, and what is known of them: arrays with an entry for each."""

    loaded: LoadedBlock
    there: Flags
    """In the account for certain."""
    bad: Flags
    """Known to be bad."""
    identities: Identities
    numbers: RowNumbers
    """Of good rows: which of their equals they are; until that is known, which they were."""
    others: NumberedBlock = field(init=False)
    """Rows of which neither is known, checked."""
    good: Flags = field(init=False)
    """Known to be good, or found to be."""

    @classmethod
    def of(cls, loaded: LoadedBlock, stretches: Sequence[Stretch], known: Known, known_bad: KnownBad) -> "_Rows":
        count = len(loaded.block)
        there, bad = np.zeros(count, np.bool_), np.zeros(count, np.bool_)
        rows = cls(loaded, there, bad, np.zeros((count, KEY_BYTES), np.uint8), np.zeros(count, np.int64))
        for stretch in stretches:
            if stretch.mark in known:
                remembered = known[stretch.mark]
                places = np.flatnonzero(remembered.good) + stretch.start
                there[places] = remembered.created
                rows.identities[places] = remembered.identities
                rows.numbers[places] = remembered.numbers
            bad[[row.offset + stretch.start for row in known_bad.get(stretch.whole, ())]] = True
        rows.check_others()
        return rows

    def check_others(self) -> None:
        """Has all rows checked of which nothing is known."""
        known = self.there | self.bad
        self.others = self.loaded.only(~known).checked()
        self.good = self.there.copy()
        self.good[~known] = self.others.checked.good

    def are_as_they_were(self, stretches: Sequence[Stretch], known: Known) -> bool:
        """Whether rows of known stretches are as good as they were."""
        pairs = ((stretch, known[stretch.mark]) for stretch in stretches if stretch.mark in known)
        return all(np.array_equal(self.good[stretch.rows], remembered.good) for stretch, remembered in pairs)

    @property
    def sent(self) -> Flags:
        """Good rows that may have to be sent."""
        return self.good & ~self.there

    def bad_rows(self, stretches: Sequence[Stretch]) -> tuple[dict[int, list[BadRow]], list[tuple[int, HeldRow]]]:
        """What was found to be bad in each of these stretches, by its start; and what belongs to none, or can't be read
        as a row, so that its cells don't tell what is wrong with it.
        """
        places = np.flatnonzero(~(self.there | self.bad))
        starts = np.array([stretch.start for stretch in stretches], np.int64)
        found: dict[int, list[BadRow]] = {stretch.start: [] for stretch in stretches}
        held = []
        for offset, row, issues in self.others.held_rows():
            place = int(places[offset])
            at = int(np.searchsorted(starts, place, "right")) - 1
            if at < 0 or place >= stretches[at].end or place in self.loaded.block.faults:
                held.append((offset, row))
            else:
                words = tuple(issue.words for issue in issues)
                lead = self.others.lead(offset)
                bad = BadRow(place - stretches[at].start, lead, row.code, row.message, words, row.cells)
                found[stretches[at].start].append(bad)
        return found, held

    def passage(
        self,
        stretch: Stretch,
        known: Remembered | None,
        leads: npt.NDArray[np.object_],
        found: Sequence[BadRow],
        known_bad: Sequence[BadRow] | None,
    ) -> Passage:
        """Where a stretch stands in this run.

        :param leads: of all rows of the block, unless the ledger knows the stretch.
        :param found: its bad rows, unless the ledger knows them.
        """
        good = self.good[stretch.rows] if known is None else known.good
        bad = found if known_bad is None else known_bad
        places = np.flatnonzero(good) + stretch.start
        bad_places = np.array([row.offset + stretch.start for row in bad], np.int64)
        ordinals, rows = self.loaded.ordinals, self.loaded.block.rows
        return Passage(
            mark=stretch.mark,
            whole=stretch.whole,
            known=known is not None,
            good=good,
            ordinals=ordinals[places],
            rows=rows[places],
            identities=self.identities[places],
            numbers=self.numbers[places],
            there=self.there[places],
            leads=leads[places].tolist() if known is None else [],
            bad_known=known_bad is not None,
            bad=bad,
            bad_ordinals=ordinals[bad_places],
            bad_rows=rows[bad_places],
        )
