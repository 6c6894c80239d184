"""The edge of the program: errors become sentences, exceptions become exit codes, and nothing leaks in between."""

import os
import signal
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from io import TextIOWrapper
from typing import Any, TextIO

from importer.errors import ExitCode, ImporterError


def at_the_edge(command: Callable[..., Any]) -> int:
    """Runs a command and returns the exit code of the process."""
    # So that files that are half written go when the command is ended; a run that sends has its own way to stop.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(ExitCode.TERMINATED))
    _open_what_is_closed()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that can't show a letter is no reason to stop
    try:
        return _exit_code_of(command)
    finally:
        for stream in (sys.stdout, sys.stderr):
            _let_go(stream)


def _exit_code_of(command: Callable[..., Any]) -> int:
    try:
        command()
    except ImporterError as error:
        first, *rest = str(error).split("\n")
        tell("\n".join([f"{first} [{error.code}]", *rest]))
        return error.exit_code
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except Exception as error:  # noqa: BLE001  # the last line of defence
        tell(f"This should not have happened ({type(error).__name__}). What was sent is in the ledger; run the same")
        tell("command again, and it goes on where it stopped. Please report this as a bug, with these lines:")
        for frame in traceback.extract_tb(error.__traceback__):
            # Where it happened, but no values: they may be somebody's data.
            tell(f"  {frame.filename.rsplit('importer', 1)[-1]}:{frame.lineno} in {frame.name}")
        return ExitCode.INTEGRITY
    return ExitCode.OK


def _open_what_is_closed() -> None:
    """Services and schedules may start us without streams: what is said then goes nowhere, and nobody can be asked."""
    for name, flags, mode in (("stdin", os.O_RDONLY, "r"), ("stdout", os.O_WRONLY, "w"), ("stderr", os.O_WRONLY, "w")):
        if getattr(sys, name) is None:
            # In this order each takes its own number: what is written to it later must not be in a file of ours.
            setattr(sys, name, os.fdopen(os.open(os.devnull, flags), mode, encoding="utf-8"))


def _let_go(stream: TextIO) -> None:
    """Flushes a stream; if nobody reads it any more (`| head`, a closed terminal), what is left goes nowhere."""
    try:
        stream.flush()
    except (OSError, ValueError):
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def utc_now() -> datetime:
    """The time, for everything that is written down."""
    return datetime.now(UTC)


def tell(text: str) -> None:
    """Says something to the person at the terminal, on standard error."""
    _write(f"lsq-import: {text}", sys.stderr)


def say(text: str = "") -> None:
    """Gives a result, on standard output."""
    _write(text, sys.stdout)


def ask(question: str) -> str:
    """Asks the person at the terminal, on standard error: standard output may be somebody else's input."""
    with suppress(OSError, ValueError):
        print(f"lsq-import: {question}", end="", file=sys.stderr, flush=True)
    try:
        return sys.stdin.readline().strip()
    except (OSError, ValueError):
        return ""


def _write(text: str, stream: TextIO) -> None:
    with suppress(OSError, ValueError):  # that nobody listens is no reason to stop an import
        print(text, file=stream, flush=True)
