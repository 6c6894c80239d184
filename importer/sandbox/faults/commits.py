"""When the rows of a call are stored on which a fault falls."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, Self, get_args

from importer.sandbox.faults.errors import CommitError

CommitWord = Literal["before", "after", "never", "late", "partly"]

WORDS: Final[frozenset[CommitWord]] = frozenset(get_args(CommitWord))
LATE_SECONDS: Final = 5.0
"""How late `late` is if nobody says so."""

_TEXT: Final = re.compile(r"(before|after|never|late|partly)(?::(\d+(?:\.\d+)?))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Commit:
    """The moment at which rows are stored.

    `before`: then the fault happens. `after`: as soon as the fault is over. `never`. `late`: the fault happens at once,
    the rows are stored `seconds` later. `partly`: the first `rows` rows are stored, then the fault happens.
    """

    word: CommitWord
    seconds: float = 0.0
    rows: int = 0

    @classmethod
    def read(cls, given: object, late: float = LATE_SECONDS) -> Self:
        """Read `late:2`, `{late: 2}`, `partly:10`, `before` and so on; raises CommitError.

        :param late: the seconds of a `late` that doesn't say them.
        """
        if isinstance(given, cls):
            return given
        if isinstance(given, Mapping) and len(given) == 1:
            ((word, amount),) = given.items()
            text = f"{word}:{amount}"
        else:
            text = str(given)
        found = _TEXT.fullmatch(text)
        if found is None:
            raise CommitError(given)
        word, number = found[1], found[2]
        match word:
            case "late":
                return cls("late", seconds=late if number is None else float(number))
            case "partly" if number is not None and float(number) == math.floor(float(number)):
                return cls("partly", rows=int(float(number)))
            case "before" | "after" | "never" if number is None:
                return cls(word)
            case _:
                raise CommitError(given)

    @property
    def before_answer(self) -> bool:
        """Whether what is stored is stored before the client hears anything."""
        return self.word in ("before", "partly")

    def __str__(self) -> str:
        """As `read` takes it."""
        match self.word:
            case "late":
                return f"late:{self.seconds:g}"
            case "partly":
                return f"partly:{self.rows}"
            case _:
                return self.word
