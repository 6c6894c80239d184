"""Why rows were refused or are in doubt, as a screen shows it."""

import pytest

from importer.blocks import Place
from importer.codes.rows import Code
from importer.records import Outcome, RowResult
from importer.reporting.console import reason_lines
from importer.reporting.reasons import MOST_GROUPS, Reasons

PLACE = Place("visits.csv")


def lines(*messages: str, outcome: Outcome = Outcome.REJECTED, code: str = Code.LSQ_REJECTED) -> list[str]:
    """What is shown of rows with these messages, blank lines aside."""
    reasons = Reasons()
    for row, message in enumerate(messages, 2):
        reasons.add(RowResult(PLACE, row, outcome, code=code, message=message))
    return [line.strip() for line in reason_lines(reasons.of(outcome), "results.csv") if line]


def test_equal_words_are_told_once_with_places_the_most_frequent_first() -> None:
    """Five rows are refused, four of them alike; the remedy, which is the same, stands once."""
    shown = lines("No such owner", *["No such lead"] * 4)
    assert shown[:-1] == [
        "4 rows: No such lead",
        "visits.csv, row 3",
        "visits.csv, row 4",
        "visits.csv, row 5",
        "and 1 more, all in results.csv",
        "1 row: No such owner",
        "visits.csv, row 2",
    ]
    assert shown[-1].startswith("→ The message is LeadSquared's own.")


@pytest.mark.parametrize(
    ("messages", "words"),
    [
        (["No lead 'Asha'", "No lead 'Ravi'"], "No lead …"),
        (["No lead a@example.com", "No lead b@example.com"], "No lead …"),
        (["Row 1 is bad", "Row 12 is bad"], "Row … is bad"),
        (
            ["2bf6a491-c144-4ac9-90f9-f52b6fc44413 is gone", "3bf6a491-c144-4ac9-90f9-f52b6fc44413 is gone"],
            "… is gone",
        ),
        (["No lead 'Asha'", "No lead 'Asha'"], "No lead 'Asha'"),
    ],
)
def test_what_differs_from_row_to_row_is_left_out(messages: list[str], words: str) -> None:
    """Names, addresses, ids and numbers of single rows don't make groups of their own, and are not shown for others."""
    assert lines(*messages)[0] == f"2 rows: {words}"


def test_names_of_fields_tell_faults_apart() -> None:
    """Two fields that are too long are two faults."""
    shown = lines("mx_Custom_1 is too long", "mx_Custom_2 is too long", "'mx_Custom_3' is too long")
    assert [line for line in shown if line.startswith("1 row")] == [
        "1 row: mx_Custom_1 is too long",
        "1 row: mx_Custom_2 is too long",
        "1 row: 'mx_Custom_3' is too long",
    ]


def test_what_leadsquared_says_is_shown_cut_and_without_power_over_the_terminal() -> None:
    """Escapes, marks that turn the writing round, and long texts do no harm."""
    (first, *_) = lines("\x1b[2J\u202eGone\r\n" + "x" * 400)
    assert len(first) <= 210
    assert first.isprintable()
    assert first.endswith("…")


def test_five_reasons_are_enough() -> None:
    """How many there are besides is told, and where."""
    words = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta"]
    shown = lines(*words)
    assert sum(line.startswith("1 row") for line in shown) == 5
    assert shown[-1] == "and 2 other reasons, all in results.csv"


def test_a_row_without_words_is_told_by_its_code() -> None:
    """A row in doubt whose cause was not noted."""
    shown = lines("", outcome=Outcome.UNKNOWN, code=Code.QUEUED)
    assert shown[0] == "1 row: was accepted into LeadSquared's queue, which has not come to it yet"


def test_other_words_for_each_row_dont_fill_the_memory() -> None:
    """What comes after a thousand reasons is counted as one."""
    letters = "".join(map(chr, range(0x4E00, 0x4E00 + MOST_GROUPS + 500)))
    shown = lines(*letters)
    assert shown[0] == "500 rows: other words for each"
