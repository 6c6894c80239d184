"""The edge of the program: errors become sentences, exceptions become exit codes, and nothing leaks in between."""

import errno
import os
import signal
import stat
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from io import TextIOWrapper
from typing import Any, Final, TextIO

from importer.errors.base import ExitCode, ImporterError

_FULL: Final = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}


class OutputLost(ImporterError):
    """Standard output takes no more, though somebody wants to have it: a file on a full disk."""

    code = "output-lost"

    def __init__(self, error: OSError, remedy: str = "") -> None:
        super().__init__(
            f"The result could not be printed: {error.strerror or type(error).__name__}.",
            remedy or "Make room where standard output goes, then give the same command again.",
        )
        self.error = error


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
        return _told(error)
    except SystemExit as end:
        if end.code is None or isinstance(end.code, int):
            return end.code or ExitCode.OK
        with suppress(OSError, ValueError):
            print(end.code, file=sys.stderr)  # a text says what went wrong, as everywhere in Python
        return 1
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except OSError as error:
        # Help is printed by typer itself.
        return _told(OutputLost(error)) if error.filename is None and is_loss(error) else _should_not_be(error)
    except Exception as error:  # noqa: BLE001  # the last line of defence
        return _should_not_be(error)
    return ExitCode.OK


def _told(error: ImporterError) -> int:
    first, *rest = str(error).split("\n")
    tell("\n".join([f"{first} [{error.code}]", *rest]))
    return error.exit_code


def _should_not_be(error: Exception) -> int:
    tell(f"This should not have happened ({type(error).__name__}). What was sent is in the ledger; run the same")
    tell("command again, and it goes on where it stopped. Please report this as a bug, with these lines:")
    for frame in traceback.extract_tb(error.__traceback__):
        # Where it happened, but no values: they may be somebody's data.
        tell(f"  {frame.filename.rsplit('importer', 1)[-1]}:{frame.lineno} in {frame.name}")
    return ExitCode.INTEGRITY


def is_loss(error: OSError) -> bool:
    """Whether something is lost that somebody wants. A pipe or a terminal that is gone wants nothing any more."""
    if error.errno != errno.EIO:
        return error.errno in _FULL
    with suppress(OSError, ValueError):
        return stat.S_ISREG(os.fstat(sys.stdout.fileno()).st_mode)
    return False


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
    with suppress(OSError, ValueError):  # that nobody listens is no reason to stop an import
        print(f"lsq-import: {text}", file=sys.stderr, flush=True)


def say(text: str = "") -> None:
    """Gives a result, on standard output.

    :raises OutputLost: there is no room for it.
    """
    try:
        print(text, flush=True)
    except OSError as error:
        if is_loss(error):
            raise OutputLost(error) from None
    except ValueError:
        return  # it is closed; that nobody listens is no reason to stop


def ask(question: str) -> str:
    """Asks the person at the terminal, on standard error: standard output may be somebody else's input."""
    with suppress(OSError, ValueError):
        print(f"lsq-import: {question}", end="", file=sys.stderr, flush=True)
    try:
        return sys.stdin.readline().strip()
    except (OSError, ValueError):
        return ""
