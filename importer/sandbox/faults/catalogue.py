"""All faults by name."""

from collections.abc import Mapping
from typing import Final

from pydantic import ValidationError

from importer.sandbox.faults import bodies, breaks, cuts, reads, receipts, statuses, values
from importer.sandbox.faults.errors import OptionValueError, UnknownFaultError
from importer.sandbox.faults.fault import Entry, Fault

FAULTS: Final[Mapping[str, Entry]] = {
    entry.name: entry for module in (breaks, cuts, statuses, bodies, receipts, reads, values) for entry in module.FAULTS
}


def options_of(name: str) -> frozenset[str]:
    """The options of a fault; raises UnknownFaultError."""
    return frozenset(_entry(name).model.model_fields) - {"name"}


def make_fault(name: str, options: Mapping[str, object]) -> Fault:
    """A fault with its options; raises UnknownFaultError or OptionValueError."""
    entry = _entry(name)
    try:
        return entry.model(name=name, **options)
    except ValidationError as wrong:
        first = wrong.errors()[0]
        raise OptionValueError(str(first["loc"][0]), first["msg"]) from None


def _entry(name: str) -> Entry:
    entry = FAULTS.get(name)
    if entry is None:
        raise UnknownFaultError(name, FAULTS)
    return entry
