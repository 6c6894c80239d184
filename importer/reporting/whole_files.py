"""Files that appear whole or not at all, for their owner only."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from importer.errors import ConfigurationError


class ReportUnwritable(ConfigurationError):
    """A report can't be written where it should be."""

    code = "report-unwritable"

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(
            f"The report {path} can't be written: {why}.",
            "What was imported is safe in the ledger. Free the place, or choose another with --out, and write the "
            "files again with: lsq-import report",
        )


def new_folder(path: Path) -> None:
    """Makes the folder of a run.

    :raises ReportUnwritable: it can't be made, or is something else.
    """
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ReportUnwritable(path, error.strerror or type(error).__name__) from None


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """A file that takes the place of `path` when everything has been written into it, and is gone otherwise.

    :raises ReportUnwritable: the disk is full, the folder is not writable, or the like.
    """
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        raise ReportUnwritable(path, error.strerror or type(error).__name__) from None
    finally:
        with suppress(OSError):
            beside.unlink()


def _sync_folder(folder: Path) -> None:
    if hasattr(os, "O_DIRECTORY"):  # where folders can't be opened, the rename itself is durable
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
