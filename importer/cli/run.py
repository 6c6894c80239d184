"""`lsq-import run`: the main job."""

from enum import StrEnum
from typing import Annotated

import typer

from importer.cli import options


class OnInvalid(StrEnum):
    """What is done when rows have mistakes."""

    SKIP = "skip"
    STOP = "stop"


def run(
    sources: options.Sources,
    mapping: options.MappingFile,
    out: options.Out = options.DEFAULT_OUT,
    state: options.State = None,
    sandbox: Annotated[
        bool, typer.Option("--sandbox", help="Import into a stand-in on this computer; needs no account and no keys.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Do everything but sending; the exact calls go into payloads.jsonl.")
    ] = False,
    limit: options.Limit = None,
    on_invalid: Annotated[
        OnInvalid,
        typer.Option("--on-invalid", help="skip: good rows go, bad ones are reported. stop: one bad row stops all."),
    ] = OnInvalid.SKIP,
    allow_duplicates: Annotated[
        bool, typer.Option("--allow-duplicates", help="Send rows that were imported earlier once more.")
    ] = False,
    profile: options.Profile = None,
    sheet: options.Sheet = None,
    encoding: options.Encoding = None,
    delimiter: options.Delimiter = None,
    quote_char: options.QuoteChar = None,
    header_row: options.HeaderRow = None,
    rate: options.Rate = None,
    bulk_rate: options.BulkRate = None,
    budget: options.Budget = None,
    timeout: options.Timeout = None,
    settle: options.Settle = None,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask before acts that can't be undone.")] = False,
    wait: options.Wait = False,
    as_json: options.AsJson = False,
    quiet: options.Silent = False,
    verbose: options.Verbose = False,
) -> None:
    """Import spreadsheets: load, validate, map, send, report.

    Every row ends as exactly one of created, duplicate, invalid, rejected, unknown and not_sent; results.csv lists
    them all, and to-fix holds the rows to correct and run again. The same command again goes on after any stop, and
    sends nothing that is there already.

    \b
    Examples:
      lsq-import run visits.csv -m visits.yaml --sandbox
      lsq-import run visits.csv -m visits.yaml --dry-run
      lsq-import run visits.csv -m visits.yaml
      lsq-import run import-results/20261120-213000-1a2b/to-fix.csv -m visits.yaml

    \b
    Exit codes: 0 all rows created or there already, 1 some invalid or rejected, 2 could not start, 3 some unknown,
    4 integrity, 5 stopped early, 75 another run is at work, 130/143 stopped by a signal.
    """
    from importer.cli.importing import RunOptions, import_files

    given = RunOptions(
        sources=tuple(sources),
        mapping=mapping,
        out=out,
        sandbox=sandbox,
        dry_run=dry_run,
        limit=limit,
        stop_on_invalid=on_invalid is OnInvalid.STOP,
        allow_duplicates=allow_duplicates,
        reading=options.reading(sheet, encoding, delimiter, quote_char, header_row),
        settings=options.settings(state, profile, rate, bulk_rate, timeout, settle, budget),
        yes=yes,
        wait=wait,
        talk=options.talk(as_json, quiet, verbose),
    )
    raise typer.Exit(import_files(given))
