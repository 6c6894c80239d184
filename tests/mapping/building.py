"""Mappings, blocks and values for tests, built the way a run builds them."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from importer.blocks import Block, Cell, CellColumn, CellKind, Header, Place, StoredCells, Texts
from importer.errors.mappings import MappingFault
from importer.mapping.activities import ActivityMapper
from importer.mapping.binding import bind
from importer.mapping.bound import BoundMapping
from importer.mapping.parsing import MappingDocument, parse_mapping
from importer.records import Activity
from importer.validation import CheckedBlock, Validator

PATH = "mapping.yaml"
SOURCE = "visits.csv"
LEAD = "2bf6a491-c144-4ac9-90f9-f52b6fc44413"
SALT = b"salt"
SCOPE = b"account|"

HEADER = ("Lead ID", "Visit Date", "Store", "Store Code", "Remarks", "Amount", "Stage", "Owner Email")

LEAD_AND_EVENT = "version: 1\nlead: {id: Lead ID}\nactivity: {event: 201}\n"
"""The least that a mapping holds."""


def texts(cells: Sequence[str | None]) -> Texts:
    """An array of texts."""
    return pa.array(cells, pa.large_string())


def mapping(text: str) -> MappingDocument:
    """A mapping's text, understood."""
    return parse_mapping(text, PATH)


def bound(text: str, header: Sequence[str] = HEADER) -> BoundMapping:
    """A mapping bound to a header."""
    return bind(mapping(text), Header(tuple(header), 1), SOURCE)


def column_of(cells: Sequence[str | Cell]) -> CellColumn:
    """A column of a CSV file, or of a sheet if its cells say what they store."""
    if all(isinstance(cell, str) for cell in cells):
        return CellColumn(texts([str(cell) for cell in cells]))
    full = [cell if isinstance(cell, Cell) else Cell(cell) for cell in cells]
    kinds = np.array([cell.kind for cell in full], np.uint8)
    stored = StoredCells(kinds, texts([cell.stored for cell in full]), texts([cell.format for cell in full]))
    return CellColumn(texts([cell.shown for cell in full]), stored)


def block_of(columns: Mapping[str, Sequence[str | Cell]], start: int = 0) -> Block:
    """A block with these columns; its rows are numbered from 2."""
    (length,) = {len(cells) for cells in columns.values()}
    return Block(
        place=Place(SOURCE),
        header=Header(tuple(columns), 1),
        places=np.arange(start, start + length),
        rows=np.arange(start + 2, start + 2 + length),
        columns=tuple(map(column_of, columns.values())),
    )


def checked(text: str, columns: Mapping[str, Sequence[str | Cell]]) -> CheckedBlock:
    """The rows of a block, checked by a mapping."""
    return Validator(bound(text, tuple(columns))).check(block_of(columns))


def activities(text: str, columns: Mapping[str, Sequence[str | Cell]], scope: bytes = SCOPE) -> list[Activity]:
    """The activities of a block's good rows."""
    one = checked(text, columns)
    mapper = ActivityMapper(bound(text, tuple(columns)), SALT, scope)
    parts = mapper.activities(one.block, one.readings, one.good, np.arange(len(one.block)))
    return [activity for part in parts for activity in part]


def bodies(text: str, columns: Mapping[str, Sequence[str | Cell]]) -> list[dict[str, Any]]:
    """What is posted for a block's good rows."""
    return [json.loads(activity.body) for activity in activities(text, columns)]


Became = str | None | tuple[str, ...]
"""What a cell became: the text that is posted, None if it is left out, or the codes of what is wrong with it."""


def became(value: str, cells: Sequence[str | Cell]) -> list[Became]:
    """What each cell of column A becomes under a value such as `{column: A, type: integer}`."""
    text = f"{LEAD_AND_EVENT}fields:\n  X: {value}\n"
    columns = {"Lead ID": [LEAD] * len(cells), "A": cells, "B": ["b"] * len(cells)}
    one = checked(text, columns)
    found: dict[int, Became] = {offset: tuple(issue.code for issue in issues) for offset, issues in one.faulty_rows()}
    good = [offset for offset in range(len(cells)) if offset not in found]
    for offset, body in zip(good, bodies(text, columns), strict=True):
        fields = {field["SchemaName"]: field["Value"] for field in body["Fields"]}
        assert set(fields) <= {"X"}
        found[offset] = fields.get("X")
    return [found[offset] for offset in range(len(cells))]


def number(shown: str, stored: str, code: str = "General") -> Cell:
    """A cell of a sheet that stores a number."""
    return Cell(shown, CellKind.NUMBER, stored, code)


def moment(shown: str, stored: str, code: str = "dd/mm/yyyy") -> Cell:
    """A cell of a sheet that stores a date."""
    return Cell(shown, CellKind.MOMENT, stored, code)


def lines_of(faults: Sequence[MappingFault]) -> list[str]:
    """Faults as they are printed, without the path."""
    return [f"{fault.line}:{fault.column}: {fault.sentence}" for fault in faults]
