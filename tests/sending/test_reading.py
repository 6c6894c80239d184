"""What readings are made with: the account's time, the pace, the ids that were seen, and the audit's memory."""

import base64
import uuid
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importer.fingerprints import token_of
from importer.in_doubt import AuditedRow
from importer.leadsquared.calls import Answer, Call, Ending, Silence
from importer.leadsquared.found import FoundActivity
from importer.leadsquared.pacing import Window
from importer.leadsquared.routes import CallClass
from importer.leadsquared.verdicts import NotExecuted
from importer.records import Receipt
from importer.sending.audit import AuditMatcher, AuditReport
from importer.sending.looking import ServerClock
from importer.sending.reader import REFUSALS, PacedReader
from importer.sending.readings import TRIES, Again, Heard, reading_verdict
from importer.sending.seen_ids import SeenIds
from importer.settings import Rate

from .account import Account
from .simulation import BROKEN, LOST, UNREACHED, SimulatedLane, Steady, activity, throttling

NOON = datetime(2026, 3, 2, 12, 0, 0, tzinfo=UTC)

# ---------------------------------------------------------------------------------------------- the account's time


def dated(moment: datetime) -> Answer:
    return Answer(200, b"", {"date": format_datetime(moment, usegmt=True)})


@pytest.mark.parametrize("wrong", [0, 1, -1, 3600, -3600, 10**8, -(10**8)])
def test_the_account_s_time_is_that_of_its_answers(wrong: int) -> None:
    """However wrong this computer's clock is, what an answer says counts, to the second."""
    clock = ServerClock(lambda: NOON + timedelta(seconds=wrong))
    clock.heard(dated(NOON))
    assert clock.now() == NOON.replace(tzinfo=None)
    assert clock.margin == timedelta(minutes=15)


@pytest.mark.parametrize(
    "ending",
    [
        LOST,
        Answer(200, b""),
        *[
            Answer(200, b"", {"date": text})
            for text in ("", "noon", "Mon, 99 Foo 2026", "2026-03-02", "0", "Mon, 02 Mar 2026 12:00:00 -0000")
        ],
    ],
)
def test_without_a_date_our_own_clock_counts_with_a_wide_margin(ending: Ending) -> None:
    """Whatever does not tell the time leaves it untold."""
    clock = ServerClock(lambda: NOON)
    clock.heard(ending)
    assert clock.now() == NOON.replace(tzinfo=None)
    assert clock.margin >= timedelta(hours=12)


def test_an_answer_without_a_date_does_not_unlearn_it() -> None:
    """What one answer has told stays known, and goes on with our clock."""
    moments = iter([NOON, NOON + timedelta(seconds=60)])
    clock = ServerClock(lambda: next(moments))
    clock.heard(dated(NOON + timedelta(hours=1)))
    clock.heard(Answer(200, b""))
    assert clock.now() == (NOON + timedelta(hours=1, seconds=60)).replace(tzinfo=None)


# ------------------------------------------------------------------------------------------------ reading, paced

CALL = Call("POST", "ProspectActivity.svc/Retrieve", CallClass.SINGLE, (("leadId", "x"),), b'{"Paging":{}}')
GOOD = Answer(200, b"{}")


@pytest.mark.parametrize(
    ("ending", "tries", "verdict"),
    [
        (GOOD, 1, Heard),
        (LOST, 1, Again),
        (LOST, TRIES, Heard),
        (BROKEN, TRIES - 1, Again),
        (BROKEN, TRIES, Heard),
        (Answer(401, b""), 1, Heard),
        (Answer(404, b""), 1, Heard),
        (Answer(400, b""), 1, Heard),
        (UNREACHED, TRIES, NotExecuted),
        (throttling(), TRIES, NotExecuted),
    ],
)
def test_readings_are_made_again_where_that_may_help(ending: Ending, tries: int, verdict: type) -> None:
    """Silence and errors of the server may pass; an answer that says no will say no again."""
    assert isinstance(reading_verdict(ending, tries), verdict)


def paced(
    *endings: Ending, stop_at: float = float("inf"), rate: Rate | None = None
) -> tuple[PacedReader, SimulatedLane]:
    lane = SimulatedLane(lambda _, __: (GOOD, 0.1), [], Account(faults=iter(endings)))
    lane.wakes += [stop_at] if stop_at < float("inf") else []
    window = Window(rate or Rate(25, 5.0))
    return PacedReader(lane, window, lambda: lane.time >= stop_at, Steady()), lane


@pytest.mark.parametrize(
    ("endings", "calls", "last"),
    [
        ([GOOD], 1, GOOD),
        ([BROKEN, GOOD], 2, GOOD),
        ([BROKEN, LOST, BROKEN, GOOD], 3, BROKEN),
        ([throttling(5), throttling(5), throttling(5), throttling(5), GOOD], 5, GOOD),
        ([throttling(5)] * (REFUSALS + 5), REFUSALS, throttling(5)),
        ([throttling(10000, 86400), GOOD], 1, throttling(10000, 86400)),
        ([UNREACHED] * 5, 3, UNREACHED),
    ],
)
def test_a_reading_ends(endings: list[Ending], calls: int, last: Ending) -> None:
    """A call is made again a few times; never for ever, and never to wait for another day."""
    reader, lane = paced(*endings)
    assert reader.read(CALL) == last
    assert len(lane.account.reads) == calls


def test_readings_keep_the_pace() -> None:
    """No more calls leave than the rate allows."""
    reader, lane = paced(*[GOOD] * 30, rate=Rate(5, 5.0))
    for _ in range(30):
        reader.read(CALL)
    moments = [at for _, at in lane.account.reads]
    assert min(later - earlier for earlier, later in zip(moments, moments[5:], strict=False)) >= 5.0 - 0.2


def test_a_wish_to_stop_ends_a_reading() -> None:
    """Asked to stop, no further call leaves."""
    reader, lane = paced(throttling(5, retry_after="5"), GOOD, stop_at=2.0)
    reader.read(CALL)
    assert len(lane.account.reads) == 1
    assert reader.read(CALL) == Silence("the run was stopped", sent=False)


# ------------------------------------------------------------------------------------------------------- ids


def created(*numbers: int) -> tuple[Receipt, ...]:
    return tuple(Receipt(1, created=True, activity_id=str(uuid.UUID(int=number))) for number in numbers)


@settings(max_examples=50)
@given(st.lists(st.lists(st.integers(0, 40), min_size=1, max_size=5, unique=True), max_size=30))
def test_an_id_is_new_once(calls: list[list[int]]) -> None:
    """Ids are remembered over all calls, whatever their letters' case; a call with one that is known is not."""
    ids, known = SeenIds(), set[int]()
    for numbers in calls:
        receipts = created(*numbers)
        assert ids.are_new(receipts) == known.isdisjoint(numbers)
        known.update(numbers)
        upper = tuple(Receipt(1, created=True, activity_id=each.activity_id.upper()) for each in receipts)
        assert not ids.are_new(upper)


def test_refused_rows_have_no_id_to_be_seen() -> None:
    """A call that has created nothing names no id twice."""
    ids = SeenIds()
    refused = (Receipt(1, created=False, code="x"), Receipt(2, created=False, code="x"))
    assert ids.are_new(refused)
    assert ids.are_new(refused)
    assert ids.are_new(())


# ------------------------------------------------------------------------------------------------------ audit


def found(key: bytes, activity_id: str, *, around: str = "{}") -> FoundActivity:
    """An activity that has this key somewhere in its texts."""
    return FoundActivity(activity_id, "", "201", "", "", "", {}, around.format(token_of(key)))


def guid(number: int) -> str:
    return str(uuid.UUID(int=number + 1))


@pytest.mark.parametrize("seen", [0, 1])
def test_an_audit_of_nothing_finds_nothing(seen: int) -> None:
    """A run that has sent no row is in order, whatever the account holds."""
    matcher = AuditMatcher([])
    for _ in range(seen):
        matcher.see(found(activity(0).key, guid(0)))
    assert matcher.report(complete=True) == AuditReport(complete=True)


@settings(max_examples=200)
@given(
    rows=st.lists(st.tuples(st.booleans(), st.integers(0, 3)), max_size=30),
    complete=st.booleans(),
    around=st.sampled_from(["{}", "a note [imp:{}]", "x\n{}\ny", "({})"]),
    foreign=st.integers(0, 5),
)
def test_an_audit_is_what_counting_says(
    *, rows: list[tuple[bool, int]], complete: bool, around: str, foreign: int
) -> None:
    """Of rows that the ledger calls created or not, and that are there so many times, each is told as it should be."""
    audited = [
        AuditedRow(row * 3, activity(row).key, guid(row * 10) if is_created else "")
        for row, (is_created, _) in enumerate(rows)
    ]
    matcher = AuditMatcher(iter(audited))
    for row, (_, copies) in enumerate(rows):
        for copy in range(copies):
            for _ in range(2):  # pages may bring an activity twice
                matcher.see(found(activity(row).key, guid(row * 10 + copy).upper(), around=around))
    for other in range(foreign):
        matcher.see(found(activity(5000 + other).key, guid(77_000 + other)))
        matcher.see(FoundActivity(guid(78_000), "", "", "", "", "", {}, "no key here " + "a" * 20))
    report = matcher.report(complete=complete)
    assert report.created == sum(is_created for is_created, _ in rows)
    lost = sum(is_created and copies == 0 for is_created, copies in rows)
    shows = any(copies for _, copies in rows)  # a look that shows nothing at all is at fault, not the account
    assert report.missing == (lost if complete and shows else 0)
    assert {row: len(ids) for row, ids in report.twice.items()} == {
        row * 3: copies for row, (_, copies) in enumerate(rows) if copies > 1
    }
    assert report.unexpected == {
        row * 3: guid(row * 10).upper() for row, (is_created, copies) in enumerate(rows) if copies and not is_created
    }


def test_a_deleted_activity_that_was_sent_again_by_hand_is_told() -> None:
    """The ledger's own id does not show, but another with the same key does: both are named."""
    matcher = AuditMatcher([AuditedRow(7, activity(1).key, guid(1))])
    matcher.see(found(activity(1).key, guid(2)))
    report = matcher.report(complete=True)
    assert report.twice == {7: (guid(1), guid(2))}
    assert report.missing == 1


@given(st.binary(min_size=16, max_size=16))
def test_a_token_is_twenty_letters_of_the_key(key: bytes) -> None:
    """The first 100 bits, in lower case: the audit finds a key by them."""
    token = token_of(key)
    assert len(token) == 20
    assert base64.b32decode(token.upper() + "AAAA")[:12] == key[:12]
