"""The folder of a ledger: what its files are called, and how they are written."""

import os
import stat
from pathlib import Path
from typing import Final

LEDGER: Final = "ledger.sqlite"
SALT: Final = "ledger.salt"


def has_ledger(state: Path) -> bool:
    """Whether there is a ledger in a folder, sound or not. Where nobody may look, there may be one, and so there is.

    An empty file without a salt is what a first start on a full disk leaves.
    """
    try:
        facts = (state / LEDGER).stat()
        return stat.S_ISREG(facts.st_mode) and (facts.st_size > 1 or (state / SALT).exists())
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True


def write_privately(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
