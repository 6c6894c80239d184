"""`lsq-import validate`: everything before sending."""

from typing import Annotated

import typer

from importer.cli import options
from importer.errors.base import UsageError


def validate(
    mapping: options.MappingFile,
    sources: Annotated[
        list[str] | None,
        typer.Argument(metavar="SOURCE", help="CSV or Excel files; with --tests there need be none."),
    ] = None,
    tests: Annotated[
        bool, typer.Option("--tests", help="Run the tests that stand in the mapping, before any source is read.")
    ] = False,
    out: options.Out = options.DEFAULT_OUT,
    limit: options.Limit = None,
    sheet: options.Sheet = None,
    encoding: options.Encoding = None,
    delimiter: options.Delimiter = None,
    quote_char: options.QuoteChar = None,
    header_row: options.HeaderRow = None,
    as_json: options.AsJson = False,
    quiet: options.Silent = False,
) -> None:
    """Check all rows without network, keys or ledger.

    Prints what is wrong, equal mistakes together, and writes issues.csv (every single one, with its cell), the to-fix
    files and summary.json. With --tests, the tests in the mapping are run first, each a row and what must become of it.

    \b
    Examples:
      lsq-import validate visits.csv -m visits.yaml
      lsq-import validate january.xlsx february.xlsx -m calls.yaml --sheet Calls
      lsq-import validate -m visits.yaml --tests

    \b
    Exit codes: 0 all rows are good, 1 some are not or a test fails, 2 could not start.
    """
    if not sources and not tests:
        raise UsageError("There is no SOURCE to check.", "Name a file; or add --tests to run the mapping's own tests.")
    from importer.cli.validating import validate_files

    reading = options.reading(sheet, encoding, delimiter, quote_char, header_row)
    found = validate_files(
        tuple(sources or ()), mapping, reading, out, limit, tests=tests, as_json=as_json, quiet=quiet
    )
    raise typer.Exit(found)
