"""Copies that sources are read from while they are imported, so that nobody can change them meanwhile."""

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from importer.ledger.faults import unwritable

_PREFIX: Final = ".lsq-import-frozen-"
"""Of the folders' names; nobody else's folders are called so."""


@contextmanager
def frozen_copies(state: Path) -> Iterator[Path]:
    """A folder for copies, gone afterwards; what a killed run left is cleared away first. The ledger must be held.

    :raises LedgerUnwritable: its disk is full.
    """
    for left in state.glob(f"{_PREFIX}*"):
        if left.is_dir() and not left.is_symlink():
            shutil.rmtree(left, ignore_errors=True)
    folder = state / f"{_PREFIX}{secrets.token_hex(4)}"
    try:
        folder.mkdir(mode=0o700, parents=True)
    except OSError as error:
        raise unwritable(state, error) from None
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
