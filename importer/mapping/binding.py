"""A mapping meets the header of a source: columns are found, types settled by their place, constants tried."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from pydantic import TypeAdapter, ValidationError

from importer.blocks import Header, column_letter
from importer.errors.base import UNSEEN, suggestion
from importer.errors.mappings import MappingError, MappingFault
from importer.errors.sources import ColumnTwice
from importer.leadsquared.routes import ROUTES, Route
from importer.leadsquared.shapes import Slot
from importer.mapping.bound import (
    BoundEntry,
    BoundMapping,
    BoundRule,
    BoundSet,
    BoundValue,
    Entries,
    FromColumn,
    FromColumns,
    FromNowhere,
    FromTemplate,
    Origin,
    PhoneForm,
    RuleKind,
    ZoneFromColumn,
)
from importer.mapping.conditions import BoundCondition
from importer.mapping.date_formats import ISO_FORMATS, TIME_FORMATS, DateFormat, date_format, time_format
from importer.mapping.model import ImportKeyField, LeadWay, Mapping, Rule
from importer.mapping.parsing import MappingDocument, without_nulls
from importer.mapping.places import OTHERWISE, SLOTS, first_way, lead_found_by, named_columns, slot_at, values_in
from importer.mapping.reading import fault_of_constant
from importer.mapping.table_files import Table
from importer.mapping.templates import template_columns, template_pieces
from importer.mapping.undecided import UNDECIDED, still_undecided
from importer.mapping.values import (
    EFFECTIVE,
    Condition,
    FieldSet,
    NumberMarks,
    Value,
    ValueOrColumn,
    ValueType,
    ZoneColumn,
)
from importer.mapping.yaml_tree import Path

_IMPLIED: Final = {
    Slot.LEAD_ID: ValueType.GUID,
    Slot.LEAD_EMAIL: ValueType.EMAIL,
    Slot.DATETIME: ValueType.DATETIME,
}
"""Types that follow from the place and can't be chosen."""

SHOWN_NAMES: Final = 20
LONGEST_NAME: Final = 40
"""How much of a header is told."""

_ONE_VALUE: Final[TypeAdapter[Value]] = TypeAdapter(ValueOrColumn)


def bind(document: MappingDocument, header: Header, source: str, *, briefly: bool = False) -> BoundMapping:
    """Binds a mapping to the header of one source.

    :param briefly: whether it is enough to say that a column is not there, since it is known why.
    :raises MappingError: faults of the mapping, and columns that the source lacks: all at once.
    :raises ColumnTwice: a column that the mapping uses stands twice in the header.
    """
    faults = [*document.faults, *_missing_columns(document, header, source, briefly=briefly)]
    binder = _Binder(document, header, *lead_found_by(document.tree.plain))
    if document.model is None:
        binder.try_each_value()
        raise MappingError(document.path, faults + binder.faults)
    bound = binder.mapping(document.model, document.model.lead, ("lead",))
    if document.model.lead.otherwise is not None:
        second = _Binder(document, header, *lead_found_by(document.tree.plain, otherwise=True))
        bound = replace(bound, otherwise=second.mapping(document.model, document.model.lead.otherwise, OTHERWISE))
        binder.faults += second.faults
    if faults or binder.faults:
        raise MappingError(document.path, faults + binder.faults)
    for _, name in named_columns(document.tree.plain):
        found = header.positions(name)
        if len(found) > 1:
            raise ColumnTwice(source, name, [column_letter(position) for position in found])
    return bound


def columns_of(document: MappingDocument) -> frozenset[str]:
    """The columns that a mapping names, without white space at their ends."""
    return frozenset(name.strip() for _, name in named_columns(document.tree.plain) if name != UNDECIDED)


def _missing_columns(
    document: MappingDocument, header: Header, source: str, *, briefly: bool
) -> Iterator[MappingFault]:
    for path, name in named_columns(document.tree.plain):
        if not header.positions(name):
            line, column = document.tree.value_at(path)
            if name == UNDECIDED:
                yield MappingFault(line, column, still_undecided(path))
                continue
            known = "" if briefly else _as_written(suggestion(name, header.names), name) or _columns_of(header)
            yield MappingFault(line, column, f'"{source}" has no column "{name}".{known}')


def _as_written(suggested: str, name: str) -> str:
    """A suggestion, with the way to write a name in a mapping that has signs which nobody sees."""
    near = suggested.partition('"')[2].rpartition('"')[0]
    if not any(sign in near and sign not in name for sign in UNSEEN):
        return suggested
    written = "".join(json.dumps(sign)[1:-1] if sign in (*UNSEEN, '"', "\\") else sign for sign in near)
    return f'{suggested} In the mapping it is written "{written}", in quotation marks.'


def _columns_of(header: Header) -> str:
    """The header in a sentence; cut, since what was taken for one may be a whole file."""
    names = [" ".join(text.split()) for text in header.names if text.strip()]
    shown = ", ".join(name if len(name) <= LONGEST_NAME else name[:LONGEST_NAME] + "…" for name in names[:SHOWN_NAMES])
    more = f" and {len(names) - SHOWN_NAMES} more" if len(names) > SHOWN_NAMES else ""
    return f" Its columns are {shown}{more}."


# ------------------------------------------------------------------------------------------- the binding


@dataclass(slots=True)
class _Binder:
    document: MappingDocument
    header: Header
    route: Route | None
    search_by: str | None
    faults: list[MappingFault] = field(default_factory=list)

    def try_each_value(self) -> None:
        """Looks at each value of a file that has faults elsewhere, so that all of them are told at once."""
        for path, plain in values_in(self.document.tree.plain):
            try:
                value = _ONE_VALUE.validate_python(without_nulls(plain))
            except ValidationError:
                continue  # its faults are known
            self._placed(value, path)

    def mapping(self, model: Mapping, way: LeadWay, place: Path) -> BoundMapping:
        """The mapping with one way to the lead, which stands at this place."""
        slots: dict[Slot, BoundValue] = {}
        for path, slot in SLOTS.items():
            section, key = path
            value = getattr(way if section == "lead" else getattr(model, str(section)), str(key))
            if value is not None:
                slots[slot] = self._placed(value, (*place, key) if section == "lead" else path)
        return BoundMapping(
            route=ROUTES[way.route],
            event=model.activity.event,
            slots=slots,
            fields=self._entries(model.fields, ("fields",)),
            attributes=self._entries(way.attributes or {}, (*place, "attributes")),
            search_by=way.search_by,
            options=_options(model, way),
            import_key=_key_place(model),
            identity=tuple(self._position(name) for name in model.duplicates.key) if model.duplicates else None,
            when=self._conditions(model.when),
            rules=tuple(self._rule(rule) for rule in model.rules_ or ()),
            header=self.header,
        )

    def _rule(self, rule: Rule) -> BoundRule:
        (kind,) = (kind for kind in RuleKind if getattr(rule, kind) is not None)
        return BoundRule(kind, tuple(self._position(name) for name in getattr(rule, kind)))

    def _conditions(self, conditions: list[Condition] | None) -> tuple[BoundCondition, ...]:
        return tuple(self._condition(condition) for condition in conditions or ())

    def _condition(self, condition: Condition) -> BoundCondition:
        position = self._position(condition.column)
        if condition.filled is not None:
            return BoundCondition(position, None, condition.filled)
        return BoundCondition(position, tuple(condition.is_ or condition.is_not or ()), condition.is_ is not None)

    def _entries(self, entries: dict[str, Value | FieldSet], path: Path) -> Entries:
        bound: list[tuple[str, BoundEntry]] = []
        for name, entry in entries.items():
            here = (*path, name)
            if isinstance(entry, FieldSet):
                if self._is_searched(here):
                    self._fault("A lead can't be searched by a custom field set.", *here)
                inner = ((key, self._placed(value, (*here, "fields", key))) for key, value in entry.fields.items())
                bound.append((name, BoundSet(tuple(inner))))
            else:
                bound.append((name, self._placed(entry, here)))
        return tuple(bound)

    def _is_searched(self, path: Path) -> bool:
        return first_way(path) in (("lead", "value"), ("lead", "attributes", self.search_by))

    def _placed(self, value: Value, path: Path) -> BoundValue:
        """A value where it stands: the place can settle its type, and that it must not be empty."""
        slot = slot_at(path)
        implied = _IMPLIED.get(slot) if slot else None
        if implied and value.type not in (None, implied):
            self._fault(f"{slot} is always a {implied}; take the type out.", *path, "type")
        usual = implied or ValueType.TEXT
        if slot is Slot.OWNER and self.route:
            # A bulk row names its owner by e-mail, a single call by the user's id (update-activity page).
            usual = ValueType.EMAIL if self.route.bulk else ValueType.GUID
        elif self._is_searched(path) and self.search_by == "EmailAddress":
            usual = ValueType.EMAIL
        is_key = slot in (Slot.LEAD_ID, Slot.LEAD_EMAIL) or self._is_searched(path)
        return self._value(value, path, usual, needed=is_key or slot is Slot.DATETIME, always=is_key)

    def _value(
        self,
        value: Value,
        path: Path,
        usual: ValueType,
        *,
        needed: bool,
        always: bool,
    ) -> BoundValue:
        """Binds a value whose type is `usual` if it names none.

        :param needed: an empty cell is an issue unless the mapping says otherwise; blanks at the ends are taken off.
        :param always: an empty cell is an issue whatever the mapping says.
        """
        if value.choices and value.type is None and usual is ValueType.TEXT:
            usual = ValueType.CHOICE
        type_ = value.type or usual
        self._check_effects(value, type_, path)
        if always and value.required is False:
            self._fault("Without this no lead can be found; it is always required.", *path, "required")
        if always and value.when:
            self._fault("Without this no lead can be found; rows are left out by `when` at the top.", *path, "when")
        bound = BoundValue(
            address=".".join(map(str, path)),
            origin=self._origin(value),
            header=value.column or value.template or ", ".join(value.columns or ()),
            type=type_,
            required=needed if value.required is None else value.required,
            names_lead=always,
            trimmed=needed or value.trim is True or type_ is not ValueType.TEXT,
            formats=_formats(value, type_),
            timezone=self._zone(value.timezone),
            default=value.default,
            map=Table.of(value.map) if value.map else self.document.tables.get(path),
            choices=tuple(value.choices) if value.choices else None,
            pattern=value.pattern,
            max_length=value.max_length,
            number=value.number or NumberMarks(),
            case=value.case,
            words=value.words,
            phone=_phone_form(value),
            when=self._conditions(value.when),
        )
        self._try_fixed_texts(bound, path)
        return bound

    def _check_effects(self, value: Value, type_: ValueType, path: Path) -> None:
        """Keys that do nothing on the type that the place implies; with a type of its own, the model has checked."""
        for key, (types, hint) in EFFECTIVE.items():
            if value.type is None and getattr(value, key) is not None and type_ not in types:
                self._fault(f"{key} has no effect on type {type_}; {hint}.", *path, key)

    def _zone(self, zone: str | ZoneColumn | None) -> str | ZoneFromColumn | None:
        if not isinstance(zone, ZoneColumn):
            return zone
        return ZoneFromColumn(self._position(zone.column), Table.of(zone.map) if zone.map else None, zone.default)

    def _try_fixed_texts(self, bound: BoundValue, path: Path) -> None:
        """What is the same for every row is tried once, here, where the fault has a line."""
        if isinstance(bound.origin, FromNowhere):
            fault = fault_of_constant(bound, bound.origin.text)
            if fault:
                self._fault(f'The constant "{bound.origin.text}" {fault}.', *path, "constant")
        by_row = isinstance(bound.timezone, ZoneFromColumn)  # then each row has to be tried by itself
        if bound.default is not None and not by_row:
            fault = fault_of_constant(bound, bound.default)
            if fault:
                self._fault(f'The default "{bound.default}" {fault}.', *path, "default")

    def _origin(self, value: Value) -> Origin:
        if value.column is not None:
            return FromColumn(self._position(value.column))
        if value.columns is not None:
            separator = " " if value.separator is None else value.separator
            return FromColumns(tuple(self._position(name) for name in value.columns), separator)
        if value.template is not None:
            names, pieces = template_columns(value.template), template_pieces(value.template)
            if not names:
                return FromNowhere("".join(text for _, text in pieces))
            return FromTemplate(pieces, {name: self._position(name) for name in names})
        assert value.constant is not None, "the model refuses a value without a source"
        return FromNowhere(value.constant)

    def _position(self, name: str) -> int:
        found = self.header.positions(name)
        return found[0] if found else -1  # a missing column is a fault already; the rest of the file is looked at too

    def _fault(self, sentence: str, *path: str | int) -> None:
        self.faults.append(MappingFault(*self.document.tree.key_at(path), sentence))


def _formats(value: Value, type_: ValueType) -> tuple[DateFormat, ...]:
    if type_ is ValueType.TIME:
        return tuple(map(time_format, value.formats or TIME_FORMATS))
    usual = ISO_FORMATS if type_ in (ValueType.DATE, ValueType.DATETIME) else ()
    return tuple(map(date_format, value.formats or usual))


def _phone_form(value: Value) -> PhoneForm | None:
    if value.country_code is None:
        return None
    return PhoneForm(value.country_code, value.national_digits, value.trunk_prefix)


def _options(model: Mapping, way: LeadWay) -> frozenset[str]:
    wanted = {
        "lead.include_score": way.include_score,
        "activity.process_files_async": model.activity.process_files_async,
        "activity.validate_dropdown_options": model.activity.validate_dropdown_options,
    }
    return frozenset(name for name, is_set in wanted.items() if is_set)


def _key_place(model: Mapping) -> str | None:
    if isinstance(model.import_key, ImportKeyField):
        return model.import_key.field
    return "" if model.import_key else None
