"""Signals: the first one ends a run in good order, the second one at once."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Final

from importer.cli.edge import tell
from importer.closing import Halt
from importer.errors.base import ExitCode

_CODES: Final = {signal.SIGINT: ExitCode.INTERRUPTED, signal.SIGTERM: ExitCode.TERMINATED}
if hasattr(signal, "SIGHUP"):
    _CODES[signal.SIGHUP] = ExitCode.TERMINATED  # the terminal was closed


_LAST_WORDS: Final = b"lsq-import: stopped at once. Everything is saved; the same command goes on where it stopped.\n"
_STANDARD_ERROR: Final = 2


@contextmanager
def halting(halt: Halt, wake: Callable[[], None]) -> Iterator[None]:
    """Lets SIGINT, SIGTERM and SIGHUP set `halt`, and wake whoever waits."""
    # On a terminal, the bar or ^C stands on the line.
    before_it = b"\n" if os.isatty(_STANDARD_ERROR) else b""

    def ask(number: int, _: FrameType | None) -> None:
        code = _CODES[signal.Signals(number)]
        if halt.asked is not None:
            # The signal may have come in the middle of printing, which can't be begun anew within itself; this can.
            with suppress(OSError):  # nobody reads it any more
                os.write(_STANDARD_ERROR, before_it + _LAST_WORDS)
            os._exit(code)  # the ledger has every intent; the next run goes on from there
        halt.asked = code
        wake()
        tell("stopping: the calls under way are brought to an end. Once more, and it stops at once.")

    before = {number: signal.signal(number, ask) for number in _CODES}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
