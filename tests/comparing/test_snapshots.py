"""Snapshots of accounts."""

import json
import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from importer.comparing.snapshots import Snapshot, SnapshotUnusable
from importer.leadsquared.account.facts import AccountFacts

from .accounts import FACTS

SNAPSHOT = Snapshot(1, "api-in21.leadsquared.com", "ACME", "Asia/Kolkata", datetime(2026, 11, 20, tzinfo=UTC), FACTS)


def test_a_snapshot_comes_back_as_it_was(tmp_path: Path) -> None:
    """All that the account told, and what it did not tell, is in the file."""
    path = tmp_path / "account.json"
    SNAPSHOT.save(path)
    assert Snapshot.load(path) == SNAPSHOT
    bare = Snapshot(1, "sandbox", "", "", SNAPSHOT.taken_at, AccountFacts(untold=("no rights",)))
    bare.save(path)
    assert Snapshot.load(path) == bare
    assert [entry.name for entry in tmp_path.iterdir()] == ["account.json"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_a_snapshot_is_for_its_owner_only(tmp_path: Path) -> None:
    """It holds e-mail addresses of users."""
    SNAPSHOT.save(tmp_path / "account.json")
    assert stat.S_IMODE((tmp_path / "account.json").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("content", "words"),
    [(None, "No such file"), ("{", "not a snapshot"), ("[]", "not a snapshot"), ('{"version":1}', "not a snapshot")],
)
def test_what_is_no_snapshot_is_refused(content: str | None, words: str, tmp_path: Path) -> None:
    """Nothing is guessed of a file of another kind."""
    path = tmp_path / "account.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(SnapshotUnusable, match=words):
        Snapshot.load(path)


def test_another_version_is_refused(tmp_path: Path) -> None:
    """A snapshot of a later version may mean something else."""
    path = tmp_path / "account.json"
    SNAPSHOT.save(path)
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | {"version": 2}), encoding="utf-8")
    with pytest.raises(SnapshotUnusable, match="version 2"):
        Snapshot.load(path)


def test_a_snapshot_that_can_t_be_written_is_told(tmp_path: Path) -> None:
    """A folder that is not there."""
    with pytest.raises(SnapshotUnusable):
        SNAPSHOT.save(tmp_path / "nowhere" / "account.json")
