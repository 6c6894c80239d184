"""What the process that reads .xls says, taken line by line from a file of its own that is gone afterwards."""

import json
import os
import subprocess
import sys
import tempfile
import weakref
from collections.abc import Iterator
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from importer.errors.base import ExtraMissing
from importer.errors.sources import SourceDamaged, SourceEncrypted, SourceTooLarge, SourceUnreadable
from importer.loading.source import FrozenFile

EXTRA: Final = "xls"
CHILD: Final = Path(__file__).with_name("child.py")
LONGEST_LINE: Final = 256 << 20
"""Characters: a row of 256 cells of 32,767 characters, each of them escaped, has a fifth of it."""


def seconds_for(size: int) -> float:
    """How long reading a file of so many bytes may take; an honest one takes a tenth of it."""
    return min(10 + size / (1 << 18), 120)


class Said:
    """The lines that the process wrote for one question."""

    def __init__(
        self,
        file: FrozenFile,
        *question: str,
        child: Path = CHILD,
        seconds: float | None = None,
        folder: Path | None = None,
    ) -> None:
        """:param child: the script that answers.
        :param seconds: how long it may take; by default as long as the size of the file allows.
        :param folder: where the answer is kept; by default where the system keeps what is temporary.
        :raises SourceError: the file can't be read, or not within the limits.
        """
        if find_spec("xlrd") is None:
            raise ExtraMissing(EXTRA, f'Reading "{file.label}", an Excel workbook of the old kind (.xls),')
        descriptor, name = tempfile.mkstemp(prefix="lsq-import-", dir=folder)  # for its owner only
        weakref.finalize(self, _remove, name)
        self._path = Path(name)
        self._label = file.label
        seconds = seconds or seconds_for(file.size)
        with os.fdopen(descriptor, "wb") as target:
            try:
                subprocess.run(  # noqa: S603  # our own interpreter and our own script
                    [sys.executable, "-P", str(child), str(file.path), *question],
                    stdin=subprocess.DEVNULL,
                    stdout=target,
                    stderr=subprocess.DEVNULL,
                    timeout=seconds,
                    check=False,
                )
            except subprocess.TimeoutExpired:
                raise SourceTooLarge(
                    file.label, "reading it does not come to an end", f"{seconds:.0f} seconds"
                ) from None
            except OSError as error:
                raise SourceUnreadable(file.label, error.strerror or type(error).__name__) from None
        file.head()  # refuses if somebody has written into it meanwhile
        self._refuse_trouble(target_size=self._path.stat().st_size)

    def lines(self) -> Iterator[Any]:
        """What was said, without the last line."""
        with self._path.open(encoding="ascii") as lines:
            before = None
            while line := lines.readline(LONGEST_LINE):
                if before is not None:
                    yield json.loads(before)
                before = line

    def _refuse_trouble(self, target_size: int) -> None:
        with self._path.open("rb") as lines:
            lines.seek(max(0, target_size - 4096))
            last = lines.read().splitlines()[-1:]
        try:
            said = json.loads(last[0]) if last else None
        except ValueError:
            said = None
        if said == "end":
            return
        if isinstance(said, dict) and "encrypted" in said:
            raise SourceEncrypted(self._label)
        if isinstance(said, dict) and "damaged" in said:
            raise SourceDamaged(self._label, said["damaged"])
        # Without a last word it was ended by the system, for the memory that it asked for.
        raise SourceTooLarge(self._label, "reading it needs too much memory", "1,024 MB")


def _remove(name: str) -> None:
    with suppress(OSError):
        Path(name).unlink()
