"""Which exit code a run ends with: the graver one wins."""

from pathlib import Path

import pytest

from importer.closing import exit_code_of
from importer.errors.base import ExitCode, ImporterError, StoppedEarly
from importer.ledger.faults import LedgerDamaged
from importer.records import Outcome

DAMAGED = LedgerDamaged(Path("ledger.sqlite"), "a page is not readable")
STOPPED = StoppedEarly("Stopped.", "Run it again.")


@pytest.mark.parametrize(
    ("outcome", "trouble", "asked", "sound", "unfinished", "code"),
    [
        (Outcome.CREATED, None, None, True, False, ExitCode.OK),
        (Outcome.DUPLICATE, None, None, True, False, ExitCode.OK),
        (Outcome.INVALID, None, None, True, False, ExitCode.ROWS_FAILED),
        (Outcome.REJECTED, None, None, True, False, ExitCode.ROWS_FAILED),
        (Outcome.REJECTED, None, None, True, True, ExitCode.STOPPED_EARLY),
        (Outcome.REJECTED, None, ExitCode.INTERRUPTED, True, True, ExitCode.INTERRUPTED),
        (Outcome.REJECTED, STOPPED, ExitCode.INTERRUPTED, True, True, ExitCode.STOPPED_EARLY),
        (Outcome.UNKNOWN, STOPPED, ExitCode.INTERRUPTED, True, True, ExitCode.ROWS_UNKNOWN),
        (Outcome.UNKNOWN, DAMAGED, ExitCode.INTERRUPTED, True, True, ExitCode.INTEGRITY),
        (Outcome.UNKNOWN, STOPPED, ExitCode.INTERRUPTED, False, True, ExitCode.INTEGRITY),
    ],
)
def test_the_graver_code_wins(
    outcome: Outcome,
    trouble: ImporterError | None,
    asked: ExitCode | None,
    sound: bool,
    unfinished: bool,
    code: ExitCode,
) -> None:
    """Integrity before rows in doubt, those before a stop, a stop before a signal, a signal before rows that failed."""
    counts = dict.fromkeys(Outcome, 0) | {outcome: 3}
    assert exit_code_of(counts, trouble, asked, sound=sound, unfinished=unfinished) is code
