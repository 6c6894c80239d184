"""The ledger against a model that knows only what is promised: random runs, calls, kills and continuations."""

import tempfile
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from importer.codes.rows import Code
from importer.ledger.entries import ActivityState
from importer.records import Activity, Chunk, Withdrawn

from .making import Work, a_run, activity, chunk, invalid, key, ledger_in, receipts

SOURCES: dict[str, list[str]] = {"one": ["abc!d", "efgh"], "two": ["efghijk!"], "three": ["abcde", "!cdefa"]}
"""The sources of three commands; a letter is a row, the same letter the same row, and `!` an invalid one."""

Word: TypeAlias = str


@dataclass
class ModelRun:
    """What is promised of one run."""

    name: str
    outcomes: dict[int, str] = field(default_factory=dict)
    open: bool = True

    @property
    def rows(self) -> list[Word]:
        return list("".join(SOURCES[self.name]))


class LedgerLaw(RuleBasedStateMachine):
    """Does to a ledger what runs do, and to a model the same."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = ExitStack()
        self.opened = ExitStack()
        self.state = Path(self.folder.enter_context(tempfile.TemporaryDirectory()))
        self.runs: list[ModelRun] = []
        self.memory: dict[Word, tuple[str, int]] = {}
        """Of each activity: `planned`, `in flight`, `doubt` or `created`, and the run that has it."""
        self.went: Counter[Word] = Counter()
        """How often each activity may have reached the server and was not refused by it."""
        self.work: Work | None = None
        self.position = 0
        self.queue: list[tuple[int, Word]] = []
        self.in_flight: list[tuple[Chunk, int, list[tuple[int, Word]]]] = []
        self.chunks = 0

    @initialize()
    def start(self) -> None:
        self.ledger = self.opened.enter_context(ledger_in(self.state))

    def teardown(self) -> None:
        self.opened.close()
        self.folder.close()

    @property
    def running(self) -> tuple[int, ModelRun]:
        assert self.work is not None
        number = self.work.run.number
        return number, self.runs[number - 1]

    # -------------------------------------------------------------------------------------------- what happens

    @precondition(lambda self: self.work is None)
    @rule(name=st.sampled_from(list(SOURCES)))
    def begin(self, name: str) -> None:
        """Somebody gives a command: its stopped run goes on, or a new one begins."""
        waiting = [number for number, run in enumerate(self.runs, start=1) if run.name == name and run.open]
        lengths = [len(source) for source in SOURCES[name]]
        self.work = a_run(self.ledger, name, sources=[sum(lengths[:place]) for place in range(len(lengths))])
        assert self.work.continued == bool(waiting)
        if not waiting:
            self.runs.append(ModelRun(name))
        number, run = self.running
        assert number == (waiting[-1] if waiting else len(self.runs))
        for ordinal, word in enumerate(run.rows):
            if run.outcomes.get(ordinal) == "unknown" and self.memory[word] == ("in flight", number):
                self.memory[word] = ("doubt", number)
        self.position, self.queue = 0, []
        self.chunks = self.work.journal.last_chunk()

    @precondition(lambda self: self.work is not None and self.position < len(self.running[1].rows))
    @rule(rows=st.integers(1, 6))
    def plan(self, rows: int) -> None:
        """The next rows are read, within one source."""
        assert self.work is not None
        number, run = self.running
        ends = [sum(map(len, SOURCES[run.name][:place])) for place in range(1, len(SOURCES[run.name]) + 1)]
        last = min(self.position + rows, next(end for end in ends if end > self.position))
        block = [(ordinal, run.rows[ordinal]) for ordinal in range(self.position, last)]
        self.position = last
        expected: list[Activity] = []
        for ordinal, word in block:
            if run.outcomes.get(ordinal, "not_sent") != "not_sent":
                continue
            run.outcomes[ordinal] = "invalid" if word == "!" else self.decide(number, run, ordinal, word)
            if run.outcomes[ordinal] == "not_sent":
                self.memory[word] = ("planned", number)
                self.queue.append((ordinal, word))
                expected.append(activity(ordinal, word))
        good = [activity(ordinal, word) for ordinal, word in block if word != "!"]
        assert self.work.plan(good, [invalid(ordinal) for ordinal, word in block if word == "!"]) == expected

    def decide(self, number: int, run: ModelRun, ordinal: int, word: Word) -> str:
        """What a row is before it is sent."""
        state, owner = self.memory.get(word, ("new", 0))
        if state == "created":
            return "duplicate"
        if state == "doubt" or (state == "in flight" and owner != number):
            return "unknown"
        earlier = [place for place in range(ordinal) if run.rows[place] == word]
        return "duplicate" if owner == number and earlier and state in ("planned", "in flight") else "not_sent"

    @precondition(lambda self: self.queue)
    @rule(rows=st.integers(1, 3))
    def intend(self, rows: int) -> None:
        """A call is about to leave."""
        assert self.work is not None
        load, self.queue = self.queue[:rows], self.queue[rows:]
        self.chunks += 1
        self.leave(chunk(self.chunks, [activity(ordinal, word) for ordinal, word in load]), 1, load)

    def leave(self, load: Chunk, attempt: int, rows: list[tuple[int, Word]]) -> None:
        assert self.work is not None
        number, run = self.running
        self.work.journal.intend(load, attempt)
        self.in_flight.append((load, attempt, rows))
        for ordinal, word in rows:
            run.outcomes[ordinal] = "unknown"
            self.memory[word] = ("in flight", number)
            self.went[word] += 1

    @precondition(lambda self: self.in_flight)
    @rule(which=st.integers(0, 9), refused=st.sets(st.integers(0, 12)))
    def settle(self, which: int, refused: set[int]) -> None:
        """Receipts come back."""
        assert self.work is not None
        number, run = self.running
        load, attempt, rows = self.in_flight.pop(which % len(self.in_flight))
        self.work.journal.settle(load, attempt, receipts(load, sorted(refused)))
        for ordinal, word in rows:
            run.outcomes[ordinal] = "rejected" if ordinal in refused else "created"
            if ordinal in refused:
                del self.memory[word]
                self.went[word] -= 1
            else:
                self.memory[word] = ("created", number)

    @precondition(lambda self: self.in_flight)
    @rule(which=st.integers(0, 9))
    def doubt(self, which: int) -> None:
        """An answer is lost."""
        assert self.work is not None
        load, attempt, rows = self.in_flight.pop(which % len(self.in_flight))
        self.work.journal.doubt(load, attempt, Code.SERVER_ERROR, "HTTP 500")
        for _, word in rows:
            self.memory[word] = ("doubt", self.running[0])

    @precondition(lambda self: self.in_flight)
    @rule(which=st.integers(0, 9), why=st.sampled_from(Withdrawn), again=st.booleans())
    def withdraw(self, which: int, why: Withdrawn, *, again: bool) -> None:
        """A call did nothing; its chunk goes again, or waits for another run."""
        assert self.work is not None
        number, run = self.running
        load, attempt, rows = self.in_flight.pop(which % len(self.in_flight))
        self.work.journal.withdraw(load, attempt, why, "cause")
        for ordinal, word in rows:
            run.outcomes[ordinal] = "not_sent"
            self.memory[word] = ("planned", number)
            self.went[word] -= 1
        if again:
            self.leave(load, attempt + 1, rows)

    @precondition(lambda self: self.work is not None)
    @rule()
    def kill(self) -> None:
        """The process ends at this very moment, and the ledger is opened anew."""
        self.opened.close()
        self.work, self.in_flight, self.queue = None, [], []
        self.ledger = self.opened.enter_context(ledger_in(self.state))
        self.check_reports()

    @precondition(lambda self: self.work is not None and not self.in_flight)
    @rule()
    def finish(self) -> None:
        """The run ends in good order; it stays open if a row is left to be sent or looked up."""
        assert self.work is not None
        _, run = self.running
        left = {"unknown", "not_sent"} & set(run.outcomes.values())
        run.open = bool(left) or self.position < len(run.rows)
        self.work.finish(still_open=run.open)
        self.work, self.queue = None, []
        self.check_reports()

    # ------------------------------------------------------------------------------------------ what must hold

    @invariant()
    def every_row_has_the_outcome_that_is_promised(self) -> None:
        """Of all runs, not only of the one at work; and cells are kept of rows that need them, of no others."""
        with self.ledger.engine.begin() as connection:
            rows = connection.exec_driver_sql("SELECT run, ordinal, outcome FROM rows").all()
            held = connection.exec_driver_sql("SELECT run, ordinal FROM held").all()
        expected = {
            (number, ordinal): outcome
            for number, run in enumerate(self.runs, start=1)
            for ordinal, outcome in run.outcomes.items()
        }
        assert {(run, ordinal): outcome for run, ordinal, outcome in rows} == expected
        kept = {tuple(row) for row in held}
        assert {row for row, outcome in expected.items() if outcome in ("invalid", "rejected")} <= kept
        assert {expected[row] for row in kept} <= {"invalid", "rejected", "unknown"}

    def check_reports(self) -> None:
        """What a report would say of each run is what is promised, and its counts add up to the rows."""
        for run, model in zip(self.ledger.runs.all()[::-1], self.runs, strict=True):
            view = self.ledger.view(run)
            assert {each.row - 2: str(each.outcome) for each in view.results()} == model.outcomes
            counts = {str(name): count for name, count in view.counts().items() if count}
            assert counts == Counter(model.outcomes.values())
            assert run.open == model.open

    @invariant()
    def what_is_known_across_runs_is_what_is_promised(self) -> None:
        """Every activity has the state it should have, and no other is known."""
        states = {
            "planned": ActivityState.PLANNED,
            "in flight": ActivityState.IN_FLIGHT,
            "doubt": ActivityState.IN_DOUBT,
            "created": ActivityState.CREATED,
        }
        found = self.ledger.known([key(word) for word in "abcdefghijk!"])
        assert {each: known.state for each, known in found.items()} == {
            key(word): states[state] for word, (state, _) in self.memory.items()
        }

    @invariant()
    def nothing_may_have_arrived_twice(self) -> None:
        """No activity was sent again after a call that may have created it."""
        assert max(self.went.values(), default=0) <= 1


# Steps take their time on a disk: to look for the shortest way into an error would take minutes.
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)

TestLedgerLaw = LedgerLaw.TestCase
TestLedgerLaw.settings = settings(max_examples=20, stateful_step_count=50, phases=PHASES)
