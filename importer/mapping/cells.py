"""The cells of one value in a block, on their way from what a person sees to what is understood."""

from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from importer.blocks import Block, CellKind, Flags, Kinds, Texts
from importer.codes.rows import Code
from importer.mapping import unusable
from importer.mapping.bound import BoundValue, FromColumn, FromColumns, FromNowhere, FromTemplate, ZoneFromColumn
from importer.mapping.conditions import in_doubt
from importer.mapping.texts import filled, only_where, trimmed
from importer.mapping.unusable import are_unusable
from importer.mapping.values import DATED, NUMERIC, Case

Reasons: TypeAlias = npt.NDArray[np.uint8]
"""For each row what is wrong with it, as a place in REASON_CODES; 0 where nothing is."""

REASON_CODES: Final = (None, *Code)


def reason(code: Code) -> int:
    """The place of a code in REASON_CODES."""
    return _PLACES[code]


def reason_texts(reasons: Reasons) -> Texts:
    """The codes themselves; null where nothing is wrong."""
    return _CODE_TEXTS.take(pa.array(reasons))


_CODE_TEXTS: Final = pa.array(REASON_CODES, pa.large_string())
_PLACES: Final = {code: place for place, code in enumerate(REASON_CODES) if code}
_CASES: Final = {Case.UPPER: pc.utf8_upper, Case.LOWER: pc.utf8_lower, Case.TITLE: pc.utf8_title}


class Cells:
    """The texts of one value on their way; `why` collects the first reason against each."""

    def __init__(
        self, text: Texts, kinds: Kinds | None = None, stored: Texts | None = None, formats: Texts | None = None
    ) -> None:
        self.text = text
        self.kinds = kinds
        """None: all of them are TEXT."""
        self.stored = stored
        self.formats = formats
        """The number format of each cell; None where none are stored."""
        self.zones: Texts | None = None
        """The zone of each row, where rows name their own; empty where one names none."""
        self.why: Reasons | None = None
        """None: nothing is wrong anywhere."""

    def refuse(self, where: Flags, code: Code) -> None:
        """Notes why some cells can't be used; what was noted before stays."""
        if where.any():
            if self.why is None:
                self.why = np.zeros(len(self.text), np.uint8)
            self.why[where & (self.why == 0)] = reason(code)

    def are(self, kind: CellKind) -> Flags:
        """Which cells store this kind of thing."""
        if self.kinds is None:
            return np.full(len(self.text), kind is CellKind.TEXT)
        flags: Flags = self.kinds == kind
        return flags

    def put(self, where: Flags, texts: Texts | str) -> None:
        """Puts texts in the place of what stands in some cells, whatever those stored."""
        self.text = pc.if_else(pa.array(where), texts, self.text)
        if self.kinds is not None:
            self.kinds = np.where(where, np.uint8(CellKind.TEXT), self.kinds)


def cells_of(value: BoundValue, block: Block) -> Cells:
    """The cells as a value wants them before anything is understood: trimmed, in its case, mapped, filled."""
    cells = _taken(value, block)
    _refuse_unusable(cells, value, block)
    if value.trimmed:
        cells.text = trimmed(cells.text)
    if cells.stored is not None and value.type in NUMERIC | DATED:
        # A format such as `0;-0;` shows nothing for a nought, and what is stored counts.
        hidden = ~filled(cells.text) & (cells.are(CellKind.NUMBER) | cells.are(CellKind.MOMENT))
        cells.text = pc.if_else(pa.array(hidden), cells.stored, cells.text)
    if value.case is not None:
        cells.text = _CASES[value.case](cells.text)
    _fill(cells, value)
    if isinstance(value.timezone, ZoneFromColumn):
        cells.zones = _zones(value.timezone, block)
    return cells


def _taken(value: BoundValue, block: Block) -> Cells:
    match value.origin:
        case FromColumn(position):
            column = block.columns[position]
            stored = column.stored
            if stored is None:
                return Cells(column.shown)
            return Cells(column.shown, stored.kinds, stored.stored, stored.formats)
        case FromColumns():
            return Cells(_joined(value.origin, block))
        case FromTemplate():
            return Cells(_filled_template(value.origin, block))
        case FromNowhere(text):
            return Cells(pa.repeat(pa.scalar(text, pa.large_string()), len(block)))


def _refuse_unusable(cells: Cells, value: BoundValue, block: Block) -> None:
    zone = (value.timezone.position,) if isinstance(value.timezone, ZoneFromColumn) else ()
    for position in (*value.positions, *zone):
        stored = block.columns[position].stored
        if stored and are_unusable(stored.kinds).any():
            for kind, code in unusable.CODES.items():
                cells.refuse(stored.kinds == kind, code)


def refuse_undecided(cells: Cells, value: BoundValue, block: Block) -> None:
    """Of rows whose condition looks at a cell that nobody can use, nobody knows whether they have the value."""
    for offset, position in in_doubt(value.when, block).items():
        here = np.zeros(len(block), np.bool_)
        here[offset] = True
        cells.refuse(here, unusable.CODES[block.columns[position].cell(offset).kind])


def _filled_template(origin: FromTemplate, block: Block) -> Texts:
    parts = [
        block.columns[origin.positions[text]].shown if is_column else pa.scalar(text, pa.large_string())
        for is_column, text in origin.pieces
    ]
    return pc.binary_join_element_wise(*parts, pa.scalar("", pa.large_string()))


def _joined(origin: FromColumns, block: Block) -> Texts:
    parts = [trimmed(block.columns[position].shown) for position in origin.positions]
    present = [filled(part) for part in parts]
    some = np.logical_or.reduce(present)
    # Arrow's join drops rows in which all parts are missing: there, the first one stays, which is empty.
    present[0] = present[0] | ~some
    parts = [only_where(flags, part) for flags, part in zip(present, parts, strict=True)]
    separator = pa.scalar(origin.separator, pa.large_string())
    return pc.binary_join_element_wise(*parts, separator, null_handling="skip")


def _fill(cells: Cells, value: BoundValue) -> None:
    """The table of `map`, then the default; what they put in is text, whatever the cell stored."""
    if value.map is not None:
        index = pc.index_in(trimmed(cells.text), value.map.keys)
        listed = index.is_valid().to_numpy(zero_copy_only=False)
        unlisted = filled(cells.text) & ~listed
        if value.default is None:
            cells.refuse(unlisted, Code.MAP_UNLISTED)
        else:
            cells.put(unlisted, value.default)
        cells.put(listed, value.map.posted.take(index))
    if value.default is not None:
        cells.put(~filled(cells.text), value.default)


def _zones(zone: ZoneFromColumn, block: Block) -> Texts:
    named = trimmed(block.columns[zone.position].shown)
    if zone.known is not None:
        index = pc.index_in(named, zone.known.keys)
        named = pc.coalesce(zone.known.posted.take(index), named)
    if zone.default is not None:
        named = pc.if_else(pa.array(filled(named)), named, zone.default)
    return named
