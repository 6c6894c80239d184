"""`lsq-import resume`: goes on with an interrupted run."""

import typer

from importer.cli import options


def resume(
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
    """Go on with an interrupted run.

    The latest, if no id is given. It does what the same `run` command would: rows that were created stay so, rows in
    doubt are looked up, the rest is sent. If the file or the mapping has changed since, it says so and sends nothing.

    \b
    Examples:
      lsq-import resume
      lsq-import resume 20261120-213000-1a2b
    """
    from importer.cli import continuing

    settings = options.settings(state, profile, rate, bulk_rate, timeout, settle, budget)
    given = continuing.RunToContinue(run, settings, wait, options.talk(as_json, quiet, verbose))
    raise typer.Exit(continuing.resume(given))
