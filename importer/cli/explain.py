"""`lsq-import explain`: what a code means."""

from collections.abc import Sequence
from typing import Annotated, Final

import typer

from importer.cli.edge import say
from importer.codes.errors import ERRORS
from importer.codes.rows import EXPLANATIONS, Explanation
from importer.codes.server_types import SERVER_TYPES, server_type
from importer.errors.base import UsageError, suggestion

SHORTEST_PART: Final = 3
"""Letters; fewer are a part of nearly everything."""


def explain(
    code: Annotated[
        str | None, typer.Argument(metavar="[CODE]", help="A code of results.csv, of an error, or of LeadSquared.")
    ] = None,
) -> None:
    """Tell what a code means.

    And what to do about it; without a code, all of them are listed.

    \b
    Examples:
      lsq-import explain date-unreadable
      lsq-import explain MXInvalidActivityException
      lsq-import explain
    """
    if code is None:
        groups = (
            ("Codes of rows", EXPLANATIONS),
            ("Codes of errors", ERRORS),
            ("Types of LeadSquared's errors", SERVER_TYPES),
        )
        for title, codes in groups:
            say(f"{title}:")
            for known, explanation in codes.items():
                say(f"  {known:<22} {explanation.meaning}")
        return
    of_server = server_type(code)
    if of_server is not None:
        _explain(*of_server)
        return
    known_codes = EXPLANATIONS | ERRORS
    found = known_codes.get(code.strip().lower())
    if found is None:
        names = [*map(str, known_codes), *SERVER_TYPES]
        near = suggestion(code, names) or _with_it(code, names)
        raise UsageError(f'There is no code "{code}".', near.strip() or "List them all with: lsq-import explain")
    _explain(code.strip().lower(), found)


def _with_it(word: str, names: Sequence[str]) -> str:
    """The codes that a word is a part of: nobody remembers more of guid-malformed than guid."""
    found = [name for name in names if len(word.strip()) >= SHORTEST_PART and word.strip().lower() in name.lower()]
    if len(found) == 1:
        return f'Did you mean "{found[0]}"?'
    return f"Codes like it are {', '.join(found)}." if found else ""


def _explain(code: str, explanation: Explanation) -> None:
    say(f"{code}: {explanation.meaning}.")
    say()
    say(explanation.remedy)
