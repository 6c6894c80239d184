"""Which date formats read a column: counted over all its cells, and asked where two of them fit."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import combinations
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.blocks import CellKind, Flags, Texts
from importer.drafting.cells import Example, FilledCells, Weights
from importer.drafting.date_shapes import DAY_SHAPES, SPLIT, DayShape, clock_format
from importer.drafting.readings import Misfits, tolerated
from importer.mapping.date_formats import date_format
from importer.mapping.dates import Moments, parse_dates

_SERIALS: Final = (20_000, 73_050)
"""Days of Excel from 1954 to 2099: a number without a date format that is probably one."""


@dataclass(frozen=True, slots=True)
class TwoReadings:
    """A cell that two formats read as different days."""

    example: Example
    days: tuple[datetime, datetime]


@dataclass(slots=True)
class Rivalry:
    """How two formats of one shape do against each other."""

    only_first: int = 0
    only_second: int = 0
    differ: int = 0
    """Cells that both read, as different days."""
    shown: TwoReadings | None = None
    first_alone: Example | None = None
    """A cell that only the first reads."""
    second_alone: Example | None = None


@dataclass(slots=True)
class ShapeCount:
    """The cells of one shape."""

    shape: DayShape
    cells: int = 0
    reads: Counter[int] = field(default_factory=Counter)
    """By the place of the format among the shape's."""
    unread: dict[int, Example] = field(default_factory=dict)
    """The first cell that a format does not read."""
    rivals: dict[tuple[int, int], Rivalry] = field(default_factory=dict)
    clocks: Counter[str] = field(default_factory=Counter)
    """Cells by the directives of their clock."""


class DateTrial:
    """Counts what the cells of one column say about how its dates are written."""

    def __init__(self, rows_expected: int) -> None:
        self._limit = tolerated(rows_expected)
        self.alive = True
        self.shapes: dict[int, ShapeCount] = {}
        self.real = 0
        """Cells that Excel stores as dates: they need no format."""
        self.real_clocks = 0
        """Those of them that are not midnight."""
        self.serials = Misfits()
        """Numbers that are probably dates without a date format."""
        self.others = Misfits()
        """Cells that are no dates in any format."""

    def feed(self, cells: FilledCells) -> None:
        """Takes the filled cells of one column of a block."""
        if not self.alive:
            return
        written = np.ones(len(cells), np.bool_)
        if cells.stored is not None:
            real = cells.of_kind(CellKind.MOMENT) & _starts_with_a_year(cells.stored.stored)
            clocks = pc.match_substring(cells.stored.stored, "T00:00:00").to_numpy(zero_copy_only=False)
            self.real += int(real.sum())
            self.real_clocks += int((real & ~clocks).sum())
            serial = cells.of_kind(CellKind.NUMBER) & _is_serial(cells.stored.stored)
            self.serials = _more(self.serials, cells, serial)
            written = ~real & ~serial
        others = self._count_written(cells, np.flatnonzero(written))
        flags = np.zeros(len(cells), np.bool_)
        flags[others] = True
        self.others = _more(self.others, cells, flags)
        self.alive = self.others.count <= self._limit

    def _count_written(self, cells: FilledCells, which: Weights) -> Weights:
        """Counts the cells at these places; those that are written like no date come back."""
        if not len(which):
            return which
        parts = pc.extract_regex(cells.texts.take(pa.array(which)), SPLIT)
        split = parts.is_valid().to_numpy(zero_copy_only=False)
        if not split.any():
            return which
        rest = which[~split]
        parts = parts.filter(pa.array(split))
        which = which[split]
        days, clocks = pc.struct_field(parts, "day"), pc.fill_null(pc.struct_field(parts, "clock"), "")
        formats, clock_of = _clock_formats(clocks)
        shape_of = self._shape_of(days, np.array([found is not None for found in formats], np.bool_)[clock_of])
        for number in np.unique(shape_of[shape_of >= 0]).tolist():
            mine = np.flatnonzero(shape_of == number)
            count = self.shapes.setdefault(number, ShapeCount(DAY_SHAPES[number]))
            weights = cells.weights[which[mine]]
            count.cells += int(weights.sum())
            for code in np.unique(clock_of[mine]).tolist():
                count.clocks[str(formats[code])] += int(weights[clock_of[mine] == code].sum())
            _compare(count, days.take(pa.array(mine)), cells, which[mine])
        return np.concatenate([rest, which[shape_of < 0]])

    def _shape_of(self, days: Texts, timed: Flags) -> Weights:
        """The number of each day's shape; -1 where it has none, or where what follows it is no time."""
        encoded = days.dictionary_encode()
        shapes = np.full(len(encoded.dictionary), -1, np.int64)
        for number, shape in enumerate(DAY_SHAPES):
            fits = pc.match_substring_regex(encoded.dictionary, shape.pattern).to_numpy(zero_copy_only=False)
            shapes[fits & (shapes < 0)] = number
        return np.where(timed, shapes[encoded.indices.to_numpy()], -1)


def _clock_formats(clocks: Texts) -> tuple[list[str | None], Weights]:
    """The different formats of these clocks, and which of them each has; None for what is no time of day."""
    encoded = clocks.dictionary_encode()
    each = [clock_format(text) for text in encoded.dictionary.to_pylist()]
    formats = list(dict.fromkeys(each))
    numbers = {text: number for number, text in enumerate(formats)}
    return formats, np.array([numbers[text] for text in each], np.int64)[encoded.indices.to_numpy()]


def _compare(count: ShapeCount, days: Texts, cells: FilledCells, which: Weights) -> None:
    """Reads days of one shape by each of its formats."""
    encoded = days.dictionary_encode()
    at = encoded.indices.to_numpy()
    distinct = encoded.dictionary.cast(pa.large_string())
    weights = cells.weights[which]
    moments = [parse_dates(distinct, [date_format(text)]).moments[at] for text in count.shape.formats]
    for place, found in enumerate(moments):
        read = ~np.isnat(found)
        count.reads[place] += int(weights[read].sum())
        missed = None if place in count.unread else _uppermost(~read, cells, which)
        if missed:
            count.unread[place] = missed
    for one, other in combinations(range(len(moments)), 2):
        rivalry = count.rivals.setdefault((one, other), Rivalry())
        _match(rivalry, (moments[one], moments[other]), cells, which)


def _match(rivalry: Rivalry, moments: tuple[Moments, Moments], cells: FilledCells, which: Weights) -> None:
    first, second = moments
    weights = cells.weights[which]
    read_first, read_second = ~np.isnat(first), ~np.isnat(second)
    only_first, only_second = read_first & ~read_second, read_second & ~read_first
    rivalry.only_first += int(weights[only_first].sum())
    rivalry.only_second += int(weights[only_second].sum())
    rivalry.first_alone = rivalry.first_alone or _uppermost(only_first, cells, which)
    rivalry.second_alone = rivalry.second_alone or _uppermost(only_second, cells, which)
    differ = read_first & read_second & (first != second)
    rivalry.differ += int(weights[differ].sum())
    example = None if rivalry.shown else _uppermost(differ, cells, which)
    if example:
        at = np.flatnonzero(differ & (cells.rows[which] == example.row))[0]
        rivalry.shown = TwoReadings(example, (first[at].item(), second[at].item()))


def _uppermost(flags: Flags, cells: FilledCells, which: Weights) -> Example | None:
    found = which[np.flatnonzero(flags)]
    if not len(found):
        return None
    at = int(found[np.argmin(cells.rows[found])])
    return Example(int(cells.rows[at]), str(cells.texts[at]))


def _starts_with_a_year(stored: Texts) -> Flags:
    found: Flags = pc.match_substring_regex(stored, "^[0-9]{4}-").to_numpy(zero_copy_only=False)
    return found


def _is_serial(stored: Texts) -> Flags:
    whole = pc.match_substring_regex(stored, r"^[0-9]{5}(\.[0-9]+)?$").to_numpy(zero_copy_only=False)
    found = np.zeros(len(whole), np.bool_)
    days = np.array([float(text) for text in stored.filter(pa.array(whole)).to_pylist()])
    found[whole] = (days >= _SERIALS[0]) & (days <= _SERIALS[1])
    return found


def _more(before: Misfits, cells: FilledCells, flags: Flags) -> Misfits:
    if not flags.any():
        return before
    return Misfits(before.count + cells.weight_of(flags), before.first or cells.first(flags))


def shapes_by_weight(trial: DateTrial) -> Iterator[ShapeCount]:
    """The shapes that were seen, the most frequent first."""
    yield from sorted(trial.shapes.values(), key=lambda count: -count.cells)
