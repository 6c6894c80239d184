"""The users of an account, and the one whose keys these are (pages get-users and user-authentication)."""

from typing import Any, Final

from importer.leadsquared.account.asking import AccountUnreadable, asked, records_of, text_of
from importer.leadsquared.account.values import KeyUser, User
from importer.leadsquared.calls import Call
from importer.leadsquared.conversations import Conversation
from importer.leadsquared.routes.route import CallClass

USERS: Final = "UserManagement.svc/Users.Get"
KEY_USER: Final = "Authentication.svc/UserByAccessKey.Get"


def users() -> Conversation[tuple[User, ...]]:
    """All users, active or not; those without an id are left out.

    :raises KeysRefused: the keys don't open the account.
    :raises AccountUnreadable: the account does not tell.
    """
    what = "its users"
    value = yield from asked(Call("GET", USERS, CallClass.SINGLE), what)
    if not isinstance(value, list):
        raise AccountUnreadable(what, "the answer is not a list")
    return tuple(user for user in map(_user, records_of(value)) if user.id)


def key_user() -> Conversation[KeyUser]:
    """Whose keys these are, with the account's time zone and host. Any region's host answers this.

    :raises KeysRefused: user unknown or inactive.
    :raises AccountUnreadable: the account does not tell.
    """
    what = "whose keys these are"
    value = yield from asked(Call("GET", KEY_USER, CallClass.SINGLE), what)
    if isinstance(value, list):
        value = next(iter(records_of(value)), None)
    if not isinstance(value, dict):
        raise AccountUnreadable(what, "the answer holds no user")
    user = _user(value)
    if not (user.id or user.email):
        raise AccountUnreadable(what, "the answer holds no user")
    return KeyUser(
        user=user,
        org=text_of(value, "OrgShortCode"),
        time_zone=text_of(value, "TimeZone"),
        country_code=text_of(value, "DefaultCountryCode").lstrip("+"),
        api_host=text_of(value.get("LSQCommonServiceURLs"), "api").lower(),
    )


def _user(record: dict[str, Any]) -> User:
    return User(
        id=text_of(record, "ID", "Id", "UserId").lower(),
        email=text_of(record, "EmailAddress"),
        name=" ".join(filter(None, (text_of(record, "FirstName"), text_of(record, "LastName")))),
        role=text_of(record, "Role"),
        active=text_of(record, "StatusCode") != "1",  # 0 active, 1 inactive (page get-users)
    )
