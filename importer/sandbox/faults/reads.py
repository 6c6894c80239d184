"""Faults of reading: what is stored is not seen, or not as it is."""

import random
from collections.abc import Iterable
from dataclasses import replace
from typing import ClassVar, Final

from starlette.responses import Response

from importer.sandbox.faults.fault import READ, Entry, Fault, Scene, Seconds
from importer.sandbox.faults.statuses import MxError
from importer.sandbox.store.activities import ActivityTable, SortColumn, StoredActivity, Wanted
from importer.sandbox.store.database import Database
from importer.sandbox.tenant import Tenant
from importer.sandbox.wire import Answer, json_response


class BadReading(Fault):
    """Activities read by way of a table that doesn't tell the truth."""

    falls_on: ClassVar[frozenset[str]] = READ

    def table(self, database: Database, luck: random.Random) -> ActivityTable:
        """The table that is read."""
        return _Shuffled(database, luck) if self.name == "read-unstable" else _TABLES[self.name](database)

    def tenant(self, tenant: Tenant, luck: random.Random) -> Tenant:
        table = self.table(tenant.store.database, luck)
        return Tenant(tenant.settings, tenant.seed, replace(tenant.store, activities=table), tenant.clock)


class WrongCount(BadReading):
    """RecordCount is off."""

    by: int = 1

    def table(self, database: Database, luck: random.Random) -> ActivityTable:  # noqa: ARG002 its parent's shape
        return _Miscounted(database, self.by)


class Lag(BadReading):
    """What was stored in the last seconds can't be read yet."""

    seconds: Seconds = 60.0

    def tenant(self, tenant: Tenant, luck: random.Random) -> Tenant:  # noqa: ARG002 its parent's shape
        return Tenant(replace(tenant.settings, read_lag=self.seconds), tenant.seed, tenant.store, tenant.clock)


class TextCount(Fault):
    """RecordCount is a text."""

    falls_on: ClassVar[frozenset[str]] = READ

    def reply(self, answer: Answer, scene: Scene) -> Response:  # noqa: ARG002 every reply has this shape
        body = answer.body
        if isinstance(body, dict) and "RecordCount" in body:
            answer = replace(answer, body={**body, "RecordCount": str(body["RecordCount"])})
        return json_response(answer)


class ReadError(MxError):
    """An error of the API, by default with status 200."""

    status: int = 200

    falls_on: ClassVar[frozenset[str]] = READ


class _Empty(ActivityTable):
    def get(self, activity_id: str) -> StoredActivity | None:  # noqa: ARG002 its parent's shape
        return None

    def count(self, wanted: Wanted) -> int:  # noqa: ARG002 its parent's shape
        return 0

    def page(
        self,
        wanted: Wanted,  # noqa: ARG002 its parent's shape
        first: int,  # noqa: ARG002 its parent's shape
        limit: int,  # noqa: ARG002 its parent's shape
        by: SortColumn = "created_on",  # noqa: ARG002 its parent's shape
        *,
        newest_first: bool = True,  # noqa: ARG002 its parent's shape
    ) -> list[StoredActivity]:
        return []


class _Half(ActivityTable):
    def page(
        self, wanted: Wanted, first: int, limit: int, by: SortColumn = "created_on", *, newest_first: bool = True
    ) -> list[StoredActivity]:
        found = super().page(wanted, first, limit, by, newest_first=newest_first)
        return found[: len(found) // 2]


class _Repeated(ActivityTable):
    def page(
        self,
        wanted: Wanted,
        first: int,  # noqa: ARG002 whatever page is asked for
        limit: int,
        by: SortColumn = "created_on",
        *,
        newest_first: bool = True,
    ) -> list[StoredActivity]:
        return super().page(wanted, 0, limit, by, newest_first=newest_first)


class _Whole(ActivityTable):
    """Pages cut out of a whole that is not the true one."""

    def whole(self, found: list[StoredActivity]) -> Iterable[StoredActivity]:
        """What is seen of all that was found."""
        return found

    def page(
        self, wanted: Wanted, first: int, limit: int, by: SortColumn = "created_on", *, newest_first: bool = True
    ) -> list[StoredActivity]:
        found = super().page(wanted, 0, -1, by, newest_first=newest_first)
        return list(self.whole(found))[first : first + limit]


class _Shuffled(_Whole):
    def __init__(self, database: Database, luck: random.Random) -> None:
        super().__init__(database)
        self._luck = luck

    def whole(self, found: list[StoredActivity]) -> Iterable[StoredActivity]:
        return self._luck.sample(found, len(found))


class _Restricted(_Whole):
    def count(self, wanted: Wanted) -> int:
        return len(self.page(wanted, 0, super().count(wanted)))

    def whole(self, found: list[StoredActivity]) -> Iterable[StoredActivity]:
        # Half of all leads, always the same ones: as for a user who sees those of one team.
        return (each for each in found if each.lead_id[-1] in "01234567")


class _Miscounted(ActivityTable):
    def __init__(self, database: Database, by: int) -> None:
        super().__init__(database)
        self._by = by

    def count(self, wanted: Wanted) -> int:
        return max(0, super().count(wanted) + self._by)


_TABLES: Final[dict[str, type[ActivityTable]]] = {
    "read-empty": _Empty,
    "read-partial": _Half,
    "read-repeated": _Repeated,
    "read-restricted": _Restricted,
}

FAULTS: Final = (
    Entry("read-empty", "F-A2", "nothing is found", BadReading),
    Entry("read-lag", "F-A2", "what was stored in the last seconds is not found yet", Lag),
    Entry("read-partial", "F-A2", "half of the page is missing", BadReading),
    Entry("read-unstable", "F-A2", "the order is another one in every call", BadReading),
    Entry("read-repeated", "F-A2", "every page is the first one", BadReading),
    Entry("read-wrong-count", "F-A2", "RecordCount is wrong", WrongCount),
    Entry("read-text-count", "F-A2", "RecordCount is a text", TextCount),
    Entry("read-restricted", "F-A2", "the activities of half of the leads are not seen", BadReading),
    Entry("read-error", "F-A2", "an error of the API with status 200", ReadError),
)
