"""What leaves the program when a command ends it in its own way."""

import sys

import pytest

from importer.cli.edge import at_the_edge


@pytest.mark.parametrize(
    ("said", "code", "shown"), [("no room for that", 1, "no room for that\n"), (None, 0, ""), (3, 3, ""), (0, 0, "")]
)
def test_who_leaves_with_a_text_has_failed(
    said: str | int | None, code: int, shown: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """As everywhere in Python: the text goes to standard error and the exit code is 1; without one it is 0."""
    assert at_the_edge(lambda: sys.exit(said)) == code
    assert capfd.readouterr().err == shown
