"""Single stories of rows in doubt, told by real processes."""

import time
from pathlib import Path

from .checking import check
from .deaths import Grave
from .nursery import Nursery
from .points import DEAD
from .world import World, account


def test_a_server_that_is_slower_than_a_death_doubles_nothing(tmp_path: Path, processes: Nursery) -> None:
    """A call whose process has died may still be carried out; the next process waits for that before it sends again."""
    world = World.made(tmp_path, 75, keyed=True)
    with account("hang bulk 2 commit=late:1.5") as server:
        grave = Grave(world, server, processes, settle=25)  # of the process's own seconds, ten times faster
        assert grave.start(("post: all has left", 2)) == DEAD
        assert grave.start() == 0
        until = time.monotonic() + 10
        while any(hit.late_at is None for hit in server.hits) and time.monotonic() < until:
            time.sleep(0.05)
        late = [hit.stored_late for hit in server.hits]
        found = check(world, server.store.activities.all())
    assert late == [25]
    assert not found.wrong
    assert found.created == 75


def test_rows_without_a_key_are_found_by_what_they_hold(tmp_path: Path, processes: Nursery) -> None:
    """Where rows differ, a lost answer is settled without an import key, however old the rows' own dates are."""
    world = World.made(tmp_path, 75, keyed=False)
    with account("reset bulk 2 commit=before") as server:
        assert Grave(world, server, processes).start() == 0
        found = check(world, server.store.activities.all())
    assert not found.wrong
    assert (found.created, found.unknown) == (75, 0)


def test_a_death_before_the_report_stands_costs_no_report(tmp_path: Path, processes: Nursery) -> None:
    """All rows are sent, and the process dies before it has said so: the same command gives the report of that run."""
    world = World.made(tmp_path, 75, keyed=True)
    with account() as server:
        grave = Grave(world, server, processes)
        assert grave.start(("report: before results.csv is begun", 1)) == DEAD
        assert grave.start() == 0
        found = check(world, server.store.activities.all())
    assert not found.wrong
    assert found.created == 75


def test_a_file_that_was_changed_after_a_death_is_not_mixed_with_what_it_was(
    tmp_path: Path, processes: Nursery
) -> None:
    """The changed file is a run of its own, which sends what was not sent before, as it stands now."""
    world = World.made(tmp_path, 75, keyed=True)
    source = world.folder / "visits.csv"
    with account() as server:
        grave = Grave(world, server, processes)
        assert grave.start(("call: intend, before", 3)) == DEAD
        text = source.read_text(encoding="utf-8")
        source.write_text(text.replace(world.remarks[-1], "changed since"), encoding="utf-8")
        assert grave.start() == 0
        there = [str(each.fields["mx_Custom_1"]) for each in server.store.activities.all()]
    assert len(list(world.out.iterdir())) == 2, "the changed file was taken for the one that the run was begun with"
    assert sorted(there) == sorted([*world.remarks[:-1], "changed since"])
