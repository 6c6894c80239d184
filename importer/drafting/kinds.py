"""What a column is taken for, and why: the type that reads it, or text where a type would lose something."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from importer.drafting.columns import ColumnProfile, Sign
from importer.drafting.names import names_a_date, names_a_note, names_a_phone, names_an_identifier
from importer.drafting.readings import (
    BOOLEAN,
    EMAIL,
    GUID,
    INTEGER,
    PHONE,
    READERS,
    TIME,
    WITH_COMMA,
    WITH_POINT,
    Misfits,
    place_of,
    tolerated,
)
from importer.drafting.yaml_text import counted, shown

MOST_CHOICES: Final = 12
"""A list that a person would pick from is no longer."""

LONGEST_LIST: Final = 80
"""Characters; a longer list is no help on one line."""


class Kind(StrEnum):
    """What a column holds; the words are types of a mapping, but for the last two."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"
    TIME = "time"
    EMAIL = "email"
    PHONE = "phone"
    GUID = "guid"
    SERIALS = "day numbers"
    """Dates of Excel that have lost their format."""
    EMPTY = "nothing"


DATED: Final = (Kind.DATE, Kind.DATETIME)


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks within numbers, as `number` names them."""

    thousands: str | None
    decimal: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a column is taken for."""

    kind: Kind
    reason: str = ""
    """Why, in a sentence; empty where it goes without saying."""
    misfits: Misfits = field(default_factory=Misfits)
    """Cells that the type does not read: they will be issues."""
    marks: tuple[Marks, ...] = ()
    """Of numbers: none for plain digits, two where two readings fit."""
    choices: tuple[str, ...] = ()
    """The few texts that occur."""
    serials: Misfits = field(default_factory=Misfits)
    """Cells of a date that are numbers of days, which will be issues as well."""


def verdict_on(column: ColumnProfile) -> Verdict:
    """What a column holds, by its cells and, where they leave it open, by its name."""
    if not column.filled:
        return Verdict(Kind.EMPTY, "It is empty in every row.")
    if column.dates is not None:
        kind = Kind.DATETIME if column.dates.with_clock else Kind.DATE
        return Verdict(kind, misfits=column.dates.misfits, serials=column.serials)
    times = column.types.get(place_of(TIME))
    # Texts are left alone: 0:26 is a length of time as well, and cells that Excel takes for times seldom are.
    if times is not None and 2 * column.times > column.filled:
        return Verdict(Kind.TIME, misfits=times)
    if names_a_date(column.name) and column.filled - column.serials.count <= tolerated(column.filled):
        return Verdict(Kind.SERIALS)
    for reader, kind in ((GUID, Kind.GUID), (EMAIL, Kind.EMAIL)):
        found = column.types.get(place_of(reader))
        if found is not None:
            return Verdict(kind, misfits=found)
    phone = column.types.get(place_of(PHONE))
    plus = column.signs[Sign.PLUS].count
    if phone is not None and (names_a_phone(column.name) or 2 * plus > column.filled):
        return Verdict(Kind.PHONE, misfits=phone)
    truths = column.types.get(place_of(BOOLEAN))
    if truths is not None and place_of(INTEGER) not in column.types:  # 0 and 1 can as well be counts
        return Verdict(Kind.BOOLEAN, misfits=truths)
    return _number(column) or Verdict(Kind.TEXT, choices=choices_of(column))


def _number(column: ColumnProfile) -> Verdict | None:
    """A number, or digits that are better left alone; None for what is neither."""
    readable = {place: found for place, found in column.types.items() if READERS[place].type in ("integer", "decimal")}
    if damaged := column.has(Sign.EXPONENT):
        example = shown(damaged.first.text) if damaged.first else ""
        reason = (
            f"{counted(damaged.count, 'cell')} like {example} lost digits in a spreadsheet before; look at the file."
        )
        return Verdict(Kind.TEXT, reason)
    if not readable or column.has(Sign.CLOCK):
        return None
    if reason := _why_text(column):
        return Verdict(Kind.TEXT, reason)
    least = min(found.count for found in readable.values())
    whole = readable.get(place_of(INTEGER))
    if whole is not None and whole.count == least:
        return Verdict(Kind.INTEGER, misfits=whole)
    point, comma = (
        next(
            (place_of(one) for one in group if place_of(one) in readable and readable[place_of(one)].count == least),
            None,
        )
        for group in (WITH_POINT, WITH_COMMA)
    )
    chosen = [place for place in (point, comma) if place is not None]
    if len(chosen) == 2 and not column.has(Sign.MARKED):
        chosen = chosen[:1]
    marks = tuple(Marks(READERS[place].number.thousands, READERS[place].number.decimal) for place in chosen)
    percent = "Excel shows these with %; the number that it stores is sent: 12% as 0.12."
    reason = percent if column.has(Sign.PERCENT) else ""
    return Verdict(Kind.DECIMAL, reason, readable[chosen[0]], () if marks == (Marks(None, "."),) else marks)


def _why_text(column: ColumnProfile) -> str:
    if zeros := column.has(Sign.ZEROS):
        example = shown(zeros.first.text) if zeros.first else ""
        begin = "cell begins" if zeros.count == 1 else "cells begin"
        return f"Text, not a number: {zeros.count:,} {begin} with 0, like {example}, and a number would lose that."
    if long := column.has(Sign.LONG):
        return f"Text, not a number: {counted(long.count, 'cell')} with more than 15 digits, which are not an amount."
    if names_an_identifier(column.name) or names_a_phone(column.name):
        return "Text, not a number: by its name it is a mark that nobody counts with."
    if column.has(Sign.PLUS):
        return "Text, not a number: a number would lose the + in front."
    return ""


def choices_of(column: ColumnProfile) -> tuple[str, ...]:
    """The texts of a column that looks like a list to pick from; none if it does not."""
    values = column.values or ()
    fits = 2 <= len(values) <= MOST_CHOICES and column.filled >= 3 * len(values)
    if not fits or names_a_note(column.name):
        return ()
    legible = all(text.isprintable() for text in values) and sum(map(len, values)) <= LONGEST_LIST
    return tuple(sorted(values)) if legible else ()
