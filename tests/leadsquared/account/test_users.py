"""Users, and whose keys these are, as accounts tell them."""

from typing import Any

import pytest

from importer.leadsquared.account.asking import AccountUnreadable, KeysRefused
from importer.leadsquared.account.users import KEY_USER, USERS, key_user, users
from importer.leadsquared.account.values import KeyUser, User
from importer.leadsquared.conversations import held

from .told import REFUSED_KEYS, Told

ASHA: dict[str, Any] = {
    "ID": "AB-1",
    "FirstName": "Asha",
    "LastName": "Menon",
    "EmailAddress": "asha@example.com",
    "Role": "Sales",
}


def test_users_are_read_with_whether_they_are_active() -> None:
    """StatusCode 0 is active and 1 is not, as numbers or texts; without one a user counts as active."""
    account = Told({USERS: [ASHA | {"StatusCode": code} for code in (0, 1, "1", None)] + ["x", {"FirstName": "No id"}]})
    found = held(users(), account)
    assert [user.active for user in found] == [True, False, False, True]
    assert found[0] == User("ab-1", "asha@example.com", "Asha Menon", "Sales")


def test_the_user_of_the_keys_comes_with_the_account() -> None:
    """Zone, country code, organisation and host of the account are read (page user-authentication)."""
    told = ASHA | {
        "TimeZone": "Asia/Kolkata",
        "DefaultCountryCode": "+91",
        "OrgShortCode": "ACME",
        "LSQCommonServiceURLs": {"api": "API-in21.leadsquared.com", "app": "in21.leadsquared.com"},
    }
    wanted = KeyUser(
        User("ab-1", "asha@example.com", "Asha Menon", "Sales"),
        "ACME",
        "Asia/Kolkata",
        "91",
        "api-in21.leadsquared.com",
    )
    assert held(key_user(), Told({KEY_USER: told})) == wanted
    assert held(key_user(), Told({KEY_USER: [told]})) == wanted


def test_what_the_account_does_not_tell_stays_empty() -> None:
    """A user alone is enough."""
    found = held(key_user(), Told({KEY_USER: ASHA | {"LSQCommonServiceURLs": "none", "DefaultCountryCode": 91}}))
    assert (found.org, found.time_zone, found.country_code, found.api_host) == ("", "", "91", "")


@pytest.mark.parametrize("answer", [[], {}, b"null", {"Status": "Success"}, {"FirstName": "Asha"}])
def test_no_user_is_an_error(answer: Any) -> None:
    """An answer without a user is never taken for one."""
    with pytest.raises(AccountUnreadable, match="whose keys"):
        held(key_user(), Told({KEY_USER: answer}))


def test_refused_keys_are_refused_keys() -> None:
    """401 is told as what it is by every question."""
    for question in (users(), key_user()):
        with pytest.raises(KeysRefused):
            held(question, Told({USERS: REFUSED_KEYS, KEY_USER: REFUSED_KEYS}))
