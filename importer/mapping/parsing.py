"""A mapping file's text to its model, with every fault at its line and column."""

import hashlib
from collections.abc import Iterator
from collections.abc import Mapping as Mapping_
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from importer.errors.base import suggestion
from importer.errors.mappings import MappingError, MappingFault
from importer.leadsquared.routes import RouteName
from importer.mapping.file_text import mapping_text
from importer.mapping.model import Mapping, SourceSection
from importer.mapping.strict import OWN_WORDS
from importer.mapping.table_files import Table, read_tables
from importer.mapping.tested import faults_of_tests
from importer.mapping.undecided import in_words_of_drafts
from importer.mapping.values import Case, Value, ValueType
from importer.mapping.yaml_tree import Path as TreePath
from importer.mapping.yaml_tree import Plain, YamlTree, read_yaml
from importer.mapping.yaml_words import no_break_spaces, unspaced


@dataclass(frozen=True, slots=True)
class MappingDocument:
    """A mapping file as it was read, usable or not."""

    path: str
    """As the user gave it."""
    text: str
    tree: YamlTree
    model: Mapping | None
    """None when the file has faults."""
    faults: tuple[MappingFault, ...]
    tables: Mapping_[TreePath, Table] = field(default_factory=dict)
    """The tables of `map_file`, by the path of their value."""

    @property
    def sha256(self) -> str:
        """Of the text, and of the tables that it reads, as hexadecimal digits."""
        digest = hashlib.sha256(self.text.encode())
        for table in self.tables.values():
            digest.update(table.sha256.encode())
        return digest.hexdigest()

    @property
    def name(self) -> str:
        """What the mapping is called: its own name, else the file's."""
        return (self.model.name if self.model else None) or Path(self.path).stem

    def usable(self) -> Mapping:
        """The model.

        :raises MappingError: the file has faults; all of them are listed.
        """
        if self.model is None or self.faults:
            raise MappingError(self.path, self.faults)
        return self.model

    def source_section(self) -> SourceSection:
        """What the file says about reading its sources, as far as that part is right, whatever else is wrong."""
        if self.model is not None:
            return self.model.source
        section = self.tree.plain.get("source") if isinstance(self.tree.plain, dict) else None
        try:
            return SourceSection.model_validate(without_nulls(section or {}))
        except ValidationError:
            return SourceSection()


def read_mapping(path: str, file: Path | None = None) -> MappingDocument:
    """Reads a mapping file.

    :param file: where it is, if the path does not lead there from here.
    :raises MappingUnreadable: it is not there, or no text.
    """
    return parse_mapping(mapping_text(str(file or path)), path, file)


def parse_mapping(text: str, path: str, file: Path | None = None) -> MappingDocument:
    """Understands a mapping file's text; what is wrong with it is in the document's faults.

    :param file: where it is, if the path does not lead there from here; its tables lie beside it.
    """
    tree = read_yaml(text)
    faults = list(tree.faults)
    model = None
    if isinstance(tree.plain, dict):
        try:
            model = Mapping.model_validate(without_nulls(tree.plain))
        except ValidationError as error:
            faults += [_located(tree, details) for details in error.errors(include_url=False)]
        faults += faults_of_tests(tree)
    elif not faults:
        faults.append(MappingFault(1, 1, "The file holds no mapping; it begins with `version: 1`."))
    if faults and not tree.faults:  # those that keep it from being YAML say so themselves
        faults += no_break_spaces(text)
    tables, table_faults = read_tables(tree, (file or Path(path)).parent)
    faults += table_faults
    told = tuple(in_words_of_drafts(faults, tree))
    return MappingDocument(path, text, tree, None if faults else model, told, tables)


_NAMED_BY_USERS = frozenset({"fields", "attributes", "map"})


def without_nulls(plain: Plain, under: str = "", *, all_stay: bool = False) -> Any:
    """Keys without a value count as not given; but a field that is named and left empty is an oversight, and stays.

    So does what a test expects: there, nothing is what can be expected.
    """
    if isinstance(plain, dict):
        return {
            key: without_nulls(value, key, all_stay=all_stay or under == "tests")
            for key, value in plain.items()
            if value is not None or all_stay or under in _NAMED_BY_USERS
        }
    if isinstance(plain, list):
        return [without_nulls(item, under if under == "tests" else "", all_stay=all_stay) for item in plain]
    return plain


def _located(tree: YamlTree, details: Any) -> MappingFault:
    path = _written_path(tree, details["loc"])
    # A single item that stands for a list of one has no number in the file.
    details["loc"] = tuple(step for step in details["loc"] if not isinstance(step, int) or step in path)
    at_key = details["type"] in (OWN_WORDS, "missing") or details["input"] is None
    line, column = tree.key_at(path) if at_key else tree.value_at(path)
    return MappingFault(line, column, _sentence(details))


def _written_path(tree: YamlTree, loc: tuple[str | int, ...]) -> TreePath:
    """The part of a model's location that is written in the file; union tags of the model are not."""
    path: TreePath = ()
    for step in loc:
        if (*path, step) in tree.positions:
            path = (*path, step)
    return path


def _sentence(details: Any) -> str:
    kind, loc = details["type"], details["loc"]
    if kind == OWN_WORDS:
        return str(details["msg"])
    name = ".".join(_steps(loc))
    if kind == "model_type" and details["ctx"]["class_name"] == Value.__name__:
        return f"{name} must be a column name or a table of keys and values."
    if kind == "missing":
        return f"{name} is missing."
    given, limits = details.get("input"), details.get("ctx", {})
    if kind == "enum":
        words: dict[str, type[StrEnum]] = {"route": RouteName, "case": Case}
        known = [member.value for member in words.get(str(loc[-1]), ValueType)]
        near = suggestion(str(given), known)
        return f'"{given}" is no {loc[-1]}.{near or " Known are " + ", ".join(known) + "."}'
    expected = {
        "int_parsing": "be a whole number",
        "int_type": "be a whole number",
        "bool_parsing": "be true or false",
        "bool_type": "be true or false",
        "string_type": "be a text",
        "string_too_short": "be a text that is not empty",
        "string_too_long": "be a single character",
        "list_type": "be a list, such as [a, b]",
        "too_short": "not be empty" if limits.get("min_length") == 1 else f"have {limits.get('min_length')} or more",
        "dict_type": "be a table of keys and values",
        "model_type": "be a table of keys and values",
        "greater_than_equal": f"be {limits.get('ge')} or more",
        "less_than_equal": f"be {limits.get('le')} or less",
    }.get(kind)
    if expected is None:
        return f"{name}: {details['msg']}."
    if not isinstance(given, str) or not given:
        return f"{name} must {expected}."
    return f'{name} must {expected}, not "{given}".{unspaced(given) if kind in ("dict_type", "model_type") else ""}'


_TAGS = ("ImportKeyField", "str", "zone", "zone_column", "expected_text", "expected_set")
"""What pydantic calls the sides of a union, which nobody wrote."""


def _steps(loc: tuple[str | int, ...]) -> Iterator[str]:
    """The steps of a location as a person would name them, without the union tags of the model."""
    for index, step in enumerate(loc):
        after_entry = loc[max(index - 2, 0) : index - 1] in (("fields",), ("attributes",))
        if not (after_entry and step in ("value", "set")) and step not in _TAGS:
            yield str(step)
