"""`lsq-import audit`: compares a run with the account."""

import typer

from importer.cli import options


def audit(
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
    """Compare a run with what the account holds.

    Row by row, by the import key of the mapping: is every created row there, and is it there once? A run that had
    anything in doubt does this by itself at its end. Exit code 4 means that a row is there more than once. Without an
    import key nothing can be compared: exit code 2.

    \b
    Examples:
      lsq-import audit
      lsq-import audit 20261120-213000-1a2b
    """
    from importer.cli import continuing

    settings = options.settings(state, profile, rate, bulk_rate, timeout, settle, budget)
    given = continuing.RunToContinue(run, settings, wait, options.talk(as_json, quiet, verbose))
    raise typer.Exit(continuing.audit(given))
