"""The `Fields` of an activity: names, types, lengths, options, custom field sets, and what is mandatory."""

import re
from collections.abc import Callable, Mapping

from importer.sandbox.account import ActivityField, ActivityType
from importer.sandbox.errors import (
    FieldLengthError,
    FieldValueError,
    MalformedBodyError,
    MandatoryFieldError,
    OptionError,
    UnknownFieldError,
)
from importer.sandbox.guids import read_guid
from importer.sandbox.moments import read_moment
from importer.sandbox.store.activities import FieldValue
from importer.sandbox.tenant import Tenant
from importer.sandbox.wire import Json, as_list, as_object, as_text

# Every activity type has these besides its own fields.
SYSTEM_FIELDS = ("Status", "Owner", "ActivityEvent_Note")

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?", re.ASCII)
_SET_NAME = re.compile(r"mx_\w+", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)

_FORMS: Mapping[str, Callable[[str], bool]] = {
    "Number": lambda text: _NUMBER.fullmatch(text) is not None,
    "DateTime": lambda text: read_moment(text) is not None,
    "Date": lambda text: read_moment(f"{text} 00:00:00" if _DATE.fullmatch(text) else text) is not None,
    "Boolean": lambda text: text.lower() in {"1", "0", "true", "false"},
    "Product": lambda text: read_guid(text) is not None,
    "ActiveUsers": lambda text: read_guid(text) is not None,
}


class FieldCheck:
    """Checks the fields of one activity against its type."""

    def __init__(self, tenant: Tenant, activity_type: ActivityType, *, dropdown_flag: bool) -> None:
        self._type = activity_type
        self._open = tenant.is_open_type(activity_type.code)
        # The pages say that the flag skips the validation; its name says that it asks for it.
        self._check_options = dropdown_flag == (tenant.settings.dropdown_flag == "validates")

    def read(self, entries: Json) -> dict[str, FieldValue]:
        """The values by schema name, blank ones left out; a name that stands twice has its last value.

        Raises MalformedBodyError and the ActivityFieldError that fits.
        """
        values: dict[str, FieldValue] = {}
        for entry in [] if entries is None else as_list(entries):
            name, value = self._entry(as_object(entry))
            values[name] = value
        for each in self._type.fields:
            if each.mandatory and not values.get(each.schema_name):
                raise MandatoryFieldError(each.schema_name, each.data_type)
        return {name: value for name, value in values.items() if value}

    def _entry(self, entry: dict[str, Json]) -> tuple[str, FieldValue]:
        name = _name(entry)
        value = as_text(entry.get("Value"))
        if name in SYSTEM_FIELDS:
            return name, value
        known = self._type.field(name)
        parts = entry.get("Fields")
        if known is None and self._open and parts is not None and _SET_NAME.fullmatch(name):
            known = ActivityField(name, name, "CustomObject")
        if known is None:
            raise UnknownFieldError(name)
        if parts is not None or known.data_type == "CustomObject":
            return name, self._field_set(known, value, parts)
        self._check(known, value)
        return name, value if value.strip() else ""

    def _field_set(self, field: ActivityField, value: str, parts: Json) -> dict[str, str]:
        """A custom field set (page create-lead-and-activity): `Status` and `mx_CustomObject_N`, its own value blank."""
        if value.strip() or (field.data_type != "CustomObject" and not self._open):
            raise FieldValueError(field.schema_name, field.data_type)
        entries = [as_object(part) for part in ([] if parts is None else as_list(parts))]
        values = {_name(part): as_text(part.get("Value")) for part in entries}
        for name in values:
            if name not in field.parts and not (self._open and _part_name(name)):
                raise UnknownFieldError(f"{field.schema_name}~{name}")
        return {name: text for name, text in values.items() if text}

    def _check(self, field: ActivityField, value: str) -> None:
        if not value.strip():
            return
        if len(value) > field.max_length:
            raise FieldLengthError(field.schema_name, field.max_length)
        if field.data_type == "SearchableDropdown":
            if self._check_options and value not in field.options:
                raise OptionError(field.schema_name, value)
        elif field.data_type in _FORMS and not _FORMS[field.data_type](value):
            raise FieldValueError(field.schema_name, field.data_type)


def _name(entry: dict[str, Json]) -> str:
    # Custom field sets are named by Attribute, even inside an activity's Fields (page 001).
    name = entry.get("SchemaName", entry.get("Attribute"))
    if not isinstance(name, str):
        raise MalformedBodyError
    return name


def _part_name(name: str) -> bool:
    return name == "Status" or re.fullmatch(r"mx_CustomObject_\d+", name, re.ASCII) is not None
