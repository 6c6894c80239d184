"""Signals: the first one ends a run in good order, the second one at once."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

from importer.cli.edge import tell
from importer.closing import Halt
from importer.errors import ExitCode

_CODES: Final = {signal.SIGINT: ExitCode.INTERRUPTED, signal.SIGTERM: ExitCode.TERMINATED}
if hasattr(signal, "SIGHUP"):
    _CODES[signal.SIGHUP] = ExitCode.TERMINATED  # the terminal was closed


@contextmanager
def halting(halt: Halt, wake: Callable[[], None]) -> Iterator[None]:
    """Lets SIGINT, SIGTERM and SIGHUP set `halt`, and wake whoever waits."""

    def ask(number: int, _: FrameType | None) -> None:
        code = _CODES[signal.Signals(number)]
        if halt.asked is not None:
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
