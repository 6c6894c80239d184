"""Looking at an account: every expectation in turn, and what came out."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from . import paging, queued, reads, refusals, writes
from .account import Account
from .expectation import NAMED, Expectation, NotApplicable

_ORDER = [module.__name__ for module in (reads, writes, refusals, queued, paging)]

EXPECTATIONS = sorted(NAMED, key=lambda each: _ORDER.index(each.look.__module__))
"""All of them, in the order in which they are looked at: paging needs activities that others have created."""


@dataclass(frozen=True)
class Finding:
    """What one expectation found."""

    name: str
    holds: bool | None
    """None: there was nothing to try it on."""
    variant: str
    """Which variant the account follows, or what did not hold."""

    def __str__(self) -> str:
        verdict = {True: "holds", False: "FAILS", None: "not tried"}[self.holds]
        return f"{self.name:<30} {verdict:<10} {self.variant}"


def look(account: Account, wanted: Callable[[Expectation], bool] = lambda _: True) -> Iterator[Finding]:
    """The findings, one by one."""
    for each in EXPECTATIONS:
        if not wanted(each):
            continue
        try:
            yield Finding(each.name, holds=True, variant=each.look(account))
        except NotApplicable:
            yield Finding(each.name, holds=None, variant="")
        except Exception as error:  # noqa: BLE001  # an account may answer in any way; all of them are to be told
            yield Finding(each.name, holds=False, variant=f"{type(error).__name__}: {error}".splitlines()[0][:300])
