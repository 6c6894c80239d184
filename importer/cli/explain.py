"""`lsq-import explain`: what a code means."""

from typing import Annotated

import typer

from importer.cli.edge import say
from importer.codes import EXPLANATIONS, Explanation
from importer.error_codes import ERRORS
from importer.errors import UsageError, suggestion
from importer.server_types import SERVER_TYPES, server_type


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
        near = suggestion(code, [*map(str, known_codes), *SERVER_TYPES])
        raise UsageError(f'There is no code "{code}".', near.strip() or "List them all with: lsq-import explain")
    _explain(code.strip().lower(), found)


def _explain(code: str, explanation: Explanation) -> None:
    say(f"{code}: {explanation.meaning}.")
    say()
    say(explanation.remedy)
