"""Texts of a mapping that must be more than texts: patterns, templates, zones, encodings, country codes."""

import re
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from importer.errors.base import suggestion
from importer.mapping.country_codes import is_country_code
from importer.mapping.moments import is_zone
from importer.mapping.strict import OWN_WORDS
from importer.mapping.templates import TemplateFault, template_columns
from importer.mapping.zone_words import zone_advice
from importer.text_files.delimiter_names import delimiter_sign
from importer.text_files.encoding_names import known_encoding
from importer.text_files.quote_marks import quote_mark


def own_words(sentence: str) -> PydanticCustomError:
    """A fault of one text, in our own words."""
    return PydanticCustomError(OWN_WORDS, "{sentence}", {"sentence": sentence})


def _existing_zone(name: str) -> str:
    if not is_zone(name):
        raise own_words(f'There is no time zone "{name}".{zone_advice(name)}')
    return name


def _usable_pattern(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise own_words(f'The pattern can\'t be used: {error}. It is a regular expression; "." needs "\\.".') from None
    return pattern


def _usable_template(template: str) -> str:
    try:
        template_columns(template)
    except TemplateFault as error:
        raise own_words(str(error)) from None
    return template


def _known_encoding(name: str) -> str:
    if known_encoding(name) is None:
        near = suggestion(name, ("utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1", "cp1250", "mac-roman"))
        raise own_words(f'There is no encoding "{name}".{near or " Usual ones are utf-8, cp1252, utf-16."}')
    return name


def _one_character(text: str) -> str:
    named = delimiter_sign(text)
    if named is None:
        raise own_words(f'"{text}" can\'t separate fields; a delimiter is one character, such as , ; | or "\\t".')
    return named


def _quote_mark(text: str) -> str:
    named = quote_mark(text)
    if named is None:
        raise own_words(f'"{text}" can\'t enclose texts; a quote_char is one sign, such as apostrophe, ~ or ^.')
    return named


def _country_code(text: str) -> str:
    digits = text.removeprefix("+")
    if not is_country_code(digits):
        raise own_words(
            f'"{text}" is not a country code; it is what follows the + of a phone number, such as 91 or 44.'
        )
    return digits


def _trunk_prefix(text: str) -> str:
    if not re.fullmatch("[0-9]{0,3}", text):
        raise own_words(f'"{text}" is not a trunk prefix; it is what people dial before a number at home, mostly 0.')
    return text


def _in_a_list(raw: object) -> object:
    return [raw] if isinstance(raw, str) else raw


Zone = Annotated[str, AfterValidator(_existing_zone)]
Pattern = Annotated[str, AfterValidator(_usable_pattern)]
TemplateText = Annotated[str, AfterValidator(_usable_template)]
Encoding = Annotated[str, AfterValidator(_known_encoding)]
Delimiter = Annotated[str, AfterValidator(_one_character)]
QuoteChar = Annotated[str, AfterValidator(_quote_mark)]
Filled = Annotated[str, Field(min_length=1)]

_WRITTEN: Final[dict[str, Any]] = {"type": ["string", "number", "boolean"]}

Written = Annotated[str, WithJsonSchema(_WRITTEN)]
"""A text as it is written; editors read 0419 and true as something else, and must not complain."""

NumberText = WithJsonSchema({"type": ["string", "integer"]})
CountryCode = Annotated[str, AfterValidator(_country_code), NumberText]
TrunkPrefix = Annotated[str, AfterValidator(_trunk_prefix), NumberText]

Texts = Annotated[list[Written], Field(min_length=1)]
OneOrMoreTexts = Annotated[Texts, BeforeValidator(_in_a_list, json_schema_input_type=Written | Texts)]
"""A list of texts; one may stand by itself."""
