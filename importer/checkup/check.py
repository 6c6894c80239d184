"""What came out of one check."""

from dataclasses import dataclass
from enum import StrEnum

from importer.errors.base import ImporterError


class Verdict(StrEnum):
    """How things are."""

    OK = "ok"
    WARNING = "warning"
    """An import works, or may; somebody should know."""
    PROBLEM = "problem"
    """An import would not start, or not do what is meant."""


@dataclass(frozen=True, slots=True)
class Check:
    """One line of a check-up."""

    name: str
    """What was looked at: `keys`, `clock`."""
    verdict: Verdict
    sentence: str
    remedy: str = ""
    """What to do; empty if there is nothing to do."""


def fine(name: str, sentence: str) -> Check:
    """All is well."""
    return Check(name, Verdict.OK, sentence)


def warning(name: str, sentence: str, remedy: str = "") -> Check:
    """Somebody should know."""
    return Check(name, Verdict.WARNING, sentence, remedy)


def problem(name: str, sentence: str, remedy: str = "") -> Check:
    """An import would not start, or go wrong."""
    return Check(name, Verdict.PROBLEM, sentence, remedy)


def failed(name: str, error: ImporterError) -> Check:
    """What an error says, as a check."""
    return Check(name, Verdict.PROBLEM, error.sentence, error.remedy)
