"""Folders in which nothing can be written for a while."""

import os
import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

NOBODY = 65534


@contextmanager
def without_rights_in(folder: Path) -> Iterator[None]:
    """Takes the right to write to a folder and what is in it. Whoever may do anything is somebody else meanwhile."""
    with ExitStack() as stack:

        def let(path: Path, rights: int) -> None:
            stack.callback(path.chmod, stat.S_IMODE(path.stat().st_mode))
            path.chmod(rights)

        let(folder, 0o555)
        for path in folder.iterdir():
            let(path, 0o555 if path.is_dir() else 0o444)
        if os.geteuid() == 0:
            for parent in folder.parents:
                if parent.stat().st_mode & 0o055 != 0o055:
                    let(parent, stat.S_IMODE(parent.stat().st_mode) | 0o055)  # the group stays
            os.seteuid(NOBODY)
            stack.callback(os.seteuid, 0)
        yield
