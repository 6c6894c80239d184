"""A chunk of activities as one call of a road."""

from collections.abc import Sequence
from dataclasses import dataclass

from importer.leadsquared.calls import Call, Ending
from importer.leadsquared.routes import Route
from importer.leadsquared.verdicts import Verdict, verdict_of


@dataclass(frozen=True, slots=True)
class Posting:
    """How activities are posted along one road."""

    route: Route
    search_by: str | None = None
    """The lead field of a bulk call by lead field: one field for the whole call, named in its query."""

    def call(self, bodies: Sequence[bytes]) -> Call:
        """The call that posts these activities, at most as many as the road carries."""
        query = (("searchBy", self.search_by),) if self.search_by and self.route.bulk else ()
        body = b"[" + b",".join(bodies) + b"]" if self.route.bulk else bodies[0]
        return Call("POST", self.route.path, self.route.call_class, query, body)

    def verdict(self, ending: Ending, rows: int) -> Verdict:
        """What the ending of such a call means for its rows."""
        return verdict_of(ending, rows, self.route.call_class)
