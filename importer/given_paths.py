"""Paths as a command names them, and where they lead when a later command, perhaps given in another folder, needs them.

A run keeps the paths of its command as they were given, since that is what people are shown, and beside them the folder
that the command was given in.
"""

from contextlib import suppress
from pathlib import Path


def here() -> str:
    """The folder that this command is given in; "" if it is not there any more."""
    with suppress(OSError):
        return str(Path.cwd())
    return ""


def reached(path: str | Path, given_in: str) -> Path:
    """Where a path leads that was named in a folder; as it was named, if that is the folder we are in.

    :param given_in: the folder; "" if nobody knows. One that is not there any more was moved, most likely together with
        us: then the path means what it means here.
    """
    if not given_in or given_in == here() or not Path(given_in).is_dir():
        return Path(path)
    return Path(given_in, path)
