"""A source as it stands when the command starts: its SHA-256, the proof that it is readable, a copy if asked for."""

import errno
import hashlib
import os
import re
import stat
import time
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Final

from importer.errors.sources import (
    SourceChanged,
    SourceIsLock,
    SourceMissing,
    SourceNotAFile,
    SourceNotCopied,
    SourceUnreadable,
)
from importer.loading.encodings import PROOF_BYTES, DecodingProof
from importer.loading.kinds import Kind, kind_of
from importer.loading.source import HEAD_BYTES, FrozenFile
from importer.text_files.piecewise import written_piecewise

_ADDRESS: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")

_NO_ROOM: Final = (errno.ENOSPC, errno.EDQUOT)

_LOCKS: Final = (("~$", "", "Excel"), (".~lock.", "#", "LibreOffice"))
"""How the names of such files begin and end; between stands that of the file which is open."""

RECENTLY: Final = 60.0
"""Seconds. Who wrote to a file so short a time ago may still be at it."""


def freeze(
    label: str,
    encoding: str | None,
    copy_to: Path | None = None,
    clock: Callable[[], float] = time.time,
    path: Path | None = None,
) -> FrozenFile:
    """Looks at the whole of a source once, before anything else is done with it.

    With `copy_to`, the bytes are copied there, so that later changes of the file can't mix two versions.

    :param clock: the time now, as files are stamped with it.
    :param path: where it is, if the label does not lead there from here.
    :raises SourceError: it is no local file, of no kind that is imported, or not text in its encoding.
    """
    path = _local_file(label, path or Path(label))
    try:
        with path.open("rb") as file:
            before = os.fstat(file.fileno())
            digest, lines, open_end = _look_through(label, path, file, encoding, copy_to)
            after = os.fstat(file.fileno())
    except OSError as error:
        why = error.strerror or type(error).__name__
        if copy_to and error.errno in _NO_ROOM:
            raise SourceNotCopied(label, str(copy_to.parent.parent), why) from None
        raise SourceUnreadable(label, why) from None
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise SourceChanged(label)
    stamp = None if copy_to else after.st_mtime_ns
    unfinished = open_end and 0 <= clock() - after.st_mtime < RECENTLY
    return FrozenFile(label, copy_to or path, digest, after.st_size, lines, stamp, unfinished)


def _local_file(label: str, path: Path) -> Path:
    if _ADDRESS.match(label):
        raise SourceNotAFile(label, "an address on the network")
    if path != Path(label):
        label = str(path)  # what is wrong with it can be found only by who knows where it is
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        neighbours = [str(path.with_name(name)) for name in _names_in(path.parent)]
        raise SourceMissing(label, neighbours) from None
    except (OSError, ValueError) as error:
        raise SourceUnreadable(label, getattr(error, "strerror", None) or str(error)) from None
    if stat.S_ISDIR(mode):
        raise SourceNotAFile(label, "a folder")
    if not stat.S_ISREG(mode):
        raise SourceNotAFile(label, "a device or a pipe")
    for beginning, end, program in _LOCKS:
        if path.name.startswith(beginning) and path.name.endswith(end):
            raise SourceIsLock(label, program, path.name.removeprefix(beginning).removesuffix(end))
    return path


def _names_in(folder: Path) -> list[str]:
    try:
        return sorted(entry.name for entry in folder.iterdir())
    except OSError:
        return []


def _look_through(
    label: str, path: Path, file: BinaryIO, encoding: str | None, copy_to: Path | None
) -> tuple[str, int, bool]:
    """SHA-256, number of line ends, and whether it is a text that breaks off within a line; copies the bytes on the way
    if asked to.
    """
    head = file.read(HEAD_BYTES)
    proof = DecodingProof(label, path, head, encoding) if kind_of(label, head) is Kind.TEXT else None
    digest = hashlib.sha256()
    lines = 0
    end = b""
    file.seek(0)
    copy = _new_private_file(copy_to) if copy_to else None
    try:
        while chunk := file.read(PROOF_BYTES):
            digest.update(chunk)
            end = chunk[-4:]
            lines += chunk.count(b"\n") or chunk.count(b"\r")
            if proof:
                proof.feed(chunk)
            if copy:
                copy.write(chunk)
        if proof:
            proof.feed(b"", final=True)
    finally:
        if copy:
            copy.close()
    open_end = proof is not None and bool(end) and end.rstrip(b"\0")[-1:] not in (b"\n", b"\r")
    return digest.hexdigest(), lines, open_end


def _new_private_file(path: Path) -> BinaryIO:
    return written_piecewise(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600))
