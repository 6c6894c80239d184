"""What an account holds before the first call: users, leads, lead fields, activity types; and the file for all that."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal

from pydantic import ConfigDict, TypeAdapter, ValidationError

from importer.sandbox.guids import read_guid

# DataTypes as GetActivitySetting names them; Boolean, Date and CustomObject are not on the activity pages,
# they follow the lead fields (page create-custom-lead-field) and the names mx_CustomObject_N.
ActivityDataType = Literal[
    "String", "Number", "DateTime", "Date", "Boolean", "SearchableDropdown", "Product", "ActiveUsers", "CustomObject"
]
LeadDataType = Literal["Text", "Email", "Phone", "Number", "DateTime", "Select", "CustomObject"]

_FORBID: ConfigDict = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True)
class User:
    """A user of the account; `email` is what ActivityOwnerEmail names (page post-bulk-activities-on-leads)."""

    __pydantic_config__: ClassVar[ConfigDict] = _FORBID

    id: str
    first_name: str
    last_name: str
    email: str
    role: str = "Sales_User"
    active: bool = True

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(frozen=True, slots=True)
class LeadField:
    """A field of leads; `unique` ones can be searched by (page post-activities-to-leads-in-bulk-using-unique-…)."""

    __pydantic_config__: ClassVar[ConfigDict] = _FORBID

    schema_name: str
    display_name: str
    data_type: LeadDataType = "Text"
    unique: bool = False
    mandatory: bool = False
    options: tuple[str, ...] = ()
    max_length: int = 200


@dataclass(frozen=True, slots=True)
class Lead:
    """A lead that is there from the start: its id (a GUID) and its fields by schema name."""

    __pydantic_config__: ClassVar[ConfigDict] = _FORBID

    id: str
    attributes: Mapping[str, str]

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.attributes.get('FirstName', '')} {self.attributes.get('LastName', '')}".strip()

    @property
    def email(self) -> str:
        """EmailAddress, or an empty text."""
        return self.attributes.get("EmailAddress", "")

    @property
    def phone(self) -> str:
        """Phone, or an empty text."""
        return self.attributes.get("Phone", "")

    @property
    def mobile(self) -> str:
        """Mobile, or an empty text."""
        return self.attributes.get("Mobile", "")


@dataclass(frozen=True, slots=True)
class ActivityField:
    """A field of an activity type (page get-details-of-activity-type); `parts` are those of a custom field set."""

    __pydantic_config__: ClassVar[ConfigDict] = _FORBID

    schema_name: str
    display_name: str
    data_type: ActivityDataType = "String"
    mandatory: bool = False
    options: tuple[str, ...] = ()
    max_length: int = 200
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ActivityType:
    """An activity type: its event code, its name, its fields and the score that an activity adds to its lead."""

    __pydantic_config__: ClassVar[ConfigDict] = _FORBID

    code: int
    name: str
    fields: tuple[ActivityField, ...]
    score: int = 0

    def field(self, schema_name: str) -> ActivityField | None:
        """The field with exactly this schema name, if there is one."""
        return next((each for each in self.fields if each.schema_name == schema_name), None)


class SeedFileError(ValueError):
    """A seed file that can't be read as one."""

    def __init__(self, path: Path, problems: list[str]) -> None:
        super().__init__(f"{path}: not a sandbox seed: {'; '.join(problems)}")


class NoUserError(ValueError):
    """A seed without users."""

    def __init__(self) -> None:
        super().__init__("a seed needs a user, the one whose keys the sandbox accepts")


class SeedIdError(ValueError):
    """An id that isn't a GUID in lower case."""

    def __init__(self, text: str) -> None:
        super().__init__(f"{text!r} is not a GUID in lower case")


@dataclass(frozen=True, slots=True)
class Seed:
    """An account's contents; the first user is the one whose keys are used, so there must be one.

    `deleted_leads` are well-formed ids that do not exist, whatever the settings say.
    """

    __pydantic_config__: ClassVar[ConfigDict] = _FORBID

    users: tuple[User, ...]
    lead_fields: tuple[LeadField, ...]
    leads: tuple[Lead, ...] = ()
    deleted_leads: tuple[str, ...] = ()
    activity_types: tuple[ActivityType, ...] = ()

    def __post_init__(self) -> None:
        if not self.users:
            raise NoUserError
        ids = (*(user.id for user in self.users), *(lead.id for lead in self.leads), *self.deleted_leads)
        for each in ids:
            if read_guid(each) != each:
                raise SeedIdError(each)

    @classmethod
    def load(cls, path: Path) -> "Seed":
        """Read a seed from a JSON file as `save` writes it; raises SeedFileError, or OSError."""
        try:
            return TypeAdapter(cls).validate_json(path.read_bytes())
        except ValidationError as wrong:
            problems = [f"{'.'.join(map(str, each['loc'])) or 'file'}: {each['msg']}" for each in wrong.errors()[:5]]
            raise SeedFileError(path, problems) from None

    def save(self, path: Path) -> None:
        """Write the seed as a JSON file, UTF-8; raises OSError."""
        path.write_bytes(TypeAdapter(Seed).dump_json(self, indent=2))
