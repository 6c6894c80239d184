"""A mapping is changed after rows were imported: they would all be created again, so somebody has to be asked."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.conftest import Command
from tests.fake_lsq import FakeLsq, fake_lsq
from tests.rows import HEADER, MAPPING, visit, write_csv

RUN = ("run", "visits.csv", "-m", "visits.yaml")
OTHER_NOTE = MAPPING.replace("{Store Code}: {Remarks}", "{Store Code} - {Remarks}")
BY_COLUMNS = "duplicates: {key: [Lead ID, Visit Date]}\n"


def rows(folder: Path, first: int, last: int) -> None:
    """The visits of these numbers."""
    write_csv(folder / "visits.csv", [visit(number) for number in range(first, last + 1)])


def mapping(folder: Path, text: str) -> None:
    """The mapping as it is from now on."""
    (folder / "visits.yaml").write_text(text, encoding="utf-8")


@pytest.fixture
def fake(request: pytest.FixtureRequest, lsq_import: Command, tmp_path: Path) -> Iterator[FakeLsq]:
    """An account with thirty visits that were imported, by the plain mapping unless a test names another one."""
    rows(tmp_path, 1, 30)
    mapping(tmp_path, getattr(request, "param", MAPPING))
    with fake_lsq() as account:
        assert lsq_import(*RUN, env=account.env).code == 0
        yield account


def forget_meanings(fake: FakeLsq) -> None:
    """As ledgers of earlier versions are."""
    state = Path(fake.env.get("LSQ_STATE_DIR") or os.environ["LSQ_STATE_DIR"])
    with closing(sqlite3.connect(state / "ledger.sqlite")) as ledger, ledger:
        ledger.execute("UPDATE runs SET options = json_remove(options, '$.meanings')")


def test_rows_of_which_the_mapping_makes_others_are_not_created_again(
    lsq_import: Command, tmp_path: Path, fake: FakeLsq
) -> None:
    """The same file with another note: it stops before the first call, says how many rows there are; --yes goes on."""
    mapping(tmp_path, OTHER_NOTE)
    stopped = lsq_import(*RUN, env=fake.env)
    assert (stopped.code, len(fake.activities)) == (2, 30)
    assert "[imported-otherwise]" in stopped.err
    assert "30 rows of visits.csv went to the account with run 2" in stopped.err
    assert "all would be created again" in stopped.err
    assert "Put the mapping back as it was" in stopped.err
    assert "all would be created again" in lsq_import(*RUN, "--dry-run", env=fake.env).err
    confirmed = lsq_import(*RUN, "--yes", env=fake.env)
    assert (confirmed.code, len(fake.activities)) == (0, 60)
    assert "all would be created again" in confirmed.err
    assert lsq_import(*RUN, env=fake.env).code == 0, "what was confirmed is how it is from now on"
    mapping(tmp_path, MAPPING)
    assert lsq_import(*RUN, env=fake.env).code == 0, "these rows are there in both ways"
    assert len(fake.activities) == 60


def test_a_run_that_was_not_finished_counts_as_well(lsq_import: Command, tmp_path: Path) -> None:
    """Ten of thirty rows are there; with the other mapping they would be there twice."""
    mapping(tmp_path, MAPPING)
    rows(tmp_path, 1, 30)
    with fake_lsq() as fake:
        assert lsq_import(*RUN, "--limit", "10", env=fake.env).code == 0
        mapping(tmp_path, OTHER_NOTE)
        stopped = lsq_import(*RUN, env=fake.env)
        assert (stopped.code, len(fake.activities)) == (2, 10)
        assert "10 rows of visits.csv went" in stopped.err


@pytest.mark.parametrize(
    ("fake", "after"),
    [
        (MAPPING, "# a remark\n" + MAPPING.replace("name: visits", "name: store visits")),
        (MAPPING + BY_COLUMNS, OTHER_NOTE + BY_COLUMNS),
    ],
    ids=["a remark", "columns make rows the same"],
    indirect=["fake"],
)
def test_a_change_that_leaves_rows_what_they_are_is_none(
    after: str, lsq_import: Command, tmp_path: Path, fake: FakeLsq
) -> None:
    """Where the same is posted, or columns are named that make rows the same, every row is recognised."""
    mapping(tmp_path, after)
    again = lsq_import(*RUN, env=fake.env)
    assert (again.code, len(fake.activities)) == (0, 30)
    assert "created again" not in again.err


def test_a_file_that_has_grown_is_told_of(lsq_import: Command, tmp_path: Path, fake: FakeLsq) -> None:
    """Tonight's export begins with the leads of the last one; they may be new rows of theirs, so it only tells."""
    rows(tmp_path, 1, 35)
    mapping(tmp_path, OTHER_NOTE)
    told = lsq_import(*RUN, env=fake.env)
    assert (told.code, len(fake.activities)) == (0, 65)
    assert "the mapping has changed since run 2" in told.err
    assert "which has created 30 rows of visits.csv" in told.err
    rows(tmp_path, 1, 36)
    assert "has changed since" not in lsq_import(*RUN, env=fake.env).err, "once is enough"


def test_an_upgrade_is_no_change(lsq_import: Command, tmp_path: Path, fake: FakeLsq) -> None:
    """A ledger that does not tell what rows were taken for tells nothing of other files, and is right of the same."""
    forget_meanings(fake)
    assert lsq_import(*RUN, env=fake.env).code == 0
    forget_meanings(fake)
    rows(tmp_path, 1, 35)
    grown = lsq_import(*RUN, env=fake.env)
    assert "has changed since" not in grown.err
    mapping(tmp_path, OTHER_NOTE)
    rows(tmp_path, 1, 30)
    assert (lsq_import(*RUN, env=fake.env).code, len(fake.activities)) == (2, 35)


def test_the_mapping_file_is_known_by_where_it_is(lsq_import: Command, tmp_path: Path, fake: FakeLsq) -> None:
    """However its path is spelt; and a file that was imported two nights ago is known as well."""
    mapping(tmp_path, OTHER_NOTE)
    for spelt in ("./visits.yaml", str(tmp_path / "visits.yaml")):
        stopped = lsq_import("run", "visits.csv", "-m", spelt, env=fake.env)
        assert (stopped.code, len(fake.activities)) == (2, 30)
    rows(tmp_path, 31, 60)
    assert lsq_import(*RUN, env=fake.env).code == 0
    rows(tmp_path, 1, 30)
    assert (lsq_import(*RUN, env=fake.env).code, len(fake.activities)) == (2, 60)


def test_another_sheet_has_other_rows(lsq_import: Command, tmp_path: Path) -> None:
    """Sheets of one workbook are as different as files are."""
    book = Workbook()
    for name, first in (("Jan", 1), ("Feb", 31)):
        sheet = book.create_sheet(name)
        sheet.append(HEADER)
        for number in range(first, first + 30):
            sheet.append(list(visit(number).values()))
    book.save(tmp_path / "visits.xlsx")
    mapping(tmp_path, MAPPING)
    with fake_lsq() as fake:
        assert lsq_import("run", "visits.xlsx", "-m", "visits.yaml", "--sheet", "Jan", env=fake.env).code == 0
        mapping(tmp_path, OTHER_NOTE)
        assert lsq_import("run", "visits.xlsx", "-m", "visits.yaml", "--sheet", "Feb", env=fake.env).code == 0
        assert lsq_import("run", "visits.xlsx", "-m", "visits.yaml", "--sheet", "Jan", env=fake.env).code == 2
        assert len(fake.activities) == 60


def test_a_file_with_other_rows_under_the_same_name_is_imported(
    lsq_import: Command, tmp_path: Path, fake: FakeLsq
) -> None:
    """Each night's export may hold nothing but new rows; then the mapping may change."""
    rows(tmp_path, 31, 60)
    mapping(tmp_path, OTHER_NOTE)
    again = lsq_import(*RUN, env=fake.env)
    assert (again.code, len(fake.activities)) == (0, 60)
    assert "created again" not in again.err


def test_another_mapping_may_mean_another_activity_of_each_row(
    lsq_import: Command, tmp_path: Path, fake: FakeLsq
) -> None:
    """One sheet may feed two mappings: two activities of one type are told of, another type goes without saying."""
    (tmp_path / "same.yaml").write_text(OTHER_NOTE, encoding="utf-8")
    (tmp_path / "other.yaml").write_text(MAPPING.replace("event: 201", "event: 202"), encoding="utf-8")
    for night in (1, 2):
        same = lsq_import("run", "visits.csv", "-m", "same.yaml", env=fake.env)
        other = lsq_import("run", "visits.csv", "-m", "other.yaml", env=fake.env)
        assert ("Now it is another mapping" in same.err) == (night == 1)
        assert "created again" not in other.err
        assert (same.code, other.code, len(fake.activities)) == (0, 0, 90)


def test_another_encoding_makes_other_texts_of_the_same_bytes(lsq_import: Command, tmp_path: Path) -> None:
    """The same file read in two ways is posted in two ways."""
    text = "Lead ID,Visit Date,Store Code,Remarks,Owner Email,Amount,Stage,Phone\n"
    text += f"{visit(1)['Lead ID']},01/02/2025 10:00,0001,Caf\xe9,user1@example.com,1.5,won,\n"
    (tmp_path / "visits.csv").write_bytes(text.encode("cp1252"))
    mapping(tmp_path, MAPPING)
    with fake_lsq() as fake:
        assert lsq_import(*RUN, "--encoding", "cp1252", env=fake.env).code == 0
        stopped = lsq_import(*RUN, "--encoding", "cp1251", env=fake.env)
        assert (stopped.code, len(fake.activities)) == (2, 1)
        assert "1 row of visits.csv went" in stopped.err


def test_who_wants_all_again_or_only_rehearses_is_not_asked(lsq_import: Command, tmp_path: Path, fake: FakeLsq) -> None:
    """--allow-duplicates says it already; the stand-in is there for trying, and is only told of."""
    mapping(tmp_path, OTHER_NOTE)
    assert lsq_import(*RUN, "--allow-duplicates", env=fake.env).code == 0
    assert len(fake.activities) == 60
    mapping(tmp_path, MAPPING)
    assert lsq_import(*RUN, "--sandbox").code == 0
    mapping(tmp_path, OTHER_NOTE)
    assert lsq_import(*RUN, "--sandbox").code == 0
