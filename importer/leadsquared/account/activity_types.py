"""The activity types of an account and their fields.

Sources: page get-details-of-activity-type, and live accounts for the list of types (FACTS 2.8).
"""

from collections.abc import Sequence
from typing import Any, Final

from importer.errors.base import ConfigurationError
from importer.leadsquared.account.asking import (
    AccountUnreadable,
    LogicalError,
    asked,
    count_of,
    flag_of,
    records_of,
    text_of,
)
from importer.leadsquared.account.values import ActivityField, ActivityType, TypeName
from importer.leadsquared.calls import Call
from importer.leadsquared.conversations import Conversation
from importer.leadsquared.replies import parsed
from importer.leadsquared.routes.route import CallClass

SETTING: Final = "ProspectActivity.svc/CustomActivity/GetActivitySetting"
LIST: Final = "ProspectActivity.svc/ActivityTypes.Get"

_UNKNOWN: Final = "MXInvalidActivityException"
"""What an unknown code was seen to bring: "Event Code is invalid or empty" (FACTS 4)."""


class ActivityTypeUnknown(ConfigurationError):
    """The account has no activity type of this code."""

    code = "activity-type-unknown"

    def __init__(self, event: int, known: Sequence[TypeName] = ()) -> None:
        """:param known: the account's types, as far as it tells them."""
        listed = ", ".join(f"{each.code} ({each.name})" for each in known[:20])
        more = f" and {len(known) - 20} more" if len(known) > 20 else ""
        super().__init__(
            f"The account has no activity type {event}.",
            f"Its types are {listed}{more}; give the code of one of them."
            if known
            else "Give the code of another one; the codes are found in the settings of the account.",
        )
        self.known = tuple(known)


def activity_type(code: int) -> Conversation[ActivityType]:
    """One activity type with its fields.

    How an unknown code is refused is not documented, so the list of types decides whether it is one.

    :raises ActivityTypeUnknown: the account has no such type.
    :raises KeysRefused: the keys don't open the account.
    :raises AccountUnreadable: the account does not tell.
    """
    what = f"the fields of activity type {code}"
    try:
        value = yield from asked(Call("GET", SETTING, CallClass.SINGLE, (("code", str(code)),)), what)
    except LogicalError as error:
        known = yield from _types_if_told()
        if any(each.code == code for each in known) or (not known and error.kind != _UNKNOWN):
            raise
        raise ActivityTypeUnknown(code, known) from None
    fields = value.get("Fields") if isinstance(value, dict) else None
    if not isinstance(fields, list):
        known = yield from _types_if_told()
        if known and all(each.code != code for each in known):
            raise ActivityTypeUnknown(code, known)
        raise AccountUnreadable(what, "the answer lists no fields")
    read = tuple(field for field in map(_field, records_of(fields)) if field is not None)
    return ActivityType(code, text_of(value, "DisplayName", "Name") or str(code), read)


def activity_types() -> Conversation[tuple[TypeName, ...]]:
    """All activity types, by code.

    :raises KeysRefused: the keys don't open the account.
    :raises AccountUnreadable: the account does not tell.
    """
    what = "its activity types"
    value = yield from asked(Call("GET", LIST, CallClass.SINGLE), what)
    if not isinstance(value, list):
        raise AccountUnreadable(what, "the answer is not a list")
    found: dict[int, TypeName] = {}
    for record in records_of(value):
        code = count_of(record, "ActivityEvent")  # a text on some accounts, a number on others
        if code is not None:
            found[code] = TypeName(code, text_of(record, "DisplayName", "ActivityEventName") or str(code))
    return tuple(found[code] for code in sorted(found))


def _types_if_told() -> Conversation[tuple[TypeName, ...]]:
    try:
        return (yield from activity_types())
    except AccountUnreadable:
        return ()


def _field(record: dict[str, Any]) -> ActivityField | None:
    name = text_of(record, "SchemaName")
    if not name:
        return None
    return ActivityField(
        schema_name=name,
        display_name=text_of(record, "DisplayName") or name,
        data_type=text_of(record, "DataType"),
        mandatory=flag_of(record, "IsMandatory"),
        options=_options(record.get("OptionSet")),
        max_length=count_of(record, "MaxFieldLength"),
        several=flag_of(record, "IsMultiSelectDropdown"),
    )


def _options(option_set: Any) -> tuple[str, ...]:
    """The values of an OptionSet, which is an empty text or a JSON text of a list (page get-activity-details)."""
    listed = parsed(option_set.encode(errors="replace")) if isinstance(option_set, str) else option_set
    values = (record.get("Value") or record.get("Text") for record in records_of(listed))
    return tuple(dict.fromkeys(value for value in values if isinstance(value, str) and value))
