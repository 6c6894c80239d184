"""Options that several commands share, each described once."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from importer.errors.base import UsageError
from importer.settings import folder_named
from importer.text_files.delimiter_names import delimiter_sign
from importer.text_files.quote_marks import quote_mark

if TYPE_CHECKING:
    from importer.cli.sending import Talk
    from importer.loading.source import ReadingOptions

Sources: TypeAlias = Annotated[
    list[str], typer.Argument(metavar="SOURCE", help="CSV or Excel files; their rows are imported in this order.")
]
OneSource: TypeAlias = Annotated[str, typer.Argument(metavar="SOURCE", help="A CSV or Excel file.")]
MappingFile: TypeAlias = Annotated[
    str, typer.Option("-m", "--mapping", metavar="FILE", help="The mapping file: which column becomes what.")
]


def _out(text: str) -> Path:
    return folder_named(text, "--out")


Out: TypeAlias = Annotated[
    Path, typer.Option("--out", metavar="DIR", parser=_out, help="Where the folder with the run's files is made.")
]
ReportOut: TypeAlias = Annotated[
    Path | None,
    typer.Option("--out", metavar="DIR", parser=_out, help="Where to write; by default where the run did."),
]
State: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--state", metavar="DIR", help="Folder of the ledger, which remembers every row; keep it from run to run."
    ),
]
Profile: TypeAlias = Annotated[
    str | None, typer.Option("--profile", metavar="NAME", help="Settings kept under a name; never keys.")
]
Sheet: TypeAlias = Annotated[
    str | None, typer.Option("--sheet", metavar="NAME|INDEX", help="Sheet of a workbook, by name or number from 1.")
]
Encoding: TypeAlias = Annotated[
    str | None, typer.Option("--encoding", help="Encoding of a CSV file, such as cp1252; UTF-8 if not given.")
]
Delimiter: TypeAlias = Annotated[
    str | None, typer.Option("--delimiter", help='What separates fields: , ; | or "tab"; found out if not given.')
]
QuoteChar: TypeAlias = Annotated[
    str | None, typer.Option("--quote-char", help='What encloses texts of a CSV file, such as "apostrophe"; mostly ".')
]
HeaderRow: TypeAlias = Annotated[
    int | None,
    typer.Option("--header-row", metavar="N", min=1, help="Line or Excel row of the column names, from 1."),
]
Limit: TypeAlias = Annotated[
    int | None, typer.Option("--limit", metavar="N", min=1, help="Read only the first N rows of all sources together.")
]
Wait: TypeAlias = Annotated[
    bool, typer.Option("--wait", help="If another run holds the ledger, wait for its end instead of stopping.")
]
Timeout: TypeAlias = Annotated[
    str | None, typer.Option("--timeout", metavar="SECONDS", help="The most one call may take, from start to end.")
]
Settle: TypeAlias = Annotated[
    str | None,
    typer.Option("--settle", metavar="SECONDS", help="How long after a lost answer it is looked up for good."),
]
Rate: TypeAlias = Annotated[
    str | None, typer.Option("--rate", metavar="N/SECONDSs", help="Single calls allowed, for example 25/5s.")
]
BulkRate: TypeAlias = Annotated[
    str | None, typer.Option("--bulk-rate", metavar="N/SECONDSs", help="Bulk calls allowed, for example 5/5s.")
]
Budget: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--budget", metavar="N|N%", help="The most calls a day (UTC), or a part of the account's quota, such as 40%."
    ),
]
OneRun: TypeAlias = Annotated[
    str | None, typer.Argument(metavar="[RUN]", help="The run's id; the latest if not given.")
]
AsJson: TypeAlias = Annotated[
    bool, typer.Option("--json", help="The summary as JSON on standard output, and nothing else there.")
]
Quiet: TypeAlias = Annotated[bool, typer.Option("-q", "--quiet", help="No talk, only errors.")]
Silent: TypeAlias = Annotated[
    bool,
    typer.Option("-q", "--quiet", help="No talk and no progress; results (but --json) only if the exit code is not 0."),
]
Verbose: TypeAlias = Annotated[bool, typer.Option("-v", "--verbose", help="Tell of every call.")]

DEFAULT_OUT = Path("import-results")


def delimiter_named(text: str | None) -> str | None:
    """The character that a delimiter option means.

    :raises UsageError: it is no single character that can separate fields.
    """
    if text is None:
        return None
    named = delimiter_sign(text)
    if named is None:
        raise UsageError(f'--delimiter "{text}" can\'t separate fields.', 'Give one character, such as ; or "tab".')
    return named


def quote_named(text: str | None) -> str | None:
    """The character that a quote option means.

    :raises UsageError: it is no single character that can enclose texts.
    """
    if text is None:
        return None
    named = quote_mark(text)
    if named is None:
        raise UsageError(f'--quote-char "{text}" can\'t enclose texts.', "Give one sign, such as apostrophe, ~ or ^.")
    return named


def reading(
    sheet: str | None, encoding: str | None, delimiter: str | None, quote_char: str | None, header_row: int | None
) -> "ReadingOptions":
    """How the command line says that sources are to be read."""
    from importer.loading.source import ReadingOptions

    return ReadingOptions(sheet, header_row, encoding, delimiter_named(delimiter), quote_named(quote_char))


def settings(
    state: str | None,
    profile: str | None,
    rate: str | None,
    bulk_rate: str | None,
    timeout: str | None,
    settle: str | None,
    budget: str | None = None,
) -> dict[str, str | None]:
    """The options that are settings, by the names of these."""
    return {
        "state": state,
        "profile": profile,
        "rate": rate,
        "bulk_rate": bulk_rate,
        "timeout": timeout,
        "settle": settle,
        "budget": budget,
    }


def setting_words(settings: Mapping[str, str | None], *names: str) -> list[str]:
    """The words of a command line that give the same settings, or those of these names."""
    given = ((f"--{name.replace('_', '-')}", value) for name, value in settings.items() if name in (names or settings))
    return [word for option, value in given if value is not None for word in (option, value)]


def talk(as_json: bool, quiet: bool, verbose: bool) -> "Talk":  # as they come from the command line
    """How much the command is to say."""
    from importer.cli.sending import Talk

    return Talk(as_json, quiet, verbose)
