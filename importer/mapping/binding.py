"""A mapping meets the header of a source: columns are found, types settled by their place, constants tried."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from importer.errors import ColumnTwice, MappingError, MappingFault, suggestion
from importer.leadsquared.routes import ROUTES
from importer.leadsquared.shapes import Slot
from importer.mapping.bound import (
    BoundEntry,
    BoundMapping,
    BoundSet,
    BoundValue,
    Entries,
    FromColumn,
    FromNowhere,
    FromTemplate,
    Origin,
)
from importer.mapping.date_formats import ISO_FORMATS, date_format
from importer.mapping.model import DATED, FieldSet, ImportKeyField, Mapping, NumberMarks, Value, ValueType
from importer.mapping.parsing import MappingDocument
from importer.mapping.reading import fault_of_constant
from importer.mapping.templates import TemplateFault, template_columns, template_pieces
from importer.mapping.yaml_tree import Path, Plain
from importer.records import Header, column_letter

_IMPLIED: Final = {
    Slot.LEAD_ID: ValueType.GUID,
    Slot.LEAD_EMAIL: ValueType.EMAIL,
    Slot.DATETIME: ValueType.DATETIME,
}
"""Types that follow from the place and can't be chosen."""

_NEEDED: Final = frozenset({Slot.LEAD_ID, Slot.LEAD_VALUE, Slot.LEAD_EMAIL, Slot.DATETIME})
"""Places whose empty cell is an issue unless the mapping says otherwise; the lead's key always is.

They are read without white space at their ends; elsewhere a text stays as it stands.
"""


def bind(document: MappingDocument, header: Header, source: str) -> BoundMapping:
    """Binds a mapping to the header of one source.

    :raises MappingError: faults of the mapping, and columns that the source lacks: all at once.
    :raises ColumnTwice: a column that the mapping uses stands twice in the header.
    """
    faults = [*document.faults, *_missing_columns(document, header, source)]
    if document.model is None:
        raise MappingError(document.path, faults)
    binder = _Binder(document, header)
    bound = binder.mapping(document.model)
    if faults or binder.faults:
        raise MappingError(document.path, faults + binder.faults)
    for _, name in _named_columns(document.tree.plain):
        found = header.positions(name)
        if len(found) > 1:
            raise ColumnTwice(source, name, [column_letter(position) for position in found])
    return bound


def _missing_columns(document: MappingDocument, header: Header, source: str) -> Iterator[MappingFault]:
    for path, name in _named_columns(document.tree.plain):
        if not header.positions(name):
            line, column = document.tree.value_at(path)
            near = suggestion(name, header.names)
            known = near or f" Its columns are {', '.join(text for text in header.names if text.strip())}."
            yield MappingFault(line, column, f'"{source}" has no column "{name}".{known}')


# ------------------------------------------------------------- which columns the file names, right or wrong


def _named_columns(plain: Plain) -> Iterator[tuple[Path, str]]:
    """Where a mapping names a column, and which; works on files with faults too."""
    if not isinstance(plain, dict):
        return
    lead, activity, duplicates = plain.get("lead"), plain.get("activity"), plain.get("duplicates")
    if isinstance(lead, dict):
        for key in ("id", "value", "email", "first_name", "last_name", "phone"):
            yield from _in_value(lead.get(key), ("lead", key))
        yield from _in_entries(lead.get("attributes"), ("lead", "attributes"))
    if isinstance(activity, dict):
        for key in ("note", "datetime", "owner"):
            yield from _in_value(activity.get(key), ("activity", key))
    yield from _in_entries(plain.get("fields"), ("fields",))
    named = duplicates.get("key") if isinstance(duplicates, dict) else None
    if isinstance(named, list):
        for index, name in enumerate(named):
            if isinstance(name, str) and name:
                yield ("duplicates", "key", index), name


def _in_entries(plain: Plain, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(plain, dict):
        for name, entry in plain.items():
            if isinstance(entry, dict) and "fields" in entry:
                yield from _in_entries(entry["fields"], (*path, name, "fields"))
            else:
                yield from _in_value(entry, (*path, name))


def _in_value(plain: Plain, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(plain, str) and plain:
        yield path, plain
    elif isinstance(plain, dict):
        column, template = plain.get("column"), plain.get("template")
        if isinstance(column, str) and column:
            yield (*path, "column"), column
        if isinstance(template, str):
            try:
                yield from (((*path, "template"), name) for name in template_columns(template))
            except TemplateFault:
                return  # reported by the model


# ------------------------------------------------------------------------------------------- the binding


@dataclass(slots=True)
class _Binder:
    document: MappingDocument
    header: Header
    faults: list[MappingFault] = field(default_factory=list)

    def mapping(self, model: Mapping) -> BoundMapping:
        route = ROUTES[model.lead.route]
        slots: dict[Slot, BoundValue] = {}
        for slot in Slot:
            section, key = slot.value.split(".")
            value = getattr(getattr(model, section), key)
            if value is not None:
                slots[slot] = self._slot(value, slot, model)
        return BoundMapping(
            route=route,
            event=model.activity.event,
            slots=slots,
            fields=self._entries(model.fields, ("fields",), None),
            attributes=self._entries(model.lead.attributes or {}, ("lead", "attributes"), model.lead.search_by),
            search_by=model.lead.search_by,
            options=frozenset({"lead.include_score"} if model.lead.include_score else ()),
            import_key=_key_place(model),
            identity=tuple(self._position(name) for name in model.duplicates.key) if model.duplicates else None,
            header=self.header,
        )

    def _slot(self, value: Value, slot: Slot, model: Mapping) -> BoundValue:
        path = tuple(slot.value.split("."))
        implied = _IMPLIED.get(slot)
        if implied and value.type not in (None, implied):
            self._fault(f"{slot} is always a {implied}; take the type out.", *path, "type")
        usual = implied or ValueType.TEXT
        if slot is Slot.OWNER:
            # A bulk row names its owner by e-mail, a single call by the user's id (update-activity page).
            usual = ValueType.EMAIL if ROUTES[model.lead.route].bulk else ValueType.GUID
        elif slot is Slot.LEAD_VALUE:
            usual = _type_of_lead_field(model.lead.search_by)
        key = slot in _NEEDED and slot is not Slot.DATETIME
        return self._value(value, path, usual, needed=slot in _NEEDED, always=key)

    def _entries(self, entries: dict[str, Value | FieldSet], path: Path, search_by: str | None) -> Entries:
        bound: list[tuple[str, BoundEntry]] = []
        for name, entry in entries.items():
            here = (*path, name)
            if isinstance(entry, FieldSet):
                if name == search_by:
                    self._fault("A lead can't be searched by a custom field set.", *here)
                inner = ((key, self._value(value, (*here, "fields", key))) for key, value in entry.fields.items())
                bound.append((name, BoundSet(tuple(inner))))
            elif name == search_by:
                usual = _type_of_lead_field(name)
                bound.append((name, self._value(entry, here, usual, needed=True, always=True)))
            else:
                bound.append((name, self._value(entry, here)))
        return tuple(bound)

    def _value(
        self,
        value: Value,
        path: Path,
        usual: ValueType = ValueType.TEXT,
        *,
        needed: bool = False,
        always: bool = False,
    ) -> BoundValue:
        if value.choices and value.type is None and usual is ValueType.TEXT:
            usual = ValueType.CHOICE
        type_ = value.type or usual
        self._check_effects(value, type_, path)
        if always and value.required is False:
            self._fault("Without this no lead can be found; it is always required.", *path, "required")
        formats = value.formats or (ISO_FORMATS if type_ in DATED else ())
        bound = BoundValue(
            address=".".join(map(str, path)),
            origin=self._origin(value),
            header=value.column or value.template or "",
            type=type_,
            required=always or (needed if value.required is None else value.required),
            trimmed=needed or value.trim is True or type_ is not ValueType.TEXT,
            formats=tuple(map(date_format, formats)),
            timezone=value.timezone,
            default=value.default,
            map=tuple(value.map.items()) if value.map else None,
            choices=tuple(value.choices) if value.choices else None,
            pattern=value.pattern,
            max_length=value.max_length,
            number=value.number or NumberMarks(),
        )
        self._try_fixed_texts(bound, path)
        return bound

    def _check_effects(self, value: Value, type_: ValueType, path: Path) -> None:
        """Keys that do nothing on the type that the place implies; with a type of its own, the model has checked."""
        if value.type is None:
            for key in ("formats", "timezone"):
                if getattr(value, key) is not None and type_ not in DATED:
                    self._fault(f"{key} needs type: date or type: datetime.", *path, key)
            if value.number is not None:
                self._fault("number needs type: integer or type: decimal.", *path, "number")

    def _try_fixed_texts(self, bound: BoundValue, path: Path) -> None:
        """What is the same for every row is tried once, here, where the fault has a line."""
        if isinstance(bound.origin, FromNowhere):
            fault = fault_of_constant(bound, bound.origin.text)
            if fault:
                self._fault(f'The constant "{bound.origin.text}": {fault}.', *path, "constant")
        if bound.default is not None:
            fault = fault_of_constant(bound, bound.default)
            if fault:
                self._fault(f'The default "{bound.default}": {fault}.', *path, "default")

    def _origin(self, value: Value) -> Origin:
        if value.column is not None:
            return FromColumn(self._position(value.column))
        if value.template is not None:
            names = template_columns(value.template)
            return FromTemplate(template_pieces(value.template), {name: self._position(name) for name in names})
        assert value.constant is not None, "the model refuses a value without a source"
        return FromNowhere(value.constant)

    def _position(self, name: str) -> int:
        found = self.header.positions(name)
        return found[0] if found else -1  # a missing column is a fault already; the rest of the file is looked at too

    def _fault(self, sentence: str, *path: str | int) -> None:
        self.faults.append(MappingFault(*self.document.tree.key_at(path), sentence))


def _type_of_lead_field(schema_name: str | None) -> ValueType:
    return ValueType.EMAIL if schema_name == "EmailAddress" else ValueType.TEXT


def _key_place(model: Mapping) -> str | None:
    if isinstance(model.import_key, ImportKeyField):
        return model.import_key.field
    return "" if model.import_key else None
