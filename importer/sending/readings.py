"""What the ending of a reading call means: reading does no harm, so it is done again where writing never would be."""

from dataclasses import dataclass
from typing import Final, TypeAlias

from importer.leadsquared.calls import Ending, Silence
from importer.leadsquared.routes import CallClass
from importer.leadsquared.verdicts import NotExecuted, verdict_of

TRIES: Final = 3
"""How often a call is made that ends in silence or as an error of the server."""


@dataclass(frozen=True, slots=True)
class Again:
    """Nothing usable came back; another try may bring it."""


@dataclass(frozen=True, slots=True)
class Heard:
    """The ending is for whoever has asked."""


ReadingVerdict: TypeAlias = NotExecuted | Again | Heard


def reading_verdict(ending: Ending, tries: int) -> ReadingVerdict:
    """What to do after a reading call that was made so many times."""
    verdict = verdict_of(ending, 1, CallClass.BULK)
    if isinstance(verdict, NotExecuted):
        return verdict
    broken = isinstance(ending, Silence) or ending.status >= 500
    return Again() if broken and tries < TRIES else Heard()
