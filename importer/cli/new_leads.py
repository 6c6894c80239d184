"""How many leads a road that creates leads would make: asked before, since nobody can take it back."""

import time
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from typing import Final

from importer.cli.destination import their_account
from importer.cli.edge import utc_now
from importer.cli.sending import stated_of
from importer.errors.base import StoppedEarly
from importer.leadsquared.account.leads import known_addresses
from importer.leadsquared.conversations import held
from importer.leadsquared.patience import PatientReader
from importer.leadsquared.routes import CallClass
from importer.ledger.ledger import open_ledger
from importer.mapping.bound import BoundMapping
from importer.preparing.chain import checked_blocks
from importer.preparing.sources import PreparedSource
from importer.sending.pace import allowance, windows_that_remember
from importer.settings import Settings

ASKED: Final = 100
"""Addresses that are asked for at most: each costs a call."""


@dataclass(frozen=True, slots=True)
class NewLeads:
    """What asking has shown."""

    addresses: int
    """Different ones that were asked for."""
    unknown: int
    """Of these, those that belong to no lead."""
    all: bool
    """Whether these are all addresses."""

    def __str__(self) -> str:
        which = f"{'' if self.all else 'the first '}{self.addresses:,} different addresses"
        if self.unknown:
            only = self.addresses == 1
            found = "The one address belongs" if only else f"{self.unknown:,} of {which} belong"
            return f"{found} to no lead yet; {'it' if only else 'each'} makes a new lead."
        found = "the one address belongs to a lead" if self.addresses == 1 else f"all of {which} belong to leads"
        return f"No new lead is made: {found}." if self.all else f"No new lead so far: {found}."


def by_address(bound: BoundMapping) -> bool:
    """Whether rows, on one way at least, find their leads by e-mail address, and make a lead of one that is new."""
    return any(map(_by_address, bound.ways))


def _by_address(way: BoundMapping) -> bool:
    return way.route.creates_leads and ("email" in way.route.lead_keys or way.search_by == "EmailAddress")


def can_ask(settings: Settings) -> bool:
    """Whether the settings name an account."""
    return bool(settings.host and settings.access_key and settings.secret_key)


def first_addresses(sources: list[PreparedSource], limit: int | None) -> tuple[list[str], bool]:
    """The first different addresses of good rows, as many as may be asked for, and whether there are no others."""
    found: dict[str, None] = {}
    for numbered in checked_blocks(sources, limit):
        making = [_by_address(way) for way in numbered.origin.bound.ways]
        for offset in numbered.checked.good.nonzero()[0]:
            if making[numbered.road(int(offset))]:
                found[numbered.lead(int(offset)).strip().lower()] = None
            if len(found) > ASKED:
                return list(found)[:ASKED], False
    return list(found), True


def new_leads(settings: Settings, addresses: Iterable[str], *, every: bool) -> NewLeads | None:
    """Asks the account which of these addresses it knows; None if it does not tell.

    The calls are counted in the ledger: a run that follows at once must not find its window full.

    :param every: whether these are all.
    """
    asked_for = list(addresses)
    destination = their_account(settings)
    with open_ledger(settings.state, utc_now) as ledger, closing(destination.client()) as client:
        pace = ledger.pace(ledger.runs.account(*destination.identity))
        rates = {CallClass.SINGLE: settings.rate}
        windows = windows_that_remember(rates, stated_of(settings), pace, time.monotonic(), same_server=True)
        allowed = allowance(pace, settings.budget)
        if allowed and allowed.used + len(asked_for) > allowed.calls:
            return None  # what the budget leaves is for those who send
        try:
            known = held(known_addresses(asked_for), PatientReader(client.send, windows[CallClass.SINGLE], tries=2))
        except StoppedEarly:
            return None  # whoever makes calls that write will say why
    return NewLeads(len(asked_for), sum(address not in known for address in asked_for), every)
