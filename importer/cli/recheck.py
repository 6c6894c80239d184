"""`lsq-import recheck`: looks up rows in doubt."""

import typer

from importer.cli import options


def recheck(
    run: options.OneRun = None,
    state: options.State = None,
    profile: options.Profile = None,
    rate: options.Rate = None,
    bulk_rate: options.BulkRate = None,
    budget: options.Budget = None,
    timeout: options.Timeout = None,
    settle: options.Settle = None,
    wait: options.Wait = False,
    as_json: options.AsJson = False,
    quiet: options.Silent = False,
    verbose: options.Verbose = False,
) -> None:
    """Settle the unknown rows of a run.

    By looking them up in LeadSquared; nothing is sent. Rows that are there become created, rows that are not there for
    certain wait for `resume`, and the others stay unknown.

    \b
    Examples:
      lsq-import recheck
      lsq-import recheck 20261120-213000-1a2b
    """
    from importer.cli import continuing

    settings = options.settings(state, profile, rate, bulk_rate, timeout, settle, budget)
    given = continuing.RunToContinue(run, settings, wait, options.talk(as_json, quiet, verbose))
    raise typer.Exit(continuing.recheck(given))
