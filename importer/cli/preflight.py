"""Before the first call that writes: does the mapping fit the account? What the account does not tell stops nobody."""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace

from importer.cli.edge import tell
from importer.cli.sending import AtWork
from importer.comparing.difference import located, require_fit
from importer.comparing.differences import differences, needs_of
from importer.errors.base import StoppedEarly
from importer.leadsquared.account.asking import KeysRefused
from importer.leadsquared.account.facts import AccountFacts, account_facts
from importer.leadsquared.calls import Answer, Call, Ending
from importer.leadsquared.conversations import held
from importer.leadsquared.pacing import LONGEST_RETRY_AFTER, Window
from importer.leadsquared.patience import refusal_for_pace
from importer.leadsquared.replies import retry_after
from importer.leadsquared.routes import CallClass
from importer.preparing.sources import ImportOrder, PreparedSource
from importer.sending.lane import Lane


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
        once = AskedOnce(client.send, work.sender.windows[CallClass.SINGLE], work.sender.lane, work.sender.jitter)
        return held(account_facts(needs_of(prepared.bound)), _within_budget(once, work))
    except (_NotNow, KeysRefused):
        return AccountFacts()  # the first call that writes will tell, and has a report
    finally:
        client.close()


def _within_budget(send: Callable[[Call], Ending], work: AtWork) -> Callable[[Call], Ending]:
    def send_if_affordable(call: Call) -> Ending:
        if work.sender.spent() is not None:
            raise _NotNow("The account could not be asked.", "")
        return send(call)

    return send_if_affordable


@dataclass(frozen=True, slots=True)
class AskedOnce:
    """Makes reading calls before those that write, each once.

    What they show of the account's rate counts as theirs does. Else a first run would wait for a window of two calls.
    """

    send: Callable[[Call], Ending]
    window: Window
    lane: Lane
    jitter: random.Random

    def __call__(self, call: Call) -> Ending:
        """Makes one call.

        :raises _NotNow: it was refused for its pace, or has reached nobody.
        """
        opens = self.window.opens_at(self.lane.now())
        if self.window.limits.limit is not None and opens > self.lane.now():
            self.lane.wait(opens - self.lane.now())  # a run that was killed may have filled the window just now
        started = self.lane.now()
        self.window.started(started)
        ending = self.send(call)
        now = self.lane.now()
        limit = refusal_for_pace(ending)
        if limit is not None and isinstance(ending, Answer) and limit.seconds <= LONGEST_RETRY_AFTER:
            self.window.refused(started, now, limit, retry_after(ending.headers), self.jitter)
        elif limit is None and isinstance(ending, Answer) and ending.status == 200:
            self.window.succeeded(started, now)
        else:
            self.window.ended(started, now)
        if limit is not None or not isinstance(ending, Answer):
            raise _NotNow("The account could not be asked.", "")
        return ending
