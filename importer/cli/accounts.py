"""Which account some keys open: keys come and go, and what was imported with the old ones is still there."""

from importer.cli.destination import SANDBOX, Destination
from importer.leadsquared.account.asking import AccountUnreadable, KeysRefused
from importer.leadsquared.account.users import key_user
from importer.leadsquared.conversations import held
from importer.leadsquared.routes import CallClass
from importer.ledger.entries import Account
from importer.ledger.ledger import Ledger
from importer.sending.pace import allowance
from importer.settings import Budget


def account_behind(destination: Destination, ledger: Ledger, budget: Budget | None) -> Account:
    """The account under which rows are remembered. Keys that are new to the ledger cost one call, once: the account is
    asked what it is called (OrgShortCode, page user-authentication), so that it is recognised under other keys, too.

    :param budget: of calls in a day; if it is spent, nothing is asked.
    """
    account = ledger.runs.account(*destination.identity)
    if account.org or destination.host == SANDBOX:
        return account
    pace = ledger.pace(account)
    allowed = allowance(pace, budget)
    if allowed is not None and allowed.spent() is not None:
        return account
    pace.note_call(CallClass.SINGLE)
    client = destination.client()
    try:
        org = held(key_user(), client.send).org
    except (AccountUnreadable, KeysRefused):
        return account  # it is asked again by the next run; the first call that writes tells what is wrong
    finally:
        client.close()
    found = ledger.runs.named(account, org) if org else account
    if found.id != account.id:
        ledger.pace(found).note_call(CallClass.SINGLE)
    return found
