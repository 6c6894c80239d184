"""What the terminal says of one row and of many."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from importer.records import Outcome
from importer.reporting.console import closing_table, rehearsal_table
from importer.reporting.summary import Summary


def summary(counts: dict[Outcome, int]) -> Summary:
    """A run with these outcomes."""
    now = datetime(2025, 12, 28, tzinfo=UTC)
    return Summary("r", "m", (), "", now, now, counts, 0, 0, 0.0, {}, 1, ["results.csv"])


@pytest.mark.parametrize(
    ("count", "rehearsed", "closed"),
    [
        (1, "1 has mistakes", {"has mistakes", "is in LeadSquared now", "was refused", "has not had its turn"}),
        (4, "4 have mistakes", {"have mistakes", "are in LeadSquared now", "were refused", "have not had their turn"}),
    ],
)
def test_one_row_is_spoken_of_as_one(count: int, rehearsed: str, closed: set[str]) -> None:
    """One row has mistakes, four have."""
    counts = dict.fromkeys(Outcome, count)
    assert rehearsed in next(rehearsal_table(summary(counts), Path(), []))
    lines = "\n".join(closing_table(summary(counts), Path()))
    assert [words for words in closed if words not in lines] == []
