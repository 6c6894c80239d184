"""A mapping bound to the header of one source: every value knows its type and the positions of its columns."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from importer.blocks import Header
from importer.codes.rows import Code
from importer.leadsquared.routes import Route
from importer.leadsquared.shapes import Slot
from importer.mapping.conditions import BoundCondition
from importer.mapping.date_formats import DateFormat
from importer.mapping.table_files import Table
from importer.mapping.templates import Piece
from importer.mapping.values import BooleanWords, Case, NumberMarks, ValueType


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


@dataclass(frozen=True, slots=True)
class FromColumns:
    """The filled cells of several columns, joined."""

    positions: tuple[int, ...]
    separator: str


Origin: TypeAlias = FromColumn | FromColumns | FromTemplate | FromNowhere


@dataclass(frozen=True, slots=True)
class ZoneFromColumn:
    """A time zone that each row names for itself."""

    position: int
    known: Table | None
    """What the column says, and the zones that are meant; without it, the column names zones."""
    default: str | None
    """The zone where the cell is empty."""


@dataclass(frozen=True, slots=True)
class PhoneForm:
    """How phone numbers are written at home, so that they can be posted with their country code."""

    country_code: str
    """Digits."""
    national_digits: int | None
    trunk_prefix: str | None
    """Digits that are dialled before a number at home only; "" for none; None: nobody has said."""


@dataclass(frozen=True, slots=True)
class BoundValue:
    """One posted value: where it comes from, how it is understood, what it must be."""

    address: str
    """Its path in the mapping: `fields.mx_Custom_1`."""
    origin: Origin
    header: str
    """The column's name, or the names joined; for a template the template itself."""
    type: ValueType
    required: bool
    names_lead: bool
    """It is the key by which the lead is found, so that no row can do without."""
    trimmed: bool
    """White space at the ends is taken off before anything else."""
    formats: tuple[DateFormat, ...]
    timezone: str | ZoneFromColumn | None
    default: str | None
    map: Table | None
    choices: tuple[str, ...] | None
    pattern: str | None
    max_length: int | None
    number: NumberMarks
    case: Case | None
    words: BooleanWords | None
    phone: PhoneForm | None
    when: tuple[BoundCondition, ...]
    """Only rows that say this have the value; of others nothing is asked."""

    @property
    def constant(self) -> bool:
        """Whether it is the same for every row."""
        return isinstance(self.origin, FromNowhere) and not self.when

    @property
    def missing(self) -> Code:
        """What is said of a row that has no such value, although it must have one."""
        return Code.LEAD_MISSING if self.names_lead else Code.REQUIRED_EMPTY

    @property
    def positions(self) -> tuple[int, ...]:
        """The columns it is made from."""
        match self.origin:
            case FromColumn(position):
                return (position,)
            case FromColumns(positions):
                return positions
            case FromTemplate():
                return tuple(self.origin.positions.values())
            case FromNowhere():
                return ()

    @property
    def consulted(self) -> tuple[int, ...]:
        """All columns that have a say in it: those it is made from, its conditions' and its zone's."""
        zone = (self.timezone.position,) if isinstance(self.timezone, ZoneFromColumn) else ()
        conditions = (condition.position for condition in self.when)
        return tuple(dict.fromkeys((*self.positions, *conditions, *zone)))


@dataclass(frozen=True, slots=True)
class BoundSet:
    """A custom field set."""

    fields: tuple[tuple[str, BoundValue], ...]


BoundEntry: TypeAlias = BoundValue | BoundSet
Entries: TypeAlias = tuple[tuple[str, BoundEntry], ...]
"""Schema names and what they hold, in the mapping's order."""


class RuleKind(StrEnum):
    """What is asked of a row as a whole."""

    UNIQUE = "unique"
    ANY_OF = "any_of"
    ONE_OF = "one_of"


@dataclass(frozen=True, slots=True)
class BoundRule:
    """Something that is asked of some columns together."""

    kind: RuleKind
    positions: tuple[int, ...]


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
    when: tuple[BoundCondition, ...]
    """Rows that don't say this are none of the import."""
    rules: tuple[BoundRule, ...]
    header: Header
    otherwise: "BoundMapping | None" = None
    """The same with another way to the lead, for rows that lack the key of this one."""

    @property
    def ways(self) -> tuple["BoundMapping", ...]:
        """The mapping along each of its ways to a lead: one or two."""
        return (self, self.otherwise) if self.otherwise else (self,)

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
        used = {position for value in self.values() for position in value.consulted}
        used |= self.otherwise.used_positions if self.otherwise else frozenset()
        used |= {condition.position for condition in self.when}
        used |= {position for rule in self.rules for position in rule.positions}
        return frozenset(used | set(self.identity or ()))
