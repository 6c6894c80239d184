"""Along which roads a run's activities go, and how they are known again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from importer.leadsquared.posting import Posting
from importer.leadsquared.routes import ROUTES, RouteName
from importer.records import Activity, Chunk


@dataclass(frozen=True, slots=True)
class Road:
    """The way of a run's activities into the account."""

    postings: tuple[Posting, ...]
    """One for most mappings; a second one for rows that lack the key of the first."""
    event: int
    keyed: bool
    """Whether they bear an import key."""

    def as_options(self) -> dict[str, Any]:
        """As the ledger keeps it with a run."""
        roads = [[posting.route.name, posting.search_by] for posting in self.postings]
        return {"roads": roads, "event": self.event, "keyed": self.keyed}

    @classmethod
    def from_options(cls, options: Mapping[str, Any]) -> Self:
        """As the ledger has kept it."""
        postings = tuple(Posting(ROUTES[RouteName(name)], search_by) for name, search_by in options["roads"])
        return cls(postings, options["event"], options["keyed"])

    def posting_of(self, chunk: Chunk) -> Posting:
        """How a chunk is posted."""
        return self.postings[chunk.road]

    def names_lead(self, activity: Activity) -> bool:
        """Whether an activity names its lead by id, so that the lead's activities can be asked for."""
        return "id" in self.postings[activity.road].route.lead_keys

    @property
    def queued(self) -> bool:
        """Whether activities go through a queue, which may come to them hours later."""
        return any(posting.route.asynchronous for posting in self.postings)

    @property
    def rows_per_call(self) -> int:
        """The most rows that a call carries."""
        return max(posting.route.rows_per_call for posting in self.postings)
