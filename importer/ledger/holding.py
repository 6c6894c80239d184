"""One holder of a ledger at a time."""

import errno
import json
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from importer.errors.base import LedgerBusy
from importer.ledger.faults import unwritable
from importer.ledger.place import LEDGER, write_privately

LOCK: Final = "ledger.lock"
HOLDER: Final = "ledger.holder"

A_MOMENT: Final = 0.5
"""Seconds. Who only wants to know whether it is held takes it for an instant."""


@contextmanager
def hold(
    state: Path, now: datetime, *, wait: bool = False, told: Callable[[str], None] = lambda _: None
) -> Iterator[None]:
    """Keeps the ledger to this process.

    :param wait: whether to wait for another process that has it; `told` is told that we do.
    :raises LedgerBusy: another process has it; the error names it.
    :raises LedgerUnwritable: the folder can't be made or written.
    """
    try:
        state.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = FileLock(state / LOCK, mode=0o600)
        try:
            lock.acquire(timeout=A_MOMENT, poll_interval=0.02)
        except Timeout:
            if not wait:
                raise
            told(f"waiting for another run to end: {_holder(state)}.")
            lock.acquire(poll_interval=0.2)
    except Timeout:
        raise LedgerBusy(str(state / LEDGER), _holder(state)) from None
    except OSError as error:
        raise unwritable(state, error) from None
    try:
        _name_holder(state, now)
        yield
    finally:
        with suppress(OSError):
            (state / HOLDER).unlink(missing_ok=True)
        lock.release()


def _name_holder(state: Path, now: datetime) -> None:
    """Says who has the ledger. Where that can't be written, nothing could be: better to stop here than on the way."""
    since = now.isoformat(timespec="seconds")
    holder = {"process": os.getpid(), "host": socket.gethostname(), "since": since}
    try:
        write_privately(state / HOLDER, json.dumps(holder).encode())
    except OSError as error:
        raise unwritable(state, error) from None


def is_held(state: Path) -> bool:
    """Whether a process keeps the ledger to itself at this moment."""
    try:
        with FileLock(state / LOCK, mode=0o600).acquire(timeout=0):
            return False
    except Timeout:
        return True
    except OSError as error:
        return error.errno != errno.EROFS  # nobody can be at work where nobody can write


def _holder(state: Path) -> str:
    try:
        facts = json.loads((state / HOLDER).read_text(encoding="utf-8"))
        return f"process {facts['process']} on {facts['host']}, since {_in_words(facts['since'])}"
    except (OSError, ValueError, KeyError, TypeError):
        return "it has just started or is ending"


def _in_words(moment: str) -> str:
    return f"{datetime.fromisoformat(moment).astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
