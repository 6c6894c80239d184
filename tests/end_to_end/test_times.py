"""Times on the terminal: they are UTC, wherever the terminal stands, and say so."""

import re
import time
from collections.abc import Iterator

import pytest

from importer.cli.listing import TableListing
from tests.conftest import ROOT, Command


@pytest.fixture
def far_away(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A computer in Kiritimati, 14 hours ahead of UTC."""
    if not hasattr(time, "tzset"):
        pytest.skip("Windows has its zone elsewhere")
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("far_away")
def test_the_history_says_that_its_times_are_utc(lsq_import: Command) -> None:
    """So does the id of a run, which has the same time in it."""
    sample = ("run", ROOT / "sample_data" / "store_visits.csv", "-m", ROOT / "mappings" / "store-visits.yaml")
    before = time.gmtime()
    lsq_import(*sample, "--sandbox", "--limit", "5")
    (line,) = lsq_import("runs").out.splitlines()
    run_id, shown = re.fullmatch(r"(\S+)  (\d{4}-\d\d-\d\d \d\d:\d\d) UTC  .*", line).groups()  # type: ignore[union-attr]
    assert time.strftime("%Y-%m-%d %H", before) <= shown[:13] <= time.strftime("%Y-%m-%d %H", time.gmtime())
    assert run_id.startswith(shown.replace("-", "").replace(" ", "-").replace(":", ""))
    assert "UTC" in lsq_import("runs", "--help").out


def test_a_listed_activity_says_so_too() -> None:
    """LeadSquared tells when it was in UTC; one without a time has none."""
    dated, undated = {"Id": "1", "CreatedOn": "2026-03-02 10:00:00"}, {"Id": "2"}
    lines = list(TableListing(several_leads=False).lead("a", [dated, undated]))
    assert lines[0].startswith("2026-03-02 10:00:00 UTC  ")
    assert "UTC" not in lines[2]
