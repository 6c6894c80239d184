"""Rules: which calls a fault falls on, how rules are written, and what is said of those that can't be followed."""

import pytest

from importer.sandbox.faults import Rule, Schedule
from importer.sandbox.faults.errors import RuleError
from tests.sandbox.calling import BY_LEAD_FIELD, BY_LEAD_ID, CREATE, RETRIEVE, TYPES, Api, Start, visit


def statuses(api: Api, calls: int, path: str = BY_LEAD_ID) -> str:
    """Which of so many bulk calls were hit: `x` for a 502, `.` for a good answer."""
    return "".join("x" if api.post(path, [visit()]).status == 502 else "." for _ in range(calls))


@pytest.mark.parametrize(
    ("rule", "hit"),
    [
        ("status", "xxxxxxxx"),
        ("status 1", "x......."),
        ("status bulk 3", "..x....."),
        ("status bulk 3-5", "..xxx..."),
        ("status bulk 6-", ".....xxx"),
        ("status bulk 1,4,7-", "x..x..xx"),
        ("status bulk every=3", "..x..x.."),
        ("status bulk times=2", "xx......"),
        ("status bulk every=2 times=2", ".x.x...."),
        ("status /Add/ByLeadId 2", ".x......"),
        ("status /ByLeadField", "........"),
        ("status single", "........"),
    ],
)
def test_a_rule_chooses_calls_by_number(start: Start, rule: str, hit: str) -> None:
    """First, n-th, a range, all from one on, every n-th, or so many at most."""
    assert statuses(start(faults=rule), 8) == hit


def test_a_rule_can_choose_by_chance(start: Start) -> None:
    """A share of the calls; the same seed gives the same day, another one another day."""
    days = [statuses(start(faults=Schedule.of("status share=0.5", seed=seed)), 32) for seed in (1, 1, 2)]

    assert days[0] == days[1] != days[2]
    assert all(6 < day.count("x") < 26 for day in days)


def test_a_reset_begins_the_same_day_anew(start: Start) -> None:
    """Counted from 1, with the same draws."""
    api = start(faults=Schedule.of("status share=0.5 times=5", seed=4))

    first = statuses(api, 16)
    api.send("POST", "/sandbox/reset")

    assert statuses(api, 16) == first


@pytest.mark.parametrize(
    ("calls", "hit"),
    [
        ("bulk", [BY_LEAD_ID, BY_LEAD_FIELD]),
        ("single", [CREATE]),
        ("async", ["/activity/create"]),
        ("write", [BY_LEAD_ID, BY_LEAD_FIELD, CREATE, "/activity/create"]),
        ("read", [RETRIEVE]),
        ("metadata", [TYPES]),
        ("any", [BY_LEAD_ID, BY_LEAD_FIELD, CREATE, "/activity/create", RETRIEVE, TYPES]),
        ("/Retrieve", [RETRIEVE]),
        ("/activity/create", ["/activity/create"]),
    ],
)
def test_a_rule_chooses_calls_by_kind_or_path(start: Start, calls: str, hit: list[str]) -> None:
    """A word for a kind, or the end of a path; unknown addresses are none of them."""
    api = start(faults=f"status {calls}")

    for path in (BY_LEAD_ID, BY_LEAD_FIELD, CREATE, "/activity/create", RETRIEVE, TYPES, "/v2/nothing"):
        if path == TYPES:
            api.get(path)
        else:
            api.post_async(path, {})

    assert [each.path for each in api.server.hits] == hit


def test_a_rule_without_calls_counts_those_on_which_its_fault_can_fall() -> None:
    """Receipts are of bulk calls, ids of all that write, and a status is of any."""
    said = [
        Rule.read(text).counts for text in ("receipts-gap", "receipts-bad-id", "read-lag", "status", "reset-at-accept")
    ]

    assert said == ["bulk", "write", "read", "any", "connection"]


def test_the_first_rule_that_fits_wins(start: Start) -> None:
    """What it leaves is for those below it."""
    schedule = Schedule.of("status bulk 2 status=503", "status bulk times=2 status=500", "status any status=404")
    api = start(faults=schedule)

    assert [api.post(BY_LEAD_ID, [visit()]).status for _ in range(4)] == [500, 503, 500, 404]


def test_one_of_several_faults_is_drawn_for_each_call(start: Start) -> None:
    """And one of several moments with it, of those that go with the fault."""
    api = start(faults="status,mx-error,failed commit=before,never,late:9")
    for _ in range(30):
        api.post(BY_LEAD_ID, [visit()])

    assert {each.fault.name for each in api.server.hits} == {"status", "mx-error", "failed"}
    assert {str(each.commit) for each in api.server.hits} == {"before", "never", "late:9"}


def test_a_fault_is_only_drawn_where_it_can_fall(start: Start) -> None:
    """Of a reset and wrong receipts, only the reset can fall on a read, and it has nothing to commit there."""
    api = start(faults="mx-error,receipts-gap any commit=before")
    for _ in range(10):
        api.post(RETRIEVE, {}, leadId="x")

    assert {(each.fault.name, each.commit) for each in api.server.hits} == {("mx-error", None)}


@pytest.mark.parametrize(
    "text",
    [
        "reset bulk",
        "status write 1,4-6,9- status=503",
        "rate-limit any every=3 times=2 commit=late:2.5,never message='too fast' words=false",
        "status,reset /Retrieve share=0.25",
        "stored-cut write characters=3 field=note",
        "delivered-twice bulk commit=late:3",
    ],
)
def test_a_rule_is_written_as_it_is_read(text: str) -> None:
    """Rules come back as the text they were given as, which the page shows."""
    assert str(Rule.read(text)) == text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "a rule begins with the name of a fault"),
        ("commit=before", "a rule begins with the name of a fault"),
        (",", "there is no fault ''"),
        ("rset", "there is no fault 'rset'; did you mean reset?"),
        ("reset bluk", "'bluk' is neither calls (bulk, …) nor a number nor KEY=VALUE; did you mean bulk?"),
        ("reset /Retreive", "there are no calls '/Retreive'; did you mean /Retrieve?"),
        ("reset calls=writes", "there are no calls 'writes'; did you mean write?"),
        ("reset bulk 3 number=4", "number is given twice"),
        ("reset 'bulk", "a quote is not closed"),
        ("reset bulk 0", "'0' is not a number of calls; write 3, 3-7, 3- or a list, counted from 1"),
        ("reset bulk 7-3", "'7-3' is not a number of calls; write 3, 3-7, 3- or a list, counted from 1"),
        ("reset bulk last", "which call is the last one can't be known beforehand; give its number"),
        ("reset bulk 3 every=2", "number and every exclude each other"),
        ("reset share=2", "share: input should be less than or equal to 1"),
        ("reset every=0", "every: input should be greater than or equal to 1"),
        ("reset times=x", "times: input should be a valid integer, unable to parse string as an integer"),
        ("reset tmies=2", "reset has no option tmies; did you mean times?"),
        ("status stauts=500", "status has no option stauts; did you mean status?"),
        ("reset seconds=4", "reset has no option seconds; its options: none"),
        ("status status=42", "status: input should be greater than or equal to 200"),
        ("status retry_after='a\nb'", "retry_after: string should match pattern"),
        ("reset commit=later", "'later' is not before, after, never, late:SECONDS or partly:ROWS"),
        ("reset bulk commit=before late=3", "late goes with commit: late"),
        ("reset read commit=before", "reset on read: such calls store no rows, so there is nothing to commit"),
        ("reset-early bulk commit=before", "with reset-early, rows can only be stored: never"),
        ("receipts-shuffled commit=never", "with receipts-shuffled, rows can only be stored: before"),
        ("delivered-twice commit=never", "with delivered-twice, rows can only be stored: after, before, late"),
        ("receipts-gap read", "receipts-gap can't fall on read, only on bulk"),
        ("reset,reset-at-accept", "faults of connections and faults of calls need rules of their own"),
    ],
)
def test_a_rule_that_cant_be_followed_says_why(text: str, said: str) -> None:
    """In a sentence that names what is wrong, and what may be meant."""
    with pytest.raises(RuleError) as caught:
        Rule.read(text)

    assert str(caught.value).startswith(said)


def test_the_state_and_the_page_tell_what_happened(start: Start) -> None:
    """Which fault hit which call, when its rows are stored, and how often each rule was followed."""
    api = start(faults=Schedule.of("reset-at-accept 99", "status bulk 2 commit=partly:1", seed=5))
    statuses(api, 2)

    told = api.send("GET", "/sandbox/state").body["faults"]
    page = api.send("GET", "/", headers={}).body

    assert (told["seed"], told["counted"]["bulk"]) == (5, 2)
    assert told["rules"] == [
        {"rule": "reset-at-accept connection 99", "hits": 0},
        {"rule": "status bulk 2 commit=partly:1", "hits": 1},
    ]
    (hit,) = told["hits"]
    assert hit.pop("at")
    assert hit == {
        "calls": "bulk", "number": 2, "path": BY_LEAD_ID, "rule": 2, "fault": "status",
        "commit": "partly:1", "stored": 1, "stored_late": 0, "late_at": None,
    }  # fmt: skip
    assert "status bulk 2 commit=partly:1" in page
    assert "bulk 2</td>" in page
