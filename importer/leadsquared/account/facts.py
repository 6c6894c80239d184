"""What is to be known of an account before the first row goes there, asked in as few calls as that takes."""

from collections.abc import Generator
from dataclasses import dataclass
from typing import TypeVar

from importer.leadsquared.account.activity_types import ActivityTypeUnknown, activity_type, activity_types
from importer.leadsquared.account.asking import AccountUnreadable
from importer.leadsquared.account.leads import lead_fields
from importer.leadsquared.account.users import users
from importer.leadsquared.account.values import ActivityType, LeadField, TypeName, User
from importer.leadsquared.calls import Call, Ending
from importer.leadsquared.conversations import Conversation

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Needs:
    """What is asked of an account."""

    event: int | None = None
    """The activity type whose fields are wanted; None: all types with all their fields."""
    users: bool = True
    lead_fields: bool = True


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """What an account told; what was not asked for, or not told, is None."""

    types: tuple[TypeName, ...] | None = None
    """All activity types; empty if all that is known is that the one asked for is not among them."""
    details: tuple[ActivityType, ...] = ()
    """The activity types whose fields are known."""
    users: tuple[User, ...] | None = None
    lead_fields: tuple[LeadField, ...] | None = None
    untold: tuple[str, ...] = ()
    """Why something that was asked for is missing, in sentences."""

    def activity_type(self, code: int) -> ActivityType | None:
        """The activity type with its fields, if they are known."""
        return next((each for each in self.details if each.code == code), None)

    def lacks(self, code: int) -> bool:
        """Whether it is known that there is no such activity type."""
        return self.activity_type(code) is None and self.types is not None and all(t.code != code for t in self.types)


def account_facts(needs: Needs) -> Conversation[AccountFacts]:
    """Asks an account for what is needed. What it refuses to tell is missing, and said so; other reads go on.

    :raises KeysRefused: the keys don't open the account.
    """
    untold: list[str] = []

    def if_told(conversation: Conversation[T]) -> Generator[Call, Ending, T | None]:
        try:
            return (yield from conversation)
        except AccountUnreadable as error:
            untold.append(error.sentence)
            return None

    types: tuple[TypeName, ...] | None = None
    details: list[ActivityType] = []
    if needs.event is None:
        types = yield from if_told(activity_types())
    wanted = [needs.event] if needs.event is not None else [each.code for each in types or ()]
    for code in wanted:
        try:
            found = yield from if_told(activity_type(code))
        except ActivityTypeUnknown as error:
            types = error.known if types is None else types
        else:
            details += [found] if found else []
    return AccountFacts(
        types=types,
        details=tuple(details),
        users=(yield from if_told(users())) if needs.users else None,
        lead_fields=(yield from if_told(lead_fields())) if needs.lead_fields else None,
        untold=tuple(untold),
    )
