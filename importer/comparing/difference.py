"""What can be between a mapping and an account."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from importer.errors.base import ConfigurationError
from importer.errors.mappings import MappingFault
from importer.mapping.parsing import MappingDocument
from importer.mapping.places import values_in
from importer.mapping.yaml_tree import Path


class Kind(StrEnum):
    """Kinds of differences, as `doctor --json` names them."""

    TYPE_UNKNOWN = "activity-type-unknown"
    FIELD_GONE = "field-gone"
    FIELD_MISSING = "field-mandatory"
    OPTION_GONE = "option-gone"
    TOO_LONG = "too-long"
    TYPE_CLASH = "type-clash"
    OWNER_UNKNOWN = "owner-unknown"
    KEY_FIELD = "key-field"


@dataclass(frozen=True, slots=True)
class Difference:
    """One way in which a mapping does not fit an account."""

    kind: Kind
    address: str
    """Where in the mapping: `fields.mx_Custom_3`, `activity.event`."""
    sentence: str
    """What it is, and what to do."""
    stops: bool = True
    """Rows would surely be refused, or go where they don't belong; else it may be meant, and is only told."""


class AccountDiffers(ConfigurationError):
    """The mapping does not fit the account."""

    code = "account-differs"

    def __init__(self, path: str, account: str, faults: Sequence[MappingFault]) -> None:
        lines = [f"{path}:{fault.line}:{fault.column}: {fault.sentence}" for fault in sorted(set(faults))]
        super().__init__("\n".join([f"The mapping does not fit the account {account}; nothing was sent.", *lines]), "")
        self.faults = tuple(sorted(set(faults)))


def located(differences: Sequence[Difference], document: MappingDocument) -> list[MappingFault]:
    """The differences with their lines and columns in the mapping file, in its order."""
    paths: dict[str, Path] = {".".join(map(str, path)): path for path, _ in values_in(document.tree.plain)}
    faults = []
    for difference in differences:
        path = paths.get(difference.address) or _nearest(difference.address.split("."), document)
        faults.append(MappingFault(*document.tree.key_at(path), difference.sentence))
    return sorted(set(faults))


def _nearest(path: Sequence[str], document: MappingDocument) -> Path:
    """The path as far as the file has it."""
    plain, found = document.tree.plain, 0
    for step in path:
        if not isinstance(plain, dict) or step not in plain:
            break
        plain, found = plain[step], found + 1
    return tuple(path[:found])


def require_fit(differences: Sequence[Difference], document: MappingDocument, account: str) -> None:
    """Lets a mapping pass that fits the account.

    :param account: what the account is called.
    :raises AccountDiffers: differences that stop an import; all of them are named with their lines.
    """
    stopping = [difference for difference in differences if difference.stops]
    if stopping:
        raise AccountDiffers(document.path, account, located(stopping, document))
