"""Rows that were imported already, and of which today's mapping makes other activities: they would be created again.

What makes a row the same is what is posted for it. So a changed mapping, time zone or encoding makes every row of a
file a new one, and neither the account nor the ledger would notice. Whoever changes one has to be asked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from importer.given_paths import here
from importer.ledger.earlier_sources import EarlierSource, SourceNow
from importer.ledger.entries import Account, ActivityState
from importer.ledger.ledger import Ledger
from importer.mapping.meaning import meaning_of
from importer.preparing.chain import ActivityMappers, loaded_blocks, scope_of
from importer.preparing.sources import ImportOrder, PreparedSource
from importer.records import Activity

FIRST_ROWS: Final = 1000
"""Rows of a file that are looked at: they show whether the mapping makes others of them."""

ENOUGH: Final = 20
"""Different leads from which on another file at the same place seems to hold the same rows, and more."""

ALIKE: Final = 0.9
"""Part of its rows that has to name the same lead at the same place for that."""


@dataclass(frozen=True, slots=True)
class MadeOtherwise:
    """A file with rows that would be created once more."""

    path: str
    run_id: str
    """Of the run that has created them, or the latest of several."""
    rows: int
    """That were created of it."""
    same_file: bool
    """Whether it is the very same file; else it may be one with the same rows, as far as their leads can tell."""
    same_mapping: bool
    """Whether it was this mapping file. With another one, two activities of a row may well be meant."""

    @property
    def certain(self) -> bool:
        """Whether nobody can have meant it without having said so."""
        return self.same_file and self.same_mapping


def sources_now(order: ImportOrder, sources: Sequence[PreparedSource]) -> list[SourceNow]:
    """The sources as the ledger compares them with earlier ones."""
    return [
        SourceNow(
            sha256=each.file.sha256,
            path=each.source.place.source,
            sheet=each.source.place.sheet,
            mapping=order.document.path,
            given_in=order.given_in or here(),
            event=each.bound.event,
            # Another version of this program may mean something else by the same mapping, but seldom does.
            meaning=meaning_of(each.bound, version="").hex(),
            encoding=str(getattr(each.source.layout, "encoding", "")),
        )
        for each in sources
    ]


def made_otherwise(
    order: ImportOrder, sources: Sequence[PreparedSource], ledger: Ledger, account: Account
) -> list[MadeOtherwise]:
    """The sources with rows that earlier runs have created, and that would be created again as something else."""
    found = []
    for source, seen in zip(sources, sources_now(order, sources), strict=True):
        earlier = ledger.earlier_sources(account, seen, FIRST_ROWS)
        if not (earlier.of_this_file or earlier.of_its_name):
            continue
        unknown = _unknown(source, ledger, account)
        if _are_there(unknown, earlier.of_this_file):
            found.append(_told(seen.path, earlier.of_this_file, same_file=True))
        elif _look_alike(unknown, earlier.of_its_name):
            found.append(_told(seen.path, earlier.of_its_name, same_file=False))
    return found


def _told(path: str, earlier: Sequence[EarlierSource], *, same_file: bool) -> MadeOtherwise:
    rows, same_mapping = sum(each.created for each in earlier), any(each.same_mapping for each in earlier)
    return MadeOtherwise(path, earlier[0].run_id, rows, same_file, same_mapping)


def _unknown(source: PreparedSource, ledger: Ledger, account: Account) -> list[Activity]:
    """What would be sent of the first rows of a source."""
    mappers = ActivityMappers(ledger.salt, scope_of(account.id, None))
    activities = [
        activity for loaded in loaded_blocks([source], FIRST_ROWS) for activity in mappers.activities(loaded.checked())
    ]
    known = ledger.known([activity.key for activity in activities])
    planned = ActivityState.PLANNED
    return [each for each in activities if each.key not in known or known[each.key].state is planned]


def _are_there(unknown: Sequence[Activity], earlier: Sequence[EarlierSource]) -> bool:
    """Whether some of these rows of the very same file were created."""
    return any(activity.ordinal in each.leads for activity in unknown for each in earlier)


def _look_alike(unknown: Sequence[Activity], earlier: Sequence[EarlierSource]) -> bool:
    """Whether another file at the same place begins with the same rows, as far as their leads can tell."""
    leads = {place: lead for each in reversed(earlier) for place, lead in each.leads.items()}
    compared = [activity for activity in unknown if activity.ordinal in leads]
    same = [activity.lead for activity in compared if activity.lead == leads[activity.ordinal]]
    return len(set(same)) >= ENOUGH and len(same) >= ALIKE * len(compared)
