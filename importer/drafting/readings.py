"""What the cells of a column could be: every type that a mapping knows, tried on all cells by the reader of that type.

A type is given up as soon as too many cells speak against it, so that each column is soon read by a few types only.
"""

import json
from dataclasses import dataclass
from typing import Final

import numpy as np

from importer.blocks import Block, Header
from importer.drafting.cells import Example, FilledCells
from importer.mapping.binding import bind
from importer.mapping.bound import BoundValue
from importer.mapping.parsing import parse_mapping
from importer.mapping.reading import read_value

TOLERATED: Final = 10
"""One cell in so many may be no value of a type: mistakes are what a validation is for."""


def tolerated(cells: int) -> int:
    """How many of so many cells may be mistakes."""
    return cells // TOLERATED


_LEAST: Final = "version: 1\nlead: {id: A}\nactivity: {event: 1}\nfields:\n"
_COLUMN: Final = Header(("A",), 1)


def _reader(type_: str, thousands: str | None = None, decimal: str = ".") -> BoundValue:
    """How a mapping that gives a column this type reads it: made like any other, so that the draft keeps its word."""
    marks = {"decimal": decimal} | ({"thousands": thousands} if thousands else {})
    number = f", number: {json.dumps(marks)}" if type_ == "decimal" else ""
    document = parse_mapping(f"{_LEAST}  X: {{column: A, type: {type_}{number}}}\n", "")
    value = dict(bind(document, _COLUMN, "").fields)["X"]
    assert isinstance(value, BoundValue), "a column makes no custom field set"
    return value


GUID: Final = _reader("guid")
EMAIL: Final = _reader("email")
PHONE: Final = _reader("phone")
BOOLEAN: Final = _reader("boolean")
INTEGER: Final = _reader("integer")
TIME: Final = _reader("time")

WITH_POINT: Final = tuple(_reader("decimal", mark, ".") for mark in (None, ",", " ", "\xa0", "'", "\u2019"))
"""Numbers with a decimal point: without marks between the thousands, and with each that is in use."""
WITH_COMMA: Final = tuple(_reader("decimal", mark, ",") for mark in (None, ".", " ", "\xa0", "'", "\u2019"))

READERS: Final = (GUID, EMAIL, PHONE, BOOLEAN, INTEGER, TIME, *WITH_POINT, *WITH_COMMA)

_AT: Final = {id(reader): place for place, reader in enumerate(READERS)}


def place_of(reader: BoundValue) -> int:
    """The place of a reader among all; readers themselves can't be keys."""
    return _AT[id(reader)]


_NARROWER: Final = (
    {place_of(group[0]): place_of(INTEGER) for group in (WITH_POINT, WITH_COMMA)}
    | {place_of(wider): place_of(WITH_POINT[0]) for wider in WITH_POINT[1:]}
    | {place_of(wider): place_of(WITH_COMMA[0]) for wider in WITH_COMMA[1:]}
)
"""A reader -> one that reads nothing which the first does not."""


@dataclass(frozen=True, slots=True)
class Misfits:
    """The cells that a type does not read."""

    count: int = 0
    first: Example | None = None


class TypeTrial:
    """Tries every type on the cells of one column."""

    def __init__(self, rows_expected: int) -> None:
        self._limit = tolerated(rows_expected)
        self._misfits = dict.fromkeys(range(len(READERS)), Misfits())

    def feed(self, cells: FilledCells, block: Block) -> None:
        """Takes the filled cells of one column of a block."""
        unread: dict[int, FilledCells] = {}
        for key in list(self._misfits):
            # What a narrower type reads, a wider one reads as well: only the rest has to be tried.
            left = unread[key] = unread.get(_NARROWER.get(key, -1), cells)
            if not len(left):
                continue
            fits = read_value(READERS[key], left.alone(block)).reasons.is_null().to_numpy(zero_copy_only=False)
            if fits.all():
                unread[key] = left.where(~fits)
                continue
            left = unread[key] = left.where(~fits)
            before = self._misfits[key]
            count = before.count + int(left.weights.sum())
            if count > self._limit:
                del self._misfits[key]
            else:
                self._misfits[key] = Misfits(count, before.first or left.first(np.ones(len(left), np.bool_)))

    def readable(self, filled: int) -> dict[int, Misfits]:
        """The types that read all but a tolerable rest of the cells, by their place among the readers."""
        return {key: found for key, found in self._misfits.items() if found.count <= tolerated(filled)}
