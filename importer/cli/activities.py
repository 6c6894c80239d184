"""`lsq-import activities`: what a lead has, or many."""

from enum import StrEnum
from typing import Annotated

import typer

from importer.cli import options


class Format(StrEnum):
    """How activities are listed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


def activities(
    lead_id: Annotated[str | None, typer.Argument(metavar="[LEAD_ID]", help="The lead's id, a GUID.")] = None,
    file: Annotated[
        str | None, typer.Option("--from", metavar="FILE", help="A CSV or Excel file of lead ids, instead of one id.")
    ] = None,
    column: Annotated[
        str | None, typer.Option("--column", metavar="NAME", help="The column of that file with the lead ids.")
    ] = None,
    event: Annotated[int | None, typer.Option("--event", metavar="CODE", help="Only activities of this type.")] = None,
    form: Annotated[Format, typer.Option("--format", help="How to list them.")] = Format.TABLE,
    sheet: options.Sheet = None,
    encoding: options.Encoding = None,
    delimiter: options.Delimiter = None,
    quote_char: options.QuoteChar = None,
    header_row: options.HeaderRow = None,
    profile: options.Profile = None,
    sandbox: Annotated[
        bool, typer.Option("--sandbox", help="Ask the stand-in that `run --sandbox` imports into.")
    ] = False,
    state: options.State = None,
) -> None:
    """List the activities of a lead, all pages of them.

    With --from, those of every lead of a file, each lead once, as they come. Rows without a lead id and leads that
    can't be read are named on standard error.

    \b
    Examples:
      lsq-import activities 2bf6a491-c144-4ac9-90f9-f52b6fc44413
      lsq-import activities 2bf6a491-c144-4ac9-90f9-f52b6fc44413 --event 201 --format csv
      lsq-import activities --from leads.xlsx --column "Lead ID" --format csv > activities.csv

    \b
    Exit codes: 0 all read, 1 some leads could not be read, 2 could not start, 5 stopped early: keys refused, or the
    server can't be reached.
    """
    from importer.cli.reading import ReadingOrder, list_activities

    order = ReadingOrder(
        lead_id=lead_id,
        file=file,
        column=column,
        reading=options.reading(sheet, encoding, delimiter, quote_char, header_row),
        event=event,
        form=form,
        settings={"profile": profile, "state": state},
        sandbox=sandbox,
    )
    raise typer.Exit(list_activities(order))
