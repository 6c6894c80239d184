"""Asking before rows are created once more, because the mapping makes other activities of them than it did."""

import sys
from collections.abc import Sequence

from importer.cli.edge import ask, tell
from importer.errors.base import UsageError
from importer.made_otherwise import MadeOtherwise
from importer.reporting.console import counted, one_line


class ImportedOtherwise(UsageError):
    """Rows would be created once more, and nobody has confirmed it."""

    code = "imported-otherwise"

    def __init__(self, found: Sequence[MadeOtherwise]) -> None:
        super().__init__(
            " ".join(map(_sentence, found)),
            "Put the mapping back as it was; or import what is new from a file of its own; or, if all of it is to "
            "be created once more, give `lsq-import run` with --yes.",
        )


def tell_of_rows_made_otherwise(found: Sequence[MadeOtherwise]) -> None:
    """Says which files hold rows that a run would create once more."""
    for each in found:
        tell(_sentence(each))


def ask_before_creating_again(found: Sequence[MadeOtherwise], *, confirmed: bool, quiet: bool) -> None:
    """Stops, or asks the person at the terminal, if rows would be created once more because the mapping has changed. Of
    what may well be meant it only tells.

    :param confirmed: whether that was said to be right beforehand.
    :raises ImportedOtherwise: it was not confirmed.
    """
    to_confirm = [] if confirmed else [each for each in found if each.certain]
    if not to_confirm:
        tell_of_rows_made_otherwise(() if quiet else found)
        return
    if sys.stdin.isatty():
        tell_of_rows_made_otherwise(found)
        if ask("Go on, and create them once more? [y/N] ").lower() in ("y", "yes"):
            return
    raise ImportedOtherwise(to_confirm)


def _sentence(found: MadeOtherwise) -> str:
    path, rows = one_line(found.path, 200), counted(found.rows, "row")
    if not found.same_file:
        return (
            f"the mapping has changed since run {found.run_id}, which has created {rows} of {path}. Its first rows "
            "name the same leads as then: if they are the same rows, they will be created again."
        )
    changed = "The mapping or the encoding has changed since" if found.same_mapping else "Now it is another mapping"
    return (
        f"{rows} of {path} went to the account with run {found.run_id}. {changed}, and makes other activities of the "
        "same rows: all would be created again."
    )
