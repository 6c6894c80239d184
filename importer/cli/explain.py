"""`lsq-import explain`: what a code means."""

from typing import Annotated

import typer

from importer.cli.edge import say
from importer.codes import EXPLANATIONS
from importer.errors import UsageError, suggestion


def explain(
    code: Annotated[str | None, typer.Argument(metavar="[CODE]", help="A code of results.csv or of an error.")] = None,
) -> None:
    """Tell what a code means and what to do about it; without a code, list them all.

    \b
    Examples:
      lsq-import explain date-unreadable
      lsq-import explain
    """
    if code is None:
        width = max(map(len, EXPLANATIONS))
        for known, explanation in EXPLANATIONS.items():
            say(f"{known:<{width}}  {explanation.meaning}")
        return
    found = EXPLANATIONS.get(code.strip().lower())
    if found is None:
        near = suggestion(code, [str(known) for known in EXPLANATIONS])
        raise UsageError(f'There is no code "{code}".', near.strip() or "List them all with: lsq-import explain")
    say(f"{code.strip().lower()}: {found.meaning}.")
    say()
    say(found.remedy)
