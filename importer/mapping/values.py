"""A value of the mapping file as a pydantic model: where it comes from, how it is understood, what it must be."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Final

from pydantic import BeforeValidator, Discriminator, Field, Tag
from pydantic_core import InitErrorDetails

from importer.mapping.checked_texts import (
    CountryCode,
    Delimiter,
    Encoding,
    Filled,
    OneOrMoreTexts,
    Pattern,
    TemplateText,
    Texts,
    TrunkPrefix,
    Written,
    Zone,
    own_words,
)
from importer.mapping.date_formats import FormatFault, date_format, time_format
from importer.mapping.strict import Strict, fault


class ValueType(StrEnum):
    """How the text of a cell is understood."""

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
    CHOICE = "choice"


class Case(StrEnum):
    """What becomes of capital and small letters."""

    UPPER = "upper"
    LOWER = "lower"
    TITLE = "title"


DATED: Final = frozenset({ValueType.DATE, ValueType.DATETIME, ValueType.TIME})
NUMERIC: Final = frozenset({ValueType.INTEGER, ValueType.DECIMAL})

EFFECTIVE: Final[dict[str, tuple[frozenset[ValueType], str]]] = {
    "formats": (DATED, "dates and times have type date, datetime or time"),
    "timezone": (frozenset({ValueType.DATE, ValueType.DATETIME}), "dates have type date or datetime"),
    "number": (NUMERIC, "numbers have type integer or decimal"),
    "words": (frozenset({ValueType.BOOLEAN}), "yes and no have type boolean"),
    "country_code": (frozenset({ValueType.PHONE}), "phone numbers have type phone"),
    "case": (frozenset({ValueType.TEXT, ValueType.CHOICE, ValueType.EMAIL}), "it is for texts, choices and e-mails"),
}
"""Keys that have an effect on some types only: on which, and in words."""

_SOURCES: Final = ("column", "columns", "constant", "template")
_OF_CELLS: Final = ("map", "map_file", "case", "default")
"""Keys that a constant has no use for: it is written as it is meant."""


class NumberMarks(Strict):
    """Which characters group and divide the digits of a number."""

    called: ClassVar[str] = "number"

    thousands: str | None = Field(None, min_length=1, max_length=1, description="Between thousands, such as a comma.")
    decimal: str = Field(".", min_length=1, max_length=1, description="Before the decimals: a point or a comma.")

    @classmethod
    def rules(cls, raw: dict[str, Any]) -> Iterator[InitErrorDetails]:
        """The two marks differ, and neither is a digit or a sign."""
        if raw.get("thousands") == raw.get("decimal", "."):
            yield fault("thousands and decimal are the same character; then no number is clear.", "thousands")
        for key in ("thousands", "decimal"):
            mark = raw.get(key)
            if isinstance(mark, str) and mark in set("+-0123456789"):
                yield fault(f'"{mark}" can\'t be the {key} mark.', key)


class BooleanWords(Strict):
    """Which words of the file say yes, and which say no."""

    called: ClassVar[str] = "words"

    true: Texts = Field(description="What says yes, in any case.")
    false: Texts = Field(description="What says no, in any case.")

    @classmethod
    def rules(cls, raw: dict[str, Any]) -> Iterator[InitErrorDetails]:
        """No word says both."""
        said = {word.strip().lower() for word in _texts_in(raw.get("true"))}
        for index, word in enumerate(_texts_in(raw.get("false"))):
            if word.strip().lower() in said:
                yield fault(f'"{word}" stands under true as well; it can\'t say both.', "false", index)


def _texts_in(raw: object) -> list[str]:
    return [word if isinstance(word, str) else "" for word in raw] if isinstance(raw, list) else []


class MapFile(Strict):
    """A CSV file that holds the table of `map`."""

    called: ClassVar[str] = "map_file"

    file: Filled = Field(description="Path of a CSV file, from the folder of the mapping.")
    from_: Filled = Field(alias="from", description="Its column with the texts of the source.")
    to: Filled = Field(description="Its column with what is posted for them.")
    encoding: Encoding | None = Field(None, description="Its encoding; UTF-8 if not given.")
    delimiter: Delimiter | None = Field(None, description="The character between its fields; found out if not given.")


class Condition(Strict):
    """What a row must say in one column for something to apply to it."""

    called: ClassVar[str] = "a condition"

    column: Filled = Field(description="The column that is looked at.")
    is_: OneOrMoreTexts | None = Field(None, alias="is", description="The text of the cell, or a list of texts.")
    is_not: OneOrMoreTexts | None = Field(None, description="What the text of the cell must not be.")
    filled: bool | None = Field(None, description="Whether the cell must be filled, or must be empty.")

    @classmethod
    def rules(cls, raw: dict[str, Any]) -> Iterator[InitErrorDetails]:
        """One thing is asked."""
        given = [key for key in ("is", "is_not", "filled") if raw.get(key) is not None]
        if not given:
            yield fault("This condition asks for nothing; give it is, is_not or filled.")
        elif len(given) > 1:
            yield fault(f"This condition has {' and '.join(given)}; keep one.", given[1])


_Conditions = Annotated[list[Condition], Field(min_length=1)]
Conditions = Annotated[
    _Conditions,
    BeforeValidator(
        lambda raw: [raw] if isinstance(raw, dict) else raw, json_schema_input_type=Condition | _Conditions
    ),
]


class ZoneColumn(Strict):
    """A time zone that is read from a column."""

    called: ClassVar[str] = "timezone"

    column: Filled = Field(description="The column that names the zone.")
    map: dict[str, Zone] | None = Field(None, min_length=1, description="Texts of the column: the zones they mean.")
    default: Zone | None = Field(None, description="The zone where the cell is empty.")


def _zone_or_column(raw: object) -> object:
    if not isinstance(raw, str | dict | ZoneColumn):
        raise own_words("timezone is a zone, such as Asia/Kolkata, or a table: {column: Zone}.")
    return raw


ZoneOrColumn = Annotated[
    Annotated[Zone, Tag("zone")] | Annotated[ZoneColumn, Tag("zone_column")],
    Discriminator(lambda raw: "zone" if isinstance(raw, str) else "zone_column"),
    BeforeValidator(_zone_or_column),
]


class Value(Strict):
    """Where one posted value comes from, and what it must be."""

    called: ClassVar[str] = "a value"

    column: Filled | None = Field(None, description="The column of the file, as its header names it.")
    columns: list[Filled] | None = Field(None, min_length=1, description="Columns whose filled cells are joined.")
    constant: Written | None = Field(None, description="The same text for every row.")
    template: TemplateText | None = Field(None, description='A text with cells in it: "{Store}: {Remarks}".')
    separator: Written | None = Field(None, description="What stands between the cells of columns; a blank if absent.")
    when: Conditions | None = Field(None, description="Rows that don't say this have no such value.")
    type: ValueType | None = Field(None, description="How the cell is understood; text if not given.")
    required: bool | None = Field(None, description="Whether an empty cell is an issue.")
    formats: list[str] | None = Field(
        None, min_length=1, description="How dates are written: dd/mm/yyyy HH:MM, or %d/%m/%Y %H:%M."
    )
    timezone: ZoneOrColumn | None = Field(None, description="The zone of the written times, such as Asia/Kolkata.")
    default: Written | None = Field(None, description="Fills an empty cell, and a text that map does not list.")
    map: dict[str, Written] | None = Field(None, min_length=1, description="Texts of the file: what is posted.")
    map_file: MapFile | None = Field(None, description="A CSV file with such a table.")
    choices: list[Written] | None = Field(None, min_length=1, description="The only texts allowed.")
    pattern: Pattern | None = Field(None, description="A regular expression for the whole text.")
    max_length: int | None = Field(None, ge=1, description="The most characters; a longer text is an issue, never cut.")
    trim: bool | None = Field(None, description="Take white space off both ends of a text.")
    case: Case | None = Field(None, description="Make the letters upper, lower, or title: Each Word Like This.")
    number: NumberMarks | None = Field(None, description="Marks within numbers.")
    words: BooleanWords | None = Field(None, description="Which words say yes, and which say no.")
    country_code: CountryCode | None = Field(None, description="Of numbers without one; posts +91-9845098450.")
    national_digits: int | None = Field(None, ge=4, le=14, description="How many digits a number has at home.")
    trunk_prefix: TrunkPrefix | None = Field(None, description='What is dialled before a number at home; "" for none.')

    @classmethod
    def rules(cls, raw: dict[str, Any]) -> Iterator[InitErrorDetails]:
        """One source; no key that has no effect on the type."""
        given = [key for key in _SOURCES if raw.get(key) is not None]
        if not given:
            yield fault("This value has no source; give it a column, a constant or a template.")
        elif len(given) > 1:
            yield fault(f"This value has {len(given)} sources, {' and '.join(given)}; keep one.", given[1])
        yield from cls._beside_other_keys(raw, given)
        kind = raw.get("type")
        if isinstance(kind, str | None):
            yield from _formats(raw, kind)
            if kind is None or kind in set(ValueType):
                yield from cls._without_effect(raw, kind)

    @classmethod
    def _beside_other_keys(cls, raw: dict[str, Any], given: list[str]) -> Iterator[InitErrorDetails]:
        if raw.get("separator") is not None and "columns" not in given:
            yield fault("separator goes with columns, which are joined by it.", "separator")
        if raw.get("map") is not None and raw.get("map_file") is not None:
            yield fault("This value has map and map_file; keep one.", "map_file")
        for key in ("national_digits", "trunk_prefix"):
            if raw.get(key) is not None and raw.get("country_code") is None:
                yield fault(f"{key} goes with country_code.", key)
        trunk = raw.get("trunk_prefix")
        if isinstance(trunk, str) and trunk[:1] not in ("", "0") and raw.get("national_digits") is None:
            yield fault(f"Numbers at home can begin with {trunk} as well; give national_digits, too.", "trunk_prefix")
        if given == ["constant"]:
            for key in _OF_CELLS:
                if raw.get(key) is not None:
                    yield fault(f"{key} has no effect on a constant; write the text as it is meant.", key)
            if isinstance(raw.get("timezone"), dict):
                yield fault("A constant is the same for every row; give its timezone by name.", "timezone")

    @classmethod
    def _without_effect(cls, raw: dict[str, Any], kind: str | None) -> Iterator[InitErrorDetails]:
        # A value whose place implies a type (lead.id, activity.datetime) is checked where the place is known.
        for key, (types, hint) in EFFECTIVE.items():
            if kind is not None and kind not in types and raw.get(key) is not None:
                yield fault(f"{key} has no effect on type {kind}; {hint}.", key)
        if kind == ValueType.CHOICE and raw.get("choices") is None:
            yield fault("A choice needs its choices, a list of texts.", "type")
        if kind not in (None, ValueType.TEXT, ValueType.CHOICE) and raw.get("choices") is not None:
            yield fault(f"choices goes with type choice, not {kind}.", "choices")


def _formats(raw: dict[str, Any], kind: str | None) -> Iterator[InitErrorDetails]:
    understand = time_format if kind == ValueType.TIME else date_format
    formats = raw.get("formats")
    for index, written in enumerate(formats if isinstance(formats, list) else ()):
        if isinstance(written, str):
            try:
                understand(written)
            except FormatFault as error:
                yield fault(str(error), "formats", index)


def _from_bare_text(raw: object) -> object:
    return {"column": raw} if isinstance(raw, str) else raw


ValueOrColumn = Annotated[Value, BeforeValidator(_from_bare_text, json_schema_input_type=str | Value)]


class FieldSet(Strict):
    """A custom field set: a field that holds fields of its own (page 001)."""

    called: ClassVar[str] = "a custom field set"

    fields: dict[str, ValueOrColumn] = Field(min_length=1, description="Its fields: Status, mx_CustomObject_1, …")


def _value_or_set(raw: object) -> str:
    if isinstance(raw, FieldSet) or (isinstance(raw, dict) and "fields" in raw):
        return "set"
    return "value"


Entry = Annotated[
    Annotated[ValueOrColumn, Tag("value")] | Annotated[FieldSet, Tag("set")], Discriminator(_value_or_set)
]
