"""Opening a ledger: what is trusted, what is refused, and who may read the files."""

import os
import random
import shutil
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Column

from importer.errors.base import ExitCode, ImporterError, LedgerError
from importer.ledger.faults import LedgerDamaged, LedgerStuck, LedgerTooNew, LedgerTooOld, LedgerUnwritable, SaltMissing
from importer.ledger.holding import HOLDER, LOCK, hold
from importer.ledger.ledger import open_ledger
from importer.ledger.place import LEDGER, SALT
from importer.ledger.soundness import MARK
from importer.ledger.tables import ADDED_LATER, FROM_THE_FIRST, METADATA, NEVER_ADDED
from importer.records import Chunk, Outcome
from tests.rights import without_rights_in

from .making import START, Calendar, Work, a_run, activity, activity_id, chunk, invalid, ledger_in, receipts

POSIX = pytest.mark.skipif(os.name != "posix", reason="rights of files are kept otherwise elsewhere")


FULL = pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full")


@pytest.fixture
def used(tmp_path: Path) -> Path:
    """A ledger with rows of many kinds in it, closed."""
    state = tmp_path / "state"
    with ledger_in(state) as ledger:
        work = a_run(ledger)
        planned = work.planned(120)
        work.plan([], [invalid(ordinal) for ordinal in range(120, 140)])
        work.send(1, planned[:25], refused=[3])
        work.send(2, planned[25:50])
        work.journal.intend(chunk(3, planned[50:75]), 1)
    return state


def read_all(state: Path) -> list[object]:
    """All that a report would say, of the latest run."""
    with ledger_in(state) as ledger:
        run = ledger.runs.find(None)
        assert run is not None
        view = ledger.view(run)
        return [list(view.results()), view.counts(), list(view.held(Outcome)), view.sources, view.codes()]


# ---------------------------------------------------------------------------------------------------- the files


def test_a_new_ledger_is_made_where_it_is_wanted(tmp_path: Path) -> None:
    """Folder, database and salt are made at the first start, and found at the next."""
    state = tmp_path / "deep" / "down"
    with ledger_in(state) as ledger:
        salt = ledger.salt
        assert len(salt) == 32
    with ledger_in(state) as ledger:
        assert ledger.salt == salt == (state / SALT).read_bytes()
    assert sorted(path.name for path in state.iterdir()) == [SALT, MARK, LEDGER]


def test_no_two_ledgers_share_a_salt(tmp_path: Path) -> None:
    """The salt is made by chance."""
    salts = set()
    for name in "abc":
        with ledger_in(tmp_path / name) as ledger:
            salts.add(ledger.salt)
    assert len(salts) == 3


@POSIX
def test_nobody_else_may_read_the_files(tmp_path: Path) -> None:
    """Even under a umask that allows all, folder and files are their owner's alone, the journal included."""
    before = os.umask(0)
    try:
        state = tmp_path / "state"
        with hold(state, START), ledger_in(state) as ledger:
            work = a_run(ledger)
            with ledger.engine.begin() as connection:
                connection.exec_driver_sql("UPDATE runs SET out = 'there'")
                rights = {path.name: stat.S_IMODE(path.stat().st_mode) for path in state.iterdir()}
            work.planned(1)
        assert stat.S_IMODE(state.stat().st_mode) == 0o700
    finally:
        os.umask(before)
    assert set(rights) == {LEDGER, f"{LEDGER}-journal", SALT, LOCK, "ledger.holder"}
    assert set(rights.values()) == {0o600}


@pytest.mark.parametrize("name", ["a b", "ü ß", "100%", "what?x=1", "a#b", "%41", "a;b", "it's"])
def test_the_folder_may_have_any_name(tmp_path: Path, name: str) -> None:
    """The database is made in the folder that was named, however odd its name."""
    state = tmp_path / name
    with ledger_in(state) as ledger:
        a_run(ledger).planned(1)
    assert (state / LEDGER).stat().st_size > 0
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("what", ["a file for the folder", "a folder for the file", "a file above the folder"])
def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path, what: str) -> None:
    """Where no ledger can be, the error says so and what to choose instead; it is no damage."""
    state = tmp_path / "state"
    if what == "a file for the folder":
        state.write_text("x")
    elif what == "a folder for the file":
        (state / LEDGER).mkdir(parents=True)
    else:
        state.write_text("x")
        state /= "below"
    with pytest.raises(LedgerUnwritable, match="state") as refused, ledger_in(state):
        pass
    assert refused.value.exit_code == ExitCode.NOT_STARTED
    assert "--state" in refused.value.remedy


def test_where_a_ledger_is_no_other_folder_is_a_way_out(used: Path) -> None:
    """Whoever followed the advice to take another folder would have everything sent again."""
    with pytest.raises(LedgerUnwritable) as new, ledger_in(used / LEDGER / "below"):
        pass
    assert "Choose another folder" in new.value.remedy
    with without_rights_in(used), pytest.raises(LedgerUnwritable, match=r"ledger\.sqlite can't be written") as there:
        read_all(used)
    assert "Choose" not in there.value.remedy
    assert "does not know what was imported" in there.value.remedy


@POSIX
def test_a_ledger_that_can_not_be_written_can_be_read(used: Path) -> None:
    """What only looks at a ledger needs no right to write; what writes is refused."""
    before = read_all(used)
    with without_rights_in(used), open_ledger(used, Calendar(), only_read=True) as ledger:
        run = ledger.runs.find(None)
        assert run is not None
        view = ledger.view(run)
        assert [list(view.results()), view.counts(), list(view.held(Outcome)), view.sources, view.codes()] == before
        with pytest.raises(LedgerStuck, match="readonly"):
            ledger.runs.close(run)


@POSIX
def test_what_only_looks_makes_no_ledger(tmp_path: Path) -> None:
    """Where there is none and none can be made, the folder is named."""
    (tmp_path / "state").mkdir()
    with (
        without_rights_in(tmp_path / "state"),
        pytest.raises(LedgerUnwritable),
        open_ledger(tmp_path / "state", Calendar(), only_read=True),
    ):
        pass


@FULL
def test_a_full_disk_is_told_before_anything_is_done(used: Path) -> None:
    """The small files beside the ledger are the first that find no room, and that is said like any other want of it."""
    (used / HOLDER).symlink_to("/dev/full")
    with pytest.raises(LedgerUnwritable, match="No space left on device") as full, hold(used, START):
        pass
    assert full.value.exit_code == ExitCode.NOT_STARTED
    assert "Choose another" not in full.value.remedy
    with hold(used, START):
        pass


def test_a_salt_that_can_not_be_made_is_told(tmp_path: Path) -> None:
    """Without a place for the salt there is no ledger, and the next start begins where this one stopped."""
    (tmp_path / SALT).mkdir()
    with pytest.raises(LedgerUnwritable), ledger_in(tmp_path):
        pass
    (tmp_path / SALT).rmdir()
    with ledger_in(tmp_path) as ledger:
        assert len(ledger.salt) == 32


def test_a_ledger_whose_journal_cannot_be_made_is_not_called_damaged(used: Path) -> None:
    """A folder that takes no new file is a matter of rights, not of the ledger."""
    journal = used / f"{LEDGER}-journal"
    journal.mkdir()
    (journal / "x").write_text("")  # SQLite deletes what it takes for a leftover, but not this
    with pytest.raises(LedgerUnwritable):
        read_all(used)


# -------------------------------------------------------------------------------------------------------- damage


def cut_to(size: int) -> Callable[[Path], None]:
    def damage(path: Path) -> None:
        path.write_bytes(path.read_bytes()[:size])

    damage.__name__ = f"cut to {size}"
    return damage


def a_text(path: Path) -> None:
    path.write_text("Lead,Note\n" * 1000)


def noughts(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


def foreign_database(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE bookmarks (url TEXT)")
    connection.close()


def foreign_facts(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE facts (animal TEXT, legs INTEGER)")
    connection.close()


def execute(*statements: str) -> Callable[[Path], None]:
    def damage(path: Path) -> None:
        with sqlite3.connect(path) as connection:
            for statement in statements:
                connection.execute(statement)
        connection.close()

    damage.__name__ = statements[-1]
    return damage


DAMAGES = (
    *(cut_to(size) for size in (0, 1, 15, 16, 99, 100, 101, 512, 1024, 4095, 4096, 4097, 8192, 20480, 40000)),
    a_text,
    noughts,
    foreign_database,
    foreign_facts,
    execute("DROP TABLE rows"),
    execute("DROP TABLE held"),
    execute("DROP TABLE activities"),
    execute("ALTER TABLE rows RENAME COLUMN outcome TO outc0me"),
    execute("DELETE FROM facts WHERE name = 'schema_version'"),
    execute("UPDATE facts SET value = 'one' WHERE name = 'schema_version'"),
    execute("UPDATE facts SET value = '-1' WHERE name = 'schema_version'"),
)


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_a_damaged_ledger_is_refused_and_left_as_it_is(used: Path, damage: Callable[[Path], None]) -> None:
    """What is not a whole ledger of ours is never written to, and never taken for a new one."""
    path = used / LEDGER
    damage(path)
    before = path.read_bytes()
    with pytest.raises(LedgerDamaged) as refused:
        read_all(used)
    assert refused.value.exit_code == ExitCode.INTEGRITY
    assert "backup" in refused.value.remedy
    assert path.read_bytes() == before


def test_flipped_bits_are_noticed_or_make_no_difference_to_the_order_of_things(used: Path) -> None:
    """A flipped bit either is noticed as damage, or leaves a ledger that can be read, with every row in it."""
    whole = (used / LEDGER).read_bytes()
    expected = [each.row for each in read_all(used)[0]]  # type: ignore[attr-defined]  # a list of results
    chance = random.Random(11)  # noqa: S311
    noticed = 0
    for _ in range(150):
        flipped = bytearray(whole)
        flipped[chance.randrange(len(flipped))] ^= 1 << chance.randrange(8)
        (used / LEDGER).write_bytes(flipped)
        try:
            rows = [each.row for each in read_all(used)[0]]  # type: ignore[attr-defined]
        except (LedgerError, ValueError):  # ValueError: a word within a text, such as an outcome that there is not
            noticed += 1
        else:
            assert len(rows) == len(expected)
    assert noticed > 5


def test_a_ledger_of_a_later_version_is_refused(used: Path) -> None:
    """A ledger that a newer program has written is left alone, with the advice to update."""
    execute("UPDATE facts SET value = '2' WHERE name = 'schema_version'")(used / LEDGER)
    with pytest.raises(LedgerTooNew, match="newer version") as refused, ledger_in(used):
        pass
    assert refused.value.exit_code == ExitCode.INTEGRITY


# ------------------------------------------------------------------------------------------------------ the salt


def test_a_ledger_without_its_salt_is_refused(used: Path) -> None:
    """Without the salt no earlier row could be recognised, and all would be sent again."""
    (used / SALT).unlink()
    with pytest.raises(SaltMissing) as refused, ledger_in(used):
        pass
    assert refused.value.exit_code == ExitCode.INTEGRITY
    assert not (used / SALT).exists()


@pytest.mark.parametrize("salt", [b"", b"x", bytes(31), bytes(32), bytes(33), bytes(64), bytes(65), bytes(5000)])
def test_a_ledger_with_another_salt_is_refused(used: Path, salt: bytes) -> None:
    """A salt that the ledger's keys were not made with is as bad as none, whatever its length."""
    (used / SALT).write_bytes(salt)
    with pytest.raises(SaltMissing), ledger_in(used):
        pass
    assert (used / SALT).read_bytes() == salt


def test_a_salt_that_was_put_back_is_taken(used: Path) -> None:
    """With the right salt in place everything is as before."""
    before = read_all(used)
    salt = (used / SALT).read_bytes()
    (used / SALT).unlink()
    with pytest.raises(SaltMissing), ledger_in(used):
        pass
    (used / SALT).write_bytes(salt)
    assert read_all(used) == before


def test_a_ledger_that_was_moved_away_begins_anew_with_the_same_salt(used: Path) -> None:
    """Whoever follows the advice after damage has an empty ledger, whose keys are those of the old one."""
    salt = (used / SALT).read_bytes()
    (used / LEDGER).unlink()
    with ledger_in(used) as ledger:
        assert ledger.salt == salt
        assert ledger.runs.all() == []


@pytest.mark.parametrize("left", [b"", bytes(7)])
def test_a_salt_that_was_cut_at_the_very_first_start_is_made_anew(tmp_path: Path, left: bytes) -> None:
    """A power cut before the first salt was on disk does not leave a ledger without one for ever."""
    tmp_path.joinpath(SALT).write_bytes(left)
    with ledger_in(tmp_path) as ledger:
        assert len(ledger.salt) == 32
        assert not ledger.salt.startswith(bytes(7))
        assert tmp_path.joinpath(SALT).read_bytes() == ledger.salt


# ---------------------------------------------------------------------------------- a ledger that takes no more


@pytest.fixture
def working(tmp_path: Path) -> Iterator[Work]:
    """A run at work, with rows that wait and a call in flight."""
    with ledger_in(tmp_path) as ledger:
        work = a_run(ledger)
        planned = work.planned(500)
        work.journal.intend(chunk(1, planned[:25]), 1)
        yield work


def fill_disk(work: Work) -> None:
    """Lets the database grow no more."""
    with work.ledger.engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1")  # SQLite makes it the number of pages there are


def make_room(work: Work) -> None:
    with work.ledger.engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 100000")


def big_chunk(number: int, first: int) -> Chunk:
    """A chunk whose rows need much room."""
    return chunk(number, [replace(activity(ordinal), body=b"x" * 20_000) for ordinal in range(first, first + 25)])


def test_a_full_disk_stops_before_the_call(working: Work) -> None:
    """An intent that can't be written down is told in plain words, and leaves its rows waiting."""
    fill_disk(working)
    load = big_chunk(2, 25)
    before = working.outcomes()
    with pytest.raises(LedgerStuck, match="full") as stuck:
        working.journal.intend(load, 1)
    assert stuck.value.exit_code == ExitCode.STOPPED_EARLY
    assert "INSERT" not in str(stuck.value)
    assert working.outcomes() == before
    make_room(working)
    working.journal.intend(load, 1)
    assert working.outcomes()[25:50] == ["unknown"] * 25


def test_damage_that_is_met_on_the_way_is_damage(working: Work, tmp_path: Path) -> None:
    """Pages that were spoilt after the ledger was opened are told as damage, with exit code 4."""
    path = tmp_path / LEDGER
    spoilt = bytearray(path.read_bytes())
    spoilt[8192:] = b"\xa5" * (len(spoilt) - 8192)
    path.write_bytes(spoilt)
    with working.ledger.engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA shrink_memory")  # or it would not read them anew
    with pytest.raises(LedgerDamaged) as damaged:
        working.outcomes()
    assert damaged.value.exit_code == ExitCode.INTEGRITY
    assert "SELECT" not in str(damaged.value)


def test_a_mistake_in_our_own_sql_is_not_called_damage(working: Work) -> None:
    """What only a bug can cause is raised as it is."""
    with pytest.raises(Exception, match="no such table") as raised, working.ledger.engine.begin() as connection:
        connection.exec_driver_sql("SELECT * FROM nowhere")
    assert not isinstance(raised.value, ImporterError)
    with pytest.raises(Exception, match="UNIQUE") as raised:
        working.journal.intend(chunk(1, []), 1)
    assert not isinstance(raised.value, ImporterError)


def test_two_ledgers_can_be_open_in_one_process(tmp_path: Path) -> None:
    """Opening one ledger has no effect on another."""
    with ledger_in(tmp_path / "a") as first, ledger_in(tmp_path / "b") as second:
        work = a_run(first)
        work.send(1, work.planned(1))
        assert second.runs.all() == []
        assert work.lines()[0][4] == activity_id(0)


def test_a_copied_folder_is_the_same_ledger(used: Path, tmp_path: Path) -> None:
    """Database and salt together are all there is to a ledger."""
    shutil.copytree(used, tmp_path / "copy")
    assert read_all(tmp_path / "copy") == read_all(used)


def test_an_open_ledger_lets_go_of_its_file(tmp_path: Path) -> None:
    """After it was closed the ledger's file can be moved, also where open files can't be."""
    with open_ledger(tmp_path, Calendar()) as ledger:
        work = a_run(ledger)
        load = chunk(1, work.planned(1))
        work.journal.intend(load, 1)
        work.journal.settle(load, 1, receipts(load))
    (tmp_path / LEDGER).rename(tmp_path / "moved")
    assert ledger.salt == (tmp_path / SALT).read_bytes()


def test_a_ledger_of_the_first_days(used: Path) -> None:
    """What later versions have added is added to it, and it tells the same as before."""
    with ledger_in(used) as ledger:
        work = a_run(ledger, "calls.csv")
        work.ledger.runs.finish(work.run, 0, 1.0, still_open=False)
        before = [(run.whole, run.open, list(ledger.view(run).results())) for run in ledger.runs.all()]
        assert [(whole, is_open) for whole, is_open, _ in before] == [(True, False), (False, True)]
    with closing(sqlite3.connect(used / LEDGER)) as connection, connection:
        for column in ADDED_LATER:
            connection.execute(f"ALTER TABLE {column.table.name} DROP COLUMN {column.name}")
        for table in METADATA.tables.values():
            if table not in FROM_THE_FIRST:
                connection.execute(f"DROP TABLE {table.name}")
    (used / MARK).unlink()
    with ledger_in(used) as ledger:
        assert [(run.whole, run.open, list(ledger.view(run).results())) for run in ledger.runs.all()] == before


@pytest.mark.parametrize("column", NEVER_ADDED, ids=str)
def test_a_ledger_that_lacks_too_much_is_called_old_and_not_damaged(used: Path, column: Column[object]) -> None:
    """What can't be made up for is told as what it is, and the ledger is left as it was."""
    execute(f"ALTER TABLE {column.table.name} DROP COLUMN {column.name}")(used / LEDGER)
    before = (used / LEDGER).read_bytes()
    with pytest.raises(LedgerTooOld, match=f"another version.*{column}") as refused, ledger_in(used):
        pass
    assert "damaged" not in str(refused.value)
    assert (used / LEDGER).read_bytes() == before


def test_what_a_newer_version_adds_does_no_harm(used: Path) -> None:
    """Of the same scheme, a ledger may have more tables and columns than this version knows."""
    before = read_all(used)
    execute("CREATE TABLE later (x INTEGER)", "ALTER TABLE runs ADD COLUMN later TEXT")(used / LEDGER)
    assert read_all(used) == before


def test_a_ledger_knows_that_it_is_new(tmp_path: Path) -> None:
    """It says so when it is made, and never again."""
    for new in (True, False):
        with ledger_in(tmp_path) as ledger:
            assert ledger.is_new is new
