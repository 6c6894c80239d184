"""Everything that can stop a command, and what each tells the person who can mend it.

ImporterError
├── UsageError              2   the command line or a setting is wrong
├── MappingError            2   the mapping file has faults, all of them listed      mappings.py
├── MappingUnreadable       2   there is no mapping file to speak of                 mappings.py
├── SourceError             2   a source can't be read, or not safely                sources.py
├── ConfigurationError      2   keys, host or profile are missing or wrong
├── StoppedEarly            5   credentials refused, quota used up, service down
├── LedgerError             4   the ledger is damaged or not ours
└── LedgerBusy             75   another run holds the ledger

A class builds its sentence from facts; no message is written where it is raised. Faults of single rows are no
exceptions but values: see records.Issue. What each code means stands in codes/.
"""

from collections.abc import Sequence
from difflib import get_close_matches
from enum import IntEnum
from typing import ClassVar, Final


class ExitCode(IntEnum):
    """The exit codes of every command."""

    OK = 0
    ROWS_FAILED = 1
    NOT_STARTED = 2
    ROWS_UNKNOWN = 3
    INTEGRITY = 4
    STOPPED_EARLY = 5
    LEDGER_BUSY = 75
    INTERRUPTED = 130
    TERMINATED = 143


UNSEEN: Final = {
    "\u00a0": "a no-break space",
    "\u202f": "a narrow no-break space",
    "\u2009": "a thin space",
    "\u200b": "a zero-width space",
    "\u00ad": "a soft hyphen",
    "\ufeff": "a byte-order mark",
    "\t": "a tab",
    "\n": "a line break",
}
"""Signs that look like a blank or like nothing; tables that were copied from web pages have them."""

CURLY: Final = "\u201c\u201d\u201e\u2018\u2019"


def suggestion(word: str, known: Sequence[str]) -> str:
    """` Did you mean "…"?` for the nearest of the known words, or nothing. Case alone is always near."""
    folded = {candidate.strip().casefold(): candidate for candidate in reversed(known)}
    near = get_close_matches(word.strip().casefold(), list(folded), n=1, cutoff=0.6)
    if not near:
        return ""
    found = folded[near[0]]
    return f' Did you mean "{found}"{_unseen_difference(word.strip(), found.strip())}?'


def _unseen_difference(word: str, found: str) -> str:
    """In what two texts differ that look alike; nothing if anybody can see it."""
    theirs = [name for sign, name in UNSEEN.items() if sign in found and sign not in word]
    ours = [name for sign, name in UNSEEN.items() if sign in word and sign not in found]
    if word != found and word.strip(CURLY) == found:
        return ", without the curly quotation marks"
    with_ = f", with {' and '.join(theirs)} in it" if theirs else ""
    without = f", without the {' and '.join(name.partition(' ')[2] for name in ours)} in it" if ours else ""
    return with_ + without


class ImporterError(Exception):
    """A command can't go on. `str()` is one or more plain sentences: what happened, and what to do next."""

    code: str
    exit_code: ClassVar[ExitCode] = ExitCode.NOT_STARTED

    def __init__(self, sentence: str, remedy: str) -> None:
        super().__init__(f"{sentence} {remedy}".strip())
        self.sentence = sentence
        self.remedy = remedy


# ------------------------------------------------------------------------------------------------ usage


class UsageError(ImporterError):
    """An option, a variable or an argument can't be understood."""

    code = "usage"

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what, remedy)


class ConfigurationError(ImporterError):
    """Keys, host or profile are missing or not acceptable."""

    code = "configuration"


class CredentialsMissing(ConfigurationError):
    """No keys to post with."""

    code = "credentials-missing"

    def __init__(self, variables: Sequence[str]) -> None:
        super().__init__(
            f"{' and '.join(variables)} {'is' if len(variables) == 1 else 'are'} not set.",
            "You find host and keys in LeadSquared under My Profile > Settings > API and Webhooks; put them into the "
            "environment. To try the importer without an account, add --sandbox.",
        )


class QueueKeysMissing(ConfigurationError):
    """No door to the queue of async calls."""

    code = "credentials-missing"

    def __init__(self, variables: Sequence[str]) -> None:
        super().__init__(
            f"{' and '.join(variables)} {'is' if len(variables) == 1 else 'are'} not set, and the route "
            "lead_and_activity_async goes to a host of its own with a key of its own.",
            "LSQ_ASYNC_HOST is asyncapi-in21.leadsquared.com, asyncapi-us11.leadsquared.com or asyncapi.leadsquared.com"
            ", after your account's region; LSQ_API_KEY is the x-api-key that LeadSquared gives out for it. The route "
            "lead_and_activity does the same without them.",
        )


class HostRefused(ConfigurationError):
    """The keys would go to a place where they don't belong."""

    code = "host-refused"

    def __init__(self, host: str, why: str, remedy: str) -> None:
        super().__init__(f'LSQ_HOST "{host}" is not used: {why}.', remedy)


class ExtraMissing(ConfigurationError):
    """A part of the program that is installed on demand is not there."""

    code = "extra-missing"

    def __init__(self, extra: str, purpose: str) -> None:
        super().__init__(
            f'{purpose} needs the extra "{extra}", which is not installed.',
            f'Install it with: pip install "leadsquared-importer[{extra}]"',
        )


class CantGoOn(UsageError):
    """What a run was made from is not there any more as it was."""

    code = "cant-go-on"

    def __init__(self, run_id: str, what: str) -> None:
        super().__init__(
            f"The run {run_id} can't go on: {what}, and two versions are never mixed.",
            "Put back what it was begun with; or import the new version with `lsq-import run`: rows for which the same "
            "is posted as then are recognised and not sent again.",
        )


# ----------------------------------------------------------------------------------------- stops on the way


class StoppedEarly(ImporterError):
    """Sending ended before all rows had their turn; the rest is `not_sent` and goes with the next run."""

    code = "stopped-early"
    exit_code = ExitCode.STOPPED_EARLY


class LedgerError(ImporterError):
    """The ledger can't be trusted, so nothing is sent."""

    code = "ledger"
    exit_code = ExitCode.INTEGRITY


class CountsDiffer(LedgerError):
    """Rows are missing from a report, or stand in it twice."""

    code = "counts-differ"

    def __init__(self, listed: int, counted: int) -> None:
        super().__init__(
            f"The report lists {listed} rows, the ledger has {counted}.",
            "Don't rely on this run's files. Keep the ledger and report this as a bug.",
        )


class LedgerBusy(ImporterError):
    """Another run is at work on the same ledger."""

    code = "ledger-busy"
    exit_code = ExitCode.LEDGER_BUSY

    def __init__(self, ledger: str, holder: str) -> None:
        super().__init__(
            f"Another run is at work on the ledger {ledger}: {holder}.",
            "Wait until it has ended and run again; what it has imported by then will not be sent twice.",
        )
