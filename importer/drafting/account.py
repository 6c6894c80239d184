"""The account's own fields, and which columns of a file they go with by name. Nothing doubtful counts as a match."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from importer.drafting.names import normalised, words_of

CERTAIN: Final = 1.0
DOUBTFUL: Final = 0.55
"""From here on a match is worth a suggestion."""

_ELSEWHERE: Final = frozenset({"ActivityEvent_Note", "Owner", "Status", "ActivityDateTime", "ActivityEvent"})
"""Fields of every activity that a mapping fills under `activity`, or that LeadSquared fills itself."""


@dataclass(frozen=True, slots=True)
class AccountField:
    """One field of an activity type, as the account describes it (page get-details-of-activity-type)."""

    schema_name: str
    """`mx_Custom_1`."""
    display_name: str
    """What users see: `Store`."""
    data_type: str
    """LeadSquared's word: `String`, `Number`, `DateTime`, `SearchableDropdown`, …"""
    mandatory: bool = False
    options: tuple[str, ...] = ()
    """What a list allows; empty for fields that are no list."""
    max_length: int | None = None
    """Characters; None if the account names no limit."""

    @property
    def is_own(self) -> bool:
        """Whether it is a field of this activity type, to be filled under `fields`."""
        return self.schema_name not in _ELSEWHERE


@dataclass(frozen=True, slots=True)
class FieldMatch:
    """A column and a field that may belong together."""

    position: int
    """Of the column."""
    field: AccountField
    score: float
    """1: the same name, and no other column or field has it. Below: a suggestion at best."""

    @property
    def certain(self) -> bool:
        """Whether it can be taken without asking."""
        return self.score >= CERTAIN


def match_headers(headers: Sequence[str], fields: Sequence[AccountField]) -> list[FieldMatch]:
    """The best match of each column, in the columns' order; columns that resemble no field have none.

    A column and a field are matched once at most. The same name is the score 1; if two columns or two fields bear it,
    neither is certain.
    """
    offered = [field for field in fields if field.is_own]
    scored = [
        FieldMatch(position, field, score)
        for position, header in enumerate(headers)
        for field in offered
        if (score := similarity(header, field)) >= DOUBTFUL
    ]
    exact = [match for match in scored if match.certain]
    columns = [match.position for match in exact]
    names = [match.field.schema_name for match in exact]
    scored = [
        _doubted(match)
        if match.certain and (columns.count(match.position) > 1 or names.count(match.field.schema_name) > 1)
        else match
        for match in scored
    ]
    chosen: list[FieldMatch] = []
    for match in sorted(scored, key=lambda match: (-match.score, match.position)):
        free = all(
            match.position != other.position and match.field.schema_name != other.field.schema_name for other in chosen
        )
        if free:
            chosen.append(match)
    return sorted(chosen, key=lambda match: match.position)


def _doubted(match: FieldMatch) -> FieldMatch:
    return FieldMatch(match.position, match.field, 0.99)


def similarity(header: str, field: AccountField) -> float:
    """How much a column's name is like a field's: 1 for the same letters and digits, 0 for nothing in common."""
    wanted = normalised(header)
    if not wanted:
        return 0.0
    if wanted in (normalised(field.display_name), normalised(field.schema_name)):
        return CERTAIN
    return min(0.99, _resemblance(header, field.display_name))


def _resemblance(one: str, other: str) -> float:
    letters = SequenceMatcher(None, normalised(one), normalised(other), autojunk=False).ratio()
    mine, theirs = set(words_of(one)), set(words_of(other))
    if not mine or not theirs:
        return 0.0
    shared = len(mine & theirs)
    # `Invoice No` and `Invoice number` share what matters; `Lead ID` and `Session ID` do not.
    return max(letters, 0.5 * shared / len(mine | theirs) + 0.4 * shared / min(len(mine), len(theirs)))
