"""What a road into LeadSquared is made of."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from importer.leadsquared.shapes import Body


class RouteName(StrEnum):
    """The roads that a mapping can name under `lead.route`."""

    BULK_BY_LEAD_ID = "bulk_by_lead_id"
    BULK_BY_LEAD_FIELD = "bulk_by_lead_field"
    SINGLE_BY_LEAD_ID = "single_by_lead_id"
    SINGLE_BY_EMAIL = "single_by_email"
    LEAD_AND_ACTIVITY = "lead_and_activity"
    LEAD_AND_ACTIVITY_ASYNC = "lead_and_activity_async"


class CallClass(StrEnum):
    """Calls that are counted together by the server's rate limits (rate-limits page)."""

    BULK = "bulk"
    SINGLE = "single"
    ASYNC = "async"
    """Taken by a host of its own, which names no limit (page async-api)."""


@dataclass(frozen=True, slots=True)
class Route:
    """One way to post activities."""

    name: RouteName
    path: str
    """Below `/v2/`; for the async host below its root."""
    rows_per_call: int
    call_class: CallClass
    lead_keys: Mapping[str, bool]
    """The keys a mapping may have under `lead`, and whether each is needed."""
    body: Body
    """The JSON of one activity; a bulk call carries an array of them."""
    creates_leads: bool = False
    """A row whose lead does not exist makes one, which can't be undone."""

    @property
    def base_path(self) -> str:
        """What stands before `path` in the address; the async host has no version in its paths (page 001)."""
        return "" if self.asynchronous else "/v2"

    @property
    def asynchronous(self) -> bool:
        """Whether a call is only accepted, and its outcome asked for afterwards."""
        return self.call_class is CallClass.ASYNC

    @property
    def bulk(self) -> bool:
        """Whether a call carries an array, and its answer a receipt for each row."""
        return self.call_class is CallClass.BULK
