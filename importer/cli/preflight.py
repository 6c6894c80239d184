"""Before the first call that writes: does the mapping fit the account? What the account does not tell stops nobody."""

from collections.abc import Callable
from dataclasses import replace

from importer.cli.edge import tell
from importer.cli.sending import AtWork
from importer.comparing.difference import located, require_fit
from importer.comparing.differences import differences, needs_of
from importer.errors import StoppedEarly
from importer.leadsquared.account.asking import KeysRefused
from importer.leadsquared.account.facts import AccountFacts, account_facts
from importer.leadsquared.calls import Answer, Call, Ending
from importer.leadsquared.conversations import held
from importer.leadsquared.replies import parsed, rate_limit
from importer.leadsquared.routes import CallClass
from importer.preparing import ImportOrder, PreparedSource


class _NotNow(StoppedEarly):
    """The account is not to be asked at this moment; the sender's own calls have more patience."""

    code = "account-unreadable"


def make_sure_it_fits(work: AtWork, order: ImportOrder, prepared: PreparedSource, *, quiet: bool) -> None:
    """Compares the mapping with the account: one call, two or three.

    :raises AccountDiffers: rows would surely be refused, or go where they don't belong.
    """
    facts = _facts_of(work, prepared)
    if order.sandbox:
        facts = replace(facts, users=None)  # the stand-in inside a run takes any owner
    found = differences(prepared.bound, facts)
    require_fit(found, order.document, work.destination.host)
    if quiet:
        return
    for fault in located([each for each in found if not each.stops], order.document):
        tell(f"{order.document.path}:{fault.line}:{fault.column}: {fault.sentence}")
    if prepared.bound.import_key and facts.activity_type(prepared.bound.event) is None:
        tell(
            "whether the field of the import key can hold it could not be checked: the account did not tell its fields."
        )


def _facts_of(work: AtWork, prepared: PreparedSource) -> AccountFacts:
    client = work.destination.client()
    try:
        return held(account_facts(needs_of(prepared.bound)), _once(client.send, work))
    except (_NotNow, KeysRefused):
        return AccountFacts()  # the first call that writes will tell, and has a report
    finally:
        client.close()


def _once(send: Callable[[Call], Ending], work: AtWork) -> Callable[[Call], Ending]:
    window = work.sender.windows[CallClass.SINGLE]

    lane = work.sender.lane

    def send_once(call: Call) -> Ending:
        if work.sender.spent() is not None:
            raise _NotNow("The account could not be asked.", "")
        opens = window.opens_at(lane.now())
        if window.limits.limit is not None and opens > lane.now():
            lane.wait(opens - lane.now())  # a run that was killed may have filled the window just now
        started = lane.now()
        window.started(started)
        ending = send(call)
        window.ended(started, lane.now())
        if isinstance(ending, Answer) and ending.status != 429 and not rate_limit(parsed(ending.body), ending.body):
            return ending
        raise _NotNow("The account could not be asked.", "")

    return send_once
