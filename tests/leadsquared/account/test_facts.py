"""What is asked of an account, and what becomes of what it does not tell."""

import pytest

from importer.leadsquared.account.activity_types import LIST, SETTING
from importer.leadsquared.account.asking import KeysRefused
from importer.leadsquared.account.facts import AccountFacts, Needs, account_facts
from importer.leadsquared.account.leads import FIELDS
from importer.leadsquared.account.users import USERS
from importer.leadsquared.account.values import TypeName
from importer.leadsquared.conversations import held

from ..answers import answer
from .told import REFUSED_KEYS, Told, refused

TYPES = [{"ActivityEvent": 201, "DisplayName": "Visit"}, {"ActivityEvent": 202, "DisplayName": "Call"}]
SETTING_201 = {"DisplayName": "Visit", "Fields": [{"SchemaName": "mx_Custom_1"}]}


def test_only_what_is_needed_is_asked() -> None:
    """One type costs one call."""
    account = Told({SETTING: SETTING_201})
    facts = held(account_facts(Needs(201, users=False, lead_fields=False)), account)
    assert [call.path for call in account.calls] == [SETTING]
    found = facts.activity_type(201)
    assert found is not None
    assert found.name == "Visit"
    assert (facts.users, facts.lead_fields, facts.types, facts.lacks(202)) == (None, None, None, False)


def test_a_whole_account_is_asked_for_all_its_types() -> None:
    """Without a type, the list of types comes first, and each is read."""
    account = Told({LIST: TYPES, SETTING: SETTING_201, USERS: [], FIELDS: []})
    facts = held(account_facts(Needs()), account)
    assert [call.query for call in account.calls if call.path == SETTING] == [(("code", "201"),), (("code", "202"),)]
    assert [each.code for each in facts.details] == [201, 202]
    assert (facts.users, facts.lead_fields, facts.untold) == ((), (), ())


def test_an_unknown_type_is_known_to_be_missing() -> None:
    """With the list of those that there are."""
    account = Told({SETTING: refused("MXInvalidActivityException", "Event Code is invalid or empty"), LIST: TYPES})
    facts = held(account_facts(Needs(999, users=False, lead_fields=False)), account)
    assert facts == AccountFacts(types=(TypeName(201, "Visit"), TypeName(202, "Call")))
    assert facts.lacks(999)


def test_what_is_not_told_is_said_and_the_rest_goes_on() -> None:
    """A user without the rights to see users can still see types."""
    account = Told({SETTING: SETTING_201, USERS: refused("MXUnAuthorizedAccessException", "not allowed"), FIELDS: []})
    facts = held(account_facts(Needs(201)), account)
    assert facts.users is None
    assert facts.lead_fields == ()
    (sentence,) = facts.untold
    assert "did not tell its users: not allowed" in sentence


def test_refused_keys_end_it() -> None:
    """Nothing more is asked with keys that are refused; a 403 for one page alone is about rights."""
    with pytest.raises(KeysRefused):
        held(account_facts(Needs(201)), Told({SETTING: REFUSED_KEYS}))
    with pytest.raises(KeysRefused):
        held(account_facts(Needs(201)), Told({SETTING: answer(403, b"")}))
