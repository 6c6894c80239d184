"""All faults by name."""

from collections.abc import Mapping
from typing import Final

from pydantic import ValidationError

from importer.sandbox.faults import bodies, breaks, cuts, reads, receipts, statuses, values
from importer.sandbox.faults.errors import OptionValueError, UnknownFaultError
from importer.sandbox.faults.fault import Entry, Fault

SECTIONS: Final[Mapping[str, tuple[Entry, ...]]] = {
    "The connection": breaks.FAULTS,
    "The way of the answer": cuts.FAULTS,
    "Another answer": statuses.FAULTS,
    "Another body": bodies.FAULTS,
    "Receipts": receipts.FAULTS,
    "Reading": reads.FAULTS,
    "Storing": values.FAULTS,
}

FAULTS: Final[Mapping[str, Entry]] = {entry.name: entry for entries in SECTIONS.values() for entry in entries}


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
