"""Runs the tests that stand in a mapping file: each a row, and what must become of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from importer.blocks import Block, CellColumn, Header, Place
from importer.mapping.binding import bind
from importer.mapping.bound import BoundMapping
from importer.mapping.conditions import hold
from importer.mapping.parsing import MappingDocument
from importer.mapping.places import first_way, named_columns
from importer.mapping.reading import constant_text
from importer.mapping.tested import expected_in
from importer.mapping.yaml_tree import Plain
from importer.validation import CheckedBlock, validator_of
from importer.validation.ways import Checks


@dataclass(frozen=True, slots=True)
class TestedRow:
    """What came of one test."""

    number: int
    """From 1."""
    name: str
    """Empty if it has none."""
    line: int
    """Where it stands in the mapping file."""
    differences: tuple[str, ...]
    """What is not as expected, in sentences."""


def run_tests(document: MappingDocument) -> list[TestedRow]:
    """Runs all tests of a mapping; a file without tests has none to run.

    :raises MappingError: the mapping has faults.
    """
    names = dict.fromkeys(name.strip() for _, name in named_columns(document.tree.plain))
    bound = bind(document, Header(tuple(names), 1), document.path)
    validator = validator_of(bound)
    plain = document.tree.plain
    tests = plain.get("tests") if isinstance(plain, dict) else None
    found = []
    for index, test in enumerate(tests if isinstance(tests, list) else ()):
        assert isinstance(test, dict), "the model refuses anything else"
        line, _ = document.tree.value_at(("tests", index))
        differences = tuple(_differences(test, bound, validator, document.path))
        found.append(TestedRow(index + 1, str(test.get("name") or ""), line, differences))
    return found


def _differences(test: dict[str, Plain], bound: BoundMapping, validator: Checks, path: str) -> Iterator[str]:
    block = _block_of(test.get("row"), bound.header, path)
    left_out = not hold(bound.when, block).all()
    if left_out or str(test.get("left_out")).lower() == "true":
        if not left_out:
            yield "expected the row to be left out by `when`, but it is not"
        elif test.get("left_out") is None:
            yield "the row is left out by `when`"
        return
    checked = validator.check(block)
    expected: Any = test.get("issues") or []
    if sorted(expected) != sorted(issue.code for issue in checked.issues):
        yield f"expected {_listed(expected)}, got {_listed([issue.code for issue in checked.issues])}"
        yield from (f"  {issue.message}: {_shown(issue.value)}" for issue in checked.issues)
    elif not expected:
        posted = _posted(bound, checked)
        for place, value, text in expected_in(test):
            got = posted.get(".".join(map(str, value)))
            if text != got:
                yield f"{'.'.join(map(str, place))}: expected {_shown(text)}, got {_shown(got)}"


def _block_of(row: Plain, header: Header, path: str) -> Block:
    """The one row of a test; cells that it does not name are empty."""
    cells = {name.strip(): text for name, text in row.items()} if isinstance(row, dict) else {}
    columns = (CellColumn(pa.array([str(cells.get(name) or "")], pa.large_string())) for name in header.names)
    return Block(Place(path), header, np.array([0]), np.array([2]), tuple(columns))


def _posted(bound: BoundMapping, checked: CheckedBlock) -> dict[str, str | None]:
    """What is posted for the row; its lead is named as that of the first way, whichever way it takes."""
    second = checked.otherwise is not None and bool(checked.otherwise[0])
    way = bound.otherwise if bound.otherwise and second else bound
    return {
        ".".join(map(str, first_way(tuple(value.address.split("."))))): constant_text(value)
        if value.constant
        else checked.readings[value.address].posted[0].as_py()
        for value in way.values()
    }


def _listed(codes: list[str]) -> str:
    return f"the issues {', '.join(codes)}" if codes else "no issues"


def _shown(text: str | None) -> str:
    return "nothing" if text is None else f'"{text}"'
