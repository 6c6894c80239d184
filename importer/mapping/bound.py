"""A mapping bound to the header of one source: every value knows its type and the positions of its columns."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from importer.leadsquared.routes import Route
from importer.leadsquared.shapes import Slot
from importer.mapping.date_formats import DateFormat
from importer.mapping.model import NumberMarks, ValueType
from importer.mapping.templates import Piece
from importer.records import Header


@dataclass(frozen=True, slots=True)
class FromColumn:
    """The cells of one column."""

    position: int


@dataclass(frozen=True, slots=True)
class FromTemplate:
    """A text with cells in it."""

    pieces: tuple[Piece, ...]
    positions: dict[str, int]
    """Column name -> position."""


@dataclass(frozen=True, slots=True)
class FromNowhere:
    """The same text for every row."""

    text: str


Origin: TypeAlias = FromColumn | FromTemplate | FromNowhere


@dataclass(frozen=True, slots=True)
class BoundValue:
    """One posted value: where it comes from, how it is understood, what it must be."""

    address: str
    """Its path in the mapping: `fields.mx_Custom_1`."""
    origin: Origin
    header: str
    """The column's name; for a template the template itself."""
    type: ValueType
    required: bool
    trimmed: bool
    """White space at the ends is taken off before anything else."""
    formats: tuple[DateFormat, ...]
    timezone: str | None
    default: str | None
    map: tuple[tuple[str, str], ...] | None
    choices: tuple[str, ...] | None
    pattern: str | None
    max_length: int | None
    number: NumberMarks

    @property
    def constant(self) -> bool:
        """Whether it is the same for every row."""
        return isinstance(self.origin, FromNowhere)

    @property
    def positions(self) -> tuple[int, ...]:
        """The columns it is made from."""
        if isinstance(self.origin, FromColumn):
            return (self.origin.position,)
        return tuple(self.origin.positions.values()) if isinstance(self.origin, FromTemplate) else ()


@dataclass(frozen=True, slots=True)
class BoundSet:
    """A custom field set."""

    fields: tuple[tuple[str, BoundValue], ...]


BoundEntry: TypeAlias = BoundValue | BoundSet
Entries: TypeAlias = tuple[tuple[str, BoundEntry], ...]
"""Schema names and what they hold, in the mapping's order."""


@dataclass(frozen=True, slots=True)
class BoundMapping:
    """All that is needed to turn the rows of one source into activities."""

    route: Route
    event: int
    slots: dict[Slot, BoundValue]
    fields: Entries
    attributes: Entries
    search_by: str | None
    options: frozenset[str]
    """Keys of the shape's options that are asked for."""
    import_key: str | None
    """Schema name of the field that holds the row's key; "" stands for the note."""
    identity: tuple[int, ...] | None
    """Positions of the columns that name an activity; None means the whole activity does."""
    header: Header

    def values(self) -> Iterator[BoundValue]:
        """All values that come from the row or stand for it, each once."""
        yield from self.slots.values()
        for _, entry in (*self.attributes, *self.fields):
            if isinstance(entry, BoundSet):
                yield from (value for _, value in entry.fields)
            else:
                yield entry

    @property
    def lead(self) -> BoundValue:
        """The value by which the lead is found: what results.csv shows under Lead."""
        for slot in (Slot.LEAD_ID, Slot.LEAD_VALUE, Slot.LEAD_EMAIL):
            if slot in self.slots:
                return self.slots[slot]
        found = dict(self.attributes)[self.search_by or ""]
        assert isinstance(found, BoundValue), "the model refuses a search attribute that is a field set"
        return found

    @property
    def used_positions(self) -> frozenset[int]:
        """The columns that have a say in what is posted."""
        used = {position for value in self.values() for position in value.positions}
        return frozenset(used | set(self.identity or ()))
