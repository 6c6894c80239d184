"""Which runs there were, which of them goes on, and under which account."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from importer.blocks import Cell, CsvLayout, Place, SheetLayout
from importer.ledger.entries import Account, RunOrder, SourceEntry
from importer.ledger.ledger import Ledger
from importer.ledger.place import LEDGER, SALT
from importer.records import Withdrawn

from .making import LAYOUT, START, Work, a_run, activity, chunk, ledger_in, order


def test_a_new_run_has_an_id_that_tells_its_time(tmp_path: Path) -> None:
    """The id begins with the moment of the start, in UTC, and no two runs share one."""
    with ledger_in(tmp_path) as ledger:
        runs = [a_run(ledger, f"file {number}").run for number in range(20)]
    assert len({run.id for run in runs}) == 20
    assert all(re.fullmatch(r"20260302-1000\d\d-[0-9a-f]{4}", run.id) for run in runs)
    assert [run.number for run in runs] == list(range(1, 21))


def test_an_open_run_goes_on_and_a_finished_one_does_not(tmp_path: Path) -> None:
    """The same command continues its run until that is closed; then it begins a new one."""
    with ledger_in(tmp_path) as ledger:
        first = a_run(ledger)
        assert not first.continued
        assert a_run(ledger).run == first.run
        stopped = first.finish(5, still_open=True)
        assert (stopped.exit_code, stopped.open) == (5, True)
        again = a_run(ledger)
        assert again.continued
        assert again.run.id == first.run.id
        ended = again.finish(0)
        assert not ended.open
        new = a_run(ledger)
        assert not new.continued
        assert new.run.id != first.run.id


def test_another_command_is_another_run(tmp_path: Path) -> None:
    """A run is continued by what means the same, and by nothing else."""
    with ledger_in(tmp_path) as ledger:
        first, second = a_run(ledger, "a.csv"), a_run(ledger, "b.csv")
        assert first.run.id != second.run.id
        assert a_run(ledger, "a.csv").run.id == first.run.id
        assert a_run(ledger, "b.csv").run.id == second.run.id


def test_a_run_goes_on_after_the_program_was_closed(tmp_path: Path) -> None:
    """Nothing of a run is lost with the process."""
    with ledger_in(tmp_path) as ledger:
        first = a_run(ledger).run
    with ledger_in(tmp_path) as ledger:
        again = a_run(ledger)
        assert (again.run, again.continued) == (first, True)


def test_seconds_of_calls_add_up_over_continuations(tmp_path: Path) -> None:
    """Each part of a run adds the time of its own calls, and the end is that of the last."""
    with ledger_in(tmp_path) as ledger:
        a_run(ledger).finish(5, still_open=True)
        run = a_run(ledger).finish(0)
        assert run.seconds == 3.0
        assert run.finished_at is not None
        assert timedelta(0) < run.finished_at - run.started_at < timedelta(minutes=1)
        assert run.started_at > START


def test_reports_go_where_the_last_command_said(tmp_path: Path) -> None:
    """A run that goes on with another --out has its report there."""
    with ledger_in(tmp_path) as ledger:
        account = ledger.runs.account("host", "AK")
        given = order(ledger)
        assert given.account != account
        ledger.runs.begin(given)
        moved = type(given)(given.account, given.signature, given.mapping, {}, "elsewhere")
        assert ledger.runs.begin(moved)[0].out == "elsewhere"


def test_runs_are_found_by_id_and_listed_from_the_latest(tmp_path: Path) -> None:
    """Without an id the latest run is found; an unknown id finds none."""
    with ledger_in(tmp_path) as ledger:
        assert ledger.runs.find(None) is None
        assert ledger.runs.all() == []
        runs = [a_run(ledger, name).run for name in ("a", "b", "c")]
        assert ledger.runs.all() == runs[::-1]
        assert ledger.runs.find(None) == runs[-1]
        assert ledger.runs.find(runs[0].id) == runs[0]
        assert ledger.runs.find("20260101-000000-none") is None


def test_options_come_back_as_they_were(tmp_path: Path) -> None:
    """What a run was asked to do is kept for whoever continues it."""
    options = {"sources": ["a b.csv", "ü.xlsx"], "limit": None, "sheet": "1", "stop_on_invalid": False}
    with ledger_in(tmp_path) as ledger:
        run, _ = ledger.runs.begin(order(ledger, "x", **options))
        assert run.options == options
        assert ledger.runs.find(run.id) == run


# ---------------------------------------------------------------------------------------------------- accounts


def imported(ledger: Ledger, account: Account) -> None:
    """A row of a run on this account is there."""
    run, _ = ledger.runs.begin(RunOrder(account, f"visits of {account.id}", "visits", {}, "out"))
    work = Work(ledger, run, continued=False)
    word = f"of {account.id}"
    work.send(1, work.plan([activity(0, word[-16:])]))


def refused(ledger: Ledger, key: str, signature: str, **options: object) -> Work:
    """A run whose keys were refused, with a row that waits."""
    account = ledger.runs.account("host", key)
    run, continued = ledger.runs.begin(RunOrder(account, signature, "visits", options, "out"))
    work = Work(ledger, run, continued)
    load = chunk(1, work.planned(1))
    work.journal.intend(load, 1)
    work.journal.withdraw(load, 1, Withdrawn.KEYS_REFUSED, "LeadSquared refused the keys")
    work.finish(5, still_open=True)
    return work


def test_a_run_whose_keys_were_refused_is_begun_anew_with_the_right_ones(tmp_path: Path) -> None:
    """The same order with other keys of the same host takes it over, under its own id, and nothing of it is left."""
    with ledger_in(tmp_path) as ledger:
        wrong = refused(ledger, "wrong", "a").run
        right = RunOrder(ledger.runs.account("host", "right"), "b", "visits", {}, "out")
        assert ledger.runs.keys_were_refused(wrong)
        assert ledger.runs.may_go_to(wrong, right.account)
        assert not ledger.runs.may_go_to(wrong, ledger.runs.account("elsewhere", "right"))
        assert ledger.runs.to_continue(right) == wrong.id
        run, continued = ledger.runs.begin(right)
        assert (run.id, continued, run.account_id, run.open) == (wrong.id, False, right.account.id, True)
        work = Work(ledger, run, continued)
        assert ledger.runs.sources(run) == []
        ledger.runs.add_source(run, 0, SourceEntry(Place("a.csv"), "00" * 32, 0, LAYOUT))
        assert work.lines() == []
        work.send(2, work.planned(1))
        assert work.outcomes() == ["created"]
        assert not ledger.runs.keys_were_refused(run)
        other = RunOrder(ledger.runs.account("host", "third"), "c", "visits", {}, "out")
        assert ledger.runs.to_continue(other) is None, "what has sent something stays where it is"


def test_other_orders_leave_it_alone(tmp_path: Path) -> None:
    """Another host or other options are another run; but when the same files have had theirs, it is closed."""
    with ledger_in(tmp_path) as ledger:
        files = {"sources": ["a.csv"], "mapping": "a.yaml", "sandbox": False}
        wrong = refused(ledger, "wrong", "a", **files, limit=None).run
        for host, options in (("elsewhere", {"limit": None}), ("host", {"limit": 5})):
            account = ledger.runs.account(host, "right")
            assert ledger.runs.to_continue(RunOrder(account, "b", "visits", files | options, "out")) is None
        account = ledger.runs.account("host", "right")
        run, _ = ledger.runs.begin(RunOrder(account, "b", "visits", files | {"limit": 5}, "out"))
        found = {each.id: each.open for each in ledger.runs.all()}
        assert found == {wrong.id: False, run.id: True}


def test_a_run_with_refused_keys_is_not_the_one_to_look_at(tmp_path: Path) -> None:
    """What is done for the latest run is done for the latest that was let in."""
    with ledger_in(tmp_path) as ledger:
        assert ledger.runs.latest_taken() is None
        wrong = refused(ledger, "wrong", "a").run
        latest = ledger.runs.latest_taken()
        assert latest is not None
        assert latest.id == wrong.id
        work = a_run(ledger)
        work.send(1, work.plan([activity(7)]))
        refused(ledger, "wrong", "b", limit=3)
        latest = ledger.runs.latest_taken()
        assert latest is not None
        assert latest.id == work.run.id


def test_an_account_is_known_by_its_name_under_new_keys(tmp_path: Path) -> None:
    """Keys under which nothing was sent open the account that was known by others, if it has the same name on the same
    host; keys that were used stay with the account that their runs went to.
    """
    with ledger_in(tmp_path) as ledger:
        books = ledger.runs
        first = books.named(books.account("host", "old"), "ORG1")
        assert books.account("host", "old") == first
        second = books.named(books.account("host", "new"), "ORG1")
        assert (second.id, second.org) == (first.id, "ORG1")
        assert second.label != first.label
        assert books.named(books.account("host", "third"), "ORG1").id == first.id
        assert books.account("host", "new") == second
        assert books.named(books.account("host", "theirs"), "ORG2").id != first.id
        assert books.named(books.account("elsewhere", "old"), "ORG1").id != first.id
        begun = books.account("host", "begun")
        books.begin(RunOrder(begun, "calls.csv", "visits", {}, "out"))
        assert books.named(begun, "ORG1").id == first.id
        used = books.account("host", "used")
        imported(ledger, used)
        assert books.named(used, "ORG1").id == used.id


def test_keys_that_may_open_a_known_account_are_told(tmp_path: Path) -> None:
    """They are, if either of the two has not told its name; not if both have, or if the keys were used before."""
    with ledger_in(tmp_path) as ledger:
        books = ledger.runs
        old = books.account("host", "old")
        assert not books.may_be_known(old, "host")
        new = books.account("host", "new")
        books.begin(RunOrder(old, "calls.csv", "visits", {}, "out"))
        assert not books.may_be_known(new, "host"), "nothing was sent under the old ones"
        imported(ledger, old)
        assert books.may_be_known(new, "host")
        assert not books.may_be_known(books.account("elsewhere", "new"), "elsewhere")
        new = books.named(new, "ORG1")
        assert new.id != old.id
        assert books.may_be_known(new, "host"), "the old account has no name"
        books.named(old, "ORG2")
        assert not books.may_be_known(new, "host")
        assert books.may_be_known(books.account("host", "third"), "host")
        books.named(books.account("host", "third"), "ORG3")
        fourth = books.account("host", "fourth")
        assert books.may_be_known(fourth, "host")
        imported(ledger, fourth)
        assert not books.may_be_known(fourth, "host")


def test_an_account_is_host_and_key_and_the_key_is_not_kept(tmp_path: Path) -> None:
    """Another host or another key is another account; the ledger holds neither the key nor any part of it."""
    access_key = "u$rAKcanary0123456789abcdef"
    with ledger_in(tmp_path) as ledger:
        account = ledger.runs.account("api.leadsquared.com", access_key)
        assert ledger.runs.account("api.leadsquared.com", access_key) == account
        assert ledger.runs.account("api-in21.leadsquared.com", access_key).id != account.id
        assert ledger.runs.account("api.leadsquared.com", access_key + "0").id != account.id
    with ledger_in(tmp_path) as ledger:
        assert ledger.runs.account("api.leadsquared.com", access_key) == account
    assert account.label.startswith("api.leadsquared.com (")
    shown = account.label.removeprefix("api.leadsquared.com (").removesuffix(")")
    assert len(shown) == 4
    assert b"canary" not in (tmp_path / LEDGER).read_bytes()


def test_the_mark_of_a_key_cannot_be_made_without_the_salt(tmp_path: Path) -> None:
    """Two ledgers mark the same key differently: whoever has a ledger can't try keys on it without its salt."""
    labels = set()
    for name in ("a", "b", "c"):
        with ledger_in(tmp_path / name) as ledger:
            labels.add(ledger.runs.account("host", "AK").label)
        assert len((tmp_path / name / SALT).read_bytes()) == 32
    assert len(labels) == 3


def test_the_stand_in_is_called_by_its_name(tmp_path: Path) -> None:
    """An account whose host is its key has no mark in its label."""
    with ledger_in(tmp_path) as ledger:
        assert ledger.runs.account("sandbox", "sandbox").label == "sandbox"


# ----------------------------------------------------------------------------------------------------- sources


@pytest.mark.parametrize(
    "layout",
    [
        CsvLayout(
            "utf-16", byte_order_mark=True, delimiter="\t", newline="\r\n", preamble="Export\r\n", header=("A", "")
        ),
        SheetLayout("Visits", ((Cell("Export"),),), (Cell("Lead"), Cell("1"))),
    ],
)
def test_sources_come_back_in_order(tmp_path: Path, layout: CsvLayout | SheetLayout) -> None:
    """A run's sources are kept with all that is needed to write files like them."""
    first = SourceEntry(Place("b.csv", "Visits"), "ab" * 32, 0, layout)
    second = SourceEntry(Place("a.csv"), "cd" * 32, 10, LAYOUT)
    with ledger_in(tmp_path) as ledger:
        run, _ = ledger.runs.begin(order(ledger))
        ledger.runs.add_source(run, 1, second)
        ledger.runs.add_source(run, 0, first)
        assert ledger.runs.sources(run) == [first, second]


def test_a_source_that_has_moved_is_noted_where_it_is_now(tmp_path: Path) -> None:
    """Going on with a renamed file replaces its entry, and makes no second one."""
    with ledger_in(tmp_path) as ledger:
        work = a_run(ledger)
        moved = SourceEntry(Place("moved.csv"), "00" * 32, 0, LAYOUT)
        ledger.runs.add_source(work.run, 0, moved)
        assert ledger.runs.sources(work.run) == [moved]
        work.plan([activity(0)])
        assert next(ledger.view(work.run).results()).place == Place("moved.csv")
