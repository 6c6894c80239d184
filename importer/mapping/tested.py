"""What the tests of a mapping file expect, and of which value: read as it is written, faults or not."""

from collections.abc import Iterator

from importer.errors.base import suggestion
from importer.errors.mappings import MappingFault
from importer.mapping.places import first_way, named_columns, values_in
from importer.mapping.yaml_tree import Path, Plain, YamlTree


def expected_in(test: Plain) -> Iterator[tuple[Path, Path, str | None]]:
    """Where in a test something is expected, of which value of the mapping, and the text; None: nothing is posted."""
    for place, value in _sections(test):
        for name, expected in value.items():
            here = (*place, name)
            if place in (("fields",), ("lead", "attributes")) and isinstance(expected, dict):
                for inner, text in expected.items():
                    if not isinstance(text, dict | list):
                        yield (*here, inner), (*here, "fields", inner), text
            elif not isinstance(expected, dict | list):
                yield here, here, expected


def _sections(test: Plain) -> Iterator[tuple[Path, dict[str, Plain]]]:
    if isinstance(test, dict):
        lead = test.get("lead")
        attributes = lead.get("attributes") if isinstance(lead, dict) else None
        named = ("lead", lead), ("activity", test.get("activity")), ("fields", test.get("fields"))
        for place, section in ((("lead", "attributes"), attributes), *(((name,), section) for name, section in named)):
            if isinstance(section, dict):
                yield place, section


def faults_of_tests(tree: YamlTree) -> Iterator[MappingFault]:
    """Tests that name columns or values which the mapping does not have: they would test nothing."""
    tests = tree.plain.get("tests") if isinstance(tree.plain, dict) else None
    if not isinstance(tests, list):
        return
    columns = list(dict.fromkeys(name for _, name in named_columns(tree.plain)))
    known = {column.strip() for column in columns}
    values = {".".join(map(str, first_way(path))) for path, _ in values_in(tree.plain)}
    for index, test in enumerate(tests):
        row = test.get("row") if isinstance(test, dict) else None
        for name in row if isinstance(row, dict) else ():
            if name.strip() not in known:
                at = tree.key_at(("tests", index, "row", name))
                near = suggestion(name, columns)
                yield MappingFault(*at, f'The mapping does not use a column "{name}".{near}')
        for place, value, _ in expected_in(test):
            address = ".".join(map(str, value))
            if address not in values and value != ("lead", "attributes"):
                near = suggestion(address, sorted(values))
                at = tree.key_at(("tests", index, *place))
                yield MappingFault(*at, f"The mapping posts no {address}.{near}")
