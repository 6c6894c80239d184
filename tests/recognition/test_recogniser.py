"""What is recognised is exactly what would have been found row by row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.blocks import Block, Cell, CellKind, RowFault
from importer.codes.rows import Code
from importer.fingerprints import keyed_digest
from importer.passages import BadRow, Passage, Remembered
from importer.preparing.chain import ActivityMappers, LoadedBlock
from importer.preparing.sources import PreparedSource
from importer.recognition.recogniser import Memory, NoMemory, Recogniser
from importer.recognition.stretches import Lengths
from importer.records import HeldRow
from importer.validation import validator_of
from tests.mapping.building import LEAD, SALT, SCOPE, block_of, bound

PLAIN = "version: 1\nlead: {id: Lead ID}\nactivity: {event: 201}\nfields:\n  X: {column: A, type: integer}\n  Y: B\n"
MAPPINGS = [
    PLAIN,
    PLAIN + "duplicates: {key: [A]}\n",
    PLAIN + "rules:\n  - {unique: [A]}\n",
    PLAIN + "rules:\n  - {any_of: [A, B]}\n",
]
SHORT = Lengths(mean=4, fewest=2)

ROWS = st.tuples(st.sampled_from(["1", "2", "3", "four", "", "50"]), st.sampled_from(["", "b", "bb", "c"]))
NUMBER = Cell("2", CellKind.NUMBER, "2", "0")

Row = tuple[str, str]


@dataclass
class Night:
    """What is made of a table in one night."""

    text: str
    """The mapping."""
    rows: Sequence[Row]
    sizes: Sequence[int]
    """Of blocks, from the first; the last one is used for all that come after."""
    unreadable: frozenset[int] = frozenset()
    word: str = "today"
    """What is said of rows that could not be read as rows."""
    stored: bool = False
    """Whether it is a sheet."""
    comments: str = "x"
    """Begins the cells of a column that nobody asks for; the longest comment is the width of the file as well."""
    memory: Memory = field(default_factory=NoMemory)
    keys: dict[int, bytes] = field(default_factory=dict)
    """Of the activities that were looked at, by their rows' ordinals."""
    there: dict[int, bytes] = field(default_factory=dict)
    """Of those that were recognised."""
    bad: dict[int, tuple[HeldRow, str, Any]] = field(default_factory=dict)
    """The bad rows, their leads, and what is wrong with them."""
    passages: list[Passage] = field(default_factory=list)

    def __post_init__(self) -> None:
        blocks = list(self._blocks())
        mapping = bound(self.text, ("Lead ID", "A", "B", *self.comments))
        origin = PreparedSource(0, file=NOTHING, source=NOTHING, bound=mapping)
        checks = validator_of(mapping, lambda: iter(blocks))
        recogniser = Recogniser(ActivityMappers(SALT, SCOPE), self.memory, SHORT)
        for block in blocks:
            looked_at = recogniser.look_at(LoadedBlock(origin, 7 + block.places, block, checks))
            others = looked_at.others
            self.keys |= {activity.ordinal: activity.key for activity in looked_at.activities}
            issues = dict(others.checked.faulty_rows())
            for offset, held in looked_at.held:
                words = tuple(issue.words for issue in issues[offset])
                self.bad[int(others.ordinals[offset])] = held, others.lead(offset), words
            for passage in looked_at.passages:
                self._take(passage)
        assert list(self.there) == sorted(self.there)

    def _blocks(self) -> list[Block]:
        sizes, start, blocks = [*self.sizes], 0, []
        while start < len(self.rows):
            rows = self.rows[start : start + sizes[0]]
            cells: dict[str, Sequence[str | Cell]] = {
                "Lead ID": [LEAD] * len(rows),
                "A": [NUMBER if self.stored and a == "2" else a for a, _ in rows],
                "B": [b for _, b in rows],
            }
            for name in self.comments:
                cells[name] = [f"{name} of {self.word if len(row[1]) == 2 else 'ever'}" for row in rows]
            faults = {
                at - start: RowFault(Code.TOO_FEW_FIELDS, f"{self.word} {at}")
                for at in self.unreadable
                if start <= at < start + len(rows)
            }
            blocks.append(replace(block_of(cells, start), faults=faults))
            start += len(rows)
            sizes = sizes[1:] or sizes
        return blocks

    def _take(self, passage: Passage) -> None:
        assert passage.first == min([*passage.ordinals.tolist(), *passage.bad_ordinals.tolist()])
        assert passage.last == max([*passage.ordinals.tolist(), *passage.bad_ordinals.tolist()])
        assert passage.rows.tolist() == [ordinal - 5 for ordinal in passage.ordinals.tolist()]
        for place in np.flatnonzero(passage.there):
            self.there[int(passage.ordinals[place])] = key_of(passage, int(place))
        told = zip(passage.bad_ordinals.tolist(), passage.bad_rows.tolist(), passage.bad, strict=True)
        for ordinal, row, bad in told:
            held = HeldRow(block_of({"A": ["x"]}).place, row, bad.cells, bad.code, bad.message)
            if passage.bad_known:
                assert not bad.cells
                held = replace(held, cells=self.cells_of(passage, bad.offset))
            self.bad[ordinal] = held, bad.lead, bad.issues
        self.passages.append(passage)

    def cells_of(self, passage: Passage, offset: int) -> tuple[Cell, ...]:
        """The cells of a bad row, as they are remembered."""
        assert isinstance(self.memory, Remembering)
        (cells,) = (bad.cells for bad in self.memory.bad[passage.whole] if bad.offset == offset)
        return cells

    def remembered(self, refused: frozenset[int] = frozenset()) -> tuple["Remembering", set[bytes]]:
        """What a ledger would remember of the night, and all keys that it knows to be created.

        :param refused: places of rows that the server did not take.
        """
        memory = Remembering()
        created = {key for ordinal, key in self.keys.items() if ordinal - 7 not in refused}
        for passage in self.passages:
            taken = np.array([key_of(passage, place) in created for place in range(len(passage.ordinals))], np.bool_)
            one = Remembered(passage.good, passage.identities, passage.numbers, taken)
            memory.stretches.setdefault(passage.mark, one)
            if passage.bad:
                memory.bad.setdefault(passage.whole, passage.bad)
        return memory, created


@dataclass
class Remembering:
    """What a ledger remembers."""

    stretches: dict[bytes, Remembered] = field(default_factory=dict)
    bad: dict[bytes, Sequence[BadRow]] = field(default_factory=dict)

    def known(self, marks: Sequence[bytes]) -> Mapping[bytes, Remembered]:
        """What is asked for, as far as it is known."""
        return {mark: self.stretches[mark] for mark in marks if mark in self.stretches}

    def known_bad(self, wholes: Sequence[bytes]) -> Mapping[bytes, Sequence[BadRow]]:
        """The same of bad rows; their cells are asked for later."""
        return {whole: [replace(bad, cells=()) for bad in self.bad[whole]] for whole in wholes if whole in self.bad}


NOTHING: Any = None


def key_of(passage: Passage, place: int) -> bytes:
    """The key of a good row of a passage."""
    identity, number = passage.identities[place].tobytes(), int(passage.numbers[place])
    return identity if number == 1 else keyed_digest(SALT, identity, str(number).encode())


@st.composite
def two_nights(draw: st.DrawFn) -> tuple[list[Row], list[Row]]:
    """A table, and what has become of it the next night: rows are added, taken away, changed, moved and repeated."""
    before = draw(st.lists(ROWS, min_size=1, max_size=30))
    after = list(before)
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(after)))
        match draw(st.sampled_from(["add", "take", "change", "repeat"])):
            case "add":
                after[at:at] = draw(st.lists(ROWS, min_size=1, max_size=3))
            case "take":
                del after[at : at + 2]
            case "change" if at < len(after):
                after[at] = draw(ROWS)
            case _:
                after[at:at] = draw(st.sampled_from([before, after[:5], after[-5:]]))
    return before, after


WORDS = ["yesterday", "today"]
SIZES = st.lists(st.integers(1, 12), min_size=1, max_size=4)


@given(two_nights(), st.sampled_from(MAPPINGS), SIZES, SIZES, st.data())
def test_what_is_known_is_what_would_be_found(
    tables: tuple[list[Row], list[Row]], text: str, sizes: list[int], others: list[int], data: st.DataObject
) -> None:
    """The second night, with what is remembered of the first: the same bad rows with the same words, the same keys for
    good ones; and whatever needs no look was created for certain, as that very activity.
    """
    before, after = tables
    stored = data.draw(st.booleans())
    places = st.frozensets(st.integers(0, len(before) - 1), max_size=3)
    unreadable, refused = data.draw(places), data.draw(places)
    memory, created = Night(text, before, sizes, unreadable, "yesterday", stored, "xy").remembered(refused)
    unreadable = data.draw(st.sampled_from([unreadable, frozenset[int]()]))
    comments, word = data.draw(st.sampled_from(["x", "xy", "yx", "xyz", ""])), data.draw(st.sampled_from(WORDS))
    row_by_row = Night(text, after, others, unreadable, word, stored, comments)
    known = Night(text, after, others, unreadable, word, stored, comments, memory)
    assert known.bad == row_by_row.bad
    assert known.keys.keys().isdisjoint(known.there)
    assert known.keys | known.there == row_by_row.keys
    assert set(known.there.values()) <= created


@pytest.mark.parametrize("text", MAPPINGS)
def test_the_same_table_needs_no_look(text: str) -> None:
    """What has not changed is known, but for stretches too short to be worth it and rows that no rule lets pass."""
    rows = [(str(number), "b") for number in range(200)]
    rows[50:52] = [("four", ""), ("", "")]
    memory, _ = Night(text, rows, [70]).remembered()
    again = Night(text, rows, [70], memory=memory)
    assert len(again.there) > 180
    assert {51 + 6, 50 + 7} <= set(again.bad)


def test_a_value_that_is_unique_no_longer() -> None:
    """A row that was imported is bad today, since another one has its value: nobody tells that from the row itself."""
    rows = [(str(number), "b") for number in range(100)]
    memory, _ = Night(MAPPINGS[2], rows, [200]).remembered()
    again = Night(MAPPINGS[2], [*rows, ("40", "new")], [200], memory=memory)
    assert set(again.bad) == {47, 107}


def test_rules_that_have_changed_unnoticed() -> None:
    """Should ever something decide what is a good row that no mark tells of, all rows are checked, and nothing of them
    is remembered under the old mark.
    """
    rows = [(str(number), "b") for number in range(40)]
    memory, _ = Night(PLAIN, rows, [40]).remembered(frozenset([3]))
    nothing = {"identities": np.empty((0, 16), np.uint8), "numbers": np.empty(0, int), "created": np.empty(0, bool)}
    wrong = {mark: replace(each, good=~each.good, **nothing) for mark, each in memory.stretches.items()}
    again = Night(PLAIN, rows, [40], memory=Remembering(wrong))
    assert again.keys == Night(PLAIN, rows, [40]).keys
    assert not again.there
    assert not again.passages
