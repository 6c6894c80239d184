"""`lsq-import explain`: what a code means."""

from typing import Annotated

import typer

from importer.cli.edge import say
from importer.codes import EXPLANATIONS
from importer.error_codes import ERRORS
from importer.errors import UsageError, suggestion


def explain(
    code: Annotated[str | None, typer.Argument(metavar="[CODE]", help="A code of results.csv or of an error.")] = None,
) -> None:
    """Tell what a code means.

    And what to do about it; without a code, all of them are listed.

    \b
    Examples:
      lsq-import explain date-unreadable
      lsq-import explain
    """
    if code is None:
        for title, codes in (("Codes of rows", EXPLANATIONS), ("Codes of errors", ERRORS)):
            say(f"{title}:")
            for known, explanation in codes.items():
                say(f"  {known:<22} {explanation.meaning}")
        return
    known_codes = EXPLANATIONS | ERRORS
    found = known_codes.get(code.strip().lower())
    if found is None:
        near = suggestion(code, [str(known) for known in known_codes])
        raise UsageError(f'There is no code "{code}".', near.strip() or "List them all with: lsq-import explain")
    say(f"{code.strip().lower()}: {found.meaning}.")
    say()
    say(found.remedy)
