"""`lsq-import activities`: what a lead has."""

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
    lead_id: Annotated[str, typer.Argument(metavar="LEAD_ID", help="The lead's id, a GUID.")],
    event: Annotated[int | None, typer.Option("--event", metavar="CODE", help="Only activities of this type.")] = None,
    form: Annotated[Format, typer.Option("--format", help="How to list them.")] = Format.TABLE,
    profile: options.Profile = None,
    sandbox: Annotated[
        bool, typer.Option("--sandbox", help="Ask the stand-in that `run --sandbox` imports into.")
    ] = False,
    state: options.State = None,
) -> None:
    """List the activities of a lead, all pages of them.

    \b
    Examples:
      lsq-import activities 2bf6a491-c144-4ac9-90f9-f52b6fc44413
      lsq-import activities 2bf6a491-c144-4ac9-90f9-f52b6fc44413 --event 201 --format csv
    """
    from importer.cli.reading import list_activities

    given = {"profile": profile, "state": state}
    list_activities(lead_id, event, form, given, sandbox=sandbox)
