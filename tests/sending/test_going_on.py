"""Processes that die, and others that go on: a real ledger, a simulated account, and clocks that start anew."""

import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importer.blocks import Cell, CsvLayout, Place
from importer.closing import audited
from importer.leadsquared.calls import Call, Ending
from importer.leadsquared.posting import Posting
from importer.leadsquared.routes import ROUTES, CallClass, RouteName
from importer.ledger.entries import NewRow, Run, RunOrder, SourceEntry
from importer.ledger.ledger import Ledger, open_ledger
from importer.ledger.planning import plan_block
from importer.records import Activity, Outcome
from importer.sending.audit import AuditReport
from importer.sending.chunker import Cells, chunks
from importer.sending.dispatch import Dispatcher
from importer.sending.doubts import CONFIRMATION
from importer.sending.lane import Ended
from importer.sending.road import Road
from importer.sending.sender import Sender
from importer.settings import Rate

from .account import EPOCH, EVENT, Account
from .simulation import LOST, SETTLE, RecordingWatcher, Server, SimulatedLane, Steady, activity, receipts_for
from .test_settling import MANNERS, mannered

LAYOUT = CsvLayout("utf-8", byte_order_mark=False, delimiter=",", newline="\n", preamble="", header=("Lead",))


class Killed(BaseException):
    """The process ends here."""


class MortalLane(SimulatedLane):
    """A lane whose process is killed at a moment, whatever is under way."""

    dies_at: float = float("inf")

    def start(self, ticket: int, call: Call) -> None:
        self._die_if_it_is_time()
        super().start(ticket, call)

    def wait(self, seconds: float | None) -> list[Ended]:
        ended = super().wait(seconds)
        self._die_if_it_is_time()
        return ended

    def _die_if_it_is_time(self) -> None:
        if self.time >= self.dies_at:
            raise Killed


@dataclass
class Office:
    """One state folder, one account, and the processes that work on them one after the other."""

    state: Path
    server: Server
    account: Account
    keyed: bool = True
    time: float = 0.0
    """The account's."""
    wrong: float = 0.0
    """Seconds by which this computer's clock is ahead."""
    settle: float = SETTLE
    route: RouteName = RouteName.BULK_BY_LEAD_ID
    rate: Rate = field(default_factory=lambda: Rate(25, 5.0))
    audit: AuditReport | None = None
    watcher: RecordingWatcher = field(default_factory=RecordingWatcher)

    def run(
        self,
        name: str,
        sources: Sequence[Sequence[int]],
        *,
        dies_at: float = float("inf"),
        stops_at: float = float("inf"),
        resends: bool = True,
    ) -> dict[int, Outcome] | None:
        """The command of this name, on sources whose rows are these words; outcomes by ordinal, None if it died."""
        lane = MortalLane(self.server, [], self.account, self.time)
        lane.dies_at = dies_at
        if stops_at < float("inf"):
            lane.wakes.append(stops_at)
        wall = partial(self._wall, lane)
        try:
            with open_ledger(self.state, wall) as ledger:
                return self._work(ledger, lane, name, sources, stops_at, resends=resends)
        except Killed:
            return None
        finally:
            self.time += lane.time

    def _wall(self, lane: SimulatedLane) -> datetime:
        return EPOCH + timedelta(seconds=self.time + lane.time + self.wrong)

    def _work(
        self,
        ledger: Ledger,
        lane: SimulatedLane,
        name: str,
        sources: Sequence[Sequence[int]],
        stops_at: float,
        *,
        resends: bool,
    ) -> dict[int, Outcome]:
        road = Road((Posting(ROUTES[self.route]),), EVENT, self.keyed)
        account = ledger.runs.account("api.leadsquared.com", "AK")
        run, continued = ledger.runs.begin(RunOrder(account, name, "visits", road.as_options(), "out"))
        sender = Sender(
            lane=lane,
            rates={CallClass.BULK: self.rate, CallClass.SINGLE: Rate(25, 5.0)},
            settle=self.settle,
            timeout=150.0,
            watcher=self.watcher,
            stopping=lambda: lane.time >= stops_at,
            jitter=Steady(),
            wall=ledger.now,
        )
        journal, book = ledger.journal(run), ledger.doubts(run)
        dispatcher = sender.dispatcher(road, journal, book, journal.last_chunk() + 1, resends=resends)
        if continued:
            sender.take_up(dispatcher, book, journal.created_ids())
        feed = self._feed(ledger, run, sender, dispatcher, sources, continued=continued)
        stopped = dispatcher.send(chunks(feed, [25]))
        for _ in feed:
            pass
        self.audit = None
        if dispatcher.anything_in_doubt and stopped is None and lane.time < stops_at:
            self.audit = audited(sender, road, ledger, run)
        counts = ledger.view(run).counts()
        still_open = bool(counts[Outcome.UNKNOWN] or counts[Outcome.NOT_SENT])
        ledger.runs.finish(run, 0, lane.time, still_open=still_open)
        return {each.row: each.outcome for each in ledger.view(run).results()}

    def _feed(
        self,
        ledger: Ledger,
        run: Run,
        sender: Sender,
        dispatcher: Dispatcher,
        sources: Sequence[Sequence[int]],
        *,
        continued: bool,
    ) -> Iterator[tuple[Activity, Cells]]:
        first = 0
        book = ledger.doubts(run)
        for position, words in enumerate(sources):
            ledger.runs.add_source(run, position, SourceEntry(Place(f"{position}.csv"), "00" * 32, first, LAYOUT))
            rows = [
                NewRow(first + place, row_of(first + place, word, keyed=self.keyed), lambda: (Cell("x"),))
                for place, word in enumerate(words)
            ]
            first += len(rows)
            done = ledger.journal(run).outcomes(first - len(rows), first) if continued else {}
            planned = plan_block(ledger.journal(run), [], rows, done=done)
            for load in chunks(((each, tuple) for each in planned.in_doubt), [25]):
                dispatcher.doubt(sender.doubt_of(book.of_earlier_runs(load.activities)))
            for each in planned.to_send:
                yield each, lambda: (Cell("x"),)


def row_of(ordinal: int, word: int, *, keyed: bool = True) -> Activity:
    """A row whose content and key are those of its word."""
    made = activity(word, keyed=keyed)
    return Activity(ordinal, made.key, made.body, made.lead)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """An account that loses its second call, whose rows it writes or not, as the test has it."""
    account = Account()
    return Office(tmp_path, lambda rows, now: (receipts_for(account_rows(account, rows, now)), 0.1), account)


def account_rows(account: Account, rows: list[int], now: float) -> list[int]:
    account.commit(rows, now)
    return rows


def losing_second(account: Account, commit: float | None) -> Server:
    """Loses the second call of all, whose rows are written so late, or never."""
    calls = Counter[str]()

    def server(rows: list[int], now: float) -> tuple[Ending, float]:
        calls["all"] += 1
        if calls["all"] == 2:
            if commit is not None:
                account.commit(rows, now + commit)
            return LOST, 1.0
        account.commit(rows, now)
        return receipts_for(rows), 0.1

    return server


ROWS = list(range(60))


def once(account: Account, rows: Sequence[int] = ROWS) -> bool:
    """Whether each row is there once."""
    return all(account.count(row) == 1 for row in rows)


@pytest.mark.parametrize("commit", [None, 0.0, 100.0])
@pytest.mark.parametrize("pause", [0.0, 1.0, 200.0, 10_000.0])
def test_a_run_that_is_stopped_with_rows_in_doubt_goes_on(office: Office, commit: float | None, pause: float) -> None:
    """What was in doubt when a signal came is settled by the same command later, whenever that is."""
    office.server = losing_second(office.account, commit)
    stopped = office.run("a", [ROWS], stops_at=5.0)
    assert stopped is not None
    assert Counter(stopped.values())[Outcome.UNKNOWN] == 25
    office.time += pause
    assert set((office.run("a", [ROWS]) or {}).values()) == {Outcome.CREATED}
    assert once(office.account)
    assert office.audit is not None
    assert (office.audit.complete, office.audit.missing, office.audit.twice, office.audit.unexpected) == (
        True,
        0,
        {},
        {},
    )


@pytest.mark.parametrize("commit", [None, 0.0, 250.0])
@pytest.mark.parametrize("pause", [0.0, 200.0, 10_000.0])
@pytest.mark.parametrize("set_by", [0.0, -240.0, -3600.0, -90_000.0])
def test_a_killed_run_goes_on_even_if_the_clock_was_set_back(
    office: Office, commit: float | None, pause: float, set_by: float
) -> None:
    """A clock that was set back makes the wait longer and the search wider; it makes no row twice.

    What this process creates shows in any period, so it would be a control for one that begins too late.
    """
    office.server = losing_second(office.account, commit)
    office.route, office.rate = RouteName.BULK_BY_LEAD_FIELD, Rate(2, 5.0)
    assert office.run("a", [ROWS], dies_at=0.8) is None
    office.time += pause
    office.wrong = set_by
    assert set((office.run("a", [ROWS]) or {}).values()) == {Outcome.CREATED}
    assert once(office.account)


def test_a_doubt_that_is_old_is_settled_soon(office: Office) -> None:
    """The settle time counts from the call, not from the process that looks: ten seconds are enough the next day."""
    office.server = losing_second(office.account, None)
    assert office.run("a", [ROWS], dies_at=0.8) is None
    office.time += 86_400.0
    began = office.time
    office.run("a", [ROWS])
    assert once(office.account)
    assert office.time - began < SETTLE * CONFIRMATION + 10


def test_a_young_doubt_of_a_killed_process_is_waited_for(office: Office) -> None:
    """A call whose process has died may still be carried out: nothing goes again before the settle time is over."""
    lost = losing_second(office.account, 350.0)

    def server(rows: list[int], now: float) -> tuple[Ending, float]:
        ending, seconds = lost(rows, now)
        return ending, 140.0 if ending is LOST else seconds

    office.server = server
    assert office.run("a", [ROWS], dies_at=100.0) is None
    began = office.time
    office.run("a", [ROWS])
    assert once(office.account)
    assert office.time - began > 200


def test_a_new_run_settles_what_an_earlier_one_has_left_in_doubt(office: Office) -> None:
    """Rows that are there become duplicates of the new run and created in the old one."""
    office.server = losing_second(office.account, 0.0)
    assert office.run("a", [ROWS], stops_at=2.0) is not None
    again = office.run("b", [ROWS]) or {}
    assert once(office.account)
    assert set(again.values()) == {Outcome.DUPLICATE}
    assert set((office.run("a", [ROWS]) or {}).values()) <= {Outcome.CREATED, Outcome.DUPLICATE}
    assert once(office.account)


def test_a_new_run_sends_what_an_earlier_one_has_not_brought_about(office: Office) -> None:
    """Rows that are not there, for certain, have their turn in the run that meets them, cells and all."""
    office.server = losing_second(office.account, None)
    assert office.run("a", [ROWS], stops_at=2.0) is not None
    again = office.run("b", [ROWS]) or {}
    assert once(office.account)
    assert Counter(again.values())[Outcome.CREATED] >= 25
    assert set((office.run("a", [ROWS]) or {}).values()) <= {Outcome.CREATED, Outcome.DUPLICATE}


@pytest.mark.parametrize("commit", [None, 0.0])
@pytest.mark.parametrize("dies_at", [0.8, float("inf")])
def test_the_same_row_in_two_sources_goes_once_although_it_is_in_doubt(
    office: Office, commit: float | None, dies_at: float
) -> None:
    """While a row is in doubt, its like in another source waits for what becomes of it, and is its duplicate."""
    office.server = losing_second(office.account, commit)
    sources = [ROWS, ROWS[20:40]]
    office.run("a", sources, dies_at=dies_at)
    outcomes = office.run("a", sources) or {}
    if dies_at == float("inf"):
        assert set(outcomes.values()) == {Outcome.DUPLICATE}, "a run that is finished is not gone on with"
    else:
        assert [outcomes[place] for place in range(60)] == [Outcome.CREATED] * 60
        assert [outcomes[place] for place in range(60, 80)] == [Outcome.DUPLICATE] * 20
    assert once(office.account)


@pytest.mark.parametrize("rows", [ROWS, ROWS[20:35]])
@pytest.mark.parametrize("stops_at", [2.0, 20.0])
def test_rows_of_two_sources_that_an_earlier_run_has_left_in_doubt_go_once(
    office: Office, rows: list[int], stops_at: float
) -> None:
    """Two rows of a new run may wait for one and the same doubt: one of them has its turn."""
    office.server = losing_second(office.account, None)
    office.run("a", [ROWS], stops_at=2.0)
    sources = [rows, rows[::-1]]
    office.run("b", sources, stops_at=stops_at)
    office.run("b", sources)
    assert once(office.account, rows)


def test_a_row_that_was_created_meanwhile_is_not_sent_again_by_a_look_that_misses_it(office: Office) -> None:
    """What a receipt has proven is proven, even if somebody has deleted it since, or a look does not show it."""
    office.server = losing_second(office.account, None)
    office.run("a", [ROWS], stops_at=2.0)
    office.run("b", [ROWS], stops_at=3.0)  # meets the doubts, and is stopped with them
    office.run("a", [ROWS])  # settles and sends them
    assert once(office.account)
    created = [each for each in office.account.stored if 25 <= each.body["n"] < 50]
    office.account.hidden = lambda each: each in created
    outcomes = office.run("b", [ROWS]) or {}
    assert set(outcomes.values()) <= {Outcome.DUPLICATE, Outcome.CREATED}
    assert once(office.account)


def test_an_audit_reports_what_came_too_late(office: Office) -> None:
    """A commit after the settle time makes rows twice: that is told, with both ids, and nothing else is."""
    office.server = losing_second(office.account, SETTLE * (1 + CONFIRMATION) + 5.0)
    office.run("a", [ROWS])
    office.time += 100
    office.account.lag = 0
    twice = [row for row in ROWS if office.account.count(row) == 2]
    assert twice
    with open_ledger(office.state, lambda: EPOCH + timedelta(seconds=office.time)) as ledger:
        (run,) = ledger.runs.all()
        lane = SimulatedLane(office.server, [], office.account, office.time)
        rates = {CallClass.BULK: Rate(25, 5.0), CallClass.SINGLE: Rate(25, 5.0)}
        wall = ledger.now
        sender = Sender(lane, rates, SETTLE, 150.0, office.watcher, lambda: False, Steady(), wall)
        found = audited(sender, Road.from_options(run.options), ledger, run)
        assert found is not None
        assert sorted(found.twice) == twice
        assert all(len(set(ids)) == 2 for ids in found.twice.values())
        assert (found.missing, found.unexpected) == (0, {})
        assert ledger.view(run).codes()["found-twice"] == len(twice)


def test_a_recheck_sends_nothing(office: Office) -> None:
    """Looking up alone settles what is there, and leaves what is not there to the next run."""
    office.server = losing_second(office.account, None)
    office.run("a", [ROWS], stops_at=2.0)
    calls = len(office.account.stored)
    checked = office.run("a", [[]], resends=False) or {}
    assert len(office.account.stored) == calls
    assert Counter(checked.values())[Outcome.UNKNOWN] == 0
    assert Counter(checked.values())[Outcome.NOT_SENT] >= 25


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["a", "a", "a", "b", "two"]),
        st.sampled_from(["dies", "dies", "stops", "ends"]),
        st.sampled_from([0.0, 0.05, 0.15, 0.9, 5.0, 40.0, 310.0]),
        st.sampled_from([0.0, 1.0, 100.0, 400.0]),
        st.sampled_from([0.0, 0.0, -200.0, -5000.0]),
    ),
    min_size=1,
    max_size=5,
)
"""Command, how it ends and when, how long nothing happens then, and by how much the clock is set back."""

SOURCES = {"a": [ROWS[:40]], "b": [ROWS[10:50]], "two": [ROWS[5:30], ROWS[20:45]]}


@settings(max_examples=25)
@given(script=st.lists(MANNERS, max_size=10), steps=STEPS, by_event=st.booleans())
def test_no_history_of_processes_makes_a_row_twice(
    *, script: list[tuple[str, float | None, float]], steps: list[tuple[str, str, float, float, float]], by_event: bool
) -> None:
    """Kills, stops, other commands with the same rows, clocks set back: in the end each row is there once."""
    shared = Path("/dev/shm")  # noqa: S108  # a disk in memory, where there is one
    with tempfile.TemporaryDirectory(dir=shared if shared.is_dir() else None) as folder:
        account = Account(by_event=by_event)
        office = Office(Path(folder), mannered(account, script, 0.0), account)
        for name, how, at, pause, set_by in steps:
            never = float("inf")
            dies_at, stops_at = at if how == "dies" else never, at if how == "stops" else never
            outcomes = office.run(name, SOURCES[name], dies_at=dies_at, stops_at=stops_at)
            office.time += pause
            office.wrong += set_by
            assert max((account.count(row) for row in ROWS), default=0) <= 1
            words = [word for source in SOURCES[name] for word in source]
            for ordinal, outcome in (outcomes or {}).items():
                if outcome is Outcome.CREATED:
                    assert account.count(words[ordinal]) == 1
                elif outcome in (Outcome.REJECTED, Outcome.NOT_SENT):
                    assert account.count(words[ordinal]) == 0
        office.time += 400.0
        for name in ("b", "a", "two", "a", "b"):
            office.run(name, SOURCES[name])
        assert max(account.count(row) for row in ROWS) <= 1
        final = office.run("a", SOURCES["a"]) or {}
        settled = {Outcome.CREATED, Outcome.DUPLICATE, Outcome.REJECTED}
        # An account in which nothing was ever created gives no control, and then nobody can say what is not there.
        assert set(final.values()) <= settled or not account.stored
