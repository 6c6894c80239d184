"""Chunks that are to be sent, and what becomes of those that were sent in vain: sent again, split, or given up."""

from dataclasses import dataclass
from typing import Final

from importer.records import Chunk
from importer.sending.doubts import Doubt, parts_of

PARTS: Final = 3
"""Into how many parts a chunk is split that is refused whole: one bad row of 25 is alone after nine calls."""

TRIES: Final = 3
"""How often a row is sent that fails without a word on why, before it counts as refused."""


@dataclass(slots=True)
class Turn:
    """A chunk that is to be sent, or is under way."""

    chunk: Chunk
    attempt: int = 1
    tries: int = 0
    """How often its rows were sent before, and turned out not to be there."""
    started: float = 0.0

    def parts(self) -> list["Turn"]:
        """Its turns after LeadSquared has refused it whole."""
        return [Turn(part, tries=self.tries + 1) for part in parts_of(self.chunk, PARTS)]


def is_refused(doubt: Doubt) -> bool:
    """Whether a row that was not created, for certain, is one that LeadSquared does not take.

    An error about several rows, of which all but one are there, says nothing about that one: it is sent by itself.
    """
    told_of_it = doubt.refusal != "" and doubt.carried == 1
    return len(doubt.activities) == 1 and (told_of_it or doubt.tries + 1 >= TRIES)


def refusal_of(doubt: Doubt) -> str:
    """Why a row is not taken, in a sentence."""
    return doubt.refusal or f"LeadSquared failed on this row {doubt.tries + 1} times: {doubt.cause}"


def turns_after(doubt: Doubt) -> list[Turn]:
    """The next turns of rows that were not created, for certain: whole after a mishap, else in parts."""
    if doubt.refusal or doubt.tries > 0:
        return [Turn(part, tries=doubt.tries + 1) for part in parts_of(doubt.chunk, PARTS)]
    attempt = doubt.attempt + 1 if doubt.chunk.number else 1  # what is left of a call is a call of its own
    return [Turn(doubt.chunk, attempt, doubt.tries + 1)]
