"""The mapping file as a pydantic model: what every key may hold. Its JSON Schema is what `lsq-import schema` prints."""

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Final, Literal

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, Tag, WithJsonSchema
from pydantic_core import InitErrorDetails

from importer.errors.base import suggestion
from importer.leadsquared.routes import ROUTES, RouteName
from importer.mapping.checked_texts import Delimiter, Encoding, Filled, QuoteChar, Written, own_words
from importer.mapping.expectations import MappingTest
from importer.mapping.strict import Strict, fault
from importer.mapping.templates import TemplateFault, template_pieces
from importer.mapping.values import Conditions, Entry, ValueOrColumn, ValueType

__all__ = ["Mapping", "ValueType"]

VERSION: Final = 1


class SourceSection(Strict):
    """How the file is to be read; options of the command line win."""

    called: ClassVar[str] = "source"

    sheet: Written | None = Field(None, description="The sheet's name, or its number from 1.")
    header_row: int | None = Field(None, ge=1, description="The line or Excel row of the column names, from 1.")
    encoding: Encoding | None = Field(None, description="The encoding of a CSV file, such as cp1252.")
    delimiter: Delimiter | None = Field(None, description="The character between fields of a CSV file.")
    quote_char: QuoteChar | None = Field(None, description='The character around texts of a CSV file; mostly ".')


class LeadWay(Strict):
    """Which lead an activity belongs to, and by which road it goes."""

    called: ClassVar[str] = "lead.otherwise"

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
                yield fault(f"The route {name} needs {cls.called}.{key}.")
        for key in raw:
            if key in cls.model_fields and key not in ("route", "otherwise") and key not in keys:
                serving = [route.name for route in ROUTES.values() if key in route.lead_keys]
                yield fault(f"The route {name} has no {key}; it goes with {' and '.join(serving)}.", key)
        attributes = raw.get("attributes")
        if isinstance(attributes, dict) and isinstance(raw.get("search_by"), str):
            wanted = raw["search_by"]
            if wanted not in attributes:
                near = suggestion(wanted, list(attributes))
                yield fault(f'search_by names "{wanted}", which is not among the attributes.{near}', "search_by")


def _never_empty(value: dict[str, Any]) -> bool:
    template = value.get("template")
    letters = False
    if isinstance(template, str):
        try:
            letters = any(not is_column for is_column, _ in template_pieces(template))
        except TemplateFault:
            letters = False  # told by the value itself
    return bool(value.get("constant") or value.get("default")) or letters


class LeadSection(LeadWay):
    """Which lead an activity belongs to; and if a row lacks the key for that, another way to find it."""

    called: ClassVar[str] = "lead"

    otherwise: LeadWay | None = Field(None, description="The way for rows whose key for the first one is empty.")

    @classmethod
    def rules(cls, raw: dict[str, Any]) -> Iterator[InitErrorDetails]:
        """A second way is of use only if the first one can lack its key."""
        yield from super().rules(raw)
        if raw.get("otherwise") is None:
            return
        for key in ("id", "value", "email"):
            value = raw.get(key)
            if isinstance(value, dict) and _never_empty(value):
                yield fault(f"lead.{key} is never empty, so no row would go otherwise.", "otherwise")
        if raw.get("route") in (RouteName.LEAD_AND_ACTIVITY, RouteName.LEAD_AND_ACTIVITY_ASYNC):
            yield fault(
                f"The route {raw['route']} makes the leads that it does not find; it has no otherwise.", "otherwise"
            )


class ActivitySection(Strict):
    """The activity itself."""

    called: ClassVar[str] = "activity"

    event: int = Field(ge=1, description="The number of the activity type, such as 201.")
    note: ValueOrColumn | None = None
    datetime: ValueOrColumn | None = Field(None, description="When it happened; posted in UTC.")
    owner: ValueOrColumn | None = Field(None, description="The e-mail address of the user who owns it.")
    process_files_async: bool | None = Field(None, description="Passed on as ProcessFilesAsync.")
    validate_dropdown_options: bool | None = Field(
        None, description="Passed on as ValidateDropDownOptions; by its page, true skips the check of drop-down values."
    )


class ImportKeyField(Strict):
    """The field that holds each row's key."""

    called: ClassVar[str] = "import_key"

    field: Filled = Field(description="The schema name of a text field that is used for nothing else.")


def _note_or_field(raw: object) -> object:
    if raw != "note" and not isinstance(raw, dict | None):
        shown = f', not "{raw}"' if isinstance(raw, str) else ""
        raise own_words(f'import_key is "note" or {{field: mx_Custom_15}}{shown}.')
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


class Rule(Strict):
    """What a row as a whole must be."""

    called: ClassVar[str] = "a rule"

    unique: list[Filled] | None = Field(None, min_length=1, description="No two rows are alike in these columns.")
    any_of: list[Filled] | None = Field(None, min_length=2, description="At least one of these columns is filled.")
    one_of: list[Filled] | None = Field(None, min_length=2, description="Exactly one of these columns is filled.")

    @classmethod
    def rules(cls, raw: dict[str, Any]) -> Iterator[InitErrorDetails]:
        """One thing is asked, and of each column once."""
        given = [key for key in cls.model_fields if raw.get(key) is not None]
        if not given:
            yield fault("This rule asks for nothing; give it unique, any_of or one_of.")
        elif len(given) > 1:
            yield fault(f"This rule has {' and '.join(given)}; make a rule of each.", given[1])
        for key in given:
            names = raw[key] if isinstance(raw[key], list) else []
            for index, name in enumerate(names):
                if name in names[:index]:
                    yield fault(f'"{name}" stands twice.', key, index)


def _version_1(version: int) -> int:
    if version != VERSION:
        raise own_words(f"Mapping version {version} is not known; this program reads version {VERSION}.")
    return version


def _owner_of_two_ways(raw: dict[str, Any]) -> Iterator[InitErrorDetails]:
    lead, activity = raw.get("lead"), raw.get("activity")
    if not isinstance(lead, dict) or not isinstance(activity, dict):
        return
    second = lead.get("otherwise")
    if not isinstance(second, dict) or activity.get("owner") is None:
        return
    names = [way.get("route") or RouteName.BULK_BY_LEAD_ID for way in (lead, second)]
    if not all(isinstance(name, str) and name in set(RouteName) for name in names):
        return
    bulk = [ROUTES[RouteName(name)].bulk for name in names]
    if bulk[0] != bulk[1]:
        by = ["e-mail address" if is_bulk else "user id" for is_bulk in bulk]
        yield fault(
            f"The route {names[0]} names an owner by {by[0]} and {names[1]} by {by[1]}; no cell is both.",
            "activity",
            "owner",
        )


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
    when: Conditions | None = Field(None, description="Rows that don't say this are none of this import.")
    rules_: list[Rule] | None = Field(
        None, alias="rules", min_length=1, description="What rows must be in more than one column, or among all rows."
    )
    tests: list[MappingTest] | None = Field(
        None, min_length=1, description="Rows and what becomes of them; run by validate --tests."
    )

    @classmethod
    def rules(cls, raw: dict[str, Any]) -> Iterator[InitErrorDetails]:
        """The field of the import key holds nothing else, and an owner is named in one way."""
        yield from _owner_of_two_ways(raw)
        key, fields = raw.get("import_key"), raw.get("fields")
        name = key.get("field") if isinstance(key, dict) else None
        if isinstance(name, str) and isinstance(fields, dict) and name in fields:
            yield fault(
                f'"{name}" already holds a value; the import key needs a field of its own.',
                "import_key",
                "field",
            )
