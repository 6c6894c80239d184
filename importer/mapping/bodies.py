"""The JSON bodies of a block's good rows, laid out as the route says."""

from dataclasses import dataclass, field
from typing import assert_never

import pyarrow as pa
import pyarrow.compute as pc

from importer.blocks import RowNumbers, Texts
from importer.leadsquared.shapes import Attributes, Body, Event, Fields, Option, Part, Slot, Text
from importer.mapping.bound import BoundMapping, BoundSet, BoundValue, Entries
from importer.mapping.json_text import Fragment, any_present, fixed, joined, quoted, quoted_text, scalar
from importer.mapping.reading import Reading, constant_text


@dataclass(frozen=True, slots=True)
class RowValues:
    """The posted values of some rows of one block, each quoted once."""

    readings: dict[str, Reading]
    rows: RowNumbers
    """Offsets of these rows in the block."""
    _quoted: dict[str, Fragment] = field(default_factory=dict)

    def texts(self, value: BoundValue) -> Texts:
        """The value of each row; null in rows that have none."""
        if value.constant:
            return pa.repeat(scalar(constant_text(value) or ""), len(self.rows))
        return self.readings[value.address].posted.take(self.rows)

    def quoted(self, value: BoundValue) -> Fragment:
        """The value of each row as a JSON string; rows that have none don't have it."""
        if value.address not in self._quoted:
            fragment = fixed(quoted_text(constant_text(value) or "")) if value.constant else quoted(self.texts(value))
            self._quoted[value.address] = fragment
        return self._quoted[value.address]


def whole_activities(bound: BoundMapping, values: RowValues) -> Texts:
    """All that is posted for each row, in an order that no rearranging of the mapping changes: its identity."""
    members = [
        _keyed(value.address, values.quoted(value)) for value in sorted(bound.values(), key=lambda value: value.address)
    ]
    return joined(members, "{", "}", len(values.rows)).written(len(values.rows))


@dataclass(frozen=True, slots=True)
class BodyWriter:
    """Writes the bodies of some rows of one block."""

    bound: BoundMapping
    values: RowValues
    tokens: Texts | None
    """The import key of each row, if the mapping stores one."""

    def bodies(self) -> Texts:
        """One JSON object per row."""
        return self._body(self.bound.route.body).written(len(self.values.rows))

    def _joined(self, members: list[Fragment], opening: str, closing: str) -> Fragment:
        return joined(members, opening, closing, len(self.values.rows))

    def _part(self, part: Part) -> Fragment | None:
        """The JSON of one part; None if the mapping has nothing for it."""
        match part:
            case Body():
                return self._body(part)
            case Event():
                return fixed(str(self.bound.event))
            case Option():
                return fixed("true") if part.key in self.bound.options else None
            case Text():
                return self._slot(part.slot)
            case Fields():
                return self._fields(part)
            case Attributes():
                return self._attributes()
            case _:
                assert_never(part)

    def _body(self, body: Body) -> Fragment:
        members: list[Fragment] = []
        for key, part in body.members:
            written = self._part(part)
            if written is not None:
                members.append(_keyed(key, written))
        return self._joined(members, "{", "}")

    def _slot(self, slot: Slot) -> Fragment | None:
        value = self.bound.slots.get(slot)
        if slot is Slot.NOTE and self.bound.import_key == "" and self.tokens is not None:
            return self._note_with_token(value, self.tokens)
        return None if value is None else self.values.quoted(value)

    def _note_with_token(self, note: BoundValue | None, tokens: Texts) -> Fragment:
        """The key at the end of the note, where a read-back finds it and a person can overlook it."""
        marks = pc.binary_join_element_wise(scalar("[imp:"), tokens, scalar("]"), scalar(""))
        if note is None:
            return quoted(marks)
        return quoted(pc.binary_join_element_wise(self.values.texts(note), marks, scalar(" "), null_handling="skip"))

    def _fields(self, part: Fields) -> Fragment | None:
        members = self._entries(self.bound.fields, "SchemaName")
        if part.with_owner and Slot.OWNER in self.bound.slots:
            members.append(_entry("SchemaName", "Owner", self.values.quoted(self.bound.slots[Slot.OWNER])))
        if self.bound.import_key and self.tokens is not None:
            members.append(_entry("SchemaName", self.bound.import_key, quoted(self.tokens)))
        return self._joined(members, "[", "]") if members else None

    def _attributes(self) -> Fragment:
        members = self._entries(self.bound.attributes, "Attribute")
        members.append(_entry("Attribute", "SearchBy", fixed(quoted_text(self.bound.search_by or ""))))
        return self._joined(members, "[", "]")

    def _entries(self, entries: Entries, name_key: str) -> list[Fragment]:
        written: list[Fragment] = []
        for name, entry in entries:
            if isinstance(entry, BoundSet):
                written.append(self._field_set(name, entry))
            else:
                written.append(_entry(name_key, name, self.values.quoted(entry)))
        return written

    def _field_set(self, name: str, entry: BoundSet) -> Fragment:
        """A custom field set: `Attribute`, an empty `Value`, and its own `Fields` (page 001)."""
        inner = [_entry("Attribute", key, self.values.quoted(value)) for key, value in entry.fields]
        array = self._joined(inner, "[", "]").within(f'{{"Attribute":{quoted_text(name)},"Value":"","Fields":', "}")
        if any(member.present is None for member in inner):
            return array
        return Fragment(array.pieces, any_present(inner))  # a set of which the row has no field is left out


def _keyed(key: str, written: Fragment) -> Fragment:
    return written.within(f'"{key}":')


def _entry(name_key: str, name: str, written: Fragment) -> Fragment:
    return written.within(f'{{"{name_key}":{quoted_text(name)},"Value":', "}")
