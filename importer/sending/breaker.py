"""When going on is pointless: everything fails, or fails alike."""

import re
from dataclasses import dataclass
from typing import Final

from importer.errors.base import ImporterError, StoppedEarly
from importer.records import Receipt

CALLS_IN_A_ROW: Final = 5
"""Calls that fail one after the other, with a repetition among them, before sending stops."""

CALLS_AT_MOST: Final = 25
"""The same without a repetition: calls for one row each are not repeated soon enough to wait for it."""

ROWS_IN_A_ROW: Final = 75
"""Rows that are refused in the same words, one after the other, before sending stops."""

_VARYING: Final = re.compile(r"'[^']*'|\"[^\"]*\"|[0-9a-fA-F-]{8,}|\d+|\S+@\S+")


class FailingAlike(StoppedEarly):
    """LeadSquared refuses everything in the same words."""

    code = "failing-alike"

    def __init__(self, words: str) -> None:
        super().__init__(
            f"Stopped: LeadSquared refuses row after row in the same words: {words}.",
            "Mend the cause (an activity type that is gone, a renamed field, leads of another account); "
            "then run the same command again, and it goes on where it stopped. The rows that were refused go with "
            "`lsq-import retry`.",
        )


class FailingAlways(StoppedEarly):
    """No call goes through."""

    code = "failing-always"

    def __init__(self, cause: str) -> None:
        super().__init__(
            f"Stopped: call after call failed, the last one so: {cause}.",
            "LeadSquared may be in trouble. Later, run the same command again; it goes on where it stopped, and "
            "nothing is sent twice.",
        )


class TooMuchInDoubt(StoppedEarly):
    """Rows in doubt can't be looked up, so no more of them are risked."""

    code = "too-much-in-doubt"

    def __init__(self, rows: int) -> None:
        super().__init__(
            f"Stopped: {rows} rows are in doubt, and looking them up shows nothing that can be relied on.",
            "Check that the user of the keys may see the activities of all leads; then run the same command again.",
        )


@dataclass(slots=True)
class Breaker:
    """Counts what fails in a row; whatever is created begins the count anew."""

    _calls: int = 0
    _repeated: bool = False
    _words: str = ""
    """What all of them have in common, if it is LeadSquared's own words."""
    _rows: int = 0
    _row_words: str = ""

    def receipts(self, receipts: tuple[Receipt, ...]) -> ImporterError | None:
        """A call brought receipts. Returns why to stop, if it is time to."""
        self._calls = 0
        for receipt in receipts:
            if receipt.created:
                self._rows = 0
                continue
            words = _general(receipt.message)
            self._rows = self._rows + 1 if words == self._row_words else 1
            self._row_words = words
        if self._rows >= ROWS_IN_A_ROW:
            return FailingAlike(receipts[-1].message)
        return None

    def created(self) -> None:
        """Rows turned out to have been created after all."""
        self._calls = self._rows = 0

    def failed(self, words: str, *, refused: bool, repeated: bool) -> ImporterError | None:
        """A whole call failed. Returns why to stop, if it is time to.

        :param refused: whether the words are LeadSquared's own.
        :param repeated: whether its rows had been sent before.
        """
        general = _general(words) if refused else ""
        if self._calls == 0:
            self._words, self._repeated = general, False
        elif general != self._words:
            self._words = ""
        self._calls += 1
        self._repeated = self._repeated or repeated
        if self._calls >= CALLS_AT_MOST or (self._calls >= CALLS_IN_A_ROW and self._repeated):
            return FailingAlike(words) if self._words else FailingAlways(words)
        return None


def _general(words: str) -> str:
    """Words without what differs from row to row: numbers, ids, addresses, and what stands in quotation marks."""
    return _VARYING.sub("…", words)
