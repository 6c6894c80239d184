"""What is known of an account, as values that travel; read from answers without trust, and kept in snapshots."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ActivityField:
    """A field of an activity type (page get-details-of-activity-type)."""

    schema_name: str
    display_name: str
    data_type: str
    """As the account calls it: String, Number, DateTime, SearchableDropdown, Product, ActiveUsers were seen."""
    mandatory: bool = False
    options: tuple[str, ...] = ()
    """The values of a drop-down; empty for any other field, and where the account does not tell them."""
    max_length: int | None = None
    """MaxFieldLength, in characters; None if the account does not tell."""
    several: bool = False
    """IsMultiSelectDropdown: holds more than one option; how they are separated is documented nowhere."""

    @property
    def dropdown(self) -> bool:
        """Whether it takes nothing but its options."""
        return bool(self.options) or "dropdown" in self.data_type.casefold()


@dataclass(frozen=True, slots=True)
class ActivityType:
    """An activity type with its fields."""

    code: int
    """The event code, `activity.event` of a mapping."""
    name: str
    fields: tuple[ActivityField, ...]

    def field(self, schema_name: str) -> ActivityField | None:
        """The field with exactly this schema name, if there is one."""
        return next((each for each in self.fields if each.schema_name == schema_name), None)


@dataclass(frozen=True, slots=True)
class TypeName:
    """An activity type as the list of all types has it."""

    code: int
    name: str


@dataclass(frozen=True, slots=True)
class LeadField:
    """A field of leads (page meta-data)."""

    schema_name: str
    display_name: str
    data_type: str
    mandatory: bool = False
    options: tuple[str, ...] = ()
    max_length: int | None = None


@dataclass(frozen=True, slots=True)
class User:
    """A user of the account (page get-users)."""

    id: str
    email: str
    name: str
    role: str = ""
    active: bool = True


@dataclass(frozen=True, slots=True)
class KeyUser:
    """Whose keys these are, and what account they open (page user-authentication); texts are empty if unknown."""

    user: User
    org: str = ""
    """OrgShortCode."""
    time_zone: str = ""
    """Of the account, as it calls it: Asia/Kolkata."""
    country_code: str = ""
    """DefaultCountryCode, without a plus: 91."""
    api_host: str = ""
    """LSQCommonServiceURLs.api: the host that the account's calls go to."""


def field_named(fields: Sequence[LeadField], schema_name: str) -> LeadField | None:
    """The lead field with exactly this schema name, if there is one."""
    return next((each for each in fields if each.schema_name == schema_name), None)
