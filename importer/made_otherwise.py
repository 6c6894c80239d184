"""Rows that were imported already, and of which today's mapping makes other activities: they would be created again.

What makes a row the same is what is posted for it. So a changed mapping, time zone or encoding makes every row of a
file a new one, and neither the account nor the ledger would notice. Whoever changes one has to be asked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from importer.ledger.earlier_sources import EarlierSource, SourceNow
from importer.ledger.entries import Account, ActivityState
from importer.ledger.ledger import Ledger
from importer.mapping.meaning import meaning_of
from importer.preparing.chain import ActivityMappers, loaded_blocks, scope_of
from importer.preparing.sources import PreparedSource
from importer.records import Activity

FIRST_ROWS: Final = 1000
"""Rows of a file that are looked at: they show whether the mapping makes others of them."""

ENOUGH: Final = 20
"""Rows from which on the leads of another file of the same name tell that it holds the same rows, and more."""

ALIKE: Final = 0.9
"""Part of them that has to name the same lead at the same place for that."""


@dataclass(frozen=True, slots=True)
class MadeOtherwise:
    """A file with rows that would be created once more."""

    path: str
    run_id: str
    """Of the run that has created them, or the latest of several."""
    rows: int
    """That were created of it."""
    same_file: bool
    """Whether it is the very same file; else it looks like one with the same rows."""
    same_mapping: bool
    """Whether the mapping file is that of then, as far as its name tells. With another one, two activities of a row may
    well be meant."""


def meanings_of(sources: Sequence[PreparedSource]) -> list[str]:
    """What the rows of each source are taken for, as the ledger remembers it."""
    return [f"{meaning_of(source.bound).hex()} {_how_it_is_read(source)}" for source in sources]


def made_otherwise(
    sources: Sequence[PreparedSource], mapping: str, ledger: Ledger, account: Account
) -> list[MadeOtherwise]:
    """The sources with rows that earlier runs have created, and that would be created again as something else.

    :param mapping: path of the mapping file.
    """
    found = []
    for source, meaning in zip(sources, meanings_of(sources), strict=True):
        path = source.source.place.source
        now = SourceNow(source.file.sha256, path, mapping, source.bound.event, meaning)
        earlier = ledger.earlier_sources(account, now, FIRST_ROWS)
        unknown = _unknown(source, ledger, account) if earlier else []
        of_this_file = [each for each in earlier if each.same_file]
        of_its_name = [each for each in earlier if not each.same_file]
        if _are_there(unknown, of_this_file):
            found.append(_told(path, of_this_file, same_file=True))
        elif _look_alike(unknown, of_its_name):
            found.append(_told(path, of_its_name, same_file=False))
    return found


def _told(path: str, earlier: Sequence[EarlierSource], *, same_file: bool) -> MadeOtherwise:
    rows, same_mapping = sum(each.created for each in earlier), any(each.same_mapping for each in earlier)
    return MadeOtherwise(path, earlier[0].run_id, rows, same_file, same_mapping)


def _how_it_is_read(source: PreparedSource) -> str:
    return str(getattr(source.source.layout, "encoding", ""))


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
    """Whether a file of the same name begins with the same rows, as far as their leads can tell."""
    leads = {place: lead for each in reversed(earlier) for place, lead in each.leads.items()}
    compared = [activity for activity in unknown if activity.ordinal in leads]
    same = sum(activity.lead == leads[activity.ordinal] for activity in compared)
    return same >= max(ENOUGH, ALIKE * len(compared))
