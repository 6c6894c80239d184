"""One thing that the importer relies on, or wants to know, of the API."""

from collections.abc import Callable
from dataclasses import dataclass

from .account import Account


@dataclass(frozen=True)
class Expectation:
    """A named check of an account.

    `look` asserts what must hold, and returns which variant the account follows, "" if there is only one.
    """

    name: str
    sentence: str
    source: str
    """Page or section of the gathered facts."""
    code: str
    """Where the importer relies on it."""
    look: Callable[[Account], str]
    rows: int = 0
    """How many activities it may create."""
    point: str = ""
    """The open point that it settles."""

    @property
    def writes(self) -> bool:
        """Whether it creates activities."""
        return self.rows > 0


class NotApplicable(Exception):
    """The account has nothing to try this on."""


NAMED: list[Expectation] = []
"""Those of all modules that were imported; looking.py puts them in order."""


def expects(
    sentence: str, *, source: str, code: str, rows: int = 0, point: str = ""
) -> Callable[[Callable[[Account], str]], Callable[[Account], str]]:
    """Names what a function looks at."""

    def named(look: Callable[[Account], str]) -> Callable[[Account], str]:
        name = look.__name__.replace("_", "-")
        NAMED.append(Expectation(name, sentence, source, code, look, rows, point))
        return look

    return named
