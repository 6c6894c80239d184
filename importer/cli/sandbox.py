"""`lsq-import sandbox`: the stand-in as a server of its own."""

import errno
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

import typer

from importer.cli.edge import say, tell
from importer.errors.base import ExtraMissing, UsageError

if TYPE_CHECKING:
    from importer.sandbox.faults import Schedule
    from importer.sandbox.server import SandboxServer


_LAST_PORT: Final = 65535


class PortTaken(UsageError):
    """Another program answers where the sandbox was to."""

    def __init__(self, port: int) -> None:
        super().__init__(
            f"The sandbox can't start: another program, perhaps another sandbox, answers on port {port}.",
            "Stop it, or choose another port with --port; --port 0 takes a free one.",
        )


def sandbox(
    port: Annotated[int, typer.Option("--port", help="Port on this computer; 0 takes a free one.")] = 8765,
    database: Annotated[
        Path | None, typer.Option("--database", metavar="FILE", help="Keeps what arrives; in memory if not given.")
    ] = None,
    seed: Annotated[
        Path | None, typer.Option("--seed", metavar="FILE", help="Leads, users and activity types (JSON).")
    ] = None,
    open_account: Annotated[
        bool, typer.Option("--open", help="Take any lead, owner and activity type for known.")
    ] = False,
    throttle: Annotated[Literal["429", "403", "200"], typer.Option(help="How a call too many is refused.")] = "429",
    bad_row: Annotated[Literal["row", "call"], typer.Option(help="What a bad row spoils.")] = "row",
    offset: Annotated[Literal["page", "row"], typer.Option(help="What Retrieve counts by Offset.")] = "page",
    rate: Annotated[str, typer.Option(help="Single calls allowed.")] = "25/5s",
    bulk_rate: Annotated[str, typer.Option(help="Bulk calls allowed.")] = "25/5s",
    latency: Annotated[float, typer.Option(min=0, help="Seconds that every answer takes.")] = 0.0,
    fault: Annotated[
        list[str] | None,
        typer.Option("--fault", metavar="RULE", help="A fault on certain calls; may be given several times."),
    ] = None,
    faults: Annotated[
        Path | None, typer.Option("--faults", metavar="FILE", help="A schedule of faults (YAML or JSON).")
    ] = None,
    fault_seed: Annotated[
        int | None, typer.Option("--fault-seed", metavar="N", help="Another course of what faults leave to chance.")
    ] = None,
) -> None:
    """Start a LeadSquared stand-in.

    It runs on this computer, with a page that shows what has arrived. It checks keys, leads, fields and rates as
    LeadSquared does; where the documents leave room, an option chooses. Faults rehearse bad days: docs/faults.md
    has all of them.

    \b
    Examples:
      lsq-import sandbox
    then, in another terminal, what it prints, and:
      lsq-import run sample_data/store_visits.csv -m mappings/store-visits.yaml
    The third bulk call is lost, and its rows arrive two seconds later all the same:
      lsq-import sandbox --fault "reset bulk 3 commit=late:2"
    """
    try:
        from importer.sandbox.account import Seed, SeedFileError
        from importer.sandbox.faults.files import ScheduleFileError
        from importer.sandbox.server import SandboxServer, serve
        from importer.sandbox.settings import InvalidSettingError, Rate, SandboxSettings
        from importer.sandbox.store.database import UnusableStoreError
    except ModuleNotFoundError:
        raise ExtraMissing("sandbox", "The sandbox") from None
    from importer.settings import parse_rate

    if not 0 <= port <= _LAST_PORT:
        raise UsageError(f"There is no port {port}.", f"Choose one from 0 to {_LAST_PORT}; 0 takes a free one.")
    single, bulk = parse_rate(rate, "--rate"), parse_rate(bulk_rate, "--bulk-rate")
    try:
        settings = SandboxSettings(
            throttle=throttle,
            bad_row=bad_row,
            offset=offset,
            rate=Rate(single.calls, single.seconds),
            bulk_rate=Rate(bulk.calls, bulk.seconds),
            latency=latency,
            leads="open" if open_account else "seeded",
            activity_types="open" if open_account else "seeded",
            owners="open" if open_account else "seeded",
            database=database or ":memory:",
        )
        schedule = _schedule(fault or [], faults, fault_seed)
        server = SandboxServer(settings, Seed.load(seed) if seed else None, faults=schedule, port=port)
        serve(server, _announce)
    except (InvalidSettingError, ScheduleFileError, SeedFileError, UnusableStoreError) as error:
        raise UsageError(f"The sandbox can't start: {error}.", "See: lsq-import sandbox --help") from None
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortTaken(port) from None
        why = os.strerror(error.errno) if error.errno else str(error)
        raise UsageError(
            f"The sandbox can't start on port {port}: {why}.", "Choose another with --port; --port 0 takes a free one."
        ) from None
    tell("the sandbox has stopped.")


def _schedule(texts: list[str], path: Path | None, seed: int | None) -> "Schedule":
    """The rules of the command line, then those of the file: the first one that fits a call wins."""
    from importer.sandbox.faults import Rule, Schedule
    from importer.sandbox.faults.errors import RuleError

    rules = []
    for text in texts:
        try:
            rules.append(Rule.read(text))
        except RuleError as error:
            raise UsageError(f"--fault {text!r}: {error}.", "All faults are in docs/faults.md.") from None
    try:
        file = Schedule.load(path) if path else Schedule()
    except OSError as error:
        raise UsageError(f"{path}: can't be read: {error.strerror}.", "Give --faults a YAML or JSON file.") from None
    return Schedule([*rules, *file.rules], file.seed if seed is None else seed)


def _announce(server: "SandboxServer") -> None:
    settings = server.settings
    say(f"The sandbox answers at {server.url}; open that address in a browser to see what arrives.")
    say("Point the importer at it, in another terminal:")
    say()
    say(f"  export LSQ_HOST={server.url}")
    say(f"  export LSQ_ASYNC_HOST={server.async_url}")
    say(f"  export LSQ_ACCESS_KEY={settings.access_key}")
    say(f"  export LSQ_SECRET_KEY={settings.secret_key}")
    say(f"  export LSQ_API_KEY={settings.api_key}")
    say()
    if server.faults.rules:
        say(f"Rules for faults: {len(server.faults.rules)}; the page tells which fault hit which call.")
    say("Ctrl-C stops it.")
