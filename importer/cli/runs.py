"""`lsq-import runs`: the history."""

import json
import os
from typing import Annotated

import typer

from importer.cli import options
from importer.cli.edge import say, utc_now


def runs(
    state: options.State = None,
    profile: options.Profile = None,
    as_json: Annotated[bool, typer.Option("--json", help="The runs as JSON on standard output.")] = False,
) -> None:
    """List all runs, the latest first. Times are UTC, also those in the ids of runs.

    \b
    Example:
      lsq-import runs
    """
    from importer.ledger.holding import is_held
    from importer.ledger.ledger import open_ledger
    from importer.ledger.place import has_ledger
    from importer.settings import settle_settings

    settings = settle_settings({"state": state, "profile": profile}, os.environ)
    if not has_ledger(settings.state):
        say("[]" if as_json else f"No run yet: there is no ledger in {settings.state}.")
        return
    at_work = is_held(settings.state)
    with open_ledger(settings.state, utc_now, only_read=True) as ledger:
        found = [(run, ledger.view(run).counts()) for run in ledger.runs.all()]
    if as_json:
        listed = [
            {
                "run_id": run.id,
                "started_at": run.started_at.isoformat(),
                "finished_at": run.finished_at.isoformat() if run.finished_at else None,
                "exit_code": run.exit_code,
                "open": run.open,
                "mapping": run.mapping,
                "account": run.account_label,
                "sources": run.options["sources"],
                "counts": {str(outcome): count for outcome, count in counts.items()},
            }
            for run, counts in found
        ]
        say(json.dumps(listed, ensure_ascii=False))
        return
    if not found:
        say("No run yet.")
    for run, counts in found:
        rows = ", ".join(f"{count:,} {outcome}" for outcome, count in counts.items() if count) or "no rows"
        unfinished = "at work" if at_work else "interrupted"
        code = unfinished if run.exit_code is None else f"exit code {run.exit_code}"
        state_of = f"{code}, goes on with the same command" if run.open else code
        say(f"{run.id}  {run.started_at:%Y-%m-%d %H:%M} UTC  {run.mapping} → {run.account_label}: {rows} ({state_of})")
