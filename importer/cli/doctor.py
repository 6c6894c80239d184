"""`lsq-import doctor`: what stands between this computer and an import."""

from pathlib import Path
from typing import Annotated

import typer

from importer.cli import options


def doctor(
    mapping: Annotated[
        str | None, typer.Option("-m", "--mapping", metavar="FILE", help="Compare this mapping with the account.")
    ] = None,
    offline: Annotated[
        Path | None,
        typer.Option("--offline", metavar="FILE", help="Compare with a snapshot; needs no keys and no network."),
    ] = None,
    snapshot: Annotated[
        Path | None,
        typer.Option("--snapshot", metavar="FILE", help="Write what the account tells of itself to a file."),
    ] = None,
    profile: options.Profile = None,
    sandbox: Annotated[bool, typer.Option("--sandbox", help="Look at the stand-in instead of an account.")] = False,
    state: options.State = None,
    as_json: Annotated[bool, typer.Option("--json", help="The checks as JSON on standard output.")] = False,
) -> None:
    """Check keys, host, clock, time zone, rates and ledger.

    With -m, the mapping is compared with the account as well: activity type, fields, options, lengths, owner, import
    key. Nothing is written to the account. A snapshot holds its activity types, lead fields and users, but no lead and
    no key.

    \b
    Examples:
      lsq-import doctor
      lsq-import doctor -m visits.yaml
      lsq-import doctor --snapshot account.json
      lsq-import doctor -m visits.yaml --offline account.json

    \b
    Exit codes: 0 nothing stands in the way (there may be warnings), 2 something does.
    """
    from importer.cli.checking import CheckUp, check_up

    given = {"profile": profile, "state": state}
    raise typer.Exit(check_up(CheckUp(mapping, offline, snapshot, given, sandbox=sandbox, as_json=as_json)))
