"""The mapping file as a pydantic model: what every key may hold. Its JSON Schema is what `lsq-import schema` prints."""

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Final, Literal

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, Tag, WithJsonSchema
from pydantic_core import InitErrorDetails, PydanticCustomError

from importer.encoding_names import known_encoding
from importer.errors import suggestion
from importer.leadsquared.routes import ROUTES, RouteName
from importer.mapping.date_formats import FormatFault, date_format
from importer.mapping.moments import is_zone, zone_names
from importer.mapping.strict import OWN_WORDS, Strict, fault
from importer.mapping.templates import TemplateFault, template_columns

VERSION: Final = 1


def _own_words(sentence: str) -> PydanticCustomError:
    return PydanticCustomError(OWN_WORDS, "{sentence}", {"sentence": sentence})


# --------------------------------------------------------------------------------------- checked texts


def _usable_format(written: str) -> str:
    try:
        date_format(written)
    except FormatFault as error:
        raise _own_words(str(error)) from None
    return written


def _existing_zone(name: str) -> str:
    if not is_zone(name):
        near = suggestion(name, zone_names())
        raise _own_words(f'There is no time zone "{name}".{near or " Zones read like Asia/Kolkata or UTC."}')
    return name


def _usable_pattern(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise _own_words(f'The pattern can\'t be used: {error}. It is a regular expression; "." needs "\\.".') from None
    return pattern


def _usable_template(template: str) -> str:
    try:
        template_columns(template)
    except TemplateFault as error:
        raise _own_words(str(error)) from None
    return template


def _known_encoding(name: str) -> str:
    if known_encoding(name) is None:
        near = suggestion(name, ("utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1", "cp1250", "mac-roman"))
        raise _own_words(f'There is no encoding "{name}".{near or " Usual ones are utf-8, cp1252, utf-16."}')
    return name


def _one_character(text: str) -> str:
    named = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "bar": "|"}.get(text.lower(), text)
    if len(named) != 1 or not named.isascii() or named in '"\r\n\0':
        raise _own_words(f'"{text}" can\'t separate fields; a delimiter is one character, such as , ; | or "\\t".')
    return named


DateFormatText = Annotated[str, AfterValidator(_usable_format)]
Zone = Annotated[str, AfterValidator(_existing_zone)]
Pattern = Annotated[str, AfterValidator(_usable_pattern)]
TemplateText = Annotated[str, AfterValidator(_usable_template)]
Encoding = Annotated[str, AfterValidator(_known_encoding)]
Delimiter = Annotated[str, AfterValidator(_one_character)]
Filled = Annotated[str, Field(min_length=1)]
Written = Annotated[str, WithJsonSchema({"type": ["string", "number", "boolean"]})]
"""A text as it is written; editors read 0419 and true as something else, and must not complain."""


# ------------------------------------------------------------------------------------------------ values


class ValueType(StrEnum):
    """How the text of a cell is understood."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"
    EMAIL = "email"
    PHONE = "phone"
    GUID = "guid"
    CHOICE = "choice"


DATED: Final = frozenset({ValueType.DATE, ValueType.DATETIME})
NUMERIC: Final = frozenset({ValueType.INTEGER, ValueType.DECIMAL})

_SOURCES: Final = ("column", "constant", "template")


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


class Value(Strict):
    """Where one posted value comes from, and what it must be."""

    called: ClassVar[str] = "a value"

    column: Filled | None = Field(None, description="The column of the file, as its header names it.")
    constant: Written | None = Field(None, description="The same text for every row.")
    template: TemplateText | None = Field(None, description='A text with cells in it: "{Store}: {Remarks}".')
    type: ValueType | None = Field(None, description="How the cell is understood; text if not given.")
    required: bool | None = Field(None, description="Whether an empty cell is an issue.")
    formats: list[DateFormatText] | None = Field(
        None, min_length=1, description="How dates are written: dd/mm/yyyy HH:MM, or %d/%m/%Y %H:%M."
    )
    timezone: Zone | None = Field(None, description="The zone of the written times, such as Asia/Kolkata.")
    default: Written | None = Field(None, description="Fills an empty cell, and a text that map does not list.")
    map: dict[str, Written] | None = Field(None, min_length=1, description="Texts of the file: what is posted.")
    choices: list[Written] | None = Field(None, min_length=1, description="The only texts allowed.")
    pattern: Pattern | None = Field(None, description="A regular expression for the whole text.")
    max_length: int | None = Field(None, ge=1, description="The most characters; a longer text is an issue, never cut.")
    trim: bool | None = Field(None, description="Take white space off both ends of a text.")
    number: NumberMarks | None = Field(None, description="Marks within numbers.")

    @classmethod
    def rules(cls, raw: dict[str, Any]) -> Iterator[InitErrorDetails]:
        """One source; no key that has no effect on the type."""
        given = [key for key in _SOURCES if raw.get(key) is not None]
        if not given:
            yield fault("This value has no source; give it a column, a constant or a template.")
        elif len(given) > 1:
            yield fault(f"This value has {len(given)} sources, {' and '.join(given)}; keep one.", given[1])
        kind = raw.get("type")
        if not isinstance(kind, str | None):
            return
        if kind is None or kind in set(ValueType):
            yield from cls._without_effect(raw, kind)

    @classmethod
    def _without_effect(cls, raw: dict[str, Any], kind: str | None) -> Iterator[InitErrorDetails]:
        # A value whose place implies a type (lead.id, activity.datetime) is checked where the place is known.
        if kind is not None and kind not in DATED:
            for key in ("formats", "timezone"):
                if raw.get(key) is not None:
                    yield fault(f"{key} has no effect on type {kind}; dates have type date or datetime.", key)
        if kind is not None and kind not in NUMERIC and raw.get("number") is not None:
            yield fault(f"number has no effect on type {kind}; numbers have type integer or decimal.", "number")
        if kind == ValueType.CHOICE and raw.get("choices") is None:
            yield fault("A choice needs its choices, a list of texts.", "type")
        if kind not in (None, ValueType.TEXT, ValueType.CHOICE) and raw.get("choices") is not None:
            yield fault(f"choices goes with type choice, not {kind}.", "choices")


def _from_bare_text(raw: object) -> object:
    return {"column": raw} if isinstance(raw, str) else raw


def _value_or_set(raw: object) -> str:
    if isinstance(raw, FieldSet) or (isinstance(raw, dict) and "fields" in raw):
        return "set"
    return "value"


_COLUMN_SCHEMA: Final = {"type": "string", "description": "A column, kept as text."}

ValueOrColumn = Annotated[Value, BeforeValidator(_from_bare_text, json_schema_input_type=str | Value)]


class FieldSet(Strict):
    """A custom field set: a field that holds fields of its own (page 001)."""

    called: ClassVar[str] = "a custom field set"

    fields: dict[str, ValueOrColumn] = Field(min_length=1, description="Its fields: Status, mx_CustomObject_1, …")


Entry = Annotated[
    Annotated[ValueOrColumn, Tag("value")] | Annotated[FieldSet, Tag("set")], Discriminator(_value_or_set)
]


# --------------------------------------------------------------------------------------------- the parts


class SourceSection(Strict):
    """How the file is to be read; options of the command line win."""

    called: ClassVar[str] = "source"

    sheet: Written | None = Field(None, description="The sheet's name, or its number from 1.")
    header_row: int | None = Field(None, ge=1, description="The line or Excel row of the column names, from 1.")
    encoding: Encoding | None = Field(None, description="The encoding of a CSV file, such as cp1252.")
    delimiter: Delimiter | None = Field(None, description="The character between fields of a CSV file.")


class LeadSection(Strict):
    """Which lead an activity belongs to, and by which road it goes."""

    called: ClassVar[str] = "lead"

    route: RouteName = Field(RouteName.BULK_BY_LEAD_ID, description="The road into LeadSquared.")
    id: ValueOrColumn | None = Field(None, description="The lead's id, a GUID.")
    search_by: Filled | None = Field(None, description="The schema name of a unique lead field, such as EmailAddress.")
    value: ValueOrColumn | None = Field(None, description="What search_by must hold.")
    include_score: bool | None = Field(None, description="Ask for the lead's new score.")
    email: ValueOrColumn | None = Field(None, description="The lead's e-mail address; an unknown one makes a new lead.")
    first_name: ValueOrColumn | None = None
    last_name: ValueOrColumn | None = None
    phone: ValueOrColumn | None = None
    attributes: dict[str, Entry] | None = Field(None, min_length=1, description="The lead's fields by schema name.")

    @classmethod
    def rules(cls, raw: dict[str, Any]) -> Iterator[InitErrorDetails]:
        """The keys that the route needs are there, and no others."""
        name = raw.get("route", RouteName.BULK_BY_LEAD_ID)
        if not isinstance(name, str) or name not in set(RouteName):
            return
        keys = ROUTES[RouteName(name)].lead_keys
        for key, needed in keys.items():
            if needed and raw.get(key) is None:
                yield fault(f"The route {name} needs lead.{key}.")
        for key in raw:
            if key in cls.model_fields and key != "route" and key not in keys:
                serving = [route.name for route in ROUTES.values() if key in route.lead_keys]
                yield fault(f"The route {name} has no {key}; it goes with {' and '.join(serving)}.", key)
        attributes = raw.get("attributes")
        if isinstance(attributes, dict) and isinstance(raw.get("search_by"), str):
            wanted = raw["search_by"]
            if wanted not in attributes:
                near = suggestion(wanted, list(attributes))
                yield fault(f'search_by names "{wanted}", which is not among the attributes.{near}', "search_by")


class ActivitySection(Strict):
    """The activity itself."""

    called: ClassVar[str] = "activity"

    event: int = Field(ge=1, description="The number of the activity type, such as 201.")
    note: ValueOrColumn | None = None
    datetime: ValueOrColumn | None = Field(None, description="When it happened; posted in UTC.")
    owner: ValueOrColumn | None = Field(None, description="The e-mail address of the user who owns it.")


class ImportKeyField(Strict):
    """The field that holds each row's key."""

    called: ClassVar[str] = "import_key"

    field: Filled = Field(description="The schema name of a text field that is used for nothing else.")


def _note_or_field(raw: object) -> object:
    if raw != "note" and not isinstance(raw, dict | None):
        shown = f', not "{raw}"' if isinstance(raw, str) else ""
        raise _own_words(f'import_key is "note" or {{field: mx_Custom_15}}{shown}.')
    return raw


KeyPlace = Annotated[
    Annotated[Literal["note"], Tag("str")] | Annotated[ImportKeyField, Tag("ImportKeyField")],
    Discriminator(lambda raw: "str" if isinstance(raw, str) else "ImportKeyField"),
    BeforeValidator(_note_or_field),
]


class Duplicates(Strict):
    """What makes two rows the same."""

    called: ClassVar[str] = "duplicates"

    key: list[Filled] = Field(min_length=1, description="The columns that together name an activity.")


def _version_1(version: int) -> int:
    if version != VERSION:
        raise _own_words(f"Mapping version {version} is not known; this program reads version {VERSION}.")
    return version


class Mapping(Strict):
    """A mapping file: which columns become which values of an activity."""

    called: ClassVar[str] = "a mapping"

    version: Annotated[int, AfterValidator(_version_1), WithJsonSchema({"const": VERSION})]
    name: Filled | None = Field(None, description="What runs with this mapping are called.")
    source: SourceSection = SourceSection()
    lead: LeadSection
    activity: ActivitySection
    fields: dict[str, Entry] = Field(default_factory=dict, description="The activity's fields by schema name.")
    import_key: KeyPlace | None = Field(
        None, description="Where each row's key is stored, so that a lost answer can be settled exactly."
    )
    duplicates: Duplicates | None = None

    @classmethod
    def rules(cls, raw: dict[str, Any]) -> Iterator[InitErrorDetails]:
        """The field of the import key holds nothing else."""
        key, fields = raw.get("import_key"), raw.get("fields")
        name = key.get("field") if isinstance(key, dict) else None
        if isinstance(name, str) and isinstance(fields, dict) and name in fields:
            yield fault(
                f'"{name}" already holds a value; the import key needs a field of its own.',
                "import_key",
                "field",
            )
