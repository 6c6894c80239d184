"""Single stories of rows in doubt, told by real processes."""

from pathlib import Path

from .checking import check
from .deaths import Grave
from .nursery import Nursery
from .points import DEAD
from .world import World, account


def test_a_server_that_is_slower_than_a_death_doubles_nothing(tmp_path: Path, processes: Nursery) -> None:
    """A call whose process has died may still be carried out; the next process waits for that before it sends again."""
    world = World.made(tmp_path, 75, keyed=True)
    with account("hang bulk 2 commit=late:0.3") as server:
        grave = Grave(world, server, processes)
        assert grave.start(("post: all has left", 2)) == DEAD
        assert grave.start() == 0
        found = check(world, server.store.activities.all())
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
