"""Everything that can stop a command, and what each tells the person who can mend it.

ImporterError
├── UsageError              2   the command line or a setting is wrong
├── MappingError            2   the mapping file has faults, all of them listed
├── SourceError             2   a source can't be read, or not safely
│   ├── SourceMissing, SourceNotAFile, SourceUnreadable, SourceUnsupported
│   ├── SourceDamaged, SourceEncrypted, SourceTooLarge, SourceChanged
│   ├── Undecodable, HeaderMissing, ColumnTwice
│   └── SheetMissing
├── ConfigurationError      2   keys, host or profile are missing or wrong
├── StoppedEarly            5   credentials refused, quota used up, service down
├── LedgerError             4   the ledger is damaged or not ours
└── LedgerBusy             75   another run holds the ledger

A class builds its sentence from facts; no message is written where it is raised. Faults of single rows are no
exceptions but values: see records.Issue. What each code means stands in codes.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import IntEnum
from typing import ClassVar


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


def suggestion(word: str, known: Sequence[str]) -> str:
    """` Did you mean "…"?` for the nearest of the known words, or nothing. Case alone is always near."""
    folded = {candidate.strip().casefold(): candidate for candidate in reversed(known)}
    near = get_close_matches(word.strip().casefold(), list(folded), n=1, cutoff=0.6)
    return f' Did you mean "{folded[near[0]]}"?' if near else ""


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
            "Put back what it was begun with; or import the new version with `lsq-import run`: what was imported "
            "already is recognised and not sent again.",
        )


# ---------------------------------------------------------------------------------------------- mapping


@dataclass(frozen=True, slots=True, order=True)
class MappingFault:
    """One thing that is wrong with a mapping file, and where."""

    line: int
    """From 1."""
    column: int
    """From 1."""
    sentence: str


class MappingError(ImporterError):
    """The mapping file can't be used; every fault of it is named."""

    code = "mapping"

    def __init__(self, path: str, faults: Sequence[MappingFault], notices: Sequence[str] = ()) -> None:
        """:param notices: how the sources were read, where that may be the reason that a column is not found."""
        self.path = path
        self.faults = tuple(sorted(set(faults)))
        lines = [f"{path}:{fault.line}:{fault.column}: {fault.sentence}" for fault in self.faults]
        count = len(lines)
        head = "The mapping has a fault" if count == 1 else f"The mapping has {count} faults"
        super().__init__("\n".join([f"{head}; nothing was read or sent.", *lines, *notices]), "")


class MappingUnreadable(ImporterError):
    """The mapping file is not there or not a text file."""

    code = "mapping-unreadable"

    def __init__(self, path: str, why: str) -> None:
        super().__init__(
            f'The mapping "{path}" can\'t be read: {why}.',
            "Give the mapping file with -m; `lsq-import init SOURCE` drafts one from a spreadsheet.",
        )


# ---------------------------------------------------------------------------------------------- sources


class SourceError(ImporterError):
    """A source can't be read, or not without the risk of reading it wrongly."""

    code = "source"


class SourceMissing(SourceError):
    """There is no such file."""

    code = "source-missing"

    def __init__(self, path: str, neighbours: Sequence[str] = ()) -> None:
        super().__init__(f'There is no file "{path}".{suggestion(path, neighbours)}', "Check the path and run again.")


class SourceNotAFile(SourceError):
    """A folder, an address or something else that is no local file."""

    code = "source-not-a-file"

    def __init__(self, path: str, what: str) -> None:
        super().__init__(
            f'"{path}" is {what}; only local files are read.', "Save it as a file on this computer and give its path."
        )


class SourceUnreadable(SourceError):
    """The operating system refuses to read the file."""

    code = "source-unreadable"

    def __init__(self, path: str, why: str) -> None:
        super().__init__(
            f'"{path}" can\'t be read: {why}.', "If it is open in another program, close it there; check its rights."
        )


class SourceUnsupported(SourceError):
    """The content is of a kind that is not imported."""

    code = "source-unsupported"

    def __init__(self, path: str, what: str, remedy: str) -> None:
        super().__init__(f'"{path}" is {what}, not a CSV file or an Excel workbook (.xlsx).', remedy)


class SourceDamaged(SourceError):
    """The file breaks off or contradicts itself."""

    code = "source-damaged"

    def __init__(self, path: str, what: str) -> None:
        super().__init__(
            f'"{path}" is damaged: {what}.', "Export or copy it again; opening it in Excel and saving it may mend it."
        )


class SourceEncrypted(SourceError):
    """The workbook is protected by a password."""

    code = "source-encrypted"

    def __init__(self, path: str) -> None:
        super().__init__(
            f'"{path}" is protected by a password.',
            "Open it in Excel, take the password off under File > Info > Protect Workbook, save it, and run again.",
        )


class SourceTooLarge(SourceError):
    """Reading the file would need more memory than any honest file of its size."""

    code = "source-too-large"

    def __init__(self, path: str, what: str, limit: str) -> None:
        super().__init__(
            f'"{path}" is refused: {what}; the limit is {limit}.',
            "Copy the cells you need into a new workbook, or save the sheet as CSV.",
        )


class SourceChanged(SourceError):
    """Somebody wrote into the file while it was read."""

    code = "source-changed"

    def __init__(self, path: str) -> None:
        super().__init__(
            f'"{path}" changed while it was being read.', "Wait until its export has finished, then run again."
        )


class Undecodable(SourceError):
    """The bytes of a text file are not in the encoding that was expected."""

    code = "undecodable"

    def __init__(self, path: str, line: int, encoding: str, probably: str | None, *, ends_there: bool = False) -> None:
        remedy = (
            f"It is probably {probably}: add --encoding {probably}, or source.encoding to the mapping."
            if probably
            else "Name its encoding with --encoding, or export it again as UTF-8."
        )
        cut = " The file ends there, within a character: it may be cut off, or still being written." * ends_there
        super().__init__(f'"{path}", line {line}: the bytes are not {encoding} text.{cut}', remedy)


class HeaderMissing(SourceError):
    """No row that could name the columns."""

    code = "header-missing"

    def __init__(self, path: str, row: int | None) -> None:
        where = "it is empty" if row is None else f"row {row} is empty or not there"
        super().__init__(
            f'"{path}" has no header: {where}.', "The first row must name the columns; or give it with --header-row."
        )


class HeaderBroken(SourceError):
    """The header of a CSV file can't be taken apart."""

    code = "header-broken"

    def __init__(self, path: str, line: int, why: str) -> None:
        super().__init__(
            f'"{path}", line {line}: the header can\'t be read: {why}.',
            "Correct that line, or name the right one with --header-row.",
        )


class ColumnTwice(SourceError):
    """A column that the mapping uses stands twice in the header."""

    code = "column-twice"

    def __init__(self, path: str, name: str, letters: Sequence[str]) -> None:
        super().__init__(
            f'"{path}" has the column "{name}" {len(letters)} times ({", ".join(letters)}), and the mapping uses it.',
            "Rename all but one of them in the file, so that it is clear which one is meant.",
        )


class SheetMissing(SourceError):
    """The workbook has no sheet of that name or number."""

    code = "sheet-missing"

    def __init__(self, path: str, wanted: str, sheets: Sequence[str]) -> None:
        names = ", ".join(f'"{name}"' for name in sheets)
        super().__init__(
            f'"{path}" has no sheet "{wanted}"; it has {names}.{suggestion(wanted, sheets)}',
            "Name one with --sheet, by its name or its number from 1.",
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
