"""One value of a mapping beside the field that it goes to: data type, options, length."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from importer.comparing.difference import Difference, Kind
from importer.comparing.posted_texts import FixedText, fixed_texts
from importer.errors.base import suggestion
from importer.leadsquared.account.values import ActivityField, LeadField
from importer.leadsquared.shapes import GUID
from importer.mapping.bound import BoundValue, FromNowhere
from importer.mapping.values import ValueType

_WRITTEN: Final = frozenset({ValueType.TEXT, ValueType.CHOICE})


@dataclass(frozen=True, slots=True)
class _DataType:
    """What a field of one data type takes."""

    fits: frozenset[ValueType]
    doubtful: frozenset[ValueType]
    """Types that can be meant, but usually are not."""
    shape: re.Pattern[str]
    """Of a text that it takes."""
    wanted: str
    """In words, with the mapping's type."""


_DATA_TYPES: Final = {
    "number": _DataType(
        _WRITTEN | {ValueType.INTEGER, ValueType.DECIMAL, ValueType.BOOLEAN},
        frozenset(),
        re.compile(r"[+-]?[0-9]+(\.[0-9]+)?"),
        "numbers; give the value type: integer or type: decimal",
    ),
    "datetime": _DataType(
        frozenset({ValueType.DATETIME}),
        _WRITTEN | {ValueType.DATE},
        re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}"),
        "UTC times; give the value type: datetime, with its formats and timezone",
    ),
    "date": _DataType(
        frozenset({ValueType.DATE}),
        _WRITTEN | {ValueType.DATETIME},
        re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}( [0-9]{2}:[0-9]{2}:[0-9]{2})?"),
        "dates; give the value type: date, with its formats",
    ),
    "boolean": _DataType(
        _WRITTEN | {ValueType.BOOLEAN, ValueType.INTEGER},
        frozenset(),
        re.compile(r"[01]|true|false", re.IGNORECASE),
        "yes and no; give the value type: boolean",
    ),
    "activeusers": _DataType(
        _WRITTEN | {ValueType.GUID},
        frozenset({ValueType.EMAIL}),
        GUID,
        "a user's id, as the field Owner does; give the value type: guid",
    ),
    "product": _DataType(_WRITTEN | {ValueType.GUID}, frozenset(), GUID, "a product's id; give the value type: guid"),
}
"""By DataType in small letters: those of the activity pages (FACTS 2.8 and 5) and of lead fields. Any other takes
whatever comes: no page lists them all."""

SHOWN_OPTIONS: Final = 12
SHOWN_TEXTS: Final = 10
"""Texts of one value that are named one by one; a map_file may hold thousands."""


def value_differences(value: BoundValue, field: ActivityField | LeadField) -> Iterator[Difference]:
    """How one value does not fit its field."""
    several = isinstance(field, ActivityField) and field.several
    fixed = fixed_texts(value)
    if field.options:
        if not several:  # what stands between several options is documented nowhere
            yield from _options(value, field, fixed)
        return
    yield from _data_type(value, field, fixed)
    if field.data_type.casefold() not in _DATA_TYPES and "dropdown" not in field.data_type.casefold():
        yield from _length(value, field, fixed)


def called(field: ActivityField | LeadField) -> str:
    """How a field is named in sentences."""
    if field.display_name == field.schema_name:
        return f'"{field.schema_name}"'
    return f'"{field.schema_name}" ({field.display_name})'


def _options(value: BoundValue, field: ActivityField | LeadField, fixed: list[FixedText]) -> Iterator[Difference]:
    gone = [each.text for each in fixed if each.text not in field.options]
    for text in gone[:SHOWN_TEXTS]:
        near = suggestion(text, field.options)
        shown = ", ".join(field.options[:SHOWN_OPTIONS])
        more = f" and {len(field.options) - SHOWN_OPTIONS} more" if len(field.options) > SHOWN_OPTIONS else ""
        yield Difference(
            Kind.OPTION_GONE,
            value.address,
            f'"{text}" is not an option of {called(field)}.{near or f" Its options are {shown}{more}."} '
            "Write it exactly like that, or add the option in LeadSquared.",
        )
    if len(gone) > SHOWN_TEXTS:
        sentence = f"{len(gone) - SHOWN_TEXTS} more texts are not options of {called(field)}."
        yield Difference(Kind.OPTION_GONE, value.address, sentence)


def _data_type(value: BoundValue, field: ActivityField | LeadField, fixed: list[FixedText]) -> Iterator[Difference]:
    known = _DATA_TYPES.get(field.data_type.casefold())
    if known is None:
        return
    odd = [each.text for each in fixed if not known.shape.fullmatch(each.text)]
    for text in odd:
        sentence = f'{called(field)} is of type {field.data_type}, and "{text}" is none; it takes {known.wanted}.'
        yield Difference(Kind.TYPE_CLASH, value.address, sentence)
    if odd or value.type in known.fits or isinstance(value.origin, FromNowhere):
        return
    yield Difference(
        Kind.TYPE_CLASH,
        value.address,
        f"{called(field)} is of type {field.data_type}, and the mapping gives it a {value.type}; "
        f"it takes {known.wanted}.",
        stops=value.type not in known.doubtful,
    )


def _length(value: BoundValue, field: ActivityField | LeadField, fixed: list[FixedText]) -> Iterator[Difference]:
    limit = field.max_length
    if limit is None:
        return
    for each in fixed:
        if len(each.text) > limit:
            sentence = (
                f"{called(field)} takes {limit} characters, and the {each.origin} has {len(each.text)}; shorten it."
            )
            yield Difference(Kind.TOO_LONG, value.address, sentence)
    if value.max_length is not None and value.max_length > limit:
        yield Difference(
            Kind.TOO_LONG,
            value.address,
            f"{called(field)} takes {limit} characters, and the mapping allows {value.max_length}; "
            f"write max_length: {limit}, so that longer texts are found before they are sent.",
        )
