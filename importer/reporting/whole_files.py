"""Files that appear whole or not at all, for their owner only."""

import errno
import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final

from importer.errors.base import ConfigurationError
from importer.text_files.piecewise import written_piecewise

LAST_BESIDE: Final = 9
"""So many names are tried for a file whose place is taken."""

_BESIDE: Final = re.compile(rf"(.+) \([2-{LAST_BESIDE}]\)(\.[a-z]+)")


class ReportUnwritable(ConfigurationError):
    """A report can't be written where it should be."""

    code = "report-unwritable"

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(
            f"The report {path} can't be written: {why}.",
            "Free the place, or choose another with --out, and give the same command again.",
        )


_TRIAL_BYTES: Final = 1 << 16


class NoPlaceForReports(ConfigurationError):
    """Whatever a command would do, its report could not be written: nothing is begun."""

    code = "report-unwritable"

    def __init__(self, out: Path, why: str) -> None:
        super().__init__(
            f"Reports can't be written into {out}: {why}. Nothing was read or sent.",
            "Free the place, or choose another with --out, and give the same command again.",
        )


def make_sure_of_place(out: Path) -> None:
    """Tries whether files can be made in a place that need not be there yet; what was tried leaves no trace.

    :raises NoPlaceForReports: they can't.
    """
    try:
        there = next(folder for folder in (out.absolute(), *out.absolute().parents) if folder.exists())
        trial = there / f".lsq-import-{secrets.token_hex(4)}"
        trial.mkdir(mode=0o700)
        try:
            (trial / "trial").write_bytes(bytes(_TRIAL_BYTES))  # a full disk may have room for a folder
        finally:
            shutil.rmtree(trial, ignore_errors=True)
    except OSError as error:
        raise NoPlaceForReports(out, error.strerror or type(error).__name__) from None


def new_folder(path: Path) -> None:
    """Makes the folder of a run.

    :raises ReportUnwritable: it can't be made, or is something else.
    """
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ReportUnwritable(path, error.strerror or type(error).__name__) from None


Taken = Callable[[Path, Path], bool]
"""Whether a file that is ready must not take a place, because of what stands there."""


@contextmanager
def whole_file(path: Path, names: list[str], taken: Taken = lambda _ready, _place: False) -> Iterator[BinaryIO]:
    """A file that takes the place of `path` when everything has been written into it, and is gone otherwise.

    If what stands there can't be replaced, since somebody has it open, or is not to be, since it is somebody's work,
    the file gets a name beside it: `to-fix (2).xlsx`.

    :param names: the name it got is put at the end.
    :raises ReportUnwritable: the disk is full, the folder is not writable, or the like.
    """

    def take_place(ready: Path) -> None:
        refused: OSError = FileExistsError(errno.EEXIST, "all its places are taken")
        for place in [path, *(path.with_stem(f"{path.stem} ({number})") for number in range(2, LAST_BESIDE + 1))]:
            if taken(ready, place):
                continue
            try:
                ready.replace(place)
            except OSError as error:
                refused = error
            else:
                names.append(place.name)
                return
        raise refused

    with _put_in_place(path, take_place) as file:
        yield file


def stands_beside(name: str) -> str | None:
    """The name that a file should have had, if it had to be written beside it."""
    match = _BESIDE.fullmatch(name)
    return match[1] + match[2] if match else None


@contextmanager
def _put_in_place(path: Path, take_place: Callable[[Path], object]) -> Iterator[BinaryIO]:
    ready = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        descriptor = os.open(ready, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        with written_piecewise(descriptor) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        take_place(ready)
        _sync_folder(path.parent)
    except OSError as error:
        raise ReportUnwritable(path, error.strerror or type(error).__name__) from None
    finally:
        with suppress(OSError):
            ready.unlink()


def _sync_folder(folder: Path) -> None:
    if hasattr(os, "O_DIRECTORY"):  # where folders can't be opened, the rename itself is durable
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
