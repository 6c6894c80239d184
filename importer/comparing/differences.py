"""A whole mapping beside what an account told: every difference at once."""

import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import Final

from importer.comparing.difference import Difference, Kind
from importer.comparing.fields import called, value_differences
from importer.comparing.posted_texts import fixed_texts
from importer.errors.base import suggestion
from importer.leadsquared.account.facts import AccountFacts, Needs
from importer.leadsquared.account.values import ActivityField, ActivityType, LeadField, TypeName, User, field_named
from importer.leadsquared.shapes import Slot
from importer.mapping.bound import BoundEntry, BoundMapping, BoundSet, BoundValue

KEY_LENGTH: Final = 20
"""Characters that a field needs to hold a row's import key."""

_NOTE: Final = "ActivityEvent_Note"
_OF_EVERY_TYPE: Final = (_NOTE, "Status", "Owner")
"""Fields of every activity (FACTS 2.8): the account fills Status and Owner itself, the note is `activity.note`."""

SHOWN_TYPES: Final = 20
SHOWN_FIELDS: Final = 15

_NUMBERED: Final = re.compile(r"mx_Custom_[0-9]+")

_PLAIN: Final = ("string", "number", "datetime", "searchabledropdown", "product", "activeusers")
"""Data types that were seen on fields that are no custom field set."""


def needs_of(bound: BoundMapping) -> Needs:
    """What has to be asked of the account to compare this mapping with it: one call, two or three."""
    owner = bound.slots.get(Slot.OWNER)
    return Needs(
        event=bound.event,
        users=owner is not None and bool(fixed_texts(owner)),
        lead_fields=any(way.attributes or way.search_by is not None for way in bound.ways),
    )


def differences(bound: BoundMapping, facts: AccountFacts) -> list[Difference]:
    """All that is between a mapping and an account; what the account did not tell is not compared."""
    return [
        *_activity_type(bound, facts),
        *(_owner(bound, facts.users) if facts.users is not None else ()),
        *(_lead(bound, "lead", facts.lead_fields) if facts.lead_fields is not None else ()),
        *(_second_way(bound, facts.lead_fields) if facts.lead_fields is not None else ()),
    ]


def _second_way(bound: BoundMapping, fields: Sequence[LeadField]) -> Iterator[Difference]:
    """Along the second way to a lead, the lead is all that differs."""
    if bound.otherwise is not None:
        yield from _lead(bound.otherwise, "lead.otherwise", fields)


# ----------------------------------------------------------------------------------------- activity type


def _activity_type(bound: BoundMapping, facts: AccountFacts) -> Iterator[Difference]:
    found = facts.activity_type(bound.event)
    if found is not None:
        yield from _fields(bound, found)
        yield from _key_field(bound, found)
    elif facts.lacks(bound.event):
        known = facts.types or ()
        sentence = f"The account has no activity type {bound.event}.{_near_type(bound.event, known)}"
        yield Difference(Kind.TYPE_UNKNOWN, "activity.event", f"{sentence} Correct the number.")


def _near_type(code: int, known: Sequence[TypeName]) -> str:
    names = {str(each.code): each.name for each in known}
    near = get_close_matches(str(code), names, n=2, cutoff=0.6)
    if len(near) == 1:
        return f" Did you mean {near[0]} ({names[near[0]]})?"
    return f" It has {', '.join(f'{each.code} ({each.name})' for each in known[:SHOWN_TYPES])}." if known else ""


def _fields(bound: BoundMapping, found: ActivityType) -> Iterator[Difference]:
    type_name = f"Activity type {found.code} ({found.name})"
    for name, entry in bound.fields:
        field = found.field(name)
        if field is not None:
            yield from _entry(f"fields.{name}", entry, field)
        elif name not in _OF_EVERY_TYPE:
            near = _near_field(name, found.fields)
            sentence = f'{type_name} has no field "{name}".{near} Take it out, or create the field in LeadSquared.'
            yield Difference(Kind.FIELD_GONE, f"fields.{name}", sentence)
    mapped = dict(bound.fields)
    for field in found.fields:
        if field.mandatory:
            yield from _mandatory(bound, mapped, field, type_name)


def _mandatory(
    bound: BoundMapping, mapped: dict[str, BoundEntry], field: ActivityField, type_name: str
) -> Iterator[Difference]:
    if field.schema_name in ("Status", "Owner") or field.schema_name == bound.import_key:
        return
    key_is_note = field.schema_name == _NOTE and bound.import_key == ""
    entry = bound.slots.get(Slot.NOTE) if field.schema_name == _NOTE else mapped.get(field.schema_name)
    if entry is None and not key_is_note:
        where = "activity.note" if field.schema_name == _NOTE else f"fields.{field.schema_name}"
        yield Difference(
            Kind.FIELD_MISSING,
            where,
            f"{called(field)} is mandatory for {type_name[0].lower()}{type_name[1:]}, and the mapping has no value "
            f"for it; add {where}.",
        )
    elif isinstance(entry, BoundValue) and not key_is_note and _can_be_empty(entry):
        yield Difference(
            Kind.FIELD_MISSING,
            entry.address,
            f"{called(field)} is mandatory; add required: true or a default, so that rows without it are found before "
            "they are sent.",
            stops=False,
        )


def _can_be_empty(value: BoundValue) -> bool:
    filled = value.required or value.default or (value.constant and fixed_texts(value))
    return bool(value.when) or not filled


def _entry(address: str, entry: BoundEntry, field: ActivityField | LeadField) -> Iterator[Difference]:
    data_type = field.data_type.casefold()
    if isinstance(entry, BoundSet):
        if data_type in _PLAIN:
            sentence = f"{called(field)} is of type {field.data_type}, no custom field set; give it one value."
            yield Difference(Kind.TYPE_CLASH, address, sentence)
    elif "customobject" in data_type:
        sentence = f"{called(field)} is a custom field set; give its parts under {address}.fields."
        yield Difference(Kind.TYPE_CLASH, address, sentence)
    else:
        yield from value_differences(entry, field)


def _near_field(name: str, fields: Sequence[ActivityField | LeadField]) -> str:
    folded = name.strip().casefold()
    for field in fields:
        if field.display_name.casefold() == folded:
            return f' Did you mean "{field.schema_name}", which is called "{field.display_name}"?'
    if _NUMBERED.fullmatch(name):  # the nearest number says nothing of what is meant
        listed = [f"{field.schema_name} ({field.display_name})" for field in fields if field.schema_name[:3] == "mx_"]
        more = f" and {len(listed) - SHOWN_FIELDS} more" if len(listed) > SHOWN_FIELDS else ""
        return f" It has {', '.join(listed[:SHOWN_FIELDS])}{more}." if listed else ""
    return suggestion(name, [field.schema_name for field in fields])


# --------------------------------------------------------------------------------- the import key's field


def _key_field(bound: BoundMapping, found: ActivityType) -> Iterator[Difference]:
    if not bound.import_key:
        return
    why = key_field_fault(bound.import_key, found)
    if why:
        yield Difference(Kind.KEY_FIELD, "import_key.field", why)


def key_field_fault(schema_name: str, found: ActivityType) -> str | None:
    """Why a field can't hold the import keys of rows, in a sentence; None if it can."""
    field = found.field(schema_name)
    if field is None:
        near = _near_field(schema_name, found.fields)
        return (
            f'Activity type {found.code} ({found.name}) has no field "{schema_name}" for the import key.{near} '
            "Create a text field for it, or write import_key: note."
        )
    unfit = None
    if field.dropdown:
        unfit = "takes nothing but its options"
    elif field.data_type.casefold() not in ("string", "text", ""):
        unfit = f"is of type {field.data_type}"
    elif field.max_length is not None and field.max_length < KEY_LENGTH:
        unfit = f"takes {field.max_length} characters, and a key has {KEY_LENGTH}"
    if unfit is None:
        return None
    return f"{called(field)} can't hold the import key: it {unfit}. Name a text field that is used for nothing else."


# ------------------------------------------------------------------------------------------ owner and lead


def _owner(bound: BoundMapping, users: Sequence[User]) -> Iterator[Difference]:
    owner = bound.slots.get(Slot.OWNER)
    if owner is None:
        return
    # A bulk row names its owner by e-mail address, a single call by the user's id (update-activity page).
    known = {(user.email if bound.route.bulk else user.id).casefold(): user for user in users}
    what = "e-mail address" if bound.route.bulk else "id"
    for each in fixed_texts(owner):
        user = known.get(each.text.strip().casefold())
        if user is None:
            near = suggestion(each.text, [user.email if bound.route.bulk else user.id for user in users])
            sentence = f'No user of the account has the {what} "{each.text}".{near} Correct it, or take the owner out.'
            yield Difference(Kind.OWNER_UNKNOWN, owner.address, sentence)
        elif not user.active:
            sentence = (
                f'The user "{each.text}" is not active any more; name somebody who is, if the activities need it.'
            )
            yield Difference(Kind.OWNER_UNKNOWN, owner.address, sentence, stops=False)


def _lead(bound: BoundMapping, place: str, fields: Sequence[LeadField]) -> Iterator[Difference]:
    if bound.search_by is not None and field_named(fields, bound.search_by) is None:
        near = _near_field(bound.search_by, fields)
        sentence = f'Leads have no field "{bound.search_by}".{near} Name the schema name of a unique lead field.'
        yield Difference(Kind.FIELD_GONE, f"{place}.search_by", sentence)
    value = bound.slots.get(Slot.LEAD_VALUE)
    searched = field_named(fields, bound.search_by) if bound.search_by else None
    if value is not None and searched is not None:
        yield from value_differences(value, searched)
    for name, entry in bound.attributes:
        field = field_named(fields, name)
        if field is not None:
            yield from _entry(f"{place}.attributes.{name}", entry, field)
        elif name != bound.search_by:
            near = _near_field(name, fields)
            sentence = f'Leads have no field "{name}".{near} Take it out, or create the field in LeadSquared.'
            yield Difference(Kind.FIELD_GONE, f"{place}.attributes.{name}", sentence)
