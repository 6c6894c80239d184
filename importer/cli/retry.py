"""`lsq-import retry`: sends refused rows again."""

import typer

from importer.cli import options


def retry(
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
    """Send the refused rows of a run again.

    As they were posted, and no others: for refusals whose cause was mended in LeadSquared (a lead that was missing, an
    activity type that was off). Rows to be corrected in the file go with `lsq-import run to-fix…` instead.

    \b
    Examples:
      lsq-import retry
      lsq-import retry 20261120-213000-1a2b
    """
    from importer.cli import continuing

    settings = options.settings(state, profile, rate, bulk_rate, timeout, settle, budget)
    given = continuing.RunToContinue(run, settings, wait, options.talk(as_json, quiet, verbose))
    raise typer.Exit(continuing.retry(given))
