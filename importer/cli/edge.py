"""The edge of the program: errors become sentences, exceptions become exit codes, and nothing leaks in between."""

import os
import sys
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from importer.errors import ExitCode, ImporterError


def at_the_edge(command: Callable[..., Any]) -> int:
    """Runs a command and returns the exit code of the process."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal that can't show a letter is no reason to stop
    try:
        command()
    except ImporterError as error:
        tell(f"{error} [{error.code}]")
        return error.exit_code
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has gone, as `head` does; there is nobody left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.OK
    except Exception as error:  # noqa: BLE001  # the last line of defence
        tell(f"This should not have happened ({type(error).__name__}). What was sent is in the ledger; run the same")
        tell("command again, and it goes on where it stopped. Please report this as a bug, with these lines:")
        for frame in traceback.extract_tb(error.__traceback__):
            # Where it happened, but no values: they may be somebody's data.
            tell(f"  {frame.filename.rsplit('importer', 1)[-1]}:{frame.lineno} in {frame.name}")
        return ExitCode.INTEGRITY
    return ExitCode.OK


def utc_now() -> datetime:
    """The time, for everything that is written down."""
    return datetime.now(UTC)


def tell(text: str) -> None:
    """Says something to the person at the terminal, on standard error."""
    print(f"lsq-import: {text}", file=sys.stderr, flush=True)


def say(text: str = "") -> None:
    """Gives a result, on standard output."""
    print(text, flush=True)
