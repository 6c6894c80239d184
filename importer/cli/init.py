"""`lsq-import init`: a first mapping, drafted from a file."""

from pathlib import Path
from typing import Annotated

import typer

from importer.cli import options


def init(
    source: options.OneSource,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE", help="Where to write the draft; standard output if not given."),
    ] = None,
    event: Annotated[
        int | None, typer.Option("--event", metavar="CODE", min=1, help="The number of the activity type, such as 201.")
    ] = None,
    timezone: Annotated[
        str | None,
        typer.Option("--timezone", metavar="ZONE", help="The zone of the times in the file, such as Asia/Kolkata."),
    ] = None,
    profile: options.Profile = None,
    sandbox: Annotated[
        bool, typer.Option("--sandbox", help="Ask the stand-in for the activity type's fields, not your account.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace FILE if it is there already.")] = False,
    sheet: options.Sheet = None,
    encoding: options.Encoding = None,
    delimiter: options.Delimiter = None,
    quote_char: options.QuoteChar = None,
    header_row: options.HeaderRow = None,
    quiet: options.Quiet = False,
) -> None:
    """Draft a mapping from a file.

    Looks at every row, and writes a mapping with remarks: what each column holds and why it is read so, by which column
    leads are found, how dates are written. What the file can't tell is not guessed: there the draft says UNDECIDED, and
    nothing is imported before you have put the answer in its place. With keys and --event, columns are matched to the
    account's fields by their names.

    \b
    Examples:
      lsq-import init visits.csv -o visits.yaml
      lsq-import init visits.csv -o visits.yaml --event 201 --timezone Asia/Kolkata
      lsq-import init calls.xlsx -o calls.yaml --sheet Calls --header-row 4

    \b
    Exit codes: 0 the draft is written, 2 it is not.
    """
    from importer.cli.drafting import DraftOrder, draft_file, fields_of

    reading = options.reading(sheet, encoding, delimiter, quote_char, header_row)
    fields = None if event is None else fields_of(event, {"profile": profile}, sandbox=sandbox, quiet=quiet)
    draft_file(DraftOrder(source, reading, output, event, timezone, force), fields=fields, quiet=quiet)
