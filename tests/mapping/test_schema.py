"""The JSON Schema of mapping files: editors accept by it what the program accepts, and complete by it every key."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel
from ruamel.yaml import YAML

from importer.leadsquared.routes import RouteName
from importer.mapping import model
from importer.mapping.strict import Strict
from tests.conftest import ROOT

from .building import mapping
from .test_bodies import CONTRACT

SCHEMA: dict[str, Any] = model.Mapping.model_json_schema()
KEYWORDS = {
    "$defs", "$ref", "additionalProperties", "anyOf", "const", "default", "description", "enum", "items", "maxLength",
    "maximum",
    "minItems", "minLength", "minProperties", "minimum", "oneOf", "properties", "required", "title", "type",
}  # fmt: skip
"""Those of draft 2020-12 that are in use."""
TYPES = {"string": str, "number": int | float, "integer": int, "boolean": bool, "array": list, "object": dict}


def complaints(schema: dict[str, Any], value: Any, path: str = "") -> Iterator[str]:
    """What an editor would underline, by the keywords of JSON Schema that are in use."""
    if "$ref" in schema:
        yield from complaints(SCHEMA["$defs"][schema["$ref"].removeprefix("#/$defs/")], value, path)
    if "anyOf" in schema and not fitting(schema["anyOf"], value):
        yield f"{path} fits not anyOf"
    if "oneOf" in schema and fitting(schema["oneOf"], value) != 1:
        yield f"{path} fits not oneOf"
    types = schema.get("type", [])
    if types and not any(is_of(value, name) for name in ([types] if isinstance(types, str) else types)):
        yield f"{path} is no {types}"
        return
    if value not in schema.get("enum", [value]) or value != schema.get("const", value):
        yield f"{path} is not allowed"
    if isinstance(value, int) and value < schema.get("minimum", value):
        yield f"{path} is too small"
    if isinstance(value, int) and value > schema.get("maximum", value):
        yield f"{path} is too large"
    if isinstance(value, str | list | dict):
        yield from complaints_of_parts(schema, value, path)


def complaints_of_parts(schema: dict[str, Any], value: Any, path: str) -> Iterator[str]:
    """What would be underlined for the length of a value, or for its parts."""
    least = "minLength" if isinstance(value, str) else "minItems" if isinstance(value, list) else "minProperties"
    if not schema.get(least, 0) <= len(value) <= schema.get("maxLength", len(value)):
        yield f"{path} is too short or too long"
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from complaints(schema.get("items", {}), item, f"{path}.{index}")
    if isinstance(value, dict):
        yield from (f"{path}.{key} is missing" for key in schema.get("required", []) if key not in value)
        for key, item in value.items():
            inner = schema.get("properties", {}).get(key, schema.get("additionalProperties", {}))
            yield from [f"{path}.{key} is unknown"] if inner is False else complaints(inner, item, f"{path}.{key}")


def fitting(schemas: list[dict[str, Any]], value: Any) -> int:
    """How many of the schemas a value fits."""
    return sum(not any(complaints(schema, value)) for schema in schemas)


def is_of(value: object, name: str) -> bool:
    """Whether a value is of a type of JSON."""
    if name == "null":
        return value is None
    return isinstance(value, TYPES[name]) and (name == "boolean" or not isinstance(value, bool))


def as_editors_read(text: str) -> Any:
    """A YAML text in plain values, its keys as texts."""
    return json.loads(json.dumps(YAML(typ="safe", pure=True).load(text)))


def subschemas(schema: Any) -> Iterator[dict[str, Any]]:
    """Every schema within a schema, itself included."""
    if isinstance(schema, dict):
        yield schema
        for keyword in ("$defs", "properties"):
            for inner in schema.get(keyword, {}).values():
                yield from subschemas(inner)
        for keyword in ("anyOf", "oneOf"):
            for inner in schema.get(keyword, []):
                yield from subschemas(inner)
        for keyword in ("items", "additionalProperties"):
            yield from subschemas(schema.get(keyword))


def test_keywords() -> None:
    """The schema is one of draft 2020-12: all its keywords are known, and all its references lead somewhere."""
    for schema in subschemas(SCHEMA):
        assert set(schema) <= KEYWORDS
        if "$ref" in schema:
            assert schema["$ref"].removeprefix("#/$defs/") in SCHEMA["$defs"]
        types = schema.get("type", [])
        assert set([types] if isinstance(types, str) else types) <= {*TYPES, "null"}
        assert isinstance(schema.get("required", []), list)


def parts() -> list[type[BaseModel]]:
    """All models that make up a mapping."""
    return [part for part in Strict.__subclasses__() if part.__module__.startswith("importer.mapping.")]


@pytest.mark.parametrize("part", parts(), ids=[part.__name__ for part in parts()])
def test_every_key(part: type[BaseModel]) -> None:
    """The schema names every key of every part of a mapping, and allows no other."""
    schema = SCHEMA if part is model.Mapping else SCHEMA["$defs"][part.__name__]
    keys = {field.alias or name: field for name, field in part.model_fields.items()}
    assert set(schema["properties"]) == set(keys)
    assert schema["additionalProperties"] is False
    assert schema.get("required", []) == [key for key, field in keys.items() if field.is_required()]


def test_routes_and_types() -> None:
    """An editor offers all routes and types."""
    assert SCHEMA["$defs"]["RouteName"]["enum"] == [route.value for route in RouteName]
    assert SCHEMA["$defs"]["ValueType"]["enum"] == [type_.value for type_ in model.ValueType]


MAPPINGS = {path.name: path.read_text(encoding="utf-8") for path in sorted((ROOT / "mappings").glob("*.yaml"))}

TYPED = """
version: 1
source: {sheet: 2}
lead: {id: Lead ID}
activity:
  event: 201
  note: {column: B, required: true}
  datetime: {column: When, formats: [dd/mm/yyyy], timezone: UTC, required: false}
fields:
  A: {constant: 0419}
  B: {constant: true}
  C: {column: B, map: {1: 2, yes: no, 1.5: true}, default: 0}
  D: {column: D, choices: [1, true, x], pattern: x*, max_length: 3, trim: true}
  E: {column: E, type: decimal, number: {thousands: ",", decimal: "."}}
  F: {columns: [A, B], separator: 1, case: upper, when: {column: B, is: 1}}
  G: {column: B, type: boolean, words: {true: [1, yes, sold], false: [0, no]}, when: [{column: A, is_not: [true, x]}]}
  H: {column: C, type: phone, country_code: 91, national_digits: 10, trunk_prefix: 0}
  I: {column: C, type: phone, country_code: "+39", trunk_prefix: ""}
  J: {column: D, type: datetime, timezone: {column: E, map: {1: Asia/Kolkata}, default: UTC}}
  K: {column: D, type: time, formats: [hh:MM AM/PM]}
when: {column: D, filled: true}
rules: [{unique: [A, B]}, {any_of: [A, B]}, {one_of: [C, D]}]
tests:
  - {name: one, row: {A: 1, B: true, C: }, fields: {A: 0419, B: , C: 1}, activity: {datetime: 1, note: x}}
  - {row: {D: x}, issues: [required-empty]}
  - {row: {D: }, left_out: true}
import_key: note
"""


@pytest.mark.parametrize("text", [CONTRACT, TYPED, *MAPPINGS.values()], ids=["promised", "typed", *MAPPINGS])
def test_what_is_right(text: str) -> None:
    """What the program accepts, an editor does not underline, although it reads numbers where texts are written."""
    assert mapping(text).faults == ()
    assert list(complaints(SCHEMA, as_editors_read(text))) == []


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("version: 2\nlead: {id: A}\nactivity: {event: 1}", ".version is not allowed"),
        ("version: 1\nactivity: {event: 1}", ".lead is missing"),
        ("version: 1\nlead: {id: A}\nactivity: {}", ".activity.event is missing"),
        ("version: 1\nlead: {id: A}\nactivity: {event: 0}", ".activity.event is too small"),
        ("version: 1\nlead: {id: A, rout: x}\nactivity: {event: 1}", ".lead.rout is unknown"),
        ("version: 1\nlead: {id: A, route: x}\nactivity: {event: 1}", ".lead.route is not allowed"),
        ("version: 1\nlead: {id: A}\nactivity: {event: 1}\nfields: {X: {colum: A}}", ".fields.X fits not oneOf"),
        ("version: 1\nlead: {id: A}\nactivity: {event: 1}\nfields: {X: [A]}", ".fields.X fits not oneOf"),
        ("version: 1\nlead: {id: A}\nactivity: {event: 1}\nduplicates: {key: []}", ".duplicates fits not anyOf"),
        ("version: 1\nlead: {id: A}\nactivity: {event: 1}\nimport_key: x", ".import_key fits not anyOf"),
    ],
)
def test_what_is_wrong(text: str, complaint: str) -> None:
    """What the program refuses for its shape, an editor underlines."""
    assert mapping(text).faults
    assert complaint in list(complaints(SCHEMA, as_editors_read(text)))
