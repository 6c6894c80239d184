"""What is said while a run is under way."""

import io

import pytest

from importer.reporting.progress import ProgressBar


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.0, "a moment"),
        (0.04, "a moment"),
        (0.3, "0.3 s"),
        (0.9, "0.9 s"),
        (0.96, "1 s"),
        (5.2, "5 s"),
        (60.0, "60 s"),
    ],
)
def test_nobody_waits_for_no_seconds(seconds: float, words: str) -> None:
    """Less than a second is told as such."""
    screen = io.StringIO()
    ProgressBar(screen, None, shown=False, verbose=False, quiet=False).paused(seconds, "HTTP 429")
    assert screen.getvalue() == f"lsq-import: waiting {words}: HTTP 429\n"
