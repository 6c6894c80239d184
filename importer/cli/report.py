"""`lsq-import report`: the files of a run, written again."""

import os
from typing import Annotated

import typer

from importer.cli import options
from importer.cli.edge import say, utc_now


def report(
    run: Annotated[str | None, typer.Argument(metavar="[RUN]", help="The run's id; the latest if not given.")] = None,
    out: options.ReportOut = None,
    state: options.State = None,
    profile: options.Profile = None,
) -> None:
    """Write the files of a run again.

    From what the ledger knows of it, so that they are the same, wherever the first ones went.

    \b
    Examples:
      lsq-import report
      lsq-import report 20261120-213000-1a2b --out elsewhere
    """
    from importer.cli.continuing import found_run
    from importer.closing import reasons_of
    from importer.closing import report as write_report
    from importer.ledger.ledger import open_ledger
    from importer.reporting.console import closing_table
    from importer.settings import settle_settings

    settings = settle_settings({"state": state, "profile": profile}, os.environ)
    found = found_run(settings, run)
    with open_ledger(settings.state, utc_now, only_read=True) as ledger:
        folder, summary = write_report(ledger, found, out or found.reports)
        reasons = reasons_of(ledger, found)
    for line in closing_table(summary, folder, reasons=reasons):
        say(line)
