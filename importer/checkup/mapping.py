"""A mapping: its own faults, the keys that its road needs, and how it fits the account."""

from collections.abc import Iterator

from importer.checkup.check import Check, fine, problem, warning
from importer.comparing.difference import located
from importer.comparing.differences import differences
from importer.errors.mappings import MappingError
from importer.leadsquared.account.facts import AccountFacts
from importer.mapping.bound import BoundMapping
from importer.mapping.parsing import MappingDocument
from importer.settings import Settings


def faults(error: MappingError) -> Iterator[Check]:
    """What is wrong with a mapping whatever the account."""
    for fault in error.faults:
        yield problem("mapping", f"{error.path}:{fault.line}:{fault.column}: {fault.sentence}")


def road(bound: BoundMapping, settings: Settings) -> Iterator[Check]:
    """What the mapping's road needs besides host and keys (page async-api)."""
    if bound.route.asynchronous:
        found = {"LSQ_ASYNC_HOST": settings.async_host, "LSQ_API_KEY": settings.api_key}
        missing = [name for name, value in found.items() if value is None]
        if missing:
            what = "is not set" if len(missing) == 1 else "are not set"
            yield problem(
                "keys",
                f"{' and '.join(missing)} {what}; the route {bound.route.name} needs both.",
                "LeadSquared gives both for asynchronous calls; put them into the environment.",
            )


def zones(bound: BoundMapping) -> dict[str, str]:
    """The zones that the mapping names: by the address of the value that is read in it."""
    return {value.address: value.timezone for value in bound.values() if isinstance(value.timezone, str)}


def fit(document: MappingDocument, bound: BoundMapping, facts: AccountFacts) -> Iterator[Check]:
    """The mapping beside what the account told."""
    found = differences(bound, facts)
    for difference in found:
        (fault,) = located([difference], document)
        say = problem if difference.stops else warning
        yield say("mapping", f"{document.path}:{fault.line}:{fault.column}: {fault.sentence}")
    yield from untold(facts)
    known = facts.activity_type(bound.event)
    if not found and known is not None:
        yield fine("mapping", f"{document.path} fits activity type {known.code} ({known.name}).")


def untold(facts: AccountFacts) -> Iterator[Check]:
    """What could not be compared."""
    for sentence in facts.untold[:3]:
        yield warning("account", sentence, "It was not compared; an administrator's keys may see it.")
    if len(facts.untold) > 3:
        yield warning("account", f"and {len(facts.untold) - 3} more that the account did not tell.")
